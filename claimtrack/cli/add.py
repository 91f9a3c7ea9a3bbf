"""``claimtrack add``: put records into a registry; claims are put in with ``new``."""

import click

from claimtrack.cli.entry import (
    add_record,
    ask,
    complete,
    entry_options,
    load_for_entry,
    text_option,
    texts_option,
    toml_value,
    word_option,
)
from claimtrack.cli.main import ExitStatus
from claimtrack.model.records import FactKind, Stance, Tier
from claimtrack.registry import Registry

REQUIRED = {"id": "id of the evidence", "source": "id of the source"}

QUESTIONS = {
    FactKind.EVENT: {"happened": "happened on (YYYY-MM-DD, or a span)"},
    FactKind.QUANTITY: {"value": "value (a number, or [low, high])", "when": "when, or for when"},
    FactKind.STATE: {"value": "value (a text, true or false)", "when": "when"},
}
"""The required fields of evidence on each kind of fact."""

REPORT_FIELDS = ("happened", "not_happened", "value")
"""Fields that imply the kind of the fact."""


@click.group("add")
def command() -> None:
    """Put speakers, sources, facts, evidence, searches and selections into a registry."""


@command.command("speaker")
@entry_options(
    "speaker",
    text_option("--name", "TEXT", "The name."),
    text_option("--url", "URL", "Where to read about the speaker."),
)
def speaker(path: str, file: str | None, yes: bool, **given: object) -> ExitStatus:  # noqa: FBT001
    """
    Put a speaker into the registry at PATH; what is needed and not given is asked for.

    It is checked as a load would, shown, and added to the file that holds the last speaker.
    A registry begins with it, if PATH is not there or holds no records. A mistake changes nothing.
    """
    seen, registry = load_for_entry(path)
    optional = {} if yes else {"name": "name"}
    table = complete({"id": "id of the speaker"}, given, optional)
    return add_record(registry, path, "speaker", table, seen=seen, file=file, yes=yes)


@command.command("source")
@entry_options(
    "source",
    text_option("--title", "TEXT", "The title."),
    text_option("--publisher", "TEXT", "Who published it; a witness."),
    text_option("--author", "TEXT", "Who wrote it."),
    text_option("--published", "SPAN", "When the public could read it."),
    word_option("--tier", Tier, "How near it is to what it tells of."),
    text_option("--url", "URL", "Where it stands."),
    text_option("--archived-url", "URL", "Where a copy of it is kept."),
    text_option("--origin", "TEXT", "Whom it repeats."),
    text_option("--language", "TEXT", "Such as en or ru."),
    text_option("--retrieved", "SPAN", "When it was read."),
)
def source(path: str, file: str | None, yes: bool, **given: object) -> ExitStatus:  # noqa: FBT001
    """
    Put a source into the registry at PATH; what is needed and not given is asked for.

    It is checked as a load would, shown, and added to the file that holds the last source.
    A mistake changes nothing.
    """
    seen, registry = load_for_entry(path)
    optional = {} if yes else {"published": "published on (YYYY-MM-DD, or a span)"}
    table = complete({"id": "id of the source"}, given, optional)
    return add_record(registry, path, "source", table, seen=seen, file=file, yes=yes)


@command.command("fact")
@entry_options(
    "fact",
    word_option("--kind", FactKind, "What sort of thing it is."),
    text_option("--title", "TEXT", "What it is, in words."),
    click.option("--once", is_flag=True, help="An event that can happen once only."),
    text_option("--unit", "TEXT", "The unit of a quantity."),
    click.option("--cumulative", is_flag=True, help="A quantity that never falls."),
    click.option(
        "--requires", type=int, metavar="NUMBER", help="How many witnesses it ought to have."
    ),
    click.option(
        "--requires-tier",
        "requires_tiers",
        multiple=True,
        type=click.Choice([one.value for one in Tier]),
        help="A tier of which it ought to have a report; may be given several times.",
    ),
    click.option(
        "--review-every", type=int, metavar="DAYS", help="After how long its newest report is old."
    ),
)
def fact(path: str, file: str | None, yes: bool, **given: object) -> ExitStatus:  # noqa: FBT001
    """
    Put a fact into the registry at PATH; what is needed and not given is asked for.

    It is checked as a load would, shown, and added to the file that holds the last fact.
    A mistake changes nothing.
    """
    seen, registry = load_for_entry(path)
    table = complete({"id": "id of the fact"}, given)
    if not table.get("kind"):
        kinds = click.Choice([one.value for one in FactKind])
        table["kind"] = ask("--kind", "kind", type=kinds)
    return add_record(registry, path, "fact", table, seen=seen, file=file, yes=yes)


@command.command("evidence")
@entry_options(
    "evidence",
    text_option("--source", "ID", "Where it was read."),
    text_option("--fact", "ID", "The fact that it reports on."),
    text_option("--happened", "SPAN", "When the event happened."),
    text_option("--not-happened", "SPAN", "When the event did not happen."),
    text_option("--value", "VALUE", "A number, [low, high], a text, true or false."),
    text_option("--when", "SPAN", "The days that the value is of."),
    text_option("--unit", "TEXT", "The unit of the value."),
    text_option("--claim", "ID", "In place of a fact: the claim that it judges."),
    word_option("--stance", Stance, "Which way it judges the claim."),
    text_option("--published", "SPAN", "If not on the day of its source."),
    text_option("--recorded", "SPAN", "When it was put on record."),
    texts_option("--supersedes", "supersedes", "ID"),
    text_option("--quote", "TEXT", "The words of the source."),
)
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
    if given.get("fact") and given.get("claim"):
        raise click.UsageError("--fact and --claim exclude each other.")
    seen, registry = load_for_entry(path)
    table = complete(REQUIRED, given)
    if not table.get("fact") and not table.get("claim"):
        table["fact"] = ask("--fact or --claim", "id of the fact")
    _ask_for_report(registry, table)
    if isinstance(table.get("value"), str):
        table["value"] = toml_value("value", str(table["value"]), otherwise=str(table["value"]))
    return add_record(registry, path, "evidence", table, seen=seen, file=file, yes=yes)


def _ask_for_report(registry: Registry, table: dict[str, object]) -> None:
    if table.get("claim"):
        if not table.get("stance"):
            stances = click.Choice([one.value for one in Stance])
            table["stance"] = ask("--stance", "stance", type=stances)
        return
    if str(table["fact"]) not in registry.facts and any(map(table.get, REPORT_FIELDS)):
        return  # reported with the other errors of the record
    fact = registry.facts[str(table["fact"])]
    if fact.kind is FactKind.EVENT and table.get("not_happened"):
        return
    table.update(complete(QUESTIONS[fact.kind], table))


@command.command("search")
@entry_options(
    "search",
    text_option("--claim", "ID", "The claim on which reports were sought."),
    text_option("--fact", "ID", "In place of a claim: the fact."),
    text_option("--searched", "DAY", "When it was searched for."),
    text_option("--where", "TEXT", "The archives, sites or indexes that were searched."),
    text_option("--words", "TEXT", "What was searched for."),
    text_option("--by", "TEXT", "Who searched."),
)
def search(path: str, file: str | None, yes: bool, **given: object) -> ExitStatus:  # noqa: FBT001
    """
    Put a search that found nothing into the registry at PATH; what is needed is asked for.

    It is checked as a load would, shown, and added to the file that holds the last search.
    A mistake changes nothing.
    """
    if given.get("fact") and given.get("claim"):
        raise click.UsageError("--fact and --claim exclude each other.")
    seen, registry = load_for_entry(path)
    table = complete({"id": "id of the search"}, given)
    if not table.get("fact") and not table.get("claim"):
        table["claim"] = ask("--fact or --claim", "id of the claim")
    table = complete({"searched": "searched on (YYYY-MM-DD)", "where": "searched where"}, table)
    return add_record(registry, path, "search", table, seen=seen, file=file, yes=yes)


@command.command("selection")
@entry_options(
    "selection",
    text_option("--rule", "TEXT", "By what the claims were chosen."),
    click.option(
        "--total", type=int, metavar="NUMBER", help="How many claims there were to choose from."
    ),
    click.option(
        "--included", type=int, metavar="NUMBER", help="How many of them are in the registry."
    ),
    text_option("--speaker", "ID", "If it is about the claims of one speaker."),
    text_option("--source", "ID", "If it is about the claims of one source."),
    text_option("--topic", "TEXT", "If it is about the claims on one topic."),
)
def selection(
    path: str,
    file: str | None,
    yes: bool,  # noqa: FBT001 - click passes it by name
    **given: object,
) -> ExitStatus:
    """
    Put into the registry at PATH how its claims were chosen; what is needed is asked for.

    It is checked as a load would, shown, and added to the file that holds the last selection.
    A mistake changes nothing.
    """
    seen, registry = load_for_entry(path)
    questions = {"id": "id of the selection", "rule": "how the claims were chosen"}
    table = complete(questions, given)
    return add_record(registry, path, "selection", table, seen=seen, file=file, yes=yes)
