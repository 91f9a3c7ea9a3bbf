"""``claimtrack score``: who was right, how often, and how sure."""

from typing import Any

import click

from claimtrack.cli.options import (
    as_of_option,
    checks_option,
    colour_option,
    in_colour,
    known_by_option,
    path_argument,
    room,
)
from claimtrack.cli.printing import print_as, print_data
from claimtrack.cli.registry import audit_at
from claimtrack.cli.score_tables import legend, notes, record_object, record_sheet, tables
from claimtrack.engine.audit import Audit
from claimtrack.escape import for_json, for_log_line
from claimtrack.report.formats import FORMATS, READ_BY_PROGRAMS, render, render_sheet
from claimtrack.score.track_record import COUNTING, GROUPS, MIN_DECIDED, track_records


@click.command("score")
@path_argument
@as_of_option
@known_by_option
@checks_option
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
    "--format",
    "format_",
    type=click.Choice([*FORMATS]),
    default="table",
    show_default=True,
    metavar="NAME",
    help="How to print it; json is one object for programs.",
)
@colour_option
def command(**options: Any) -> None:  # noqa: ANN401 - click's own
    """
    Print track records, or the scores of forecasts, or the agreement between assessors.

    A claim that is repeated or split counts once. The bounds count every claim that ought to be
    decided and is not as failed and as held. The rank goes by the lower end of the interval at
    worst, so that hiding, voiding, splitting and repeating cannot raise it.
    """
    audit = audit_at(*(options[name] for name in ("path", "as_of", "known_by", "checks")))
    if options["forecasts"]:
        from claimtrack.cli.score_forecasts import print_forecasts  # noqa: PLC0415 - on demand

        print_forecasts(
            audit,
            format_=options["format_"],
            level=options["level"],
            seed=options["seed"],
            colour=options["colour"],
        )
    elif options["assessments"]:
        from claimtrack.cli.score_assessments import print_agreement  # noqa: PLC0415 - on demand

        print_agreement(audit, format_=options["format_"], colour=options["colour"])
    else:
        _print_records(audit, options)


def _print_records(audit: Audit, options: dict[str, Any]) -> None:
    chosen = {name: options[name] for name in ("by", "counting", "min_decided", "level")}
    records = track_records(audit, **chosen)
    format_ = options["format_"]
    if format_ == "json":
        found = [record_object(record) for record in records]
        answer = {"as_of": str(audit.as_of), **chosen, "records": found}
        print_data(for_json(answer, indent=2) + "\n")
    elif format_ in READ_BY_PROGRAMS:
        sheet = record_sheet(audit, records, chosen["by"])
        print_data(render_sheet(sheet, format_))
    else:
        shown = tables(audit, records, format=format_, width=room(), **chosen)
        for table in shown:
            text = render(table, format_, width=room(), colour=in_colour(options["colour"]))
            print_as(format_, f"{text}\n")
        for line in (legend(shown), *notes(audit, records, **chosen)):
            print_as(format_, f"{for_log_line(line)}\n")
