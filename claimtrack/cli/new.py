"""``claimtrack new`` and ``claimtrack add claim``: put a claim into a registry."""

import click

from claimtrack.cli.entry import entry_options, text_option, texts_option, word_option
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.questions import Entry, criterion_table
from claimtrack.model.claim import ClaimKind, QuoteKind

REQUIRED = {
    "speaker": "speaker (an id, or a name)",
    "said": "said on (YYYY-MM-DD, or a span)",
    "source": "source (an id, a title, or an address)",
    "quote": "the words",
}


@click.command("new")
@entry_options(
    "claim",
    text_option("--speaker", "ID", "Who said it: an id or a name."),
    text_option("--said", "SPAN", "When it was said."),
    text_option("--source", "ID", "Where that was read: an id, a title or an address."),
    text_option("--quote", "TEXT", "The words."),
    word_option("--quote-kind", QuoteKind, "Whose words they are."),
    text_option("--proposition", "TEXT", "What is checked, if not the quote itself."),
    word_option("--kind", ClaimKind, "What the speaker did."),
    text_option("--criterion", "TOML", "What would make it hold, as in the file."),
    text_option("--event", "ID", "In place of --criterion, with --by: an event, by id or title."),
    text_option("--by", "SPAN", "By when the event has to happen."),
    text_option("--not-checkable", "TEXT", "In place of a criterion: why there is none."),
    text_option("--due", "SPAN", "When it ought to be decided."),
    texts_option("--topic", "topics", "TEXT"),
    click.option(
        "--make", is_flag=True, help="Make the speaker, the source and the event if not there."
    ),
    text_option("--published", "SPAN", "When a source that is made was published."),
)
def command(
    path: str,
    file: str | None,
    yes: bool,  # noqa: FBT001 - click passes it by name
    make: bool,  # noqa: FBT001
    event: str | None,
    by: str | None,
    published: str | None,
    **given: object,
) -> ExitStatus:
    """
    Put a claim into the registry at PATH; what is needed and not given is asked for.

    Each answer is checked as it is given, and kept if the work is interrupted. Speakers, sources
    and facts go by name too, and what is not there can be made on the way: a source from its
    address, with the host as publisher. With --make the options do the same without questions.

    The claim is shown, and added to the file that holds the speaker's last claim. A mistake
    changes nothing.
    """
    _refuse_mixed(given, event, by)
    entry = Entry(path, "claim", given, file=file, yes=yes, makes=make)
    with entry.kept():
        entry.resolve("speaker")
        entry.resolve("source", **({} if published is None else {"published": published}))
        if event is not None:
            entry.table["criterion"] = entry.event_criterion(event, by or "")
        elif entry.table.get("criterion"):
            entry.table["criterion"] = criterion_table(str(entry.table["criterion"]))
        entry.complete(REQUIRED)
        if not entry.table.get("criterion") and not entry.table.get("not_checkable"):
            criterion = entry.criterion(is_needed=False)
            entry.table |= {} if criterion is None else {"criterion": criterion}
            if criterion is None:
                option, words = "--criterion or --not-checkable", "why it is not checkable"
                reason = entry.answer("not_checkable", words, option=option)
                entry.table["not_checkable"] = reason
        entry.name(str(entry.table.get("proposition") or entry.table["quote"]))
        return entry.add()


def _refuse_mixed(given: dict[str, object], event: str | None, by: str | None) -> None:
    """Refuse options that exclude each other, or go together and do not stand together."""
    if (event is None) is not (by is None):
        raise click.UsageError("--event and --by go together.")
    if event is not None and (given.get("criterion") or given.get("not_checkable")):
        raise click.UsageError("--event excludes --criterion and --not-checkable.")
