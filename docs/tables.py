"""
Write the generated tables in README.md and in the pages of the documentation.

A table stands between ``<!-- generated: name -->`` and ``<!-- end -->``, and the functions in
`TABLES` print it from the code. Run this after a change of what they read: ``make tables``. A test
fails as long as a page differs from what would be written.
"""

import io
import itertools
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import chdir, redirect_stdout
from pathlib import Path
from runpy import run_path
from typing import Final

import attrs
import click

from claimtrack.bulk.schema import LIMITS as BULK_LIMITS
from claimtrack.bulk.schema import SCHEMA
from claimtrack.capture import STATES
from claimtrack.cli.main import claimtrack as cli
from claimtrack.cli.main import main
from claimtrack.engine.decide import STATUS_OF, at_least
from claimtrack.engine.edits import NEVER_CAUSES, WHYS
from claimtrack.engine.timeline import CAUSES, CauseKind
from claimtrack.errors import CODES
from claimtrack.files.folder import LIMITS, Limits
from claimtrack.files.toml import MOST_PARTS
from claimtrack.lint.codes import FINDING_CODES
from claimtrack.model.criterion import MAX_DEPTH
from claimtrack.model.edtf import LONGEST, PERIODS
from claimtrack.model.fields import MAX_ID, MAX_TEXT
from claimtrack.model.records import TIER_RANKS
from claimtrack.model.scales import HEDGE_PREFIX, Says, hedge_maps, load_scales, scale_of
from claimtrack.model.verdict import CONFLICTING, DECIDED, FALSE, MEANINGS, TRUE, UNKNOWN, Status
from claimtrack.quotes.answers import ANSWERS
from claimtrack.score.rating import PolicyOutcome, load_policies

ROOT: Final = Path(__file__).resolve().parents[1]
BLOCK: Final = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)

EXAMPLE: Final = "examples/china_russia_2017"
WIDTH: Final = 150
"""Columns of what is printed; a page shows so many without its reader scrolling far."""

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def rooms() -> str:
    """List the rooms of the package, in the order in which they may import each other."""
    listed: tuple[Mapping[str, str], ...] = run_path(str(ROOT / "tests" / "rooms.py"))["ROOMS"]
    rows = []
    for number, row in enumerate(listed, 1):
        for room, what in row.items():
            folder = ROOT / "claimtrack" / room
            rows.append((str(number), f"`{room}{'/' if folder.is_dir() else '.py'}`", what))
    return table(("row", "room", "what stands in it"), rows)


def codes() -> str:
    """List the codes of problems."""
    return table(("code", "what is wrong"), ((f"`{code}`", CODES[code]) for code in sorted(CODES)))


def findings() -> str:
    """Describe every finding of a check."""
    return "\n".join(
        f"## `{code}`\n\n**{entry.title}** ({entry.severity}).\n\n"
        f"{_sentences(entry.meaning)}\n{_sentences(entry.remedy)}\n"
        for code, entry in FINDING_CODES.items()
    )


def _sentences(text: str) -> str:
    return re.sub(r"(?<=[.]) (?=[A-Z])", "\n", text)


def problems() -> str:
    """Show what two problems look like, from the tests of broken registries."""
    told = ROOT / "tests" / "broken" / "dangling-fact-and-source" / "expected.txt"
    return f"```text\n{told.read_text(encoding='utf-8')}```\n"


def statuses() -> str:
    """List the statuses."""
    rows = ((f"`{status}`", meaning) for status, meaning in MEANINGS.items())
    return table(("status", "what it means"), rows)


def page_states() -> str:
    """Return what can become of a page that is captured."""
    rows = ((f"*{state.value}*", words) for state, words in STATES.items())
    return table(["state", "what it means"], rows)


def answers() -> str:
    """List what can become of a quote."""
    rows = ((f"*{answer}*", meaning) for answer, meaning in ANSWERS.items())
    return table(("answer", "what it means"), rows)


def causes() -> str:
    """List what can change a claim, in the order in which the events of one day are taken."""
    return table(("cause", "what happened"), ((f"`{kind}`", CAUSES[kind]) for kind in CauseKind))


def tiers() -> str:
    """List the tiers by rank."""
    rows = (
        ("no tier" if tier is None else f"`{tier}`", str(rank))
        for tier, rank in sorted(TIER_RANKS.items(), key=lambda pair: pair[1])
    )
    return table(("tier", "rank"), rows)


def periods() -> str:
    """List the codes for parts of a year."""
    rows = []
    for code, (first, length) in PERIODS.items():
        last = first + length - 1
        year = " of the next year" if last > len(MONTHS) else ""
        rows.append((f"`{code}`", f"{MONTHS[first - 1]} to {MONTHS[(last - 1) % 12]}{year}"))
    return table(("code", "months"), rows)


def limits() -> str:
    """List the bounds of what is read."""
    rows = (
        *(
            (field.metadata["what"], f"{getattr(LIMITS, field.name):,}")
            for field in attrs.fields(Limits)
        ),
        ("parts of a key in TOML", f"{MOST_PARTS:,}"),
        ("characters of a text", f"{MAX_TEXT:,}"),
        ("characters of an id", f"{MAX_ID:,}"),
        ("characters of a span", f"{LONGEST:,}"),
        ("criteria in criteria", f"{MAX_DEPTH:,}"),
    )
    return table(("what", "at most"), rows)


def connectives() -> str:
    """Tabulate `all` and `any` of two members."""
    truths = (UNKNOWN, TRUE, FALSE, CONFLICTING)
    rows = (
        (one.word, other.word, at_least(2, (one, other)).word, at_least(1, (one, other)).word)
        for one, other in itertools.combinations_with_replacement(truths, 2)
    )
    return table(("one", "the other", "`all`", "`any`"), rows)


def truths() -> str:
    """Tabulate the two bits of a criterion, and the statuses that each pair can make."""
    undecided = [
        status
        for status in Status
        if status not in {*DECIDED, Status.ANNULLED, Status.NOT_CHECKABLE}
    ]
    rows = []
    for truth, status in STATUS_OF.items():
        found = undecided if status is None else [status]
        if status is Status.FAILED:
            found = [Status.FAILED, Status.LATE]
        bits = ["yes" if bit else "no" for bit in truth]
        rows.append([*bits, truth.word, " or ".join(f"`{one}`" for one in found)])
    return table(("shown", "refuted", "the criterion is", "the claim is"), rows)


def commands() -> str:
    """Describe every command of the command line."""
    return "\n".join(_commands("claimtrack", cli))


def _commands(name: str, command: click.Command) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield from _command(name, command)
        return
    context = click.Context(command)
    for sub in command.list_commands(context):
        found = command.get_command(context, sub)
        if found is not None and not found.hidden:
            yield from _commands(f"{name} {sub}", found)


def _command(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    yield f"## `{name}`\n"
    yield f"```text\n{usage}\n```\n"
    yield f"{_paragraphs(command.help or '')}\n"
    rows = [
        _option(parameter, context)
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
    ]
    if rows:
        yield table(("option", "what it does"), rows)


def _paragraphs(text: str) -> str:
    blocks = text.partition("\f")[0].replace("\b\n", "").strip().split("\n\n")
    return "\n\n".join(" ".join(block.split()) for block in blocks)


def _option(option: click.Option, context: click.Context) -> tuple[str, str]:
    names, words = option.get_help_record(context) or ("", "")
    if isinstance(option.type, click.Choice) and option.metavar is not None:
        words += f" One of {', '.join(map(str, option.type.choices))}."
    return f"`{names.replace('|', chr(92) + '|')}`", " ".join(words.split()).replace("|", r"\|")


def audit() -> str:
    """Print a part of the audit of the example as the command line does."""
    speakers = ("vladimir-putin", "gazprom", "alexei-miller")
    wanted = (word for speaker in speakers for word in ("--speaker", speaker))
    return _printed("audit", EXAMPLE, "--as-of", "2019-12-02", "--topic", "energy", *wanted)


def explanation() -> str:
    """Print the explanation of one claim as the command line does."""
    return _printed("explain", "siberia-pipeline-by-end-2019", EXAMPLE, "--as-of", "2019-12-02")


def history() -> str:
    """Print the history of one claim as the command line does."""
    return _printed("history", "siberia-pipeline-by-end-2019", EXAMPLE, "--to", "2026-01-01")


def _printed(*arguments: str) -> str:
    with redirect_stdout(io.StringIO()) as printed, chdir(ROOT):
        columns = os.environ.get("COLUMNS")
        os.environ["COLUMNS"] = str(WIDTH)
        try:
            status = main(list(arguments))
        finally:
            if columns is None:
                del os.environ["COLUMNS"]
            else:
                os.environ["COLUMNS"] = columns
    if status:
        message = f"claimtrack {' '.join(arguments)} ended with status {status}"
        raise RuntimeError(message)
    text = "\n".join(line.rstrip() for line in printed.getvalue().splitlines())
    return f"```console\n$ claimtrack {' '.join(arguments)}\n{text}\n```\n"


def scales() -> str:
    """List the scales that are shipped, with their labels."""
    rows = []
    for scale in load_scales().values():
        states = [label.name for label in scale.labels if not label.scored]
        labels = ", ".join(scale.order) + (f"; not scored: {', '.join(states)}" if states else "")
        kinds = ", ".join(scale.for_kinds) or "all"
        cells = (scale.name, scale.measures or "", kinds, labels, scale.note or "")
        rows.append((f"`{scale.id}`", *cells))
    return table(("scale", "title", "measures", "for", "labels", "note"), rows)


def hedges() -> str:
    """List the words of each map of hedges, with their numbers."""
    rows = [
        (f"`{name}`", label.name, f"{label.value:g}", ", ".join(label.also))
        for name in hedge_maps()
        for label in scale_of(f"{HEDGE_PREFIX}{name}").labels
    ]
    return table(("map", "hedge", "probability", "also"), rows)


def mappings() -> str:
    """List which labels say that a claim holds, by scale."""
    rows = (
        (f"`{scale.id}`", *(", ".join(scale.saying(says)) or "none" for says in list(Says)[:3]))
        for scale in load_scales().values()
        if scale.says_anything
    )
    return table(("scale", "supports", "partly", "refutes"), rows)


def rating_policies() -> str:
    """Show what each policy that is shipped makes of each outcome."""
    policies = load_policies().values()
    rows = (
        (f"`{outcome.value}`", *(policy.rows[outcome].shown for policy in policies))
        for outcome in PolicyOutcome
    )
    return table(("outcome", *(f"`{policy.id}`" for policy in policies)), rows)


def whys() -> str:
    """Say what can change a status between two audits, in the order in which it is looked at."""
    rows = ((f"`{kind}`", text) for kind, text in WHYS.items() if kind not in NEVER_CAUSES)
    return table(("cause", "meaning"), rows)


def bulk_limits() -> str:
    """List the bounds on Parquet files and on what a query takes."""
    rows = (
        (field.metadata["what"], f"{getattr(BULK_LIMITS, field.name):,}")
        for field in attrs.fields(type(BULK_LIMITS))
    )
    return table(("what", "at most"), rows)


def bulk_tables() -> str:
    """Describe the tables of the bulk engine."""
    return "\n".join(
        f"## `{name}`\n\n{DESCRIBED[name]}\n\n"
        + table(
            ("column", "type", "may be empty", "what it says"),
            (
                (f"`{column}`", told.type, "yes" if told.nullable else "no", told.meaning)
                for column, told in columns.items()
            ),
        )
        for name, columns in SCHEMA.items()
    )


DESCRIBED: Final[Mapping[str, str]] = {
    "claims": "A row for each claim.",
    "criteria": "A row for each node of each criterion, reading and condition.",
    "evidence": "A row for each piece of evidence, and for each published rating.",
    "sources": "A row for each source.",
    "supersedes": "A row for each piece of evidence and each one that takes its place.",
}

TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "answers": answers,
    "page-states": page_states,
    "audit": audit,
    "causes": causes,
    "bulk-limits": bulk_limits,
    "bulk-tables": bulk_tables,
    "codes": codes,
    "commands": commands,
    "connectives": connectives,
    "explanation": explanation,
    "findings": findings,
    "hedges": hedges,
    "history": history,
    "limits": limits,
    "mappings": mappings,
    "periods": periods,
    "problems": problems,
    "rating-policies": rating_policies,
    "rooms": rooms,
    "scales": scales,
    "statuses": statuses,
    "tiers": tiers,
    "truths": truths,
    "whys": whys,
}


def pages() -> list[Path]:
    """Return every page that may hold a generated table."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def written(text: str) -> str:
    """Return the *text* of a page with its tables as they ought to be."""
    return BLOCK.sub(lambda block: f"{block[1]}{TABLES[block['name']]()}{block[3]}", text)


def write_tables() -> int:
    """Write all tables, and return 0."""
    for page in pages():
        before = page.read_text(encoding="utf-8")
        after = written(before)
        if after != before:
            page.write_text(after, encoding="utf-8")
            print(page.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(write_tables())
