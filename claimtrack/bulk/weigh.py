"""
From the bits of the leaves to those of whole criteria, level by level.

All nodes right below a node are one deeper than it, so the deepest level is joined to the one
above, and so on up to the top. The two bits make every connective a plain count of members.
"""

from claimtrack.bulk.plan import Plan
from claimtrack.bulk.schema import FAR, OPEN, WORST_RANK
from claimtrack.bulk.tables import NO, YES, Expression, Tables, ibis
from claimtrack.model.verdict import KnownBy

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


ALWAYS_SHOWS, NEVER_SHOWS = -OPEN, OPEN
ALWAYS_REFUTES, NEVER_REFUTES = OPEN, -OPEN
OF_FACTS = ("event", "figure", "reaches", "throughout", "assessed")
TESTED = ("figure", "reaches", "throughout")
OF_LEAF = ("node", "needed", "by_tier")


def is_known(table: Expression, day: int, known_by: KnownBy) -> Expression:
    """Say of each row of *table* whether it is known, and not withdrawn, on *day*."""
    known = table[known_by.value]
    return (known <= day) & (table.withdrawn.isnull() | (table.withdrawn > day))


def usable(tables: Tables, plan: Plan, day: int, known_by: KnownBy) -> Expression:
    """Return the evidence that is usable on *day*, with its witness and rank where they count."""
    found = tables.evidence
    found = found.filter(is_known(found, day, known_by))
    if plan.superseded:
        by = tables.supersedes
        by = by.filter(is_known(by, day, known_by)).select("superseded", "zone")
        found = found.anti_join(by, [found.id == by.superseded, found.zone == by.zone])
    if plan.sources:
        sources = tables.sources.select(source="id", witness="witness", rank="rank")
        found = found.inner_join(sources, "source")
    names = ("zone", "fact", "claim", "stance", "first", "last", "denies", "value_low")
    names = (*names, "value_high", "state", *(("witness", "rank") if plan.sources else ()))
    return found.select(**{f"item_{name}": found[name] for name in names})


def pairs(tables: Tables, plan: Plan, items: Expression, day: int) -> Expression:
    """
    Return a row for each leaf and each usable item that speaks of what it asks.

    Its columns are `OF_LEAF`, ``shows_from``, ``refutes_to`` and, where they count, ``witness``
    and ``rank``. It is None if no leaf can be spoken to.
    """
    found = [
        *([_on_facts(tables, plan, items, day)] if plan.kinds & {*OF_FACTS} else []),
        *([_on_claims(tables, plan, items)] if plan.judgements and "judged" in plan.kinds else []),
    ]
    if not found:
        return None
    return plan.keep(ibis().union(*found) if len(found) > 1 else found[0])


def _in_tier(table: Expression, plan: Plan) -> Expression:
    return table.item_rank <= table.worst_rank if plan.tiered else ibis().literal(YES)


def _within(table: Expression) -> Expression:
    """Say whether what an item tells of lies within the window; not if it tells of no day."""
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
    leaves = leaves.filter(leaves.kind.isin(OF_FACTS)).select(*_asked_for(plan))
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


def _asked_for(plan: Plan) -> list[str]:
    """Return the columns of leaves that some rule looks at."""
    found = [*OF_LEAF, "kind", "fact", "low", "high"]
    found += ["zone"] if plan.zoned else []
    found += ["worst_rank"] if plan.tiered else []
    found += ["samples"] if plan.sampled else []
    found += ["once"] if "event" in plan.kinds else []
    found += ["grows"] if "reaches" in plan.kinds else []
    found += ["supports", "refutes"] if "assessed" in plan.kinds else []
    tested = ["test_low", "test_high", "test_open", "state"]
    return found + (tested if plan.kinds & {*TESTED} else [])


def _passes(table: Expression) -> Expression:
    """Say whether all that was observed passes the test."""
    low, high, strictly = table.test_low, table.test_high, table.test_open
    above = (table.item_value_low > low) | (~strictly & (table.item_value_low == low))
    below = (table.item_value_high < high) | (~strictly & (table.item_value_high == high))
    number = (low.isnull() | above) & (high.isnull() | below)
    return ibis().ifelse(table.state.notnull(), table.item_state == table.state, number)


def _misses(table: Expression) -> Expression:
    """Say whether nothing that was observed passes the test."""
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
    return (
        [(table.passes & counts, ALWAYS_SHOWS)],
        [(table.misses & _within(table), ALWAYS_REFUTES)],
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
"""How each kind of leaf is supported and refuted: conditions and numbers of days, the first
condition that holds counting."""


def _with_samples(table: Expression, plan: Plan, day: int) -> Expression:
    """Add the column ``enough``: whether a leaf has as many different samples as it asks for."""
    this = ibis()._
    wanted = table.samples.notnull() & (table.high < day)
    seen = table.filter(wanted, table.passes, _within(table), _in_tier(table, plan))
    periods = seen.select("node", "samples", "item_first", "item_last").distinct()
    counted = periods.group_by("node", "samples").agg(found=this.count())
    enough = counted.filter(counted.found >= counted.samples).select(enough_node="node")
    joined = table.left_join(enough, table.node == enough.enough_node)
    return joined.mutate(enough=joined.enough_node.notnull())


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
