"""What falls due: the days at both ends, and a calendar that a library for calendars reads."""

import json
import os
import shlex
from datetime import date
from pathlib import Path

import icalendar
import pytest
from hypothesis import given

from claimtrack import loads
from claimtrack.cli.main import main
from claimtrack.report.due import LONGEST, Due, calendar, due_within, fold_content_line, text
from tests.report.hostile import INJECTIONS, commands, texts

REVIEWED = 'topics = ["energy", "trade"]\nreview_by = 2020-03-01\ngrace = 20\n'


@pytest.fixture(autouse=True)
def here(pipelines, monkeypatch):
    monkeypatch.chdir(pipelines.parent)
    monkeypatch.setenv("COLUMNS", "120")
    pipelines.write_text(
        pipelines.read_text("utf-8").replace('topics = ["energy", "trade"]\n', REVIEWED), "utf-8"
    )


def due(capsys, *words, day="2019-12-01"):
    assert main(["due", "pipelines.toml", "--as-of", day, *words]) == 0
    return capsys.readouterr().out


def test_a_table_shows_what_falls_due_soonest_first(capsys):
    told = due(capsys, "--within", "91", day="2019-12-01")

    assert [line.split("  ")[0] for line in told.splitlines()] == [
        "on",
        "───────────",
        "31 Dec 2019",
        "1 Mar 2020",
        "2 due within 91 days of 2019-12-01",
    ]


@pytest.mark.parametrize(
    ("day", "within", "expected"),
    [
        ("2019-12-01", 29, []),
        ("2019-12-01", 30, ["due gas-by-2019"]),
        ("2019-12-02", 60, []),
        ("2020-02-29", 1, ["to be looked at again flow-of-38"]),
        ("2020-03-01", 1, []),
        ("2024-12-31", 0, []),
        ("2024-12-31", 20, ["its days of grace end flow-of-38"]),
        ("2025-01-10", 10, ["its days of grace end flow-of-38"]),
        ("2025-01-20", 90, []),
    ],
)
def test_the_day_itself_is_out_and_the_last_day_is_in(day, within, expected):
    audit = loads(Path("pipelines.toml").read_text("utf-8")).audit(day)

    assert [f"{one.what} {one.claim}" for one in due_within(audit, within)] == expected


def test_nothing_is_said_to_be_nothing(capsys):
    assert due(capsys, "--within", "1") == "nothing due within 1 day of 2019-12-01\n"


def test_what_is_due_already_and_not_decided_is_counted_below_the_table(capsys):
    told = "nothing due within 90 days of 2025-02-01\n"

    assert due(capsys, day="2025-02-01") == (
        f"{told}1 claim is due already and not decided: claimtrack audit pipelines.toml "
        "--status not-enough-evidence --as-of 2025-02-01\n"
    )


def test_what_shows_the_undecided_shows_as_many(capsys):
    text = Path("pipelines.toml").read_text("utf-8")
    again = text[text.index('[[claim]]\nid = "flow-of-38"') : text.index('[[claim]]\nid = "a-m')]
    Path("two words.toml").write_text(text + again.replace("flow-of-38", "more"), "utf-8")

    assert main(["due", "two words.toml", "--as-of", "2025-02-01"]) == 0

    line = capsys.readouterr().out.splitlines()[-1]
    what, _, words = line.partition(": claimtrack ")
    assert what == "2 claims are due already and not decided"
    assert main([*shlex.split(words), "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert sorted(one["id"] for one in shown["claims"]) == ["flow-of-38", "more"]


def test_programs_get_one_object(capsys):
    assert json.loads(due(capsys, "--within", "30", "--format", "json")) == {
        "as_of": "2019-12-01",
        "due": [
            {
                "on": "2019-12-31",
                "in_days": 30,
                "what": "due",
                "claim": "gas-by-2019",
                "speaker": "miller",
                "speaker_name": "Alexei Miller",
                "words": "Gas flows to China by the end of 2019.",
                "searches": [],
            }
        ],
    }


def test_programs_get_one_table_and_no_word_below_it(capsys):
    assert due(capsys, "--within", "91", "--format", "csv") == (
        "on,in_days,what,claim,speaker,speaker_name,words\n"
        "2019-12-31,30,due,gas-by-2019,miller,Alexei Miller,"
        "Gas flows to China by the end of 2019.\n"
        "2020-03-01,91,to be looked at again,flow-of-38,miller,Alexei Miller,"
        "and 38 bcm a year by 2024\n"
    )
    assert due(capsys, "--format", "csv", day="2025-02-01") == (
        "on,in_days,what,claim,speaker,speaker_name,words\n"
    )


def test_a_calendar_is_read_by_a_library_for_calendars(capsys):
    assert due(capsys, "--within", "91", "--ics", "due.ics") == ""

    read = icalendar.Calendar.from_ical(Path("due.ics").read_bytes())

    assert read["X-WR-CALNAME"] == "Pipelines"
    assert [
        (str(e["SUMMARY"]), e["DTSTART"].dt, e["DTEND"].dt, str(e["DESCRIPTION"]))
        for e in read.walk("VEVENT")
    ] == [
        (
            "gas-by-2019: due",
            date(2019, 12, 31),
            date(2020, 1, 1),
            "Alexei Miller: Gas flows to China by the end of 2019.",
        ),
        (
            "flow-of-38: to be looked at again",
            date(2020, 3, 1),
            date(2020, 3, 2),
            "Alexei Miller: and 38 bcm a year by 2024",
        ),
    ]


def test_a_calendar_is_the_same_twice_and_keeps_its_events_from_day_to_day(capsys):
    first = due(capsys, "--ics", "-")
    later = due(capsys, "--ics", "-", day="2019-12-02")

    assert first == due(capsys, "--ics", "-")
    ids = [
        {str(e["UID"]) for e in icalendar.Calendar.from_ical(one).walk("VEVENT")}
        for one in (first, due(capsys, "--within", "3000", "--ics", "-"))
    ]
    assert ids[0] <= ids[1]
    assert "DTSTAMP:20191202T000000Z" in later or "VEVENT" not in later


@given(texts(max_size=300))
def test_any_words_make_a_calendar_that_says_them(words):
    one = Due(on=737_425, what="due", claim="c", speaker="s", words=words)

    told = calendar([one], name=words, identity=words, as_of="2019-12-01")

    events = icalendar.Calendar.from_ical(told.encode()).walk("VEVENT")
    assert len(events) == 1
    assert len(told.splitlines()) == told.count("\r\n")
    assert all(len(line.encode()) <= LONGEST for line in told.split("\r\n"))


def test_known_tricks_add_no_property():
    days = [
        Due(on=737_425, what="due", claim=f"c{number}", speaker="s", words=words)
        for number, words in enumerate(("plain", *INJECTIONS.values()))
    ]

    told = calendar(days, name="n", identity="i", as_of="2019-12-01")

    plain, *tricks = icalendar.Calendar.from_ical(told).walk("VEVENT")
    assert len(tricks) == len(INJECTIONS)
    assert all(list(event) == list(plain) for event in tricks)


@given(texts(max_size=200))
def test_a_folded_line_unfolds_to_itself(words):
    line = text(words)

    parts = list(fold_content_line(line))

    assert parts[0] + "".join(part[1:] for part in parts[1:]) == line
    assert all(part.startswith(" ") for part in parts[1:])


TRICKS = [
    *("::add-mask::x", "  ::error::x", "##[error]x", "\u0301::error::x"),
    *(f"{':' * 200}error::", f"{' ' * 200}::error::", f"{chr(0x301) * 200}::error::"),
]


@pytest.mark.parametrize("trick", TRICKS)
def test_no_folded_line_begins_with_a_command(trick):
    days = [
        Due(on=737_425, what="due", claim=f"c{n}", speaker="s", words="x" * n + trick)
        for n in range(80)
    ]

    told = calendar(days, name="n", identity="i", as_of="2019-12-01")

    assert commands(told) == []
    assert all(len(line.encode()) <= LONGEST for line in told.split("\r\n"))
    events = icalendar.Calendar.from_ical(told.encode()).walk("VEVENT")
    assert [str(event["DESCRIPTION"]).replace("\\", "") for event in events] == [
        f"s: {one.words}" for one in days
    ]


def test_a_calendar_without_events_is_one_and_says_so(capsys):
    assert main(["due", "pipelines.toml", "--as-of", "2019-12-01", "--within", "1", *FILE]) == 0

    read = icalendar.Calendar.from_ical(Path("due.ics").read_bytes())
    assert [part.name for part in read.subcomponents] == ["VTIMEZONE"]
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(
        "the registry has no id; its feed and events are known by 'pipelines.toml', "
        'so keep that name or write [registry] id = "..."\n'
        "nothing due within 1 day of 2019-12-01: the calendar has no event\n"
    )


FILE = ["--ics", "due.ics"]


def uids(file):
    read = icalendar.Calendar.from_ical(file.read_bytes())
    return [str(one["UID"]) for one in read.walk("VEVENT")]


def test_an_event_has_one_id_in_every_calendar_whatever_its_registry_is_called(tmp_path):
    text = Path("pipelines.toml").read_text("utf-8")
    found = []
    for folder, changed in {
        "first": text,
        "second": text,
        "renamed": text.replace('title = "Pipelines"', 'title = "Gas"\nid = "tag:gas"'),
        "moved": text.replace("[registry]", '[registry]\nid = "tag:gas"'),
    }.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "r.toml").write_text(changed, "utf-8")
        day = ["--as-of", "2019-12-01"]
        assert main(["due", folder, *day, "--within", "9999", "--ics", f"{folder}.ics"]) == 0
        assert main(["site", folder, *day, "-o", f"{folder}-site", "--title", folder]) == 0
        by_due, by_site = uids(Path(f"{folder}.ics")), uids(Path(f"{folder}-site", "due.ics"))
        assert by_due == by_site
        found.append(by_due)

    first, second, renamed, moved = map(set, found)
    assert first.isdisjoint(second)
    assert first.isdisjoint(renamed)
    assert renamed == moved


def test_a_registry_in_a_repository_is_known_by_the_names_of_its_folders(tmp_path, capsys):
    folder = tmp_path / "tracker" / "data" / "claims"
    folder.mkdir(parents=True)
    (tmp_path / "tracker" / ".git").mkdir()
    Path("pipelines.toml").rename(folder / "r.toml")

    assert main(["due", str(folder), *FILE]) == 0

    assert "known by 'tracker/data/claims'" in capsys.readouterr().err


def test_a_day_beyond_all_calendars_is_left_out():
    one = Due(on=9_999_999, what="due", claim="c", speaker="s", words="w")

    assert "VEVENT" not in calendar([one], name="n", identity="i", as_of="2019-12-01")


@pytest.mark.skipif(os.name != "posix", reason="names of files are Unicode there")
def test_a_name_that_is_not_utf_8_tells_a_registry_too(capsys):
    folder = os.fsdecode(b"r\xff")
    Path(folder).mkdir()
    Path("pipelines.toml").rename(Path(folder, "r.toml"))

    assert main(["due", folder, "--as-of", "2019-12-01", *FILE]) == 0

    assert r"known by 'r\udcff'," in capsys.readouterr().err
    assert len(uids(Path("due.ics"))) == 1
