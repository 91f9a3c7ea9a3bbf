"""
Write findings as SARIF 2.1.0, which code scanning services read.

The text of a message may hold links, ``[words](address)``, and placeholders, ``{0}`` (sections
3.11.5 and 3.11.6 of the standard). Other people's words must not: a blank parts the brackets,
and braces are doubled, as the standard says.
"""

from hashlib import sha256
from typing import Final
from urllib.parse import quote

from claimtrack.errors import Finding
from claimtrack.report.escape import for_json, visible
from claimtrack.report.findings import Report

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(report: Report) -> str:
    """Write the log: one run, a rule for each code, a result for each finding."""
    texts = dict(report.rules)
    codes = sorted({*texts, *(one.code for one in report.findings)})
    driver: dict[str, object] = {"name": "claimtrack"}
    if report.version:
        driver["version"] = visible(report.version)
    driver["rules"] = [_rule(code, texts.get(code)) for code in codes]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes.index(one.code)) for one in report.findings],
    }
    return for_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str, text: str | None) -> dict[str, object]:
    return {"id": code} if text is None else {"id": code, "shortDescription": {"text": text}}


def _result(one: Finding, rule: int) -> dict[str, object]:
    hint = "" if one.hint is None else f" (hint: {one.hint})"
    result: dict[str, object] = {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": one.severity.value,
        "message": {"text": _plain(f"{one.message}{hint}")},
        "partialFingerprints": {"claimtrackFinding/v1": _fingerprint(one)},
    }
    location = _location(one)
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


def _location(one: Finding) -> dict[str, object]:
    location: dict[str, object] = {}
    if one.location is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": _uri(one.location.file)},
            "region": {
                "startLine": max(one.location.line, 1),
                "startColumn": max(one.location.column, 1),
            },
        }
    if one.record is not None:
        location["logicalLocations"] = [
            {"name": visible(one.record.id), "fullyQualifiedName": visible(str(one.record))}
        ]
    return location


def _uri(file: str) -> str:
    """Return *file* as a relative reference: no scheme, no host, no white space."""
    path = quote(file.encode("utf-8", "surrogatepass"))
    return f"/{path.lstrip('/')}" if path.startswith("/") else path
