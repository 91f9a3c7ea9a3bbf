"""
Claims that wait for witnesses in other processes.

Under xdist a test and the claim that it testifies on may run in different processes. So the
processes leave such claims alone, and the one that started them decides, when all have ended.
"""

import attrs
import pytest

from claimtrack.model.claim import Claim
from claimtrack.report.escape import for_log_line
from claimtrack.testing.failures import explanation_lines, failure_text
from claimtrack.testing.loaded import Loaded
from claimtrack.testing.outcomes import Kind, Result, result_of_claim, result_of_reading


def claim_result(loaded: Loaded, claim: Claim) -> Result:
    """Return what becomes of a claim."""
    return result_of_claim(claim, loaded.exam, loaded.fail_on, loaded.edits_of(claim.id))


def reading_result(loaded: Loaded, claim: Claim, name: str) -> Result:
    """Return what becomes of the reading *name* of a claim."""
    number = next(number for number, one in enumerate(claim.readings) if one.name == name)
    return result_of_reading(claim, number, loaded.exam, loaded.fail_on)


def _location(value: tuple[str, int | None, str] | list[object]) -> tuple[str, int | None, str]:
    file, line, name = value
    return str(file), line, str(name)  # type: ignore[return-value]  # a list, where it was sent


@attrs.frozen
class Deferred:
    """
    An item that another process is to decide, in plain values that can be sent.

    Args:
        root: The folder or file of the registry.
        node: The id of the item's node.
        location: Where it stands, as pytest tells it: a file, a line from 0, a name.
        awaited: How many tests testify on it.
        reading: The name of a reading; None for the claim itself.
    """

    root: str
    node: str
    location: tuple[str, int | None, str] = attrs.field(converter=_location)
    claim: str
    awaited: int
    reading: str | None = None

    def result(self, loaded: Loaded) -> Result:
        """Return what becomes of it."""
        missing = loaded.witnesses.missing(self.claim, self.awaited)
        if missing:
            return Result(Kind.SKIPPED, missing)
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
        if result.kind is Kind.SKIPPED:
            longrepr = (file, number, f"Skipped: {for_log_line(result.because)}")
        elif result.kind is Kind.FAILED:
            lines = explanation_lines(loaded.audit, self.claim)
            longrepr = failure_text(result, lines, f"{file}:{number}")
        return pytest.TestReport(
            nodeid=self.node,
            location=self.location,
            keywords={},
            outcome=result.kind.value,
            longrepr=longrepr,
            sections=[("claimtrack", for_log_line(line)) for line in result.besides],
            when="call",
        )
