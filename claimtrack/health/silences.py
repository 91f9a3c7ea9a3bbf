"""Leave out what keepers have looked at and accepted, and find silences that silence nothing."""

from collections.abc import Iterable, Iterator

from claimtrack.errors import Finding, Record
from claimtrack.health.exam import Exam


def silence(exam: Exam, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Iterate over the *findings* that no record silences, and over CT691."""
    silenced = {
        (shelf.kind, id_, one.code)
        for shelf in exam.registry.shelves()
        for id_, record in shelf.items()
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
            yield exam.finding("CT691", record, message, path=("silenced",))


def _key(record: Record, code: str) -> tuple[str, str, str]:
    return record.kind, record.id, code
