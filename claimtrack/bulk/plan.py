"""
Look which rules a set of tables needs.

Most registries ask for few of them, and what is not asked for need not be in the query: a join
with the sources, say, only where tiers or several witnesses count.
"""

from collections.abc import Callable

import attrs

from claimtrack.bulk.engines import engine_of
from claimtrack.bulk.schema import ANY_ZONE, WORST_RANK
from claimtrack.bulk.tables import Expression, Tables, ibis


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
    """Ask the engine what occurs in *tables*."""
    this = ibis()._
    criteria = tables.criteria
    is_leaf = this.members == 0
    kinds = criteria.group_by("kind").agg(
        depth=this.depth.max(),
        several=(is_leaf & (this.needed > 1)).any(),
        tiered=(this.worst_rank < WORST_RANK).any(),
        by_tier=this.by_tier.any(),
        zoned=(this.zone != ANY_ZONE).any(),
        sampled=this.samples.notnull().any(),
        conditions=(this.role == "condition").any(),
    )
    found = kinds.to_pyarrow().to_pylist()
    flags = ("several", "tiered", "by_tier", "zoned", "sampled", "conditions")
    return Plan(
        kinds=frozenset(row["kind"] for row in found),
        depth=max((row["depth"] for row in found), default=0),
        judgements=bool(tables.evidence.claim.count().to_pyarrow().as_py()),
        superseded=bool(tables.supersedes.count().to_pyarrow().as_py()),
        keep=engine_of(criteria.get_backend()).keep,
        **{flag: any(row[flag] for row in found) for flag in flags},
    )
