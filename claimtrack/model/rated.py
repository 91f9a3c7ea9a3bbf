"""The ratings that a claim rests on, in the words in which evidence is told."""

from collections.abc import Callable, Iterator

import attrs

from claimtrack.model.claim import Claim, criteria_of
from claimtrack.model.criterion import scales_of
from claimtrack.model.forecast import Assessment
from claimtrack.model.registry import Records
from claimtrack.model.span import OPEN_END, Day, Span


@attrs.frozen(kw_only=True)
class Rated:
    """
    A rating by others, with every field of evidence that a rule may ask for.

    Args:
        by: Who rated it.
        value: The label.
        supersedes: The ids of the ratings whose place it takes.
    """

    id: str
    claim: str
    scale: str
    by: str
    value: str
    published: Span | None
    source: str | None
    supersedes: tuple[str, ...] = ()
    recorded: None = None
    withdrawn: None = None
    fact: None = None
    stance: None = None
    happened: None = None
    not_happened: None = None
    is_about: None = None


def ratings_of(
    claim: Claim, records: Records, published: Callable[[Rated], Day]
) -> Iterator[Rated]:
    """
    Iterate over the ratings of *claim* on every scale that its criteria ask for.

    Args:
        claim: The claim.
        records: Where its ratings are.
        published: Gives the day of a rating, open if it has none. Of two ratings on one scale by
            one assessor, the later supersedes the earlier.
    """
    scales = {scale for criterion in criteria_of(claim) for scale in scales_of(criterion)}
    told = [
        _rated(rating)
        for rating in records.assessments.values()
        if rating.claim == claim.id and rating.scale in scales
    ]
    for new in told:
        day = published(new)
        earlier = tuple(
            old.id
            for old in told
            if (old.by, old.scale) == (new.by, new.scale) and published(old) < day < OPEN_END
        )
        yield attrs.evolve(new, supersedes=earlier)


def _rated(rating: Assessment) -> Rated:
    return Rated(
        id=rating.id,
        claim=rating.claim,
        scale=rating.scale,
        by=rating.by,
        value=rating.rating,
        published=rating.published,
        source=rating.source,
    )
