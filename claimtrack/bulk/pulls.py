"""
What each usable item says to each leaf, as an expression.

As in `claimtrack.engine.weigh`, an item has one pull on a leaf: it supports from some number of
days on by which the deadline is put off, and refutes up to some number. Windows without an end
need no case of their own, since a day that is `OPEN` away stays beyond every other.
"""

from claimtrack.bulk.plan import Plan
from claimtrack.bulk.schema import FAR, OPEN
from claimtrack.bulk.tables import NO, YES, Expression, Tables, ibis
from claimtrack.model.verdict import KnownBy

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
