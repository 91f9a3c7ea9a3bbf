"""
From the bits of the leaves to those of whole criteria, level by level.

All nodes right below a node are one deeper than it, so the deepest level is joined to the one
above, and so on up to the top. The two bits make every connective a plain count of members.
"""

from claimtrack.bulk.plan import Plan
from claimtrack.bulk.tables import Expression, Tables, ibis

UNKNOWN, TRUE, FALSE, CONFLICTING, PARTLY = range(5)
"""What a whole criterion is; the first four are the bits as a number, refuted counting 2."""

OF_NODE = ("node", "tree", "parent", "depth")
COMPOSITES = ("count", "not", "parts")


def fold(tables: Tables, plan: Plan, leaves: Expression, key: tuple[str, ...] = ()) -> Expression:
    """
    Return a row for each criterion: the top node with its ``state``.

    Args:
        tables: The tables.
        plan: What occurs in them.
        leaves: Rows with the columns `OF_NODE`, the bits ``s`` and ``r``, and the columns *key*.
        key: Columns that keep apart rows of the same leaf. Without any, the rows also have
            ``claim``, ``role``, ``reading``, ``heard``, which is added up, and ``high``, of which
            the greatest is kept.
    """
    leaves = leaves.mutate(state=leaves.s + 2 * leaves.r)
    if not plan.kinds & {*COMPOSITES}:
        return leaves
    carried = () if key else ("claim", "role", "reading", "heard", "high")
    names = (*OF_NODE, *key, "s", "r", "state", *carried)
    leaves = leaves.select(*names)
    level = leaves.filter(leaves.depth == plan.depth)
    for depth in range(plan.depth - 1, -1, -1):
        above = _composites(tables, depth, level, key, carried).select(*names)
        level = above.union(leaves.filter(leaves.depth == depth))
    return level


def _composites(
    tables: Tables, depth: int, below: Expression, key: tuple[str, ...], carried: tuple[str, ...]
) -> Expression:
    this = ibis()._
    kept = {"heard": this.heard.sum().cast("int64"), "high": this.high.max()} if carried else {}
    counts = (
        below.rename(of_node="parent")
        .group_by("of_node", *key)
        .agg(
            shown=this.s.sum().cast("int64"),
            refuted=this.r.sum().cast("int64"),
            both=(this.s * this.r).sum().cast("int64"),
            neither=((1 - this.s) * (1 - this.r)).sum().cast("int64"),
            **kept,
        )
    )
    nodes = tables.criteria
    nodes = nodes.filter(nodes.depth == depth, nodes.members > 0)
    nodes = nodes.select(*OF_NODE, "claim", "role", "reading", "kind", "needed", "members")
    table = nodes.inner_join(counts, nodes.node == counts.of_node)
    return _with_state(_with_bits(table))


def _with_bits(table: Expression) -> Expression:
    is_not = table.kind == "not"
    enough = table.shown >= table.needed
    too_few = table.refuted >= table.members - table.needed + 1
    ifelse = ibis().ifelse
    return table.mutate(
        s=ifelse(is_not, table.refuted > 0, enough).cast("int64"),
        r=ifelse(is_not, table.shown > 0, too_few).cast("int64"),
    )


def _with_state(table: Expression) -> Expression:
    parts = ibis().cases(
        (table.both > 0, CONFLICTING),
        (table.neither > 0, UNKNOWN),
        (table.refuted == 0, TRUE),
        (table.shown == 0, FALSE),
        else_=PARTLY,
    )
    bits = table.s + 2 * table.r
    return table.mutate(state=ibis().ifelse(table.kind == "parts", parts, bits).cast("int64"))
