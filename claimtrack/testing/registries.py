"""A registry as a test run sees it, with what the tests of the run testify on its claims."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.facts import Knowledge
from claimtrack.engine.user_functions import try_check
from claimtrack.errors import Finding, LoadError, Problem
from claimtrack.files.load import load
from claimtrack.files.positions import header_lines
from claimtrack.git import has_history
from claimtrack.lint.context import Context, require_decidable
from claimtrack.lint.history import Past, check_edits, check_gaps
from claimtrack.lint.run import FailOn
from claimtrack.model.records import Evidence, RecordMap, Source, Stance, Tier
from claimtrack.model.span import Day, day_of
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
    return attrs.evolve(
        registry,
        sources=RecordMap("source", {**registry.sources, **sources}),
        evidence=RecordMap("evidence", {**registry.evidence, **evidence}),
    )


def _id(*parts: str) -> str:
    return f"pytest-{parts[0]}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}"


PastOf: TypeAlias = Callable[[Path, Registry, Day], Past]
"""Tells how the claims of a registry were edited, up to a day, and what could not be read."""


class Loaded:
    """
    A registry as a test run sees it.

    Args:
        root: Its folder or file.
        as_of: The day of the run, ``YYYY-MM-DD``.
        fail_on: Which findings make an item fail.
        past_of: Tells how the claims of a registry were edited; None if that is not asked.
        witnesses: What the tests of the run testify.
    """

    def __init__(
        self,
        root: Path,
        as_of: str,
        fail_on: FailOn = FailOn(),  # noqa: B008 - it is frozen
        past_of: PastOf | None = None,
        witnesses: Witnesses | None = None,
    ) -> None:
        self.root = root
        self.as_of = as_of
        self.fail_on = fail_on
        self._past_of = past_of
        self.problems: tuple[Problem, ...] = ()
        self.registry = Registry()
        self.witnesses = Witnesses() if witnesses is None else witnesses
        self._told_in: Path | None = None
        self._used = 0
        self._history_in: Path | None = None
        self._audit: Audit | None = None
        try:
            registry = load(root)
            require_decidable(registry)
            self.registry = registry
        except LoadError as error:
            self.problems = error.problems

    @property
    def audit(self) -> Audit:
        """The audit; after all tests with what they have testified."""
        told = self.witnesses.told_on(self.registry.claims)
        if self._audit is None or self._used < len(told):
            self._used = len(told)
            registry = self.registry
            if told:
                registry = with_testimonies(registry, told, self.as_of)
            day = day_of(self.as_of)
            self._audit = Audit(registry.index(), day, registry.checks, run=try_check)
        return self._audit

    @property
    def context(self) -> Context:
        """What checks ask for; after all tests with what they have testified."""
        return Context(registry=self.registry, audit=self.audit, root=str(self.root))

    def edits_of(self, claim: str) -> Sequence[Finding]:
        """Return what was found in the history of a claim."""
        return self._edits.get(claim, ())

    def tells_history(self, file: Path) -> bool:
        """
        Say whether the item that tells of the history belongs to *file*.

        There is one where git is asked and has anything to tell. It belongs to the file that is
        collected first, so that it runs whichever files are named.
        """
        if self._past_of is None or not has_history(self.root):
            return False
        self._history_in = self._history_in or file
        return self._history_in == file

    def gaps(self) -> list[Finding]:
        """Return what of the history could not be read."""
        return list(check_gaps(self._past.gaps))

    @cached_property
    def _past(self) -> Past:
        if self._past_of is None:
            return Past()
        return self._past_of(self.root, self.registry, self.audit.day)

    @cached_property
    def _edits(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in check_edits(self.context, self._past.edits):
            if finding.record is not None:
                found[finding.record.id].append(finding)
        return dict(found)

    @cached_property
    def facts(self) -> dict[str, Knowledge]:
        """What is known of each fact."""
        return {known.fact.id: known for known in self.audit.knowledge()}

    def is_told_in(self, file: Path) -> bool:
        """Say whether the problems are told in *file*, the first of those that were collected."""
        if self._told_in is None:
            self._told_in = file
        return self._told_in == file

    @cached_property
    def _by_file(self) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        locations = self.registry.locations
        for kind, ids in (("claim", self.registry.claims), ("fact", self.registry.facts)):
            for id_ in ids:
                place = getattr(locations, "file_of")(kind, id_)  # noqa: B009 - of `Locations` alone
                found[str(place)][kind].append(id_)
        return found

    def in_file(self, file: Path) -> Iterator[tuple[str, str, int]]:
        """Iterate over the claims and the facts in *file*: kind, id and line, which is from 1."""
        held = self._by_file.get(str(file), {})
        lines = _header_lines(file) if file.name.endswith(".toml") else {}
        for kind, ids in held.items():
            for number, id_ in enumerate(ids):
                yield kind, id_, lines.get((kind, number)) or self._line(kind, id_, file)

    def _line(self, kind: str, id_: str, file: Path) -> int:
        if file.name.endswith(".toml"):
            return 1  # it has no header of its own
        locations = self.registry.locations
        place = None if locations is None else locations.of(kind, id_)
        return 1 if place is None else place.line


def _header_lines(file: Path) -> dict[tuple[str, int], int]:
    try:
        text = file.read_text("utf-8-sig")
    except OSError:  # it has gone since it was loaded
        return {}
    return {(key[0], number): line for key, number, line in header_lines(text) if len(key) == 1}
