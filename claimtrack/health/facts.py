"""Findings on facts: what is known of them, and who asks."""

from collections.abc import Iterator

from claimtrack.engine.evidence import facts_of_claim
from claimtrack.engine.facts import Knowledge
from claimtrack.errors import Finding, Record
from claimtrack.health.exam import Exam
from claimtrack.model.fact import Fact
from claimtrack.model.span import Day, day_text


def check_facts(exam: Exam) -> Iterator[Finding]:
    """Find CT621 to CT626."""
    asked = {fact for claim in exam.registry.claims.values() for fact in facts_of_claim(claim)}
    reported = exam.audit.index.by_fact
    for known in exam.audit.knowledge():
        fact = known.fact
        yield from faults_of(exam, known)
        if fact.id in asked and fact.id not in reported:
            yield exam.finding("CT625", _record(fact), "has no evidence on it")
        if fact.id in reported and fact.id not in asked and not _asks_itself(fact):
            message = f"has {len(reported[fact.id])} reports, and no claim asks about it"
            yield exam.finding("CT624", _record(fact), message)


def _record(fact: Fact) -> Record:
    return Record(kind="fact", id=fact.id)


def _asks_itself(fact: Fact) -> bool:
    return bool(fact.requires or fact.requires_tiers or fact.review_every)


def faults_of(exam: Exam, known: Knowledge) -> Iterator[Finding]:
    """Iterate over what is wrong with what is *known* of one fact: CT621 to CT623, CT626."""
    fact = known.fact
    if known.conflicts:
        one, other = known.conflicts[0]
        more = len(known.conflicts) - 1
        rest = f", and {more} more such pairs" if more else ""
        message = f"has sources in conflict: evidence {one!r} and {other!r}{rest}"
        yield exam.finding("CT621", _record(fact), message)
    if fact.requires is not None and known.witnesses < fact.requires:
        message = f"has {known.witnesses} of the {fact.requires} independent witnesses it requires"
        yield exam.finding("CT622", _record(fact), message, path=("requires",))
    yield from _missing_tiers(exam, known)
    age = age_of(known, exam.audit.day)
    if fact.review_every is not None and age is not None and age > fact.review_every:
        assert known.newest is not None  # noqa: S101 - else it has no age
        message = (
            f"was last reported on {day_text(known.newest)}, {age} days ago; "
            f"expected a report every {fact.review_every} days"
        )
        yield exam.finding("CT623", _record(fact), message, path=("review_every",))


def _missing_tiers(exam: Exam, known: Knowledge) -> Iterator[Finding]:
    if not known.fact.requires_tiers:
        return
    evidence, sources = exam.audit.records.evidence, exam.audit.records.sources
    there = {sources[evidence[id_].source].tier for id_ in known.reports}
    for number, tier in enumerate(known.fact.requires_tiers):
        if tier not in there:
            message = f"has no report of the tier {tier.value!r}, which it requires"
            path = ("requires_tiers", number)
            yield exam.finding("CT626", _record(known.fact), message, path=path)


def age_of(known: Knowledge, day: Day) -> int | None:
    """Return the days since the newest report became known; None if there is none."""
    return None if known.newest is None else int(day - known.newest)
