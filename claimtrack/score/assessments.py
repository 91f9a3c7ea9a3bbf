"""
Agreement between assessors who published ratings of the same claims.

Ratings on one scale are compared. Of several ratings of a claim by one assessor the latest counts:
by the day on which it became known (its own or its source's, in the zone of the claim), and within
a day by the time where both have one. Where two of one day differ and neither is known to be the
later, neither counts, and both are listed. A rating without a day counts only if the assessor has
none with one.
States that the scale does not score, such as "not yet rated", count as no rating.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.model.instant import Clock, Instant, instant_of
from claimtrack.model.records import Assessment
from claimtrack.model.scales import Label, Scale, load_scales
from claimtrack.model.span import OPEN_END
from claimtrack.score.agreement import (
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    percent_agreement,
)
from claimtrack.score.forecasts import zone_of


@attrs.frozen(kw_only=True)
class DatedAssessment:
    """A rating, and when it became known; None if nothing says when."""

    rating: Assessment
    known: Instant | None


@attrs.frozen(kw_only=True)
class Pair:
    """Two assessors: on how many claims both have a rating, how often it is equal, and kappa."""

    first: str
    second: str
    claims: int
    percent: float | None
    kappa: float | None


@attrs.frozen(kw_only=True)
class ScaleAgreement:
    """
    How far assessors agree on one scale.

    Coefficients are None where they are not defined: too little was rated twice, or only one
    label was used.

    Args:
        scale: The scale.
        assessors: The names of the assessors, sorted.
        claims: How many claims have at least two ratings.
        percent: The share of pairs of ratings of one claim that are equal, 0 to 1.
        fleiss: Fleiss' kappa over the claims that every assessor rated.
        alpha_nominal: Krippendorff's alpha, labels equal or not.
        alpha_ordinal: Krippendorff's alpha by the order of the labels.
        pairs: Each pair of assessors who rated the same claim.
        disputed: Ids of the claims whose ratings differ.
        unknown: Ids of the assessments whose rating is not on the scale.
        unscored: Ids of the assessments with a state that the scale does not score.
        contradictory: Ids of the assessments of one claim by one assessor that differ, of which
            none is known to be the later.
    """

    scale: Scale
    assessors: tuple[str, ...]
    claims: int
    percent: float | None
    fleiss: float | None
    alpha_nominal: float | None
    alpha_ordinal: float | None
    pairs: tuple[Pair, ...]
    disputed: tuple[str, ...]
    unknown: tuple[str, ...]
    unscored: tuple[str, ...]
    contradictory: tuple[str, ...]


@attrs.frozen(kw_only=True)
class AgreementReport:
    """Agreement on each scale, and the assessments on unknown scales."""

    scales: tuple[ScaleAgreement, ...]
    no_such_scale: Mapping[str, tuple[str, ...]]


def assessor_agreement(audit: Audit, folders: Iterable[Path] = ()) -> AgreementReport:
    """
    Compare the assessments in the registry of *audit*, scale by scale.

    Args:
        audit: Assessments that became known after its day do not count; those without a day do.
        folders: Folders of further scales.

    Raises:
        LoadError: A file in *folders* is not a scale.
    """
    scales = {**load_scales(folders), **audit.records.scales.by_id}
    on: defaultdict[str, list[DatedAssessment]] = defaultdict(list)
    for rating in audit.records.assessments.values():
        one = DatedAssessment(rating=rating, known=_known(rating, audit))
        if one.known is None or one.known.last <= audit.day:
            on[rating.scale].append(one)
    return AgreementReport(
        scales=tuple(_agreement(scales[id_], on[id_]) for id_ in sorted(on) if id_ in scales),
        no_such_scale={
            id_: tuple(sorted(one.rating.id for one in found))
            for id_, found in sorted(on.items())
            if id_ not in scales
        },
    )


def _known(rating: Assessment, audit: Audit) -> Instant | None:
    """Return when a rating became known: when it was published, or its source was."""
    published = rating.published
    if published is None and rating.source is not None:
        published = audit.records.sources[rating.source].published
    if published is None or published.last == OPEN_END:
        return None
    return instant_of(published, zone_of(audit.records.claims[rating.claim], audit))


def _agreement(scale: Scale, found: list[DatedAssessment]) -> ScaleAgreement:
    ratings: dict[tuple[str, str], str] = {}
    unknown, unscored, contradictory = [], [], []
    rated: defaultdict[tuple[str, str], list[tuple[DatedAssessment, Label]]] = defaultdict(list)
    for one in found:
        label = scale.find(one.rating.rating)
        if label is None:
            unknown.append(one.rating.id)
            continue
        rated[one.rating.by, one.rating.claim].append((one, label))
        if not label.scored:
            unscored.append(one.rating.id)
    for key, own in rated.items():
        latest = _latest(own)
        labels = {label.name for _, label in latest}
        if len(labels) > 1:
            contradictory += [one.rating.id for one, _ in latest]
        elif latest[0][1].scored:
            ratings[key] = latest[0][1].name
    assessors = tuple(sorted({by for by, _ in ratings}))
    claims = sorted({claim for _, claim in ratings})
    table = [[ratings.get((by, claim)) for claim in claims] for by in assessors]
    units = list(zip(*table, strict=True))
    full = [list(row) for row in zip(*(u for u in units if None not in u), strict=True)]
    return ScaleAgreement(
        scale=scale,
        assessors=assessors,
        claims=sum(len(unit) - unit.count(None) > 1 for unit in units),
        percent=percent_agreement(table),
        fleiss=fleiss_kappa(full) if len(full) > 1 else None,
        alpha_nominal=krippendorff_alpha(table),
        alpha_ordinal=krippendorff_alpha(table, scale="ordinal", order=scale.order),
        pairs=_pairs(assessors, table),
        disputed=tuple(
            claim
            for claim, unit in zip(claims, units, strict=True)
            if len({rating for rating in unit if rating is not None}) > 1
        ),
        unknown=tuple(sorted(unknown)),
        unscored=tuple(sorted(unscored)),
        contradictory=tuple(sorted(contradictory)),
    )


def _latest(own: list[tuple[DatedAssessment, Label]]) -> list[tuple[DatedAssessment, Label]]:
    """Return the ratings of one claim by one assessor to which none is known to be later."""
    dated = [(pair, pair[0].known) for pair in own if pair[0].known is not None]
    if not dated:
        return own
    day = max(known.last for _, known in dated)
    of_day = [(pair, known) for pair, known in dated if known.last == day]
    last: dict[Clock, float] = {}
    for _, known in of_day:
        last[known.clock] = max(known.at, last.get(known.clock, known.at))
    return [pair for pair, known in of_day if known.at == last[known.clock]]


def _pairs(assessors: tuple[str, ...], table: list[list[str | None]]) -> tuple[Pair, ...]:
    found = []
    for (first, ones), (second, others) in combinations(zip(assessors, table, strict=True), 2):
        both = sum(a is not None and b is not None for a, b in zip(ones, others, strict=True))
        if both:
            percent, kappa = percent_agreement([ones, others]), cohen_kappa(ones, others)
            found.append(
                Pair(first=first, second=second, claims=both, percent=percent, kappa=kappa)
            )
    return tuple(found)
