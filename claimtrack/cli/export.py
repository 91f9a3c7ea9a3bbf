"""``claimtrack export``: a registry in other formats, in its sheet, or as it was known on a day."""

import hashlib
import json
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

import attrs
import click

from claimtrack import __version__
from claimtrack.atomic import Content
from claimtrack.cli.import_ import mapping_file, read_mapping, read_with
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import (
    DAY,
    STANDARD_OUTPUT,
    known_by_option,
    path_argument,
    refuse_inputs,
    refuse_inside,
    write_file,
)
from claimtrack.cli.printing import print_data, print_text
from claimtrack.cli.registry import registry_at, with_captured
from claimtrack.engine.as_known import REASONS, KnownRecords, LeftOut, known_records
from claimtrack.errors import LoadError, Problem, shortened
from claimtrack.escape import for_log_line
from claimtrack.exchange.door import WRITERS
from claimtrack.exchange.imports import state_path
from claimtrack.exchange.ledger import FIELD, ROW, Loss, ledger_text
from claimtrack.exchange.state import saved_state
from claimtrack.exchange.verdicts import sheet_with_verdicts
from claimtrack.files.folder import MAPPING_NAME, SNAPSHOTS
from claimtrack.files.write import dump_files, folder_files
from claimtrack.model.claim import EDITION
from claimtrack.model.records import RecordMap, Source
from claimtrack.model.registry import PLURALS
from claimtrack.model.span import day_of
from claimtrack.quotes.check import Copies, CopyError
from claimtrack.registry import Registry
from claimtrack.report.words import counted

CERTIFICATE: Final = "certificate.json"
"""The file of an exported folder that says what it is."""

_TOLD = 10


@click.command("export")
@path_argument
@click.option(
    "--to",
    "form",
    type=click.Choice(["csv", *WRITERS]),
    help="The format; without it, a registry as it was known on a day.",
)
@click.option(
    "--like", metavar="SHEET", help="For csv: the sheet that was imported, which is written anew."
)
@click.option(
    "--map",
    "map_",
    default=MAPPING_NAME,
    show_default=True,
    metavar="FILE",
    help="For csv: the mapping of the sheet.",
)
@click.option(
    "--as-of",
    type=DAY,
    metavar="DAY",
    help="Write only what was known on DAY (YYYY-MM-DD or today). For csv: the day of the "
    "statuses, today if not given.",
)
@known_by_option
@click.option(
    "-o",
    "--output",
    default=STANDARD_OUTPUT,
    metavar="FILE",
    type=click.Path(),
    help="Where to write it; the standard output if not given. Without --to a new or empty folder.",
)
@click.option(
    "--ledger",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write a line for whatever is not said: CSV, or JSON lines for .jsonl.",
)
def command(
    path: str,
    form: str | None,
    like: str | None,
    map_: str,
    as_of: str | None,
    known_by: str,
    output: str,
    ledger: str | None,
) -> ExitStatus:
    """
    Write the registry at PATH in another format, or as it was known on a day.

    With --as-of DAY and without --to, -o FOLDER gets the registry as it was known on that day:
    a registry to load, and certificate.json, which says what it is. Nothing that was known later
    changes a byte of the folder; --ledger FILE names what was left out.

    With --to csv --like SHEET, the sheet that was imported is written with the computed status of
    each claim, its day and why.
    """
    if form is None:
        return _export_folder(path, like, as_of, known_by, output, ledger)
    if Path(output).is_dir():
        raise click.BadParameter(f"File {output!r} is a directory.", param_hint="'-o' / '--output'")
    outputs = [one for one in (output, ledger) if one is not None]
    refuse_inputs(outputs, [path], *([] if like is None else [like]))
    if form == "csv":
        if like is None:
            raise click.UsageError("--to csv needs the sheet: --like SHEET.")
        text, losses = _sheet(path, like, map_, as_of or DAY.convert("today", None, None), known_by)
    else:
        registry = with_captured(registry_at(path), path, known_by)
        if as_of is not None:
            registry = registry.known_on(as_of, known_by=known_by)
        text, losses = WRITERS[form](registry)
    if output == STANDARD_OUTPUT:
        print_data(text)
    else:
        write_file(output, text)
    if ledger is not None:
        write_file(ledger, ledger_text(losses, ledger))
    _tell(form, losses)
    return ExitStatus.DONE


def _sheet(
    path: str, like: str, map_: str, as_of: str, known_by: str
) -> tuple[str, tuple[Loss, ...]]:
    file = mapping_file(map_, path)
    mapping = read_mapping(file)
    sheet = read_with(like, mapping)
    state, _ = saved_state(state_path(path, file.name))
    registry = with_captured(registry_at(path), path, known_by)
    audit = registry.audit(as_of, known_by=known_by)
    return sheet_with_verdicts(sheet, mapping, state, audit)


def _tell(form: str, losses: tuple[Loss, ...]) -> None:
    for loss in losses[:_TOLD]:
        print_text(for_log_line(str(loss)), err=True)
    if len(losses) > _TOLD:
        more = counted(len(losses) - _TOLD, "further line")
        print_text(f"and {more}; --ledger FILE writes all", err=True)
    if losses:
        print_text(f"export: {counted(len(losses), 'thing')} not said in {form}", err=True)


def _export_folder(
    path: str,
    like: str | None,
    as_of: str | None,
    known_by: str,
    output: str,
    ledger: str | None,
) -> ExitStatus:
    if like is not None:
        raise click.UsageError("--like goes with --to csv.")
    if as_of is None:
        raise click.UsageError("expected --to FORMAT, or --as-of DAY with -o FOLDER.")
    folder = Path(output)
    _refuse_taken(folder)
    refuse_inside(folder, Path(path))
    if ledger is not None:
        refuse_inputs([ledger], [path])
        if folder.resolve() in Path(ledger).resolve().parents:
            message = f"{ledger!r} names what {output!r} must not hold; expected a file elsewhere"
            raise click.UsageError(message)
    registry = with_captured(registry_at(path), path, known_by)
    known = known_records(registry.index(known_by), day_of(as_of))
    known, copies = _with_copies(known)
    files = folder_files(known.records)
    if not files:
        print_text(f"nothing was known on {as_of}; nothing is written", err=True)
        return ExitStatus.NOTHING_CHECKED
    certificate = certificate_of(known, files, as_of, known_by)
    contents: dict[str, Content] = {**files, CERTIFICATE: certificate.encode()}
    kept = Copies(path)
    contents |= {name: partial(_write_copy, kept, one) for name, one in copies.items()}
    dump_files(contents, folder)
    if ledger is not None:
        write_file(ledger, ledger_text(map(_loss, known.left_out), ledger))
    _tell_known(known, registry, folder, has_ledger=ledger is not None)
    return ExitStatus.DONE


def _with_copies(known: KnownRecords) -> tuple[KnownRecords, dict[str, Source]]:
    """
    Return the records with every public copy in the folder `SNAPSHOTS`, and the copies by path.

    Another folder of the registry could hold files that are read as records of the export.
    """
    copies: dict[str, Source] = {}
    sources: dict[str, Source] = {}
    for source in known.records.sources.values():
        snapshot = source.snapshot
        sources[source.id] = source
        if snapshot is None or snapshot.path is None:
            continue
        inside = snapshot.path.startswith(f"{SNAPSHOTS}/")
        path = snapshot.path if inside else f"{SNAPSHOTS}/{snapshot.path}"
        copies[path] = source
        moved = attrs.evolve(snapshot, path=path)
        sources[source.id] = attrs.evolve(source, snapshot=moved)
    records = attrs.evolve(known.records, sources=RecordMap("source", sources))
    return attrs.evolve(known, records=records), copies


def _write_copy(copies: Copies, source: Source, file: BinaryIO) -> None:
    """
    Write the pinned copy of *source* to *file*.

    Raises:
        LoadError: It is missing, or not what was pinned.
    """
    assert source.snapshot is not None  # noqa: S101 - only sources with a copy are asked for
    try:
        file.write(copies.content(source.snapshot))
    except CopyError as error:
        message = f"source {shortened(repr(source.id))} {error.message}"
        raise LoadError((Problem(code="CT390", message=message),)) from error


def _refuse_taken(folder: Path) -> None:
    """
    Refuse a folder that holds anything, since it may be somebody else's.

    Raises:
        UsageError: It is no folder, or not empty.
    """
    if str(folder) == STANDARD_OUTPUT:
        raise click.UsageError("a registry as of a day is a folder; expected -o FOLDER.")
    if not os.path.lexists(folder):
        return
    if not folder.is_dir():
        raise click.UsageError(f"{str(folder)!r} is no folder; expected a new or empty folder")
    for found in sorted(folder.iterdir()):
        message = f"{str(folder)!r} holds {found.name!r} already; expected a new or empty folder"
        raise click.UsageError(message)


def certificate_of(
    known: KnownRecords, files: Mapping[str, bytes], as_of: str, known_by: str
) -> str:
    """
    Return the certificate of an exported folder, which rests on nothing that was known later.

    Its ``sha256`` is what ``sha256sum *.toml | sha256sum`` prints in the folder.

    Args:
        known: What is exported.
        files: The files of the registry, by name.
        as_of: The day, as YYYY-MM-DD.
        known_by: The day from which reports counted.
    """
    digests = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    lines = "".join(f"{digest}  {name}\n" for name, digest in digests.items())
    counts = {plural: len(getattr(known.records, plural)) for plural in PLURALS.values()}
    certificate: dict[str, Any] = {
        "what": "a registry as it was known on a day",
        "as_of": as_of,
        "known_by": known_by,
        "rules_edition": EDITION,
        "written_by": f"claimtrack {__version__}",
        "sha256": hashlib.sha256(lines.encode()).hexdigest(),
        "files": digests,
        "copies": _digests_of_copies(known),
        "records": {plural: count for plural, count in counts.items() if count},
        "left_out": {reason.value: words for reason, words in REASONS.items()},
    }
    return json.dumps(certificate, indent=2, ensure_ascii=False) + "\n"


def _digests_of_copies(known: KnownRecords) -> dict[str, str]:
    snapshots = [one.snapshot for one in known.records.sources.values() if one.snapshot is not None]
    return {one.path: one.sha256 for one in snapshots if one.path is not None}


def _loss(left: LeftOut) -> Loss:
    at = left.kind if left.id is None else f"{left.kind} {left.id}"
    return Loss(
        what=ROW if left.key is None else FIELD, at=at, field=left.key, why=left.because.value
    )


def _tell_known(known: KnownRecords, registry: Registry, folder: Path, *, has_ledger: bool) -> None:
    every = counted(sum(map(len, registry.record_maps())), "record")
    kept = sum(map(len, known.records.record_maps()))
    fields = counted(sum(one.key is not None for one in known.left_out), "field")
    hint = "" if has_ledger else "; --ledger FILE names what was left out"
    message = f"wrote {kept} of {every} to {folder}, and left out {fields} of these{hint}"
    print_text(for_log_line(message), err=True)
