"""Entering records: options, the diff of a change, its confirmation, and the writing."""

import difflib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

import click

from claimtrack.atomic import folders_for
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import Command, path_argument
from claimtrack.cli.printing import print_text
from claimtrack.edit.append import appended, file_for, record_from
from claimtrack.edit.change import FileChange, Stamp, stamps, write_all
from claimtrack.errors import FieldError
from claimtrack.escape import for_log_line
from claimtrack.files.folder import ENDINGS, files_below
from claimtrack.files.load import load_begun
from claimtrack.files.toml import syntax_error
from claimtrack.model.registry import PLURALS
from claimtrack.registry import Registry


def confirm_changes(changes: Iterable[FileChange], *, yes: bool, question: str) -> bool:
    """Show *changes*, and return whether to make them: by ``--yes``, or by an answer."""
    for change in changes:
        for line in diff_lines(change):
            print_text(line)
    return yes or click.confirm(question)


def diff_lines(change: FileChange) -> Iterator[str]:
    """Iterate over the escaped lines of the unified diff of a change."""
    before, after = change.before.splitlines(), change.after.splitlines()
    name = str(change.path)
    for line in difflib.unified_diff(before, after, name, name, lineterm=""):
        yield line[:1] + for_log_line(line[1:])


Option: TypeAlias = Callable[..., Any]
"""A decorator that gives a command one option."""


def entry_options(
    kind: str, *options: Option, is_part: bool = False
) -> Callable[[Command], Command]:
    """
    Give a command PATH, *options*, and the options of all commands that enter a record.

    Args:
        kind: What is entered.
        options: Those of the command alone.
        is_part: Whether it is a part of a record, without an id and a file of its own.
    """
    own: tuple[Option, ...] = (
        click.option("--id", metavar="ID", help=f"The id of the {kind}."),
        click.option(
            "--file", metavar="FILE", type=click.Path(dir_okay=False), help="Where to put it."
        ),
    )
    all_options: tuple[Option, ...] = (
        path_argument,
        *(() if is_part else own[:1]),
        *options,
        click.option("--note", metavar="TEXT", help="Anything else."),
        *(() if is_part else own[1:]),
        click.option("--yes", is_flag=True, help="Write without asking."),
    )

    def decorate(command: Command) -> Command:
        for option in reversed(all_options):
            command = option(command)
        return command

    return decorate


def text_option(name: str, metavar: str, help_: str) -> Option:
    """Return an option that takes a text."""
    return click.option(name, metavar=metavar, help=help_)


def word_option(name: str, words: Iterable[StrEnum], help_: str) -> Option:
    """Return an option that takes one of some words."""
    return click.option(name, type=click.Choice([one.value for one in words]), help=help_)


def texts_option(name: str, into: str, metavar: str) -> Option:
    """Return an option that takes texts, one each time that it is given."""
    return click.option(
        name, into, multiple=True, metavar=metavar, help="May be given several times."
    )


def given_values(given: Mapping[str, object]) -> dict[str, Any]:
    """Return the values of the options that are *given*."""
    return {key: value for key, value in given.items() if _is_given(value)}


def _is_given(value: object) -> bool:
    return value is not None and value is not False and value not in ("", ())


def toml_value(key: str, text: str, otherwise: object = None, *, hint: str | None = None) -> object:
    """
    Return the value of *text* as TOML.

    Args:
        key: The key of the value in its record.
        text: The text.
        otherwise: The value if *text* is not TOML, or None.
        hint: The hint of the error.

    Raises:
        FieldError: *text* is not TOML, and *otherwise* is None.
    """
    document = f"value = {text}"
    try:
        table = tomllib.loads(document, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        if otherwise is not None:
            return otherwise
        message = f"{text!r} is not TOML: {syntax_error(error, document)[2]}"
        raise FieldError("CT002", message, (key,), hint) from error
    if set(table) == {"value"}:
        return table["value"]
    if otherwise is not None:
        return otherwise
    raise FieldError("CT002", f"{text!r} is more than one value", (key,), hint)


def load_for_entry(path: str) -> tuple[dict[Path, Stamp], Registry]:
    """
    Return the stamps of the files of a registry, and the registry, which may not exist yet.

    Raises:
        LoadError: It cannot be read.
    """
    seen = stamps(path)
    return seen, load_begun(path)


def add_records(
    registry: Registry,
    path: str,
    tables: Sequence[tuple[str, Mapping[str, object]]],
    *,
    seen: Mapping[Path, Stamp],
    file: str | None,
    yes: bool,
) -> ExitStatus:
    """
    Check the records that *tables* describe, show them, and add each to its file.

    Args:
        registry: The registry.
        path: Its path.
        tables: The kinds and fields of the records; a record may name those before it.
        seen: The stamps of the files, from before the registry was loaded.
        file: The file to add the last of them to, or None.
        yes: Whether to write without asking.

    Raises:
        LoadError: A record is not valid in *registry*.
        ChangedMeanwhileError: A file of the registry was changed since it was loaded.
        OSError: A file or its folder cannot be written.
    """
    named = _target(path, file)
    by_file: dict[Path, list[tuple[str, Any]]] = {}
    growing = registry
    for number, (kind, table) in enumerate(tables):
        record, growing = record_from(growing, kind, table)
        target = named if number == len(tables) - 1 else None
        target = target or file_for(registry, kind, record)
        if target is None:
            target = _first_file(path, kind, has_records=any(registry.record_maps()))
        by_file.setdefault(target, []).append((kind, record))
    changes = [appended(target, records) for target, records in by_file.items()]
    return write_changes(
        path,
        changes,
        question="add it?",
        done=[
            f"added {kind} {record.id} to {target}"
            for target, records in by_file.items()
            for kind, record in records
        ],
        seen=seen,
        yes=yes,
    )


def write_changes(
    path: str,
    changes: Sequence[FileChange],
    *,
    question: str,
    done: Iterable[str],
    seen: Mapping[Path, Stamp],
    yes: bool,
) -> ExitStatus:
    """
    Show *changes* of the registry at *path*, and make them if that is wanted.

    Raises:
        ChangedMeanwhileError: A file of the registry was changed since it was loaded.
        OSError: A file or its folder cannot be written.
    """
    folders = dict.fromkeys(change.path.parent for change in changes)
    new = [folder for folder in folders if not folder.exists()]
    asked = f"make the folder {new[0]}, and {question}" if new else question
    if not confirm_changes(changes, yes=yes, question=for_log_line(asked)):
        print_text("nothing is added")
        return ExitStatus.FINDINGS
    with ExitStack() as stack:
        for folder in folders:
            stack.enter_context(folders_for(folder))
        write_all(changes, Path(path) if Path(path).is_dir() else None, seen)
    for folder in new:
        print_text(for_log_line(f"made the folder {folder}"))
    for line in done:
        print_text(for_log_line(line))
    return ExitStatus.DONE


def _target(path: str, file: str | None) -> Path | None:
    """Return the file that the user named, which has to be in the registry."""
    if file is None:
        return None
    target, root = Path(file).resolve(), Path(path).resolve()
    if not target.name.endswith(ENDINGS) or (target != root and root not in target.parents):
        message = f"{file!r} is no file of the registry {path!r}"
        raise click.BadParameter(message, param_hint="--file")
    return Path(file)


def _first_file(path: str, kind: str, *, has_records: bool) -> Path:
    """
    Return the file for the first record of a kind: the only file, or one named after the kind.

    The only file of a folder is for all kinds if it has records and is not named after a kind.
    """
    root = Path(path)
    if root.is_file() or (not root.exists() and root.name.endswith(ENDINGS)):
        return root
    files = files_below(root) if root.exists() else []
    if has_records and len(files) == 1 and files[0].name.partition(".")[0] not in PLURALS.values():
        return files[0]
    return root / f"{PLURALS[kind]}.toml"
