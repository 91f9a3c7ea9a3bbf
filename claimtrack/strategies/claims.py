"""Claims with all that one may carry."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from hypothesis import strategies as st

from claimtrack.model.claim import Claim, ClaimKind, QuoteKind, Reading, Signature
from claimtrack.model.criterion import Criterion
from claimtrack.model.fact import Fact
from claimtrack.model.verdict import Status
from claimtrack.strategies.criteria import OWN_FACTS, criteria
from claimtrack.strategies.records import (
    DAYS,
    SILENCES,
    ZONES,
    Dates,
    Ids,
    Spans,
    any_spans,
    half,
)
from claimtrack.strategies.words import dress, identifiers, rarely, texts

_READINGS: Final[st.SearchStrategy[tuple[str, ...]]] = st.sampled_from(
    [(), (), ("strict",), ("strict", "loose")]
)
_GRACES: Final = st.sampled_from([None, None, 0, 3])
_NOT_CHECKABLE: Final = rarely(st.just("a norm"), one_in=12)
_OWN_ZONES: Final = rarely(ZONES, one_in=4)
_CLAIM_EXTRAS: Final = dress(
    quote_kind=half(st.sampled_from(QuoteKind)),
    proposition=rarely(texts()),
    kind=half(st.sampled_from(ClaimKind)),
    status=st.sampled_from(Status),
    signed=half(st.builds(Signature, on=DAYS)),
    topics=st.lists(texts(), max_size=2, unique=True),
    review_by=half(DAYS),
    opens=rarely(DAYS),
    closes=rarely(st.just("9999-12-30T12:00:00Z")),
    note=rarely(texts()),
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
        **draw(_CLAIM_EXTRAS),
    )


@lru_cache(maxsize=64)
def _any_criteria(
    facts: tuple[Fact, ...], days: Spans | None, *, parts: bool
) -> st.SearchStrategy[Criterion]:
    return criteria(facts=facts, spans=days, parts=parts)


@lru_cache(maxsize=64)
def _conditions(facts: tuple[Fact, ...], days: Spans | None) -> st.SearchStrategy[Criterion | None]:
    return rarely(_any_criteria(facts, days, parts=False), one_in=6)
