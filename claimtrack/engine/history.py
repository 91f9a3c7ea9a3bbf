"""
How a claim's status went, day by day.

A status can change only on few days: when an item on one of the claim's facts becomes known, is
withdrawn or is superseded, when the claim is annulled or no longer excused by its grace, and when
a span that samples are taken from has passed. Between two such days nothing is computed anew.
"""

from collections.abc import Iterator

from claimtrack.engine.known import Index, Scene, View, days_in
from claimtrack.engine.leaves import Case
from claimtrack.engine.resolve import case_of, due_day, grace_of, said_day
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import Criterion, Throughout, facts_of, leaves_of
from claimtrack.model.span import OPEN_END, Day


def criteria_of(claim: Claim) -> Iterator[Criterion]:
    """Iterate over the main criterion, the condition and those of the readings."""
    if claim.criterion is not None:
        yield claim.criterion
    if claim.condition is not None:
        yield claim.condition
    for reading in claim.readings:
        yield reading.criterion


def facts_of_claim(claim: Claim) -> tuple[str, ...]:
    """Return the ids of the facts that any criterion of *claim* asks about, each once."""
    asked = (fact for criterion in criteria_of(claim) for fact in facts_of(criterion))
    return tuple(dict.fromkeys(asked))


def turning_days(claim: Claim, index: Index) -> list[Day]:
    """
    Return the days from that on which *claim* was said on which its status can change.

    Ascending; the first is the day on which it was said.
    """
    view = index.view(index.zone_of(claim))
    said = said_day(claim, index)
    case = case_of(claim, index, Scene(view, said))
    days = {said, *_days_of_items(claim, view), *_days_of_clock(claim, case)}
    return sorted(day for day in days if said <= day < OPEN_END)


def _days_of_items(claim: Claim, view: View) -> Iterator[Day]:
    for fact in facts_of_claim(claim):
        for item in view.on_fact(fact):
            yield from item.turning_days()
    for item in view.on_claim(claim.id):
        yield from item.turning_days()


def _days_of_clock(claim: Claim, case: Case) -> Iterator[Day]:
    if claim.annulled is not None:
        yield claim.annulled.first
    for criterion in criteria_of(claim):
        due = due_day(claim, criterion, case)
        if due is not None:
            yield due + grace_of(claim, case) + 1
        for leaf in leaves_of(criterion):
            if isinstance(leaf, Throughout) and leaf.samples is not None:
                yield days_in(leaf.over, case.zone)[1] + 1
