"""
Look which rules a set of tables needs.

Most registries ask for few of them, and what is not asked for need not be in the query: a join
with the sources, say, only where tiers or several witnesses count.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import attrs

from claimtrack.bulk.engines import engine_of, rows
from claimtrack.bulk.schema import ANY_ZONE, WORST_RANK
from claimtrack.bulk.tables import Expression, Tables, ibis
from claimtrack.errors import Problems

WORDS: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("criteria", "kind"): frozenset(
        ("event", "figure", "reaches", "throughout", "judged", "assessed", "count", "not", "parts")
    ),
    ("criteria", "role"): frozenset(("main", "reading", "condition")),
    ("evidence", "stance"): frozenset(("supports", "refutes", "context")),
}
"""What may stand in the columns of which the rules know every word, by table and column."""


@attrs.frozen(kw_only=True)
class Plan:
    """
    What occurs in a set of tables.

    Args:
        kinds: The kinds of nodes.
        depth: The greatest depth of a node.
        several: Whether a leaf needs several witnesses.
        tiered: Whether a leaf asks for a tier.
        by_tier: Whether the better tier settles conflicts.
        zoned: Whether evidence is read in several zones.
        sampled: Whether a leaf takes samples.
        conditions: Whether a claim has a condition.
        judgements: Whether evidence judges claims.
        superseded: Whether evidence is superseded.
        keep: How the engine keeps a table that is used more than once.
    """

    kinds: frozenset[str]
    depth: int
    several: bool
    tiered: bool
    by_tier: bool
    zoned: bool
    sampled: bool
    conditions: bool
    judgements: bool
    superseded: bool
    keep: Callable[[Expression], Expression]

    @property
    def sources(self) -> bool:
        """Whether anything depends on who vouches for evidence."""
        return self.several or self.tiered or self.by_tier


def plan_of(tables: Tables) -> Plan:
    """
    Ask the engine what occurs in *tables*.

    Raises:
        LoadError: A kind, a role or a stance is none that the rules know.
    """
    this = ibis()._
    criteria = tables.criteria
    is_leaf = this.members == 0
    kinds = criteria.group_by("kind", "role").agg(
        depth=this.depth.max(),
        several=(is_leaf & (this.needed > 1)).any(),
        tiered=(this.worst_rank < WORST_RANK).any(),
        by_tier=this.by_tier.any(),
        zoned=(this.zone != ANY_ZONE).any(),
        sampled=this.samples.notnull().any(),
    )
    found = rows(kinds)
    judgements = _judgements(tables)
    used = {
        ("criteria", "kind"): {row["kind"] for row in found},
        ("criteria", "role"): {row["role"] for row in found},
        ("evidence", "stance"): judgements,
    }
    _check_words(used)
    flags = ("several", "tiered", "by_tier", "zoned", "sampled")
    return Plan(
        kinds=frozenset(row["kind"] for row in found),
        depth=max((row["depth"] for row in found), default=0),
        conditions="condition" in used["criteria", "role"],
        judgements=bool(judgements),
        superseded=_is_any(tables.supersedes),
        keep=engine_of(criteria.get_backend()).keep,
        **{flag: any(row[flag] for row in found) for flag in flags},
    )


def _is_any(table: Expression) -> bool:
    """Say whether a table has rows."""
    [row] = rows(table.count().name("number").as_table())
    return bool(row["number"])


def _judgements(tables: Tables) -> set[str]:
    """Return the stances of the evidence that judges claims."""
    judging = tables.evidence.filter(tables.evidence.claim.notnull())
    found = rows(judging.select("stance").distinct())
    return {row["stance"] or "" for row in found}


def _check_words(used: Mapping[tuple[str, str], Iterable[str]]) -> None:
    problems = Problems()
    for (table, column), words in used.items():
        known = WORDS[table, column]
        for word in sorted(set(words) - known):
            message = f"table {table!r} column {column!r} holds {word!r}; expected one of "
            problems.add("CT005", message + ", ".join(sorted(known)))
    problems.raise_if_any()
