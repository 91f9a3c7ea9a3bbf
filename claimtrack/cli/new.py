"""``claimtrack new``: put a claim into a registry."""

import click

from claimtrack.cli.asking import asked, put_in, toml_value
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import path_argument
from claimtrack.files.load import load
from claimtrack.model.claim import ClaimKind, QuoteKind

REQUIRED = {
    "id": "id of the claim",
    "speaker": "id of the speaker",
    "said": "said on (YYYY-MM-DD, or a span)",
    "source": "id of the source",
    "quote": "the words",
}


@click.command("new")
@path_argument
@click.option("--id", metavar="ID", help="The id of the claim.")
@click.option("--speaker", metavar="ID", help="Who said it.")
@click.option("--said", metavar="SPAN", help="When it was said.")
@click.option("--source", metavar="ID", help="Where that was read.")
@click.option("--quote", metavar="TEXT", help="The words.")
@click.option(
    "--quote-kind",
    type=click.Choice([one.value for one in QuoteKind]),
    help="Whose words they are.",
)
@click.option("--proposition", metavar="TEXT", help="What is checked, if not the quote itself.")
@click.option(
    "--kind", type=click.Choice([one.value for one in ClaimKind]), help="What the speaker did."
)
@click.option("--criterion", metavar="TOML", help="What would make it hold, as in the file.")
@click.option("--not-checkable", metavar="TEXT", help="In place of a criterion: why there is none.")
@click.option("--due", metavar="SPAN", help="When it ought to be decided.")
@click.option(
    "--topic", "topics", multiple=True, metavar="TEXT", help="May be given several times."
)
@click.option("--note", metavar="TEXT", help="Anything else.")
@click.option("--file", metavar="FILE", type=click.Path(dir_okay=False), help="Where to put it.")
@click.option("--yes", is_flag=True, help="Write without asking.")
def command(
    path: str,
    file: str | None,
    yes: bool,  # noqa: FBT001 - click passes it by name
    **given: object,
) -> ExitStatus:
    """
    Put a claim into the registry at PATH; what is needed and not given is asked for.

    It is checked as a load would check it, shown, and added to the file that holds the speaker's
    last claim. A mistake changes nothing.
    """
    registry = load(path)
    table = asked(REQUIRED, given)
    if not table.get("criterion") and not table.get("not_checkable"):
        table["criterion"] = click.prompt("criterion (TOML; empty if none)", default="") or None
        if table["criterion"] is None:
            table["not_checkable"] = click.prompt("why it is not checkable")
    if table.get("criterion"):
        table["criterion"] = toml_value("criterion", str(table["criterion"]))
    return put_in(registry, path, "claim", table, file=file, yes=yes)
