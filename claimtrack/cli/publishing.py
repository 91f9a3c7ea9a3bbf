"""
A site in a folder: only what changed is made anew, and only what is ours is removed.

Beside the site stands a manifest, which says of each file what it was made of and what was
written. A file is kept if it was made of the same by the same program and still is what was
written; all else is made. Without a manifest, or with one that cannot be read, everything is.
"""

import hashlib
import json
import os
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from claimtrack.engine.audit import Audit
from claimtrack.report.site.build import Page, site_pages
from claimtrack.report.site.contents import Options
from claimtrack.report.site.inputs import maker

MANIFEST: Final = ".claimtrack-site"

_ENDINGS: Final = frozenset({".html", ".atom", ".ics", ".json"})


class Made(NamedTuple):
    """
    What the manifest says of one file.

    Args:
        inputs: A digest of what it was made of.
        content: A digest of what was written.
    """

    inputs: str
    content: str


class Written(NamedTuple):
    """How many files of a site were written, left as they were, and removed."""

    written: int
    unchanged: int
    removed: int


def write_site(audit: Audit, options: Options, folder: Path) -> Written:
    """
    Write the site of *audit* into *folder*, and remove what an earlier run wrote for nothing.

    What is there afterwards is what a run into an empty folder would write, byte for byte; only
    where the manifest was lost do pages stay that are no longer part of the site.

    Raises:
        OSError: A file cannot be read, written or removed.
    """
    for name in ("claims", "speakers", "facts"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    program = maker()
    before, by = read_manifest(folder / MANIFEST)
    now: dict[str, Made] = {}
    written = 0
    for page in site_pages(audit, options):
        made = before.get(page.path) if by == program else None
        target = os.path.join(folder, page.path)  # noqa: PTH118
        if made is None or made.inputs != page.inputs or _digest_of(target) != made.content:
            made, is_new = _write(page, target)
            written += is_new
        now[page.path] = made
    gone = [name for name in before if name not in now and _remove(folder, name)]
    put_if_new(str(folder / MANIFEST), _manifest(program, now))
    return Written(written, len(now) - written, len(gone))


def _write(page: Page, target: str) -> tuple[Made, bool]:
    content = page.text().encode()
    return Made(page.inputs, _digest(content)), put_if_new(target, content)


def _remove(folder: Path, name: str) -> bool:
    """Remove a file of an earlier run, if it lies in *folder* by every way that leads to it."""
    target = folder / name
    if not target.resolve().is_relative_to(folder.resolve()):
        return False
    target.unlink(missing_ok=True)
    return True


def read_manifest(file: Path) -> tuple[dict[str, Made], str | None]:
    """Return what a manifest says of files within its folder, and which program wrote them."""
    try:
        found = json.loads(file.read_bytes())
        listed = {
            name: Made(str(inputs), str(content))
            for name, (inputs, content) in found["files"].items()
            if _is_ours(name)
        }
        return listed, str(found["program"])
    except FileNotFoundError:
        return {}, None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return {}, None


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    is_inside = not path.is_absolute() and ".." not in path.parts and "\\" not in name
    return is_inside and path.suffix in _ENDINGS


def _manifest(program: str, files: dict[str, Made]) -> bytes:
    lines = (f"  {json.dumps(name)}: {json.dumps(made)}" for name, made in sorted(files.items()))
    listed = ",\n".join(lines)
    return f'{{\n "program": {json.dumps(program)},\n "files": {{\n{listed}\n }}\n}}\n'.encode()


def _digest_of(file: str) -> str | None:
    found = _content(file)
    return None if found is None else _digest(found)


def _content(file: str) -> bytes | None:
    # Ten thousand times: paths as text are much faster than as objects.
    try:
        with open(file, "rb") as stream:  # noqa: PTH123
            return stream.read()
    except FileNotFoundError:
        return None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:40]


def put_if_new(target: str, content: bytes) -> bool:
    """Move *content* into place at *target* unless it is there already, and say whether it was."""
    if _content(target) == content:
        return False
    folder, name = os.path.split(target)
    beside = os.path.join(folder, f".{name}.{os.getpid()}.new")  # noqa: PTH118
    try:
        with open(beside, "wb") as stream:  # noqa: PTH123
            stream.write(content)
        os.replace(beside, target)  # noqa: PTH105
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
    return True
