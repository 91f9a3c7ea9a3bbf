"""
The weighing of evidence as a query: from items to the bits of leaves, to states, to lateness.

The bits of composites are computed level by level: the deepest level is joined to the one above,
and so on up to the top. With two bits every connective is a count of members.
"""

from claimtrack.bulk.plan import Plan
from claimtrack.bulk.schema import FAR, OPEN, WORST_RANK
from claimtrack.bulk.tables import NO, YES, Expression, Tables, ibis
from claimtrack.model.verdict import KnownBy

UNKNOWN, TRUE, FALSE, CONFLICTING, PARTLY = range(5)
"""The state of a criterion; the first four are shown + 2 * refuted."""

OF_NODE = ("node", "tree", "parent", "depth")
COMPOSITES = ("count", "not", "parts")

ALWAYS_SHOWS, NEVER_SHOWS = -OPEN, OPEN
ALWAYS_REFUTES, NEVER_REFUTES = OPEN, -OPEN
OF_FACTS = ("event", "figure", "reaches", "throughout", "assessed")
TESTED = ("figure", "reaches", "throughout")
OF_LEAF = ("node", "needed", "by_tier")

RANKS = range(WORST_RANK + 1)
LEAVES = (*OF_FACTS, "judged")
PLACE = (*OF_NODE, "claim", "role", "reading", "high", "by_tier")


def fold(tables: Tables, plan: Plan, leaves: Expression, key: tuple[str, ...] = ()) -> Expression:
    """
    Return a row for each criterion: the top node with its ``state``.

    Args:
        tables: The tables.
        plan: Of the tables.
        leaves: Rows with the columns `OF_NODE`, the bits ``s`` and ``r``, and the columns *key*.
        key: Columns that distinguish rows of the same leaf. Without any, the rows also have
            ``claim``, ``role``, ``reading``, the sum of ``heard`` and the maximum of ``high``.
    """
    leaves = leaves.mutate(state=leaves.s + 2 * leaves.r)
    if not plan.kinds & {*COMPOSITES}:
        return leaves
    extra = () if key else ("claim", "role", "reading", "heard", "high")
    names = (*OF_NODE, *key, "s", "r", "state", *extra)
    leaves = leaves.select(*names)
    level = leaves.filter(leaves.depth == plan.depth)
    for depth in range(plan.depth - 1, -1, -1):
        above = _composites(tables, depth, level, key, extra).select(*names)
        level = above.union(leaves.filter(leaves.depth == depth))
    return level


def _composites(
    tables: Tables, depth: int, below: Expression, key: tuple[str, ...], extra: tuple[str, ...]
) -> Expression:
    this = ibis()._
    totals = {"heard": this.heard.sum().cast("int64"), "high": this.high.max()} if extra else {}
    counts = (
        below.rename(of_node="parent")
        .group_by("of_node", *key)
        .agg(
            shown=this.s.sum().cast("int64"),
            refuted=this.r.sum().cast("int64"),
            both=(this.s * this.r).sum().cast("int64"),
            neither=((1 - this.s) * (1 - this.r)).sum().cast("int64"),
            **totals,
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


def is_known(table: Expression, day: int, known_by: KnownBy) -> Expression:
    """Return whether each row of *table* is known, and not withdrawn, on *day*."""
    known = table[known_by.value]
    return (known <= day) & (table.withdrawn.isnull() | (table.withdrawn > day))


def usable(tables: Tables, plan: Plan, day: int, known_by: KnownBy) -> Expression:
    """Return the evidence that is usable on *day*, with its witness and rank where they count."""
    items = tables.evidence
    items = items.filter(is_known(items, day, known_by))
    if plan.superseded:
        by = tables.supersedes
        by = by.filter(is_known(by, day, known_by)).select("superseded", "zone")
        items = items.anti_join(by, [items.id == by.superseded, items.zone == by.zone])
    if plan.sources:
        sources = tables.sources.select(source="id", witness="witness", rank="rank")
        items = items.inner_join(sources, "source")
    names = ("zone", "fact", "claim", "stance", "first", "last", "denies", "value_low")
    names = (*names, "value_high", "state", *(("witness", "rank") if plan.sources else ()))
    return items.select(**{f"item_{name}": items[name] for name in names})


def pairs(tables: Tables, plan: Plan, items: Expression, day: int) -> Expression:
    """
    Return a row for each leaf and each usable item on its fact or claim.

    The columns are `OF_LEAF`, ``shows_from``, ``refutes_to`` and, where they count, ``witness`` and
    ``rank``. None if there are no such leaves.
    """
    parts = [
        *([_on_facts(tables, plan, items, day)] if plan.kinds & {*OF_FACTS} else []),
        *([_on_claims(tables, plan, items)] if plan.judgements and "judged" in plan.kinds else []),
    ]
    if not parts:
        return None
    return plan.keep(ibis().union(*parts) if len(parts) > 1 else parts[0])


def _in_tier(table: Expression, plan: Plan) -> Expression:
    return table.item_rank <= table.worst_rank if plan.tiered else ibis().literal(YES)


def _within(table: Expression) -> Expression:
    """Return whether the days of an item are within the window; not if it has none."""
    return (table.low <= table.item_first) & (table.item_last <= table.high)


def _selected(table: Expression, plan: Plan, shows: Expression, refutes: Expression) -> Expression:
    names = ("witness", "rank") if plan.sources else ()
    return table.select(
        *OF_LEAF,
        shows_from=shows.cast("int64"),
        refutes_to=refutes.cast("int64"),
        **{name: table[f"item_{name}"] for name in names},
    )


def _on_claims(tables: Tables, plan: Plan, items: Expression) -> Expression:
    leaves = tables.criteria
    leaves = leaves.filter(leaves.kind == "judged")
    table = leaves.inner_join(items, leaves.claim == items.item_claim)
    counts = _in_tier(table, plan) & (table.low.isnull() | _within(table).fill_null(NO))
    cases = ibis().cases
    return _selected(
        table,
        plan,
        cases((counts & (table.item_stance == "supports"), ALWAYS_SHOWS), else_=NEVER_SHOWS),
        cases((counts & (table.item_stance == "refutes"), ALWAYS_REFUTES), else_=NEVER_REFUTES),
    )


def _on_facts(tables: Tables, plan: Plan, items: Expression, day: int) -> Expression:
    leaves = tables.criteria
    leaves = leaves.filter(leaves.kind.isin(OF_FACTS)).select(*_leaf_columns(plan))
    same = [leaves.fact == items.item_fact]
    if plan.zoned:
        same.append(leaves.zone == items.item_zone)
    table = plan.keep(leaves.inner_join(items, same))
    if plan.kinds & {*TESTED}:
        table = table.mutate(passes=_passes(table), misses=_misses(table))
    if plan.sampled:
        table = _with_samples(table, plan, day)
    shows, refutes = [], []
    for kind in sorted(plan.kinds & {*OF_FACTS}):
        of_kind = _in_tier(table, plan) & (table.kind == kind)
        for_, against = _RULES[kind](table, plan)
        shows += [(of_kind & when, days) for when, days in for_]
        refutes += [(of_kind & when, days) for when, days in against]
    cases = ibis().cases
    shows_from = cases(*shows, else_=NEVER_SHOWS)
    return _selected(table, plan, shows_from, cases(*refutes, else_=NEVER_REFUTES))


def _leaf_columns(plan: Plan) -> list[str]:
    """Return the columns of leaves that the rules need."""
    columns = [*OF_LEAF, "kind", "fact", "low", "high"]
    columns += ["zone"] if plan.zoned else []
    columns += ["worst_rank"] if plan.tiered else []
    columns += ["samples"] if plan.sampled else []
    columns += ["once"] if "event" in plan.kinds else []
    columns += ["grows"] if "reaches" in plan.kinds else []
    columns += ["supports", "refutes"] if "assessed" in plan.kinds else []
    tested = ["test_low", "test_high", "test_open", "state"]
    return columns + (tested if plan.kinds & {*TESTED} else [])


def _passes(table: Expression) -> Expression:
    """Return whether all of the observed range passes the test."""
    low, high, strictly = table.test_low, table.test_high, table.test_open
    above = (table.item_value_low > low) | (~strictly & (table.item_value_low == low))
    below = (table.item_value_high < high) | (~strictly & (table.item_value_high == high))
    number = (low.isnull() | above) & (high.isnull() | below)
    return ibis().ifelse(table.state.notnull(), table.item_state == table.state, number)


def _misses(table: Expression) -> Expression:
    """Return whether nothing of the observed range passes the test."""
    low, high, strictly = table.test_low, table.test_high, table.test_open
    below = (table.item_value_high < low) | (strictly & (table.item_value_high == low))
    above = (table.item_value_low > high) | (strictly & (table.item_value_low == high))
    number = below.fill_null(NO) | above.fill_null(NO)
    return ibis().ifelse(table.state.notnull(), table.item_state != table.state, number)


def _event(table: Expression, plan: Plan) -> tuple[list[Expression], list[Expression]]:
    del plan
    first, last, low, high = table.item_first, table.item_last, table.low, table.high
    on_open = ibis().ifelse(last >= FAR, ALWAYS_REFUTES, last - high)
    happened = ~table.item_denies
    shows = [(happened & (low <= first), last - high)]
    return shows, [
        (table.item_denies & (first <= low), on_open),
        (table.once & happened & (last < low), ALWAYS_REFUTES),
        (table.once & happened, first - high - 1),
    ]


def _figure(table: Expression, plan: Plan) -> tuple[list[Expression], list[Expression]]:
    del plan
    same = (table.item_first == table.low) & (table.item_last == table.high)
    return [(same & table.passes, ALWAYS_SHOWS)], [(same & table.misses, ALWAYS_REFUTES)]


def _reaches(table: Expression, plan: Plan) -> tuple[list[Expression], list[Expression]]:
    del plan
    shows = table.passes & (table.low <= table.item_first)
    return (
        [(shows, table.item_last - table.high)],
        [(table.misses & table.grows, table.item_first - table.high)],
    )


def _throughout(table: Expression, plan: Plan) -> tuple[list[Expression], list[Expression]]:
    covers = (table.item_first <= table.low) & (table.high <= table.item_last)
    counts = covers | (table.enough & _within(table)) if plan.sampled else covers
    of_state = table.state.notnull() & (table.item_first <= table.high)
    shares_day = of_state & (table.low <= table.item_last)
    return (
        [(table.passes & counts, ALWAYS_SHOWS)],
        [(table.misses & (shares_day | _within(table)), ALWAYS_REFUTES)],
    )


def _assessed(table: Expression, plan: Plan) -> tuple[list[Expression], list[Expression]]:
    del plan
    label = table.item_state
    return (
        [(table.supports.contains(label), ALWAYS_SHOWS)],
        [(table.refutes.contains(label), ALWAYS_REFUTES)],
    )


_RULES = {
    "assessed": _assessed,
    "event": _event,
    "figure": _figure,
    "reaches": _reaches,
    "throughout": _throughout,
}
"""
Support and refutation for each kind of leaf: conditions with a number of days.

The first condition that is true counts.
"""


def _with_samples(table: Expression, plan: Plan, day: int) -> Expression:
    """Add the column ``enough``: whether a leaf has as many different samples as it needs."""
    this = ibis()._
    is_over = table.samples.notnull() & (table.high < day)
    samples = table.filter(is_over, table.passes, _within(table), _in_tier(table, plan))
    periods = samples.select("node", "samples", "item_first", "item_last").distinct()
    counted = periods.group_by("node", "samples").agg(found=this.count())
    enough = counted.filter(counted.found >= counted.samples).select(enough_node="node")
    joined = table.left_join(enough, table.node == enough.enough_node)
    return joined.mutate(enough=joined.enough_node.notnull())


def truth_by_extension(tables: Tables, plan: Plan, pairs: Expression) -> Expression:
    """
    Return a row for each leaf: its truth for every extension of its deadline.

    Beside `PLACE` it has ``shown_from`` and ``refuted_to``: the extension in days from which it is
    shown, and up to which it is refuted; ``heard``, the number of items on its fact or claim; and,
    where the better tier settles conflicts, ``for_0`` to ``against_5``: the same by rank.
    """
    leaves = tables.criteria
    leaves = leaves.filter(leaves.kind.isin(LEAVES)).select(*PLACE)
    if pairs is None:
        return _filled(leaves, plan)
    joined = _joined(leaves, _bits(pairs, plan))
    if plan.by_tier:
        joined = _joined(joined, _by_rank(pairs))
    return _filled(joined, plan)


def _joined(left: Expression, right: Expression) -> Expression:
    right = right.rename(of_node="node")
    return left.left_join(right, left.node == right.of_node).drop("of_node")


def _bits(pairs: Expression, plan: Plan) -> Expression:
    if not plan.several:
        return _by_one(pairs)
    one = _by_one(pairs.filter(pairs.needed == 1))
    return one.union(_by_several(pairs.filter(pairs.needed > 1)))


def _by_one(pairs: Expression) -> Expression:
    this = ibis()._
    return pairs.group_by("node").agg(
        shown_from=this.shows_from.min(), refuted_to=this.refutes_to.max(), heard=this.count()
    )


def _by_several(pairs: Expression) -> Expression:
    """Take the extension at which as many witnesses as needed are for, or against."""
    this = ibis()._
    witnesses = pairs.group_by("node", "needed", "witness").agg(
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


def _by_rank(pairs: Expression) -> Expression:
    this = ibis()._
    tiered = pairs.filter(pairs.by_tier)
    best_for = {f"for_{rank}": this.shows_from.min(where=this["rank"] == rank) for rank in RANKS}
    best_against = {
        f"against_{rank}": this.refutes_to.max(where=this["rank"] == rank) for rank in RANKS
    }
    return tiered.group_by("node").agg(**best_for, **best_against)


def _filled(leaves: Expression, plan: Plan) -> Expression:
    """Fill in the leaves without items."""
    empty = {"shown_from": NEVER_SHOWS, "refuted_to": NEVER_REFUTES, "heard": 0}
    if plan.by_tier:
        empty |= {f"for_{rank}": NEVER_SHOWS for rank in RANKS}
        empty |= {f"against_{rank}": NEVER_REFUTES for rank in RANKS}
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
    """Add the bits ``s`` and ``r``, each 0 or 1, with the deadline *shift* days later."""
    shown, refuted = table.shown_from <= shift, table.refuted_to >= shift
    if plan.by_tier:
        best_for, best_against = _best(table, shift, "for"), _best(table, shift, "against")
        settled = table.by_tier & shown & refuted
        shown, refuted = (
            shown & (~settled | (best_for <= best_against)),
            refuted & (~settled | (best_against <= best_for)),
        )
    return table.mutate(s=shown.cast("int64"), r=refuted.cast("int64"))


def _best(table: Expression, shift: Expression, side: str) -> Expression:
    """Return the best rank of the items on *side*."""
    ranks = []
    for rank in RANKS:
        day = table[f"{side}_{rank}"]
        ranks.append((day <= shift if side == "for" else day >= shift, rank))
    return ibis().cases(*ranks, else_=WORST_RANK + 1)


def without_outvoted(pairs: Expression, plan: Plan, leaves: Expression) -> Expression:
    """
    Return *pairs*, where what a better tier outvoted supports no extension of a deadline.

    Args:
        pairs: From `pairs`.
        plan: Of the tables.
        leaves: From `truth_by_extension` of the same pairs.
    """
    if pairs is None:
        return None
    at_once = ibis().literal(0, "int64")
    lost = bits_at(leaves, plan, at_once)
    lost = lost.filter(lost.by_tier, lost.shown_from <= 0, lost.s == 0)
    lost = lost.select(lost_node="node")
    joined = pairs.left_join(lost, pairs.node == lost.lost_node)
    outvoted = joined.lost_node.notnull() & (joined.shows_from <= 0)
    shows_from = ibis().ifelse(outvoted, NEVER_SHOWS, joined.shows_from).cast("int64")
    return joined.mutate(shows_from=shows_from).drop("lost_node")


def with_lateness(tables: Tables, plan: Plan, leaves: Expression, states: Expression) -> Expression:
    """
    Add the lateness of each criterion to *states*.

    ``late_days`` is the least extension, 1 or more, with which it is true, null if there is none;
    ``late_days_min`` that with which it is not false. Both are meaningless unless it is false.

    Args:
        tables: The tables.
        plan: Of the tables.
        leaves: From `truth_by_extension`, without what is outvoted.
        states: The state of each criterion.
    """
    if not plan.depth and not plan.by_tier:
        return _with_lateness_of_lone_leaf(states)
    wrong = states.filter(states.state == FALSE).select(wrong_tree="tree")
    false = plan.keep(leaves.inner_join(wrong, leaves.tree == wrong.wrong_tree))
    tries = _tries(false, wrong, plan)
    tried = false.inner_join(tries, false.tree == tries.tried_tree)
    bits = plan.keep(bits_at(tried, plan, tried["shift"]))
    folded = fold(tables, plan, bits, ("shift",))
    this = ibis()._
    late = folded.group_by(late_tree="tree").agg(
        late_days=this["shift"].min(where=this.state == TRUE),
        late_days_min=this["shift"].min(where=this.state != FALSE),
    )
    return states.left_join(late, states.tree == late.late_tree)


def _with_lateness_of_lone_leaf(leaf: Expression) -> Expression:
    """Add the lateness of criteria of one leaf: from when it is shown, and no longer refuted."""
    one, never = ibis().literal(1, "int64"), ibis().null("int64")
    days = ibis().greatest(leaf.shown_from, leaf.refuted_to + 1, one)
    least = ibis().greatest(ibis().least(leaf.shown_from, leaf.refuted_to + 1), one)
    is_late = (leaf.shown_from < FAR) & (leaf.refuted_to < FAR)
    return leaf.mutate(late_days=ibis().ifelse(is_late, days, never), late_days_min=least)


def _tries(leaves: Expression, wrong: Expression, plan: Plan) -> Expression:
    """Return the extensions to try for each criterion that is false; 1 is always one of them."""
    shifts = [leaves.shown_from, leaves.refuted_to + 1]
    if plan.by_tier:
        shifts += [leaves[f"for_{rank}"] for rank in RANKS]
        shifts += [leaves[f"against_{rank}"] + 1 for rank in RANKS]
    first = wrong.select(tried_tree="wrong_tree", shift=ibis().literal(1, "int64"))
    others = (leaves.select(tried_tree=leaves.tree, shift=shift) for shift in shifts)
    tries = ibis().union(first, *others, distinct=True)
    return tries.filter(tries["shift"] >= 1, tries["shift"] < FAR)
