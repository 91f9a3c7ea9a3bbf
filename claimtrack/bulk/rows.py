"""
The rows of the tables of a registry.

What depends on a time zone or on the policy is computed here: windows are read in the zone of their
claim, and each leaf has the number of witnesses that it needs. The engine applies the rules.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import starmap
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from claimtrack.bulk.schema import ANY_ZONE, EARTH, OPEN, SCHEMA, WORST_RANK
from claimtrack.engine.evidence import EvidenceIndex, Item
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import (
    All,
    AnyOf,
    Assessed,
    AtLeast,
    Criterion,
    Event,
    Figure,
    Judged,
    Leaf,
    Not,
    Parts,
    Reaches,
    Throughout,
    leaves_of,
    members_of,
)
from claimtrack.model.fields import zone_named
from claimtrack.model.quantity import Comparison, Number, Range, Test
from claimtrack.model.records import TIER_RANKS, Assessment, Evidence, is_quantity
from claimtrack.model.registry import OnConflict, Records
from claimtrack.model.scales import RatingSides, Says, in_parts, spelling
from claimtrack.model.span import OPEN_END, OPEN_START, Day, Span

_LETTERS: Final = "bcdefghijk"
_REVERSED: Final = str.maketrans(_LETTERS, _LETTERS[::-1])
_LEAST_POWER: Final = -5000
"""Less than the power of any number, with room for tolerances."""

Row: TypeAlias = dict[str, Any]
Columns: TypeAlias = dict[str, list[Any]]

KINDS: Final[Mapping[type[Criterion], str]] = {
    Event: "event",
    Figure: "figure",
    Reaches: "reaches",
    Throughout: "throughout",
    Judged: "judged",
    Assessed: "assessed",
    All: "count",
    AnyOf: "count",
    AtLeast: "count",
    Not: "not",
    Parts: "parts",
}

_NO_LEAF: Final[Row] = {
    **dict.fromkeys(("fact", "low", "high", "test_low", "test_high", "state", "samples")),
    **dict.fromkeys(("supports", "refutes")),
    **dict.fromkeys(("by_tier", "once", "grows", "test_open"), False),
    "zone": ANY_ZONE,
    "worst_rank": WORST_RANK,
}

_NO_EVIDENCE: Final[Row] = {
    **dict.fromkeys(SCHEMA["evidence"]),
    "zone": ANY_ZONE,
    "denies": False,
}


def label_text(scale: str, label: str) -> str:
    r"""
    Return the spelling of a label of *scale* as it is written in a list of labels.

    Example:
        >>> label_text("truth-o-meter", "mostly false")
        '\n"truth-o-meter mostly false"\n'
    """
    return f"\n{json.dumps(f'{scale} {label}')}\n"  # no id has a space


def key(value: Number) -> str:
    """
    Return the key of a number: text that sorts as the numbers do.

    Example:
        >>> key(-3) < key(0) < key(2) == key(2) < key(10)
        True
    """
    sign, digits, exponent = _parts(value)
    if not digits:
        return "b"
    power = len(digits) + exponent - _LEAST_POWER
    letters = "".join(_LETTERS[int(digit)] for digit in f"{power:04d}{digits}")
    return f"a{letters.translate(_REVERSED)}z" if sign else f"c{letters}"


def _parts(value: Number) -> tuple[bool, str, int]:
    """Return the sign of *value*, its digits without zeros at either end, and their power."""
    if isinstance(value, int):
        text, exponent = str(abs(value)), 0
        sign = value < 0
    else:
        is_negative, digits, power = value.as_tuple()
        text, exponent = "".join(map(str, digits)), int(power)
        sign = bool(is_negative)
    text = text.lstrip("0")
    significant = text.rstrip("0")
    return sign, significant, exponent + len(text) - len(significant)


def keys_of_value(value: Number | Range) -> tuple[str, str]:
    """Return the keys of the least and the greatest number that an observed *value* can be."""
    if isinstance(value, Range):
        return key(value.low), key(value.high)
    both = key(value)
    return both, both


def keys_of_test(test: Test) -> tuple[str | None, str | None, bool]:
    """Return the keys of the least and the greatest number of *test*, and if they are exclusive."""
    low, high = test.bounds()
    match test.comparison:
        case Comparison.AT_LEAST:
            return key(low), None, False
        case Comparison.AT_MOST:
            return None, key(high), False
        case Comparison.ABOVE:
            return key(low), None, True
        case Comparison.BELOW:
            return None, key(high), True
        case _:
            return key(low), key(high), False


def state_text(value: str | bool) -> str:  # noqa: FBT001 - a state
    """Return a state as JSON, so that the text ``"true"`` is not the truth value ``true``."""
    return json.dumps(value, ensure_ascii=False)


def day_number(day: Day) -> int:
    """Return *day* as a whole number of a table."""
    if day == OPEN_END:
        return OPEN
    return -OPEN if day == OPEN_START else int(day)


def _known_from(span: Span | None, zone: ZoneInfo | None) -> int | None:
    """Return the day from which a publication on *span* is known; None if never."""
    if span is None:
        return None
    last = span.days_in(zone)[1]
    return None if last == OPEN_END else int(last)


def _zone(name: str | None) -> ZoneInfo | None:
    return None if name in (None, ANY_ZONE, EARTH) else zone_named(name)


class Rows:
    """
    The rows of registries, as columns of plain values by table and name.

    Several registries may be added, each with a *prefix* for its ids.
    """

    def __init__(self) -> None:
        self.columns: dict[str, Columns] = {
            table: {name: [] for name in columns} for table, columns in SCHEMA.items()
        }
        self.nodes = 0

    def add(self, records: Records, prefix: str = "") -> None:
        """Add the rows of one registry."""
        _RegistryRows(self, records, prefix).add()

    def put(self, table: str, row: Row) -> None:
        """Add one row."""
        for name, column in self.columns[table].items():
            column.append(row[name])


@attrs.define
class _Tree:
    """The criterion of a node: its top node, its claim, and its role in the claim."""

    top: int
    claim: Claim
    role: str
    reading: str | None
    zone: ZoneInfo | None


class _RegistryRows:
    """Adds the rows of one registry."""

    def __init__(self, rows: Rows, records: Records, prefix: str) -> None:
        self.rows = rows
        self.records = records
        self.prefix = prefix
        self.policy = records.settings.policy
        self.superseders: dict[str, list[Evidence]] = {}
        for item in records.evidence.values():
            for id_ in item.supersedes:
                self.superseders.setdefault(id_, []).append(item)
        self.zones_of_fact: dict[str, set[str]] = {}

    def add(self) -> None:
        self._find_zones()
        for claim in self.records.claims.values():
            self._claim(claim)
        for source in self.records.sources.values():
            self.rows.put(
                "sources",
                {
                    "id": self.prefix + source.id,
                    "witness": self.prefix + source.witness,
                    "rank": TIER_RANKS[source.tier],
                },
            )
        for item in self.records.evidence.values():
            self._evidence(item)
        self._ratings()

    def _named(self, id_: str | None) -> str | None:
        return None if id_ is None else self.prefix + id_

    def _zone_name(self, claim: Claim) -> str | None:
        return claim.timezone or self.records.settings.timezone

    def _find_zones(self) -> None:
        """Find the facts with evidence dated by moments, and the zones of the claims on them."""
        for item in self.records.evidence.values():
            if item.fact is not None and any(map(self._has_moment, self._with_superseders(item))):
                self.zones_of_fact[item.fact] = set()
        if not self.zones_of_fact:
            return
        for claim in self.records.claims.values():
            for criterion in _criteria_of(claim):
                for leaf in leaves_of(criterion):
                    zones = self.zones_of_fact.get(getattr(leaf, "fact", ""))
                    if zones is not None:
                        zones.add(self._zone_name(claim) or EARTH)

    def _with_superseders(self, item: Evidence) -> Iterable[Evidence]:
        return (item, *self.superseders.get(item.id, ()))

    def _has_moment(self, item: Evidence) -> bool:
        published = item.published or self.records.sources[item.source].published
        spans = (item.is_about, published, item.recorded)
        return any(span is not None and span.moment is not None for span in spans)

    def _claim(self, claim: Claim) -> None:
        zone = _zone(self._zone_name(claim))
        said = claim.said.days_in(zone)
        self.rows.put(
            "claims",
            {
                "id": self.prefix + claim.id,
                "said": day_number(said[0]),
                "said_last": day_number(said[1]),
                "due": None if claim.due is None else day_number(claim.due.days_in(zone)[1]),
                "grace": self.policy.grace if claim.grace is None else claim.grace,
                "can_be_late": claim.can_be_late,
                "annulled": None if claim.annulled is None else day_number(claim.annulled.first),
            },
        )
        own_scales = self.records.scales.by_id
        if claim.criterion is not None:
            self._tree(claim, in_parts(claim.criterion, own_scales), "main", None)
        if claim.condition is not None:
            self._tree(claim, claim.condition, "condition", None)
        for reading in claim.readings:
            criterion = in_parts(reading.criterion, own_scales)
            self._tree(claim, criterion, "reading", reading.name)

    def _tree(self, claim: Claim, top: Criterion, role: str, reading: str | None) -> None:
        tree = _Tree(self.rows.nodes + 1, claim, role, reading, _zone(self._zone_name(claim)))
        self._node(tree, top, None, 0)

    def _node(self, tree: _Tree, node: Criterion, parent: int | None, depth: int) -> None:
        self.rows.nodes += 1
        number = self.rows.nodes
        members = members_of(node)
        row = {
            "node": number,
            "tree": tree.top,
            "parent": parent,
            "depth": depth,
            "claim": self.prefix + tree.claim.id,
            "role": tree.role,
            "reading": tree.reading,
            "kind": KINDS[type(node)],
            "needed": getattr(node, "needed", 1),
            "members": len(members),
        }
        self.rows.put("criteria", row | (_NO_LEAF if members else self._leaf(tree, node)))
        for member in members:
            self._node(tree, member, number, depth + 1)

    def _leaf(self, tree: _Tree, node: Criterion) -> Row:
        leaf: Leaf = node  # type: ignore[assignment]  # a node without members is a leaf
        low, high = _days_of(leaf, tree.zone)
        row = _NO_LEAF | {
            "needed": leaf.min_sources or self.policy.min_sources,
            "low": low,
            "high": high,
            "worst_rank": TIER_RANKS[leaf.min_tier or self.policy.min_tier],
            "by_tier": self.policy.on_conflict is OnConflict.HIGHER_TIER,
        }
        if isinstance(leaf, Judged):
            return row
        if isinstance(leaf, Assessed):
            sides = RatingSides(leaf, self.records.scales.by_id)
            row["fact"] = self._pool_of(tree.claim.id, leaf.scales)
            row["supports"] = "".join(starmap(label_text, sides.spelled(Says.SUPPORTS)))
            row["refutes"] = "".join(starmap(label_text, sides.spelled(Says.REFUTES)))
            return row
        fact = self.records.facts[leaf.fact]
        row["fact"] = self.prefix + leaf.fact
        row["once"] = isinstance(leaf, Event) and fact.once
        if leaf.fact in self.zones_of_fact:
            row["zone"] = self._zone_name(tree.claim) or EARTH
        if not isinstance(leaf, Event):
            self._test(row, leaf.test)
        if isinstance(leaf, Reaches):
            row["grows"] = fact.cumulative and leaf.test.asks_for_growth
        if isinstance(leaf, Throughout):
            row["samples"] = leaf.samples
        return row

    def _test(self, row: Row, test: Test | str | bool) -> None:  # noqa: FBT001 - a state
        if isinstance(test, Test):
            row["test_low"], row["test_high"], row["test_open"] = keys_of_test(test)
        else:
            row["state"] = state_text(test)

    def _evidence(self, item: Evidence) -> None:
        for name, zone in self._zones_of(item):
            known = self._known(item, zone)
            row = {
                "id": self.prefix + item.id,
                "source": self.prefix + item.source,
                "zone": name,
                "fact": self._named(item.fact),
                "claim": self._named(item.claim),
                "stance": None if item.stance is None else item.stance.value,
                "denies": item.not_happened is not None,
            }
            self.rows.put(
                "evidence", row | known | _days_about(item, known, zone) | _observed(item)
            )
            for other in self.superseders.get(item.id, ()):
                row = {
                    "superseded": self.prefix + item.id,
                    "superseding": self.prefix + other.id,
                    "zone": name,
                }
                self.rows.put("supersedes", row | self._known(other, zone))

    def _zones_of(self, item: Evidence) -> Iterator[tuple[str, ZoneInfo | None]]:
        if item.claim is not None:
            yield ANY_ZONE, _zone(self._zone_name(self.records.claims[item.claim]))
        elif item.fact in self.zones_of_fact:
            for name in sorted(self.zones_of_fact[item.fact]):
                yield name, _zone(name)
        else:
            yield ANY_ZONE, None

    def _known(self, item: Evidence, zone: ZoneInfo | None) -> Row:
        published = item.published or self.records.sources[item.source].published
        withdrawn = item.withdrawn
        return {
            "published": _known_from(published, zone),
            "recorded": _known_from(item.recorded, zone),
            "withdrawn": None if withdrawn is None else day_number(withdrawn.first),
        }

    def _pool_of(self, claim: str, scales: tuple[str, ...]) -> str:
        """Return what ratings of a claim on some scales speak of; no id holds a space."""
        return f"{self.prefix}{claim} on {' '.join(self.prefix + scale for scale in scales)}"

    def _find_pools(self) -> dict[str, dict[str, list[tuple[str, ...]]]]:
        """Find the lists of several scales that leaves ask for, by claim and by each scale."""
        pools: dict[str, dict[str, list[tuple[str, ...]]]] = {}
        for claim in self.records.claims.values():
            for criterion in _criteria_of(claim):
                leaves = (leaf for leaf in leaves_of(criterion) if isinstance(leaf, Assessed))
                for scales in dict.fromkeys(leaf.scales for leaf in leaves):
                    for scale in scales:
                        found = pools.setdefault(claim.id, {}).setdefault(scale, [(scale,)])
                        if scales not in found:
                            found.append(scales)
        return pools

    def _ratings(self) -> None:
        """
        Add the published ratings as evidence, each from a source of its own.

        A rating is a row for its scale, and one for each list of scales that a leaf asks for.
        """
        index = EvidenceIndex(self.records)
        pools = self._find_pools() if self.records.assessments else {}
        for (claim_id, scale), ratings in index.by_scale.items():
            claim = self.records.claims[claim_id]
            items = index.in_zone(self._zone_name(claim)).on_scale(claim_id, scale)
            asked = pools.get(claim_id, {}).get(scale, [(scale,)])
            for rating, item in zip(ratings, items, strict=True):
                for pool in asked:
                    self._rating(rating, item, pool)

    def _rating(self, rating: Assessment, item: Item, pool: tuple[str, ...]) -> None:
        name = self._name_of_rating(rating.id, pool)
        known = self._known_rating(item)
        row = {"id": name, "witness": self.prefix + item.witness, "rank": item.rank}
        self.rows.put("sources", row)
        told = {
            "id": name,
            "source": name,
            "fact": self._pool_of(rating.claim, pool),
            "state": label_text(rating.scale, spelling(rating.rating)),
        }
        self.rows.put("evidence", _NO_EVIDENCE | told | known)
        for other in item.superseders:
            superseding = self._name_of_rating(other.id, pool)
            row = {"superseded": name, "superseding": superseding, "zone": ANY_ZONE}
            self.rows.put("supersedes", row | self._known_rating(other))

    def _name_of_rating(self, id_: str, pool: tuple[str, ...]) -> str:
        on = f" on {' '.join(pool)}" if len(pool) > 1 else ""
        return f"{self.prefix}{id_} as rating{on}"

    def _known_rating(self, item: Item) -> Row:
        return {
            "published": None if item.known_from == OPEN_END else int(item.known_from),
            "recorded": None,
            "withdrawn": None if item.withdrawn_from == OPEN_END else int(item.withdrawn_from),
        }


def _criteria_of(claim: Claim) -> Iterator[Criterion]:
    readings = (reading.criterion for reading in claim.readings)
    for criterion in (claim.criterion, claim.condition, *readings):
        if criterion is not None:
            yield criterion


def _days_of(leaf: Leaf, zone: ZoneInfo | None) -> tuple[int | None, int | None]:
    if isinstance(leaf, Figure):
        low, high = leaf.at.days_in(zone)
    elif isinstance(leaf, Throughout):
        low, high = leaf.over.days_in(zone)
    elif isinstance(leaf, Assessed) or leaf.window is None:
        return None, None
    else:
        low, high = leaf.window.days(zone)
    return day_number(low), day_number(high)


def _days_about(item: Evidence, known: Row, zone: ZoneInfo | None) -> Row:
    about = item.is_about
    if about is None:
        return {"first": None, "last": None}
    first, last = map(day_number, about.days_in(zone))
    if item.happened is not None:
        # An event that is reported is over by the day of the report.
        published = known["published"]
        last = last if published is None else min(last, published)
        first = min(first, last)
    return {"first": first, "last": last}


def _observed(item: Evidence) -> Row:
    low = high = state = None
    if is_quantity(item.value):
        low, high = keys_of_value(item.value)  # type: ignore[arg-type]  # it is a quantity
    elif item.value is not None:
        state = state_text(item.value)  # type: ignore[arg-type]  # it is a state
    return {"value_low": low, "value_high": high, "state": state}
