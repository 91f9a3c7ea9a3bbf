"""
The findings of one check of a registry, as text and as JSON.

A `Report` also holds what was checked, so that JUnit can list the cases that passed. A writer
takes a report and returns the whole text; `claimtrack.report.ci` lists all writers.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath

import attrs

from claimtrack.errors import SEVERITIES, Finding, Location, Problem, Record, Severity
from claimtrack.escape import for_json, for_log_line
from claimtrack.report.words import counted


def finding(
    problem: Problem, *, severity: Severity = Severity.ERROR, record: Record | None = None
) -> Finding:
    """Return *problem* as a finding, as when a registry could not be read."""
    return Finding(
        code=problem.code,
        message=problem.message,
        location=problem.location,
        hint=problem.hint,
        severity=severity,
        record=record,
    )


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=_place))


def _place(one: Finding) -> tuple[bool, Location, str, str]:
    return (one.location is None, one.location or Location("", 0, 0), one.code, one.message)


def _records(records: Iterable[Record]) -> tuple[Record, ...]:
    return tuple(records)


def _codes(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(codes)


def with_slashes(path: str | PurePath) -> str:
    """Return *path* with slashes, whatever system it is from."""
    return path.as_posix() if isinstance(path, PurePath) else path.replace("\\", "/")


def _by_code(rules: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(dict(rules).items()))


@attrs.frozen(kw_only=True)
class Report:
    """
    The outcome of one check.

    Args:
        findings: In any order; they are sorted by file, line, code and message.
        checked: The claims and facts that were checked, with or without findings.
        records: The number of records of all kinds that were checked; by default that of
            *checked*; None if the registry could not be read.
        rules: What each code means, a mapping or pairs, as `claimtrack.errors.CODES`.
        fail_on: The least severity that makes a check fail; None if none does.
        fail_on_codes: Codes that make a check fail, whatever their severity.
        as_of: The day of the check, ``YYYY-MM-DD``, or empty.
        version: The version of this library, or empty.
        first_file: The file to name where a format needs one and a finding has none, or empty.
        remark: What else there is to say, after the outcome in words, or empty.
        in_repository: Returns the path of a file relative to the top of its repository, or an
            absolute one outside any; by default the path as it is.
    """

    findings: tuple[Finding, ...] = attrs.field(converter=_sorted)
    checked: tuple[Record, ...] = attrs.field(converter=_records, default=())
    rules: tuple[tuple[str, str], ...] = attrs.field(converter=_by_code, default=())
    records: int | None = attrs.field()
    fail_on: Severity | None = Severity.WARNING
    fail_on_codes: frozenset[str] = attrs.field(converter=_codes, default=frozenset())
    as_of: str = ""
    version: str = ""
    first_file: str = ""
    remark: str = ""
    in_repository: Callable[[str], str | PurePath] = str

    @records.default
    def _as_many_as_were_checked(self) -> int:
        return len(self.checked)

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings that make the check fail."""
        return tuple(filter(self._fails, self.findings))

    def _fails(self, one: Finding) -> bool:
        severe = self.fail_on is not None and one.severity.rank >= self.fail_on.rank
        return severe or one.code in self.fail_on_codes

    def worst_first(self) -> list[Finding]:
        """Return the findings by severity, then by location."""
        return sorted(self.findings, key=lambda one: -one.severity.rank)

    @property
    def sentence(self) -> str:
        """
        The outcome in words.

        Example:
            >>> Report(findings=[], checked=[Record(kind="claim", id="a")]).sentence
            'nothing found in 1 record'
        """
        found = counts(self.findings) or "nothing found"
        if self.records is None:
            return f"{found}; the registry cannot be read"
        told = f"{found} in {counted(self.records, 'record')}"
        return f"{told}; {self.remark}" if self.remark else told


def counts(findings: Iterable[Finding]) -> str:
    """Count *findings* by severity, the most severe first: ``1 error, 2 notes``."""
    numbers = Counter(one.severity for one in findings)
    parts = (counted(numbers[one], one.value) for one in reversed(SEVERITIES) if numbers[one])
    return ", ".join(parts)


def finding_line(one: Finding) -> str:
    """
    Return a finding in one line: location, code, severity, message, hint.

    Example:
        >>> finding_line(Finding(code="CT601", message="claim 'a' is odd", severity=Severity.NOTE))
        "CT601 note: claim 'a' is odd"
    """
    place = "" if one.location is None else f"{one.location}: "
    hint = "" if one.hint is None else f" (hint: {one.hint})"
    return for_log_line(f"{place}{one.code} {one.severity}: {one.message}{hint}")


def as_text(report: Report) -> str:
    """Write one line for each finding, then the outcome in words."""
    return "".join(f"{one}\n" for one in (*map(finding_line, report.findings), report.sentence))


def as_json(report: Report) -> str:
    """
    Write one JSON object: ``as_of``, ``checked``, ``counts``, ``findings``.

    ``checked`` is the number of claims and facts.

    Each finding has ``code``, ``severity``, ``message``, ``file``, ``line``, ``column``,
    ``kind``, ``id`` and ``hint``, null where there is none.
    """
    numbers = Counter(one.severity for one in report.findings)
    value = {
        "as_of": report.as_of or None,
        "checked": len(report.checked),
        "counts": {one.value: numbers[one] for one in reversed(SEVERITIES)},
        "findings": [_object(one) for one in report.findings],
    }
    return for_json(value, indent=2) + "\n"


def _object(one: Finding) -> dict[str, object]:
    place, record = one.location, one.record
    return {
        "code": one.code,
        "severity": one.severity.value,
        "message": one.message,
        "file": None if place is None else place.file,
        "line": None if place is None else place.line,
        "column": None if place is None else place.column,
        "kind": None if record is None else record.kind,
        "id": None if record is None else record.id,
        "hint": one.hint,
    }
