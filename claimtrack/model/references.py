"""
Check the records of a registry against each other: ids, kinds of facts, units, days.

The loops run over every record of a load, so they use plain mappings and compare ordinals. The
slower functions below describe the problems that the loops find.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

import attrs

from claimtrack.errors import FieldError
from claimtrack.model.claim import LINKS, Claim, criteria_of
from claimtrack.model.criterion import (
    RATING_SIDES,
    Assessed,
    Criterion,
    Event,
    Figure,
    Judged,
    Leaf,
    Reaches,
    Throughout,
    leaves_of,
    members_of,
    on_both_sides,
    scales_of,
)
from claimtrack.model.fields import key_of, shown, zone_named
from claimtrack.model.instant import Clock, Instant, instant_of
from claimtrack.model.quantity import Test
from claimtrack.model.records import (
    Assessment,
    Evidence,
    Fact,
    FactKind,
    Forecast,
    RecordMap,
    Search,
    Selection,
    Source,
    Speaker,
)
from claimtrack.model.scales import (
    Scale,
    known_scale,
    label_error,
    nearest_scale,
    shipped_scales,
)
from claimtrack.model.span import Day, Span, day_text

if TYPE_CHECKING:
    from claimtrack.model.registry import Records


Path: TypeAlias = tuple[str | int, ...]
Where = TypeVar("Where")

MAX_COMPARED: Final = 100_000
"""Ids compared for hints in one load, which takes about a second; later errors have no hint."""

LEAF_KEYS: Final[Mapping[type, str]] = {
    Event: "event",
    Figure: "quantity",
    Reaches: "quantity",
    Judged: "judged",
    Assessed: "assessed",
}
"""The key that names what a leaf asks about; for `Throughout` see `leaf_key`."""


class AllowedValues:
    """The values that facts allow, as a set for each fact, made on first use."""

    def __init__(self) -> None:
        self._sets: dict[str, frozenset[tuple[type, object]]] = {}

    def have(self, value: object, fact: Fact) -> bool:
        """Say whether *fact* allows *value*; its type counts too."""
        allowed = self._sets.get(fact.id)
        if allowed is None:
            allowed = frozenset((type(other), other) for other in fact.values)
            self._sets[fact.id] = allowed
        return not allowed or (type(value), value) in allowed


@attrs.frozen
class ReferenceProblem:
    """The record *id* of *kind* is not consistent with the others."""

    kind: str
    id: str
    error: FieldError


def reference_problems(
    records: "Records", evidence: Iterable[Evidence], claims: Iterable[Claim]
) -> Iterator[ReferenceProblem]:
    """
    Find everything that is wrong between *records*.

    Args:
        records: All of them.
        evidence: The pieces of evidence that were not checked yet.
        claims: Likewise.
    """
    problems = unhinted_problems(records, evidence, claims)
    if not records.settings.seasons:
        record_maps = records.record_maps()
        problems = chain(
            problems, *(season_problems(one.kind, one.values()) for one in record_maps)
        )
    for problem, error in hinted(((problem, problem.error) for problem in problems), HERE):
        yield ReferenceProblem(problem.kind, problem.id, error)


HERE: Final = "in this registry"
LOADED: Final = "in any loaded file"


def hinted(
    errors: Iterable[tuple[Where, FieldError]], scope: str = LOADED
) -> Iterator[tuple[Where, FieldError]]:
    """
    Add the nearest id as a hint to each error about an undefined id, up to `MAX_COMPARED`.

    Args:
        errors: Each with a place of any type.
        scope: Where the id was looked for, `HERE` or `LOADED`.
    """
    budget = MAX_COMPARED
    for where, error in errors:
        if isinstance(error, DanglingError):
            budget -= len(error.record_map)
            yield where, error.final(scope, with_hint=budget >= 0)
        else:
            yield where, error


def unhinted_problems(
    records: "Records", evidence: Iterable[Evidence], claims: Iterable[Claim]
) -> Iterator[ReferenceProblem]:
    """Find the same as `reference_problems`, but without seasons and without hints."""
    zone, allowed = _zone_of(records), AllowedValues()
    sources, facts = records.sources.by_id, records.facts.by_id
    for item in evidence:
        if not _is_simple_report(item, sources, facts):
            for error in _evidence_errors(item, records, zone, allowed):
                yield ReferenceProblem("evidence", item.id, error)
    for claim in claims:
        if not _is_simple_claim(claim, records.speakers.by_id, sources, facts):
            for error in _claim_errors(claim, records, allowed):
                yield ReferenceProblem("claim", claim.id, error)
    yield from _forecast_problems(records)
    yield from _remark_problems(records)


def season_problems(kind: str, records: Iterable[Any]) -> Iterator[ReferenceProblem]:
    """Find the seasons in *records* of *kind* of a registry that does not allow them."""
    for record in records:
        if has_season(record):
            for error in season_errors(record):
                yield ReferenceProblem(kind, record.id, error)


def has_season(record: Any) -> bool:  # noqa: ANN401 - of any class
    """Say whether a span of *record*, or of its criteria, is a season."""
    for _, name in _SPAN_KEYS.get(type(record), ()):
        span = getattr(record, name)
        if span is not None and span.has_season:
            return True
    return isinstance(record, Speaker | Claim) and any(
        span.has_season for _, span in _spans_within(record)
    )


def season_errors(record: Any) -> Iterator[FieldError]:  # noqa: ANN401 - of any class
    """Find the seasons in *record*, which may lack fields."""
    for path, span in _spans_of(record):
        if span.has_season:
            yield _season_error(span, path)


def _season_error(span: Span, path: Path) -> FieldError:
    years = _TWO_YEARS.fullmatch(span.text)
    two = years and years[2] > years[1][2:] and f"{years[1]}/{years[1][:2]}{years[2]}"
    expected = f"'{two}' for two years" if two else "months or years"
    message = (
        f"{shown(span.text)} is a season, from {day_text(span.first)} to {day_text(span.last)}; "
        f"expected {expected}"
    )
    hint = "if the season is meant, write under [registry]: seasons = true"
    return FieldError("CT108", message, path, hint)


_TWO_YEARS: Final = re.compile("([0-9]{4})-(2[1-4])[?~%]?")


def _spans_of(record: Any) -> Iterator[tuple[Path, Span]]:  # noqa: ANN401 - of any class
    """Iterate over the spans of *record* with the keys that lead to each in a file."""
    for key, name in _SPAN_KEYS.get(type(record), ()):
        span = getattr(record, name)
        if span is not None:
            yield (key,), span
    yield from _spans_within(record)


def _spans_within(record: Any) -> Iterator[tuple[Path, Span]]:  # noqa: ANN401 - of any class
    """Iterate over the spans of the roles and the criteria of *record*."""
    if isinstance(record, Speaker):
        for index, role in enumerate(record.roles):
            for key in ("since", "until"):
                if getattr(role, key) is not None:
                    yield ("roles", index, key), getattr(role, key)
    if isinstance(record, Claim):
        for index, occasion in enumerate(record.occasions):
            yield ("occasions", index, "said"), occasion.said
        yield from _criterion_spans(record)


def _criterion_spans(claim: Claim) -> Iterator[tuple[Path, Span]]:
    criteria: list[tuple[Path, Criterion | None]] = [
        (("criterion",), claim.criterion),
        (("condition",), claim.condition),
    ]
    criteria += [
        (("reading", index, "criterion"), reading.criterion)
        for index, reading in enumerate(claim.readings)
    ]
    for path, node in criteria:
        for leaf_path, leaf in placed_leaves(node, path) if node is not None else ():
            if isinstance(leaf, Figure):
                yield (*leaf_path, "at"), leaf.at
            elif isinstance(leaf, Throughout):
                yield (*leaf_path, "throughout"), leaf.over
            elif isinstance(leaf, Event | Reaches | Judged) and leaf.window is not None:
                yield (*leaf_path, leaf.window.kind.value), leaf.window.span


_SPAN_KEYS: Final[Mapping[type, tuple[tuple[str, str], ...]]] = {
    cls: tuple(
        (key_of(field), field.name)
        for field in attrs.fields(cls)
        if field.type in (Span, Span | None)
    )
    for cls in (Speaker, Source, Fact, Evidence, Claim, Forecast, Assessment, Search, Selection)
}
"""The keys and names of the fields of each class that hold a span."""


def errors_of(kind: str, record: Any, records: "Records") -> Iterator[FieldError]:  # noqa: ANN401
    """
    Find what is wrong between *records* and another *record* of *kind*, which may lack fields.

    Fields that are None are skipped. Errors about undefined ids have no hint; see `hinted`.
    """
    if not records.settings.seasons:
        yield from season_errors(record)
    match kind:
        case "evidence":
            yield from _evidence_errors(record, records, _zone_of(records), AllowedValues())
        case "claim":
            yield from _claim_errors(record, records, AllowedValues())
        case "forecast":
            yield from _forecast_errors(record, records)
        case "scale":
            yield from _scale_errors(record)
        case "assessment":
            yield from _rating_errors(record, records)
        case "search":
            yield from _search_errors(record, records)
        case "selection":
            yield from _selection_errors(record, records)


def _zone_of(records: "Records") -> ZoneInfo | None:
    name = records.settings.timezone
    return zone_named(name) if name else None


def _is_simple_report(
    item: Evidence, sources: Mapping[str, Source], facts: Mapping[str, Fact]
) -> bool:
    """Say whether *item* is a report of an event with no problem; false if in doubt."""
    source = sources.get(item.source)
    happened = item.happened
    if source is None or happened is None or item.fact is None or item.supersedes:
        return False
    fact = facts.get(item.fact)
    if fact is None or fact.kind is not FactKind.EVENT:
        return False
    published = item.published or source.published
    return published is None or (
        happened.moment is None and published.moment is None and happened.first <= published.last
    )


def _is_simple_claim(
    claim: Claim,
    speakers: Mapping[str, object],
    sources: Mapping[str, Source],
    facts: Mapping[str, Fact],
) -> bool:
    """Say whether *claim* asks for one event and has no problem; false if in doubt."""
    criterion = claim.criterion
    if not isinstance(criterion, Event) or claim.condition is not None or claim.readings:
        return False
    fact = facts.get(criterion.fact)
    return (
        claim.speaker in speakers
        and claim.source in sources
        and fact is not None
        and fact.kind is FactKind.EVENT
        and not (
            claim.appearances
            or claim.occasions
            or claim.retracted_source
            or claim.repeats
            or claim.contradicts
            or claim.refines
            or claim.depends_on
            or claim.part_of
        )
    )


def _forecast_problems(records: "Records") -> Iterator[ReferenceProblem]:
    made: dict[tuple[str, str], list[Forecast]] = {}
    for forecast in records.forecasts.values():
        for error in _forecast_errors(forecast, records):
            yield ReferenceProblem("forecast", forecast.id, error)
        made.setdefault((forecast.claim, forecast.by), []).append(forecast)
    for (claim, _), own in made.items():
        if len(own) > 1:
            yield from _unordered_forecasts(own, _zone_of_claim(claim, records))
    for scale in records.scales.values():
        for error in _scale_errors(scale):
            yield ReferenceProblem("scale", scale.id, error)
    for rating in records.assessments.values():
        for error in _rating_errors(rating, records):
            yield ReferenceProblem("assessment", rating.id, error)


def _remark_problems(records: "Records") -> Iterator[ReferenceProblem]:
    """Find what is wrong with the records on which no status depends."""
    for search in records.searches.values():
        for error in _search_errors(search, records):
            yield ReferenceProblem("search", search.id, error)
    for selection in records.selections.values():
        for error in _selection_errors(selection, records):
            yield ReferenceProblem("selection", selection.id, error)


def _zone_of_claim(id_: str, records: "Records") -> ZoneInfo | None:
    claim = records.claims.by_id.get(id_)
    name = None if claim is None else claim.timezone
    return zone_named(name) if name else _zone_of(records)


def _unordered_forecasts(
    forecasts: Iterable[Forecast], zone: ZoneInfo | None
) -> Iterator[ReferenceProblem]:
    """Find the forecasts by one person of one claim whose order on a day is not known."""
    by_day: dict[Day, list[tuple[Forecast, Instant]]] = {}
    for forecast in forecasts:
        made = instant_of(forecast.made, zone)
        # Of a span the last day counts, as everywhere in the scores.
        by_day.setdefault(made.last, []).append((forecast, made))
    for group in by_day.values():
        clocks = {made.clock for _, made in group}
        is_timed = len(clocks) == 1 and Clock.NONE not in clocks
        at_one_time: dict[float, list[Forecast]] = {}
        for forecast, made in group:
            at_one_time.setdefault(made.at if is_timed else 0.0, []).append(forecast)
        for alike in at_one_time.values():
            for forecast in alike if len(alike) > 1 else ():
                other = alike[1] if forecast is alike[0] else alike[0]
                yield ReferenceProblem("forecast", forecast.id, _order_error(forecast, other))


def _order_error(forecast: Forecast, other: Forecast) -> FieldError:
    message = (
        f"{forecast.made.text!r} is neither before nor after {other.made.text!r}, when the same "
        f"person made the forecast {other.id!r} of this claim; expected different days, or "
        "different times on both"
    )
    return FieldError("CT320", message, ("made",))


def _forecast_errors(forecast: Forecast, records: "Records") -> tuple[FieldError, ...]:
    return (
        *_dangling(records.speakers, forecast.by, ("by",)),
        *_dangling(records.claims, forecast.claim, ("claim",)),
        *_dangling(records.sources, forecast.source, ("source",)),
    )


def _rating_errors(rating: Assessment, records: "Records") -> tuple[FieldError, ...]:
    return (
        *_dangling(records.claims, rating.claim, ("claim",)),
        *_dangling(records.sources, rating.source, ("source",)),
        *_ambiguous(rating, records),
        *_scale_of_rating_errors(rating, records),
    )


def _search_errors(search: Search, records: "Records") -> Iterator[FieldError]:
    yield from _dangling(records.claims, search.claim, ("claim",))
    yield from _dangling(records.facts, search.fact, ("fact",))


def _selection_errors(selection: Selection, records: "Records") -> Iterator[FieldError]:
    yield from _dangling(records.speakers, selection.speaker, ("speaker",))
    yield from _dangling(records.sources, selection.source, ("source",))


def _scale_of_rating_errors(rating: Assessment, records: "Records") -> Iterator[FieldError]:
    if rating.scale is None:
        return
    scale = known_scale(rating.scale, records.scales.by_id)
    if scale is None:
        yield UnknownScaleIdError(records.scales, rating.scale, ("scale",))
    else:
        yield from _label_errors(scale, (), {("rating",): rating.rating})


def _label_errors(
    scale: Scale, path: Path, labels: Mapping[Path, str | None]
) -> Iterator[FieldError]:
    """Find what is wrong with *labels*, under their paths below *path*, on *scale*."""
    for label_path, label in labels.items():
        error = None if label is None else label_error(scale, label)
        if error is not None and label is not None:
            nearest = scale.nearest(label)
            hint = None if nearest is None else f"did you mean {nearest!r}?"
            yield FieldError("CT103", f"{shown(label)} {error}", (*path, *label_path), hint)


def _assessed_errors(leaf: Assessed, path: Path, records: "Records") -> Iterator[FieldError]:
    for index, id_ in enumerate(leaf.scales):
        key: Path = ("assessed",) if len(leaf.scales) == 1 else ("assessed", index)
        scale = known_scale(id_, records.scales.by_id)
        if scale is None:
            yield UnknownScaleIdError(records.scales, id_, (*path, *key))
        elif not (leaf.names_labels or scale.says_anything):
            message = f"{shown(id_)} does not say what its labels say of a claim; expected "
            named = "'supports', 'partly' or 'refutes' beside it"
            yield FieldError("CT304", message + named, (*path, *key))
        else:
            yield from _sides_errors(leaf, scale, path)


def _sides_errors(leaf: Assessed, scale: Scale, path: Path) -> Iterator[FieldError]:
    """Find labels that are not on *scale*, and other names of a label that stand on two sides."""
    labels: dict[Path, str | None] = {
        (side, index): label
        for side in RATING_SIDES
        for index, label in enumerate(getattr(leaf, side))
    }
    yield from _label_errors(scale, path, labels)
    taken: dict[str, str] = {}
    for label_path, text in labels.items():
        label = None if text is None else scale.find(text)
        if label is not None and text is not None:
            other = taken.setdefault(label.name, str(label_path[0]))
            if other != label_path[0]:
                yield on_both_sides(text, other, (*path, *label_path))


def _scale_errors(scale: Scale) -> Iterator[FieldError]:
    if scale.id in shipped_scales():
        message = f"{shown(scale.id)} is the id of a scale that is shipped; expected another id"
        yield FieldError("CT330", message, ("id",))


def _ambiguous(rating: Assessment, records: "Records") -> Iterator[FieldError]:
    """Refuse an id that is also the id of evidence, since verdicts name both kinds by id."""
    claim = records.claims.by_id.get(rating.claim)
    if rating.id not in records.evidence.by_id or claim is None:
        return
    if any(rating.scale in scales_of(criterion) for criterion in criteria_of(claim)):
        message = (
            f"{shown(rating.id)} is the id of a piece of evidence too, and a criterion of claim "
            f"{shown(claim.id)} rests on this assessment; expected another id"
        )
        yield FieldError("CT201", message, ("id",))


def _dangling(record_map: RecordMap[Any], id_: str | None, path: Path) -> Iterator[FieldError]:
    if id_ is not None and id_ not in record_map.by_id:
        yield DanglingError(record_map, id_, path)


class DanglingError(FieldError):
    """An id is not defined; `hinted` looks for the nearest one later."""

    def __init__(self, record_map: RecordMap[Any], id_: str, path: Path) -> None:
        super().__init__("CT202", dangling_message(record_map.kind, id_), path)
        self.record_map = record_map
        self.id = id_

    def final(self, scope: str, *, with_hint: bool) -> FieldError:
        """Return the error to report, with the nearest id as a hint if that is wanted."""
        nearest = self.record_map.nearest(self.id) if with_hint else None
        hint = None if nearest is None else f"did you mean {nearest!r}?"
        return FieldError(
            self.code, dangling_message(self.record_map.kind, self.id, scope), self.path, hint
        )


class UnknownScaleIdError(DanglingError):
    """The id is neither that of a scale that is shipped nor of one of the registry."""

    def final(self, scope: str, *, with_hint: bool) -> FieldError:
        """Return the error to report, with the nearest id of all scales as a hint."""
        nearest = nearest_scale(self.id, self.record_map.by_id) if with_hint else None
        hint = None if nearest is None else f"did you mean {nearest!r}?"
        message = (
            f"{shown(self.id)} is not defined {scope}; expected the id of a scale that is shipped, "
            "or of a [[scale]]"
        )
        return FieldError(self.code, message, self.path, hint)


def dangling_message(kind: str, id_: object, scope: str = LOADED) -> str:
    """Return the message that no record of *kind* has that id."""
    expected = "a piece of evidence" if kind == "evidence" else f"a {kind}"
    return f"{shown(id_)} is not defined {scope}; expected the id of {expected}"


def _all_dangling(
    record_map: RecordMap[Any], ids: tuple[str, ...], key: str
) -> Iterator[FieldError]:
    for index, id_ in enumerate(ids):
        yield from _dangling(record_map, id_, (key, index))


def _evidence_errors(
    item: Evidence, records: "Records", zone: ZoneInfo | None, allowed: "AllowedValues"
) -> Iterator[FieldError]:
    source = records.sources.by_id.get(item.source)
    if source is None:
        yield from _dangling(records.sources, item.source, ("source",))
    else:
        yield from _premature_report(item, source, zone)
    if item.supersedes:
        yield from _all_dangling(records.evidence, item.supersedes, "supersedes")
    if item.fact is None:
        yield from _dangling(records.claims, item.claim, ("claim",))
        return
    fact = records.facts.by_id.get(item.fact)
    if fact is None:
        yield from _dangling(records.facts, item.fact, ("fact",))
    elif fact.kind is not item.kind:
        yield FieldError("CT305", _kind_message(fact), (_report_key(item),))
    else:
        yield from _value_errors(item, fact, allowed)


def _report_key(item: Evidence) -> str:
    if item.value is not None:
        return "value"
    return "happened" if item.happened is not None else "not_happened"


def _kind_message(fact: Fact) -> str:
    expected = {
        FactKind.EVENT: "happened or not_happened",
        FactKind.QUANTITY: "a number or [low, high] as value",
        FactKind.STATE: "a text, true or false as value",
    }[fact.kind]
    return f"does not fit the fact {fact.id!r}, {_a(fact.kind)}; expected {expected}"


def _a(kind: FactKind) -> str:
    return f"an {kind.value}" if kind is FactKind.EVENT else f"a {kind.value}"


def _value_errors(item: Evidence, fact: Fact, allowed: AllowedValues) -> Iterator[FieldError]:
    if item.unit is not None and item.unit != fact.unit:
        yield _unit_error(item.unit, fact)
    if not allowed.have(item.value, fact):
        yield _value_error(item.value, fact, ("value",))


MAX_LISTED: Final = 10
"""How many of the values that a fact allows an error lists."""


def _value_error(value: object, fact: Fact, path: Path) -> FieldError:
    expected = ", ".join(map(shown, fact.values[:MAX_LISTED]))
    left = len(fact.values) - MAX_LISTED
    expected += f" and {left} more" if left > 0 else ""
    message = f"{shown(value)} is not a value of the fact {fact.id!r}; expected one of {expected}"
    return FieldError("CT103", message, path)


def _unit_error(unit: str, fact: Fact) -> FieldError:
    own = "no unit" if fact.unit is None else repr(fact.unit)
    message = f"{shown(unit)} is not the unit of the fact {fact.id!r}; expected {own}"
    return FieldError("CT306", message, ("unit",))


def _premature_report(
    item: Evidence, source: Source, zone: ZoneInfo | None
) -> Iterator[FieldError]:
    published = item.published or source.published
    about = item.is_about
    if published is None or about is None:
        return
    known = published.days_in(zone)[1]
    first, last = about.days_in(zone)
    if (last if item.not_happened is not None else first) <= known:
        return
    key = "happened" if item.happened else "not_happened" if item.not_happened else "when"
    verb = "ends" if item.not_happened is not None else "begins"
    message = (
        f"{about.text!r} {verb} after the report was published, {published.text!r}; "
        "expected nobody to report what has not happened"
    )
    yield FieldError("CT307", message, (key,))


def _claim_errors(claim: Claim, records: "Records", allowed: AllowedValues) -> Iterator[FieldError]:
    if claim.speaker not in records.speakers.by_id:
        yield from _dangling(records.speakers, claim.speaker, ("speaker",))
    if claim.source not in records.sources.by_id:
        yield from _dangling(records.sources, claim.source, ("source",))
    yield from _all_dangling(records.sources, claim.appearances, "appearances")
    yield from _later_words_errors(claim, records)
    for link in LINKS:
        ids = getattr(claim, link)
        if ids:
            yield from _all_dangling(records.claims, ids, link)
    if claim.criterion is not None:
        yield from criterion_errors(claim.criterion, ("criterion",), records, allowed)
    if claim.condition is not None:
        yield from criterion_errors(claim.condition, ("condition",), records, allowed)
    for index, reading in enumerate(claim.readings):
        path = ("reading", index, "criterion")
        yield from criterion_errors(reading.criterion, path, records, allowed)


def _later_words_errors(claim: Claim, records: "Records") -> Iterator[FieldError]:
    for index, occasion in enumerate(claim.occasions):
        if occasion.source not in records.sources.by_id:
            path = ("occasions", index, "source")
            yield from _dangling(records.sources, occasion.source, path)
    retracted_in = claim.retracted_source
    if retracted_in is not None and retracted_in not in records.sources.by_id:
        yield from _dangling(records.sources, retracted_in, ("retracted_source",))


def criterion_errors(
    node: Criterion, path: Path, records: "Records", allowed: AllowedValues
) -> Iterator[FieldError]:
    """Find what is wrong between *records* and the criterion under *path*."""
    for leaf_path, leaf in placed_leaves(node, path):
        if isinstance(leaf, Assessed):
            yield from _assessed_errors(leaf, leaf_path, records)
        if isinstance(leaf, Judged | Assessed):
            continue
        key = leaf_key(leaf)
        fact = records.facts.by_id.get(leaf.fact)
        if fact is None or fact.kind.value != key:
            yield from fact_errors(key, leaf.fact, leaf_path, records)
        else:
            yield from (error.under(*leaf_path) for error in _leaf_errors(leaf, fact, allowed))


def fact_errors(key: str, id_: str, path: Path, records: "Records") -> Iterator[FieldError]:
    """Find what is wrong with the fact that a criterion under *path* names under *key*."""
    fact = records.facts.by_id.get(id_)
    if fact is None:
        yield from _dangling(records.facts, id_, (*path, key))
    elif fact.kind.value != key:
        message = f"{id_!r} is {_a(fact.kind)}; expected {_a(FactKind(key))}"
        yield FieldError("CT305", message, (*path, key))


def leaf_key(leaf: Leaf) -> str:
    """Return the key under which *leaf* names its fact."""
    if isinstance(leaf, Throughout):
        return "quantity" if isinstance(leaf.test, Test) else "state"
    return LEAF_KEYS[type(leaf)]


def _leaf_errors(leaf: Leaf, fact: Fact, allowed: AllowedValues) -> Iterator[FieldError]:
    unit = getattr(leaf, "unit", None)
    if unit is not None and unit != fact.unit:
        yield _unit_error(unit, fact)
    if fact.kind is FactKind.STATE and isinstance(leaf, Throughout):
        value = leaf.test
        if not allowed.have(value, fact):
            yield _value_error(value, fact, ("is",))


def placed_leaves(node: Criterion, path: Path) -> Iterator[tuple[Path, Leaf]]:
    """Iterate over the leaves of *node* with the keys that lead to each in a file."""
    members = members_of(node)
    if not members:
        yield from ((path, leaf) for leaf in leaves_of(node))
        return
    key = composite_key(node)
    for index, member in enumerate(members):
        step: Path = (key,) if key == "not" else (key, index)
        yield from placed_leaves(member, (*path, *step))


def composite_key(node: Criterion) -> str:
    """Return the key under which the file format keeps the members of *node*."""
    return {"All": "all", "AnyOf": "any", "AtLeast": "of", "Not": "not", "Parts": "parts"}[
        type(node).__name__
    ]
