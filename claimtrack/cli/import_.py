"""``claimtrack import``: take a spreadsheet into a registry, again and again."""

import gzip
import shlex
import zlib
from pathlib import Path

import click

from claimtrack.atomic import folders_for, write
from claimtrack.cli.entry import diff_lines
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import path_argument, refuse_inputs
from claimtrack.cli.printing import print_text
from claimtrack.edit.change import stamps, write_all
from claimtrack.escape import for_log_line
from claimtrack.exchange.door import DOCUMENTS, incoming_of
from claimtrack.exchange.imports import (
    BadCellsError,
    Import,
    Reading,
    folder_of,
    prepared,
    read_rows,
    sheet_reading,
    state_path,
)
from claimtrack.exchange.ledger import Loss, ledger_text
from claimtrack.exchange.mapping import (
    CLAIMS,
    HEADS,
    ColumnMapping,
    guessed,
    mapping_of,
    mapping_text,
    missing,
    refuse_constants,
)
from claimtrack.exchange.sheets import MAX_BYTES, Sheet, read_sheet
from claimtrack.files.folder import ENDINGS, MAPPING_NAME, open_regular
from claimtrack.files.load import load_begun
from claimtrack.registry import Registry
from claimtrack.report.words import counted

_SHOWN_ROWS = 3


@click.command("import")
@click.argument("sheet", type=click.Path(), metavar="SHEET")
@path_argument
@click.option(
    "--from",
    "format_",
    type=click.Choice(["csv", *DOCUMENTS]),
    default="csv",
    show_default=True,
    help="The format of the file; csv is any spreadsheet.",
)
@click.option("--map", "map_", metavar="FILE", help="The mapping: what each column means.")
@click.option(
    "--as",
    "holds",
    type=click.Choice([*HEADS]),
    default=CLAIMS,
    show_default=True,
    help="What a row is, where no mapping says it.",
)
@click.option("--key", metavar="COLUMN", help="The column that a row is known by; with a guess.")
@click.option(
    "--set",
    "constants",
    multiple=True,
    metavar="NAME=VALUE",
    help="What no column says, for all rows; may be given several times.",
)
@click.option("--encoding", metavar="NAME", help="The encoding of a CSV file that is not UTF-8.")
@click.option("--tab", metavar="NAME", help="The sheet of a workbook; its first if not given.")
@click.option("--dry-run", is_flag=True, help="Print what would change, and write nothing.")
@click.option("--remove", is_flag=True, help="Take out the records of rows that are gone.")
@click.option("--skip-bad", is_flag=True, help="Import the other rows where some have bad cells.")
@click.option(
    "--ledger",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write a line for each row and column that is not taken: CSV, or JSON lines for .jsonl.",
)
def command(
    sheet: str,
    path: str,
    format_: str,
    map_: str | None,
    holds: str,
    key: str | None,
    constants: tuple[str, ...],
    encoding: str | None,
    tab: str | None,
    dry_run: bool,  # noqa: FBT001
    remove: bool,  # noqa: FBT001
    skip_bad: bool,  # noqa: FBT001
    ledger: str | None,
) -> ExitStatus:
    """
    Take the claims, or the evidence, in the file SHEET into the registry at PATH.

    Without --map the meaning of a sheet's columns is guessed from their heads, shown, and written
    to import.toml beside the registry, to be looked at. With --map the sheet is imported. A second
    import of the same file changes nothing; one of an edited file changes what was edited.
    """
    if ledger is not None:
        refuse_inputs([ledger], [path], sheet)
    options = {"remove": remove, "skip_bad": skip_bad}
    if format_ != "csv":
        if map_ or key or constants or encoding or tab:
            raise click.UsageError(f"a mapping goes with a sheet, and not with --from {format_}.")
        content = _bytes_of(Path(sheet))
        name = Path(sheet).name
        return _take(
            lambda registry, state: incoming_of(format_, content, name, registry, state),
            path,
            f"{format_}.{MAPPING_NAME}",
            ledger,
            dry_run=dry_run,
            **options,
        )
    given = _constants(constants)
    if map_ is None:
        return _guess(sheet, path, holds, key, given, encoding=encoding, tab=tab)
    if key is not None:
        raise click.UsageError("--key goes with a guess; with --map, the mapping says the key.")
    map_file = mapping_file(map_, path)
    mapping = read_mapping(map_file)
    refuse_constants(given, mapping.holds)
    mapping = mapping.with_constants(given)
    read = read_with(sheet, mapping, encoding, tab)
    return _take(
        sheet_reading(read, mapping), path, map_file.name, ledger, dry_run=dry_run, **options
    )


def _take(
    reading: Reading,
    path: str,
    mapping_name: str,
    ledger: str | None,
    *,
    dry_run: bool,
    remove: bool,
    skip_bad: bool,
) -> ExitStatus:
    """Import what *reading* reads, or show what that would do."""
    seen, registry = stamps(path), load_begun(path)
    saved = state_path(path, mapping_name)
    try:
        found = prepared(reading, registry, path, saved, remove=remove, skip_bad=skip_bad)
    except BadCellsError as error:
        _write_ledger(ledger, error.losses)
        raise
    if dry_run:
        for change in found.changes:
            for line in diff_lines(change):
                print_text(line)
    else:
        with folders_for(folder_of(path)):
            write_all(
                [*found.changes, found.state], Path(path) if Path(path).is_dir() else None, seen
            )
    _write_ledger(ledger, found.losses)
    return _tell(found, dry_run=dry_run)


def _constants(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name.strip() or not value.strip():
            message = f"{one!r} does not say what to set; expected NAME=VALUE"
            raise click.BadParameter(message, param_hint="--set")
        found[name.strip()] = value.strip()
    return found


def read_mapping(file: Path) -> ColumnMapping:
    """
    Return the mapping in *file*.

    Raises:
        MappingError: It is none.
        UsageError: It cannot be read.
    """
    try:
        text = _bytes_of(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"0x{error.object[error.start]:02x}"
        message = f"{str(file)!r} cannot be read: the byte {byte} is not UTF-8"
        raise click.UsageError(message) from error
    return mapping_of(text.replace("\r\n", "\n"), str(file))


def _bytes_of(file: Path) -> bytes:
    """
    Return the bytes of *file*, unpacked if its name ends with ``.gz``.

    They are at most one more than a sheet may have, whatever a packed file would unpack to.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        with open_regular(str(file)) as opened:
            if not file.name.endswith(".gz"):
                return opened.read(MAX_BYTES + 1)
            with gzip.GzipFile(fileobj=opened) as unpacked:
                return unpacked.read(MAX_BYTES + 1)
    except (OSError, ValueError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"{str(file)!r} cannot be read: {reason}"
        raise click.UsageError(message) from error


def read_with(
    sheet: str,
    mapping: ColumnMapping | None,
    encoding: str | None = None,
    tab: str | None = None,
) -> Sheet:
    """
    Return the sheet in the file *sheet*.

    Raises:
        LoadError: It is none.
        UsageError: It cannot be read.
    """
    file = Path(sheet)
    return read_sheet(
        _bytes_of(file),
        file.name.removesuffix(".gz"),
        encoding=encoding or (mapping.encoding if mapping else None),
        delimiter=mapping.delimiter if mapping else None,
        tab=tab or (mapping.tab if mapping else None),
    )


def mapping_file(given: str, path: str) -> Path:
    """
    Return the mapping that the user named: a file, or one of that name beside the registry.

    Raises:
        UsageError: It would be read as a part of the registry.
    """
    file = Path(given)
    if not file.exists() and (folder_of(path) / given).exists():
        file = folder_of(path) / given
    lies_inside = folder_of(path).resolve() in file.resolve().parents
    if lies_inside and file.name.endswith(ENDINGS) and not _is_mapping_name(file.name):
        message = (
            f"{str(file)!r} would be read as a part of the registry; "
            f"expected a name such as {MAPPING_NAME} or evidence.{MAPPING_NAME}"
        )
        raise click.UsageError(message)
    return file


def _is_mapping_name(name: str) -> bool:
    return f".{name}".endswith(f".{MAPPING_NAME}")


def _guess(
    sheet: str,
    path: str,
    holds: str,
    key: str | None,
    constants: dict[str, str],
    *,
    encoding: str | None,
    tab: str | None,
) -> ExitStatus:
    target = folder_of(path) / (MAPPING_NAME if holds == CLAIMS else f"{holds}.{MAPPING_NAME}")
    if target.exists():
        message = (
            f"{str(target)!r} is there already; import with --map {shlex.quote(str(target))}, "
            "or remove it to guess anew"
        )
        raise click.UsageError(message)
    refuse_constants(constants, holds)
    read = read_with(sheet, None, encoding, tab)
    if key is not None and key not in read.heads:
        message = f"there is no column {key!r}; expected one of {', '.join(read.heads)}"
        raise click.BadParameter(message, param_hint="--key")
    registry = load_begun(path)
    mapping = guessed(
        read,
        holds=holds,
        constants=constants,
        key=key,
        scales=registry.scales.values(),
        encoding=encoding,
        tab=tab,
    )
    text = mapping_text(mapping, read)
    for line in text.splitlines():
        print_text(for_log_line(line))
    print_text()
    lacking = missing(mapping)
    if not lacking:
        _show_first(read, mapping, registry)
    with folders_for(target.parent):
        write(target, text.encode())
    print_text(for_log_line(f"wrote {target}; look at it"))
    for name, what in lacking:
        print_text(for_log_line(f"no column says {what}: add it there, or --set {name}=..."))
    again = shlex.join(["claimtrack", "import", sheet, path, "--map", str(target)])
    print_text(for_log_line(f"then: {again}"))
    return ExitStatus.DONE


def _show_first(read: Sheet, mapping: ColumnMapping, registry: Registry) -> None:
    """Print the first rows as they would become."""
    first = Sheet(read.name, read.heads, read.rows[:_SHOWN_ROWS])
    tables, _, problems = read_rows(first, mapping, registry)
    for line in _as_toml(tables).splitlines():
        print_text(for_log_line(line))
    for problem in problems:
        print_text(for_log_line(str(problem)))
    print_text()


def _as_toml(tables: object) -> str:
    from claimtrack.files.toml_writer import write_document  # noqa: PLC0415 - a guess only

    return write_document(tables)  # type: ignore[arg-type]


def _write_ledger(file: str | None, losses: tuple[Loss, ...]) -> None:
    if file is not None:
        write(Path(file), ledger_text(losses, file).encode())


def _tell(found: Import, *, dry_run: bool) -> ExitStatus:
    plan = found.plan
    for problem in (*found.problems, *plan.conflicts, *plan.missing, *plan.gone):
        print_text(for_log_line(str(problem)))
    would = "would be " if dry_run else ""
    rows = f"{counted(found.rows, 'row')}, {found.rows_taken} taken"
    parts = [
        f"{plan.new} new",
        f"{plan.changed} changed",
        f"{plan.unchanged} unchanged",
        f"{len(plan.gone)} gone",
        f"{counted(len(plan.conflicts), 'conflict')}",
    ]
    print_text(for_log_line(f"{found.name}: {rows}; {would}{', '.join(parts)}"))
    columns = [one.field for one in found.losses if one.what == "column" and one.field]
    if columns:
        print_text(for_log_line(f"not imported: {', '.join(columns)}"))
    told = [one for one in found.losses if one.what == "field"]
    if told:
        print_text(f"{counted(len(told), 'value')} not taken as they stand; --ledger FILE has them")
    return ExitStatus.FINDINGS if plan.conflicts or found.problems else ExitStatus.DONE
