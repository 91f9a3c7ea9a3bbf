"""The pytest nodes of a registry: files, the kinds of records in them, and test items."""

import re
import traceback
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from claimtrack.engine.audit import Audit
from claimtrack.engine.explain import explain
from claimtrack.engine.facts import Knowledge
from claimtrack.errors import Finding
from claimtrack.escape import for_log_line, visible
from claimtrack.lint.claims import UNSETTLED, faults_of_claim, faults_of_reading, is_rated
from claimtrack.lint.codes import FINDING_CODES
from claimtrack.lint.context import Context
from claimtrack.lint.records import faults_of
from claimtrack.lint.run import FailOn
from claimtrack.model.claim import Claim, Reading
from claimtrack.model.records import Silence, Source
from claimtrack.model.span import Day, day_text
from claimtrack.model.verdict import Status
from claimtrack.registry import Registry
from claimtrack.report.explanation import evidence_tables, heading_lines, reason_lines
from claimtrack.report.facts import facts_table
from claimtrack.report.formats import render
from claimtrack.testing.registries import Loaded


class ResultKind(Enum):
    """The outcome of an item."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@attrs.frozen
class Result:
    """
    The outcome of an item.

    Args:
        because: The reason in one line, not escaped; empty for an item that passes.
        other_findings: Findings that do not make it fail.
    """

    kind: ResultKind
    because: str = ""
    other_findings: tuple[str, ...] = ()


PASSED: Final = Result(ResultKind.PASSED)


def result_of_claim(
    claim: Claim,
    context: Context,
    fail_on: FailOn,
    edits: Iterable[Finding] = (),
    quotes: Iterable[Finding] = (),
) -> Result:
    """
    Compare the computed status of *claim* with the recorded one, and with its signature.

    Args:
        claim: The claim.
        context: Its registry, as of the day of the run.
        fail_on: Which findings make it fail.
        edits: The findings on its edits.
        quotes: The findings on its quotes.
    """
    audit = context.audit
    outcome = audit.outcomes.get(claim.id)
    if outcome is None:
        otherwise = Result(ResultKind.SKIPPED, f"not yet said: it was said on {claim.said.text}")
        return _judged(quotes, claim.silenced, fail_on, otherwise)
    found = [*faults_of_claim(context, claim), *edits, *quotes]
    due = audit[claim.id].due if outcome.status is Status.PENDING else None
    return _judged(found, claim.silenced, fail_on, _without_findings(claim, outcome.status, due))


def result_of_reading(claim: Claim, number: int, context: Context, fail_on: FailOn) -> Result:
    """Compare the computed status of reading *number*, from 0, with the recorded one."""
    if claim.id not in context.audit.outcomes:
        return Result(ResultKind.SKIPPED, f"not yet said: it was said on {claim.said.text}")
    verdict = context.audit[claim.id].readings[number]
    found = faults_of_reading(context, claim, number)
    return _judged(
        found, claim.silenced, fail_on, _without_findings(claim, verdict.status, verdict.due)
    )


def result_of_fact(
    known: Knowledge, context: Context, fail_on: FailOn, quotes: Iterable[Finding] = ()
) -> Result:
    """Return the result for a fact by what is *known* of it; skip it if nothing is known."""
    otherwise = (
        PASSED if known.reports else Result(ResultKind.SKIPPED, "nothing is known of it yet")
    )
    found = [*faults_of(context, known), *quotes]
    return _judged(found, known.fact.silenced, fail_on, otherwise)


def result_of_copy(source: Source, loaded: Loaded) -> Result:
    """Return the result for the pinned copy of *source*; skip a private one that is not at hand."""
    found = loaded.quotes_of("source", source.id)
    is_absent = source.id in loaded.quotes.absent
    otherwise = Result(ResultKind.SKIPPED, _ABSENT) if is_absent else PASSED
    return _judged(found, source.silenced, loaded.fail_on, otherwise)


_ABSENT: Final = "the copy is private; CLAIMTRACK_SNAPSHOTS names the folder that holds it"


def result_of_history(gaps: Iterable[Finding], fail_on: FailOn) -> Result:
    """Return the result for the history, by the findings on parts that could not be read."""
    return _judged(gaps, (), fail_on, PASSED)


def _without_findings(claim: Claim, status: Status, due: Day | None) -> Result:
    """Return the result of an item without findings."""
    if status is Status.PENDING:
        when = "never due" if due is None else f"due on {day_text(due)}"
        return Result(ResultKind.SKIPPED, f"pending: {when}")
    if status is Status.NOT_CHECKABLE:
        return Result(ResultKind.SKIPPED, f"not checkable: {claim.not_checkable}")
    if status is Status.ANNULLED:
        reason = claim.annulled_because or "its condition is false"
        return Result(ResultKind.SKIPPED, f"annulled: {reason}")
    if status in UNSETTLED and claim.status is not status and is_rated(claim.criterion):
        return Result(ResultKind.SKIPPED, "its ratings do not settle it yet")
    return PASSED


def _judged(
    findings: Iterable[Finding], silences: Iterable[Silence], fail_on: FailOn, otherwise: Result
) -> Result:
    """Return the result of an item with *findings*; *otherwise* if none makes it fail."""
    reasons = {one.code: one.because for one in silences}
    findings = list(findings)
    reported = [one for one in findings if one.code not in reasons]
    failing = [one.message for one in reported if fail_on.fails(one)]
    if failing:
        return Result(ResultKind.FAILED, "; ".join(failing))
    silenced = next((one.code for one in findings if one.code in reasons), None)
    if silenced is not None:
        otherwise = Result(ResultKind.SKIPPED, f"silenced {silenced}: {reasons[silenced]}")
    other_findings = tuple(f"{one.code} {one.message}" for one in reported)
    return attrs.evolve(otherwise, other_findings=other_findings)


WIDTH: Final = 100
"""Display columns of a table in a failure."""


def failure_text(result: Result, explanation: Iterable[str], place: str) -> str:
    """Return the report of a failure: the reason, its explanation, and the place of the record."""
    lines = (for_log_line(result.because), "", *explanation, "", for_log_line(place))
    return "\n".join(line.rstrip() for line in lines)


def explanation_lines(audit: Audit, claim: str) -> Iterator[str]:
    """Iterate over the lines of the explanation of a claim; none of one not yet said."""
    if claim not in audit.outcomes:
        return
    explanation = explain(audit, claim)
    yield from heading_lines(audit, explanation)
    yield ""
    yield from reason_lines(audit, explanation)
    yield from _traceback(audit, claim)
    for table in evidence_tables(audit, explanation):
        yield ""
        yield from render(table, "table", width=WIDTH).splitlines()


def _traceback(audit: Audit, claim: str) -> Iterator[str]:
    """Iterate over the traceback of a check that failed to run, from the user's code on."""
    answer = audit.answers.get(claim)
    if answer is None or answer.error is None:
        return
    error = answer.error
    inner = error.__traceback__.tb_next if error.__traceback__ else None
    inner = inner.tb_next if inner else None
    yield ""
    for text in traceback.format_exception(type(error), error, inner):
        yield from map(for_log_line, text.rstrip("\n").split("\n"))


def claim_result(loaded: Loaded, claim: Claim) -> Result:
    """Return the result of a claim."""
    edits, quotes = loaded.edits_of(claim.id), loaded.quotes_of("claim", claim.id)
    return result_of_claim(claim, loaded.context, loaded.fail_on, edits, quotes)


def reading_result(loaded: Loaded, claim: Claim, name: str) -> Result:
    """Return the result of the reading *name* of a claim."""
    number = next(number for number, one in enumerate(claim.readings) if one.name == name)
    return result_of_reading(claim, number, loaded.context, loaded.fail_on)


def _location(value: tuple[str, int | None, str] | list[object]) -> tuple[str, int | None, str]:
    file, line, name = value
    return str(file), line, str(name)  # type: ignore[return-value]  # a list, where it was sent


@attrs.frozen
class Deferred:
    """
    An item for another process to decide, as plain values that can be sent.

    Args:
        root: The folder or file of the registry.
        node: The node id of the item.
        location: The location of the item in pytest: file, line from 0, name.
        awaited: The number of tests that testify on it.
        reading: The name of a reading; None for the claim itself.
    """

    root: str
    node: str
    location: tuple[str, int | None, str] = attrs.field(converter=_location)
    claim: str
    awaited: int
    reading: str | None = None

    def result(self, loaded: Loaded) -> Result:
        """Return the result of the item."""
        missing = loaded.witnesses.missing(self.claim, self.awaited)
        if missing:
            return Result(ResultKind.SKIPPED, missing)
        claim = loaded.registry.claims[self.claim]
        if self.reading is None:
            return claim_result(loaded, claim)
        return reading_result(loaded, claim, self.reading)

    def report(self, loaded: Loaded) -> pytest.TestReport:
        """Return the report that pytest counts and prints."""
        result = self.result(loaded)
        file, line, _ = self.location
        number = (line or 0) + 1
        longrepr: str | tuple[str, int, str] | None = None
        if result.kind is ResultKind.SKIPPED:
            longrepr = (file, number, f"Skipped: {for_log_line(result.because)}")
        elif result.kind is ResultKind.FAILED:
            lines = explanation_lines(loaded.audit, self.claim)
            longrepr = failure_text(result, lines, f"{file}:{number}")
        return pytest.TestReport(
            nodeid=self.node,
            location=self.location,
            keywords={},
            outcome=result.kind.value,
            longrepr=longrepr,
            sections=[("claimtrack", for_log_line(line)) for line in result.other_findings],
            when="call",
        )


MARKERS: Final[pytest.StashKey[set[str]]] = pytest.StashKey()
NOT_YET_SAID: Final = "not-yet-said"
"""The status, among markers, of claims that were not yet said on the day of the run."""

_NOT_WORD: Final = re.compile(r"\W+")
_PLAIN: Final = re.compile(r"[ !-$&-9;-Z\\^-~]*")
_SEPARATING: Final = re.compile(r"::+|^:|:\Z|[%\[\]]")


class FailedItem(Exception):  # noqa: N818 - not an error of the library
    """An item failed; the text is the whole report."""


def node_name(text: str) -> str:
    """
    Return the node name for an id or a reading.

    pytest splits arguments at ``::`` and at the first ``[``, so these are percent-encoded, as are
    characters that a terminal does not show. Different texts have different names.

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
    return f"{prefix}_{_NOT_WORD.sub('_', word).strip('_')}"


def register_markers(config: pytest.Config, registry: Registry) -> None:
    """
    Register the markers of *registry*, as strict markers require.

    All at once, as pytest reads the whole list again for each marker that it does not know.
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
        """Return the node of *path*, a file of the registry that *load* returns."""
        made: RegistryFile = cls.from_parent(parent, path=path)
        made.load = load
        return made

    def collect(self) -> Iterator["KindOfRecord | HistoryItem | LoadItem"]:
        """Iterate over the kinds of items in this file; of a broken registry over one item."""
        self.loaded = self.load()
        if self.loaded.problems:
            if self.loaded.has_problems_item(self.path):
                yield LoadItem.of(self, "load", self.loaded, 1)
            return
        ids_of: dict[str, list[tuple[str, int]]] = {"claim": [], "fact": [], "source": []}
        for kind, id_, line in self.loaded.in_file(self.path):
            ids_of[kind].append((id_, line))
        claims = ids_of["claim"]
        sources = self.loaded.registry.sources
        pinned = [one for one in ids_of["source"] if sources[one[0]].snapshot is not None]
        has_readings = [one for one in claims if self.loaded.registry.claims[one[0]].readings]
        for name, cls, ids in (
            ("claim", Claims, claims),
            ("reading", Readings, has_readings),
            ("fact", Facts, ids_of["fact"]),
            ("snapshot", Snapshots, pinned),
        ):
            if ids:
                yield cls.of(self, name, self.loaded, ids)
        if claims and self.loaded.has_history_item(self.path):
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


class Snapshots(KindOfRecord):
    """The sources in one file that have a pinned copy."""

    def collect(self) -> Iterator[pytest.Item]:
        """Iterate over one item for each source."""
        for id_, line in self.ids:
            item = SnapshotItem.of(self, node_name(id_), self.loaded, line)
            item.source = self.loaded.registry.sources[id_]
            yield item


class RecordItem(pytest.Item):
    """One record under test."""

    loaded: Loaded
    line: int
    claim: Claim | None = None

    @classmethod
    def of(cls, parent: pytest.Collector, name: str, loaded: Loaded, line: int) -> Any:  # noqa: ANN401
        """Return the item of a record on *line*, counted from 1."""
        made = cls.from_parent(parent, name=name)
        made.loaded, made.line = loaded, line
        return made

    def result(self) -> Result:
        """Return the result of the item."""
        raise NotImplementedError

    def explanation(self) -> Iterator[str]:
        """Iterate over escaped lines that explain a failure."""
        raise NotImplementedError

    def runtest(self) -> None:
        """Skip or fail if the result says so."""
        result = self.result()
        for line in result.other_findings:
            self.add_report_section("call", "claimtrack", for_log_line(line))
        if result.kind is ResultKind.SKIPPED:
            pytest.skip(for_log_line(result.because))
        if result.kind is ResultKind.FAILED:
            place = f"{self.location[0]}:{self.line}"
            raise FailedItem(failure_text(result, self.explanation(), place))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401
        """Return the report of a failure: its text, or the traceback of a bug."""
        if isinstance(excinfo.value, FailedItem):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the location of the record; pytest counts lines from 0."""
        return self.path, self.line - 1, self.name


class LoadItem(RecordItem):
    """A registry that does not load: one failing item with all its problems."""

    def runtest(self) -> None:
        """Fail."""
        lines = (line for one in self.loaded.problems for line in str(one).splitlines())
        raise FailedItem("\n".join(map(for_log_line, lines)))


class ClaimItem(RecordItem):
    """A claim, whose computed status is compared with the recorded one."""

    claim: Claim

    def result(self) -> Result:
        """Return the result of the item."""
        missing = self.loaded.witnesses.missing(self.claim.id)
        return Result(ResultKind.SKIPPED, missing) if missing else self.result_with_witnesses()

    def result_with_witnesses(self) -> Result:
        """Return the result once all witnesses have testified."""
        return claim_result(self.loaded, self.claim)

    def explanation(self) -> Iterator[str]:
        """Iterate over the lines of the explanation of the claim."""
        return explanation_lines(self.loaded.audit, self.claim.id)

    def deferred(self) -> Deferred:
        """Return the values with which another process decides it."""
        root, claim = str(self.loaded.root), self.claim.id
        awaited = self.loaded.witnesses.awaited(claim)
        return Deferred(root, self.nodeid, self.location, claim, awaited)


class ReadingItem(ClaimItem):
    """A further reading of a claim."""

    reading: Reading

    def result_with_witnesses(self) -> Result:
        """Return the result once all witnesses have testified."""
        return reading_result(self.loaded, self.claim, self.reading.name)

    def deferred(self) -> Deferred:
        """Return the values with which another process decides it."""
        return attrs.evolve(super().deferred(), reading=self.reading.name)


class HistoryItem(RecordItem):
    """The git history of the registry: whether all of it could be read."""

    def result(self) -> Result:
        """Return the result of the item."""
        return result_of_history(self.loaded.gaps(), self.loaded.fail_on)

    def explanation(self) -> Iterator[str]:
        """Iterate over the hints of the findings."""
        for one in self.loaded.gaps():
            yield for_log_line(f"{one.code} hint: {one.hint}")


class FactItem(RecordItem):
    """A fact, with the findings on its evidence."""

    known: Knowledge

    def result(self) -> Result:
        """Return the result of the item."""
        quotes = self.loaded.quotes_of("fact", self.known.fact.id)
        return result_of_fact(self.known, self.loaded.context, self.loaded.fail_on, quotes)

    def explanation(self) -> Iterator[str]:
        """Iterate over a table of what is known of the fact."""
        table = facts_table(self.loaded.registry, [self.known])
        yield from render(table, "table", width=WIDTH).splitlines()


class SnapshotItem(RecordItem):
    """The pinned copy of a source: whether it is there, and is what was pinned."""

    source: Source

    def result(self) -> Result:
        """Return what becomes of it."""
        return result_of_copy(self.source, self.loaded)

    def explanation(self) -> Iterator[str]:
        """Iterate over what to do."""
        for one in self.loaded.quotes_of("source", self.source.id):
            yield for_log_line(f"{one.code} {FINDING_CODES[one.code].remedy}")
