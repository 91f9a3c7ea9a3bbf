"""
Tests as evidence.

A test with the mark ``claim("id", stance="supports")`` is a witness for a claim in that run: it
supports the claim if it passes and refutes it if it fails; with ``stance="refutes"`` it is the
other way round. A test that is skipped says nothing. All cases of one parametrised test are one
witness.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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

    def plain(self) -> dict[str, str | bool | None]:
        """Return what this is made of, in values that can be sent to another process."""
        return {**attrs.asdict(self), "stance": self.stance.value}


class Witnesses:
    """
    What the tests of a run testify on claims, those expected and those heard.

    The testimonies count once all tests have run: a claim without a witness is not decided again
    for each of them, and a claim with witnesses does not depend on the order of the run.
    """

    def __init__(self) -> None:
        self.is_closed = False
        self._told: defaultdict[str, list[Testimony]] = defaultdict(list)
        self._awaited: defaultdict[str, set[str]] = defaultdict(set)
        self._heard: defaultdict[str, set[str]] = defaultdict(set)

    def expect(self, testimonies: Iterable[Testimony]) -> None:
        """Wait for tests that are going to run."""
        for one in testimonies:
            self._awaited[one.claim].add(one.test)

    def hear(self, testimony: Testimony) -> None:
        """Take down what a test testified."""
        self._told[testimony.claim].append(testimony)
        self._heard[testimony.claim].add(testimony.test)

    def awaited(self, claim: str) -> int:
        """Return how many tests testify on *claim*."""
        return len(self._awaited.get(claim, ()))

    def claims(self) -> set[str]:
        """Return the claims on which tests testify."""
        return set(self._awaited)

    def missing(self, claim: str, awaited: int | None = None) -> str:
        """Say how many of the tests that testify on *claim* have run; nothing if all have."""
        expected = self.awaited(claim) if awaited is None else awaited
        heard = len(self._heard.get(claim, ()))
        return "" if heard >= expected else f"{heard} of its {expected} witnesses have testified"

    def all_told(self) -> Iterator[Testimony]:
        """Iterate over what was heard."""
        for told in self._told.values():
            yield from told

    def told_on(self, claims: Mapping[str, object]) -> list[Testimony]:
        """Return what was heard on any of the *claims*; nothing as long as tests are running."""
        if not self.is_closed:
            return []
        return [one for claim in self._told.keys() & claims.keys() for one in self._told[claim]]


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
