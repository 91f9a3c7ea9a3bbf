"""
The rules that a set of tables needs.

Most registries need few of them, and the query leaves the others out: for instance it joins the
sources only where tiers or several witnesses count.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import attrs

from claimtrack.bulk.engines import engine_of, rows
from claimtrack.bulk.schema import ANY_ZONE, LIMITS, WORST_RANK
from claimtrack.bulk.tables import Expression, Tables, ibis
from claimtrack.errors import LoadError, Problem, Problems, TooMuchToWeighError

WORDS: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("criteria", "kind"): frozenset(
        ("event", "figure", "reaches", "throughout", "judged", "assessed", "count", "not", "parts")
    ),
    ("criteria", "role"): frozenset(("main", "reading", "condition")),
    ("evidence", "stance"): frozenset(("supports", "refutes", "context")),
}
"""The valid words of columns with a fixed vocabulary, by table and column."""


@attrs.frozen(kw_only=True)
class Plan:
    """
    The features that a set of tables uses.

    Args:
        kinds: The kinds of nodes.
        depth: The greatest depth of a node.
        several: Whether a leaf needs several witnesses.
        tiered: Whether a leaf requires a tier.
        by_tier: Whether the better tier settles conflicts.
        zoned: Whether evidence is read in several zones.
        sampled: Whether a leaf takes samples.
        conditions: Whether a claim has a condition.
        judgements: Whether evidence judges claims.
        superseded: Whether evidence is superseded.
        keep: `Engine.keep` of the engine.
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
        """Whether any rule depends on the sources of evidence."""
        return self.several or self.tiered or self.by_tier


def plan_of(tables: Tables) -> Plan:
    """
    Find the features that *tables* use, with a few small queries.

    Raises:
        LoadError: A kind, a role or a stance is not known.
        TooMuchToWeighError: A step of the query would have more rows than `LIMITS` allow.
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
    depth = max((row["depth"] for row in found), default=0)
    if depth > LIMITS.depth:  # the check of the column may rely on false statistics in a file
        message = f"table 'criteria' column 'depth' holds {depth}; the limit is {LIMITS.depth}"
        raise LoadError((Problem(code="CT003", message=message),))
    judgements = _judgements(tables)
    used = {
        ("criteria", "kind"): {row["kind"] for row in found},
        ("criteria", "role"): {row["role"] for row in found},
        ("evidence", "stance"): judgements,
    }
    _check_words(used)
    flags = ("several", "tiered", "by_tier", "zoned", "sampled")
    plan = Plan(
        kinds=frozenset(row["kind"] for row in found),
        depth=depth,
        conditions="condition" in used["criteria", "role"],
        judgements=bool(judgements),
        superseded=_is_any(tables.supersedes),
        keep=engine_of(criteria.get_backend()).keep,
        **{flag: any(row[flag] for row in found) for flag in flags},
    )
    joined = joined_rows(tables, plan)
    if joined > LIMITS.joined:
        raise TooMuchToWeighError(None, joined, LIMITS.joined)
    return plan


def joined_rows(tables: Tables, plan: Plan) -> int:
    """Return the most rows that the largest steps of the query can have together."""
    nodes, evidence = tables.criteria, tables.evidence
    leaves = nodes.filter(nodes.members == 0)
    keys = ("fact", "zone") if plan.zoned else ("fact",)
    counts = [_pairs(leaves.filter(leaves.kind != "judged"), evidence, keys)]
    if plan.judgements:
        counts.append(_pairs(leaves.filter(leaves.kind == "judged"), evidence, ("claim",)))
    if plan.depth:
        per_tree = leaves.group_by("tree").agg(number=leaves.count().cast("float64"))
        squares = per_tree.number * per_tree.number * 2
        counts.append(per_tree.agg(number=ibis().ifelse(per_tree.number > 1, squares, 0).sum()))
    return int(sum(row["number"] or 0 for count in counts for row in rows(count)))


def _pairs(leaves: Expression, items: Expression, keys: tuple[str, ...]) -> Expression:
    """Count the pairs of a leaf and an item that are equal in *keys*, without making them."""
    by_leaves = leaves.group_by(*keys).agg(leaves=leaves.count().cast("float64"))
    by_items = items.group_by(*keys).agg(items=items.count().cast("float64"))
    joined = by_leaves.inner_join(by_items, keys)
    return joined.agg(number=(joined["leaves"] * joined["items"]).sum())


def _is_any(table: Expression) -> bool:
    """Whether a table has rows."""
    [row] = rows(table.count().name("number").as_table())
    return bool(row["number"])


def _judgements(tables: Tables) -> set[str]:
    """Return the stances of the evidence that judges claims."""
    judging = tables.evidence.filter(tables.evidence.claim.notnull())
    return {row["stance"] or "" for row in rows(judging.select("stance").distinct())}


def _check_words(used: Mapping[tuple[str, str], Iterable[str]]) -> None:
    problems = Problems()
    for (table, column), words in used.items():
        known = WORDS[table, column]
        for word in sorted(set(words) - known):
            message = f"table {table!r} column {column!r} holds {word!r}; expected one of "
            problems.add("CT005", message + ", ".join(sorted(known)))
    problems.raise_if_any()
