"""
The door to a registry: its records, and every question that can be asked of them.

The records themselves live in the model, and what is decided about them in the engine; this class
only brings the two together.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol

import attrs

from claimtrack.collector import at_rest
from claimtrack.engine.audit import Audit
from claimtrack.engine.evidence import EvidenceIndex
from claimtrack.engine.explain import explain
from claimtrack.engine.history import History, Replay, history
from claimtrack.engine.user_functions import Check, refuse_misfit
from claimtrack.errors import Location
from claimtrack.model import fields
from claimtrack.model.display import Displayed
from claimtrack.model.explanation import Explanation
from claimtrack.model.records import RecordMap
from claimtrack.model.registry import Records, Settings, record_maps_of
from claimtrack.model.span import DayLike, day_of, days_of
from claimtrack.model.verdict import KnownBy


class RecordLocations(Protocol):
    """What knows where the records of a registry stand, and in which form."""

    @property
    def respelled(self) -> Iterable[tuple[str, str, tuple[str | int, ...]]]:
        """Kind, id and path of each id and name that was read in no normal form of Unicode."""

    def of(self, kind: str, id: str, path: tuple[str | int, ...] = ()) -> Location | None:  # noqa: A002
        """Return the place of a key of a record, or None if it stands in no file."""


@attrs.frozen(kw_only=True, slots=False)
class Registry(Displayed, Records):
    """
    A set of records that go together, which does not change.

    Two registries are equal if they hold equal records, in whatever order and form they were read.

    Args:
        locations: Where each record was read; None for records that were made in Python.
        checks: The functions that decide claims; `with_check` adds one.
    """

    locations: RecordLocations | None = attrs.field(default=None, eq=False, repr=False)
    _checks: Mapping[str, Check] = attrs.field(factory=dict, eq=False, repr=False)

    @classmethod
    def of(cls, *records: object, settings: Settings | None = None) -> "Registry":
        """
        Make a registry of *records* of any kind, in any order.

        Raises:
            LoadError: They do not go together; it names every problem.
            TypeError: One of them is no record.
        """
        record_maps: dict[str, Any] = record_maps_of(records)
        return cls(settings=settings or Settings(), **record_maps)

    def with_records(self, *records: object) -> "Registry":
        """
        Return this registry with *records* added, and those in it replaced that have the same id.

        A record replaces the one of its kind and id in its place; a new one comes last. Functions
        that decide claims are kept, and places in files are not.

        Raises:
            LoadError: They do not go together; it names every problem.
            TypeError: One of them is no record.

        Example:
            >>> from claimtrack import Registry, Speaker
            >>> registry = Registry.of(Speaker(id="anna"))
            >>> list(registry.with_records(Speaker(id="ben")).speakers)
            ['anna', 'ben']
        """
        added = record_maps_of(records)
        merged = {
            name: RecordMap(record_map.kind, {**getattr(self, name).by_id, **record_map.by_id})
            for name, record_map in added.items()
        }
        return self._changed(merged)

    def without(self, *records: object) -> "Registry":
        """
        Return this registry without *records*, as in ``registry.without(registry.claims["x"])``.

        Raises:
            LoadError: What is left does not go together; it names every problem.
            TypeError: One of them is no record.
            UnknownRecordError: One of them is not in this registry.
        """
        left: dict[str, RecordMap[Any]] = {}
        for name, gone in record_maps_of(records).items():
            record_map: RecordMap[Any] = getattr(self, name)
            for id_ in gone:
                record_map[id_]
            kept = {id_: record for id_, record in record_map.by_id.items() if id_ not in gone}
            left[name] = RecordMap(record_map.kind, kept)
        return self._changed(left)

    def _changed(self, record_maps: Mapping[str, RecordMap[Any]]) -> "Registry":
        claims = record_maps.get("claims", self.claims)
        checks = {id_: check for id_, check in self._checks.items() if id_ in claims}
        changes: dict[str, Any] = {"locations": None, "checks": checks, **record_maps}
        return attrs.evolve(self, **changes)

    def __getstate__(self) -> dict[str, Any]:
        # Indexes are left out: they are made again where they are needed.
        return {field.name: getattr(self, field.name) for field in attrs.fields(Registry)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in {"_checks": {}, **state}.items():
            object.__setattr__(self, name, value)

    @cached_property
    def _alone(self) -> Records:
        return self.alone()

    @cached_property
    def _indexes(self) -> dict[KnownBy, EvidenceIndex]:
        return {}

    def index(self, known_by: KnownBy | str = KnownBy.PUBLISHED) -> EvidenceIndex:
        """Return the evidence by what it speaks of; made once for each axis of knowledge."""
        axis = fields.word(KnownBy, known_by)
        if axis not in self._indexes:
            with at_rest():
                # Not of itself, which keeps the index: so both are freed at once.
                self._indexes[axis] = EvidenceIndex(self._alone, axis)
        return self._indexes[axis]

    def audit(self, as_of: DayLike, *, known_by: KnownBy | str = KnownBy.PUBLISHED) -> Audit:
        """
        Decide every claim from what was known on *as_of*.

        Args:
            as_of: The last day whose publications count, inclusive.
            known_by: Whether the public's knowledge counts or the registry's own.

        Raises:
            FieldError: *as_of* is not one full day, or *known_by* is not known.
        """
        return Audit(self.index(known_by), day_of(as_of), self._checks)

    @property
    def checks(self) -> Mapping[str, Check]:
        """The functions that decide claims in place of their criteria, by claim."""
        return MappingProxyType(self._checks)

    def with_check(self, id: str, function: Check) -> "Registry":  # noqa: A002
        """
        Return this registry with *function* deciding the claim *id* in place of its criterion.

        It is called as ``function(claim, reports)`` in every audit, with the reports that are
        usable on the day: those on the facts that any criterion of the claim asks about, and
        those that name the claim, in the order of the registry. It returns true, false, or None
        where they do not decide; an assertion that fails counts as false, and its text explains
        the verdict. A claim that is annulled or not checkable stays so. Histories and replays do
        not ask it. It is no part of what makes registries equal.

        Raises:
            FieldError: *function* cannot be called with a claim and its reports.
            UnknownRecordError: There is no such claim.
        """
        return self.with_checks({id: function})

    def with_checks(self, functions: Mapping[str, Check]) -> "Registry":
        """Return this registry with several functions, by claim, as `with_check` does with one."""
        checks = dict(self._checks)
        for id_, function in functions.items():
            claim = self.claims[id_]
            refuse_misfit(claim.id, function)
            checks[claim.id] = function
        found = copy(self)
        object.__setattr__(found, "_checks", checks)
        object.__setattr__(found, "_indexes", self._indexes)  # of the same records
        return found

    def explain(
        self,
        claim_id: str,
        as_of: DayLike,
        *,
        known_by: KnownBy | str = KnownBy.PUBLISHED,
    ) -> Explanation:
        """
        Tell why the claim *claim_id* is what it is on *as_of*, down to each piece of evidence.

        Raises:
            UnknownRecordError: There is no such claim.
            NotYetSaidError: It had not been made by that day.
        """
        return explain(self.audit(as_of, known_by=known_by), claim_id)

    def history(self, claim_id: str, *, known_by: KnownBy | str = KnownBy.PUBLISHED) -> History:
        """
        Tell what the claim *claim_id* was from each day on which that changed, and why.

        It begins with the day on which the claim was said, and goes on past today: a deadline
        that is to come will pass, as far as the record knows.

        Raises:
            UnknownRecordError: There is no such claim.
        """
        return history(self.index(known_by), self.claims[claim_id])

    def replay(
        self, days: Iterable[DayLike], *, known_by: KnownBy | str = KnownBy.PUBLISHED
    ) -> Replay:
        """
        Count the statuses of all claims on each of *days*, in one sweep over what became known.

        Args:
            days: Days in any order; the counts come in the same.
            known_by: Whether the public's knowledge counts or the registry's own.

        Raises:
            FieldError: One of *days* is not one full day, or they are one day in place of several.
        """
        return Replay(self.index(known_by), days_of(days))
