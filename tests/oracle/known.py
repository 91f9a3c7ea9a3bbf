"""Section 2 of the rules: what was known on a day, from plain dicts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.oracle.spans import OPEN_END, Span, read

Row = dict[str, Any]
Registry = dict[str, list[Row]]


@dataclass(frozen=True)
class Case:
    """One claim of a registry, asked about on one day, on one of the two axes of time."""

    registry: Registry
    claim: Row
    today: int
    known_by: str = "published"

    @property
    def settings(self) -> Row:
        """The registry's one table of settings, or an empty one."""
        return next(iter(self.registry.get("registry", [])), {})

    @property
    def policy(self) -> Row:
        """The registry's policy, or an empty one."""
        policy: Row = self.settings.get("policy", {})
        return policy

    def span(self, value: Any) -> Span:
        """Read *value* in the claim's zone, else in the registry's."""
        return read(value, self.claim.get("timezone", self.settings.get("timezone")))

    def fact(self, name: str) -> Row:
        """Return the fact of that id."""
        return _by_id(self.registry["fact"], name)

    def source(self, item: Row) -> Row:
        """Return the source of an evidence item, or an empty one for a rating without."""
        return _by_id(self.registry["source"], item["source"]) if "source" in item else {}


def chosen(key: str, own: Row, policy: Row) -> Any:
    """Return a record's own setting, else the policy's, else None."""
    return own[key] if key in own else policy.get(key)


def _by_id(rows: list[Row], name: str) -> Row:
    found = [row for row in rows if row["id"] == name]
    assert len(found) == 1, name
    return found[0]


def published(case: Case, item: Row) -> Span | None:
    """Return the item's own publication, else its source's, else None."""
    value = item.get("published", case.source(item).get("published"))
    return None if value is None else case.span(value)


def ratings(case: Case) -> list[Row]:
    """Return the ratings of the claim that are known and that their assessor has not changed."""
    if case.known_by != "published":
        return []
    own = [row for row in case.registry.get("assessment", []) if row["claim"] == case.claim["id"]]
    known = [row for row in own if is_known(case, row)]
    return [row for row in known if not any(_is_later(case, other, row) for other in known)]


def _is_later(case: Case, one: Row, other: Row) -> bool:
    """Say whether *one* is a later rating by the assessor of *other* on the same scale."""
    if (one["by"], one["scale"]) != (other["by"], other["scale"]):
        return False
    first, second = published(case, one), published(case, other)
    assert first is not None
    assert second is not None
    if first[1] != second[1]:
        return first[1] > second[1]
    times = [row.get("published", case.source(row).get("published")) for row in (one, other)]
    return all(isinstance(time, datetime) for time in times) and times[0] > times[1]


def is_known(case: Case, item: Row) -> bool:
    """Say whether the item is known on the day of the case."""
    if case.known_by == "recorded":
        seen = case.span(item["recorded"]) if "recorded" in item else None
    else:
        seen = published(case, item)
    is_captured = "captured" in item and case.span(item["captured"])[1] <= case.today
    if case.known_by == "captured" and not is_captured:
        return False
    if seen is None or seen[1] == OPEN_END or seen[1] > case.today:
        return False
    return "withdrawn" not in item or case.today < case.span(item["withdrawn"])[0]


def usable(case: Case) -> list[Row]:
    """Return the known items that no known item supersedes."""
    known = [item for item in case.registry.get("evidence", []) if is_known(case, item)]
    replaced = {name for item in known for name in item.get("supersedes", [])}
    return [item for item in known if item["id"] not in replaced]


def happened(case: Case, item: Row) -> Span:
    """Return when it happened, which is no later than the latest day of the publication."""
    first, last = case.span(item["happened"])
    report = published(case, item)
    if report is not None and report[1] < last:
        last = report[1]
        first = min(first, last)
    return (first, last)
