"""Errors travel between processes whole, and say everything in one text."""

import copy
import pickle

import pytest

from claimtrack.errors import (
    FieldError,
    LoadError,
    Location,
    MissingExtraError,
    NotYetSaidError,
    Problem,
    Problems,
    SpanError,
    UnknownRecordError,
    require,
)
from claimtrack.model.claim import Claim
from claimtrack.registry import Registry


def unfit():
    with pytest.raises(LoadError) as caught:
        Registry.of(
            Claim(id="a", speaker="s", said="2019", source="s", quote="q", not_checkable="n")
        )
    return caught.value


ERRORS = [
    FieldError("CT101", "m", ("all", 0, "by"), "h"),
    SpanError("CT102", "m"),
    LoadError((Problem(code="CT001", message="m", location=Location("f", 1), hint="h"),)),
    unfit(),
    UnknownRecordError("claim", "a", "b"),
    NotYetSaidError("a", "2019", "2018-01-01"),
    MissingExtraError("ibis", "the bulk engine", "bulk"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_the_same_after_a_journey(error):
    for copied in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):  # noqa: S301
        assert type(copied) is type(error)
        assert str(copied) == str(error)
        assert vars(copied).keys() == vars(error).keys()


def test_what_is_wrong_between_records_names_the_record():
    assert str(unfit()).splitlines() == [
        (
            "CT202 claim 'a' speaker 's' is not defined in this registry; "
            "expected the id of a speaker"
        ),
        "CT202 claim 'a' source 's' is not defined in this registry; expected the id of a source",
    ]


def test_a_path_is_written_as_a_person_would():
    path = ("criterion", "all", 0, "by", "a b", "x\n", "")

    assert FieldError("CT101", "m", path).subject == "criterion.all[0].by.'a b'.'x\\n'.''"
    assert FieldError("CT101", "m", ("by",)).under("all", 1).subject == "all[1].by"
    assert FieldError("CT101", "m", ("by",)).at("of").subject == "of"


def test_problems_are_raised_together_in_the_order_of_their_places():
    problems = Problems()
    problems.raise_if_any()
    problems.add("CT101", "nowhere")
    problems.add("CT101", "late", Location("b", 1))
    problems.add("CT101", "early", Location("a", 10, 2), "look")

    with pytest.raises(LoadError) as caught:
        problems.raise_if_any()

    assert str(caught.value).splitlines() == [
        "a:10:2: CT101 early",
        "    hint: look",
        "b:1:1: CT101 late",
        "CT101 nowhere",
    ]
    assert len(problems) == 3


def test_a_library_that_is_missing_is_told_of_with_what_to_type():
    with pytest.raises(MissingExtraError) as caught:
        require("no_such_library.inside", feature="the picture", extra="plot")

    assert str(caught.value) == (
        "CT901 the picture needs no_such_library.inside, which is not installed; "
        "run: pip install 'claimtrack[plot]'"
    )


def test_a_library_that_is_broken_is_not_called_missing(tmp_path, monkeypatch):
    (tmp_path / "broken_library.py").write_text("import no_such_library_either\n")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ModuleNotFoundError, match="no_such_library_either"):
        require("broken_library", feature="the picture", extra="plot")


def test_a_library_that_is_there_is_returned():
    assert require("json", feature="lines", extra="none").dumps([]) == "[]"
