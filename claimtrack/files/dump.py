"""
Write a registry, byte for byte the same each time.

Both forms carry the same tables: settings first, then the records kind by kind in the order of
`KINDS`, each kind in the order of the registry. A folder gets one TOML file for each kind.
"""

import errno
import gzip
import json
import os
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Final, TypeAlias

from claimtrack.files.folder import ENDINGS, files_below
from claimtrack.files.tables import written
from claimtrack.files.toml_writer import write_document
from claimtrack.model.registry import PLURALS, Records

Tabled: TypeAlias = tuple[str, dict[str, Any]]

_OTHER_FORMS: Final = frozenset({".csv", ".gz", ".json", ".ndjson", ".xml", ".yaml", ".yml"})


def tables(registry: Records) -> Iterator[Tabled]:
    """Iterate over the tables of *registry* with their kinds."""
    settings = written(registry.settings)
    if settings:
        yield "registry", settings
    for kind, plural in PLURALS.items():
        for record in getattr(registry, plural).values():
            yield kind, written(record)


def dumps(registry: Records, form: str = "toml") -> str:
    """
    Return *registry* as the text of one file.

    Args:
        registry: What is written.
        form: ``toml`` or ``jsonl``.

    Raises:
        ValueError: *form* is neither.
    """
    if form == "toml":
        return write_document(tables(registry))
    if form == "jsonl":
        return "".join(map(json_line, tables(registry)))
    message = f"{form!r} is no form of a registry; expected toml or jsonl"
    raise ValueError(message)


def dump(registry: Records, path: str | os.PathLike[str]) -> None:
    """
    Write *registry* to a ``.toml``, ``.jsonl`` or ``.jsonl.gz`` file, or to a folder.

    Each file is written beside and moved into place, so that a file is never half there. A
    registry without any record can be written, but not be loaded again.

    Raises:
        FileExistsError: The folder holds another file of a registry, with which this one would
            be read together.
        OSError: It cannot be written.
        ValueError: The name ends as that of a file of another form does.
    """
    target = Path(path)
    if target.suffix in _OTHER_FORMS and not target.name.endswith(".jsonl.gz"):
        message = f"{os.fspath(path)!r} tells no form; expected a folder or a file in "
        raise ValueError(message + ", ".join(ENDINGS))
    if target.name.endswith(".jsonl.gz"):
        put(target, _zipped(dumps(registry, "jsonl")))
    elif target.suffix in (".toml", ".jsonl"):
        put(target, dumps(registry, target.suffix[1:]).encode())
    else:
        _dump_folder(registry, target)


def _dump_folder(registry: Records, folder: Path) -> None:
    by_kind: dict[str, list[Tabled]] = {}
    for kind, table in tables(registry):
        by_kind.setdefault(kind, []).append((kind, table))
    files = {
        folder / f"{PLURALS.get(kind, kind)}.toml": write_document(tabled).encode()
        for kind, tabled in by_kind.items()
    }
    folder.mkdir(parents=True, exist_ok=True)
    for file in files_below(folder):
        if file not in files:
            message = "would be read together with the registry that is to be written"
            raise FileExistsError(errno.EEXIST, message, str(file))
    for file, content in files.items():
        put(file, content)


def _zipped(text: str) -> bytes:
    held = BytesIO()
    with gzip.GzipFile(filename="", fileobj=held, mode="wb", mtime=0) as zipped:
        zipped.write(text.encode())
    return held.getvalue()


def put(target: Path, content: bytes) -> None:
    """
    Write *content* beside *target*, make sure that it is on disk, and move it into place.

    A link is followed. What is no regular file, such as a terminal or a pipe, is written to.

    Raises:
        OSError: It cannot be written.
    """
    target = Path(os.path.realpath(target))
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    beside = put_beside(target, content)
    try:
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def put_beside(target: Path, content: bytes) -> Path:
    """
    Write *content* to a new file beside *target*, which is no link, and make sure it is on disk.

    Returns:
        The new file, which can be moved into place; no registry is read from a file of its name.

    Raises:
        OSError: It cannot be written; nothing is left behind.
    """
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o7777)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def json_line(tabled: Tabled) -> str:
    """Return one table as a line of JSON, with its kind under ``type``."""
    kind, table = tabled
    return f"{_json({'type': kind, **table})}\n"


def _json(value: object) -> str:
    """Return *value* as JSON in which a decimal stands digit for digit."""
    match value:
        case Decimal():
            return str(value)
        case dict():
            pairs = (f"{_json(key)}: {_json(item)}" for key, item in value.items())
            return f"{{{', '.join(pairs)}}}"
        case list():
            return f"[{', '.join(map(_json, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)
