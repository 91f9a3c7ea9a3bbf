"""``claimtrack convert``: the same registry in another form."""

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final

import click

from claimtrack.atomic import folders_for
from claimtrack.bulk.warehouse import read_lines, write_parquet
from claimtrack.cli.options import refuse_inside
from claimtrack.cli.printing import print_text
from claimtrack.cli.progress import with_progress
from claimtrack.cli.registry import is_parquet, registry_at
from claimtrack.escape import for_log_line
from claimtrack.files.folder import ENDINGS, is_of_import
from claimtrack.files.load import load_lines
from claimtrack.files.write import dump, json_line, tables
from claimtrack.registry import Registry
from claimtrack.report.words import counted

FORMS: Final = ("toml", "jsonl", "parquet")
LINES_FILE: Final = "registry.jsonl"


@click.command("convert")
@click.argument("path", type=click.Path(), metavar="PATH")
@click.argument("out", type=click.Path(), metavar="OUT")
@click.option("--to", "form", type=click.Choice(FORMS), required=True, help="The form of OUT.")
def command(path: str, out: str, form: str) -> None:
    """
    Write the registry at PATH to OUT in another form, without loss.

    OUT is a folder that holds no registry yet, or for toml and jsonl a file that is not there.
    PATH may also be a folder of Parquet files that this command wrote.
    """
    target = Path(out)
    _refuse_to_overwrite(target, form)
    refuse_inside(target, Path(path))
    registry = registry_from(path)
    count = sum(map(len, registry.record_maps()))
    if form == "parquet":
        lines = with_progress(map(json_line, tables(registry)), "writing", count)
        write_parquet(registry, target, lines)
    else:
        target = _write(registry, target, form)
    print_text(for_log_line(f"wrote {counted(count, 'record')} to {target}"), err=True)
    if any(source.snapshot for source in registry.sources.values()):
        print_text("snapshots of sources are files of their own; they were not copied", err=True)


def registry_from(path: str) -> Registry:
    """
    Return the registry at *path*, which may be a folder of Parquet files.

    Raises:
        LoadError: It cannot be read.
    """
    if is_parquet(path):
        return load_lines(read_lines(path), path)
    return registry_at(path)


def _write(registry: Registry, target: Path, form: str) -> Path:
    """Write *registry*, and return the file or folder written."""
    folder: AbstractContextManager[None] = nullcontext()
    if form == "jsonl" and not target.name.endswith(ENDINGS):
        folder, target = folders_for(target), target / LINES_FILE
    try:
        with folder:
            dump(registry, target)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    return target


def _refuse_to_overwrite(target: Path, form: str) -> None:
    """
    Refuse an OUT that has a registry already, or is a file of another form.

    Raises:
        UsageError: It has, or is.
    """
    endings = [ending for ending in ENDINGS if target.name.endswith(ending)]
    if endings and not endings[0].startswith(f".{form}"):
        raise click.UsageError(f"{str(target)!r} is no place for {form}; expected a folder")
    if os.path.lexists(target) and not target.is_dir():
        raise click.UsageError(f"{str(target)!r} is there already; expected a new file or folder")
    for found in sorted(_registry_files(target)):
        message = f"{str(target)!r} holds {found.name!r} already; expected a folder without one"
        raise click.UsageError(message)


def _registry_files(folder: Path) -> Iterable[Path]:
    if not folder.is_dir():
        return ()
    return (
        file
        for file in folder.rglob("*")
        if file.name.endswith((*ENDINGS, ".parquet")) and not is_of_import(file.name)
    )
