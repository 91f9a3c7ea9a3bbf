"""
Agreement between those who published ratings of the same claims.

Ratings on one scale are held against each other. A claim that an assessor rated more than once on
a scale has their last rating (by its publication; of one day, the last in the file). States that
the scale does not score, such as "not yet rated", count as no rating.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.model.forecast import Assessment
from claimtrack.model.scale import Scale, UnknownLabelError, load_scales
from claimtrack.score.agreement import (
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    percent_agreement,
)


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
        assessors: Their names, sorted.
        claims: How many claims have at least two ratings.
        percent: The share of pairs of ratings of one claim that are equal, 0 to 1.
        fleiss: Fleiss' kappa over the claims that every assessor rated.
        alpha_nominal: Krippendorff's alpha, labels equal or not.
        alpha_ordinal: Krippendorff's alpha by the order of the labels.
        pairs: Every two assessors who rated a claim in common.
        disputed: Ids of the claims whose ratings differ.
        unknown: Ids of the assessments whose rating is not on the scale.
        unscored: Ids of the assessments with a state that the scale does not score.
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


@attrs.frozen(kw_only=True)
class AgreementReport:
    """Agreement on each scale, and the assessments on scales that nobody has described."""

    scales: tuple[ScaleAgreement, ...]
    no_such_scale: Mapping[str, tuple[str, ...]]


def assessor_agreement(audit: Audit, folders: Iterable[Path] = ()) -> AgreementReport:
    """
    Hold the assessments in the registry of *audit* against each other, scale by scale.

    Args:
        audit: Assessments published after its day do not count; those without a day do.
        folders: Where further scales are.

    Raises:
        LoadError: A file in *folders* is not a scale.
    """
    scales = load_scales(folders)
    on: defaultdict[str, list[Assessment]] = defaultdict(list)
    for one in audit.records.assessments.values():
        if one.published is None or one.published.last <= audit.day:
            on[one.scale].append(one)
    return AgreementReport(
        scales=tuple(_agreement(scales[id_], on[id_]) for id_ in sorted(on) if id_ in scales),
        no_such_scale={
            id_: tuple(one.id for one in found)
            for id_, found in sorted(on.items())
            if id_ not in scales
        },
    )


def _agreement(scale: Scale, found: list[Assessment]) -> ScaleAgreement:
    ratings: dict[tuple[str, str], str] = {}
    unknown, unscored = [], []
    for one in sorted(found, key=_by_day):
        try:
            label = scale.label(one.rating)
        except UnknownLabelError:
            unknown.append(one.id)
            continue
        if label.scored:
            ratings[one.by, one.claim] = label.name
        else:
            ratings.pop((one.by, one.claim), None)
            unscored.append(one.id)
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
        unknown=tuple(unknown),
        unscored=tuple(unscored),
    )


def _by_day(one: Assessment) -> tuple[bool, float]:
    """Sort by publication; what has no day comes first, for it may be the oldest."""
    return (one.published is not None, 0 if one.published is None else one.published.last)


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
