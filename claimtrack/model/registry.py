"""
The settings of a registry, and all of its records, checked against each other.

Each record checked its own fields when it was made. `Records` refuses records that are not
consistent: ids that nothing defines, facts of another kind, other units, and evidence that reports
what had not yet happened.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

import attrs

from claimtrack.errors import FieldError, LoadError, Problem
from claimtrack.model import fields
from claimtrack.model.claim import Claim
from claimtrack.model.records import (
    Assessment,
    Evidence,
    Fact,
    Forecast,
    RecordMap,
    Search,
    Selection,
    Source,
    Speaker,
    Tier,
    optional_tier,
    record_map_of,
)
from claimtrack.model.references import ReferenceProblem, reference_problems
from claimtrack.model.scales import Scale


class OnConflict(StrEnum):
    """How a leaf with enough evidence on both sides is decided."""

    CONFLICTING = "conflicting"
    HIGHER_TIER = "higher_tier"


def _on_conflict(value: OnConflict | str) -> OnConflict:
    return fields.word(OnConflict, value)


class QuotePolicy(StrEnum):
    """Whether every quote has to be found in a pinned copy of its source."""

    PINNED = "pinned"
    REQUIRED = "required"


def _quotes(value: QuotePolicy | str) -> QuotePolicy:
    return fields.word(QuotePolicy, value)


class Publish(StrEnum):
    """Which decided claims a site publishes with their verdict."""

    SIGNED = "signed"
    REVIEWED = "reviewed"
    ALL = "all"


def _publish(value: Publish | str) -> Publish:
    return fields.word(Publish, value)


MAX_SIGNATURES: Final = 2
"""Signatures that a claim can have: `signed` and `reviewed`."""


def _signatures(value: int) -> int:
    number = fields.days(value)
    if number > MAX_SIGNATURES:
        message = f"{number} is too many signatures; expected 0 to {MAX_SIGNATURES}"
        raise FieldError("CT104", message)
    return number


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Policy:
    """
    The defaults for the claims of a registry.

    Args:
        grace: Days after a due day in which missing evidence does not make a claim overdue.
        min_sources: How many independent witnesses decide.
        min_tier: The lowest tier that counts; None if all do.
        on_conflict: How a leaf with enough evidence on both sides is decided.
        signatures: How many people have to sign a decided claim, 0 to 2; no status depends on it.
        quotes: Whether a quote that cannot be looked for, since no copy of its source is there,
            is an error; checked, never used to decide.
    """

    grace: int = attrs.field(default=0, converter=fields.days)
    min_sources: int = attrs.field(default=1, converter=fields.count)
    min_tier: Tier | None = attrs.field(default=None, converter=optional_tier)
    on_conflict: OnConflict = attrs.field(default=OnConflict.CONFLICTING, converter=_on_conflict)
    signatures: int = attrs.field(default=0, converter=_signatures)
    quotes: QuotePolicy = attrs.field(default=QuotePolicy.PINNED, converter=_quotes)


def _policy(value: Policy | Mapping[str, Any]) -> Policy:
    return fields.record(Policy, value)


MAX_PATTERNS: Final = 100
"""Patterns of files that a registry may exclude: each file is compared with each of them."""


def _patterns(value: Iterable[str]) -> tuple[str, ...]:
    patterns = fields.names(value)
    if len(patterns) > MAX_PATTERNS:
        message = f"{len(patterns)} patterns are too many; expected at most {MAX_PATTERNS}"
        raise FieldError("CT104", message)
    for index, pattern in enumerate(patterns):
        if len(pattern) > fields.MAX_ID or pattern.startswith("/") or ".." in pattern.split("/"):
            message = (
                f"{fields.shown(pattern)} is no pattern of files; expected one such as "
                f"'drafts/*.toml', at most {fields.MAX_ID} characters, relative and without '..'"
            )
            raise FieldError("CT105", message, (index,))
    return patterns


@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Settings:
    """
    The settings of a registry.

    Args:
        id: An id that no other registry has, kept when the title changes; feeds and calendars
            are identified by it.
        timezone: The IANA zone in which date-times are read; None to read each as every civil
            day that it is anywhere on Earth.
        seasons: Whether a span may be a season (``2021-22``, the summer of 2021); if not, such a
            text is an error, since most often two years are meant.
        exclude: Patterns of files that are not part of the registry, relative to the folder of the
            file with the settings; ``*`` stands for anything but a slash, ``**`` for any folders.
        publish: Which decided claims a site publishes with their verdict.
    """

    id: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    title: str | None = attrs.field(default=None, converter=fields.optional_text)
    timezone: str | None = attrs.field(default=None, converter=fields.zone)
    seasons: bool = attrs.field(default=False, converter=fields.flag)
    policy: Policy = attrs.field(default=Policy(), converter=_policy)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    internal: str | None = attrs.field(default=None, converter=fields.optional_internal, repr=False)
    exclude: tuple[str, ...] = attrs.field(default=(), converter=_patterns)
    publish: Publish = attrs.field(default=Publish.ALL, converter=_publish)


KINDS: Final[Mapping[str, type[Any]]] = {
    "speaker": Speaker,
    "source": Source,
    "fact": Fact,
    "evidence": Evidence,
    "claim": Claim,
    "forecast": Forecast,
    "scale": Scale,
    "assessment": Assessment,
    "search": Search,
    "selection": Selection,
}
"""The kinds of record by their names in files, in the order in which they are written."""

_IRREGULAR: Final = {"evidence": "evidence", "search": "searches"}

PLURALS: Final[Mapping[str, str]] = {kind: _IRREGULAR.get(kind, f"{kind}s") for kind in KINDS}
"""The attribute of `Records` that holds each kind."""


class InconsistentRecordsError(LoadError):
    """
    Records are not consistent with each other.

    Args:
        reference_problems: What is wrong with which record.
    """

    def __init__(self, reference_problems: tuple[ReferenceProblem, ...]) -> None:
        super().__init__(tuple(map(problem_of, reference_problems)))
        self.reference_problems = reference_problems

    def __reduce__(
        self,
    ) -> tuple[type["InconsistentRecordsError"], tuple[tuple[ReferenceProblem, ...]]]:
        return type(self), (self.reference_problems,)


def problem_of(problem: ReferenceProblem) -> Problem:
    """Return *problem* as a problem without a place."""
    error = problem.error
    subject = f" {error.subject}" if error.path else ""
    message = f"{problem.kind} {problem.id!r}{subject} {error.message}"
    return Problem(code=error.code, message=message, hint=error.hint)


@attrs.frozen(kw_only=True)
class Records:
    """
    The settings and records of a registry, by kind and id, in the order in which they were given.

    Raises:
        LoadError: The records are not consistent; it names every problem.
        TypeError: A field is no map of records.
    """

    settings: Settings = attrs.field(factory=Settings)
    speakers: RecordMap[Speaker] = attrs.field(factory=lambda: RecordMap("speaker", {}))
    sources: RecordMap[Source] = attrs.field(factory=lambda: RecordMap("source", {}))
    facts: RecordMap[Fact] = attrs.field(factory=lambda: RecordMap("fact", {}))
    evidence: RecordMap[Evidence] = attrs.field(factory=lambda: RecordMap("evidence", {}))
    claims: RecordMap[Claim] = attrs.field(factory=lambda: RecordMap("claim", {}))
    forecasts: RecordMap[Forecast] = attrs.field(factory=lambda: RecordMap("forecast", {}))
    scales: RecordMap[Scale] = attrs.field(factory=lambda: RecordMap("scale", {}))
    assessments: RecordMap[Assessment] = attrs.field(factory=lambda: RecordMap("assessment", {}))
    searches: RecordMap[Search] = attrs.field(factory=lambda: RecordMap("search", {}))
    selections: RecordMap[Selection] = attrs.field(factory=lambda: RecordMap("selection", {}))

    def __attrs_post_init__(self) -> None:
        for name, expected in {
            "settings": Settings,
            **dict.fromkeys(PLURALS.values(), RecordMap),
        }.items():
            value = getattr(self, name)
            if not isinstance(value, expected):
                raise TypeError(
                    f"{name} is {fields.shown(value)}; expected a {expected.__name__}, "
                    "or records of any kind to Registry.of()"
                )
        problems = tuple(
            reference_problems(self, self.evidence.by_id.values(), self.claims.by_id.values())
        )
        if problems:
            raise InconsistentRecordsError(problems)

    def bare_records(self) -> "Records":
        """Return the same records without the other attributes of a subclass."""
        records = object.__new__(Records)  # without checking them again
        for field in attrs.fields(Records):
            object.__setattr__(records, field.name, getattr(self, field.name))
        return records

    def record_maps(self) -> tuple[RecordMap[Any], ...]:
        """Return the maps of records, in the order of `KINDS`."""
        return tuple(getattr(self, plural) for plural in PLURALS.values())


def record_maps_of(records: Iterable[object]) -> dict[str, RecordMap[Any]]:
    """
    Sort *records* of any kind into maps, by the names of the fields of `Records`.

    Raises:
        TypeError: One of them is not a record.
        LoadError: Two of a kind have the same id.
    """
    by_kind: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    kinds = {cls: kind for kind, cls in KINDS.items()}
    for record in records:
        kind = kinds.get(type(record))
        if kind is None:
            message = f"{fields.shown(record)} is not a record; expected one of {', '.join(KINDS)}"
            raise TypeError(message)
        by_kind[kind].append(record)
    record_maps = {}
    problems: list[Problem] = []
    for kind, own in by_kind.items():
        record_maps[PLURALS[kind]], taken = record_map_of(kind, own)
        problems += [taken_id(kind, id_) for id_ in taken]
    if problems:
        raise LoadError(tuple(problems))
    return record_maps


def taken_id(kind: str, id_: str) -> Problem:
    """Return the problem of a second record of *kind* with the same id, without a place."""
    message = f"{kind} id {id_!r} is taken; expected ids to be unique in a registry"
    return Problem(code="CT201", message=message)
