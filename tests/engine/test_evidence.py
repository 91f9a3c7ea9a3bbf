"""From when, and until when, one item counts; days are small numbers here."""

import itertools

import pytest

from claimtrack import loads
from claimtrack.engine.evidence import NEVER, EvidenceIndex, Item, UsableEvidence
from claimtrack.model.explanation import Standing
from claimtrack.model.span import OPEN_END, OPEN_START, day_text, ordinal
from claimtrack.model.verdict import KnownBy

HEAD = """
[[speaker]]
id = "ada"
[[source]]
id = "post"
publisher = "Post"
tier = "press"
published = 2019-05-01
[[source]]
id = "leaflet"
[[fact]]
id = "launch"
kind = "event"
[[fact]]
id = "height"
kind = "quantity"
[[claim]]
id = "it"
speaker = "ada"
said = 2019-01-01
source = "leaflet"
quote = "It will fly."
criterion = { event = "launch", by = 2019-12-31 }
"""


def item(name="an item", known_from=10, withdrawn_from=NEVER, superseders=()):
    return Item(
        id=name,
        witness="Post",
        rank=2,
        known_from=known_from,
        withdrawn_from=withdrawn_from,
        first=1,
        last=5,
        denies=False,
        dated=True,
        value=None,
        stance=None,
        superseders=tuple(superseders),
    )


LATER = item("later", known_from=20, withdrawn_from=30)


@pytest.mark.parametrize(
    ("one", "day", "standing"),
    [
        pytest.param(item(), 9, Standing.NOT_YET_KNOWN, id="the day before it is published"),
        pytest.param(item(), 10, Standing.USABLE, id="the day on which it is published"),
        pytest.param(item(withdrawn_from=15), 14, Standing.USABLE, id="before it is withdrawn"),
        pytest.param(item(withdrawn_from=15), 15, Standing.WITHDRAWN, id="the day of withdrawal"),
        pytest.param(item(withdrawn_from=15), 16, Standing.WITHDRAWN, id="after the withdrawal"),
        pytest.param(item(withdrawn_from=5), 10, Standing.WITHDRAWN, id="withdrawn beforehand"),
        pytest.param(item(withdrawn_from=5), 9, Standing.NOT_YET_KNOWN, id="and not yet known"),
        pytest.param(item(known_from=NEVER), 10**9, Standing.UNDATED, id="undated, on any day"),
        pytest.param(item(superseders=[LATER]), 19, Standing.USABLE, id="before its successor"),
        pytest.param(item(superseders=[LATER]), 20, Standing.SUPERSEDED, id="with its successor"),
        pytest.param(item(superseders=[LATER]), 29, Standing.SUPERSEDED, id="while that counts"),
        pytest.param(item(superseders=[LATER]), 30, Standing.USABLE, id="after that is withdrawn"),
    ],
)
def test_an_item_stands_on_a_day(one, day, standing):
    assert one.standing(day) is standing
    assert one.is_usable(day) is (standing is Standing.USABLE)


@pytest.mark.parametrize(
    ("one", "days"),
    [
        pytest.param(item(), {10}, id="known"),
        pytest.param(item(withdrawn_from=15), {10, 15}, id="known and withdrawn"),
        pytest.param(item(known_from=NEVER), set(), id="undated"),
        pytest.param(item(superseders=[LATER]), {10, 20, 30}, id="superseded for a while"),
    ],
)
def test_an_item_turns_on_the_days_of_its_own_and_of_what_supersedes_it(one, days):
    assert one.turning_days() == days


def test_an_item_turns_on_no_other_day():
    kinds = itertools.product((3, 8, NEVER), (3, 8, NEVER), ((), (item("b", 5, 7),)))
    for known_from, withdrawn_from, superseders in kinds:
        one = item("a", known_from, withdrawn_from, superseders)
        turns = {day for day in range(1, 12) if one.standing(day) is not one.standing(day - 1)}

        assert turns <= one.turning_days()


def evidence_in(told, *, known_by=KnownBy.PUBLISHED, zone=None, fact="launch"):
    """Return the items of a registry with these pieces of evidence."""
    text = HEAD + "".join(f'[[evidence]]\nid = "e{n}"\n{one}\n' for n, one in enumerate(told))
    return EvidenceIndex(loads(text), known_by).in_zone(zone).on_fact(fact)


def day(text):
    return ordinal(*map(int, text.split("-")))


@pytest.mark.parametrize(
    ("told", "known_from"),
    [
        pytest.param("published = 2019-06-01", "2019-06-01", id="its own day"),
        pytest.param("published = '2019-06'", "2019-06-30", id="its own last day"),
        pytest.param("", "2019-05-01", id="else the day of its source"),
        pytest.param("recorded = 2019-07-01", "2019-05-01", id="whatever day it was recorded"),
    ],
)
def test_evidence_is_known_from_the_last_day_of_its_publication(told, known_from):
    (one,) = evidence_in([f'source = "post"\nfact = "launch"\nhappened = 2019-04-01\n{told}'])

    assert day_text(one.known_from) == known_from


@pytest.mark.parametrize(
    ("told", "known_from"),
    [
        pytest.param("recorded = 2019-07-01", day("2019-07-01"), id="the day it was recorded"),
        pytest.param("recorded = '2019-07'", day("2019-07-31"), id="its last day"),
        pytest.param("", NEVER, id="never, if that is not told"),
    ],
)
def test_what_the_registry_knew_is_told_by_the_days_of_recording(told, known_from):
    (one,) = evidence_in(
        [f'source = "post"\nfact = "launch"\nhappened = 2019-04-01\n{told}'],
        known_by=KnownBy.RECORDED,
    )

    assert one.known_from == known_from


def test_evidence_without_any_day_of_publication_is_never_known():
    (one,) = evidence_in(['source = "leaflet"\nfact = "launch"\nhappened = 2019-04-01'])

    assert one.standing(day("2999-01-01")) is Standing.UNDATED


@pytest.mark.parametrize(
    ("told", "days"),
    [
        pytest.param("happened = '2019'", ("2019-01-01", "2019-05-01"), id="over when reported"),
        pytest.param("happened = 2019-03-01", ("2019-03-01", "2019-03-01"), id="before that"),
        pytest.param("happened = 2019-05-01", ("2019-05-01", "2019-05-01"), id="on that day"),
        pytest.param("not_happened = '../2019-05'", ("..", "2019-05-31"), id="a denial of a month"),
    ],
)
def test_an_event_is_over_when_it_is_reported(told, days):
    if "not_" in told:
        told += "\npublished = 2019-06-01"
    (one,) = evidence_in([f'source = "post"\nfact = "launch"\n{told}'])

    assert (day_text(one.first), day_text(one.last)) == days
    assert one.denies is ("not_" in told)
    assert one.dated is True


def test_a_figure_keeps_the_whole_of_its_period():
    (one,) = evidence_in(
        ['source = "post"\nfact = "height"\nwhen = "2019"\nvalue = 5'], fact="height"
    )

    assert (day_text(one.first), day_text(one.last)) == ("2019-01-01", "2019-12-31")
    assert one.value == 5


def test_a_judgement_need_not_say_when():
    text = f'{HEAD}[[evidence]]\nid = "e"\nsource = "post"\nclaim = "it"\nstance = "supports"\n'
    (one,) = EvidenceIndex(loads(text)).in_zone(None).on_claim("it")

    assert (one.first, one.last, one.dated) == (OPEN_START, OPEN_END, False)


def test_a_scene_has_only_what_is_usable_and_a_view_has_all():
    told = [f'source = "leaflet"\nfact = "launch"\nhappened = 2019-01-0{n}' for n in (2, 3, 4)]
    told[0] += "\npublished = 2019-06-01"
    told[1] += "\npublished = 2019-06-03"
    told[2] += '\npublished = 2019-06-02\nsupersedes = ["e0"]'
    text = HEAD + "".join(f'[[evidence]]\nid = "e{n}"\n{one}\n' for n, one in enumerate(told))
    zoned = EvidenceIndex(loads(text)).in_zone(None)

    usable = {
        number: [
            one.id for one in UsableEvidence(zoned, day(f"2019-06-0{number}")).on_fact("launch")
        ]
        for number in (1, 2, 3)
    }

    assert usable == {1: ["e0"], 2: ["e2"], 3: ["e1", "e2"]}
    assert [one.id for one in zoned.on_fact("launch")] == ["e0", "e1", "e2"]
    assert UsableEvidence(zoned, day("2019-06-03")).on_claim("it") == ()


@pytest.mark.parametrize(
    ("date_time", "has_moments"),
    [("2019-04-01T10:00:00", False), ("2019-04-01T10:00:00Z", True)],
)
@pytest.mark.parametrize("key", ["happened", "published", "recorded"])
def test_zones_matter_only_where_a_date_time_has_an_offset(key, date_time, has_moments):
    days = {"happened": "2019-04-01", "published": "2019-06-01", "recorded": "2019-06-01"}
    days[key] = date_time
    told = "\n".join(f"{name} = {value}" for name, value in days.items())
    text = f'{HEAD}[[evidence]]\nid = "e"\nsource = "leaflet"\nfact = "launch"\n{told}\n'

    index = EvidenceIndex(loads(text))

    assert index.has_moments is has_moments
    assert (index.in_zone("Europe/Moscow") is index.in_zone(None)) is not has_moments
