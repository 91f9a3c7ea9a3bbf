"""
Section 1 of the rules: what a date, a span and a date-time mean, by two readers written apart.

Texts of every form that the rules name are drawn over years 1 to 9998, and date-times in zones
with odd offsets, daylight saving, and a day that one island group never had.
"""

import os
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

from claimtrack import Answer, parse_span
from tests.oracle.spans import read, within

HOW_MANY = 200_000 if os.environ.get("CLAIMTRACK_LONG") else 1_500
CODES = (*range(21, 25), *range(33, 42))
ZONES = (
    "Africa/Monrovia",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Chatham",
)
STARTS = ("1960-01-01", "2011-12-29", "2019-03-30", "2019-11-02")
OFFSETS = (-720, -570, -210, 0, 1, 330, 345, 525, 840)


def date_text(chance: Random) -> str:
    """Return one date of any form that the rules name."""
    year = chance.choice((1, 4, 100, 1582, 1900, 2000, 2019, 2020, chance.randint(1, 9998)))
    month, day = chance.randint(1, 12), chance.randint(1, 28)
    form = chance.choice(
        (
            f"{year:04}-{month:02}-{day:02}",
            f"{year:04}-{month:02}",
            f"{year:04}",
            f"{year:04}"[:3] + "X",
            f"{year:04}"[:2] + "XX",
            f"{year:04}-XX",
            f"{year:04}-XX-XX",
            f"{year:04}-{month:02}-XX",
            f"{year:04}-{chance.choice(CODES)}",
        )
    )
    is_plain = "X" not in form
    return form + (chance.choice("?~%") if is_plain and chance.random() < 0.2 else "")


def span_text(chance: Random) -> str:
    """Return one date, an interval of two that follow each other, or a set of several."""
    one, two = sorted((date_text(chance), date_text(chance)), key=read)
    if chance.random() < 0.4:
        return one
    if chance.random() < 0.3:
        return chance.choice((f"{one}/..", f"../{one}", f"{one}/", f"/{one}"))
    if chance.random() < 0.4:
        return f"[{one},{two}]"
    if read(one)[1] >= read(two)[0]:
        return two
    return chance.choice((f"{one}/{two}", f"[{one}..{two}]"))


def moment_text(chance: Random) -> str:
    """Return a date-time with an offset, often near midnight or near a change of the clocks."""
    start = datetime.fromisoformat(chance.choice(STARTS)).replace(tzinfo=UTC)
    moment = start + timedelta(minutes=chance.randrange(4 * 24 * 60))
    offset = timezone(timedelta(minutes=chance.choice(OFFSETS)))
    return moment.replace(tzinfo=offset).isoformat()


def test_every_form_has_the_same_two_ends() -> None:
    """'A **span** is ... the earliest and the latest day ..., either end possibly open.'"""
    chance = Random(1)
    for _ in range(HOW_MANY):
        text = span_text(chance)
        span = parse_span(text)

        assert (text, (span.first, span.last)) == (text, read(text))
        assert str(span) == text


def test_every_moment_has_the_same_civil_day_in_each_zone() -> None:
    """'A date-time with an offset becomes the civil day in the zone that applies'."""
    chance = Random(2)
    for _ in range(HOW_MANY // 4):
        text = moment_text(chance)
        span = parse_span(text)

        assert (text, span.days_in(None)) == (text, read(text))
        for zone in ZONES:
            assert (text, zone, span.days_in(ZoneInfo(zone))) == (text, zone, read(text, zone))


def test_every_pair_is_ordered_alike() -> None:
    """'Order is three-valued.'"""
    chance = Random(3)
    seen = set()
    for _ in range(HOW_MANY):
        one, two = span_text(chance), span_text(chance)
        answer = parse_span(one).within(parse_span(two))
        seen.add(answer)

        assert (one, two, answer.name.lower()) == (one, two, within(read(one), read(two)))

    assert seen == set(Answer)


def test_a_day_that_an_island_never_had_is_nobodys_day() -> None:
    """Samoa went from 29 to 31 December 2011."""
    midnights = [datetime(2011, 12, 30, hour, tzinfo=UTC).isoformat() for hour in (0, 9, 10, 23)]
    days = [read(text, "Pacific/Apia")[0] - read("2011-12-29")[0] for text in midnights]

    assert days == [0, 0, 2, 2]
