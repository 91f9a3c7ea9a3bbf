"""
Hold what a check of a registry found, and say it in lines of text or in JSON.

A `Finding` is a problem that does not keep a registry from being read. A `Report` holds all
findings of one check, with what was checked, so that writers can also say what was in order.
Every writer takes a report and returns the whole text; `claimtrack.report.ci` lists them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

import attrs

from claimtrack.errors import Location, Problem
from claimtrack.report.escape import for_json, for_log_line


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for a note, 2 for an error."""
        return _RANKS.index(self)


_RANKS: Final = (Severity.NOTE, Severity.WARNING, Severity.ERROR)


@attrs.frozen(kw_only=True)
class Record:
    """Name one record of a registry, as ``claim`` and its id."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@attrs.frozen(kw_only=True)
class Finding(Problem):
    """
    Tell one thing that a keeper of a registry should look at.

    Args:
        severity: How much it matters.
        record: What it is about, or None where it is about the registry or a file.
    """

    severity: Severity
    record: Record | None = None


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


def _by_code(rules: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(dict(rules).items()))


@attrs.frozen(kw_only=True)
class Report:
    """
    Hold the outcome of one check.

    Args:
        findings: In any order; they are kept by file, line, code and message.
        checked: The records that were looked at, with or without findings.
        rules: What each code means, a mapping or pairs, as `claimtrack.errors.CODES`.
        fail_on: The least severity that makes a check fail.
        as_of: The day of the check, ``YYYY-MM-DD``, or empty.
        version: The version of this library, or empty.
    """

    findings: tuple[Finding, ...] = attrs.field(converter=_sorted)
    checked: tuple[Record, ...] = attrs.field(converter=tuple, default=())
    rules: tuple[tuple[str, str], ...] = attrs.field(converter=_by_code, default=())
    fail_on: Severity = Severity.WARNING
    as_of: str = ""
    version: str = ""

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings that make the check fail."""
        return tuple(one for one in self.findings if one.severity.rank >= self.fail_on.rank)

    @property
    def sentence(self) -> str:
        """
        The outcome in words.

        Example:
            >>> Report(findings=[], checked=[Record(kind="claim", id="a")]).sentence
            'nothing found in 1 record'
        """
        found = Counter(one.severity for one in self.findings)
        parts = [_count(found[one], one.value) for one in reversed(_RANKS) if found[one]]
        return f"{', '.join(parts) or 'nothing found'} in {_count(len(self.checked), 'record')}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def line(one: Finding) -> str:
    """
    Say a finding in one line: where, code, severity, what, and what to do.

    Example:
        >>> line(Finding(code="CT601", message="claim 'a' is odd", severity=Severity.NOTE))
        "CT601 note: claim 'a' is odd"
    """
    place = "" if one.location is None else f"{one.location}: "
    hint = "" if one.hint is None else f" (hint: {one.hint})"
    return for_log_line(f"{place}{one.code} {one.severity}: {one.message}{hint}")


def as_text(report: Report) -> str:
    """Write one line for each finding, and the outcome in words."""
    return "".join(f"{one}\n" for one in (*map(line, report.findings), report.sentence))


def as_json(report: Report) -> str:
    """
    Write one JSON object: ``as_of``, ``checked`` (a number), ``counts``, ``findings``.

    Each finding has ``code``, ``severity``, ``message``, ``file``, ``line``, ``column``,
    ``kind``, ``id`` and ``hint``, null where there is none.
    """
    found = Counter(one.severity for one in report.findings)
    value = {
        "as_of": report.as_of or None,
        "checked": len(report.checked),
        "counts": {one.value: found[one] for one in reversed(_RANKS)},
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
