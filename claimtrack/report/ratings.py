"""The ratings of claims on the scale of a policy, as a table, for programs and as JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from claimtrack.engine.audit import Audit
from claimtrack.model.scales import Scale
from claimtrack.report.table import Sheet, Table
from claimtrack.score.rating import Mapped, Rating, RatingPolicy

COLUMNS: Final = (
    *("claim", "status", "outcome", "rating", "editor"),
    *("otherwise", "unrated", "loses"),
)


def rating_table(audit: Audit, policy: RatingPolicy, ratings: Iterable[Rating]) -> Table:
    """Return one row for each claim."""
    return Table(
        title=f"{policy.scale.name}, as of {audit.as_of} (policy {policy.id})",
        header=("claim", "status", "rating", "also", "lost"),
        rows=[
            (
                rating.verdict.claim,
                rating.verdict.status.value,
                rating.row.shown,
                ", ".join(rating.row.otherwise),
                rating.loses or "",
            )
            for rating in ratings
        ],
        shrink=(("lost", 24), ("status", 13), ("rating", 12), ("lost", 16)),
        wrap=("status", "rating", "also", "lost"),
        status="status",
    )


def rating_notes(policy: RatingPolicy, ratings: Iterable[Rating]) -> Iterator[str]:
    """Iterate over the lines below the table: the count of each label, and the policy's note."""
    counts = Counter(rating.row.shown for rating in ratings)
    for label, count in counts.most_common():
        yield f"{count:5}  {label}"
    if policy.note:
        yield policy.note


def rating_sheet(ratings: Iterable[Rating]) -> Sheet:
    """Return one row for each claim, with the keys of the JSON form."""
    return Sheet.of(COLUMNS, map(_rating_object, ratings))


def ratings_object(
    audit: Audit, policy: RatingPolicy, ratings: Sequence[Rating]
) -> dict[str, object]:
    """Return *ratings* for JSON."""
    return {
        "as_of": str(audit.as_of),
        "policy": policy.id,
        "scale": policy.scale.id,
        "ratings": [_rating_object(rating) for rating in ratings],
    }


def _rating_object(rating: Rating) -> dict[str, Any]:
    return {
        "claim": rating.verdict.claim,
        "status": rating.verdict.status.value,
        "outcome": rating.outcome.value,
        "rating": rating.row.label,
        "editor": rating.row.editor,
        "otherwise": list(rating.row.otherwise),
        "unrated": rating.row.unrated,
        "loses": rating.loses,
    }


MAP_COLUMNS: Final = ("label", "says", "becomes", "otherwise", "loses")


def map_table(source: Scale, target: Scale, found: Iterable[Mapped]) -> Table:
    """Return one row for each label of *source*, with what becomes of it on *target*."""
    return Table(
        title=f"From {source.name} to {target.name}",
        header=("label", "becomes", "lost"),
        rows=[(one.label.name, _becomes(one), one.loses or "") for one in found],
        shrink=(("lost", 20), ("becomes", 16), ("label", 12)),
        wrap=("label", "becomes", "lost"),
    )


def _becomes(one: Mapped) -> str:
    if one.becomes is not None:
        return one.becomes
    choices = " or ".join(one.otherwise)
    return f"editor: {choices}" if choices else "(no label)"


def map_sheet(found: Iterable[Mapped]) -> Sheet:
    """Return the rows of `map_table` as values."""
    return Sheet.of(MAP_COLUMNS, map(_map_object, found))


def map_object(source: Scale, target: Scale, found: Iterable[Mapped]) -> dict[str, object]:
    """Return what becomes of the labels of *source* on *target*, for JSON."""
    return {"from": source.id, "to": target.id, "labels": [_map_object(one) for one in found]}


def _map_object(one: Mapped) -> dict[str, Any]:
    return {
        "label": one.label.name,
        "says": one.label.says.value,
        "becomes": one.becomes,
        "otherwise": list(one.otherwise),
        "loses": one.loses,
    }
