"""List the forms in which a check can be reported."""

from collections.abc import Callable, Mapping
from typing import Final

from claimtrack.report.annotations import as_github
from claimtrack.report.findings import Report, as_json, as_text
from claimtrack.report.junit import as_junit
from claimtrack.report.sarif import as_sarif

REPORTS: Final[Mapping[str, Callable[[Report], str]]] = {
    "text": as_text,
    "github": as_github,
    "junit": as_junit,
    "sarif": as_sarif,
    "json": as_json,
}
"""Every form by its name; each writes a whole text that ends with a line end."""
