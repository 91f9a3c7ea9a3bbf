"""
Fingerprints of signed claims, which show later changes.

A fingerprint has five parts: the words, the criterion with its related fields, the deciding
evidence, the policy of the registry as far as the claim depends on it, and the facts that it asks
about. If a function of the user decided, `BY_CHECK` stands in place of the evidence. Fields without
an effect on the status (notes, topics, links, silences) are left out, and so is every field that
has its default, so that a new field of a later version of this library does not change older
fingerprints. Older fingerprints have only the first three parts.
"""

import json
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Final
from unicodedata import normalize

import attrs

from claimtrack.engine.evidence import Item
from claimtrack.model.claim import EDITION, Claim, criteria_of
from claimtrack.model.criterion import Assessed, Throughout, facts_of, leaves_of, scales_of
from claimtrack.model.quantity import Test
from claimtrack.model.records import Assessment, Evidence, Speaker
from claimtrack.model.registry import OnConflict, Policy, Records
from claimtrack.model.span import Day, Span
from claimtrack.model.verdict import DECIDED, Status

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "words": ("quote", "quote_kind", "proposition", "speaker", "said"),
    "criterion": (
        *("criterion", "not_checkable", "condition", "due", "grace", "timezone"),
        *("annulled", "annulled_because", "readings"),
    ),
    "evidence": (),
    "policy": (),
    "facts": (),
}
"""The parts of a fingerprint in their order, and the fields of a claim in each."""

BY_CHECK: Final = "check"
"""Stands in place of the evidence if a function of the user decided."""

_MIN_PARTS: Final = 3
_UNDECIDED: Final = (Status.PENDING, Status.OVERDUE, Status.NOT_ENOUGH_EVIDENCE)
_FACT_FIELDS: Final = ("kind", "title", "once", "unit", "cumulative", "values")

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:")
"""A date-time, which is another day in another zone."""

_IGNORED_FIELDS: Final = frozenset({"note", "silenced", "status", "recorded", "anchor", "internal"})
_SOURCE_FIELDS: Final = ("id", "published", "tier", "origin", "publisher")
_ENCODER: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":"))
_DIGITS: Final = 24
"""Hexadecimal digits of each part: 96 bits, short enough for one line of a file."""


def fingerprint(claim: Claim, used: Iterable[str] | None, records: Records) -> str:
    """
    Return the fingerprint of *claim*: the digest of each part, joined with hyphens.

    Args:
        claim: The claim, with the statuses that are signed.
        used: Ids of the evidence and assessments that decided it, in any order; None if a function
            of the user did.
        records: The records with these, their sources and the facts.
    """
    words, criterion = map(_text, words_and_criterion(claim))
    evidence = "" if used is None else _text(list(_evidence(used, records)))
    policy = _fallbacks(claim, records)
    zone = records.settings.timezone
    falls_back = zone is not None and claim.timezone is None and claim.criterion is not None
    if falls_back and any(map(_MOMENT.search, (words, criterion, evidence))):
        policy["timezone"] = zone
    return "-".join(
        (
            _digest(words),
            _digest(criterion),
            BY_CHECK if used is None else _digest(evidence),
            _digest(_text(policy)),
            _digest(_text(_facts(claim, records))),
        )
    )


def words_and_criterion(claim: Claim) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the words and the criterion of *claim* as plain values that can be compared."""
    words, criterion = (
        {name: canonical(getattr(claim, name)) for name in PARTS[part]}
        for part in ("words", "criterion")
    )
    return words, criterion


def changed_parts(before: str, after: str) -> tuple[str, ...]:
    """
    Return the names of the parts in which two fingerprints differ.

    Parts that an older one does not have do not differ; if *before* has another form, all differ.

    Example:
        >>> changed_parts("a-b-c", "a-x-c-d-e")
        ('criterion',)
    """
    if not is_of_this_form(before):
        return tuple(PARTS)
    pairs = zip(PARTS, before.split("-"), after.split("-"), strict=False)
    return tuple(part for part, old, new in pairs if old != new)


def is_of_this_form(text: str) -> bool:
    """Say whether *text* has the form of a fingerprint of this module."""
    return _MIN_PARTS <= len(text.split("-")) <= len(PARTS)


def is_by_check(claim: Claim) -> bool:
    """Say whether *claim* was signed as decided by a function of the user."""
    if claim.signed is None or claim.signed.fingerprint is None:
        return False
    parts = claim.signed.fingerprint.split("-")
    return is_of_this_form(claim.signed.fingerprint) and parts[2] == BY_CHECK


def _evidence(used: Iterable[str], records: Records) -> Iterator[Any]:
    for id_ in sorted(used):
        # No deciding assessment has the id of a piece of evidence: that is an error at load.
        deciding: Evidence | Assessment = (
            records.evidence.by_id.get(id_) or records.assessments[id_]
        )
        source = None if deciding.source is None else records.sources[deciding.source]
        known = [canonical(getattr(source, field, None)) for field in _SOURCE_FIELDS]
        yield [canonical(deciding), known]


def _fallbacks(claim: Claim, records: Records) -> dict[str, Any]:
    """Return the values of the registry's policy that *claim* depends on."""
    policy = records.settings.policy
    if policy == Policy():
        return {}
    leaves = [leaf for criterion in criteria_of(claim) for leaf in leaves_of(criterion)]
    asks = {
        "grace": claim.grace is None and bool(leaves) and _is_open(claim),
        "min_sources": any(leaf.min_sources is None for leaf in leaves),
        "min_tier": any(leaf.min_tier is None for leaf in leaves),
        "on_conflict": bool(leaves),
        "signatures": False,
    }
    return {
        field.name: canonical(getattr(policy, field.name))
        for field in attrs.fields(Policy)
        if asks.get(field.name, False) and getattr(policy, field.name) != field.default
    }


def _is_open(claim: Claim) -> bool:
    """Say whether the days of grace can change a signed status: they cannot if it is decided."""
    signed = [claim.status or Status.PENDING]
    signed += [reading.status for reading in claim.readings if reading.status is not None]
    return any(status in _UNDECIDED for status in signed)


def _facts(claim: Claim, records: Records) -> list[Any]:
    ids = {id_ for criterion in criteria_of(claim) for id_ in facts_of(criterion)}
    facts = [records.facts[id_] for id_ in sorted(ids)]
    asked = {id_ for criterion in criteria_of(claim) for id_ in scales_of(criterion)}
    scales = [records.scales[id_] for id_ in sorted(asked) if id_ in records.scales]
    return [
        *([fact.id, [canonical(getattr(fact, name)) for name in _FACT_FIELDS]] for fact in facts),
        *([scale.id, canonical(scale.labels)] for scale in scales),
    ]


def canonical(value: Any) -> Any:  # noqa: ANN401 - of any class of the model
    """Return *value* in the types of JSON; equal values give equal results."""
    kind = type(value)
    if value is None or kind is str:
        return value
    convert = _conversion(kind)  # type: ignore[arg-type]  # a class can be hashed
    return value if convert is None else convert(value)


@cache
def _conversion(kind: Hashable) -> Callable[[Any], Any] | None:
    """Return the conversion of values of a class to types of JSON; None if none is needed."""
    assert isinstance(kind, type)  # noqa: S101 - it is called with classes only
    for base, convert in _CONVERSIONS.items():
        if issubclass(kind, base):
            return convert
    return _named if attrs.has(kind) else None


def _named(value: Any) -> dict[str, Any]:  # noqa: ANN401
    fields = {"is": type(value).__name__}
    for name, default in _fields(type(value)):  # type: ignore[arg-type]
        item = getattr(value, name)
        if item is not default and item != default:
            fields[name] = canonical(item)
    return fields


@cache
def _fields(kind: Hashable) -> tuple[tuple[str, Any], ...]:
    """Return the fields of a class of the model, except the ignored ones, with their defaults."""
    every = ((field.name, field.default) for field in attrs.fields(kind))  # type: ignore[arg-type]
    return tuple((name, default) for name, default in every if name not in _IGNORED_FIELDS)


def _number(value: Decimal) -> list[str]:
    """Return a number as a list, so that it never equals a text; 38 and 38.0 are equal."""
    sign, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits))
    significant = text.rstrip("0")
    if not significant:
        return ["0"]
    power = int(exponent) + len(text) - len(significant)
    return [f"{'-' * sign}{significant.lstrip('0')}E{power}"]


_CONVERSIONS: Final[Mapping[type, Callable[[Any], Any] | None]] = {
    Enum: lambda value: value.value,
    Span: lambda value: value.text,
    Decimal: _number,
    bool: None,
    int: lambda value: _number(Decimal(value)),
    tuple: lambda value: list(map(canonical, value)),
    list: lambda value: list(map(canonical, value)),
}
"""The conversions of values to types of JSON; the first class that fits counts."""


def _text(value: object) -> str:
    return _ENCODER.encode(value)


@lru_cache(maxsize=4096)  # many claims have the same policy, and many the same facts
def _digest(text: str) -> str:
    import hashlib  # noqa: PLC0415 - which takes long to import, and few claims are signed

    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def signatures_of(claim: Claim, speakers: Iterable[Speaker], day: Day) -> int:
    """
    Return how many people have signed the status of *claim* by *day*: 0, 1 or 2.

    A review is of what was signed: it counts if it has the same fingerprint, and another name.

    Args:
        claim: The claim.
        speakers: People with several names.
        day: An ordinal. A signature counts from its own day on.
    """
    signed, reviewed = claim.signed, claim.reviewed
    if signed is None or claim.status is None or day < signed.on.first:
        return 0
    if reviewed is None or day < reviewed.on.first:
        return 1
    prints = {one.fingerprint for one in (signed, reviewed)} - {None}
    is_other = are_different_people(signed.by, reviewed.by, speakers)
    return 2 if is_other and len(prints) < 2 else 1  # noqa: PLR2004 - both have one, and they differ


def are_different_people(
    first: str | None, second: str | None, speakers: Iterable[Speaker]
) -> bool:
    """
    Say whether two names are certainly those of two people.

    Case, accents, spaces and punctuation make no other name, and all names of one speaker are those
    of one person; who is not named may be anybody.
    """
    one, other = _plain_name(first), _plain_name(second)
    if not one or not other or one == other:
        return False
    for speaker in speakers:
        names = {*map(_plain_name, (speaker.id, speaker.name, *speaker.aliases))}
        if one in names and other in names:
            return False
    return True


def _plain_name(name: str | None) -> str:
    letters = normalize("NFKD", (name or "").casefold())
    return "".join(filter(str.isalnum, letters)).casefold()


RULES_CHANGED: Final = f"the rules changed (edition 1 to {EDITION})"
"""Why a claim is suspect of which `is_changed_by_rules` is true."""

SUSPECT: Final = "suspect"
STALE: Final = "stale"


def marks_of(
    claim: Claim, used: Iterable[str] | None, records: Records, day: Day
) -> tuple[str, ...]:
    """
    Return the marks of *claim* on *day*.

    Args:
        claim: The claim.
        used: Ids of the evidence that decides it on that day; None if a function does.
        records: The records with the evidence and its sources.
        day: An ordinal. A signature counts from its own day on.
    """
    marks = []
    if suspected(claim, used, records, day):
        marks.append(SUSPECT)
    if is_stale(claim, day):
        marks.append(STALE)
    return tuple(marks)


def suspected(
    claim: Claim, used: Iterable[str] | None, records: Records, day: Day
) -> tuple[str, ...]:
    """Return the parts of its fingerprint in which *claim* differs from what was signed."""
    signed = claim.signed
    if signed is None or signed.fingerprint is None or day < signed.on.first:
        return ()
    return changed_parts(signed.fingerprint, fingerprint(claim, used, records))


def is_changed_by_rules(
    claim: Claim,
    computed: Status,
    reports: Callable[[], Iterable[Item]],
    records: Records,
    day: Day,
) -> bool:
    """
    Say whether a later edition of the rules alone gives *claim* another status than was signed.

    It was signed by an earlier edition, a rule that changed since then bears on it, and no report
    on it became known, was recorded or was withdrawn since.

    Args:
        claim: The claim.
        computed: Its status on *day*.
        reports: Returns every report and rating on it.
        records: The registry.
        day: An ordinal.
    """
    signed = claim.signed
    if signed is None or claim.status is computed or day < signed.on.first:
        return False
    if (signed.edition or 1) >= EDITION or not _rules_bear_on(claim, computed, records):
        return False
    if signed.fingerprint is not None:
        # The same items can decide otherwise, so that part may differ.
        now = fingerprint(claim, (), records)
        if {*changed_parts(signed.fingerprint, now)} - {"evidence"}:
            return False
    since = range(int(signed.on.first) + 1, int(day) + 1)
    items, evidence = [*reports()], records.evidence.by_id
    recorded = (one.recorded for item in items if (one := evidence.get(item.id)) is not None)
    return not (
        any(item.known_from in since or item.withdrawn_from in since for item in items)
        or any(span is not None and span.last in since for span in recorded)
    )


def _rules_bear_on(claim: Claim, computed: Status, records: Records) -> bool:
    """Say whether a rule that is new in the second edition can give *claim* its status."""
    if claim.status is Status.LATE and computed is Status.FAILED:
        # Facts are never late, and a report that was outvoted is not one of a later day.
        is_fact = not claim.can_be_late
        return is_fact or records.settings.policy.on_conflict is OnConflict.HIGHER_TIER
    if computed not in (*DECIDED, Status.CONFLICTING) or claim.criterion is None:
        return False
    # A state on a part of the days refutes that it was so on all; a rating can say "partly".
    return any(
        isinstance(leaf, Assessed)
        or (isinstance(leaf, Throughout) and not isinstance(leaf.test, Test))
        for leaf in leaves_of(claim.criterion)
    )


def is_stale(claim: Claim, day: Day) -> bool:
    """Say whether the review day of *claim* has passed without a signature on it or since."""
    if claim.review_by is None or day <= claim.review_by.last:
        return False
    signed = claim.signed
    return signed is None or not claim.review_by.first <= signed.on.first <= day
