"""``claimtrack add``: put evidence into a registry."""

import click

from claimtrack.cli.asking import asked, put_in, toml_value
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import path_argument
from claimtrack.files.load import load
from claimtrack.model.evidence import Stance
from claimtrack.model.fact import FactKind
from claimtrack.registry import Registry

REQUIRED = {"id": "id of the evidence", "source": "id of the source"}

ASKED = {
    FactKind.EVENT: {"happened": "happened on (YYYY-MM-DD, or a span)"},
    FactKind.QUANTITY: {"value": "value (a number, or [low, high])", "when": "when, or for when"},
    FactKind.STATE: {"value": "value (a text, true or false)", "when": "when"},
}
"""What has to be said of each kind of fact."""


@click.group("add")
def command() -> None:
    """Put evidence into a registry."""


@command.command("evidence")
@path_argument
@click.option("--id", metavar="ID", help="The id of the evidence.")
@click.option("--source", metavar="ID", help="Where it was read.")
@click.option("--fact", metavar="ID", help="The fact that it reports on.")
@click.option("--happened", metavar="SPAN", help="When the event happened.")
@click.option("--not-happened", metavar="SPAN", help="When the event did not happen.")
@click.option("--value", metavar="VALUE", help="A number, [low, high], a text, true or false.")
@click.option("--when", metavar="SPAN", help="The days that the value is of.")
@click.option("--unit", metavar="TEXT", help="The unit of the value.")
@click.option("--claim", metavar="ID", help="In place of a fact: the claim that it judges.")
@click.option(
    "--stance",
    type=click.Choice([one.value for one in Stance]),
    help="Which way it judges the claim.",
)
@click.option("--published", metavar="SPAN", help="If not on the day of its source.")
@click.option("--recorded", metavar="SPAN", help="When it was put on record.")
@click.option("--supersedes", multiple=True, metavar="ID", help="May be given several times.")
@click.option("--quote", metavar="TEXT", help="The words of the source.")
@click.option("--note", metavar="TEXT", help="Anything else.")
@click.option("--file", metavar="FILE", type=click.Path(dir_okay=False), help="Where to put it.")
@click.option("--yes", is_flag=True, help="Write without asking.")
def evidence(
    path: str,
    file: str | None,
    yes: bool,  # noqa: FBT001 - click passes it by name
    **given: object,
) -> ExitStatus:
    """
    Put evidence into the registry at PATH; what is needed and not given is asked for.

    It is checked as a load would check it, shown, and added to the file that holds the last
    evidence on the same fact. A mistake changes nothing.
    """
    registry = load(path)
    table = asked(REQUIRED, given)
    if not table.get("fact") and not table.get("claim"):
        table["fact"] = click.prompt("id of the fact")
    _ask_for_report(registry, table)
    if isinstance(table.get("value"), str):
        table["value"] = toml_value("value", str(table["value"]), otherwise=str(table["value"]))
    return put_in(registry, path, "evidence", table, file=file, yes=yes)


def _ask_for_report(registry: Registry, table: dict[str, object]) -> None:
    if table.get("claim"):
        if not table.get("stance"):
            table["stance"] = click.prompt(
                "stance", type=click.Choice([one.value for one in Stance])
            )
        return
    fact = registry.facts[str(table["fact"])]
    if fact.kind is FactKind.EVENT and table.get("not_happened"):
        return
    table.update(asked(ASKED[fact.kind], table))
