"""``claimtrack add``: put records of each kind into a registry."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

import click

from claimtrack.cli import new
from claimtrack.cli.entry import (
    entry_options,
    text_option,
    texts_option,
    toml_value,
    word_option,
)
from claimtrack.cli.main import ExitStatus, HintingGroup
from claimtrack.cli.printing import print_text
from claimtrack.cli.questions import Entry, criterion_table
from claimtrack.errors import FieldError
from claimtrack.escape import for_log_line
from claimtrack.model.records import FactKind, Stance, Tier
from claimtrack.model.scales import known_scale

REQUIRED = {"id": "id of the evidence", "source": "source (an id, a title, or an address)"}

QUESTIONS = {
    FactKind.EVENT: {"happened": "happened on (YYYY-MM-DD, or a span)"},
    FactKind.QUANTITY: {"value": "value (a number, or [low, high])", "when": "when, or for when"},
    FactKind.STATE: {"value": "value (a text, true or false)", "when": "when"},
}
"""The required fields of evidence on each kind of fact."""

REPORT_FIELDS = ("happened", "not_happened", "value")
"""Fields that imply the kind of the fact."""


@click.group("add", cls=HintingGroup)
def command() -> None:
    """Put claims, readings, evidence and records of all other kinds into a registry."""


command.add_command(new.command, "claim")


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
    entry = Entry(path, "speaker", given, file=file, yes=yes)
    with entry.kept():
        entry.complete({"id": "id of the speaker"}, {"name": "name"})
        return entry.add()


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
    entry = Entry(path, "source", given, file=file, yes=yes)
    with entry.kept():
        optional = {"published": "published on (YYYY-MM-DD, or a span)"}
        entry.complete({"id": "id of the source"}, optional)
        return entry.add()


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
    entry = Entry(path, "fact", given, file=file, yes=yes)
    with entry.kept():
        entry.complete({"id": "id of the fact"})
        if not entry.table.get("kind"):
            kinds = click.Choice([one.value for one in FactKind])
            entry.table["kind"] = entry.answer("kind", "kind", type=kinds)
        return entry.add()


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
    entry = Entry(path, "evidence", given, file=file, yes=yes)
    with entry.kept():
        entry.resolve_all("source", "fact")
        entry.complete(REQUIRED)
        if not entry.table.get("fact") and not entry.table.get("claim"):
            option = "--fact or --claim"
            entry.table["fact"] = entry.answer("fact", "fact (an id, or a title)", option=option)
        _ask_for_report(entry)
        value = entry.table.get("value")
        if isinstance(value, str):
            entry.table["value"] = toml_value("value", value, otherwise=value)
        return entry.add()


def _ask_for_report(entry: Entry) -> None:
    table = entry.table
    if table.get("claim"):
        if not table.get("stance"):
            stances = click.Choice([one.value for one in Stance])
            table["stance"] = entry.answer("stance", "stance", type=stances)
        return
    facts = entry.registry.facts
    if str(table["fact"]) not in facts and any(map(table.get, REPORT_FIELDS)):
        return  # reported with the other errors of the record
    fact = facts[str(table["fact"])]
    if fact.kind is FactKind.EVENT and table.get("not_happened"):
        return
    for key, words in QUESTIONS[fact.kind].items():
        if key not in table:
            table[key] = entry.answer(key, words, read=_value(entry) if key == "value" else None)


def _value(entry: Entry) -> Callable[[str], object]:
    return lambda text: entry.check("value", toml_value("value", text, otherwise=text))


@command.command("reading")
@entry_options(
    "reading",
    text_option("--claim", "ID", "The claim whose words may be read so."),
    text_option("--name", "TEXT", "How this reading is told from the others."),
    text_option("--criterion", "TOML", "What would make it hold, as in the file."),
    is_part=True,
)
def reading(path: str, yes: bool, **given: object) -> ExitStatus:  # noqa: FBT001 - see `evidence`
    """
    Put another reading of a claim into the registry at PATH; what is needed is asked for.

    It is checked as a load would, shown, and added below what the file says of the claim.
    A mistake changes nothing.
    """
    entry = Entry(path, "reading", given, file=None, yes=yes)
    with entry.kept():
        entry.complete({"claim": "claim (an id, or words of it)", "name": "name of the reading"})
        if entry.table.get("criterion"):
            entry.table["criterion"] = criterion_table(str(entry.table["criterion"]))
        else:
            entry.table["criterion"] = entry.criterion()
        return entry.add_reading()


@command.command("forecast")
@entry_options(
    "forecast",
    text_option("--claim", "ID", "The claim that it is about."),
    text_option("--by", "ID", "Who made it: a speaker."),
    text_option("--made", "SPAN", "When it was made."),
    text_option("--probability", "NUMBER", "That the claim holds, from 0 to 1, or such as 70%."),
    text_option("--hedge", "TEXT", "In place of a number: words such as very likely."),
    text_option("--map", "ID", "The map that gives the number of the words."),
    text_option("--source", "ID", "Where it was read."),
)
def forecast(path: str, file: str | None, yes: bool, **given: object) -> ExitStatus:  # noqa: FBT001
    """
    Put a forecast into the registry at PATH; what is needed and not given is asked for.

    It is checked as a load would, shown, and added to the file that holds the last forecast of
    the same claim. A mistake changes nothing.
    """
    entry = Entry(path, "forecast", given, file=file, yes=yes)
    with entry.kept():
        entry.resolve_all("source", "by")
        entry.complete(
            {
                "claim": "claim (an id, or words of it)",
                "by": "by whom (a speaker: an id, or a name)",
                "made": "made on (YYYY-MM-DD)",
            }
        )
        table = entry.table
        if table.get("probability"):
            table["probability"] = probability(str(table["probability"]))
        elif not table.get("hedge"):
            words = "probability (0 to 1, or such as 70%)"
            table["probability"] = entry.answer(
                "probability",
                words,
                read=lambda text: entry.check("probability", probability(text)),
            )
        entry.name(f"{table['by']} {table['claim']} {table['made']}")
        return entry.add()


def probability(text: str) -> float:
    """
    Return a probability as people type it: ``0.7``, ``70%`` or ``70 %``.

    Raises:
        FieldError: It is no number.
    """
    number = text.strip().removesuffix("%")
    try:
        value = Decimal(number.strip())
    except InvalidOperation:
        message = f"{text!r} is no number; expected one from 0 to 1, or such as '70%'"
        raise FieldError("CT101", message, ("probability",)) from None
    return float(value if number == text.strip() else value / 100)


@command.command("assessment")
@entry_options(
    "assessment",
    text_option("--claim", "ID", "The claim that is rated."),
    text_option("--by", "TEXT", "Who rated it."),
    text_option("--scale", "ID", "The scale: one that is shipped, or of the registry."),
    text_option("--rating", "TEXT", "The label."),
    text_option("--published", "SPAN", "When it was published, if not on the day of its source."),
    text_option("--source", "ID", "Where it was read."),
    text_option("--url", "URL", "Where it stands."),
)
def assessment(
    path: str,
    file: str | None,
    yes: bool,  # noqa: FBT001 - click passes it by name
    **given: object,
) -> ExitStatus:
    """
    Put a rating that others published into the registry at PATH; what is needed is asked for.

    It is checked as a load would, shown, and added to the file that holds the last assessment of
    the same claim. A mistake changes nothing.
    """
    entry = Entry(path, "assessment", given, file=file, yes=yes)
    with entry.kept():
        entry.resolve_all("source")
        entry.complete({"claim": "claim (an id, or words of it)", "by": "rated by"})
        entry.complete({"scale": "scale"})
        scale = known_scale(str(entry.table["scale"]), entry.registry.scales.by_id)
        if scale is not None and "rating" not in entry.table:
            labels = ", ".join(label.name for label in scale.labels)
            print_text(for_log_line(f"labels: {labels}"))
        optional = {} if "source" in entry.table else {"published": "published on (YYYY-MM-DD)"}
        entry.complete({"rating": "label"}, optional)
        entry.name(f"{entry.table['by']} {entry.table['claim']} {entry.table.get('published', '')}")
        return entry.add()


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
    entry = Entry(path, "search", given, file=file, yes=yes)
    with entry.kept():
        entry.resolve_all("fact")
        entry.complete({"id": "id of the search"})
        if not entry.table.get("fact") and not entry.table.get("claim"):
            words, option = "claim (an id, or words of it)", "--fact or --claim"
            entry.table["claim"] = entry.answer("claim", words, option=option)
        entry.complete({"searched": "searched on (YYYY-MM-DD)", "where": "searched where"})
        return entry.add()


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
    entry = Entry(path, "selection", given, file=file, yes=yes)
    with entry.kept():
        entry.complete({"id": "id of the selection", "rule": "how the claims were chosen"})
        return entry.add()
