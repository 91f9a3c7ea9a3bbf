"""``claimtrack audit``: which claims held up."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import click

from claimtrack.cli.looking import look_at
from claimtrack.cli.options import (
    as_of_option,
    checks_option,
    colour_option,
    in_colour,
    known_by_option,
    path_argument,
    room,
)
from claimtrack.cli.outputs import output_options, outputs_of, write_all
from claimtrack.model.verdict import Status

# Written here again, because importing what has them takes longer than answering from the cache.
ENGINES: Final = ("python", "duckdb", "spark")
GROUPS: Final = ("speaker", "topic", "kind", "status")


class Asked(NamedTuple):
    """
    What an audit is asked for.

    Args:
        speakers: Ids; all speakers if there are none, as for the other two.
        by: What the table is grouped by, if anything; *counts* likewise.
    """

    path: str
    as_of: str
    known_by: str
    checks: tuple[str, ...]
    speakers: tuple[str, ...]
    topics: tuple[str, ...]
    statuses: tuple[str, ...]
    by: str | None
    counts: tuple[str, ...]


class Form(NamedTuple):
    """How an audit is written: the name of a format, and what is for the eye only."""

    name: str
    width: int | None = None
    colour: bool = False


@click.command("audit")
@path_argument
@as_of_option
@known_by_option
@checks_option
@click.option("--by", type=click.Choice(GROUPS), help="Group the table.")
@click.option(
    "--counts",
    type=click.Choice(GROUPS),
    multiple=True,
    help="Count statuses for each of these below the table; may be given several times.",
)
@click.option(
    "--speaker",
    multiple=True,
    metavar="ID",
    help="Only claims of this speaker; may be given several times.",
)
@click.option(
    "--topic",
    multiple=True,
    metavar="TEXT",
    help="Only claims on this topic; may be given several times.",
)
@click.option(
    "--status",
    multiple=True,
    type=click.Choice([status.value for status in Status]),
    help="Only claims with this status; may be given several times.",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="Where the rules run: python, or inside a database engine, for very many claims. "
    "A folder of Parquet files takes duckdb by default.",
)
@click.option(
    "--memory",
    metavar="SIZE",
    help="The most memory that a database engine may take, such as 2GB; the rest goes to disk.",
)
@click.option(
    "--scratch",
    type=click.Path(exists=True, file_okay=False, writable=True),
    help="The folder on disk where it goes, for a while; by default the system's.",
)
@output_options
@colour_option
def command(
    path: str,
    as_of: str,
    known_by: str,
    checks: tuple[str, ...],
    by: str | None,
    counts: tuple[str, ...],
    speaker: tuple[str, ...],
    topic: tuple[str, ...],
    status: tuple[str, ...],
    engine: str | None,
    memory: str | None,
    scratch: str | None,
    outputs: tuple[str, ...],
    formats: tuple[str, ...],
    colour: str,
) -> None:
    """Print which claims held up, as of a day."""
    wanted = outputs_of(outputs, formats)
    if engine is not None or any(Path(path).glob("*.parquet")):
        from claimtrack.cli.bulk import audit_in_bulk, bulk_engine  # noqa: PLC0415 - rarely needed

        bulk = bulk_engine(path, engine)
        if bulk is not None:
            given = {"--by": by, "--counts": counts, "--speaker": speaker, "--topic": topic}
            given |= {"--status": status, "--checks": checks}
            audit_in_bulk(path, bulk, as_of, known_by, memory, scratch, wanted, given)
            return
    asked = Asked(path, as_of, known_by, checks, speaker, topic, status, by, counts)
    look = look_at(path) if speaker and not checks else None
    painted = in_colour(colour)

    @cache
    def writer() -> Callable[[Form], str]:
        from claimtrack.cli import audited  # noqa: PLC0415 - if it was not answered before

        return audited.writer(look, asked)

    def text(form: Form) -> str:
        if look is None:
            return writer()(form)
        return look.answer(("audit", asked, form), lambda: writer()(form))

    write_all(
        wanted,
        lambda name: text(Form(name, room(), painted)),
        lambda name: text(Form(name)),
        colour=painted,
    )
