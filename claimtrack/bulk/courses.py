"""The course of each leaf: how its bits go as its deadline is put off, as an expression."""

from claimtrack.bulk.fold import OF_NODE
from claimtrack.bulk.plan import Plan
from claimtrack.bulk.pulls import NEVER_REFUTES, NEVER_SHOWS, OF_FACTS
from claimtrack.bulk.schema import WORST_RANK
from claimtrack.bulk.tables import Expression, Tables, ibis

RANKS = range(WORST_RANK + 1)
LEAVES = (*OF_FACTS, "judged")
PLACE = (*OF_NODE, "claim", "role", "reading", "high", "by_tier")


def courses(tables: Tables, plan: Plan, found: Expression) -> Expression:
    """
    Return a row for each leaf.

    Beside its `PLACE` it has ``shown_from``, ``refuted_to``, ``heard`` (how many items speak of
    what it asks) and, where the better tier settles conflicts, ``ours_0`` to ``theirs_5``: from
    when on an item of that rank supports it, and up to when one refutes it.
    """
    leaves = tables.criteria
    leaves = leaves.filter(leaves.kind.isin(LEAVES)).select(*PLACE)
    if found is None:
        return _filled(leaves, plan)
    joined = _joined(leaves, _bits(found, plan))
    if plan.by_tier:
        joined = _joined(joined, _by_rank(found))
    return _filled(joined, plan)


def _joined(left: Expression, right: Expression) -> Expression:
    right = right.rename(of_node="node")
    return left.left_join(right, left.node == right.of_node).drop("of_node")


def _bits(found: Expression, plan: Plan) -> Expression:
    if not plan.several:
        return _by_one(found)
    one = _by_one(found.filter(found.needed == 1))
    return one.union(_by_several(found.filter(found.needed > 1)))


def _by_one(found: Expression) -> Expression:
    this = ibis()._
    return found.group_by("node").agg(
        shown_from=this.shows_from.min(), refuted_to=this.refutes_to.max(), heard=this.count()
    )


def _by_several(found: Expression) -> Expression:
    """Take, of the earliest support by each witness, the one that makes them enough."""
    this = ibis()._
    witnesses = found.group_by("node", "needed", "witness").agg(
        shows_from=this.shows_from.min(), refutes_to=this.refutes_to.max(), heard=this.count()
    )
    number = ibis().row_number()
    numbered = witnesses.mutate(
        nth_for=number.over(group_by="node", order_by=this.shows_from),
        nth_against=number.over(group_by="node", order_by=this.refutes_to.desc()),
    )
    return numbered.group_by("node").agg(
        shown_from=this.shows_from.min(where=this.nth_for == this.needed - 1),
        refuted_to=this.refutes_to.max(where=this.nth_against == this.needed - 1),
        heard=this.heard.sum(),
    )


def _by_rank(found: Expression) -> Expression:
    this = ibis()._
    tiered = found.filter(found.by_tier)
    ours = {f"ours_{rank}": this.shows_from.min(where=this["rank"] == rank) for rank in RANKS}
    theirs = {f"theirs_{rank}": this.refutes_to.max(where=this["rank"] == rank) for rank in RANKS}
    return tiered.group_by("node").agg(**ours, **theirs)


def _filled(leaves: Expression, plan: Plan) -> Expression:
    """Fill in what no item speaks of."""
    empty = {"shown_from": NEVER_SHOWS, "refuted_to": NEVER_REFUTES, "heard": 0}
    if plan.by_tier:
        empty |= {f"ours_{rank}": NEVER_SHOWS for rank in RANKS}
        empty |= {f"theirs_{rank}": NEVER_REFUTES for rank in RANKS}
    literal = ibis().literal
    return leaves.mutate(
        **{
            name: (
                leaves[name].fill_null(value) if name in leaves.columns else literal(value)
            ).cast("int64")
            for name, value in empty.items()
        }
    )


def bits_at(table: Expression, plan: Plan, shift: Expression) -> Expression:
    """Add the bits ``s`` and ``r``, each 0 or 1, of leaves whose deadline is put off by *shift*."""
    shown, refuted = table.shown_from <= shift, table.refuted_to >= shift
    if plan.by_tier:
        ours, theirs = _best(table, shift, "ours"), _best(table, shift, "theirs")
        settled = table.by_tier & shown & refuted
        shown, refuted = (
            shown & (~settled | (ours <= theirs)),
            refuted & (~settled | (theirs <= ours)),
        )
    return table.mutate(s=shown.cast("int64"), r=refuted.cast("int64"))


def _best(table: Expression, shift: Expression, side: str) -> Expression:
    """Return the best rank of the items on that side."""
    ranks = []
    for rank in RANKS:
        day = table[f"{side}_{rank}"]
        ranks.append((day <= shift if side == "ours" else day >= shift, rank))
    return ibis().cases(*ranks, else_=WORST_RANK + 1)
