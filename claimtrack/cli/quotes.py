"""``claimtrack quotes``: which quotes of a registry stand in the pinned copies of its sources."""

import click

from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import colour_option, in_colour, path_argument, room, snapshots_option
from claimtrack.cli.printing import print_as, print_data
from claimtrack.cli.registry import registry_at
from claimtrack.escape import for_json
from claimtrack.model.registry import QuotePolicy
from claimtrack.quotes.answers import QuoteAnswer, QuoteReport
from claimtrack.quotes.check import check_quotes
from claimtrack.report.formats import FORMATS, READ_BY_PROGRAMS, render, render_line, render_sheet
from claimtrack.report.quotes import quote_lines, quotes_object, quotes_sheet, quotes_table


@click.command("quotes")
@path_argument
@snapshots_option
@click.option(
    "--format",
    "format_",
    type=click.Choice([*FORMATS]),
    default="table",
    show_default=True,
    metavar="NAME",
    help="How to print it; json is one object for programs.",
)
@click.option(
    "--answer",
    "answers",
    type=click.Choice([answer.value for answer in QuoteAnswer]),
    multiple=True,
    metavar="ANSWER",
    help="Show the quotes with this answer only; may be given several times.",
)
@colour_option
def command(
    path: str, snapshots: str | None, format_: str, answers: tuple[str, ...], colour: str
) -> ExitStatus:
    """
    Say of every quote whether it stands in the pinned copy of its source.

    Ends with status 0 if nothing is wrong, and 1 if a quote is not found or unreadable, if a copy
    is not what was pinned, or if the policy requires quotes to be checked and one is not.
    """
    registry = registry_at(path)
    report = check_quotes(registry, path, snapshots)
    shown = [check for check in report.checks if not answers or check.answer in answers]
    if format_ == "json":
        print_data(for_json(quotes_object(report, shown), indent=2) + "\n")
    elif format_ in READ_BY_PROGRAMS:
        print_data(render_sheet(quotes_sheet(shown), format_))
    else:
        table = quotes_table(shown)
        if shown:
            text = render(table, format_, width=room(), colour=in_colour(colour))
            print_as(format_, f"{text}\n")
        for line in quote_lines(report):
            print_as(format_, f"{render_line(line, format_)}\n")
    required = registry.settings.policy.quotes is QuotePolicy.REQUIRED
    return ExitStatus.FINDINGS if _is_wrong(report, required=required) else ExitStatus.DONE


def _is_wrong(report: QuoteReport, *, required: bool) -> bool:
    wrong = {QuoteAnswer.NOT_FOUND, QuoteAnswer.UNREADABLE}
    if report.faults or any(check.answer in wrong for check in report.checks):
        return True
    unchecked = (one for one in report.checks if one.answer is QuoteAnswer.UNCHECKED)
    return required and any(not one.quoted.is_paraphrase for one in unchecked)
