"""Each claim's outcome on somebody else's scale."""

from collections.abc import Iterator

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import facts_of, scales_of
from claimtrack.model.scale import shipped_scale
from claimtrack.model.verdict import Status, Verdict
from claimtrack.score.rating import Outcome, RatingPolicy, Row, outcome_of


@attrs.frozen(kw_only=True)
class Rating:
    """
    One claim on a scale.

    Args:
        verdict: What became of the claim.
        outcome: What the policy calls it.
        row: What the policy makes of it.
    """

    verdict: Verdict
    outcome: Outcome
    row: Row

    @property
    def loses(self) -> str | None:
        """What the label no longer says of this claim, with the number of days where it is that."""
        days = self.verdict.late_days
        if self.row.loses is None or days is None or self.verdict.status is not Status.LATE:
            return self.row.loses
        return f"{self.row.loses} ({days})"


def rate(audit: Audit, policy: RatingPolicy) -> Iterator[Rating]:
    """Put every claim in *audit* on the scale of *policy*, in the order of the registry."""
    for verdict in audit:
        claim = audit.records.claims[verdict.claim]
        outcome = outcome_of(verdict.status, news=has_news(audit, claim))
        yield Rating(verdict=verdict, outcome=outcome, row=policy.rows[outcome])


def has_news(audit: Audit, claim: Claim) -> bool:
    """
    Say whether anything usable speaks of the facts of *claim*, or of the claim itself.

    A rating by others is news where the criterion asks for it, unless it is a state that its scale
    does not score, such as "not yet rated" or "stalled".
    """
    scene = audit.usable(claim)
    asked = claim.criterion
    if scene.on_claim(claim.id) or asked is None:
        return bool(scene.on_claim(claim.id))
    return any(scene.on_fact(fact) for fact in facts_of(asked)) or any(
        _is_news(scale, str(item.value))
        for scale in scales_of(asked)
        for item in scene.on_scale(claim.id, scale)
    )


def _is_news(scale: str, label: str) -> bool:
    """Say whether a rating tells an outcome, which states such as "not yet rated" do not."""
    known = shipped_scale(scale)
    found = None if known is None else known.find(label)
    return found is None or found.scored
