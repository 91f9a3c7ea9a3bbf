"""
Registries, and worlds: registries with days to ask them.

Rules differ where days touch. So by default all records of one registry share the days of a few
weeks, few facts and few sources, and much is said about them; with a little luck every status
turns up.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import attrs
from hypothesis import strategies as st

from claimtrack.model.claim import LINKS, Claim
from claimtrack.model.criterion import Criterion
from claimtrack.model.records import Evidence, Fact, FactKind, Source
from claimtrack.model.registry import Policy
from claimtrack.model.span import Span
from claimtrack.model.verdict import KnownBy
from claimtrack.registry import Registry
from claimtrack.strategies.criteria import SCALES, labels
from claimtrack.strategies.records import (
    assessments,
    claims,
    evidence,
    facts,
    forecasts,
    ripe,
    scales,
    searches,
    selections,
    settings,
    sources,
    speakers,
)
from claimtrack.strategies.values import checked_size
from claimtrack.strategies.values import spans as any_spans

EARLY: Final = date(2019, 12, 20)
LATE: Final = date(2020, 1, 12)
NEAR: Final = any_spans(min_day=EARLY, max_day=LATE)
_SOME_KINDS: Final = st.lists(st.sampled_from(FactKind), min_size=1, unique=True)


@st.composite
def registries(
    draw: st.DrawFn,
    *,
    min_claims: int = 1,
    max_claims: int = 4,
    min_evidence: int = 0,
    max_evidence: int = 12,
    spans: st.SearchStrategy[Span] = NEAR,
    policies: st.SearchStrategy[Policy] | None = None,
    criteria: st.SearchStrategy[Criterion] | None = None,
    kinds: Sequence[FactKind] | None = None,
) -> Registry:
    """
    Draw registries whose records go together.

    Args:
        min_claims: The least number of claims, 0 or more; *max_claims* the greatest.
        max_claims: As *min_claims*.
        min_evidence: The least number of pieces of evidence, *max_evidence* the greatest.
        max_evidence: As *min_evidence*.
        spans: The days in the records, of which each registry uses a few again and again.
        policies: The policies; any if None.
        criteria: The claims' criteria, which may ask for the facts ``event``, ``quantity`` and
            ``state`` only where the registry has them; any on its facts if None.
        kinds: The kinds of its facts, one fact of each; some of all kinds if None.

    Raises:
        InvalidArgument: The bounds leave no number of records.
    """
    checked_size("claims", min_claims, max_claims, 0, 10_000)
    checked_size("evidence", min_evidence, max_evidence, 0, 10_000)
    number = draw(st.integers(min_claims, max_claims))
    names = [f"claim-{place}" for place in range(number)]
    spans = st.sampled_from(draw(st.lists(spans, min_size=2, max_size=5)))
    people = [draw(speakers(ids=st.just(f"speaker-{place}"))) for place in range(2)]
    papers = [draw(sources(ids=st.just(f"source-{n}"), spans=spans)) for n in range(3)]
    told = draw(_SOME_KINDS) if kinds is None else [FactKind(kind) for kind in kinds]
    asked = [draw(facts(ids=st.just(kind.value), kinds=[kind])) for kind in told]
    made = [_claim(draw, name, asked, people, papers, spans, names, criteria) for name in names]
    size = draw(st.integers(min_evidence, max_evidence))
    said: list[Evidence] = []
    for place in range(size):
        said.append(_item(draw, f"evidence-{place}", asked, names, papers, spans, said))
    return Registry.of(
        *people,
        *papers,
        *asked,
        *made,
        *said,
        *(draw(scales(ids=st.just(name))) for name in SCALES),
        *_opinions(draw, names, papers, spans),
        *_remarks(draw, asked, papers),
        settings=draw(settings(policies=policies)),
    )


def _claim(
    draw: st.DrawFn,
    name: str,
    asked: Sequence[Fact],
    people: Sequence[Any],
    papers: Sequence[Source],
    spans: st.SearchStrategy[Span],
    names: Sequence[str],
    criteria: st.SearchStrategy[Criterion] | None,
) -> Claim:
    claim = draw(
        claims(
            ids=st.just(name),
            facts=asked,
            speakers=st.sampled_from([person.id for person in people]),
            sources=st.sampled_from([paper.id for paper in papers]),
            spans=spans,
            criteria=criteria,
        )
    )
    others = [other for other in names if other != name]
    if not others or draw(st.integers(0, 3)) < 3:  # noqa: PLR2004 - three in four have none
        return claim
    link: dict[str, Any] = {draw(st.sampled_from(LINKS)): [draw(st.sampled_from(others))]}
    return attrs.evolve(claim, **link)


def _item(
    draw: st.DrawFn,
    name: str,
    asked: Sequence[Fact],
    names: Sequence[str],
    papers: Sequence[Source],
    spans: st.SearchStrategy[Span],
    earlier: Sequence[Evidence],
) -> Evidence:
    source = draw(st.sampled_from(papers))
    item = draw(
        evidence(
            ids=st.just(name),
            facts=asked,
            claims=names,
            sources=st.just(source.id),
            spans=spans,
        )
    )
    if item.published is None and source.published is not None:
        keys = ("happened", "not_happened", "when")
        told = {key: getattr(item, key) for key in keys if getattr(item, key) is not None}
        fitting = ripe(told, source.published)
        if fitting != source.published:
            item = attrs.evolve(item, published=fitting)
    if earlier and draw(st.integers(0, 4)) == 4:  # noqa: PLR2004 - one in five
        item = attrs.evolve(item, supersedes=[draw(st.sampled_from(earlier)).id])
    return item


def _opinions(
    draw: st.DrawFn, names: Sequence[str], papers: Sequence[Source], spans: st.SearchStrategy[Span]
) -> list[Any]:
    """Draw a forecast, and what few assessors, who change their minds, say on few scales."""
    if not names or draw(st.booleans()):
        return []
    ids = st.sampled_from(names)
    rated: dict[str, Any] = {
        "claims": ids,
        "assessors": st.sampled_from(["checker", "Post"]),
        "scales": st.sampled_from(SCALES),
        "labels": labels(),
        "sources": st.sampled_from([paper.id for paper in papers]),
        "spans": spans,
    }
    return [
        draw(forecasts(ids=st.just("forecast"), speakers=st.just("speaker-0"), claims=ids)),
        *(
            draw(assessments(ids=st.just(f"assessment-{place}"), **rated))
            for place in range(draw(st.integers(0, 6)))
        ),
    ]


def _remarks(draw: st.DrawFn, asked: Sequence[Fact], papers: Sequence[Source]) -> list[Any]:
    """Draw a search and a selection, on which no status depends."""
    if not asked or draw(st.integers(0, 3)) < 3:  # noqa: PLR2004 - three in four have none
        return []
    facts = st.sampled_from([fact.id for fact in asked])
    sources = st.sampled_from([paper.id for paper in papers])
    return [
        draw(searches(ids=st.just("search"), claims=st.nothing(), facts=facts)),
        draw(selections(ids=st.just("selection"), speakers=st.just("speaker-0"), sources=sources)),
    ]


@attrs.frozen(kw_only=True)
class World:
    """
    A registry, and what to ask it.

    Args:
        days: Days to ask about, ascending, each once.
        known_by: Whose knowledge to ask for.
    """

    registry: Registry
    days: tuple[date, ...]
    known_by: KnownBy


@st.composite
def worlds(
    draw: st.DrawFn,
    *,
    registries: st.SearchStrategy[Registry] | None = None,
    days: st.SearchStrategy[date] | None = None,
    known_by: Sequence[KnownBy] = (KnownBy.PUBLISHED, KnownBy.RECORDED),
) -> World:
    """
    Draw registries with one to four days to ask them.

    Args:
        registries: The registries; any if None.
        days: The days; those of the weeks that registries are about by default, and some later.
        known_by: Whose knowledge to ask for. For `KnownBy.CAPTURED` the registry has the days on
            which copies of some of its reports were captured.
    """
    registry = draw(_any_registries() if registries is None else registries)
    asked = _near_days() if days is None else days
    found = draw(st.lists(asked, min_size=1, max_size=4, unique=True))
    axis = draw(st.sampled_from([KnownBy(axis) for axis in known_by]))
    if axis is KnownBy.CAPTURED:
        days_of = {id_: st.none() | _near_days() for id_ in registry.evidence}
        captured = draw(st.fixed_dictionaries(days_of))
        registry = registry.with_captured(
            {id_: day for id_, day in captured.items() if day is not None}
        )
    return World(registry=registry, days=tuple(sorted(found)), known_by=axis)


def _any_registries() -> st.SearchStrategy[Registry]:
    return registries()


def _near_days() -> st.SearchStrategy[date]:
    return st.one_of(st.dates(EARLY, LATE), st.dates(LATE, date(2022, 1, 1)))


def _worlds_of(_: type[World]) -> st.SearchStrategy[World]:
    return worlds()


# Other classes are known to Hypothesis from its start; nobody has this one without this module.
st.register_type_strategy(World, _worlds_of)
