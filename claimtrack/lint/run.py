"""
Run the checks of a registry, and drop the findings that its records silence.

`examine` runs the checks of this package and those that other packages bring. `FailOn` says which
findings make a check fail.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Final, TypeAlias

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.errors import CODES, Finding, Problem, Record, Severity
from claimtrack.lint.claims import check_links, check_statuses
from claimtrack.lint.codes import FINDING_CODES
from claimtrack.lint.context import Check, Context
from claimtrack.lint.history import CriterionEdit, Gap, check_edits, check_gaps
from claimtrack.lint.quotes import check_quotes_of
from claimtrack.lint.records import check_facts, check_reach, check_records, check_selections
from claimtrack.model.span import DayLike, day_of
from claimtrack.quotes.answers import QuoteReport
from claimtrack.registry import Registry


def silence(context: Context, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Iterate over the *findings* that no record silences, and over CT691."""
    silenced = {
        (record_map.kind, id_, one.code)
        for record_map in context.registry.record_maps()
        for id_, record in record_map.items()
        for one in record.silenced
    }
    needed = set()
    for finding in findings:
        key = None if finding.record is None else _key(finding.record, finding.code)
        if key in silenced:
            needed.add(key)
        else:
            yield finding
    for kind, id_, code in sorted(silenced - needed):
        record = Record(kind=kind, id=id_)
        if code != "CT691":
            message = f"is silenced for {code}, which is not found on it"
            yield context.finding("CT691", record, message, path=("silenced",))


def _key(record: Record, code: str) -> tuple[str, str, str]:
    return record.kind, record.id, code


NEVER: Final = "never"
"""The word for: nothing makes a check fail."""

DEFAULT: Final = ("warning",)


@attrs.frozen
class FailOn:
    """
    What makes a check fail.

    Args:
        severity: The least severity that does; None if none does.
        codes: Codes whose findings do, however mild.
    """

    severity: Severity | None = Severity.WARNING
    codes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, words: Iterable[str]) -> "FailOn":
        """
        Return what *words* name: severities, of which the mildest counts, ``never``, or codes.

        Raises:
            ValueError: One of them is no such word; codes of other packages are.
        """
        known = [checked_word(word) for word in words]
        severities = [Severity(word) for word in known if word in set(Severity)]
        least = min(severities, key=lambda severity: severity.rank, default=None)
        return cls(least, frozenset(known) - {*Severity, NEVER})

    def fails(self, finding: Finding) -> bool:
        """Say whether *finding* makes the check fail."""
        is_grave = self.severity is not None and finding.severity.rank >= self.severity.rank
        return is_grave or finding.code in self.codes


def checked_word(word: str) -> str:
    """
    Return *word* if it can name what makes a check fail.

    Raises:
        ValueError: It cannot.
    """
    words = [severity.value for severity in Severity]
    if word in words or word == NEVER:
        return word
    if word.islower() or (word.startswith("CT") and word not in {*CODES, *FINDING_CODES}):
        expected = f"expected {', '.join(words)}, {NEVER} or the code of a finding"
        message = f"{word!r} is not known; {expected}"
        raise ValueError(message)
    return word


GROUP: Final = "claimtrack.checks"

PluggedCheck: TypeAlias = Callable[[Registry], Iterable[Problem]]


def plugged_checks(found: Iterable[EntryPoint] | None = None) -> Mapping[str, Check]:
    """
    Return the checks of installed packages, by the names of their entry points.

    Args:
        found: The entry points; those that are installed if None.
    """
    points = entry_points(group=GROUP) if found is None else found
    return {point.name: _run(point) for point in sorted(points, key=lambda point: point.name)}


def _run(point: EntryPoint) -> Check:
    def check(context: Context) -> Iterator[Finding]:
        try:
            problems = tuple(point.load()(context.registry))
        except Exception as error:  # noqa: BLE001 - whatever a stranger's code raises
            told = f"{type(error).__name__}: {error}"
            message = f"the check {point.name!r} ({point.value}) failed: {told}"
            yield Finding(code="CT692", message=message, severity=FINDING_CODES["CT692"].severity)
            return
        yield from map(_finding, problems)

    return check


def _finding(problem: Problem) -> Finding:
    if isinstance(problem, Finding):
        return problem
    return Finding(
        code=problem.code,
        message=problem.message,
        location=problem.location,
        hint=problem.hint,
        severity=Severity.WARNING,
    )


CHECKS: Final[tuple[Check, ...]] = (
    check_statuses,
    check_facts,
    check_links,
    check_records,
    check_reach,
    check_selections,
)
"""The checks that are always made."""


def examine(  # noqa: PLR0913 - what an examination may know beside the registry
    registry: Registry,
    audit: Audit,
    *,
    edits: Iterable[CriterionEdit] = (),
    gaps: Iterable[Gap] = (),
    checks: Iterable[Check] = (),
    root: str | None = None,
    today: DayLike | None = None,
    quotes: QuoteReport | None = None,
) -> tuple[Finding, ...]:
    """
    Return what is found in *registry* as of the day of its *audit*, without what is silenced.

    Args:
        registry: What is examined.
        audit: Its verdicts.
        edits: Earlier changes of claims, as git tells them.
        gaps: What git could not tell of them.
        checks: Further checks, as other packages bring them.
        root: Where *registry* was loaded from, for commands in hints.
        today: The day on which it is examined; that of *audit* if None.
        quotes: What became of its quotes, from `claimtrack.quotes.check`; None if nobody looked.
    """
    day = None if today is None else day_of(today)
    context = Context(registry=registry, audit=audit, root=root, today=day)
    return tuple(silence(context, _found(context, checks, edits, gaps, quotes)))


def _found(
    context: Context,
    checks: Iterable[Check],
    edits: Iterable[CriterionEdit],
    gaps: Iterable[Gap],
    quotes: QuoteReport | None,
) -> Iterator[Finding]:
    for check in (*CHECKS, *checks):
        yield from check(context)
    yield from check_edits(context, edits)
    yield from check_gaps(gaps)
    if quotes is not None:
        yield from check_quotes_of(context, quotes)
