"""A registry in a test run, with the testimonies of the tests on its claims."""

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
from claimtrack.lint.quotes import check_quotes_of
from claimtrack.lint.run import FailOn
from claimtrack.model.records import Evidence, RecordMap, Source, Stance, Tier
from claimtrack.model.registry import QuotePolicy
from claimtrack.model.span import Day, day_of
from claimtrack.quotes.answers import QuoteReport
from claimtrack.registry import Registry

_OPPOSITE: Final = {
    Stance.SUPPORTS: Stance.REFUTES,
    Stance.REFUTES: Stance.SUPPORTS,
    Stance.CONTEXT: Stance.CONTEXT,
}


@attrs.frozen(kw_only=True)
class Testimony:
    """
    The outcome of one test that is a witness for a claim.

    Args:
        claim: The id of the claim.
        stance: That of the test if it passes; if it fails, the opposite.
        test: The node id of the test.
        passed: Whether it passed; None if it was skipped, or has not run.
    """

    claim: str
    stance: Stance = attrs.field(converter=Stance)
    test: str
    passed: bool | None = None

    @property
    def said(self) -> Stance:
        """The stance of the test, given its outcome."""
        return self.stance if self.passed else _OPPOSITE[self.stance]

    def plain(self) -> dict[str, str | bool | None]:
        """Return the fields as plain values, which can be sent to another process."""
        return {**attrs.asdict(self), "stance": self.stance.value}


class Witnesses:
    """
    The testimonies of the tests of a run, expected and received.

    They count only once all tests have run: so claims without witnesses are not decided again for
    each of them, and claims with witnesses do not depend on the order of the run.
    """

    def __init__(self) -> None:
        self.is_closed = False
        self._testimonies: defaultdict[str, list[Testimony]] = defaultdict(list)
        self._awaited: defaultdict[str, set[str]] = defaultdict(set)
        self._heard: defaultdict[str, set[str]] = defaultdict(set)

    def expect(self, testimonies: Iterable[Testimony]) -> None:
        """Note the testimonies of tests that are going to run."""
        for one in testimonies:
            self._awaited[one.claim].add(one.test)

    def hear(self, testimony: Testimony) -> None:
        """Receive the testimony of a test."""
        self._testimonies[testimony.claim].append(testimony)
        self._heard[testimony.claim].add(testimony.test)

    def awaited(self, claim: str) -> int:
        """Return the number of tests that testify on *claim*."""
        return len(self._awaited.get(claim, ()))

    def claims(self) -> set[str]:
        """Return the claims on which tests testify."""
        return set(self._awaited)

    def missing(self, claim: str, awaited: int | None = None) -> str:
        """Say how many of the tests that testify on *claim* have run; nothing if all have."""
        expected = self.awaited(claim) if awaited is None else awaited
        heard = len(self._heard.get(claim, ()))
        return "" if heard >= expected else f"{heard} of its {expected} witnesses have testified"

    def all(self) -> Iterator[Testimony]:
        """Iterate over the testimonies received."""
        for testimonies in self._testimonies.values():
            yield from testimonies

    def testimonies_on(self, claims: Mapping[str, object]) -> list[Testimony]:
        """Return the testimonies on *claims*; none as long as tests are running."""
        if not self.is_closed:
            return []
        return [
            one
            for claim in self._testimonies.keys() & claims.keys()
            for one in self._testimonies[claim]
        ]


def with_testimonies(registry: Registry, testimonies: Iterable[Testimony], as_of: str) -> Registry:
    """Return *registry* with evidence, published on *as_of*, for each testimony on its claims."""
    sources: dict[str, Source] = {}
    evidence: dict[str, Evidence] = {}
    for one in testimonies:
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
"""Returns the edits of the claims of a registry up to a day, and what could not be read."""


class Loaded:
    """
    A registry in a test run.

    Args:
        root: Its folder or file.
        as_of: The day of the run, ``YYYY-MM-DD``.
        fail_on: Which findings make an item fail.
        past_of: Returns the edits of the claims of a registry; None without git.
        witnesses: The testimonies of the tests of the run.
        snapshots: The folder with private copies of sources; None if they are not at hand.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a run knows of its registries
        self,
        root: Path,
        as_of: str,
        fail_on: FailOn = FailOn(),  # noqa: B008 - it is frozen
        past_of: PastOf | None = None,
        witnesses: Witnesses | None = None,
        snapshots: str | None = None,
    ) -> None:
        self.root = root
        self.as_of = as_of
        self.fail_on = fail_on
        self._past_of = past_of
        self._snapshots = snapshots
        self.problems: tuple[Problem, ...] = ()
        self.registry = Registry()
        self.witnesses = Witnesses() if witnesses is None else witnesses
        self._problems_file: Path | None = None
        self._used = 0
        self._history_file: Path | None = None
        self._audit: Audit | None = None
        try:
            registry = load(root)
            require_decidable(registry)
            self.registry = registry
        except LoadError as error:
            self.problems = error.problems

    @property
    def audit(self) -> Audit:
        """The audit; after all tests, with their testimonies."""
        testimonies = self.witnesses.testimonies_on(self.registry.claims)
        if self._audit is None or self._used < len(testimonies):
            self._used = len(testimonies)
            registry = self.registry
            if testimonies:
                registry = with_testimonies(registry, testimonies, self.as_of)
            day = day_of(self.as_of)
            self._audit = Audit(registry.index(), day, registry.checks, run=try_check)
        return self._audit

    @property
    def context(self) -> Context:
        """The context of checks; after all tests, with their testimonies."""
        return Context(registry=self.registry, audit=self.audit, root=str(self.root))

    def edits_of(self, claim: str) -> Sequence[Finding]:
        """Return the findings on the edits of a claim."""
        return self._edits.get(claim, ())

    def has_history_item(self, file: Path) -> bool:
        """
        Whether the item on the git history belongs to *file*.

        There is one if git is used and has a history. It belongs to the file that is collected
        first, so that it runs whichever files are named.
        """
        if self._past_of is None or not has_history(self.root):
            return False
        self._history_file = self._history_file or file
        return self._history_file == file

    def gaps(self) -> list[Finding]:
        """Return the findings on the parts of the history that could not be read."""
        return list(check_gaps(self._past.gaps))

    @cached_property
    def _past(self) -> Past:
        if self._past_of is None:
            return Past()
        return self._past_of(self.root, self.registry, self.audit.day)

    @cached_property
    def _edits(self) -> dict[str, list[Finding]]:
        by_claim: dict[str, list[Finding]] = defaultdict(list)
        for finding in check_edits(self.context, self._past.edits):
            if finding.record is not None:
                by_claim[finding.record.id].append(finding)
        return dict(by_claim)

    @property
    def has_quotes(self) -> bool:
        """Whether quotes are looked for: a source is pinned, or the policy requires it."""
        required = self.registry.settings.policy.quotes is QuotePolicy.REQUIRED
        return required or any(source.snapshot for source in self.registry.sources.values())

    @cached_property
    def quotes(self) -> QuoteReport:
        """What became of the quotes; they are looked for once, in all pinned copies."""
        from claimtrack.quotes.check import check_quotes  # noqa: PLC0415 - only pinned copies

        return check_quotes(self.registry, self.root, self._snapshots)

    def quotes_of(self, kind: str, id_: str) -> Sequence[Finding]:
        """Return the findings on the quotes of a claim, of reports on a fact, or on a copy."""
        return self._quotes.get((kind, id_), ()) if self.has_quotes else ()

    @cached_property
    def _quotes(self) -> dict[tuple[str, str], list[Finding]]:
        by_record: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for finding in check_quotes_of(self.context, self.quotes):
            assert finding.record is not None  # noqa: S101 - each is on a record
            kind, id_ = finding.record.kind, finding.record.id
            if kind == "evidence":
                report = self.registry.evidence[id_]
                if any(one.code == finding.code for one in report.silenced):
                    continue
                kind = "fact" if report.claim is None else "claim"
                id_ = str(report.fact or report.claim)
            by_record[kind, id_].append(finding)
        return by_record

    @cached_property
    def facts(self) -> dict[str, Knowledge]:
        """What is known of each fact."""
        return {known.fact.id: known for known in self.audit.knowledge()}

    def has_problems_item(self, file: Path) -> bool:
        """Whether the item with the problems belongs to *file*, the first that was collected."""
        self._problems_file = self._problems_file or file
        return self._problems_file == file

    @cached_property
    def _by_file(self) -> dict[str, dict[str, list[str]]]:
        by_file: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        locations = self.registry.locations
        kinds: dict[str, Iterable[str]] = {
            "claim": self.registry.claims,
            "fact": self.registry.facts,
        }
        if self.has_quotes:
            kinds["source"] = self.registry.sources
        for kind, ids in kinds.items():
            for id_ in ids:
                place = getattr(locations, "file_of")(kind, id_)  # noqa: B009 - of `Locations` alone
                by_file[str(place)][kind].append(id_)
        return by_file

    def in_file(self, file: Path) -> Iterator[tuple[str, str, int]]:
        """
        Iterate over the claims and the facts in *file*: kind, id and line, from 1.

        Where a source is pinned, the sources too.
        """
        ids_by_kind = self._by_file.get(str(file), {})
        lines = _header_lines(file) if file.name.endswith(".toml") else {}
        for kind, ids in ids_by_kind.items():
            for number, id_ in enumerate(ids):
                yield kind, id_, lines.get((kind, number)) or self._line(kind, id_, file)

    def _line(self, kind: str, id_: str, file: Path) -> int:
        if file.name.endswith(".toml"):
            return 1  # the record has no header of its own
        locations = self.registry.locations
        place = None if locations is None else locations.of(kind, id_)
        return 1 if place is None else place.line


def _header_lines(file: Path) -> dict[tuple[str, int], int]:
    try:
        text = file.read_text("utf-8-sig")
    except OSError:  # it was removed since it was loaded
        return {}
    return {(key[0], number): line for key, number, line in header_lines(text) if len(key) == 1}
