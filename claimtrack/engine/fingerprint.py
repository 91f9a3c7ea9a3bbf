"""
A digest of what a signed status rests on, by which a later change is noticed.

A fingerprint has three parts: the words, the criterion with all that belongs to it, and the
evidence that decided. What says nothing on the status (notes, topics, links, silences) is left
out, and so is every field that has its default, so that a field which a later version of this
library brings does not change the fingerprints that were taken before.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import attrs

from claimtrack.model.claim import Claim
from claimtrack.model.evidence import Evidence
from claimtrack.model.forecast import Assessment
from claimtrack.model.registry import Records
from claimtrack.model.span import Span

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "words": ("quote", "quote_kind", "proposition", "speaker", "said"),
    "criterion": (
        *("criterion", "not_checkable", "condition", "due", "grace", "timezone"),
        *("annulled", "annulled_because", "readings"),
    ),
    "evidence": (),
}
"""The parts of a fingerprint in their order, and the fields of a claim that make each."""

_UNSAID: Final = frozenset({"note", "silenced", "status", "recorded"})
_OF_A_SOURCE: Final = ("id", "published", "tier", "origin", "publisher")
_DIGITS: Final = 24
"""Hexadecimal digits of each part: 96 bits, short enough for one line of a file."""


def fingerprint(claim: Claim, used: Iterable[str], records: Records) -> str:
    """
    Return the fingerprint of *claim* as it stands, three digests with hyphens between.

    Args:
        claim: The claim.
        used: Ids of the evidence and assessments that decided it, in any order.
        records: Where these and their sources are looked up.
    """
    return "-".join((*map(_digest, asked(claim)), _digest(_told(used, records))))


def asked(claim: Claim) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the words and the criterion of *claim* as plain values that can be compared."""
    words, criterion = (
        {name: canonical(getattr(claim, name)) for name in PARTS[part]}
        for part in ("words", "criterion")
    )
    return words, criterion


def changed_parts(before: str, after: str) -> tuple[str, ...]:
    """
    Return the names of the parts in which two fingerprints differ; all, if one is none.

    Example:
        >>> changed_parts("a-b-c", "a-x-c")
        ('criterion',)
    """
    olds, news = before.split("-"), after.split("-")
    if len(olds) != len(PARTS):
        return tuple(PARTS)
    return tuple(part for part, old, new in zip(PARTS, olds, news, strict=True) if old != new)


def _told(used: Iterable[str], records: Records) -> list[Any]:
    told = []
    for id_ in sorted(used):
        # No assessment that decides has the id of a piece of evidence: that is an error at load.
        deciding: Evidence | Assessment = (
            records.evidence.by_id.get(id_) or records.assessments[id_]
        )
        source = None if deciding.source is None else records.sources[deciding.source]
        known = [canonical(getattr(source, field, None)) for field in _OF_A_SOURCE]
        told.append([canonical(deciding), known])
    return told


def canonical(value: object) -> Any:  # noqa: ANN401, PLR0911 - a row for each type
    """Return *value* in the types of JSON, equal values alike."""
    match value:
        case Enum():
            return value.value
        case Span():
            return value.text
        case Decimal():
            return _number(value)
        case int() if not isinstance(value, bool):
            return _number(Decimal(value))
        case tuple() | list():
            return [canonical(item) for item in value]
        case _ if attrs.has(type(value)):
            return {"is": type(value).__name__, **_said(value)}
        case _:
            return value


def _said(value: Any) -> dict[str, Any]:  # noqa: ANN401 - of any class of the model
    return {
        field.name: canonical(getattr(value, field.name))
        for field in attrs.fields(type(value))
        if field.name not in _UNSAID and getattr(value, field.name) != field.default
    }


def _number(value: Decimal) -> list[str]:
    """Return a number as a list, so that it never equals a text; 38 and 38.0 are one."""
    sign, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits))
    kept = text.rstrip("0")
    if not kept:
        return ["0"]
    return [f"{'-' * sign}{kept.lstrip('0')}E{int(exponent) + len(text) - len(kept)}"]


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
