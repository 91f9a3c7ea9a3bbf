"""One registry of a test run: loaded once, audited once, and again when tests have testified."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from claimtrack.engine.audit import Audit
from claimtrack.engine.facts import Knowledge
from claimtrack.engine.user_functions import attempt
from claimtrack.errors import Finding, LoadError, Problem
from claimtrack.files.load import load
from claimtrack.files.positions import header_lines
from claimtrack.git import has_history
from claimtrack.health.edits import Past, check_edits, check_gaps
from claimtrack.health.exam import Exam
from claimtrack.health.failing import FailOn
from claimtrack.model.day import day_of
from claimtrack.model.span import Day
from claimtrack.registry import Registry
from claimtrack.testing.witnesses import Witnesses, with_testimonies

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
            self.registry = load(root)
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
            self._audit = Audit(registry.index(), day, registry.checks, asking=attempt)
        return self._audit

    @property
    def exam(self) -> Exam:
        """What checks ask for; after all tests with what they have testified."""
        return Exam(registry=self.registry, audit=self.audit, root=str(self.root))

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
        for finding in check_edits(self.exam, self._past.edits):
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
        places = self.registry.places
        for kind, ids in (("claim", self.registry.claims), ("fact", self.registry.facts)):
            for id_ in ids:
                place = getattr(places, "file_of")(kind, id_)  # noqa: B009 - of `Places` alone
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
        places = self.registry.places
        place = None if places is None else places.of(kind, id_)
        return 1 if place is None else place.line


def _header_lines(file: Path) -> dict[tuple[str, int], int]:
    try:
        text = file.read_text("utf-8-sig")
    except OSError:  # it has gone since it was loaded
        return {}
    return {(key[0], number): line for key, number, line in header_lines(text) if len(key) == 1}
