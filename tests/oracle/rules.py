"""
Resolve a registry of plain dicts by the rules of resolution, slowly and in the rules' own order.

Nothing here is clever and nothing is shared with claimtrack: the point is that two programs
written apart from one text must give one answer. A registry is what a TOML or JSON reader gives:
a list of dicts for each kind of record. It is taken to be valid; a bad one gives any answer.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from tests.oracle.known import Case, Registry, Row, chosen, happened, ratings, usable
from tests.oracle.spans import OPEN_END, OPEN_START, Span, covers, within
from tests.oracle.values import passes

Bits = tuple[bool, bool]
Answer = tuple[str, int | None, int | None]
"""A status, and by how many days it is late: at most, and at least."""

TIERS = ("primary", "wire", "press", "reference", "social")
TRUE: Bits = (True, False)
FALSE: Bits = (False, True)
UNKNOWN: Bits = (False, False)
CONFLICTING: Bits = (True, True)


# Section 3: truth has two bits.


def evaluate(case: Case, criterion: Row, extra: int = 0) -> Bits:
    """Return both bits of a criterion, its deadlines being moved by *extra* days."""
    if "not" in criterion:
        shown, refuted = evaluate(case, criterion["not"], extra)
        return (refuted, shown)
    if "all" in criterion:
        return _at_least(case, len(criterion["all"]), criterion["all"], extra)
    if "any" in criterion:
        return _at_least(case, 1, criterion["any"], extra)
    if "of" in criterion:
        return _at_least(case, criterion["at_least"], criterion["of"], extra)
    return leaf_bits(case, criterion, extra)


def _at_least(case: Case, needed: int, members: list[Row], extra: int) -> Bits:
    bits = [evaluate(case, member, extra) for member in members]
    shown = sum(1 for s, _ in bits if s)
    refuted = sum(1 for _, r in bits if r)
    return (shown >= needed, refuted >= len(members) - needed + 1)


def leaf_bits(case: Case, leaf: Row, extra: int = 0) -> Bits:
    """Return both bits of a leaf."""
    supporting, refuting = sides(case, leaf, extra)
    if extra and case.policy.get("on_conflict") == "higher_tier":
        without, _ = sides(case, leaf, 0)
        if enough(case, leaf, without) and leaf_bits(case, leaf, 0) == FALSE:
            outvoted = [item["id"] for item in without]
            supporting = [item for item in supporting if item["id"] not in outvoted]
    shown, refuted = enough(case, leaf, supporting), enough(case, leaf, refuting)
    if shown and refuted and case.policy.get("on_conflict") == "higher_tier":
        best_for = min(rank(case, item) for item in supporting)
        best_against = min(rank(case, item) for item in refuting)
        if best_for < best_against:
            return TRUE
        if best_against < best_for:
            return FALSE
    return (shown, refuted)


def enough(case: Case, leaf: Row, items: list[Row]) -> bool:
    """Say whether the items have enough independent witnesses to set a bit."""
    needed = chosen("min_sources", leaf, case.policy) or 1
    return len({witness(case, item) for item in items}) >= needed


def witness(case: Case, item: Row) -> str:
    """Return who vouches for an item, or who rated the claim."""
    if "by" in item:
        return str(item["by"])
    source = case.source(item)
    name: str = source.get("origin") or source.get("publisher") or source["id"]
    return name


def rank(case: Case, item: Row) -> int:
    """Return the place of an item's tier: 0 is best, and no tier ranks last."""
    tier = case.source(item).get("tier")
    return len(TIERS) if tier is None else TIERS.index(tier)


def admitted(case: Case, leaf: Row) -> list[Row]:
    """Return the usable items of a good enough tier that speak of what the leaf asks."""
    items = usable(case)
    if "assessed" in leaf:
        items = [row for row in ratings(case) if row["scale"] in scales_of(leaf)]
    floor = chosen("min_tier", leaf, case.policy)
    if floor is not None:
        items = [item for item in items if rank(case, item) <= TIERS.index(floor)]
    if "judged" in leaf:
        return [item for item in items if item.get("claim") == case.claim["id"]]
    if "assessed" in leaf:
        return items
    return [item for item in items if item.get("fact") == fact_of(leaf)]


def fact_of(leaf: Row) -> str | None:
    """Return the id of the fact that a leaf asks about; None for a judged or assessed leaf."""
    return leaf.get("event") or leaf.get("quantity") or leaf.get("state")


def window(case: Case, leaf: Row, extra: int = 0) -> Span | None:  # noqa: PLR0911 - one a key
    """Return the days of a leaf's window, its deadline being moved by *extra* days."""
    moved = extra if "event" in leaf or "quantity" in leaf else 0
    if "by" in leaf:
        return (OPEN_START, case.span(leaf["by"])[1] + moved)
    if "before" in leaf:
        return (OPEN_START, case.span(leaf["before"])[0] - 1 + moved)
    if "after" in leaf:
        return (case.span(leaf["after"])[1] + 1, OPEN_END)
    if "during" in leaf:
        first, last = case.span(leaf["during"])
        return (first, last + moved)
    if "throughout" in leaf:
        return case.span(leaf["throughout"])
    if "at" in leaf:
        return case.span(leaf["at"])
    return None


def sides(case: Case, leaf: Row, extra: int = 0) -> tuple[list[Row], list[Row]]:
    """Return the supporting and the refuting items of a leaf."""
    items = admitted(case, leaf)
    span = window(case, leaf, extra)
    if "judged" in leaf:
        return _judged(case, items, span)
    if "assessed" in leaf:
        return _assessed(case, leaf, items)
    assert span is not None
    if "event" in leaf:
        return _event(case, leaf, items, span)
    if "at" in leaf:
        return _figure(case, leaf, items, span)
    if "throughout" in leaf:
        return _throughout(case, leaf, items, span)
    return _reaches(case, leaf, items, span)


def _judged(case: Case, items: list[Row], span: Span | None) -> tuple[list[Row], list[Row]]:
    if span is not None:
        items = [
            item
            for item in items
            if "happened" in item and within(happened(case, item), span) == "yes"
        ]
    return (
        [item for item in items if item["stance"] == "supports"],
        [item for item in items if item["stance"] == "refutes"],
    )


def _assessed(case: Case, leaf: Row, items: list[Row]) -> tuple[list[Row], list[Row]]:
    sides: dict[str, list[Row]] = {"supports": [], "refutes": []}
    for item in items:
        sides.get(says(case, leaf, item), []).append(item)
    return sides["supports"], sides["refutes"]


def says(case: Case, leaf: Row, item: Row) -> str:
    """Return what a rating says to a leaf; in the half of a leaf, "partly" is on a side."""
    said = meaning(case, leaf, item["scale"]).get(spelt(item["rating"]), "")
    half: str = leaf.get("half", "")
    return half if said == "partly" else said


MAPPED = {
    "fever": (("SUPPORTS",), (), ("REFUTES",), (("NOT ENOUGH INFO", "NEI"),)),
    "trumptracker": (
        ("Achieved",),
        (("Compromised", "Compromise"),),
        ("Broken",),
        ("In progress", "Not started"),
    ),
}
"""What the labels of shipped scales say: supports, partly, refutes, nothing; with other names."""


def scales_of(leaf: Row) -> list[str]:
    """Return the scales on which a leaf asks for ratings; none if it asks for something else."""
    asked = leaf.get("assessed", [])
    return [asked] if isinstance(asked, str) else asked


def meaning(case: Case, leaf: Row, scale: str) -> dict[str, str]:
    """Return what each label of a scale says to a leaf, by each of its names as compared."""
    labels = labels_of(case.registry, scale)
    lists = {side: [spelt(one) for one in leaf.get(side, [])] for side in SIDES}
    found = {}
    for names, says in labels:
        spelled = [spelt(name) for name in names]
        if any(lists.values()):
            own = [side for side in SIDES if set(spelled) & set(lists[side])]
            said = own[0] if own else ""
        else:
            said = says
        found |= dict.fromkeys(spelled, said)
    return found


SIDES = ("supports", "partly", "refutes")


def labels_of(registry: Registry, scale: str) -> list[tuple[list[str], str]]:
    """Return the names of each label of a scale, and what it says of a claim."""
    for row in registry.get("scale", []):
        if row["id"] == scale:
            return [
                ([label["name"], *label.get("also", [])], label.get("says", ""))
                for label in row["label"]
            ]
    found = []
    for side, labels in zip((*SIDES, ""), MAPPED[scale], strict=True):
        found += [([label] if isinstance(label, str) else list(label), side) for label in labels]
    return found


def spelt(label: str) -> str:
    """Return a label without what does not tell it from others: case, hyphens, a closing "!"."""
    words = label.casefold().split("-")
    return " ".join(words)[:-1] if label.endswith("!") else " ".join(words)


def _event(case: Case, leaf: Row, items: list[Row], span: Span) -> tuple[list[Row], list[Row]]:
    once = case.fact(leaf["event"]).get("once", False)
    supporting, refuting = [], []
    for item in items:
        if "happened" in item:
            answer = within(happened(case, item), span)
            if answer == "yes":
                supporting.append(item)
            if answer == "no" and once:
                refuting.append(item)
        if "not_happened" in item and covers(case.span(item["not_happened"]), span):
            refuting.append(item)
    return (supporting, refuting)


def _figure(case: Case, leaf: Row, items: list[Row], span: Span) -> tuple[list[Row], list[Row]]:
    items = [item for item in items if case.span(item["when"]) == span]
    return (
        [item for item in items if passes(leaf, item["value"]) == "yes"],
        [item for item in items if passes(leaf, item["value"]) == "no"],
    )


def _reaches(case: Case, leaf: Row, items: list[Row], span: Span) -> tuple[list[Row], list[Row]]:
    supporting = [
        item
        for item in items
        if within(case.span(item["when"]), span) == "yes" and passes(leaf, item["value"]) == "yes"
    ]
    refuting = []
    never_falls = case.fact(leaf["quantity"]).get("cumulative", False)
    if never_falls and ("at_least" in leaf or "above" in leaf):
        refuting = [
            item
            for item in items
            if case.span(item["when"])[0] >= span[1] and passes(leaf, item["value"]) == "no"
        ]
    return (supporting, refuting)


def _throughout(case: Case, leaf: Row, items: list[Row], span: Span) -> tuple[list[Row], list[Row]]:
    inside = [item for item in items if within(case.span(item["when"]), span) == "yes"]
    told = inside
    if "state" in leaf:  # what it was over a period it was on every day of that period
        told = [item for item in items if within(case.span(item["when"]), span) != "no"]
    refuting = [item for item in told if passes(leaf, item["value"]) == "no"]
    supporting = [
        item
        for item in items
        if covers(case.span(item["when"]), span) and passes(leaf, item["value"]) == "yes"
    ]
    if "samples" in leaf and case.today > span[1]:
        samples = [item for item in inside if passes(leaf, item["value"]) == "yes"]
        if len({case.span(item["when"]) for item in samples}) >= leaf["samples"]:
            supporting += samples
    return (supporting, refuting)


# Section 4: status.


def leaves(criterion: Row) -> Iterator[Row]:
    """Yield the leaves of a criterion, from left to right."""
    for key in ("all", "any", "of", "parts"):
        if key in criterion:
            for member in criterion[key]:
                yield from leaves(member)
            return
    if "not" in criterion:
        yield from leaves(criterion["not"])
        return
    yield criterion


def due(case: Case, criterion: Row | None) -> float | None:
    """Return the due day, or None where there is none."""
    if "due" in case.claim:
        return case.span(case.claim["due"])[1]
    if criterion is None:
        return None
    windows = [window(case, leaf) for leaf in leaves(criterion)]
    ends = [span[1] for span in windows if span is not None]
    if not ends:
        return case.span(case.claim["said"])[1]
    return None if OPEN_END in ends else max(ends)


def status(case: Case, criterion: Row | None) -> Answer:  # noqa: PLR0911 - one a step
    """Return the status of a claim under one criterion, and by how many days it is late."""
    if "annulled" in case.claim and case.span(case.claim["annulled"])[0] <= case.today:
        return ("annulled", None, None)
    if "condition" in case.claim and evaluate(case, case.claim["condition"]) == FALSE:
        return ("annulled", None, None)
    if criterion is None:
        return ("not-checkable", None, None)
    bits = bits_of_parts(case, criterion)
    if CONFLICTING in bits:
        return ("conflicting", None, None)
    if UNKNOWN in bits:
        return (_unknown(case, criterion), None, None)
    if FALSE not in bits:
        return ("held", None, None)
    if TRUE in bits:
        return ("partly", None, None)
    if case.claim.get("kind") in {"fact", "opinion"}:
        return ("failed", None, None)
    days = lateness(case, criterion)
    return ("failed", None, None) if days is None else ("late", *days)


def bits_of_parts(case: Case, criterion: Row, extra: int = 0) -> list[Bits]:
    """Return the bits of each part; a criterion without parts is its own only part."""
    return [evaluate(case, part, extra) for part in parts(case, criterion)]


def parts(case: Case, criterion: Row) -> list[Row]:
    """Return what a criterion at the top asks, each for itself."""
    if "assessed" in criterion:
        partly = any(
            "partly" in meaning(case, criterion, scale).values() for scale in scales_of(criterion)
        )
        if partly:
            return [{**criterion, "half": side} for side in ("supports", "refutes")]
    whole: list[Row] = criterion.get("parts", [criterion])
    return whole


def _unknown(case: Case, criterion: Row) -> str:
    day = due(case, criterion)
    grace = chosen("grace", case.claim, case.policy) or 0
    if day is None or case.today <= day + grace:
        return "pending"
    facts = {fact_of(leaf) for leaf in leaves(criterion)} - {None}
    for item in usable(case):
        if item.get("fact") in facts or item.get("claim") == case.claim["id"]:
            return "not-enough-evidence"
    scales = {scale for leaf in leaves(criterion) for scale in scales_of(leaf)}
    rated = any(rating["scale"] in scales for rating in ratings(case))
    return "not-enough-evidence" if rated else "overdue"


def lateness(case: Case, criterion: Row) -> tuple[int, int] | None:
    """
    Return by how many days a false criterion is late, at most and at least.

    These are the smallest extensions of the deadlines that make all exactly true, and not all
    false.
    """
    return _first(case, criterion, candidates(case, criterion))


def _first(case: Case, criterion: Row, extras: Iterable[int]) -> tuple[int, int] | None:
    least = None
    for extra in extras:
        found = bits_of_parts(case, criterion, extra)
        if least is None and any(bits != FALSE for bits in found):
            least = extra
        if all(bits == TRUE for bits in found):
            assert least is not None
            return extra, least
    return None


def candidates(case: Case, criterion: Row) -> list[int]:
    """
    Return every number of days at which the criterion's bits can begin to differ.

    A leaf compares the moved end of its window with nothing but first and last days that
    evidence names, by < and <=. As the end moves on a day at a time, such a comparison turns
    only when the end comes to the day before, to the day, or to the day after that day. Between
    two such moves nothing turns, so the smallest extension that does the trick is 1 or one of
    these.
    """
    named = [day for item in usable(case) for day in _days_named(case, item)]
    found = {1}
    for end in _deadlines(case, criterion):
        for day in named:
            found |= {int(day - end) + step for step in (-1, 0, 1)}
    return sorted(number for number in found if number >= 1)


def lateness_day_by_day(case: Case, criterion: Row) -> tuple[int, int] | None:
    """Return the same as `lateness`, by trying 1, 2, 3 and so on past the last day named."""
    named = [day for item in usable(case) for day in _days_named(case, item)]
    ends = _deadlines(case, criterion)
    if not named or not ends:
        return None
    return _first(case, criterion, range(1, int(max(named) - min(ends)) + 3))


def _days_named(case: Case, item: Row) -> list[float]:
    spans = [case.span(item[key]) for key in ("when", "not_happened") if key in item]
    if "happened" in item:
        spans.append(happened(case, item))
    return [day for span in spans for day in span if abs(day) != OPEN_END]


def _deadlines(case: Case, criterion: Row) -> list[float]:
    windows = [
        window(case, leaf)
        for leaf in leaves(criterion)
        if ("event" in leaf or "quantity" in leaf)
        and ("by" in leaf or "before" in leaf or "during" in leaf)
    ]
    return [span[1] for span in windows if span is not None and span[1] != OPEN_END]


def audit(registry: Registry, as_of: date, known_by: str = "published") -> Row:
    """
    Resolve every claim of a registry as of a day, **inclusive**.

    Returns:
        ``not_yet_said``: how many claims had not been made by then; and ``claims``: for each
        other claim's id its ``status``, ``late_days``, ``late_days_min``, ``due`` (an ISO day or
        None), ``readings`` (name, status, late days at most and at least), ``reading_dues``,
        ``robust``, and ``bits`` (of each part; none where the claim is not checkable).
    """
    verdicts: dict[str, Row] = {}
    not_yet_said = 0
    for claim in registry.get("claim", []):
        case = Case(registry, claim, as_of.toordinal(), known_by)
        if case.today < case.span(claim["said"])[0]:
            not_yet_said += 1
        else:
            verdicts[claim["id"]] = _verdict(case)
    return {"claims": verdicts, "not_yet_said": not_yet_said}


def _verdict(case: Case) -> Row:
    criterion = case.claim.get("criterion")
    name, late_days, late_days_min = status(case, criterion)
    readings = case.claim.get("reading", [])
    answers = [(reading["name"], *status(case, reading["criterion"])) for reading in readings]
    return {
        "status": name,
        "late_days": late_days,
        "late_days_min": late_days_min,
        "due": _iso(due(case, criterion)),
        "readings": answers,
        "reading_dues": [_iso(due(case, reading["criterion"])) for reading in readings],
        "robust": all(answer == name for _, answer, _, _ in answers),
        "bits": [] if criterion is None else bits_of_parts(case, criterion),
    }


def _iso(day: float | None) -> str | None:
    return None if day is None else date.fromordinal(int(day)).isoformat()
