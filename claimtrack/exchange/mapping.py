"""
What the columns of a sheet mean: guessed from their heads, kept in ``import.toml``, and read back.

A *target* is what a cell can say of a claim or of a piece of evidence. A mapping gives columns to
targets, and constants to targets of which no column speaks.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import attrs

from claimtrack.errors import ClaimTrackError, FieldError, LoadError, Problem, did_you_mean
from claimtrack.exchange.cells import ORDERS, day, host_of, tidy
from claimtrack.exchange.sheets import Sheet
from claimtrack.files.toml import document_of
from claimtrack.files.toml_writer import SpanText, write_document
from claimtrack.model.scales import Scale, shipped_scale, shipped_scales

CLAIMS: Final = "claims"
EVIDENCE: Final = "evidence"

HEADS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    CLAIMS: {
        "key": ("id", "key", "nr", "no", "number", "ref", "slug", "code", "claim id", "promise id"),
        "words": (
            *("words", "claim", "promise", "pledge", "statement", "prediction", "quote", "text"),
            *("claim text", "promise text", "what was said", "what", "title", "question", "name"),
        ),
        "speaker": (
            *("speaker", "who", "person", "politician", "claimant", "said by", "made by"),
            *("promised by", "speaker name", "name"),
        ),
        "said": (
            *("said", "said on", "date said", "when", "date", "day", "claim date", "made on"),
            *("promised on", "promised", "date made", "statement date"),
        ),
        "address": (
            *("address", "sources", "source url", "source address", "source link", "url", "link"),
            *("source", "where", "page", "web page"),
        ),
        "due": ("due", "due on", "due by", "due date", "deadline", "by when", "target date"),
        "status": ("status", "rating", "verdict", "label", "outcome", "result", "state"),
        "rated_on": (
            *("rated on", "rated", "status date", "date of status", "rating date", "checked on"),
            *("verdict date", "updated", "last updated", "as of"),
        ),
        "by": ("by", "rated by", "rater", "checked by", "assessor", "reviewer"),
        "status_address": (
            *("status address", "status url", "status link", "rating url", "rating address"),
            *("review url", "fact check", "fact check url"),
        ),
        "status_note": (
            *("status info", "status note", "why", "justification", "explanation", "reason"),
            *("rating note", "status reason"),
        ),
        "topic": ("topic", "topics", "category", "categories", "subject", "theme", "tags", "area"),
        "kind": ("kind", "claim kind", "claim type"),
        "quote_kind": ("quote kind",),
        "proposition": ("proposition", "checked statement"),
        "publisher": ("publisher", "outlet", "source name", "medium"),
        "note": ("note", "notes", "comment", "comments", "remark", "remarks"),
    },
    EVIDENCE: {
        "key": ("id", "key", "nr", "no", "number", "ref", "evidence id"),
        "fact": ("fact", "fact id"),
        "claim": ("claim", "claim id"),
        "happened": ("happened", "happened on", "day", "date", "event date", "when it happened"),
        "not_happened": ("not happened", "did not happen"),
        "value": ("value", "number", "figure", "amount"),
        "when": ("when", "period", "observed", "for when"),
        "unit": ("unit",),
        "stance": ("stance", "judgement", "supports or refutes"),
        "address": ("address", "url", "link", "source url", "source", "source address", "page"),
        "publisher": ("publisher", "outlet", "source name", "medium"),
        "published": ("published", "published on", "publication date", "reported", "reported on"),
        "quote": ("quote", "words", "text"),
        "note": ("note", "notes", "comment", "comments"),
    },
}
"""For what a sheet holds, the targets of its columns, and the heads by which each is known."""

CONSTANTS_ONLY: Final = ("scale",)
"""Targets of which no column speaks."""

_NEEDED: Final[Mapping[str, Mapping[str, str]]] = {
    CLAIMS: {
        "words": "what was said",
        "speaker": "who said it",
        "said": "when it was said",
        "address": "where it was said",
    },
    EVIDENCE: {
        "address": "where it was read",
        "published": "when the public could know it",
    },
}
_NEEDED_FOR_STATUS: Final[Mapping[str, str]] = {
    "scale": "the scale of the statuses",
    "by": "who gave the statuses",
    "rated_on": "when the statuses were given",
}

_KEYS: Final = ("as", "tab", "encoding", "delimiter", "date_order", "decimal", "columns", "set")


class MappingError(ClaimTrackError, ValueError):
    """
    A mapping does not fit its sheet, or lacks something; every problem of it.

    Args:
        problems: Pairs of a code and what is wrong, at least one.
    """

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(f"{code} {message}" for code, message in self.problems)


@attrs.frozen
class Column:
    """
    What one column says.

    Args:
        head: Its head.
        target: What its cells say, a key of `HEADS`.
        rated_on: For statuses: the day on which all of the column were given; None if another
            column or a constant says it.
    """

    head: str
    target: str
    rated_on: str | None = None


@attrs.frozen(kw_only=True)
class ColumnMapping:
    """
    How a sheet is read.

    Args:
        holds: What a row is: `CLAIMS` or `EVIDENCE`.
        columns: Those that say something.
        constants: By target, what no column says, or what an empty cell means.
        date_order: One of `claimtrack.exchange.cells.ORDERS`.
        decimal: The decimal mark of numbers.
        tab: The sheet of a workbook.
    """

    holds: str = CLAIMS
    columns: tuple[Column, ...] = ()
    constants: Mapping[str, str] = attrs.field(factory=dict)
    date_order: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    tab: str | None = None

    def has(self, target: str) -> bool:
        """Say whether a column or a constant says *target*."""
        return target in self.constants or any(one.target == target for one in self.columns)

    def has_column(self, target: str) -> bool:
        """Say whether a column says *target*."""
        return any(one.target == target for one in self.columns)

    def with_constants(self, constants: Mapping[str, str]) -> "ColumnMapping":
        """Return the mapping with further *constants*."""
        return attrs.evolve(self, constants={**self.constants, **constants})


def guessed(
    sheet: Sheet,
    *,
    holds: str = CLAIMS,
    constants: Mapping[str, str] | None = None,
    key: str | None = None,
    scales: Iterable[Scale] = (),
    **settings: str | None,
) -> ColumnMapping:
    """
    Return the mapping that the heads of *sheet* suggest.

    Args:
        sheet: Its heads and cells are looked at.
        holds: What a row is.
        constants: Those that the user gave; a scale is added where the statuses are on one.
        key: The head of the column with the keys, if the user named one.
        scales: Those of the registry, beside the shipped ones.
        settings: Further fields of the mapping.
    """
    taken: dict[str, Column] = {}
    used: set[str] = set()
    if key is not None:
        taken["key"] = Column(key, "key")
        used.add(key)
    ranked = sorted(
        (rank, place, target)
        for target, names in HEADS[holds].items()
        for rank, name in enumerate(names)
        for place, head in enumerate(sheet.heads)
        if _plain(head) == name
    )
    for _, place, target in ranked:
        head = sheet.heads[place]
        if target not in taken and head not in used and _may_be(target, sheet, place):
            taken[target] = Column(head, target)
            used.add(head)
    columns = [*taken.values()]
    if holds == CLAIMS:
        columns += _further_columns(sheet, taken, used)
    columns.sort(key=lambda one: sheet.heads.index(one.head))
    given = dict(constants or {})
    statuses = [sheet.column(one.head) for one in columns if one.target == "status"]
    if statuses and "scale" not in given:
        labels = {cell for place in statuses for cell in _cells(sheet, place)}
        scale = _scale_of(labels, [*scales])
        if scale is not None:
            given["scale"] = scale
    if "scale" in given and "kind" not in given and "kind" not in taken:
        known = shipped_scale(given["scale"])
        if known is not None and len(known.for_kinds) == 1:
            given["kind"] = known.for_kinds[0]
    return ColumnMapping(holds=holds, columns=tuple(columns), constants=given, **settings)


def _plain(head: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", head.casefold()).split())


def _cells(sheet: Sheet, place: int) -> Iterator[str]:
    return (tidy(row.cells[place]) for row in sheet.rows if len(row.cells) > place)


def _may_be(target: str, sheet: Sheet, place: int) -> bool:
    """Say whether the cells of a column can be what its head suggests."""
    if "address" not in target or _plain(sheet.heads[place]) == "address":
        return True
    filled = [cell for cell in _cells(sheet, place) if cell]
    return not filled or any(host_of(cell.split()[0]) for cell in filled)


def _further_columns(sheet: Sheet, taken: Mapping[str, Column], used: set[str]) -> Iterator[Column]:
    """Find statuses with a day in their heads, and the pages of statuses under a plain head."""
    for head in sheet.heads:
        if head in used:
            continue
        found = re.fullmatch(r"(?i)(?:status|rating|verdict)\W+(.*\d.*?)\W*", head)
        if found:
            try:
                rated_on = day(found[1])
            except FieldError:
                continue
            used.add(head)
            yield Column(head, "status", rated_on)
    has_status = "status" in taken or any("status" in head.lower() for head in used)
    if has_status and "status_address" not in taken:
        for head in sheet.heads:
            is_page = _plain(head) in {"url", "link", "page", "address", "web page"}
            if head not in used and is_page and _may_be("address", sheet, sheet.column(head)):
                yield Column(head, "status_address")
                return


def _scale_of(labels: set[str], own: Sequence[Scale]) -> str | None:
    """Return the one scale that has all *labels*, an *own* or the shortest of several; or None."""
    wanted = labels - {""}
    fitting = [scale for scale in own if all(map(scale.find, wanted))] or [
        scale
        for id_ in shipped_scales()
        if (scale := shipped_scale(id_)) is not None and all(map(scale.find, wanted))
    ]
    if not wanted or not fitting:
        return None
    fitting.sort(key=lambda scale: len(scale.labels))
    alike = [scale for scale in fitting if len(scale.labels) == len(fitting[0].labels)]
    return fitting[0].id if len(alike) == 1 else None


def missing(mapping: ColumnMapping) -> tuple[tuple[str, str], ...]:
    """Return what no column and no constant says: pairs of a target and what it is in words."""
    needed = dict(_NEEDED[mapping.holds])
    if mapping.holds == CLAIMS and mapping.has_column("status"):
        needed |= _NEEDED_FOR_STATUS
        statuses = [one for one in mapping.columns if one.target == "status"]
        if all(one.rated_on for one in statuses):
            del needed["rated_on"]
    lacking = [(target, what) for target, what in needed.items() if not mapping.has(target)]
    if mapping.holds == EVIDENCE and not (mapping.has("fact") or mapping.has("claim")):
        lacking.insert(0, ("fact", "the fact or the claim that it is about"))
    return tuple(lacking)


def checked(mapping: ColumnMapping, sheet: Sheet) -> ColumnMapping:
    """
    Return *mapping* if it fits *sheet* and says all that is needed.

    Raises:
        MappingError: It does not; it names every problem (CT361, CT362).
    """
    problems = []
    for column in mapping.columns:
        if column.head not in sheet.heads:
            hint = did_you_mean(column.head, sheet.heads) or f"it has {', '.join(sheet.heads)}"
            problems.append(("CT362", f"{sheet.name} has no column {column.head!r}; {hint}"))
    for target, what in missing(mapping):
        problems.append(
            (
                "CT361",
                (
                    f"{sheet.name} has no column for {target}, {what}; "
                    f"name one in the mapping, or say it for all rows: --set {target}=..."
                ),
            )
        )
    if problems:
        raise MappingError(tuple(problems))
    return mapping


def refuse_constants(constants: Mapping[str, str], holds: str) -> None:
    """
    Refuse constants that no row of what a sheet *holds* has.

    Raises:
        MappingError: There is one (CT362).
    """
    known = [*HEADS[holds], *CONSTANTS_ONLY]
    problems = [
        ("CT362", f"{name!r} is nothing that can be set; {did_you_mean(name, known) or known}")
        for name in constants
        if name not in known or name == "key"
    ]
    if problems:
        raise MappingError(tuple(problems))


def mapping_text(mapping: ColumnMapping, sheet: Sheet) -> str:
    """Return *mapping* as the text of an ``import.toml``, with what it leaves out as comments."""
    top = [f"# How `claimtrack import` reads {sheet.name!r}. Look at it, mend it, and import:"]
    top.append("# each column has what its cells say; [set] says what no column does.")
    lines = [f"as = {_quoted(mapping.holds)}"]
    for name in ("tab", "encoding", "delimiter", "date_order", "decimal"):
        value = getattr(mapping, name)
        if value is not None:
            lines.append(f"{name} = {_quoted(value)}")
    if mapping.date_order is None:
        lines.append('# date_order = "dmy"  # or "mdy", for days such as 3/4/2020')
    parts = ["\n".join([*top, "", *lines, ""])]
    columns = {
        one.head: one.target
        if one.rated_on is None
        else {"as": one.target, "rated_on": SpanText(one.rated_on)}
        for one in mapping.columns
    }
    kept = write_document([("columns", columns)], single=("columns",))
    left = [head for head in sheet.heads if head not in columns]
    if left:
        targets = ", ".join(HEADS[mapping.holds])
        kept += "# Not imported; what a column can be is one of\n"
        kept += f"# {targets}.\n"
        kept += "".join(f'# {_quoted(head)} = "note"\n' for head in left)
    parts.append(kept)
    constants = {name: _constant(value) for name, value in mapping.constants.items()}
    said = write_document([("set", constants)], single=("set",))
    said += "".join(f"# {target} =  # {what}\n" for target, what in missing(mapping))
    parts.append(said)
    return "\n".join(parts)


def _quoted(text: str) -> str:
    return write_document([("k", {"k": text})]).split("\n")[1].removeprefix("k = ")


def _constant(value: str) -> str:
    return SpanText(value)


def _as_pair(problem: Problem) -> tuple[str, str]:
    hint = f"; {problem.hint}" if problem.hint else ""
    return "CT362", f"{problem.location} {problem.message}{hint}"


def mapping_of(text: str, name: str) -> ColumnMapping:
    """
    Read the text of an ``import.toml``.

    Raises:
        MappingError: It is no mapping; it names every problem (CT362).
    """
    try:
        table = document_of(text, name)
    except LoadError as error:
        raise MappingError(tuple(map(_as_pair, error.problems))) from None
    problems = [
        f"{key!r} is not known; {did_you_mean(key, _KEYS) or list(_KEYS)}"
        for key in table
        if key not in _KEYS
    ]
    holds = table.get("as", CLAIMS)
    if not isinstance(holds, str) or holds not in HEADS:
        problems.append(f"as = {holds!r} is not known; expected one of {', '.join(HEADS)}")
        holds = CLAIMS
    order = table.get("date_order")
    if order is not None and order not in ORDERS:
        problems.append(f"date_order = {order!r} is not known; expected one of {', '.join(ORDERS)}")
    if table.get("decimal") not in (None, ".", ","):
        problems.append(f"decimal = {table['decimal']!r} is not known; expected '.' or ','")
    texts = {
        key: table[key]
        for key in ("tab", "encoding", "delimiter", "date_order", "decimal")
        if key in table
    }
    problems += [
        f"{key} = {value!r} has the wrong type; expected a text"
        for key, value in texts.items()
        if not isinstance(value, str)
    ]
    columns = list(_columns(table.get("columns", {}), holds, problems))
    constants = dict(_constants(table.get("set", {}), holds, problems))
    if problems:
        raise MappingError(tuple(("CT362", f"{name}: {one}") for one in problems))
    return ColumnMapping(holds=holds, columns=tuple(columns), constants=constants, **texts)


def _columns(table: Any, holds: str, problems: list[str]) -> Iterator[Column]:  # noqa: ANN401
    if not isinstance(table, dict):
        problems.append("columns is no table; expected [columns] with a head and a word on a line")
        return
    seen: dict[str, str] = {}
    for head, value in table.items():
        target, rated_on = value, None
        if isinstance(value, dict):
            target, rated_on = value.get("as"), value.get("rated_on")
        if not isinstance(target, str) or target not in HEADS[holds]:
            hint = did_you_mean(str(target), HEADS[holds]) or f"expected {', '.join(HEADS[holds])}"
            problems.append(f"column {head!r} is {target!r}, which is not known; {hint}")
            continue
        if target in seen and target != "status":
            problems.append(f"columns {seen[target]!r} and {head!r} are both {target!r}")
        seen[target] = head
        yield Column(head, target, None if rated_on is None else str(rated_on))


def _constants(
    table: Any,  # noqa: ANN401
    holds: str,
    problems: list[str],
) -> Iterator[tuple[str, str]]:
    if not isinstance(table, dict):
        problems.append("set is no table; expected [set] with a name and a value on a line")
        return
    known: Sequence[str] = [*HEADS[holds], *CONSTANTS_ONLY]
    for name, value in table.items():
        if name not in known or name == "key":
            hint = did_you_mean(name, known) or f"expected one of {', '.join(known)}"
            problems.append(f"{name!r} is nothing that can be set; {hint}")
        elif isinstance(value, bool) or not isinstance(value, str | int | float | date | datetime):
            problems.append(f"{name} = {value!r} has the wrong type; expected a text or a day")
        else:
            yield name, str(value)
