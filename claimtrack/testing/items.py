"""The nodes that pytest runs: a file, the kinds in it, and their items."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from claimtrack.engine.facts import Knowledge
from claimtrack.model.claim import Claim, Reading
from claimtrack.model.verdict import Status
from claimtrack.registry import Registry
from claimtrack.report.escape import for_log_line, visible
from claimtrack.report.facts_table import facts_table
from claimtrack.report.formats import render
from claimtrack.testing.deferred import Deferred, claim_result, reading_result
from claimtrack.testing.failures import WIDTH, explanation_lines, failure_text
from claimtrack.testing.loaded import Loaded
from claimtrack.testing.outcomes import Kind, Result, result_of_fact, result_of_history

MARKERS: Final[pytest.StashKey[set[str]]] = pytest.StashKey()
NOT_YET_SAID: Final = "not-yet-said"
"""The status, among markers, of claims that were not yet said on the day of the run."""

_UNSEEMLY: Final = re.compile(r"\W+")
_PLAIN: Final = re.compile(r"[ !-$&-9;-Z\\^-~]*")
_SEPARATING: Final = re.compile(r"::+|^:|:\Z|[%\[\]]")


class FailedItem(Exception):  # noqa: N818 - it is no error of ours
    """Say that an item failed; its text is the whole report."""


def node_name(text: str) -> str:
    """
    Return the name of the node of an id or a reading.

    pytest splits what it is given on the command line at ``::`` and at the first ``[``, so what
    separates there is percent-encoded, as is what a terminal would not show as it is. Two texts
    never have one name.

    Example:
        >>> node_name("a::b[50%]")
        'a%3A%3Ab%5B50%25%5D'
    """
    if _PLAIN.fullmatch(text):
        return text
    split = _SEPARATING.sub(lambda found: "".join(map(_percent, found[0])), text)
    return "".join(one if visible(one) == one else _percent(one) for one in split)


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


def marker_name(prefix: str, word: str) -> str:
    """
    Return the name of a marker.

    Example:
        >>> marker_name("status", "not-enough-evidence")
        'status_not_enough_evidence'
    """
    return f"{prefix}_{_UNSEEMLY.sub('_', word).strip('_')}"


def register_markers(config: pytest.Config, registry: Registry) -> None:
    """
    Make the markers of *registry* known, so that strict markers let them pass.

    All of them at once: pytest reads the whole list again for each marker that it does not know.
    """
    names = {marker_name("status", status) for status in (*Status, NOT_YET_SAID)}
    names.update(marker_name("kind", fact.kind.value) for fact in registry.facts.values())
    for claim in registry.claims.values():
        names.update(_markers_of(claim))
    known = config.stash.setdefault(MARKERS, set())
    for name in sorted(names - known):
        config.addinivalue_line("markers", f"{name}: of a registry, see claimtrack")
    known |= names


def _markers_of(claim: Claim) -> Iterator[str]:
    if claim.kind is not None:
        yield marker_name("kind", claim.kind.value)
    yield marker_name("speaker", claim.speaker)
    for topic in claim.topics:
        yield marker_name("topic", topic)


def _mark(item: pytest.Item, status: str, claim: Claim) -> None:
    item.add_marker(marker_name("status", status))
    for name in dict.fromkeys(_markers_of(claim)):
        item.add_marker(name)


class RegistryFile(pytest.File):
    """A file of a registry."""

    load: Callable[[], Loaded]
    loaded: Loaded

    @classmethod
    def of(cls, parent: pytest.Collector, path: Path, load: Callable[[], Loaded]) -> "RegistryFile":
        """Return the node of *path*, a file of the registry that *load* returns once asked."""
        made: RegistryFile = cls.from_parent(parent, path=path)
        made.load = load
        return made

    def collect(self) -> Iterator["KindOfRecord | HistoryItem | LoadItem"]:
        """Iterate over the kinds of items in this file; of a broken registry over one item."""
        self.loaded = self.load()
        if self.loaded.problems:
            if self.loaded.is_told_in(self.path):
                yield LoadItem.of(self, "load", self.loaded, 1)
            return
        claims: list[tuple[str, int]] = []
        facts: list[tuple[str, int]] = []
        for kind, id_, line in self.loaded.in_file(self.path):
            (claims if kind == "claim" else facts).append((id_, line))
        has_readings = [one for one in claims if self.loaded.registry.claims[one[0]].readings]
        for name, cls, ids in (
            ("claim", Claims, claims),
            ("reading", Readings, has_readings),
            ("fact", Facts, facts),
        ):
            if ids:
                yield cls.of(self, name, self.loaded, ids)
        if claims and self.loaded.tells_history(self.path):
            item: HistoryItem = HistoryItem.of(self, "history", self.loaded, 1)
            yield item


class KindOfRecord(pytest.Collector):
    """The records of one kind in one file."""

    loaded: Loaded
    ids: list[tuple[str, int]]

    @classmethod
    def of(
        cls, parent: pytest.Collector, name: str, loaded: Loaded, ids: list[tuple[str, int]]
    ) -> "KindOfRecord":
        """Return the node of the records *ids*, each with its line."""
        made: KindOfRecord = cls.from_parent(parent, name=name)
        made.loaded, made.ids = loaded, ids
        return made


class Claims(KindOfRecord):
    """The claims in one file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Iterate over one item for each claim."""
        for id_, line in self.ids:
            item = ClaimItem.of(self, node_name(id_), self.loaded, line)
            item.claim = self.loaded.registry.claims[id_]
            outcome = self.loaded.audit.outcomes.get(id_)
            _mark(item, NOT_YET_SAID if outcome is None else outcome.status, item.claim)
            yield item


class Readings(KindOfRecord):
    """The claims in one file that have further readings."""

    def collect(self) -> Iterator[KindOfRecord]:
        """Iterate over the claims."""
        for id_, line in self.ids:
            yield ReadingsOfClaim.of(self, node_name(id_), self.loaded, [(id_, line)])


class ReadingsOfClaim(KindOfRecord):
    """The further readings of one claim."""

    def collect(self) -> Iterator[pytest.Item]:
        """Iterate over one item for each reading."""
        id_, line = self.ids[0]
        claim = self.loaded.registry.claims[id_]
        is_said = id_ in self.loaded.audit.outcomes
        verdicts = self.loaded.audit[id_].readings if is_said else ()
        statuses = {verdict.name: verdict.status for verdict in verdicts}
        for reading in claim.readings:
            item = ReadingItem.of(self, node_name(reading.name), self.loaded, line)
            item.claim, item.reading = claim, reading
            _mark(item, statuses.get(reading.name, NOT_YET_SAID), claim)
            yield item


class Facts(KindOfRecord):
    """The facts in one file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Iterate over one item for each fact."""
        for id_, line in self.ids:
            item = FactItem.of(self, node_name(id_), self.loaded, line)
            item.known = self.loaded.facts[id_]
            item.add_marker(marker_name("kind", item.known.fact.kind.value))
            yield item


class RecordItem(pytest.Item):
    """One record under test."""

    loaded: Loaded
    line: int
    claim: Claim | None = None

    @classmethod
    def of(cls, parent: pytest.Collector, name: str, loaded: Loaded, line: int) -> Any:  # noqa: ANN401
        """Return the item of a record that stands on *line*, counted from 1."""
        made = cls.from_parent(parent, name=name)
        made.loaded, made.line = loaded, line
        return made

    def result(self) -> Result:
        """Return what becomes of it."""
        raise NotImplementedError

    def explained(self) -> Iterator[str]:
        """Iterate over the lines, escaped, that tell why it failed."""
        raise NotImplementedError

    def runtest(self) -> None:
        """Pass, fail or skip."""
        result = self.result()
        for line in result.besides:
            self.add_report_section("call", "claimtrack", for_log_line(line))
        if result.kind is Kind.SKIPPED:
            pytest.skip(for_log_line(result.because))
        if result.kind is Kind.FAILED:
            place = f"{self.location[0]}:{self.line}"
            raise FailedItem(failure_text(result, self.explained(), place))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401
        """Return the report of a failure: our own text, or a traceback of what is our bug."""
        if isinstance(excinfo.value, FailedItem):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where it stands; pytest counts lines from 0."""
        return self.path, self.line - 1, self.name


class LoadItem(RecordItem):
    """A registry that does not load: one failing item with all its problems."""

    def runtest(self) -> None:
        """Fail."""
        lines = (line for one in self.loaded.problems for line in str(one).splitlines())
        raise FailedItem("\n".join(map(for_log_line, lines)))


class ClaimItem(RecordItem):
    """A claim: its computed status against the recorded one."""

    claim: Claim

    def result(self) -> Result:
        """Return what becomes of it."""
        missing = self.loaded.witnesses.missing(self.claim.id)
        return Result(Kind.SKIPPED, missing) if missing else self.judged()

    def judged(self) -> Result:
        """Return what becomes of it once all its witnesses were heard."""
        return claim_result(self.loaded, self.claim)

    def explained(self) -> Iterator[str]:
        """Iterate over words, statuses, criterion and evidence."""
        return explanation_lines(self.loaded.audit, self.claim.id)

    def deferred(self) -> Deferred:
        """Return what another process needs to decide it."""
        root, claim = str(self.loaded.root), self.claim.id
        awaited = self.loaded.witnesses.awaited(claim)
        return Deferred(root, self.nodeid, self.location, claim, awaited)


class ReadingItem(ClaimItem):
    """A further reading of a claim."""

    reading: Reading

    def judged(self) -> Result:
        """Return what becomes of it once all its witnesses were heard."""
        return reading_result(self.loaded, self.claim, self.reading.name)

    def deferred(self) -> Deferred:
        """Return what another process needs to decide it."""
        return attrs.evolve(super().deferred(), reading=self.reading.name)


class HistoryItem(RecordItem):
    """The history of the registry: whether it could be read for edits after the outcome."""

    def result(self) -> Result:
        """Return what becomes of it."""
        return result_of_history(self.loaded.gaps(), self.loaded.fail_on)

    def explained(self) -> Iterator[str]:
        """Iterate over what to do."""
        for one in self.loaded.gaps():
            yield for_log_line(f"{one.code} hint: {one.hint}")


class FactItem(RecordItem):
    """A fact: whether what is known of it is sound."""

    known: Knowledge

    def result(self) -> Result:
        """Return what becomes of it."""
        return result_of_fact(self.known, self.loaded.exam, self.loaded.fail_on)

    def explained(self) -> Iterator[str]:
        """Iterate over what is known of it."""
        table = facts_table(self.loaded.registry, [self.known])
        yield from render(table, "table", width=WIDTH).splitlines()
