import unicodedata

import pytest

from claimtrack.report.style import STYLES, label, status_of, wants_colour

STATUSES = {
    "held",
    "late",
    "partly",
    "failed",
    "conflicting",
    "pending",
    "overdue",
    "not-enough-evidence",
    "not-checkable",
    "annulled",
}


def test_each_status_has_a_shape_of_its_own_that_is_narrow_everywhere():
    symbols = [style.symbol for style in STYLES.values()]

    assert set(STYLES) == STATUSES
    assert len(set(symbols)) == len(symbols)
    assert {unicodedata.east_asian_width(symbol) for symbol in symbols} <= {"N", "Na"}


def test_paint_gives_the_terminal_its_own_colour_back():
    assert STYLES["failed"].paint("✗ failed") == "\x1b[1;31m✗ failed\x1b[0m"


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_a_label_says_the_word_and_is_read_back(status):
    assert label(status).endswith(f" {status}")
    assert status_of(label(status)) == status_of(status) == status


@pytest.mark.parametrize("cell", ["late by 1 day", "◷ late by 302 days"])
def test_a_label_may_go_on_with_days_of_delay(cell):
    assert status_of(cell) == "late"


@pytest.mark.parametrize(
    "cell",
    ["", "upheld", "it held", "✗ held", "held ", "Held", "held by 3 days", "late by some days"],
)
def test_other_words_are_no_status(cell):
    assert status_of(cell) is None


def test_a_word_that_is_no_status_is_its_own_label():
    assert label("held over") == "held over"


@pytest.mark.parametrize(
    ("environ", "is_terminal", "wanted", "colour"),
    [
        ({}, True, "auto", True),
        ({}, False, "auto", False),
        ({"TERM": "dumb"}, True, "auto", False),
        ({"TERM": "xterm"}, True, "auto", True),
        ({"NO_COLOR": "1"}, True, "auto", False),
        ({"NO_COLOR": ""}, True, "auto", True),
        ({"FORCE_COLOR": "1"}, False, "auto", True),
        ({"FORCE_COLOR": ""}, False, "auto", False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, "auto", False),
        ({"NO_COLOR": "1"}, False, "always", True),
        ({"FORCE_COLOR": "1"}, True, "never", False),
    ],
)
def test_who_decides_on_colour(environ, is_terminal, wanted, colour):
    assert wants_colour(environ, is_terminal=is_terminal, wanted=wanted) is colour
