"""
Make small random registries that are valid by construction, and write them as folders.

Everything comes from one seed through the standard library's generator: the same seed gives the
same registry and the same folder. Days are drawn close to a few anchors and spans are often
reused, because rules differ where days touch; half of the registries are tight: few days, few
facts, much said about them. Some are plain: no date-times, no policy but the grace, little that
is taken back, and claims that ask for one event; a program may well treat these apart.

What the rules refuse at load is never drawn: a report is published no earlier than what it
reports, a window holds a day, units are the fact's.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from tests.oracle.draw import Draw
from tests.oracle.known import Registry, Row
from tests.oracle.rules import MAPPED, SIDES, TIERS, labels_of
from tests.oracle.spans import OPEN_END, OPEN_START, read
from tests.oracle.toml_writer import to_jsonl, to_toml

ZONES = ("Europe/Moscow", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "UTC", "UTC")
NUMBERS: tuple[int | Decimal, ...] = (1, 2, 3, Decimal("0.3"), Decimal("2.50"))
STATES: tuple[str | bool, ...] = ("open", "closed", "true", True, False)
UNITS = ("km", "%")
SCALES = ("meter", *MAPPED)
OFTEN_RATED_ON = ("meter", "meter", "meter", *SCALES)
OWN_LABELS = (
    ("True",),
    ("Half True", "So-so"),
    ("FALSE", "Wrong"),
    ("In the works",),
    ("Stalled",),
)
"""The names of each label of the scale that every registry declares."""
FAR = 600
LATER = 0.6
TIGHT = 0.5
PLAIN = 0.4


def make(seed: int, *, decades: bool = True) -> Registry:
    """Return the registry of *seed*, with or without spans of many years."""
    chance = Random(seed)
    is_tight, is_plain = chance.random() < TIGHT, chance.random() < PLAIN
    draw = Draw(chance, decades, is_tight, is_plain)
    settings = _settings(draw)
    sources = [_source(draw, number) for number in range(draw.chance.randint(3, 6))]
    facts = _facts(draw)
    claims = [f"claim-{number}" for number in range(draw.chance.randint(3, 6))]
    zone = settings.get("timezone")
    talked_of = draw.chance.sample(facts, draw.chance.randint(1, 2 if draw.is_tight else 4))
    if draw.is_plain:
        talked_of += facts[:2]
    evidence = [
        _evidence(draw, number, talked_of, sources, claims, zone)
        for number in range(draw.chance.randint(5, 18))
    ]
    _supersede(draw, evidence)
    # Spans are drawn from all that there are, and seasons among them are meant.
    registry: Registry = {"registry": [{**settings, "seasons": True}]}
    registry["speaker"] = [{"id": "ada", "name": "Ada"}, {"id": "bob"}]
    registry["source"] = sources
    registry["fact"] = facts
    registry["evidence"] = evidence
    asked_of = talked_of if draw.sometimes(0.8) else facts
    registry["claim"] = [_claim(draw, name, asked_of, sources) for name in claims]
    ratings = draw.chance.randint(0, 2 if draw.is_plain else 12)
    registry["scale"] = [_scale(draw)]
    if ratings:
        registry["assessment"] = [_rating(draw, n, sources, claims) for n in range(ratings)]
    return registry


def _settings(draw: Draw) -> Row:
    settings: Row = {}
    if draw.sometimes(0.5):
        settings["timezone"] = draw.chance.choice(ZONES)
    policy: Row = {}
    if draw.sometimes(0.4):
        policy["grace"] = draw.chance.choice((0, 1, 5))
    if draw.is_plain:
        return settings | ({"policy": policy} if policy else {})
    if draw.sometimes(0.25):
        policy["min_sources"] = draw.chance.choice((1, 2, 2))
    if draw.sometimes(0.15):
        policy["min_tier"] = draw.chance.choice(TIERS)
    if draw.sometimes(0.6):
        policy["on_conflict"] = draw.chance.choice(("conflicting", "higher_tier", "higher_tier"))
    if policy:
        settings["policy"] = policy
    return settings


def _source(draw: Draw, number: int) -> Row:
    source: Row = {"id": f"source-{number}", "title": f"Report no. {number}"}
    if draw.sometimes(0.6):
        source["publisher"] = draw.chance.choice(("Post", "Times", "source-0"))
    if draw.sometimes(0.3):
        source["origin"] = draw.chance.choice(("Wire", "Post", "source-1"))
    if draw.sometimes(0.75):
        source["tier"] = draw.chance.choice(TIERS)
    if draw.sometimes(0.75):
        source["published"] = draw.single() if draw.sometimes(0.9) else draw.open_end()
    return source


def _facts(draw: Draw) -> list[Row]:
    facts: list[Row] = [
        {"id": "event/once", "kind": "event", "once": True},
        {"id": "event/often", "kind": "event"},
        {"id": "quantity/grows", "kind": "quantity", "cumulative": True},
        {"id": "quantity/swings", "kind": "quantity"},
        {"id": "state/any", "kind": "state"},
        {"id": "state/listed", "kind": "state", "values": list(STATES)},
    ]
    for fact in facts[2:4]:
        if draw.sometimes(0.5):
            fact["unit"] = draw.chance.choice(UNITS)
    return facts


def _number(draw: Draw) -> int | Decimal:
    return draw.chance.choice(NUMBERS)


def _evidence(
    draw: Draw,
    number: int,
    facts: list[Row],
    sources: list[Row],
    claims: list[str],
    zone: str | None,
) -> Row:
    source = draw.chance.choice(sources)
    item: Row = {"id": f"evidence-{number}", "source": source["id"]}
    _report(draw, item, facts, claims)
    if "published" not in item and draw.sometimes(0.6):
        item["published"] = draw.single() if draw.sometimes(0.95) else draw.open_end()
    _publish_in_time(draw, item, source, zone)
    if draw.sometimes(0.5):
        item["recorded"] = draw.single()
    if draw.sometimes(0.01 if draw.is_plain else 0.2):
        item["withdrawn"] = draw.day() + timedelta(days=draw.chance.choice((0, 5, 30)))
        if draw.sometimes(0.5):
            item["withdrawn_because"] = "The desk took it back."
    return item


def _report(draw: Draw, item: Row, facts: list[Row], claims: list[str]) -> None:
    """Say in *item* what was seen: of a fact, or of a claim."""
    if draw.sometimes(0.05 if draw.is_plain else 0.3):
        item["claim"] = draw.chance.choice(claims[:2] if draw.sometimes(0.8) else claims)
        item["stance"] = draw.chance.choice(
            ("supports", "supports", "refutes", "refutes", "context")
        )
        if draw.sometimes(0.6):
            item["happened"] = draw.span()
        if not draw.is_plain and draw.sometimes(0.2):
            _reported_at_night(draw, item)
        return
    fact = draw.chance.choice(facts)
    item["fact"] = fact["id"]
    if fact["kind"] == "event":
        if draw.sometimes(0.7):
            item["happened"] = draw.single() if draw.sometimes(0.5) else draw.span()
            if not draw.is_plain and draw.sometimes(0.2):
                _reported_at_night(draw, item)
        else:
            item["not_happened"] = draw.span(open_start=0.4, open_end=0.0)
        return
    item["when"] = draw.single() if draw.sometimes(0.4) else draw.span()
    if fact["kind"] == "state":
        item["value"] = draw.chance.choice(STATES)
        return
    low, high = sorted((_number(draw), _number(draw)))
    item["value"] = [low, high] if draw.sometimes(0.3) else low
    if "unit" in fact and draw.sometimes(0.5):
        item["unit"] = fact["unit"]


def _reported_at_night(draw: Draw, item: Row) -> None:
    """Let *item* be of a moment that is already the next day in some zones, but not in UTC."""
    day = draw.day()
    item["happened"] = datetime(day.year, day.month, day.day, 15, 30, tzinfo=UTC)
    item["published"] = day


def _publish_in_time(draw: Draw, item: Row, source: Row, zone: str | None) -> None:
    """Publish *item* no earlier than what it reports, if it is published on a known day at all."""
    if "happened" in item:
        needed = read(item["happened"], zone)[0]
    elif "when" in item:
        needed = read(item["when"], zone)[0]
    elif "not_happened" in item:
        needed = read(item["not_happened"], zone)[1]
    else:
        return
    value = item.get("published", source.get("published"))
    if value is None and "not_happened" in item and draw.sometimes(0.3):
        item["not_happened"] = draw.open_end()
    if needed == OPEN_START or value is None or read(value, zone)[1] >= needed:
        return
    late = date.fromordinal(int(needed)) + timedelta(days=draw.chance.choice((0, 0, 1, 9)))
    item["published"] = late


def _supersede(draw: Draw, evidence: list[Row]) -> None:
    """Let some items replace others: one, several, a chain, or two each other."""
    names = [item["id"] for item in evidence]
    for item in evidence:
        if draw.sometimes(0.01 if draw.is_plain else 0.12):
            others = [name for name in names if name != item["id"]]
            item["supersedes"] = draw.chance.sample(others, draw.chance.choice((1, 1, 2)))
    if draw.sometimes(0.0 if draw.is_plain else 0.1):
        one, two = draw.chance.sample(evidence, 2)
        one["supersedes"] = [two["id"]]
        two["supersedes"] = [one["id"]]


KINDS = ("prediction", "promise", "demand", "fact", "opinion")


def _claim(draw: Draw, name: str, facts: list[Row], sources: list[Row]) -> Row:
    claim: Row = {
        "id": name,
        "speaker": draw.chance.choice(("ada", "bob")),
        "said": draw.closed() if draw.sometimes(0.3) else date(2018, 12, 1),
        "source": draw.chance.choice(sources)["id"],
        "quote": f'It "will" come true: {name}.',
        "quote_kind": draw.chance.choice(("direct", "indirect", "own")),
    }
    if draw.sometimes(0.6):
        claim["kind"] = draw.chance.choice(KINDS)
    if draw.sometimes(0.07):
        claim["not_checkable"] = "opinion"
    else:
        claim["criterion"] = _top(draw, facts)
        claim["reading"] = [
            {"name": f"reading {number}", "criterion": _top(draw, facts)}
            for number in range(draw.chance.choice((0, 0, 0, 1, 2)))
        ]
    _terms(draw, claim, facts)
    return {key: value for key, value in claim.items() if value != []}


def _terms(draw: Draw, claim: Row, facts: list[Row]) -> None:
    if draw.sometimes(0.2):
        claim["due"] = draw.open_start() if draw.sometimes(0.2) else draw.closed()
    if draw.sometimes(0.2):
        claim["grace"] = draw.chance.choice((0, 2, 10))
    if draw.sometimes(0.3):
        claim["timezone"] = draw.chance.choice(ZONES)
    if draw.sometimes(0.05 if draw.is_plain else 0.2):
        claim["condition"] = _tree(draw, facts, 2)
    if draw.sometimes(0.03 if draw.is_plain else 0.1):
        claim["annulled"] = draw.day()
        claim["annulled_because"] = "The premise fell away."


def _top(draw: Draw, facts: list[Row]) -> Row:
    if draw.is_plain and draw.sometimes(0.6):
        return _leaf(draw, [fact for fact in facts if fact["kind"] == "event"] or facts)
    if draw.sometimes(0.2):
        count = draw.chance.randint(1, 3)
        return {"parts": [_tree(draw, facts, 1) for _ in range(count)]}
    return _tree(draw, facts, draw.chance.choice((0, 0, 0, 1, 2, 3)))


def _tree(draw: Draw, facts: list[Row], depth: int) -> Row:
    if depth == 0 or draw.sometimes(0.15):
        return _leaf(draw, facts)
    kind = draw.chance.choice(("not", "all", "any", "at_least"))
    if kind == "not":
        return {"not": _tree(draw, facts, depth - 1)}
    members = [_tree(draw, facts, depth - 1) for _ in range(draw.chance.randint(1, 3))]
    if kind == "at_least":
        return {"at_least": draw.chance.randint(1, len(members)), "of": members}
    return {kind: members}


def _leaf(draw: Draw, facts: list[Row]) -> Row:
    if not draw.is_plain and draw.sometimes(0.12):
        leaf: Row = _assessed(draw)
    elif draw.sometimes(0.15):
        keys = ("by", "before", "after", "during")
        leaf = {"judged": True} | (_window(draw, keys) if draw.sometimes(0.5) else {})
    else:
        fact = draw.chance.choice(facts)
        leaf = {fact["kind"]: fact["id"]} | ABOUT[fact["kind"]](draw)
        if "unit" in fact and draw.sometimes(0.5):
            leaf["unit"] = fact["unit"]
    if draw.sometimes(0.1):
        leaf["min_tier"] = draw.chance.choice(TIERS)
    if draw.sometimes(0.25):
        leaf["min_sources"] = draw.chance.choice((1, 2, 2, 3))
    return leaf


def _about_event(draw: Draw) -> Row:
    return _window(draw, ("by", "by", "before", "after", "during"))


def _about_state(draw: Draw) -> Row:
    return {"is": draw.chance.choice(STATES), "throughout": draw.span()} | _samples(draw)


def _about_quantity(draw: Draw) -> Row:
    kind = draw.chance.choice(("figure", "reaches", "reaches", "throughout"))
    if kind == "figure":
        return _test(draw) | {"at": draw.span()}
    if kind == "reaches":
        return _test(draw) | _window(draw, ("by", "before", "during"))
    return _test(draw) | {"throughout": draw.span()} | _samples(draw)


ABOUT = {"event": _about_event, "state": _about_state, "quantity": _about_quantity}


def _samples(draw: Draw) -> Row:
    return {"samples": draw.chance.choice((1, 2, 2, 3))} if draw.sometimes(0.7) else {}


def _scale(draw: Draw) -> Row:
    """Return a scale of the registry's own, with what its labels say drawn anew."""
    labels: list[Row] = []
    for name, *also in OWN_LABELS:
        label: Row = {"name": name, "gloss": f"It is {name}."}
        if also:
            label["also"] = also
        says = draw.chance.choice((None, "supports", "supports", "partly", "refutes", "open"))
        if says:
            label["says"] = says
        if draw.sometimes(0.2):
            label["scored"] = False
        labels.append(label)
    labels[0]["says"] = draw.chance.choice(SIDES)  # so that a criterion need not name labels
    draw.chance.shuffle(labels)
    return {"id": "meter", "title": "A meter of our own", "label": labels}


def _assessed(draw: Draw) -> Row:
    """Return a leaf that asks for ratings, on one scale or several."""
    if draw.sometimes(0.25):
        return {"assessed": draw.chance.sample(SCALES, draw.chance.choice((1, 2, 2, 3)))}
    scale = draw.chance.choice(OFTEN_RATED_ON)
    leaf: Row = {"assessed": scale}
    if draw.sometimes(0.45):
        return leaf
    names = [draw.chance.choice(one) for one in _labels(scale)]
    draw.chance.shuffle(names)
    named = draw.chance.sample(SIDES, draw.chance.choice((1, 2, 2, 3)))
    for side in named:
        listed = [_respelt(draw, names.pop()) for _ in range(min(len(names), 1 + len(names) // 4))]
        if listed:
            leaf[side] = listed
    return leaf


def _labels(scale: str) -> list[list[str]]:
    """Return the names of each label of a scale."""
    if scale == "meter":
        return [list(names) for names in OWN_LABELS]
    return [names for names, _ in labels_of({}, scale)]


def _respelt(draw: Draw, label: str) -> str:
    if draw.sometimes(0.5):
        return label
    return label.swapcase().replace(" ", "-") + "!"


def _rating(draw: Draw, number: int, sources: list[Row], claims: list[str]) -> Row:
    """Return a rating by one of a few, who change their minds, of one of a few claims."""
    scale = draw.chance.choice(OFTEN_RATED_ON)
    rating: Row = {
        "id": f"assessment-{number}",
        "claim": draw.chance.choice(claims[:2] if draw.sometimes(0.5) else claims),
        "by": draw.chance.choice(("checker", "checker", "Post", "source-0")),
        "scale": scale,
        "rating": _respelt(draw, draw.chance.choice(draw.chance.choice(_labels(scale)))),
    }
    if draw.sometimes(0.5):
        rating["source"] = draw.chance.choice(sources)["id"]
    if draw.sometimes(0.8):
        rating["published"] = draw.single() if draw.sometimes(0.9) else draw.open_end()
        if draw.sometimes(0.3):
            day, hour = draw.day(), draw.chance.choice((1, 9, 9, 15, 23))
            rating["published"] = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)
    if draw.sometimes(0.15):
        rating["withdrawn"] = draw.day() + timedelta(days=draw.chance.choice((0, 5, 30)))
    return rating


def _window(draw: Draw, keys: tuple[str, ...]) -> Row:
    """Return a window that holds a day: nothing is before no beginning, or after no end."""
    key = draw.chance.choice(keys)
    return {
        key: draw.span(
            open_start=0.0 if key == "before" else 0.05, open_end=0.0 if key == "after" else 0.05
        )
    }


def _test(draw: Draw) -> Row:
    key = draw.chance.choice(
        ("at_least", "at_least", "at_most", "above", "below", "equals", "between")
    )
    if key == "between":
        return {"between": sorted((_number(draw), _number(draw)))}
    test: Row = {key: _number(draw)}
    if key == "equals" and draw.sometimes(0.5):
        test["tolerance"] = draw.chance.choice((1, 1, Decimal("0.5"), 0))
    return test


def days_that_tell(registry: Registry, seed: int, count: int) -> list[date]:
    """Return up to *count* days on or beside which something in *registry* begins or ends."""
    zone = next(iter(registry.get("registry", [])), {}).get("timezone")
    ends = [end for value in spans_in(registry) for end in read(value, zone)]
    days = {int(end) for end in ends if end not in (OPEN_START, OPEN_END)}
    near = {day + step for day in days for step in (-1, 0, 1, 5)}
    busy = sorted(day for day in near if abs(day - date(2019, 7, 1).toordinal()) < FAR)
    later = busy[len(busy) // 2 :]
    chance = Random(seed)
    picked = {chance.choice(later if chance.random() < LATER else busy) for _ in range(count)}
    return [date.fromordinal(day) for day in sorted(picked)]


def spans_in(value: Any, key: str = "") -> list[Any]:
    """Return every date and span in the plain data of a registry."""
    if isinstance(value, dict):
        keys = value.keys() - {"by"} if "rating" in value else value.keys()
        return [found for name in value if name in keys for found in spans_in(value[name], name)]
    if isinstance(value, list):
        return [found for inner in value for found in spans_in(inner, key)]
    spans = {"published", "recorded", "happened", "not_happened", "when", "said", "due", "by"}
    spans |= {"before", "after", "during", "throughout", "at", "withdrawn", "annulled"}
    return [value] if key in spans else []


def write(registry: Registry, folder: Path, seed: int) -> None:
    """Write *registry* into *folder*: several TOML files, or one of JSON lines among them."""
    chance = Random(seed)
    files: list[Registry] = [{} for _ in range(chance.randint(1, 3))]
    for kind, rows in registry.items():
        for row in rows:
            chance.choice(files).setdefault(kind, []).append(row)
    folder.mkdir(parents=True, exist_ok=True)
    for number, part in enumerate(part for part in files if part):
        if chance.random() < 0.2:
            (folder / f"records-{number}.jsonl").write_text(to_jsonl(part), encoding="utf-8")
        else:
            (folder / f"records-{number}.toml").write_text(to_toml(part), encoding="utf-8")
