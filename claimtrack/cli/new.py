"""``claimtrack new``: put a claim into a registry."""

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
from claimtrack.model.claim import ClaimKind, QuoteKind

REQUIRED = {
    "id": "id of the claim",
    "speaker": "id of the speaker",
    "said": "said on (YYYY-MM-DD, or a span)",
    "source": "id of the source",
    "quote": "the words",
}

BRACES = 'a criterion is written in braces: { event = "f", by = "2020" }'


@click.command("new")
@entry_options(
    "claim",
    text_option("--speaker", "ID", "Who said it."),
    text_option("--said", "SPAN", "When it was said."),
    text_option("--source", "ID", "Where that was read."),
    text_option("--quote", "TEXT", "The words."),
    word_option("--quote-kind", QuoteKind, "Whose words they are."),
    text_option("--proposition", "TEXT", "What is checked, if not the quote itself."),
    word_option("--kind", ClaimKind, "What the speaker did."),
    text_option("--criterion", "TOML", "What would make it hold, as in the file."),
    text_option("--not-checkable", "TEXT", "In place of a criterion: why there is none."),
    text_option("--due", "SPAN", "When it ought to be decided."),
    texts_option("--topic", "topics", "TEXT"),
)
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
    seen, registry = load_for_entry(path)
    table = complete(REQUIRED, given)
    if not table.get("criterion") and not table.get("not_checkable"):
        options = "--criterion or --not-checkable"
        table["criterion"] = ask(options, "criterion (TOML; empty if none)", default="") or None
        if table["criterion"] is None:
            table["not_checkable"] = ask(options, "why it is not checkable")
    if table.get("criterion"):
        text = str(table["criterion"])
        hint = None if text.lstrip().startswith("{") else BRACES
        table["criterion"] = toml_value("criterion", text, hint=hint)
    return add_record(registry, path, "claim", table, seen=seen, file=file, yes=yes)
