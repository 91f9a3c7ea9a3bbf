"""The audit as a table: one row a claim, and why in a few words."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from claimtrack.engine.audit import Audit
from claimtrack.model.claim import Claim
from claimtrack.model.verdict import Status, Verdict
from claimtrack.report.because import because
from claimtrack.report.style import label
from claimtrack.report.table import Table
from claimtrack.report.words import (
    counted,
    day_words,
    known_by_words,
    span_words,
)

HEADER: Final = ("claim", "speaker", "said", "due", "status", "decided on", "because")
_SHRINK: Final = (
    *(("speaker", 14), ("because", 24), ("claim", 48)),
    *(("status", 15), ("because", 16), ("status", 13)),
)
"""What gives way where there is little room: last an id, which one types next, unless overlong."""


GROUPS: Final[Mapping[str, Callable[[Audit, Claim, Verdict], tuple[str, ...]]]] = {
    "speaker": lambda _audit, claim, _: (claim.speaker,),
    "topic": lambda _audit, claim, _: claim.topics or ("no topic",),
    "kind": lambda _audit, claim, _: (claim.kind.value if claim.kind else "no kind",),
    "status": lambda _audit, _claim, verdict: (verdict.status.value,),
}
"""What an audit can be grouped by; a claim with several topics stands under each."""


def audit_table(audit: Audit, verdicts: Iterable[Verdict], title: str = "") -> Table:
    """Return one row for each of the *verdicts* of *audit*."""
    return Table(
        header=HEADER,
        rows=[audit_row(audit, verdict) for verdict in verdicts],
        title=title,
        shrink=_SHRINK,
        spare=("said", "decided on", "due", "speaker"),
        wrap=("speaker", "status", "because"),
        status="status",
    )


def audit_row(audit: Audit, verdict: Verdict) -> tuple[str, ...]:
    """Return the cells of one verdict."""
    claim = audit.records.claims[verdict.claim]
    return (
        claim.id,
        audit.records.speakers[claim.speaker].label,
        span_words(claim.said),
        day_words(verdict.due),
        label(verdict.status.value),
        day_words(verdict.decided_on),
        because(audit, verdict),
    )


def groups(audit: Audit, verdicts: Iterable[Verdict], by: str) -> dict[str, list[Verdict]]:
    """
    Sort *verdicts* into groups, by name; statuses in their own order.

    Raises:
        KeyError: *by* is not one of `GROUPS`.
    """
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        claim = audit.records.claims[verdict.claim]
        for name in GROUPS[by](audit, claim, verdict):
            found.setdefault(name, []).append(verdict)
    if by == "speaker":
        found = _by_label(audit, found)
    order = [status.value for status in Status] if by == "status" else sorted(found)
    return {name: found[name] for name in order if name in found}


def _by_label(audit: Audit, found: dict[str, list[Verdict]]) -> dict[str, list[Verdict]]:
    """Name groups by their speakers' labels, with the id where two of them have the same."""
    labels = {id_: audit.records.speakers[id_].label for id_ in found}
    times = Counter(labels.values())
    return {
        label if times[label] == 1 else f"{label} ({id_})": found[id_]
        for id_, label in labels.items()
    }


def counts_table(audit: Audit, verdicts: Iterable[Verdict], by: str) -> Table:
    """
    Return one row for each group, with how many of its claims have each status.

    Statuses that no claim has are left out.

    Raises:
        KeyError: *by* is not one of `GROUPS`.
    """
    grouped = groups(audit, verdicts, by)
    found = {name: Counter(verdict.status for verdict in group) for name, group in grouped.items()}
    statuses = [status for status in Status if any(counts[status] for counts in found.values())]
    names = (status.value.removesuffix("-evidence").replace("-", " ") for status in statuses)
    header = (by, "claims", *names)
    return Table(
        header=header,
        rows=[
            (name, str(counts.total()), *(str(counts[status] or "") for status in statuses))
            for name, counts in sorted(found.items(), key=lambda pair: (-pair[1].total(), pair[0]))
        ],
        right=header[1:],
        shrink={by: 12},
        wrap=(by,),
    )


def counts_lines(audit: Audit, verdicts: Sequence[Verdict] | None = None) -> Iterator[str]:
    """
    Iterate over the lines that stand under the table.

    Args:
        audit: The audit.
        verdicts: The verdicts that are shown and counted; None for all.
    """
    found = audit.counts if verdicts is None else Counter(one.status for one in verdicts)
    counts = [f"{label(status.value)} {found[status]}" for status in Status if found[status]]
    total, shown = len(audit), sum(found.values())
    part = "" if shown == total else f"{shown} of "
    told = ", ".join(counts) or ("none" if total else "none said yet")
    as_of = f"as of {day_words(audit.day)}{known_by_words(audit.known_by)}"
    yield f"{part}{counted(total, 'claim')} {as_of}: {told}"
    if audit.not_yet_said:
        yield f"{counted(audit.not_yet_said, 'claim')} not yet said"
