"""Findings on single records: sources, quotes, evidence, and what nobody uses."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from claimtrack.engine.evidence import facts_of_claim
from claimtrack.engine.facts import Knowledge
from claimtrack.errors import Finding, Record, Severity, path_text
from claimtrack.escape import safe_url
from claimtrack.lint.codes import LONGEST_QUOTE
from claimtrack.lint.context import Context, Path, claim_record
from claimtrack.model.calendar import civil
from claimtrack.model.claim import Claim, ClaimKind, criteria_of
from claimtrack.model.criterion import (
    Criterion,
    Event,
    Judged,
    Leaf,
    Reaches,
    days_asked,
    leaves_of,
)
from claimtrack.model.fields import shown
from claimtrack.model.records import Assessment, Evidence, Fact, Source, Stance
from claimtrack.model.references import placed_leaves
from claimtrack.model.registry import PLURALS
from claimtrack.model.span import OPEN_END, OPEN_START, Day, day_text
from claimtrack.model.verdict import DECIDED, Status


def check_records(context: Context) -> Iterator[Finding]:
    """Find CT612 to CT614, CT641 to CT643 and CT649."""
    for claim in context.registry.claims.values():
        words = len(claim.quote.split())
        if words > LONGEST_QUOTE:
            message = f"has a quote of {words} words; expected at most {LONGEST_QUOTE}"
            yield context.finding("CT612", claim_record(claim.id), message, path=("quote",))
    for evidence in context.registry.evidence.values():
        yield from _evidence(context, evidence)
    for source in context.registry.sources.values():
        yield from _source(context, source)
    for speaker in context.registry.speakers.values():
        yield from _address(context, Record(kind="speaker", id=speaker.id), "url", speaker.url)
    for rating in context.registry.assessments.values():
        yield from _rating(context, rating)
    yield from _unused(context)
    yield from _respelled(context)


def _rating(context: Context, rating: Assessment) -> Iterator[Finding]:
    record = Record(kind="assessment", id=rating.id)
    yield from _address(context, record, "url", rating.url)
    source = None if rating.source is None else context.registry.sources[rating.source]
    if rating.published is None and (source is None or source.published is None):
        where = "" if source is None else f", as is its source {source.id!r},"
        yield context.finding("CT614", record, f"is undated{where} and so never used")


def _address(context: Context, record: Record, key: str, address: str | None) -> Iterator[Finding]:
    if address is not None and safe_url(address) is None:
        message = f"has a {key} {shown(address)} that is not linked"
        hint = "an address begins with https:// or http://, and holds no blank"
        yield context.finding(
            "CT642", record, message, path=(key,), hint=hint, severity=Severity.WARNING
        )


def _respelled(context: Context) -> Iterator[Finding]:
    locations = context.registry.locations
    for kind, id_, path in () if locations is None else locations.respelled:
        message = f"has under {path_text(path)} a text that is not in Unicode's normal form C"
        yield context.finding("CT649", Record(kind=kind, id=id_), message, path=path)


def _evidence(context: Context, evidence: Evidence) -> Iterator[Finding]:
    record = Record(kind="evidence", id=evidence.id)
    if evidence.withdrawn is not None and evidence.withdrawn_because is None:
        message = f"was withdrawn on {evidence.withdrawn.text} without a reason"
        yield context.finding("CT613", record, message, path=("withdrawn",))
    source = context.registry.sources[evidence.source]
    if evidence.published is None and source.published is None:
        message = f"is undated, as is its source {source.id!r}, and so never used"
        yield context.finding("CT614", record, message)


def _source(context: Context, source: Source) -> Iterator[Finding]:
    record = Record(kind="source", id=source.id)
    if source.tier is None:
        yield context.finding("CT641", record, "has no tier")
    if source.url is None and source.archived_url is None and source.snapshot is None:
        yield context.finding("CT642", record, "has no url, archived_url or snapshot")
    for key in ("url", "archived_url"):
        yield from _address(context, record, key, getattr(source, key))


def _unused(context: Context) -> Iterator[Finding]:
    registry = context.registry
    claims, forecasts = registry.claims.values(), registry.forecasts.values()
    reports = registry.evidence.values()
    named: Mapping[str, set[str]] = {
        "speaker": {claim.speaker for claim in claims} | {one.by for one in forecasts},
        "source": {
            *(claim.source for claim in claims),
            *(id_ for claim in claims for id_ in claim.appearances),
            *(one.source for claim in claims for one in claim.occasions),
            *(claim.retracted_source for claim in claims if claim.retracted_source is not None),
            *(report.source for report in reports),
            *(one.source for one in forecasts if one.source is not None),
            *(one.source for one in registry.assessments.values() if one.source is not None),
        },
        "fact": {
            *(report.fact for report in reports if report.fact is not None),
            *(fact for claim in claims for fact in facts_of_claim(claim)),
        },
    }
    for kind, ids in named.items():
        for id_ in getattr(registry, f"{kind}s"):
            if id_ not in ids:
                yield context.finding("CT643", Record(kind=kind, id=id_), "is not used")


def check_selections(context: Context) -> Iterator[Finding]:
    """Find CT679: a selection that says another number of claims than there are."""
    claims = context.registry.claims.values()
    for one in context.registry.selections.values():
        number = sum(claim.is_among(one) for claim in claims)
        if one.included is not None and one.included != number:
            message = f"says that {one.included} claims are in the registry, and {number} are"
            record = Record(kind="selection", id=one.id)
            yield context.finding("CT679", record, message, path=("included",))


def check_facts(context: Context) -> Iterator[Finding]:
    """Find CT621 to CT626."""
    asked = {fact for claim in context.registry.claims.values() for fact in facts_of_claim(claim)}
    for known in context.audit.knowledge():
        fact = known.fact
        reports = len(context.audit.reports_on_fact(fact.id))
        yield from faults_of(context, known)
        if fact.id in asked and not reports:
            yield context.finding("CT625", _record(fact), "has no evidence on it")
        if reports and fact.id not in asked and not _asks_itself(fact):
            message = f"has {reports} reports, and no claim asks about it"
            yield context.finding("CT624", _record(fact), message)


def _record(fact: Fact) -> Record:
    return Record(kind="fact", id=fact.id)


def _asks_itself(fact: Fact) -> bool:
    return bool(fact.requires or fact.requires_tiers or fact.review_every)


def faults_of(context: Context, known: Knowledge) -> Iterator[Finding]:
    """Iterate over what is wrong with what is *known* of one fact: CT621 to CT623, CT626."""
    fact = known.fact
    if known.conflicts:
        one, other = known.conflicts[0]
        more = len(known.conflicts) - 1
        rest = f", and {more} more such pairs" if more else ""
        message = f"has sources in conflict: evidence {one!r} and {other!r}{rest}"
        yield context.finding("CT621", _record(fact), message)
    if fact.requires is not None and known.witnesses < fact.requires:
        message = f"has {known.witnesses} of the {fact.requires} independent witnesses it requires"
        yield context.finding("CT622", _record(fact), message, path=("requires",))
    yield from _missing_tiers(context, known)
    age = age_of(known, context.audit.day)
    if fact.review_every is not None and age is not None and age > fact.review_every:
        assert known.newest is not None  # noqa: S101 - else it has no age
        message = (
            f"was last reported on {day_text(known.newest)}, {age} days ago; "
            f"expected a report every {fact.review_every} days"
        )
        yield context.finding("CT623", _record(fact), message, path=("review_every",))


def _missing_tiers(context: Context, known: Knowledge) -> Iterator[Finding]:
    if not known.fact.requires_tiers:
        return
    evidence, sources = context.audit.records.evidence, context.audit.records.sources
    there = {sources[evidence[id_].source].tier for id_ in known.reports}
    for number, tier in enumerate(known.fact.requires_tiers):
        if tier not in there:
            message = f"has no report of the tier {tier.value!r}, which it requires"
            path = ("requires_tiers", number)
            yield context.finding("CT626", _record(known.fact), message, path=path)


def age_of(known: Knowledge, day: Day) -> int | None:
    """Return the days since the newest report became known; None if there is none."""
    return None if known.newest is None else int(day - known.newest)


_CLOSED: Final = frozenset({*DECIDED, Status.ANNULLED, Status.NOT_CHECKABLE})
_DATED: Final = frozenset({ClaimKind.PREDICTION, ClaimKind.PROMISE})


def check_reach(context: Context) -> Iterator[Finding]:
    """Find CT615 to CT618, CT647 and CT648."""
    asking = _asking(context)
    for evidence in context.registry.evidence.values():
        if evidence.withdrawn is None:
            yield from _denial(context, evidence, asking.get(evidence.fact or "", []))
            yield from _judgement(context, evidence)
        yield from _early(context, evidence)
    for claim in context.registry.claims.values():
        yield from _days(context, claim)
        yield from _far(context, claim)
    for id_ in context.audit.outcomes:
        yield from _irrefutable(context, context.registry.claims[id_])
    yield from _to_come(context)


_DATED_BY: Final = (
    ("source", "published", "was published"),
    ("evidence", "published", "was published"),
    ("evidence", "recorded", "was recorded"),
    ("forecast", "made", "was made"),
    ("assessment", "published", "was published"),
    ("search", "searched", "was searched"),
)
"""The kinds of record and their days that cannot lie after today, and what happened on them."""


def _to_come(context: Context) -> Iterator[Finding]:
    """Find what was published, recorded or made after today."""
    for kind, key, verb in _DATED_BY:
        for one in getattr(context.registry, PLURALS[kind]).values():
            told = getattr(one, key)
            if told is not None and told.first > context.now:
                message = f"{verb} on {told.text}, which is after today, {day_text(context.now)}"
                yield context.finding("CT647", Record(kind=kind, id=one.id), message, path=(key,))


def _early(context: Context, evidence: Evidence) -> Iterator[Finding]:
    """Find a value that was reported before the period was over of which it speaks."""
    published = evidence.published or context.registry.sources[evidence.source].published
    if evidence.when is None or published is None or evidence.when.last == OPEN_END:
        return
    if evidence.when.last > published.last:
        message = (
            f"gives a value for {evidence.when.text}, which was not over when it was published on "
            f"{published.text}"
        )
        yield context.finding(
            "CT647", Record(kind="evidence", id=evidence.id), message, path=("when",)
        )


FAR: Final = 100 * 366
"""Days after which a deadline is taken for a slip of the year."""

FAR_YEARS: Final = 50
"""Years after which a deadline is taken for a slip, unless its year is one that people set."""


def _far(context: Context, claim: Claim) -> Iterator[Finding]:
    """Find a deadline so far from the day on which the claim was said that it must be a slip."""
    said = civil(int(claim.said.last))[0]  # it is never open
    for path, last in _deadlines(claim):
        if last == OPEN_END or last <= claim.said.last:
            continue
        year = civil(int(last))[0]
        if last > claim.said.last + FAR:
            away = f"more than a hundred years after it was said on {claim.said.text}"
        elif year > said + FAR_YEARS and not _is_round(year):
            away = f"{year - said} years after the year in which it was said, {said}"
        else:
            continue
        message = f"asks about {day_text(last)}, {away}"
        yield context.finding("CT647", claim_record(claim.id), message, path=path)


def _is_round(year: int) -> bool:
    """Say whether aims are set for *year*, such as 2070, or 2099 as the end of a century."""
    return year % 10 == 0 or (year + 1) % 100 == 0


def _deadlines(claim: Claim) -> Iterator[tuple[Path, Day]]:
    if claim.due is not None:
        yield ("due",), claim.due.last
    for path, leaf in _leaves(claim):
        yield path, days_asked(leaf, None)[1]


def _leaves(claim: Claim) -> Iterator[tuple[Path, Leaf]]:
    """Iterate over the leaves of the criterion and of those of the readings, with their paths."""
    if claim.criterion is not None:
        yield from placed_leaves(claim.criterion, ("criterion",))
    for number, reading in enumerate(claim.readings):
        yield from placed_leaves(reading.criterion, ("reading", number, "criterion"))


def _irrefutable(context: Context, claim: Claim) -> Iterator[Finding]:
    """Find a quantity that is to reach a mark, and of which no report can say that it did not."""
    if context.audit.outcomes[claim.id].status in _CLOSED:
        return
    for path, leaf in _leaves(claim):
        if not isinstance(leaf, Reaches):
            continue
        is_cumulative = context.registry.facts[leaf.fact].cumulative
        if not (is_cumulative and leaf.test.asks_for_growth):
            reason = "is not cumulative" if not is_cumulative else "has another test than at_least"
            message = f"asks whether {leaf.fact!r} reaches a mark, which nothing can refute"
            hint = f"the fact {reason}; ask for the value of one period: at = ..."
            yield context.finding("CT648", claim_record(claim.id), message, path=path, hint=hint)
            return


def _asking(context: Context) -> dict[str, list[tuple[Claim, Event]]]:
    """Return by fact the questions for an event with a deadline that are open on the day."""
    asking: dict[str, list[tuple[Claim, Event]]] = {}
    for claim in map(context.registry.claims.__getitem__, context.audit.outcomes):
        for leaf in chain.from_iterable(map(leaves_of, _open(context, claim))):
            if isinstance(leaf, Event):
                asking.setdefault(leaf.fact, []).append((claim, leaf))
    return asking


def _open(context: Context, claim: Claim) -> Iterator[Criterion]:
    if claim.criterion is not None and context.audit.outcomes[claim.id].status not in _CLOSED:
        yield claim.criterion
    if claim.readings:
        for reading, told in zip(claim.readings, context.audit[claim.id].readings, strict=True):
            if told.status not in _CLOSED:
                yield reading.criterion


def _denial(
    context: Context, evidence: Evidence, asking: list[tuple[Claim, Event]]
) -> Iterator[Finding]:
    if evidence.not_happened is None:
        return
    for claim, leaf in asking:
        zone = context.audit.zone(claim)
        first, last = leaf.window.days(zone)
        begin, end = evidence.not_happened.days_in(zone)
        if last == OPEN_END or not first < begin <= last <= end:
            continue
        message = (
            f"denies its fact from {day_text(begin)} on only, and claim {claim.id!r} asks about "
            f"{_run_of(first, last)}, so it tells nothing there"
        )
        start = ".." if first == OPEN_START else day_text(first)
        whole = f"{start}/{day_text(last if end == OPEN_END else end)}"
        yield context.finding(
            "CT615",
            Record(kind="evidence", id=evidence.id),
            message,
            path=("not_happened",),
            hint=f'if the source says so of the days before too, write: not_happened = "{whole}"',
        )
        return  # one is enough: what mends it is the same for all


def _run_of(first: Day, last: Day) -> str:
    if first == OPEN_START:
        return f"all days up to {day_text(last)}"
    return f"all days from {day_text(first)} to {day_text(last)}"


def _judgement(context: Context, evidence: Evidence) -> Iterator[Finding]:
    if evidence.claim is None or evidence.stance is Stance.CONTEXT:
        return
    claim = context.registry.claims[evidence.claim]
    if claim.criterion is None or claim.id in context.audit.answers:
        return
    leaves = chain.from_iterable(map(leaves_of, criteria_of(claim)))
    if not any(isinstance(leaf, Judged) for leaf in leaves):
        message = f"judges claim {claim.id!r}, whose criterion does not ask for judgement"
        yield context.finding(
            "CT616",
            Record(kind="evidence", id=evidence.id),
            message,
            path=("claim",),
            hint="report on a fact of its criterion, or ask for judgement: { judged = true }",
        )


def _days(context: Context, claim: Claim) -> Iterator[Finding]:
    record = claim_record(claim.id)
    if claim.kind in _DATED:
        due = context.audit.due(claim)
        if due is not None and due < claim.said.first:
            said = f"is a {claim.kind} of {claim.said.text}"
            message = f"{said} that was due before, on {day_text(due)}"
            path = "criterion" if claim.due is None else "due"
            yield context.finding("CT617", record, message, path=(path,))
    published = context.registry.sources[claim.source].published
    if published is not None and claim.said.first > published.last:
        message = (
            f"was said on {claim.said.text}, after its source {claim.source!r} was published on "
            f"{published.text}"
        )
        yield context.finding("CT618", record, message, path=("said",))
