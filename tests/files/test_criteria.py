import pytest
from hypothesis import given

from claimtrack.errors import FieldError
from claimtrack.files.records import criterion_of, table_of
from claimtrack.model.compose import judged, parts
from claimtrack.model.criterion import MAX_DEPTH, Criterion
from claimtrack.strategies import criteria

SHAPES = "event, quantity, state, judged, assessed, all, any, not, of, parts"


@given(criteria())
def test_what_is_written_is_read_back(criterion):
    assert criterion_of(table_of(criterion)) == criterion


def test_parts_are_written_and_read_too():
    assert criterion_of(table_of(parts(judged(), judged(by="2019")))) == parts(
        judged(), judged(by="2019")
    )


def test_a_criterion_is_taken_as_it_is():
    asked = judged()

    assert criterion_of(asked) is asked


def test_a_criterion_of_another_making_cannot_be_written():
    class Other(Criterion):
        pass

    with pytest.raises(TypeError, match=r"^Other is no criterion of the file format$"):
        table_of(Other())


EVENT = {"event": "gas", "by": "2019"}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (5, "CT101 5 has the wrong type; expected a table such as { event = ... }"),
        (
            {},
            f"CT304 does not tell what is asked, with no keys; expected one of {SHAPES}",
        ),
        (
            {"by": "2019", "at_least": 1},
            f"CT304 does not tell what is asked, with 'by', 'at_least'; expected one of {SHAPES}",
        ),
        (
            {"evnt": "gas"},
            "CT301 evnt is not a key that is known here\n    hint: did you mean 'event'?",
        ),
        (
            {**EVENT, "state": "tap"},
            "CT303 state 'event' and 'state' exclude each other; expected one of them",
        ),
        (
            {**EVENT, "at_least": 1},
            (
                "CT303 at_least does not go with 'event'; expected only event, by, before, after, "
                "during, min_tier, min_sources"
            ),
        ),
        ({"event": "gas"}, "CT304 needs a window; expected one of by, before, after, during"),
        (
            {"event": 5, "by": "2019"},
            "CT101 event 5 has the wrong type; expected an id, which is a text",
        ),
        (
            {"quantity": "flow", "above": 1},
            (
                "CT304 no window given; "
                "expected exactly one of at, throughout, by, before, after, during"
            ),
        ),
        (
            {"quantity": "flow", "above": 1, "at": "2019", "by": "2020"},
            (
                "CT304 by 'at' and 'by' given; "
                "expected exactly one of at, throughout, by, before, after, during"
            ),
        ),
        (
            {"quantity": "flow", "above": 1, "by": "2020", "samples": 2},
            "CT303 samples goes with 'throughout'",
        ),
        ({"state": "tap", "throughout": "2019"}, "CT302 the key 'is' is missing"),
        ({"state": "tap", "is": True}, "CT302 the key 'throughout' is missing"),
        (
            {"judged": False},
            "CT101 judged false is not true; expected true, or 'not' around it",
        ),
        (
            {"all": EVENT},
            (
                "CT101 all { event = 'gas', by = '2019' } has the wrong type; "
                "expected a list of criteria"
            ),
        ),
        (
            {"any": [EVENT, {"not": {"all": [{"event": "gas", "by": "x"}]}}]},
            (
                "CT102 any[1].not.all[0].by 'x' is not a date; expected EDTF such as '2019-12-02', "
                "'2019-12', '2019', '201X' or '2019-12-02/2020-01'"
            ),
        ),
        ({"of": [EVENT]}, "CT302 the key 'at_least' is missing"),
        (
            {"not": {"parts": [EVENT]}},
            (
                "CT304 not.parts stands inside a criterion; "
                "expected it only at the top of a claim or a reading"
            ),
        ),
    ],
)
def test_what_is_none_is_refused(table, told):
    with pytest.raises(FieldError) as caught:
        criterion_of(table)

    assert str(caught.value) == told


def test_nesting_is_bounded():
    table = EVENT
    for _ in range(MAX_DEPTH):
        table = {"not": table}

    with pytest.raises(FieldError, match=r"CT003 .*nests deeper than the limit"):
        criterion_of(table)
    criterion_of(table["not"])
