"""
Check an explanation against the record, with nothing of the engine.

What an explanation has to say is worked out again, without haste and in the order of the rules:
what each report says to a leaf, what a criterion makes of that, and what becomes of the claim.
`tests.oracle.told` gives the record in plain days. At the end every field is compared.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import attrs

from claimtrack.model import criterion as tree
from claimtrack.model.claim import Claim, ClaimKind, criteria_of
from claimtrack.model.criterion import Criterion, days_asked, leaves_of, members_of
from claimtrack.model.explanation import (
    NOT_ASKED,
    WITNESS_COUNTED,
    Exhibit,
    Explanation,
    Side,
    Standing,
    Step,
    exhibits_of,
)
from claimtrack.model.quantity import Test
from claimtrack.model.records import TIER_RANKS, FactKind, Stance
from claimtrack.model.registry import OnConflict, Records
from claimtrack.model.scales import shipped_scale, spelling
from claimtrack.model.span import OPEN_END, OPEN_START, Answer, Day, Span, within
from claimtrack.model.verdict import (
    CONFLICTING,
    DECIDED,
    FALSE,
    TRUE,
    UNKNOWN,
    KnownBy,
    Status,
    Truth,
)
from tests.oracle.told import Told, proof_of, subjects_of, told_of, zone_of

_PLACES: Final = {Answer.YES: Side.FOR, Answer.NO: Side.OUTSIDE, Answer.MAYBE: Side.TOO_COARSE}
_VALUES: Final = {Answer.YES: Side.FOR, Answer.NO: Side.AGAINST, Answer.MAYBE: Side.UNCLEAR_VALUE}


@attrs.frozen
class _Case:
    """A claim on a day, with all that is on record of what it asks, oldest first."""

    claim: Claim
    records: Records
    told: tuple[Told, ...]
    day: Day


def check_proof(explanation: Explanation, registry: Records) -> tuple[str, ...]:
    """
    Return what in *explanation* does not follow from *registry*; nothing if all of it does.

    Every field is checked but the marks of the verdict, which do not rest on the record. What a
    function of the user decided cannot be checked: it is refused, in words that say so.

    Raises:
        TypeError: The arguments are not an explanation and a registry, in this order.
    """
    if not (isinstance(explanation, Explanation) and isinstance(registry, Records)):
        raise TypeError("expected check_proof(explanation, registry), in this order")
    claim = registry.claims.by_id.get(explanation.claim.id)
    if claim is None or claim != explanation.claim:
        return ("the claim is another one than in the registry",)
    if explanation.by_function:
        return ("a function decided the claim, and what it says cannot be checked",)
    told = told_of(claim, registry, explanation.known_by)
    case = _Case(claim, registry, told, explanation.as_of)
    if case.day < _days(case, claim.said)[0]:
        return ("the claim had not been said",)
    return tuple(_wrong(case, explanation))


# What each report says to a leaf.


def _days(case: _Case, span: Span) -> tuple[Day, Day]:
    return span.days_in(zone_of(case.claim, case.records))


def _window(case: _Case, leaf: Any, shift: int = 0) -> tuple[Day, Day]:
    first, last = days_asked(leaf, zone_of(case.claim, case.records))
    return first, last + (shift if isinstance(leaf, tree.Event | tree.Reaches) else 0)


def _side(case: _Case, leaf: Any, told: Told, low: Day, high: Day) -> Side:  # noqa: C901, PLR0911, PLR0912
    if told.rank > TIER_RANKS[leaf.min_tier or case.records.settings.policy.min_tier]:
        return Side.BELOW_TIER
    if isinstance(leaf, tree.Assessed):
        return _rated(case, leaf, told)
    place = _PLACES[within(told.first, told.last, low, high)]
    covers = told.first <= low and high <= told.last
    if isinstance(leaf, tree.Judged):
        if told.stance is Stance.CONTEXT:
            return Side.CONTEXT
        if leaf.window is not None and not told.dated:
            return Side.NO_DAY
        if leaf.window is not None and place is not Side.FOR:
            return place
        return Side.FOR if told.stance is Stance.SUPPORTS else Side.AGAINST
    fact = case.records.facts[leaf.fact]
    if isinstance(leaf, tree.Event):
        if told.denies:
            return Side.AGAINST if covers else Side.NOT_COVERING
        return Side.AGAINST if place is Side.OUTSIDE and fact.once else place
    value = _VALUES[_answer(leaf.test, told.value)]
    if isinstance(leaf, tree.Figure):
        return value if (told.first, told.last) == (low, high) else Side.OTHER_PERIOD
    if value is Side.UNCLEAR_VALUE:
        return value
    if isinstance(leaf, tree.Throughout):
        if value is Side.FOR and covers:
            return Side.FOR
        inside = Side.NOT_ALL_ALONG if value is Side.FOR else Side.AGAINST
        shares = place is Side.TOO_COARSE and fact.kind is FactKind.STATE
        return inside if place is Side.FOR or (shares and inside is Side.AGAINST) else place
    if value is Side.FOR:
        return place
    tells = fact.cumulative and leaf.test.asks_for_growth and told.first >= high
    return Side.AGAINST if tells else Side.NOT_TELLING


def _rated(case: _Case, leaf: Any, told: Told) -> Side:
    """Return the side of a rating: that on which its label stands under any of its names."""
    said = _said(case, leaf, told.subject[1], str(told.value))
    return {
        "supports": Side.FOR,
        "refutes": Side.AGAINST,
        "partly": {"supports": Side.FOR, "refutes": Side.AGAINST}.get(
            leaf.partly_counts, Side.NEITHER_LABEL
        ),
    }.get(said, Side.NEITHER_LABEL)


def _said(case: _Case, leaf: Any, scale_id: str, text: str) -> str:
    scale = case.records.scales.by_id.get(scale_id) or shipped_scale(scale_id)
    assert scale is not None
    (label,) = (
        one
        for one in scale.labels
        if spelling(text) in {spelling(name) for name in (one.name, *one.also)}
    )
    names = {spelling(name) for name in (label.name, *label.also)}
    lists = {side: getattr(leaf, side) for side in ("supports", "partly", "refutes")}
    if not any(lists.values()):
        return str(label.says)
    named = [side for side, listed in lists.items() if names & set(map(spelling, listed))]
    return named[0] if named else ""


def _top(case: _Case, criterion: Criterion) -> Criterion:
    """Return a criterion at the top: ratings of which some say "partly" are asked for twice."""
    if not isinstance(criterion, tree.Assessed):
        return criterion
    says = [
        _said(case, criterion, scale.id, label.name)
        for scale in map(partial(_scale_named, case), criterion.scales)
        for label in scale.labels
    ]
    if "partly" not in says:
        return criterion
    halves = [attrs.evolve(criterion, partly_counts=side) for side in ("supports", "refutes")]
    return tree.Parts(parts=halves)


def _scale_named(case: _Case, id_: str) -> Any:
    return case.records.scales.by_id.get(id_) or shipped_scale(id_)


def _answer(test: Any, value: Any) -> Answer:
    if isinstance(test, Test):
        return test.passes(value)
    return Answer.YES if (type(value), value) == (type(test), test) else Answer.NO


def _sides(case: _Case, leaf: Any, shift: int = 0) -> dict[Told, Side]:
    """Return every usable report on what *leaf* asks with its side, oldest first."""
    low, high = _window(case, leaf, shift)
    about = [told for told in case.told if told.subject in subjects_of(leaf, case.claim)]
    usable = [told for told in about if told.standing(case.day) is Standing.USABLE]
    found = {told: _side(case, leaf, told, low, high) for told in usable}
    passing = [told for told in usable if found[told] in (Side.FOR, Side.NOT_ALL_ALONG)]
    whens = {(told.first, told.last) for told in passing if low <= told.first and told.last <= high}
    samples = getattr(leaf, "samples", None)
    if samples is not None and case.day > high and len(whens) >= samples:
        found |= dict.fromkeys(passing, Side.FOR)
    if shift and _loses_support(case, leaf):
        without = _sides(case, leaf)
        return {
            told: Side.OUTVOTED if side is Side.FOR is without[told] else side
            for told, side in found.items()
        }
    return found


def _loses_support(case: _Case, leaf: Any) -> bool:
    """Say whether a better tier outvotes what supports *leaf* with its deadline as it is."""
    if case.records.settings.policy.on_conflict is not OnConflict.HIGHER_TIER:
        return False
    ours, _ = _counted(_sides(case, leaf))
    return len(ours) >= _needed(case, leaf) and _bits(case, leaf) == FALSE


# What a criterion makes of that: which ids set its two bits. A bit is set if any id sets it.


def _counted(sided: dict[Told, Side]) -> list[set[str]]:
    """Return the ids for, and those against: of each witness the oldest."""
    oldest = {(taken, told.witness): told.id for told, taken in reversed(sided.items())}
    return [{oldest[key] for key in oldest if key[0] is one} for one in (Side.FOR, Side.AGAINST)]


def _setters(case: _Case, node: Any, shift: int = 0) -> list[set[str]]:
    """Return the ids that set the first bit of *node*, and those that set the second."""
    members = [_setters(case, member, shift) for member in members_of(node)]
    if isinstance(node, tree.Parts):
        return [set(), set()]
    if isinstance(node, tree.Not):
        return members[0][::-1]
    least = _needed(case, node)
    if members:
        wanted = (least, len(members) - least + 1)
        set_ = [[ids for ids in column if ids] for column in zip(*members, strict=True)]
        return [
            set().union(*s) if len(s) >= n else set() for s, n in zip(set_, wanted, strict=True)
        ]
    sided = _sides(case, node, shift)
    found = [ids if len(ids) >= least else set() for ids in _counted(sided)]
    if all(found) and case.records.settings.policy.on_conflict is OnConflict.HIGHER_TIER:
        ranks = {one: [told.rank for told in sided if sided[told] is one] for one in Side}
        best, other = min(ranks[Side.FOR]), min(ranks[Side.AGAINST])
        return [found[0] if best <= other else set(), found[1] if other <= best else set()]
    return found


def _needed(case: _Case, node: Any) -> int:
    if members := members_of(node):
        return getattr(node, "needed", len(members))
    return node.min_sources or case.records.settings.policy.min_sources


def _bits(case: _Case, node: Criterion, shift: int = 0) -> Truth:
    ours, theirs = _setters(case, node, shift)
    return Truth(bool(ours), bool(theirs))


# What becomes of the claim.


def _parts(criterion: Criterion) -> tuple[Criterion, ...]:
    return criterion.parts if isinstance(criterion, tree.Parts) else (criterion,)


def _is_decreed(case: _Case) -> bool:
    return case.claim.annulled is not None and case.claim.annulled.first <= case.day


def _status(case: _Case, criterion: Criterion | None) -> tuple[Status, int | None, int | None]:
    """Return the status, and by how many days it came late, at most and at least."""
    condition = case.claim.condition
    if _is_decreed(case) or (condition is not None and _bits(case, condition) == FALSE):
        return Status.ANNULLED, None, None
    if criterion is None:
        return Status.NOT_CHECKABLE, None, None
    criterion = _top(case, criterion)
    found = {_bits(case, part) for part in _parts(criterion)}
    if CONFLICTING in found:
        return Status.CONFLICTING, None, None
    if UNKNOWN in found:
        return _undecided(case, criterion), None, None
    if found == {FALSE}:
        is_about_the_past = case.claim.kind in {ClaimKind.FACT, ClaimKind.OPINION}
        late = None if is_about_the_past else _late_days(case, criterion)
        return (Status.FAILED, None, None) if late is None else (Status.LATE, *late)
    return (Status.HELD if found == {TRUE} else Status.PARTLY), None, None


def _late_days(case: _Case, criterion: Criterion) -> tuple[int, int] | None:
    """
    Return the least extension that makes it true, and the least that makes it not false.

    Bits turn only beside days that are told.
    """
    least = None
    ends = {_window(case, leaf)[1] for leaf in leaves_of(criterion)}
    named = {day for told in case.told for day in (told.first, told.last)}
    gaps = {int(day - end) for day in named for end in ends if abs(day) != OPEN_END != abs(end)}
    for shift in sorted({1} | {gap + step for gap in gaps for step in (-1, 0, 1)}):
        found = {_bits(case, part, shift) for part in _parts(criterion)} if shift >= 1 else {FALSE}
        if least is None and found != {FALSE}:
            least = shift
        if found == {TRUE} and least is not None:
            return shift, least
    return None


def _undecided(case: _Case, criterion: Criterion) -> Status:
    own, due = case.claim.grace, _due_day(case, criterion)
    grace = case.records.settings.policy.grace if own is None else own
    if due is None or case.day <= due + grace:
        return Status.PENDING
    asked = {one for leaf in leaves_of(criterion) for one in subjects_of(leaf, case.claim)}
    usable = (told for told in case.told if told.standing(case.day) is Standing.USABLE)
    is_spoken_of = any(told.subject in asked | {("claim", case.claim.id)} for told in usable)
    return Status.NOT_ENOUGH_EVIDENCE if is_spoken_of else Status.OVERDUE


def _due_day(case: _Case, criterion: Criterion | None) -> Day | None:
    if case.claim.due is not None:
        return _days(case, case.claim.due)[1]
    if criterion is None:
        return None
    leaves = [leaf for leaf in leaves_of(criterion) if not isinstance(leaf, tree.Assessed)]
    ends = [_window(case, leaf)[1] for leaf in leaves if getattr(leaf, "window", leaf) is not None]
    latest = max(ends, default=_days(case, case.claim.said)[1])
    return None if latest == OPEN_END else latest


def _decided_on(case: _Case) -> Day | None:
    """Return the first day since which the status has been what it is, where it is decided."""
    claim, now = case.claim, _status(case, case.claim.criterion)[0]
    if now not in DECIDED and now is not Status.ANNULLED:
        return None
    decided = said = _days(case, claim.said)[0]
    turns = {said, claim.annulled.first if claim.annulled else said}
    for told in case.told:
        turns |= {told.known_from, told.gone_from, *(day for ends in told.replaced for day in ends)}
    turns |= {_window(case, leaf)[1] + 1 for node in criteria_of(claim) for leaf in leaves_of(node)}
    for day in sorted((day for day in turns if said <= day <= case.day), reverse=True):
        if _status(attrs.evolve(case, day=day), claim.criterion)[0] is not now:
            break
        decided = day
    return decided


def _used(case: _Case) -> tuple[str, ...]:
    """Return the ids of what set the bits that decided, oldest first."""
    (now, late, _), claim = _status(case, case.claim.criterion), case.claim
    nodes = _parts(_top(case, claim.criterion)) if claim.criterion and now in DECIDED else ()
    if now is Status.ANNULLED and claim.condition and not _is_decreed(case):
        nodes = (claim.condition,)
    sets = [_setters(case, node, shift) for node in nodes for shift in {0, late or 0}]
    found = {id_ for pair in sets for ids in pair for id_ in ids}
    return tuple(told.id for told in case.told if told.id in found)


# What an explanation has to say.


def _wrong(case: _Case, given: Explanation) -> Iterator[str]:
    """Iterate over what in an explanation is not as it has to be."""
    claim, verdict, used = case.claim, given.verdict, _used(case)
    right = (claim.id, *_judged(case, claim.criterion), _decided_on(case))
    if attrs.astuple(verdict, recurse=False)[:6] != right or verdict.used != used:
        yield "the verdict does not follow"
    readings = [(one.name, *_judged(case, one.criterion)) for one in claim.readings]
    if [attrs.astuple(one) for one in verdict.readings] != readings:
        yield "the verdict on a reading does not follow"
    if [pair[:-1] for pair in given.readings] != [(one.name,) for one in claim.readings]:
        yield "the readings are others than those of the claim"
        return
    late = _status(case, claim.criterion)[1] or 0
    main = None if claim.criterion is None else _top(case, claim.criterion)
    trees = [(main, given.steps, 0), (claim.condition, given.condition, 0)]
    pairs = zip(claim.readings, given.readings, strict=True)
    trees += [(_top(case, reading.criterion), step, 0) for reading, (_, step) in pairs]
    trees.append((main if late else None, given.later, late))
    seen: list[Exhibit] = []
    for node, step, shift in trees:
        if node is not None and isinstance(step, Step) and _follows(case, node, step, shift):
            seen += exhibits_of(step)
        elif node is not None or step is not None:
            yield f"a step does not follow: {step}"
    if [attrs.astuple(one) for one in given.items] != [
        (
            told.id,
            *_use(told, case.day, seen),
            told.id in used,
            told.known_from,
            proof_of(told.id, case.records) if given.known_by is KnownBy.CAPTURED else None,
        )
        for told in case.told
    ]:
        yield "the items are others, or something else became of one"


def _judged(case: _Case, criterion: Criterion | None) -> tuple[Any, ...]:
    return *_status(case, criterion), _due_day(case, criterion)


def _follows(case: _Case, node: Criterion, step: Step, shift: int) -> bool:
    """Say whether *step* is what the record makes of *node*, put off by *shift* days."""
    members, low, high = members_of(node), OPEN_START, OPEN_END
    sided: dict[Told, Side] = {}
    if not members:
        sided, (low, high) = _sides(case, node, shift), _window(case, node, shift)
    ids = set().union(*_counted(sided))
    return (
        attrs.astuple(step, recurse=False)[:6]
        == (node, *_bits(case, node, shift), _needed(case, node), low, high)
        and [attrs.astuple(exhibit, recurse=False) for exhibit in step.exhibits]
        == [(*told[:10], taken, told.id in ids) for told, taken in sided.items()]
        and step.unlisted == 0  # no registry of these tests has more than are listed
        and len(step.members) == len(members)
        and all(_follows(case, *pair, shift) for pair in zip(members, step.members, strict=True))
    )


def _use(told: Told, day: Day, seen: list[Exhibit]) -> tuple[str, str]:
    """Say what became of a report: used at the first leaf where it counts, or ignored and why."""
    if told.standing(day) is not Standing.USABLE:
        return "ignored", told.standing(day).value
    sides_ = [(exhibit.counts, exhibit.side) for exhibit in seen if exhibit.id == told.id]
    for counts, taken in sides_:
        if counts:
            return taken.value, ""
    if any(taken in (Side.FOR, Side.AGAINST) for _, taken in sides_):
        return "ignored", WITNESS_COUNTED
    return "ignored", sides_[0][1].value if sides_ else NOT_ASKED
