"""Time at its corners: zones, midnights, leap days, the ends of the calendar, coarse days."""

import pytest

from claimtrack import dumps, loads

HEAD = """
[[speaker]]
id = "ada"

[[source]]
id = "post"

[[fact]]
id = "launch"
kind = "event"
once = true
"""


def status(criterion, told, as_of, *, registry="", claim=""):
    """Return the status of a claim on the launch, of which one report tells."""
    text = f"""{f"[registry]{chr(10)}{registry}" if registry else ""}{HEAD}
[[claim]]
id = "it-flies"
speaker = "ada"
said = 2000-01-01
source = "post"
quote = "It will fly."
criterion = {criterion}
{claim}

[[evidence]]
id = "report"
source = "post"
fact = "launch"
{told}
"""
    verdict = loads(text).audit(as_of)["it-flies"]
    return verdict.status.value, verdict.late_days


def launched(happened, published):
    return f"happened = {happened}\npublished = {published}"


BY_2019 = '{ event = "launch", by = 2019-12-31 }'


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        pytest.param("Pacific/Kiritimati", ("late", 1), id="already the next day"),
        pytest.param("Europe/Moscow", ("late", 1), id="just past midnight"),
        pytest.param("UTC", ("held", None), id="still the last day"),
        pytest.param("Pacific/Pago_Pago", ("held", None), id="the other side of the date line"),
    ],
)
@pytest.mark.parametrize("where", ["registry", "claim"])
def test_a_moment_is_the_civil_day_in_the_zone_that_applies(where, zone, expected):
    told = launched("2019-12-31T21:30:00Z", "2020-01-05")

    found = status(BY_2019, told, "2020-02-01", **{where: f'timezone = "{zone}"'})

    assert found == expected


def test_a_moment_without_a_zone_is_every_day_that_it_was_on_earth():
    told = launched("2019-12-31T21:30:00Z", "2020-01-05")

    assert status(BY_2019, told, "2020-02-01") == ("not-enough-evidence", None)


def test_a_deadline_that_is_a_moment_ends_with_its_civil_day_in_the_zone():
    criterion = '{ event = "launch", by = 2019-12-31T23:30:00Z }'
    told = launched("2020-01-01", "2020-01-05")

    moscow = status(criterion, told, "2020-02-01", claim='timezone = "Europe/Moscow"')
    utc = status(criterion, told, "2020-02-01", claim='timezone = "UTC"')

    assert (moscow, utc) == (("held", None), ("late", 1))


def test_a_leap_day_is_a_day_and_the_last_of_its_february():
    criterion = '{ event = "launch", by = "2020-02" }'

    on_time = status(criterion, launched("2020-02-29", "2020-03-05"), "2020-04-01")
    a_day_late = status(criterion, launched("2020-03-01", "2020-03-05"), "2020-04-01")
    no_leap_day = status(
        '{ event = "launch", by = "2019-02" }',
        launched("2020-02-29", "2020-03-05"),
        "2020-04-01",
    )

    assert on_time == ("held", None)
    assert a_day_late == ("late", 1)
    assert no_leap_day == ("late", 366)


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        pytest.param('{ event = "launch", by = "9999" }', ("held", None), id="by year 9999"),
        pytest.param('{ event = "launch", before = 0001-01-02 }', ("late", 737394), id="by day 1"),
        pytest.param('{ event = "launch", after = "0001" }', ("held", None), id="after year 1"),
        pytest.param(
            '{ event = "launch", after = 9999-12-31 }', ("failed", None), id="after all days"
        ),
        pytest.param('{ event = "launch", during = "../2019" }', ("held", None), id="no start"),
        pytest.param('{ event = "launch", during = "2019/.." }', ("held", None), id="no end"),
    ],
)
def test_windows_at_the_ends_of_the_calendar_and_without_ends(criterion, expected):
    told = launched("2019-12-02", "2019-12-03")

    assert status(criterion, told, "2020-01-01") == expected


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        pytest.param('by = "2019-12"', ("held", None), id="by that month"),
        pytest.param("by = 2019-12-31", ("held", None), id="by its last day"),
        pytest.param("by = 2019-12-15", ("not-enough-evidence", None), id="by its middle"),
        pytest.param('by = "2019-11"', ("late", 31), id="by the month before"),
        pytest.param("before = 2020-01-01", ("held", None), id="before the next day"),
        pytest.param('before = "2019-12"', ("late", 31), id="before that month"),
        pytest.param("before = 2019-12-31", ("not-enough-evidence", None), id="before its end"),
        pytest.param('after = "2019-11"', ("held", None), id="after the month before"),
        pytest.param('after = "2019-12"', ("failed", None), id="after that month"),
        pytest.param("after = 2019-12-01", ("pending", None), id="after its first day"),
        pytest.param('during = "2019"', ("held", None), id="during the year"),
        pytest.param('during = "2020"', ("failed", None), id="during the next"),
        pytest.param(
            'during = "2019-12-05/2020"', ("not-enough-evidence", None), id="over its start"
        ),
    ],
)
def test_a_month_against_every_kind_of_deadline(window, expected):
    told = launched('"2019-12"', "2020-01-05")

    assert status(f'{{ event = "launch", {window} }}', told, "2021-01-31") == expected


@pytest.mark.parametrize(
    "text",
    ["2019-12~", "2019?", "2019-12-02%", "201X", "2019-XX", "2019-33", "2019-12/..", "../2019-12"],
)
@pytest.mark.parametrize("form", ["toml", "jsonl"])
def test_the_text_of_a_span_is_kept_through_load_and_dump(text, form):
    source = HEAD.replace('id = "post"', f'id = "post"\npublished = "{text}"')

    again = loads(dumps(loads(source), form), f"registry.{form}")

    assert again.sources["post"].published.text == text
