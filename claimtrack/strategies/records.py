"""Strategies for single records; `claimtrack.strategies.registries` draws whole registries."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from claimtrack.model.claim import AnnulledKind, Claim, ClaimKind, QuoteKind, Reading, Signature
from claimtrack.model.criterion import Criterion
from claimtrack.model.records import (
    Anchor,
    Assessment,
    Evidence,
    Fact,
    FactKind,
    Forecast,
    Role,
    Search,
    Selection,
    Silence,
    Snapshot,
    Source,
    Speaker,
    SpeakerKind,
    Stance,
    Tier,
)
from claimtrack.model.registry import OnConflict, Policy, QuotePolicy, Settings
from claimtrack.model.scales import Says, Scale
from claimtrack.model.span import OPEN_END, OPEN_START, Span, to_span
from claimtrack.model.verdict import Status
from claimtrack.strategies.criteria import (
    LABELS,
    NUMBERS,
    OWN_FACTS,
    STATES,
    criteria,
    quantities,
)
from claimtrack.strategies.values import dress, identifiers, rarely, spans, texts

Spans = st.SearchStrategy[Span]
Ids = st.SearchStrategy[str]

ZONES: Final = st.sampled_from(
    ["UTC", "Europe/Moscow", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati"]
)
DAYS: Final = st.dates(date(2000, 1, 1), date(2030, 12, 31)).map(to_span)


def half(drawn: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw None as often as something *drawn*."""
    return rarely(drawn, one_in=2)


@st.composite
def often(draw: st.DrawFn, drawn: Spans) -> Span | None:
    """Draw a span mostly, and None at times."""
    return draw(drawn) if draw(st.integers(0, 3)) else None


def closed(span: Span) -> Span:
    """Return *span*, or the day that it does have where an end is open."""
    if span.first > OPEN_START and span.last < OPEN_END:
        return span
    return to_span(span.text.replace("..", "").strip("/"))


@st.composite
def _roles(draw: st.DrawFn) -> Role:
    first, last = sorted((draw(DAYS), draw(DAYS)), key=lambda span: span.first)
    since, until = draw(st.booleans()), draw(st.booleans())
    return Role(title=draw(texts()), since=first if since else None, until=last if until else None)


SILENCES: Final = rarely(
    st.lists(st.builds(Silence, code=identifiers(), because=texts()), max_size=2)
).map(lambda found: found or [])
_DIGESTS: Final = st.text("0123456789abcdef", min_size=64, max_size=64)
_SNAPSHOTS: Final = st.one_of(
    st.builds(Snapshot, path=identifiers(), sha256=_DIGESTS),
    st.builds(
        Snapshot,
        private=st.just(value=True),
        sha256=_DIGESTS,
        captured=half(st.dates().map(str)),
        media_type=half(st.sampled_from(["text/html", "application/pdf"])),
        url=half(texts()),
    ),
)
ANCHORS: Final = rarely(
    st.builds(
        Anchor, prefix=half(texts()), suffix=half(texts()), position=half(st.integers(0, 10**6))
    )
)
_PUBLISHERS: Final = half(st.sampled_from(["Post", "Times", "source-0"]))
_ORIGINS: Final = rarely(st.sampled_from(["Wire", "Post", "source-1"]), one_in=3)
_TIERS: Final = half(st.sampled_from(Tier))
_SPEAKER_EXTRAS: Final = dress(
    name=texts(),
    aliases=st.lists(texts(), max_size=1),
    kind=rarely(st.sampled_from(SpeakerKind)),
    party=rarely(texts()),
    groups=st.lists(texts(), max_size=1),
    roles=st.lists(_roles(), max_size=2),
    url=rarely(texts()),
    note=rarely(texts()),
    internal=rarely(texts()),
    silenced=SILENCES,
)
_SOURCE_EXTRAS: Final = dress(
    title=rarely(texts()),
    author=rarely(texts()),
    url=rarely(texts()),
    archived_url=rarely(texts()),
    language=half(st.sampled_from(["en", "ru", "zh"])),
    retrieved=half(DAYS),
    snapshot=half(_SNAPSHOTS),
    note=rarely(texts()),
    internal=rarely(texts()),
    silenced=SILENCES,
)
_FACT_EXTRAS: Final = dress(
    title=rarely(texts()),
    requires=st.sampled_from([None, 1, 2]),
    review_every=st.sampled_from([None, 30]),
    note=rarely(texts()),
    internal=rarely(texts()),
    silenced=SILENCES,
)
_EVIDENCE_EXTRAS: Final = dress(
    quote=rarely(texts()),
    anchor=ANCHORS,
    note=rarely(texts()),
    internal=rarely(texts()),
    silenced=SILENCES,
)


@st.composite
def _built(
    draw: st.DrawFn,
    /,
    record: Callable[..., Any],
    extras: st.SearchStrategy[dict[str, Any]],
    **options: st.SearchStrategy[Any],
) -> Any:  # noqa: ANN401 - whatever *record* makes
    return record(**{key: draw(drawn) for key, drawn in options.items()}, **draw(extras))


class Dates(NamedTuple):
    """Days for one purpose each; made once for each strategy, since making takes its time."""

    often: st.SearchStrategy[Span | None]
    closed: st.SearchStrategy[Span]
    taken_back: st.SearchStrategy[Span | None]
    annulled: st.SearchStrategy[Span | None]
    due: st.SearchStrategy[Span | None]

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, days: Spans) -> "Dates":
        """Return the days for all purposes, drawn from *days*."""
        return cls(
            often=often(days),
            closed=days.map(closed),
            taken_back=rarely(days.map(first_day), one_in=6),
            annulled=rarely(days.map(first_day), one_in=12),
            due=rarely(days.map(ended), one_in=4),
        )


def policies() -> st.SearchStrategy[Policy]:
    """Draw policies; the simplest is the default one."""
    return st.builds(
        Policy,
        grace=st.sampled_from([0, 0, 1, 5]),
        min_sources=st.sampled_from([1, 1, 1, 1, 1, 2]),
        min_tier=rarely(st.sampled_from(Tier)),
        on_conflict=st.sampled_from(OnConflict),
        quotes=rarely(st.just(QuotePolicy.REQUIRED)).map(lambda one: one or QuotePolicy.PINNED),
    )


def settings(*, policies: st.SearchStrategy[Policy] | None = None) -> st.SearchStrategy[Settings]:
    """Draw what holds for a whole registry, with one of *policies*; any if None."""
    return st.builds(
        Settings,
        id=rarely(identifiers()),
        title=rarely(texts()),
        timezone=half(ZONES),
        policy=_any_policies() if policies is None else policies,
        seasons=st.booleans(),
        note=rarely(texts()),
        internal=rarely(texts()),
    )


def _any_policies() -> st.SearchStrategy[Policy]:
    return policies()


def speakers(*, ids: Ids | None = None) -> st.SearchStrategy[Speaker]:
    """Draw speakers with *ids*; any if None."""
    return _built(Speaker, _SPEAKER_EXTRAS, id=identifiers() if ids is None else ids)


def sources(*, ids: Ids | None = None, spans: Spans | None = None) -> st.SearchStrategy[Source]:
    """
    Draw sources, few enough of whose publishers and origins differ that some are one witness.

    Args:
        ids: Their ids; any if None.
        spans: When they were published; any spans if None.
    """
    return _built(
        Source,
        _SOURCE_EXTRAS,
        id=identifiers() if ids is None else ids,
        publisher=_PUBLISHERS,
        published=often(any_spans() if spans is None else spans),
        tier=_TIERS,
        origin=_ORIGINS,
    )


@lru_cache(maxsize=1)
def any_spans() -> Spans:
    """Return `spans` with its defaults, always the same one."""
    return spans()


@st.composite
def facts(
    draw: st.DrawFn, *, ids: Ids | None = None, kinds: Sequence[FactKind] = tuple(FactKind)
) -> Fact:
    """
    Draw facts.

    Args:
        ids: Their ids; any if None.
        kinds: The kinds to draw.

    Raises:
        InvalidArgument: *kinds* is empty.
    """
    if not kinds:
        raise InvalidArgument("kinds is empty; expected at least one kind of fact")
    kind = draw(st.sampled_from([FactKind(kind) for kind in kinds]))
    own: dict[str, Any] = {
        FactKind.EVENT: {"once": draw(st.booleans())},
        FactKind.QUANTITY: {
            "unit": draw(half(st.sampled_from(["km", "%"]))),
            "cumulative": draw(st.booleans()),
        },
        FactKind.STATE: {"values": draw(st.sampled_from([(), ("open", "closed", True, False)]))},
    }[kind]
    return Fact(
        id=draw(identifiers() if ids is None else ids),
        kind=kind,
        **own,
        **draw(_FACT_EXTRAS),
    )


@st.composite
def evidence(
    draw: st.DrawFn,
    *,
    ids: Ids | None = None,
    facts: Sequence[Fact] = OWN_FACTS,
    claims: Sequence[str] = ("claim",),
    sources: Ids | None = None,
    spans: Spans | None = None,
) -> Evidence:
    """
    Draw pieces of evidence.

    Where a report has a day of its own, nothing that it tells begins after that; whether its
    source's day fits is the business of whoever puts the two together.

    Args:
        ids: Their ids; any if None.
        facts: What they report on; and
        claims: the ids of claims that they judge. One of the two may be empty.
        sources: The ids of their sources; any if None.
        spans: What they tell of, and when they were published; any spans if None.

    Raises:
        InvalidArgument: Both *facts* and *claims* are empty.
    """
    if not facts and not claims:
        raise InvalidArgument("facts and claims are empty; expected something to tell of")
    days = any_spans() if spans is None else spans
    is_report = bool(facts) and (not claims or draw(st.integers(0, 3)) < 3)  # noqa: PLR2004
    told: dict[str, Any] = (
        _report(draw, draw(st.sampled_from(facts)), days)
        if is_report
        else _judgement(draw, draw(st.sampled_from(claims)), days)
    )
    dates = Dates.of(days)
    published = draw(dates.often)
    if published is not None:
        published = ripe(told, published)
    withdrawn = draw(dates.taken_back)
    return Evidence(
        id=draw(identifiers() if ids is None else ids),
        source=draw(identifiers() if sources is None else sources),
        published=published,
        recorded=draw(dates.often),
        withdrawn=withdrawn,
        withdrawn_because=None if withdrawn is None else draw(rarely(texts())),
        **told,
        **draw(_EVIDENCE_EXTRAS),
    )


def first_day(span: Span) -> Span:
    """Return a full day that *span* touches."""
    full = closed(span)
    return full if full.is_day and full.moment is None else _day(full.first)


def _day(day: float) -> Span:
    return to_span(date.fromordinal(min(max(int(day), 1), date.max.toordinal())))


def ripe(told: dict[str, Any], published: Span) -> Span:
    """Return *published*, or a day late enough for what is *told* to have happened, in any zone."""
    about = told.get("happened") or told.get("when") or told.get("not_happened")
    if about is None:
        return published
    needed = about.last if "not_happened" in told else about.first
    if needed == OPEN_START or published.first - 2 >= needed or published.last == OPEN_END:
        return published
    if published.moment is None and about.moment is None and published.last >= needed:
        return published
    return _day(needed + 2) if about.moment is not None else _day(needed)


def _report(draw: st.DrawFn, fact: Fact, days: Spans) -> dict[str, Any]:
    if fact.kind is FactKind.EVENT:
        if draw(st.booleans()):
            return {"fact": fact.id, "happened": draw(days)}
        return {"fact": fact.id, "not_happened": ended(draw(days))}
    if fact.kind is FactKind.STATE:
        values: Any = st.sampled_from(fact.values) if fact.values else STATES
        return {"fact": fact.id, "when": draw(days), "value": draw(values)}
    unit = fact.unit if draw(st.booleans()) else None
    value = draw(quantities(numbers=NUMBERS))
    return {"fact": fact.id, "when": draw(days), "value": value, "unit": unit}


def ended(span: Span) -> Span:
    """Return *span*, or the day that it does have where it has no end."""
    return span if span.last < OPEN_END else closed(span)


def _judgement(draw: st.DrawFn, claim: str, days: Spans) -> dict[str, Any]:
    told = {"claim": claim, "stance": draw(st.sampled_from(Stance))}
    happened = draw(half(days))
    return told if happened is None else {**told, "happened": happened}


_SHARES: Final = st.floats(0, 1, allow_subnormal=False)


def forecasts(
    *, ids: Ids | None = None, speakers: Ids | None = None, claims: Ids | None = None
) -> st.SearchStrategy[Forecast]:
    """Draw forecasts with *ids*, by one of *speakers*, of one of *claims*; any ids if None."""
    own: dict[str, Any] = {
        "id": identifiers() if ids is None else ids,
        "by": identifiers() if speakers is None else speakers,
        "claim": identifiers() if claims is None else claims,
        "made": DAYS,
        "withdrawn": rarely(st.just("9999-12-30")),
        "note": rarely(texts()),
        "internal": rarely(texts()),
    }
    distributions = st.sampled_from([{"held": 1.0, "late": 0.0}, {"held": 0.25, "failed": 0.75}])
    return st.one_of(
        st.builds(Forecast, probability=_SHARES, **own),
        st.builds(Forecast, distribution=distributions, **own),
        st.builds(Forecast, hedge=st.just("Very likely"), map=_HEDGE_MAPS, **own),
    )


_HEDGE_MAPS: Final = st.sampled_from(["icd-203", "ipcc"])


def searches(
    *, ids: Ids | None = None, claims: Ids | None = None, facts: Ids | None = None
) -> st.SearchStrategy[Search]:
    """Draw searches with *ids*, for reports on one of *claims* or of *facts*; any ids if None."""
    own: dict[str, Any] = {
        "id": identifiers() if ids is None else ids,
        "searched": DAYS,
        "where": texts(),
        "words": half(texts()),
        "by": half(texts()),
        "note": rarely(texts()),
        "internal": rarely(texts()),
    }
    return st.one_of(
        st.builds(Search, claim=identifiers() if claims is None else claims, **own),
        st.builds(Search, fact=identifiers() if facts is None else facts, **own),
    )


def selections(
    *, ids: Ids | None = None, speakers: Ids | None = None, sources: Ids | None = None
) -> st.SearchStrategy[Selection]:
    """Draw selections with *ids*, of claims of one of *speakers* or *sources*; any ids if None."""
    return st.builds(
        Selection,
        id=identifiers() if ids is None else ids,
        rule=texts(),
        total=half(st.integers(5, 9)),
        included=half(st.integers(0, 5)),
        speaker=half(identifiers() if speakers is None else speakers),
        source=half(identifiers() if sources is None else sources),
        topic=rarely(texts()),
        note=rarely(texts()),
        internal=rarely(texts()),
    )


@st.composite
def scales(draw: st.DrawFn, *, ids: Ids | None = None) -> Scale:
    """Draw scales with *ids*, any if None; their labels are those that `criteria` ask for."""
    says = [Says.SUPPORTS, *(draw(st.sampled_from(Says)) for _ in LABELS[1:])]
    labels = [
        {"name": name, "says": said, "scored": draw(st.booleans())}
        for name, said in zip(LABELS, draw(st.permutations(says)), strict=True)
    ]
    return Scale(
        id=draw(identifiers() if ids is None else ids),
        title=draw(rarely(texts())),
        note=draw(rarely(texts())),
        internal=draw(rarely(texts())),
        labels=labels,
    )


def assessments(
    *,
    ids: Ids | None = None,
    claims: Ids | None = None,
    assessors: st.SearchStrategy[str] | None = None,
    scales: Ids | None = None,
    labels: st.SearchStrategy[str] | None = None,
    sources: Ids | None = None,
    spans: Spans | None = None,
) -> st.SearchStrategy[Assessment]:
    """
    Draw ratings that somebody published.

    Args:
        ids: Their ids; any if None.
        claims: The ids of what they rate; any if None.
        assessors: Who rates; anybody if None.
        scales: The ids of the scales, *labels* what stands on them; any if None.
        labels: As *scales*.
        sources: The ids of where some of them stand; none has a source if None.
        spans: When they were published; any spans if None.
    """
    return st.builds(
        Assessment,
        id=identifiers() if ids is None else ids,
        claim=identifiers() if claims is None else claims,
        by=texts() if assessors is None else assessors,
        scale=identifiers() if scales is None else scales,
        rating=texts() if labels is None else labels,
        published=often(any_spans() if spans is None else spans),
        withdrawn=rarely(DAYS, one_in=6),
        source=st.none() if sources is None else half(sources),
        url=rarely(texts()),
        note=rarely(texts()),
        internal=rarely(texts()),
    )


_READINGS: Final[st.SearchStrategy[tuple[str, ...]]] = st.sampled_from(
    [(), (), ("strict",), ("strict", "loose")]
)
_GRACES: Final = st.sampled_from([None, None, 0, 3])
_NOT_CHECKABLE: Final = rarely(st.just("a norm"), one_in=12)
_OWN_ZONES: Final = rarely(ZONES, one_in=4)
_CLAIM_EXTRAS: Final = dress(
    quote_kind=half(st.sampled_from(QuoteKind)),
    anchor=ANCHORS,
    proposition=rarely(texts()),
    kind=half(st.sampled_from(ClaimKind)),
    status=st.sampled_from(Status),
    signed=half(st.builds(Signature, on=DAYS)),
    topics=st.lists(texts(), max_size=2, unique=True),
    review_by=half(DAYS),
    publish_after=rarely(DAYS),
    opens=rarely(DAYS),
    closes=rarely(st.just("9999-12-30T12:00:00Z")),
    note=rarely(texts()),
    internal=rarely(texts()),
    silenced=SILENCES,
)


@st.composite
def claims(
    draw: st.DrawFn,
    *,
    ids: Ids | None = None,
    facts: Sequence[Fact] = OWN_FACTS,
    speakers: Ids | None = None,
    sources: Ids | None = None,
    spans: Spans | None = None,
    criteria: st.SearchStrategy[Criterion] | None = None,
) -> Claim:
    """
    Draw claims, with and without readings, conditions, due days and all that a claim may carry.

    Args:
        ids: Their ids; any if None.
        facts: What their criteria ask about.
        speakers: The ids of who said it, *sources* those of where; any if None.
        sources: As *speakers*.
        spans: The days in them; any spans if None.
        criteria: Their criteria and those of their readings; any on *facts* if None.
    """
    days = any_spans() if spans is None else spans
    trees = _any_criteria(tuple(facts), spans, parts=True) if criteria is None else criteria
    is_checkable = draw(_NOT_CHECKABLE) is None
    dates = Dates.of(days)
    said = draw(dates.closed)
    annulled = draw(dates.annulled)
    readings = draw(_READINGS) if is_checkable else ()
    return Claim(
        id=draw(identifiers() if ids is None else ids),
        speaker=draw(identifiers() if speakers is None else speakers),
        said=said,
        source=draw(identifiers() if sources is None else sources),
        quote=draw(texts()),
        criterion=draw(trees) if is_checkable else None,
        not_checkable=None if is_checkable else draw(texts()),
        readings=[Reading(name=name, criterion=draw(trees)) for name in readings],
        due=draw(dates.due),
        grace=draw(_GRACES),
        timezone=draw(_OWN_ZONES),
        condition=draw(_conditions(tuple(facts), spans)),
        annulled=annulled,
        annulled_because=None if annulled is None else draw(texts()),
        **_later_words(draw, said, annulled),
        **draw(_CLAIM_EXTRAS),
    )


_LATER_WORDS: Final = rarely(st.tuples(texts(), half(st.sampled_from(AnnulledKind))), one_in=6)


def _later_words(draw: st.DrawFn, said: Span, annulled: Span | None) -> dict[str, Any]:
    """Draw the fields on words that were taken back, on the day on which they were said."""
    drawn = draw(_LATER_WORDS)
    if drawn is None:
        return {}
    words, kind = drawn
    taken_back = {"retracted": first_day(said), "retracted_words": words}
    return taken_back | ({} if annulled is None else {"annulled_kind": kind})


@lru_cache(maxsize=64)
def _any_criteria(
    facts: tuple[Fact, ...], days: Spans | None, *, parts: bool
) -> st.SearchStrategy[Criterion]:
    return criteria(facts=facts, spans=days, parts=parts)


@lru_cache(maxsize=64)
def _conditions(facts: tuple[Fact, ...], days: Spans | None) -> st.SearchStrategy[Criterion | None]:
    return rarely(_any_criteria(facts, days, parts=False), one_in=6)
