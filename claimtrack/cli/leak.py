"""``claimtrack leak``: what questions were given that nobody could have known on their days."""

import click

from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import path_argument, room, rows_format_option, snapshots_option
from claimtrack.cli.printing import print_as, print_data, print_text
from claimtrack.cli.registry import registry_at
from claimtrack.escape import for_json
from claimtrack.hindsight import leaks, read_questions
from claimtrack.report.formats import READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.leaks import leaks_object, leaks_sentence, leaks_sheet, leaks_table


@click.command("leak")
@click.argument("questions", type=click.Path(dir_okay=False), metavar="QUESTIONS")
@path_argument
@snapshots_option
@rows_format_option
def command(questions: str, path: str, snapshots: str | None, format_: str) -> ExitStatus:
    """
    Find what QUESTIONS were given that nobody could have known on their days.

    QUESTIONS is a file of JSON lines. Each is a question with its day, and with the evidence that
    may be used to answer it: ids of records of the registry at PATH, or pages of its own.

    Ends with status 0 if there is no leak, 1 if there is one, 3 if a line cannot be read, and 4 if
    there was nothing to check.
    """
    registry = registry_at(path)
    asked = read_questions(questions, registry)
    report = leaks(registry, asked, root=path, snapshots=snapshots)
    if format_ == "json":
        print_data(for_json(leaks_object(report), indent=2) + "\n")
    elif format_ in READ_BY_PROGRAMS:
        print_data(render_sheet(leaks_sheet(report), format_))
    else:
        if report.leaks:
            print_as(format_, render(leaks_table(report), format_, width=room()))
        print_text(leaks_sentence(report))
    if report.leaks:
        return ExitStatus.FINDINGS
    return ExitStatus.DONE if report.checked else ExitStatus.NOTHING_CHECKED
