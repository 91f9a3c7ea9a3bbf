"""
The status of every claim on a day, computed inside a database engine.

The rules are those of `claimtrack.engine`; tests compare both.
"""

from claimtrack.bulk.plan import Plan, plan_of
from claimtrack.bulk.schema import FAR
from claimtrack.bulk.tables import NO, Expression, Tables, ibis
from claimtrack.bulk.weigh import (
    CONFLICTING,
    FALSE,
    PARTLY,
    TRUE,
    bits_at,
    fold,
    pairs,
    truth_by_extension,
    usable,
    with_lateness,
    without_outvoted,
)
from claimtrack.errors import FieldError
from claimtrack.model.span import DayLike, day_of
from claimtrack.model.verdict import KnownBy, Status


def audit(
    tables: Tables, *, as_of: DayLike, known_by: KnownBy | str = KnownBy.PUBLISHED
) -> Expression:
    """
    Decide every claim of *tables* from what was known on *as_of*.

    A few small queries come first, so that the main query has only the rules that the tables need.
    The main query runs when its result is fetched; on Spark most of it runs at once, step by step.

    Args:
        tables: The claims and their evidence, in any engine that Ibis supports.
        as_of: The last day whose publications count, inclusive.
        known_by: Whether the public's knowledge counts or the registry's own.

    Returns:
        An Ibis table with a row for each claim that had been made, and one more for each of its
        readings: ``claim``, ``reading`` (null for the claim itself), ``status``, ``late_days`` and
        ``late_days_min`` (the most and the least days that it came late; null unless late) and
        ``due`` (a day as a number, null if never due).

    Raises:
        MissingExtraError: Ibis is not installed.
        FieldError: *as_of* is not one full day.
        LoadError: A table holds a kind, a role or a stance that the rules do not know.

    Example:
        >>> from claimtrack import Claim, Evidence, Fact, Registry, Source, Speaker, occurs
        >>> registry = Registry.of(
        ...     Speaker(id="ada"),
        ...     Source(id="post", published="2020-02-02"),
        ...     Fact(id="rain", kind="event", once=True),
        ...     Evidence(id="wet", fact="rain", source="post", happened="2020-02-01"),
        ...     Claim(
        ...         id="soon", speaker="ada", said="2020-01-01", source="post", quote="Soon.",
        ...         criterion=occurs("rain", by="2020-01-31"),
        ...     ),
        ... )
        >>> from claimtrack.bulk.tables import tables_of
        >>> verdicts = audit(tables_of(registry), as_of="2020-03-01")
        >>> verdicts.select("claim", "status", "late_days", "due").to_pyarrow().to_pylist()
        [{'claim': 'soon', 'status': 'late', 'late_days': 1, 'due': 737455}]
    """
    day, axis = int(day_of(as_of)), KnownBy(known_by)
    if axis is KnownBy.CAPTURED:
        message = "known_by 'captured' is not decided by database engines, which read no copies"
        raise FieldError("CT103", f"{message}; expected 'published' or 'recorded'")
    plan = plan_of(tables)
    items = plan.keep(usable(tables, plan, day, axis))
    weighed = pairs(tables, plan, items, day)
    leaves = plan.keep(truth_by_extension(tables, plan, weighed))
    states = plan.keep(fold(tables, plan, bits_at(leaves, plan, ibis().literal(0, "int64"))))
    if plan.by_tier:
        weighed = without_outvoted(weighed, plan, leaves)
        leaves = plan.keep(truth_by_extension(tables, plan, weighed))
    return _verdicts(tables, plan, items, with_lateness(tables, plan, leaves, states), day)


def _verdicts(
    tables: Tables, plan: Plan, items: Expression, states: Expression, day: int
) -> Expression:
    claims = tables.claims
    claims = claims.filter(claims.said <= day)
    claims = claims.mutate(void=(claims.annulled <= day).fill_null(NO))
    if plan.conditions:
        claims = _voided(claims, states)
        states = states.filter(states.role != "condition")
    if plan.judgements:
        claims = _judged(claims, items)
    lateness = ("late_days", "late_days_min")
    states = states.select("claim", "reading", "state", "heard", "high", *lateness)
    table = claims.left_join(states, claims.id == states.claim)
    table = table.mutate(due_day=_due(table))
    table = table.mutate(status=_status(table, plan, day))
    is_late, never = table.status == Status.LATE.value, ibis().null("int64")
    days = {name: ibis().ifelse(is_late, table[name], never) for name in lateness}
    return table.select(claim="id", reading="reading", status="status", **days, due="due_day")


def _voided(claims: Expression, states: Expression) -> Expression:
    """Annul the claims whose condition is false."""
    false = states.filter(states.role == "condition", states.state == FALSE)
    false = false.select(void_claim="claim")
    joined = claims.left_join(false, claims.id == false.void_claim)
    return joined.mutate(void=joined.void | joined.void_claim.notnull()).drop("void_claim")


def _judged(claims: Expression, items: Expression) -> Expression:
    """Mark the claims with a usable judgement, whatever it says."""
    by = items.filter(items.item_claim.notnull()).select(judged_claim="item_claim").distinct()
    return claims.left_join(by, claims.id == by.judged_claim)


def _due(table: Expression) -> Expression:
    """Return the claim's own due day, else that of the windows, else the day it was said."""
    ifelse, never = ibis().ifelse, ibis().null("int64")
    of_windows = ifelse(table.high.isnull(), table.said_last, table.high)
    of_windows = ifelse(of_windows >= FAR, never, of_windows)
    of_windows = ifelse(table.state.isnull(), never, of_windows)
    return ibis().coalesce(table.due, of_windows)


def _status(table: Expression, plan: Plan, day: int) -> Expression:
    heard = table.heard > 0
    if plan.judgements:
        heard |= table.judged_claim.notnull()
    return ibis().cases(
        (table.void, Status.ANNULLED.value),
        (table.state.isnull(), Status.NOT_CHECKABLE.value),
        (table.state == TRUE, Status.HELD.value),
        (table.state == CONFLICTING, Status.CONFLICTING.value),
        (table.state == PARTLY, Status.PARTLY.value),
        (
            (table.state == FALSE) & table.can_be_late & table.late_days.notnull(),
            Status.LATE.value,
        ),
        (table.state == FALSE, Status.FAILED.value),
        (table.due_day.isnull() | (table.due_day + table.grace >= day), Status.PENDING.value),
        (heard, Status.NOT_ENOUGH_EVIDENCE.value),
        else_=Status.OVERDUE.value,
    )
