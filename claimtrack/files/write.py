"""
Write a registry, byte for byte the same each time.

Both forms carry the same tables: settings first, then the records kind by kind in the order of
`KINDS`, each kind in the order of the registry. A folder gets one TOML file for each kind.
"""

import errno
import gzip
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from decimal import Decimal
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, Final, TypeAlias

from claimtrack.atomic import Content, Writing, folders_for, write
from claimtrack.files.folder import ENDINGS, files_below
from claimtrack.files.records import record_table
from claimtrack.files.toml_writer import write_document
from claimtrack.model.registry import PLURALS, Records

Tabled: TypeAlias = tuple[str, dict[str, Any]]

UNFINISHED: Final = "not-written-whole.toml"
"""The file that a folder holds until all others are in their place."""

_UNFINISHED_TEXT: Final = b"""\
# claimtrack was stopped before it had written this registry whole.
# Remove its files, and write it again.
[registry]
title = "not written whole"
not_written_whole = true  # no registry has this key, so that none is loaded from here
"""

_OTHER_FORMS: Final = frozenset({".csv", ".gz", ".json", ".ndjson", ".xml", ".yaml", ".yml"})


def tables(registry: Records) -> Iterator[Tabled]:
    """Iterate over the tables of *registry* with their kinds."""
    settings = record_table(registry.settings)
    if settings:
        yield "registry", settings
    for kind, plural in PLURALS.items():
        for record in getattr(registry, plural).values():
            yield kind, record_table(record)


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

    A file is written whole or not at all. A folder holds `UNFINISHED` while its files are moved
    into place, and is refused by a load as long as that is there: a run that was killed leaves no
    part of a registry that looks like a whole one. A registry without any record can be written,
    but not be loaded again.

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
        write(target, _zipped(dumps(registry, "jsonl")))
    elif target.suffix in (".toml", ".jsonl"):
        write(target, dumps(registry, target.suffix[1:]).encode())
    else:
        dump_files(folder_files(registry), target)


def folder_files(registry: Records) -> dict[str, bytes]:
    """Return the files of *registry* in a folder, by their names."""
    by_kind: dict[str, list[Tabled]] = {}
    for kind, table in tables(registry):
        by_kind.setdefault(kind, []).append((kind, table))
    return {
        f"{PLURALS.get(kind, kind)}.toml": write_document(tabled).encode()
        for kind, tabled in by_kind.items()
    }


def dump_files(files: Mapping[str, Content], folder: Path) -> None:
    """
    Write *files* into *folder*, all or nothing, as `dump` does with those of a registry.

    Args:
        files: Their contents, by their paths from *folder* on, with slashes.
        folder: It is made if it is not there.

    Raises:
        FileExistsError: The folder holds another file of a registry.
        OSError: It cannot be written.
    """
    with ExitStack() as stack:
        for below in sorted({PurePosixPath(name).parent for name in files} | {PurePosixPath()}):
            stack.enter_context(folders_for(folder / below))
        mine = {folder / name for name in (*files, UNFINISHED)}
        for file in files_below(folder):
            if file not in mine:
                message = "would be read together with the registry that is to be written"
                raise FileExistsError(errno.EEXIST, message, str(file))
        with Writing() as writing:
            opened = writing.folder(folder)
            for path, content in {UNFINISHED: _UNFINISHED_TEXT, **files}.items():
                *names, name = path.split("/")
                inner = writing.folder(folder, *names)
                writing.stage(inner, name, content, before=inner.read(name))
            writing.move()
            opened.remove(UNFINISHED)
            opened.synchronise()


def _zipped(text: str) -> bytes:
    held = BytesIO()
    with gzip.GzipFile(filename="", fileobj=held, mode="wb", mtime=0) as zipped:
        zipped.write(text.encode())
    return held.getvalue()


def json_line(tabled: Tabled) -> str:
    """Return one table as a line of JSON, with its kind under ``type``."""
    kind, table = tabled
    line = {"type": kind, **table}
    try:
        return f"{_ENCODER.encode(line)}\n"
    except TypeError:  # a decimal
        return f"{_json(line)}\n"


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)


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
