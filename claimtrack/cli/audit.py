"""``claimtrack audit``: which claims held up."""

from pathlib import Path

import attrs
import click

from claimtrack.cli.options import (
    as_of_option,
    colour_option,
    in_colour,
    known_by_option,
    path_argument,
    room,
)
from claimtrack.engine.audit import Audit
from claimtrack.files.dump import put
from claimtrack.files.load import load
from claimtrack.model.verdict import Status, Verdict
from claimtrack.report.audit_table import GROUPS
from claimtrack.report.audit_text import ENDINGS, Layout, audit_text, format_of
from claimtrack.report.formats import FORMATS

FORMAT = "table"


@click.command("audit")
@path_argument
@as_of_option
@known_by_option
@click.option("--by", type=click.Choice(list(GROUPS)), help="Group the table.")
@click.option(
    "--counts",
    type=click.Choice(list(GROUPS)),
    multiple=True,
    help="Count statuses for each of these below the table; may be given several times.",
)
@click.option("--speaker", multiple=True, metavar="ID", help="Only claims of this speaker.")
@click.option("--topic", multiple=True, metavar="TEXT", help="Only claims on this topic.")
@click.option(
    "--status",
    multiple=True,
    type=click.Choice([status.value for status in Status]),
    help="Only claims with this status.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write it to FILE in the format of its ending; may be given several times. - is the "
    "standard output.",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice([*FORMATS]),
    multiple=True,
    metavar="NAME",
    help="How to print it: table where nothing is said; json is one object for programs. Given "
    "several times, the first is that of the first FILE, and so on.",
)
@colour_option
def command(
    path: str,
    as_of: str,
    known_by: str,
    by: str | None,
    counts: tuple[str, ...],
    speaker: tuple[str, ...],
    topic: tuple[str, ...],
    status: tuple[str, ...],
    outputs: tuple[str, ...],
    formats: tuple[str, ...],
    colour: str,
) -> None:
    """Print which claims held up, as of a day."""
    wanted = _outputs(outputs, formats)
    registry = load(path)
    for id_ in speaker:
        registry.speakers[id_]
    audit = registry.audit(as_of, known_by=known_by)
    verdicts = _wanted(audit, speaker, topic, status)
    painted = in_colour(colour)
    layout = Layout(by=by, counts=counts)
    shown = attrs.evolve(layout, width=room(), colour=painted)
    for file, format_ in wanted:
        if file == "-":
            # click would take the colours out again where the output is no terminal.
            click.echo(audit_text(audit, verdicts, format_, shown), nl=False, color=painted)
        else:
            # What stands in a file is as wide as it is, whatever the terminal.
            _write(file, audit_text(audit, verdicts, format_, layout))


def _outputs(files: tuple[str, ...], formats: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return each output with its format, before anything is read or written."""
    files = files or ("-",)
    if len(formats) > len(files):
        count = f"{len(formats)} formats for {len(files)} output{'s' * (len(files) > 1)}"
        message = f"got {count}; expected an -o FILE for each --format"
        raise click.UsageError(message)
    given = [*formats, *[None] * (len(files) - len(formats))]
    return [(file, _format(file, name)) for file, name in zip(files, given, strict=True)]


def _format(file: str, name: str | None) -> str:
    found = name or (FORMAT if file == "-" else format_of(Path(file).name))
    if found is None:
        endings = ", ".join(f".{ending}" for ending in ENDINGS)
        message = (
            f"{file!r} does not tell its format; expected one of {endings}, or a --format for it"
        )
        raise click.UsageError(message)
    return found


def _write(file: str, text: str) -> None:
    try:
        put(Path(file), text.encode())
    except OSError as error:
        raise click.FileError(file, error.strerror) from error


def _wanted(
    audit: Audit, speaker: tuple[str, ...], topic: tuple[str, ...], status: tuple[str, ...]
) -> list[Verdict]:
    found = []
    for id_, outcome in audit.outcomes.items():
        claim = audit.records.claims[id_]
        if speaker and claim.speaker not in speaker:
            continue
        if topic and not set(topic) & set(claim.topics):
            continue
        if status and outcome.status.value not in status:
            continue
        found.append(audit[id_])
    return found
