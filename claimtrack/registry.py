"""
The public class of a registry: its records, and everything that can be asked about them.

The records are in the model and the decisions in the engine; this class joins the two.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol

import attrs

from claimtrack.collector import collector_paused
from claimtrack.engine.as_known import known_records
from claimtrack.engine.audit import Audit
from claimtrack.engine.evidence import EvidenceIndex
from claimtrack.engine.explain import explain
from claimtrack.engine.history import History, Replay, history
from claimtrack.engine.user_functions import Check, refuse_misfit
from claimtrack.errors import FieldError, Location
from claimtrack.model import fields
from claimtrack.model.display import Displayed
from claimtrack.model.explanation import Explanation
from claimtrack.model.records import RecordMap
from claimtrack.model.registry import Records, Settings, record_maps_of
from claimtrack.model.span import DayLike, Span, day_of, days_of
from claimtrack.model.verdict import KnownBy


class RecordLocations(Protocol):
    """The places of the records of a registry in its files."""

    @property
    def respelled(self) -> Iterable[tuple[str, str, tuple[str | int, ...]]]:
        """Kind, id and path of each id and name that was not in Unicode's normal form C."""

    def of(self, kind: str, id: str, path: tuple[str | int, ...] = ()) -> Location | None:  # noqa: A002
        """Return the place of a key of a record, or None if it is in no file."""


@attrs.frozen(kw_only=True, slots=False)
class Registry(Displayed, Records):
    """
    An immutable set of records that are consistent with each other.

    Two registries are equal if they hold equal records, in any order and read from any form.

    Args:
        locations: Where each record was read; None for records that were made in Python.
        checks: The functions that decide claims; `with_check` adds one.
        captured: When copies with the words of reports were captured; see `with_captured`.
    """

    locations: RecordLocations | None = attrs.field(default=None, eq=False, repr=False)
    _checks: Mapping[str, Check] = attrs.field(factory=dict, eq=False, repr=False)
    _captured: Mapping[str, Span] | None = attrs.field(default=None, eq=False, repr=False)

    @classmethod
    def of(cls, *records: object, settings: Settings | None = None) -> "Registry":
        """
        Make a registry of *records* of any kind, in any order.

        Raises:
            LoadError: They are not consistent; it names every problem.
            TypeError: One of them is not a record.
        """
        record_maps: dict[str, Any] = record_maps_of(records)
        return cls(settings=settings or Settings(), **record_maps)

    def with_records(self, *records: object) -> "Registry":
        """
        Return this registry with *records* added; one of the same kind and id is replaced.

        A replacement keeps the position of the old record; a new record comes last. Functions
        that decide claims are kept, places in files are not.

        Raises:
            LoadError: They are not consistent; it names every problem.
            TypeError: One of them is not a record.

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
            LoadError: The remaining records are not consistent; it names every problem.
            TypeError: One of them is not a record.
            UnknownRecordError: One of them is not in this registry.
        """
        changed: dict[str, RecordMap[Any]] = {}
        for name, removed in record_maps_of(records).items():
            record_map: RecordMap[Any] = getattr(self, name)
            for id_ in removed:
                record_map[id_]
            remaining = {
                id_: record for id_, record in record_map.by_id.items() if id_ not in removed
            }
            changed[name] = RecordMap(record_map.kind, remaining)
        return self._changed(changed)

    def _changed(self, record_maps: Mapping[str, RecordMap[Any]]) -> "Registry":
        claims = record_maps.get("claims", self.claims)
        checks = {id_: check for id_, check in self._checks.items() if id_ in claims}
        changes: dict[str, Any] = {"locations": None, "checks": checks, **record_maps}
        return attrs.evolve(self, **changes)

    def __getstate__(self) -> dict[str, Any]:
        # Without the indexes, which are made again when they are needed.
        return {field.name: getattr(self, field.name) for field in attrs.fields(Registry)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in {"_checks": {}, "_captured": None, **state}.items():
            object.__setattr__(self, name, value)

    @cached_property
    def _bare_records(self) -> Records:
        return self.bare_records()

    @cached_property
    def _indexes(self) -> dict[KnownBy, EvidenceIndex]:
        return {}

    def index(self, known_by: KnownBy | str = KnownBy.PUBLISHED) -> EvidenceIndex:
        """
        Return the evidence by what it is about; made once for each value of *known_by*.

        Raises:
            FieldError: *known_by* is not known, or is ``captured`` without `with_captured`.
        """
        axis = fields.word(KnownBy, known_by)
        if axis is KnownBy.CAPTURED and self._captured is None:
            message = "known_by 'captured' needs the days on which copies were captured"
            hint = (
                "claimtrack.captured_days() returns them, and Registry.with_captured() takes them"
            )
            raise FieldError("CT391", message, hint=hint)
        if axis not in self._indexes:
            with collector_paused():
                # Not of the registry itself, which holds the index: that would be a cycle.
                self._indexes[axis] = EvidenceIndex(self._bare_records, axis, self._captured)
        return self._indexes[axis]

    def audit(self, as_of: DayLike, *, known_by: KnownBy | str = KnownBy.PUBLISHED) -> Audit:
        """
        Decide every claim from what was known on *as_of*.

        Args:
            as_of: The last day whose publications count, inclusive.
            known_by: Whether the day of publication counts, the day on which the registry
                recorded a report, or that on which a copy with its words was captured, which
                needs `with_captured`.

        Raises:
            FieldError: *as_of* is not one full day, or *known_by* is not known.
        """
        return Audit(self.index(known_by), day_of(as_of), self._checks)

    def known_on(
        self, as_of: DayLike, *, known_by: KnownBy | str = KnownBy.PUBLISHED
    ) -> "Registry":
        """
        Return what was known of this registry on *as_of*, as a registry of its own.

        Nothing that was known later changes it. Its audit as of that day gives every claim the
        status that the audit of this registry gives it. Fields without a day on which they were
        known, such as notes, are left out.

        Args:
            as_of: The last day that counts, inclusive.
            known_by: As for `audit`.

        Raises:
            FieldError: *as_of* is not one full day, or *known_by* is not known.
        """
        day = day_of(as_of)
        known = known_records(self.index(known_by), day).records
        registry = Registry(
            **{field.name: getattr(known, field.name) for field in attrs.fields(Records)}
        )
        if self._captured is not None:
            captured = self._captured.items()
            registry = registry.with_captured(
                {
                    id_: span
                    for id_, span in captured
                    if id_ in registry.evidence and span.last <= day
                }
            )
        return registry.with_checks(
            {id_: check for id_, check in self._checks.items() if id_ in registry.claims}
        )

    def with_captured(self, days: Mapping[str, fields.SpanLike]) -> "Registry":
        """
        Return this registry with the days on which the words of its reports were captured.

        With ``known_by="captured"`` a report counts from the later of the day of its publication
        and the last day of its span here. A report that is not in *days* does not count; nor does
        an assessment. The comparison of registries ignores them.

        Args:
            days: By the ids of pieces of evidence, as `claimtrack.captured_days` returns them.

        Raises:
            FieldError: A value is no span of days.
            UnknownRecordError: There is no such evidence.
        """
        found = {self.evidence[id_].id: fields.span(day) for id_, day in days.items()}
        registry = copy(self)
        object.__setattr__(registry, "_captured", found)
        others = {axis: one for axis, one in self._indexes.items() if axis is not KnownBy.CAPTURED}
        object.__setattr__(registry, "_indexes", others)
        return registry

    @property
    def captured(self) -> Mapping[str, Span] | None:
        """The days that `with_captured` set, by evidence; None if it was not called."""
        return None if self._captured is None else MappingProxyType(self._captured)

    @property
    def checks(self) -> Mapping[str, Check]:
        """The functions that decide claims in place of their criteria, by claim."""
        return MappingProxyType(self._checks)

    def with_check(self, id: str, function: Check) -> "Registry":  # noqa: A002
        """
        Return this registry with *function* deciding the claim *id* in place of its criterion.

        It is called as ``function(claim, reports)`` in every audit, with the reports that are
        usable on the day: those on the facts of all criteria of the claim, and those that name
        the claim, in the order of the registry. It returns true, false, or None if the reports do
        not decide; an assertion that fails counts as false, and its text explains the verdict. A
        claim that is annulled or not checkable stays so. Histories and replays do not call it.
        The comparison of registries ignores it.

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
        registry = copy(self)
        object.__setattr__(registry, "_checks", checks)
        object.__setattr__(registry, "_indexes", self._indexes)  # of the same records
        return registry

    def explain(
        self,
        claim_id: str,
        as_of: DayLike,
        *,
        known_by: KnownBy | str = KnownBy.PUBLISHED,
    ) -> Explanation:
        """
        Explain the status of the claim *claim_id* on *as_of*, down to each piece of evidence.

        Raises:
            UnknownRecordError: There is no such claim.
            NotYetSaidError: It had not been made by that day.
        """
        return explain(self.audit(as_of, known_by=known_by), claim_id)

    def history(self, claim_id: str, *, known_by: KnownBy | str = KnownBy.PUBLISHED) -> History:
        """
        Return every change of status of the claim *claim_id*, and what caused it.

        It begins with the day on which the claim was said. It includes changes in the future that
        follow from the present evidence, such as a deadline that passes.

        Raises:
            UnknownRecordError: There is no such claim.
        """
        return history(self.index(known_by), self.claims[claim_id])

    def replay(
        self, days: Iterable[DayLike], *, known_by: KnownBy | str = KnownBy.PUBLISHED
    ) -> Replay:
        """
        Count the statuses of all claims on each of *days*.

        Args:
            days: Days in any order; the counts come in the same.
            known_by: As for `audit`.

        Raises:
            FieldError: One of *days* is not one full day, or *days* is a single day.
        """
        return Replay(self.index(known_by), days_of(days))
