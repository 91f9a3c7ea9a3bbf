"""
Tests as evidence.

A test with the mark ``claim("id", stance="supports")`` is a witness for a claim in that run: it
supports the claim if it passes and refutes it if it fails; with ``stance="refutes"`` it is the
other way round. A test that is skipped says nothing. All cases of one parametrised test are one
witness.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

import attrs

from claimtrack.model.evidence import Evidence, Stance
from claimtrack.model.shelf import Shelf
from claimtrack.model.source import Source, Tier
from claimtrack.registry import Registry

_OPPOSITE: Final = {
    Stance.SUPPORTS: Stance.REFUTES,
    Stance.REFUTES: Stance.SUPPORTS,
    Stance.CONTEXT: Stance.CONTEXT,
}


@attrs.frozen(kw_only=True)
class Testimony:
    """
    What one test said of one claim.

    Args:
        claim: The id of the claim.
        stance: Which way the test would speak if it passed.
        test: The id of its node.
        passed: Whether it passed; None if it was skipped, or has not run.
    """

    claim: str
    stance: Stance = attrs.field(converter=Stance)
    test: str
    passed: bool | None = None

    @property
    def said(self) -> Stance:
        """Which way the test spoke."""
        return self.stance if self.passed else _OPPOSITE[self.stance]


def with_testimonies(registry: Registry, told: Iterable[Testimony], as_of: str) -> Registry:
    """Return *registry* with evidence, published on *as_of*, for each testimony on its claims."""
    sources: dict[str, Source] = {}
    evidence: dict[str, Evidence] = {}
    for one in told:
        if one.passed is None or one.claim not in registry.claims:
            continue
        function = one.test.partition("[")[0]
        source = Source(
            id=_id("test", function), title=function, published=as_of, tier=Tier.PRIMARY
        )
        report = Evidence(
            id=_id("outcome", one.test, one.claim, one.said),
            source=source.id,
            claim=one.claim,
            stance=one.said,
            happened=as_of,
            recorded=as_of,
        )
        sources[source.id], evidence[report.id] = source, report
    made = attrs.evolve(
        registry,
        sources=Shelf("source", {**registry.sources, **sources}),
        evidence=Shelf("evidence", {**registry.evidence, **evidence}),
    )
    for id_, check in registry.checks.items():
        made.check(id_)(check)
    return made


def _id(*parts: str) -> str:
    return f"pytest-{parts[0]}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}"
