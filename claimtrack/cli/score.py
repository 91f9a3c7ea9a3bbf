"""``claimtrack score``: who was right, how often, and how sure."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from claimtrack.cli.options import (
    as_of_option,
    checks_option,
    colour_option,
    format_option,
    in_colour,
    known_by_option,
    path_argument,
    room,
    snapshots_option,
)
from claimtrack.cli.plot import check_picture, draw_records
from claimtrack.cli.printing import print_as, print_data
from claimtrack.cli.registry import audit_at
from claimtrack.engine.audit import Audit
from claimtrack.escape import for_json, for_log_line
from claimtrack.report import scores
from claimtrack.report.formats import READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.table import Sheet, Table
from claimtrack.score.track_record import COUNTING, GROUPS, MIN_DECIDED, track_records


@click.command("score")
@path_argument
@as_of_option
@known_by_option
@checks_option
@snapshots_option
@click.option(
    "--by",
    type=click.Choice(list(GROUPS)),
    default="speaker",
    show_default=True,
    help="Whose record.",
)
@click.option(
    "--counting",
    type=click.Choice(list(COUNTING)),
    default="strict",
    show_default=True,
    help="How much late and partly count: nothing, half, or as held.",
)
@click.option(
    "--min-decided",
    type=click.IntRange(min=1),
    default=MIN_DECIDED,
    show_default=True,
    metavar="N",
    help="How many decided claims it takes to be ranked.",
)
@click.option(
    "--level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="Confidence of the intervals.",
)
@click.option(
    "--details", is_flag=True, help="Print every record with all of its counts and bounds."
)
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Draw the same records into a picture too: svg, png or pdf.",
)
@click.option("--forecasts", is_flag=True, help="Score forecasts with probabilities instead.")
@click.option("--assessments", is_flag=True, help="Hold other people's ratings against each other.")
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="Of the intervals that are drawn by lot; with --forecasts.",
)
@click.option(
    "--no-interval",
    is_flag=True,
    help="Do not draw these intervals, which takes longest; with --forecasts.",
)
@format_option
@colour_option
def command(**options: Any) -> None:  # noqa: ANN401 - click's own
    """
    Print track records, or the scores of forecasts, or the agreement between assessors.

    Who has enough decided claims has a row: how many held, the share with its interval, and what
    is open. The others stand in one line below. With --details come all counts and bounds.

    A claim that is repeated or split counts once. The bounds count every claim that ought to be
    decided and is not as failed and as held. The rank goes by the lower end of the interval at
    worst, so that hiding, voiding, splitting and repeating cannot raise it.
    """
    is_records = not options["forecasts"] and not options["assessments"]
    if options["plot"] is not None:
        if not is_records:
            raise click.UsageError("--plot goes with track records.")
        check_picture(options["plot"], options["path"], options["checks"])
    audit = audit_at(
        *(options[name] for name in ("path", "as_of", "known_by", "checks", "snapshots"))
    )
    if options["forecasts"]:
        chosen = {name: options[name] for name in ("level", "seed")}
        output = _forecasts(audit, **chosen, intervals=not options["no_interval"])
    elif options["assessments"]:
        output = _agreement(audit)
    else:
        chosen = {name: options[name] for name in ("by", "counting", "min_decided", "level")}
        is_short = not options["details"]
        output = _records(audit, chosen, options["format_"], is_short=is_short)
        if options["plot"] is not None:
            draw_records(audit, options["plot"], {**chosen, "level": options["level"]})
    output.print(options["format_"], colour=in_colour(options["colour"]))


@attrs.frozen(kw_only=True)
class ScoreOutput:
    """
    Functions that return one report in each form; each format calls only those it needs.

    Args:
        object: The report for JSON.
        sheet: Its rows, for other formats for programs.
        tables: Its tables, for people.
        notes: The lines below the tables.
    """

    object: Callable[[], dict[str, Any]]
    sheet: Callable[[], Sheet]
    tables: Callable[[], Sequence[Table]]
    notes: Callable[[Sequence[Table]], Iterable[str]]

    def print(self, format_: str, *, colour: bool) -> None:
        """Print the report in the format of that name."""
        if format_ == "json":
            print_data(for_json(self.object(), indent=2) + "\n")
        elif format_ in READ_BY_PROGRAMS:
            print_data(render_sheet(self.sheet(), format_))
        else:
            tables = self.tables()
            for table in tables:
                print_as(format_, f"{render(table, format_, width=room(), colour=colour)}\n")
            for line in self.notes(tables):
                print_as(format_, f"{for_log_line(line)}\n")


def _records(audit: Audit, chosen: dict[str, Any], format_: str, *, is_short: bool) -> ScoreOutput:
    records = track_records(audit, **chosen)
    note_options = {name: chosen[name] for name in ("by", "counting", "min_decided")}

    def tables() -> Sequence[Table]:
        if is_short:
            return scores.glance_tables(audit, records, by=chosen["by"], level=chosen["level"])
        return scores.record_tables(audit, records, format=format_, width=room(), **chosen)

    def notes(shown: Sequence[Table]) -> Iterable[str]:
        if is_short:
            return scores.glance_notes(audit, records, **note_options)
        return (scores.legend(shown), *scores.record_notes(audit, records, **note_options))

    return ScoreOutput(
        object=lambda: {
            "as_of": str(audit.as_of),
            **chosen,
            "selections": scores.selection_objects(audit),
            "records": [scores.record_object(record) for record in records],
        },
        sheet=lambda: scores.record_sheet(audit, records, chosen["by"]),
        tables=tables,
        notes=notes,
    )


def _forecasts(audit: Audit, *, level: float, seed: int, intervals: bool) -> ScoreOutput:
    from claimtrack.score.forecasts import score_forecasts  # noqa: PLC0415 - on demand

    report = score_forecasts(audit, level=level, seed=seed, intervals=intervals)
    return ScoreOutput(
        object=lambda: scores.forecasts_object(audit, report),
        sheet=lambda: scores.forecaster_sheet(audit, report),
        tables=lambda: _not_empty(
            scores.forecaster_table(audit, report, level),
            scores.calibration_table(report, level),
        ),
        notes=lambda _: scores.forecast_notes(report),
    )


def _agreement(audit: Audit) -> ScoreOutput:
    from claimtrack.score.assessments import assessor_agreement  # noqa: PLC0415 - on demand

    report = assessor_agreement(audit)
    return ScoreOutput(
        object=lambda: scores.agreement_object(audit, report),
        sheet=lambda: scores.scale_sheet(report),
        tables=lambda: _not_empty(scores.scale_table(audit, report), scores.pair_table(report)),
        notes=lambda _: scores.agreement_notes(report),
    )


def _not_empty(*tables: Table) -> list[Table]:
    return [table for table in tables if table.rows]
