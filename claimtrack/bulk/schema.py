"""
The columns of the tables that the bulk engine reads, and their limits.

The reference page is generated from this module.

Days are whole numbers as `datetime.date.toordinal` counts them: 1 is 1 January of year 1, and
737395 is 2 December 2019. They are numbers because every engine subtracts those in the same way.
An open end is `OPEN`, which is later than any day that can be written.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from claimtrack.model.criterion import MAX_DEPTH

OPEN: Final = 10**18
"""An open end as a day: an open beginning is minus this."""
FAR: Final = 10**17
"""More than any day, or number of days between two days, that are not open."""
ANY_ZONE: Final = ""
EARTH: Final = "earth"
"""The zone of claims without one: a moment then is every civil day that it is anywhere."""
WORST_RANK: Final = 5


def _limit(default: int, what: str) -> int:
    return attrs.field(default=default, metadata={"what": what})


@attrs.frozen(kw_only=True)
class TableLimits:
    """
    Limits of Parquet files and of queries, each inclusive.

    A file of a few bytes can state, or unpack to, any number of rows and bytes; the limits are
    therefore in proportion to the size of the file.
    """

    rows: int = _limit(1_000_000, "rows of any file, however small it is")
    rows_per_byte: int = _limit(100, "further rows for each byte of the file")
    unpacked: int = _limit(64_000_000, "bytes that any file may unpack to")
    unpacked_per_byte: int = _limit(1_000, "further bytes for each byte of the file")
    page_bytes: int = _limit(1 << 27, "bytes that a page of a file may unpack to")
    columns: int = _limit(1_000, "columns of a file")
    line_bytes: int = _limit(4 << 20, "bytes of a record as a line of JSON")
    depth: int = _limit(MAX_DEPTH, "nodes above a node of a criterion")
    joined: int = _limit(
        1_000_000_000,
        "rows of a step of the query: reports for each leaf that asks of their fact, and for each "
        "criterion of several leaves the days that are tried, twice the square of their number",
    )
    memory: int = _limit(
        4_000_000_000, "bytes of memory that DuckDB takes where none are given, or 80 % if less"
    )


LIMITS: Final = TableLimits()


@attrs.frozen
class Column:
    """
    One column of one table.

    Args:
        type: ``text``, ``day``, ``count`` (both whole numbers), ``flag`` (true or false), or
            ``order``: text from `claimtrack.bulk.rows`, or exact decimals.
        meaning: What its values mean.
        nullable: Whether it may be empty.
        least: The least whole number; None for that of its type.
        most: The greatest, likewise.
    """

    type: str
    meaning: str
    nullable: bool = False
    least: int | None = None
    most: int | None = None

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the greatest whole number of the column, both inclusive."""
        least, most = (-OPEN, OPEN) if self.type == "day" else (0, FAR)
        return (
            least if self.least is None else self.least,
            most if self.most is None else self.most,
        )


def _nullable(type_: str, meaning: str) -> Column:
    return Column(type_, meaning, nullable=True)


def _node(meaning: str, *, nullable: bool = False) -> Column:
    """Return a column of node numbers, which may be any 64-bit integers."""
    return Column("count", meaning, nullable, least=-(2**63), most=2**63 - 1)


CLAIMS: Final[Mapping[str, Column]] = {
    "id": Column("text", "The claim; unique."),
    "said": Column("day", "The earliest day on which it can have been said."),
    "said_last": Column("day", "The latest such day."),
    "due": _nullable("day", "The last day of its own `due`; empty if it has none."),
    "grace": Column("count", "Its days of grace, else the policy's."),
    "can_be_late": Column("flag", "Whether its kind is neither `fact` nor `opinion`."),
    "annulled": _nullable("day", "The first day on which it no longer stands; empty if it stands."),
}

CRITERIA: Final[Mapping[str, Column]] = {
    "node": _node("The node of the criterion; unique over the whole table."),
    "tree": _node("The node at the top of this criterion; the top names itself."),
    "parent": _node("The node right above; empty at the top.", nullable=True),
    "depth": Column(
        "count",
        f"How many nodes are above it; 0 at the top, and at most {LIMITS.depth}.",
        most=LIMITS.depth,
    ),
    "claim": Column("text", "The claim that it belongs to."),
    "role": Column("text", "`main`, `reading` or `condition`."),
    "reading": _nullable("text", "The name of the reading; empty in the other roles."),
    "kind": Column(
        "text",
        "`event`, `figure`, `reaches`, `throughout`, `judged` or `assessed` for a leaf; `count`, "
        "`not` or `parts` for a composite. `all` and `any` are a `count` of all members, and of "
        "one.",
    ),
    "needed": Column(
        "count",
        "For a leaf, its `min_sources`, else the policy's; for a `count`, how many members have "
        "to hold; else 1.",
    ),
    "members": Column("count", "How many nodes are right below it; 0 for a leaf."),
    "fact": _nullable(
        "text",
        "The fact that a leaf asks of; for `assessed`, the claim, ` on ` and the scale; empty for "
        "`judged` and composites.",
    ),
    "zone": Column(
        "text",
        "The zone of the claim, where the days of the evidence on the fact depend on it (it is "
        "dated by moments), `earth` where it then has none; else the empty text.",
    ),
    "low": _nullable(
        "day", "The first day of a leaf's window or period; empty for composites and where "
        "judgement is asked of no window."
    ),
    "high": _nullable("day", "The last day of it, likewise."),
    "worst_rank": Column(
        "count",
        "The worst rank that counts, by the leaf's `min_tier`, else the policy's; else 5.",
        most=WORST_RANK,
    ),
    "by_tier": Column("flag", "Whether the better tier settles a conflict in this leaf."),
    "once": Column("flag", "Whether the leaf asks of an event that happens once only."),
    "grows": Column(
        "flag",
        "Whether it is a `reaches` leaf on a cumulative fact whose test is at_least or above.",
    ),
    "test_low": _nullable(
        "order", "The least number that passes the test; empty if there is none."
    ),
    "test_high": _nullable("order", "The greatest, likewise."),
    "test_open": Column("flag", "Whether these numbers themselves do not pass (above, below)."),
    "state": _nullable("text", "The state that passes, as JSON; empty for all but states."),
    "samples": _nullable("count", "How many different periods are enough; empty if none are."),
    "supports": _nullable(
        "text",
        "For `assessed`, the labels that support the leaf, under all their names; else empty. Each "
        "is the id of its scale, a space, and the name in small letters, with spaces for hyphens "
        "and without a closing `!`, as JSON, with a line feed before and after it.",
    ),
    "refutes": _nullable("text", "The labels that refute it, likewise."),
}  # fmt: skip

EVIDENCE: Final[Mapping[str, Column]] = {
    "id": Column("text", "The piece of evidence; unique together with `zone`."),
    "source": Column("text", "Its source; each rating has one of its own, whose witness is `by`."),
    "zone": Column(
        "text",
        "The zone in which its days are read: a row for each that `criteria` names for its fact, "
        "or one row with the empty text.",
    ),
    "fact": _nullable(
        "text",
        "The fact that it reports on; empty if it judges a claim. For a published rating, the "
        "claim, ` on ` and the scale.",
    ),
    "claim": _nullable("text", "The claim that it judges; empty if it reports on a fact."),
    "stance": _nullable(
        "text", "`supports`, `refutes` or `context`; empty if it reports on a fact."
    ),
    "published": _nullable("day", "The last day of its publication, its own or its source's."),
    "recorded": _nullable("day", "The last day on which the registry can have taken it in."),
    "withdrawn": _nullable("day", "The first day on which it no longer counts."),
    "first": _nullable("day", "The first day that it tells of; empty if it tells of none."),
    "last": _nullable(
        "day", "The last; of what happened no later than `published`, `first` likewise."
    ),
    "denies": Column("flag", "Whether it tells that an event did not happen."),
    "value_low": _nullable("order", "The least that an observed quantity can be."),
    "value_high": _nullable("order", "The greatest; the same for a plain number."),
    "state": _nullable(
        "text", "The observed state, as JSON; of a rating the label, as labels stand in `criteria`."
    ),
}

SOURCES: Final[Mapping[str, Column]] = {
    "id": Column("text", "The source; unique."),
    "witness": Column("text", "Its origin, else its publisher, else its id."),
    "rank": Column(
        "count",
        "0 primary, 1 wire, 2 press, 3 reference, 4 social, 5 for a source without a tier.",
        most=WORST_RANK,
    ),
}

SUPERSEDES: Final[Mapping[str, Column]] = {
    "superseded": Column("text", "The evidence that no longer counts."),
    "superseding": Column(
        "text", "The evidence that takes its place; of a rating, the next one by the same assessor."
    ),
    "zone": Column("text", "As in `evidence`, for the superseded; a row for each of its rows."),
    "published": _nullable("day", "Of the superseding evidence, as in `evidence`."),
    "recorded": _nullable("day", "Likewise."),
    "withdrawn": _nullable("day", "Likewise."),
}

SCHEMA: Final[Mapping[str, Mapping[str, Column]]] = {
    "claims": CLAIMS,
    "criteria": CRITERIA,
    "evidence": EVIDENCE,
    "sources": SOURCES,
    "supersedes": SUPERSEDES,
}
"""Every table by name."""
