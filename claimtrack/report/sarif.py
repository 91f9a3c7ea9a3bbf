"""
Write findings as SARIF 2.1.0, which code scanning services read.

The text of a message may hold links, ``[words](address)``, and placeholders, ``{0}`` (sections
3.11.5 and 3.11.6 of the standard). Other people's words must not: a blank parts the brackets,
and braces are doubled, as the standard says.

Code scanning refuses a whole file in which a result has no place, or with more than 25,000
results. So findings without a place get the registry's first file, line 1, and of too many the
worst are written and the others counted.
"""

import re
from hashlib import sha256
from pathlib import PurePath
from typing import Final
from urllib.parse import quote

from claimtrack.errors import Finding, Location
from claimtrack.report.escape import for_json, visible
from claimtrack.report.findings import Report, counts, with_slashes

MOST_RESULTS: Final = 25_000
"""Results of a run that GitHub takes."""

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(report: Report) -> str:
    """Write the log: one run, a rule for each code, a result for each finding."""
    texts = dict(report.rules)
    codes = sorted({*texts, *(one.code for one in report.findings)})
    driver: dict[str, object] = {"name": "claimtrack"}
    if report.version:
        driver["version"] = visible(report.version)
    driver["rules"] = [_rule(code, texts.get(code)) for code in codes]
    found = report.worst_first()
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(report, one, codes.index(one.code)) for one in found[:MOST_RESULTS]],
    }
    told = left_out(report)
    if told:
        run["invocations"] = [_invocation(told)]
    return for_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def left_out(report: Report) -> str:
    """Say how many findings are not among the results, or return an empty text."""
    rest = report.worst_first()[MOST_RESULTS:]
    if not rest:
        return ""
    return (
        f"{len(rest)} of {len(report.findings)} findings are left out of the results, the mildest "
        f"ones: {counts(rest)}; code scanning takes {MOST_RESULTS}"
    )


def _invocation(told: str) -> dict[str, object]:
    notification = {"level": "warning", "message": {"text": told}}
    return {"executionSuccessful": True, "toolExecutionNotifications": [notification]}


def _rule(code: str, text: str | None) -> dict[str, object]:
    return {"id": code} if text is None else {"id": code, "shortDescription": {"text": text}}


def _result(report: Report, one: Finding, rule: int) -> dict[str, object]:
    hint = "" if one.hint is None else f" (hint: {one.hint})"
    result: dict[str, object] = {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": one.severity.value,
        "message": {"text": _plain(f"{one.message}{hint}")},
        "partialFingerprints": {"claimtrackFinding/v1": _fingerprint(one)},
    }
    location = _location(report, one)
    if location:
        result["locations"] = [location]
    return result


def _plain(text: str) -> str:
    return visible(text).replace("](", "] (").replace("{", "{{").replace("}", "}}")


def _fingerprint(one: Finding) -> str:
    """Name a finding so that it stays the same one when lines move."""
    kind, name = ("", "") if one.record is None else (one.record.kind, one.record.id)
    told = f"{one.code}\0{kind}\0{name}\0{one.message}"
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


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
    Return *path* as a URI: a relative one without scheme and host, or that of an absolute file.

    Bytes of a name that are not UTF-8 stand as they are, percent-encoded.

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
