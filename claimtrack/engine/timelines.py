"""What a claim is on every day, by whichever way finds it soonest."""

from claimtrack.engine.plain import Plain, Timeline
from claimtrack.engine.sweep import Sweep
from claimtrack.model.claim import Claim


def timeline_of(claim: Claim, plain: Plain) -> Timeline:
    """Return what *claim* is from each day on which that changes, the first when it was said."""
    leaf = plain.leaf_of(claim)
    if leaf is not None:
        return plain.timeline(claim, leaf)
    sweep = Sweep(claim, plain.index, with_readings=False)
    return [(day, outcomes[0]) for day, outcomes, _ in sweep.turns()]
