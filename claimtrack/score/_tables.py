"""Read the small TOML files that scales and policies are kept in, and say all that is wrong."""

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from claimtrack.errors import Location, Problems

NUMBER: Final = (int, float)
NAMES: Final[Mapping[object, str]] = {
    str: "a text",
    bool: "true or false",
    list: "a list",
    NUMBER: "a number",
}

Keys = Mapping[str, tuple[Any, bool]]
"""For each key of a table, the type of its value, and whether it must be there."""


def shipped(folder: str) -> list[Traversable]:
    """Return the TOML files of a folder beside this module, sorted by name."""
    return _sorted(files("claimtrack.score").joinpath(folder).iterdir())


def of_users(folders: Iterable[Path]) -> list[Traversable]:
    """Return the TOML files of *folders*, each sorted by name."""
    return [file for folder in folders for file in _sorted(Path(folder).iterdir())]


def _sorted(found: Iterable[Traversable]) -> list[Traversable]:
    return sorted((f for f in found if f.name.endswith(".toml")), key=lambda f: f.name)


def read(file: Traversable, problems: Problems) -> dict[str, Any]:
    """Return what *file* holds, or nothing and a problem."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.add("CT002", f"the file is not well formed: {error}", Location(str(file), 1))
        return {}


def check(table: Mapping[str, Any], keys: Keys, where: str, at: Location, found: Problems) -> bool:
    """Hold *table* to *keys*, note what is wrong, and say whether nothing is."""
    before = len(found)
    for key in table:
        if key not in keys:
            found.add("CT301", f"{where} has an unknown key {key!r}; expected {sorted(keys)}", at)
    for key, (type_, needed) in keys.items():
        if key not in table:
            if needed:
                found.add("CT302", f"{where} has no {key!r}; expected {NAMES[type_]}", at)
        elif not _is(table[key], type_):
            message = f"{where} has {key} = {table[key]!r}; expected {NAMES[type_]}"
            found.add("CT101", message, at)
    return len(found) == before


def _is(value: object, type_: Any) -> bool:  # noqa: ANN401 - a type or a tuple of them
    return isinstance(value, type_) and (type_ is bool or not isinstance(value, bool))
