"""The findings of a check for CI: GitHub annotations and summaries, JUnit XML, and SARIF."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import PurePath
from typing import Final
from urllib.parse import quote

import attrs

from claimtrack.errors import Finding, Location, Record, Severity
from claimtrack.escape import (
    for_github_message,
    for_github_property,
    for_json,
    for_markdown,
    for_xml,
    visible,
)
from claimtrack.report.findings import Report, as_json, as_text, counts, finding_line, with_slashes
from claimtrack.report.formats import render
from claimtrack.report.table import Table
from claimtrack.report.width import shorten

MOST_ANNOTATIONS: Final = 10
"""Annotations of each level that GitHub shows for one step."""

MOST_BYTES: Final = 1 << 20
"""Bytes that GitHub takes as the summary of one step."""

MOST_ROWS: Final = 500
"""Rows of each table in a summary."""

WIDEST: Final = 500
"""Display columns of a cell in a summary."""

MOST_RESULTS: Final = 25_000
"""Results of one run that GitHub takes from SARIF."""

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_ICONS: Final = {Severity.ERROR: "\u2717", Severity.WARNING: "!", Severity.NOTE: "\u00b7"}


def as_github(report: Report) -> str:
    """Write a workflow command for each annotation, then the other findings, and the outcome."""
    return "".join(f"{one}\n" for one in (*_log_lines(report), report.sentence))


def _log_lines(report: Report) -> Iterator[str]:
    by_level: dict[str, list[Finding]] = defaultdict(list)
    for one in report.worst_first():
        by_level[_LEVELS[one.severity]].append(one)
    for findings in by_level.values():
        yield from (_annotation(report, one) for one in findings[:MOST_ANNOTATIONS])
    rest = [one for findings in by_level.values() for one in findings[MOST_ANNOTATIONS:]]
    if rest:
        yield f"{counts(rest)} more; GitHub annotates {MOST_ANNOTATIONS} of each level in a step:"
        yield from map(finding_line, rest)


def _annotation(report: Report, one: Finding) -> str:
    properties = {"title": one.code if one.record is None else f"{one.code} {one.record}"}
    if one.location is not None:
        properties |= {
            "file": with_slashes(report.in_repository(one.location.file)),
            "line": str(one.location.line),
            "col": str(one.location.column),
        }
    listed = ",".join(f"{key}={for_github_property(text)}" for key, text in properties.items())
    hint = "" if one.hint is None else f"%0Ahint: {_message(one.hint)}"
    return f"::{_LEVELS[one.severity]} {listed}::{_message(one.message)}{hint}"


def _message(text: str) -> str:
    return for_github_message(text.replace("\r\n", "\n"))


def summary(report: Report, *tables: Table, most_bytes: int = MOST_BYTES) -> str:
    """
    Write the Markdown summary of a step: the outcome, the findings, and *tables* after them.

    Args:
        report: The outcome of the check.
        tables: Further tables, such as the audit, each with a title.
        most_bytes: How many bytes GitHub still takes. Findings get at least half of them.
    """
    shown = [_findings(report)] if report.findings else []
    parts = [f"## claimtrack: {for_markdown(report.sentence)}\n"]
    waiting = [*shown, *tables]
    for index, table in enumerate(waiting):
        room = most_bytes - sum(len(part.encode()) + 1 for part in parts)
        parts += _fitting(table, room if index == len(waiting) - 1 else room // 2)
    return "\n".join(parts)


def _fitting(table: Table, room: int) -> list[str]:
    """Return *table* with as many rows as *room* bytes allow, and how many rows it lacks."""
    rows = [tuple(shorten(cell, WIDEST) for cell in row) for row in table.rows[:MOST_ROWS]]
    while True:
        parts = [render(attrs.evolve(table, rows=rows), "markdown")]
        if len(rows) < len(table.rows):
            parts.append(f"and {len(table.rows) - len(rows)} more\n")
        if sum(len(part.encode()) + 1 for part in parts) <= room:
            return parts
        if not rows:
            return []
        rows = rows[: len(rows) // 2]


def _findings(report: Report) -> Table:
    rows = (
        (
            f"{_ICONS[one.severity]} {one.severity}",
            one.code,
            "" if one.location is None else str(one.location),
            one.message if one.hint is None else f"{one.message} (hint: {one.hint})",
        )
        for one in report.worst_first()
    )
    return Table(header=("severity", "code", "where", "what"), rows=rows, title="Findings")


def as_junit(report: Report) -> str:
    """Write JUnit XML: a test case for each record that was checked."""
    by_record: dict[Record, list[Finding]] = defaultdict(list)
    for record in report.checked:
        by_record[record] = []
    for one in report.findings:
        by_record[one.record or _record_of_registry(one)].append(one)
    failing = set(map(id, report.failing))
    cases = [
        (record, [one for one in found if id(one) in failing], found)
        for record, found in by_record.items()
    ]
    failures = sum(bool(failed) for _, failed, _ in cases)
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="claimtrack" {counts}>',
            f'<testsuite name="claimtrack" {counts} skipped="0">',
            *_properties(report),
            *(text for case in cases for text in _case(*case)),
            "</testsuite>",
            "</testsuites>",
            "",
        ]
    )


def _record_of_registry(one: Finding) -> Record:
    return Record(kind="registry", id=one.code if one.location is None else one.location.file)


def _properties(report: Report) -> list[str]:
    pairs = {"as_of": report.as_of, "version": report.version}
    lines = [f'<property name="{key}" value="{for_xml(v)}"/>' for key, v in pairs.items() if v]
    return ["<properties>", *lines, "</properties>"] if lines else []


def _case(record: Record, failed: Sequence[Finding], found: Sequence[Finding]) -> Iterable[str]:
    start = f'<testcase classname="claimtrack.{for_xml(record.kind)}" name="{for_xml(record.id)}"'
    if not found:
        return [f"{start}/>"]
    inner = []
    if failed:
        kind, message = for_xml(failed[0].code), for_xml(failed[0].message)
        inner.append(f'<failure type="{kind}" message="{message}">{_lines(failed)}</failure>')
    others = [one for one in found if one not in failed]
    if others:
        inner.append(f"<system-out>{_lines(others)}</system-out>")
    return [f"{start}>", *inner, "</testcase>"]


def _lines(findings: Iterable[Finding]) -> str:
    return "\n".join(for_xml(finding_line(one)) for one in findings)


def as_sarif(report: Report) -> str:
    """Write SARIF: one run, a rule for each code, a result for each finding."""
    texts = dict(report.rules)
    codes = sorted({*texts, *(one.code for one in report.findings)})
    driver: dict[str, object] = {"name": "claimtrack"}
    if report.version:
        driver["version"] = visible(report.version)
    driver["rules"] = [_rule(code, texts.get(code)) for code in codes]
    findings = report.worst_first()
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(report, one, codes.index(one.code)) for one in findings[:MOST_RESULTS]],
    }
    message = omitted_results(report)
    if message:
        run["invocations"] = [_invocation(message)]
    return for_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def omitted_results(report: Report) -> str:
    """Say how many findings the SARIF results omit, or return an empty text."""
    rest = report.worst_first()[MOST_RESULTS:]
    if not rest:
        return ""
    return (
        f"{len(rest)} of {len(report.findings)} findings are left out of the results, the mildest "
        f"ones: {counts(rest)}; code scanning takes {MOST_RESULTS}"
    )


def _invocation(message: str) -> dict[str, object]:
    notification = {"level": "warning", "message": {"text": message}}
    return {"executionSuccessful": True, "toolExecutionNotifications": [notification]}


def _rule(code: str, text: str | None) -> dict[str, object]:
    return {"id": code} if text is None else {"id": code, "shortDescription": {"text": text}}


def _result(report: Report, one: Finding, rule: int) -> dict[str, object]:
    hint = "" if one.hint is None else f" (hint: {one.hint})"
    result: dict[str, object] = {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": one.severity.value,
        "message": {"text": _message_text(f"{one.message}{hint}")},
        "partialFingerprints": {"claimtrackFinding/v1": _fingerprint(one)},
    }
    location = _location(report, one)
    if location:
        result["locations"] = [location]
    return result


def _message_text(text: str) -> str:
    """Return *text* without SARIF's links and placeholders."""
    return visible(text).replace("](", "] (").replace("{", "{{").replace("}", "}}")


def _fingerprint(one: Finding) -> str:
    """Return a digest of a finding that does not change when lines move."""
    kind, name = ("", "") if one.record is None else (one.record.kind, one.record.id)
    key = f"{one.code}\0{kind}\0{name}\0{one.message}"
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _location(report: Report, one: Finding) -> dict[str, object]:
    location: dict[str, object] = {}
    place = one.location or (Location(report.first_file, 1) if report.first_file else None)
    if place is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": _uri(report.in_repository(place.file))},
            "region": {
                "startLine": max(place.line, 1),
                "startColumn": max(place.column, 1),
            },
        }
    if one.record is not None:
        location["logicalLocations"] = [
            {"name": visible(one.record.id), "fullyQualifiedName": visible(str(one.record))}
        ]
    return location


def _uri(path: str | PurePath) -> str:
    """
    Return *path* as a URI: relative, or ``file:`` for an absolute path.

    Bytes of a name that are not UTF-8 are percent-encoded as they are.

    Example:
        >>> _uri("reg/50 %.toml"), _uri("/tmp/a.toml"), _uri("D:/a.toml")
        ('reg/50%20%25.toml', 'file:///tmp/a.toml', 'file:///D:/a.toml')
    """
    text = with_slashes(path)
    try:
        octets = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # other lone surrogates than those of file names
        octets = text.encode("utf-8", "surrogatepass")
    uri = quote(octets)
    if re.match("[A-Za-z]:/", text):
        return f"file:///{text[:2]}{uri.removeprefix(quote(text[:2]))}"
    return f"file:///{uri.lstrip('/')}" if uri.startswith("/") else uri


REPORTS: Final[Mapping[str, Callable[[Report], str]]] = {
    "text": as_text,
    "github": as_github,
    "junit": as_junit,
    "sarif": as_sarif,
    "json": as_json,
}
"""Every format of a check by its name; each text ends with a line end."""
