"""
How late a false claim came, as an expression.

The bits of a leaf turn only where some item's pull does. So each criterion that is false is tried
again with its deadlines put off by each of those numbers of days, and the least one that makes it
true is its lateness.
"""

from claimtrack.bulk.courses import RANKS, bits_at
from claimtrack.bulk.fold import FALSE, TRUE, fold
from claimtrack.bulk.plan import Plan
from claimtrack.bulk.schema import FAR
from claimtrack.bulk.tables import Expression, Tables, ibis


def with_lateness(tables: Tables, plan: Plan, leaves: Expression, states: Expression) -> Expression:
    """
    Add the column ``late_days`` to *states*: how late the criteria came that came late.

    What it says of a criterion that is not false means nothing.

    Args:
        tables: The tables.
        plan: What occurs in them.
        leaves: The courses of all leaves.
        states: The state of each criterion.
    """
    if not plan.depth and not plan.by_tier:
        return states.mutate(late_days=_of_lone_leaf(states))
    wrong = states.filter(states.state == FALSE).select(wrong_tree="tree")
    asked = plan.keep(leaves.inner_join(wrong, leaves.tree == wrong.wrong_tree))
    tries = _tries(asked, wrong, plan)
    tried = asked.inner_join(tries, asked.tree == tries.tried_tree)
    bits = plan.keep(bits_at(tried, plan, tried["shift"]))
    folded = fold(tables, plan, bits, ("shift",))
    held = folded.filter(folded.state == TRUE)
    late = held.group_by(late_tree="tree").agg(late_days=ibis()._["shift"].min())
    return states.left_join(late, states.tree == late.late_tree)


def _of_lone_leaf(leaf: Expression) -> Expression:
    """Return the lateness of criteria that are one leaf each: it is shown and not refuted."""
    one, never = ibis().literal(1, "int64"), ibis().null("int64")
    days = ibis().greatest(leaf.shown_from, leaf.refuted_to + 1, one)
    return ibis().ifelse((leaf.shown_from < FAR) & (leaf.refuted_to < FAR), days, never)


def _tries(asked: Expression, wrong: Expression, plan: Plan) -> Expression:
    """Return the numbers of days to try for each criterion that is false; 1 is always there."""
    shifts = [asked.shown_from, asked.refuted_to + 1]
    if plan.by_tier:
        shifts += [asked[f"ours_{rank}"] for rank in RANKS]
        shifts += [asked[f"theirs_{rank}"] + 1 for rank in RANKS]
    first = wrong.select(tried_tree="wrong_tree", shift=ibis().literal(1, "int64"))
    found = [first, *(asked.select(tried_tree=asked.tree, shift=shift) for shift in shifts)]
    tries = ibis().union(*found, distinct=True)
    return tries.filter(tries["shift"] >= 1, tries["shift"] < FAR)
