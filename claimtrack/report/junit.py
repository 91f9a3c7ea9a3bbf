"""
Write findings as JUnit XML, in the form that Jenkins, GitLab and others read.

Each record that was checked is a test case; one with findings that make the check fail has one
``failure`` with all of them, since many readers look at the first only. Milder findings stand
in ``system-out``. There are no times: equal findings give equal bytes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from claimtrack.errors import Finding, Record
from claimtrack.report.escape import for_xml
from claimtrack.report.findings import Report, line


def as_junit(report: Report) -> str:
    """Write the XML document."""
    by_record: dict[Record, list[Finding]] = defaultdict(list)
    for record in report.checked:
        by_record[record] = []
    for one in report.findings:
        by_record[one.record or _of_its_own(one)].append(one)
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


def _of_its_own(one: Finding) -> Record:
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
    mild = [one for one in found if one not in failed]
    if mild:
        inner.append(f"<system-out>{_lines(mild)}</system-out>")
    return [f"{start}>", *inner, "</testcase>"]


def _lines(found: Iterable[Finding]) -> str:
    return "\n".join(for_xml(line(one)) for one in found)
