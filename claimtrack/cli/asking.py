"""How commands ask for the keys of a record, and put it into a file."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from claimtrack.cli.changes import agreed, make
from claimtrack.cli.main import ExitStatus
from claimtrack.edit.append import appended, file_for, record_from
from claimtrack.errors import FieldError
from claimtrack.files.folder import ENDINGS, registry_files
from claimtrack.model.registry import PLURALS
from claimtrack.registry import Registry


def asked(questions: Mapping[str, str], given: Mapping[str, object]) -> dict[str, Any]:
    """Return what was *given*, and the answers to the *questions* about what was not."""
    answers = {key: click.prompt(words) for key, words in questions.items() if not given.get(key)}
    table = {**given, **answers}
    return {key: value for key, value in table.items() if value not in (None, ())}


def toml_value(key: str, text: str, otherwise: object = None) -> object:
    """
    Return the value that *text* is in TOML; *otherwise*, if that is given, for what is none.

    Raises:
        FieldError: It is none, and there is nothing else that it could be.
    """
    try:
        read = tomllib.loads(f"value = {text}", parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        if otherwise is not None:
            return otherwise
        message = f"{text!r} is not TOML: {error}"
        raise FieldError("CT002", message, (key,)) from error
    if set(read) == {"value"}:
        return read["value"]
    if otherwise is not None:
        return otherwise
    raise FieldError("CT002", f"{text!r} is more than one value", (key,))


def put_in(
    registry: Registry,
    path: str,
    kind: str,
    table: Mapping[str, object],
    *,
    file: str | None,
    yes: bool,
) -> ExitStatus:
    """
    Check the record that *table* describes, show it, and add it to its file.

    Raises:
        LoadError: It does not fit into *registry*.
    """
    record = record_from(registry, kind, {k: v for k, v in table.items() if v is not None})
    target = _target(path, file) or file_for(registry, kind, record) or _first(path, kind)
    change = appended(target, kind, record)
    if not agreed([change], yes=yes, question="add it?"):
        click.echo("nothing is added")
        return ExitStatus.FINDINGS
    make([change])
    click.echo(f"added {kind} {record.id} to {target}")
    return ExitStatus.DONE


def _target(path: str, file: str | None) -> Path | None:
    """Return the file that the user named, which has to lie in the registry."""
    if file is None:
        return None
    target, root = Path(file).resolve(), Path(path).resolve()
    if not target.name.endswith(ENDINGS) or (target != root and root not in target.parents):
        message = f"{file!r} is no file of the registry {path!r}"
        raise click.BadParameter(message, param_hint="--file")
    return Path(file)


def _first(path: str, kind: str) -> Path:
    """Return where the first record of a kind goes: the only file, or one named as the kind."""
    files = registry_files(Path(path))
    if not Path(path).is_dir() or len(files) == 1:
        return files[0]
    return Path(path) / f"{PLURALS[kind]}.toml"
