from itertools import product

import pytest

from claimtrack.errors import FieldError
from claimtrack.model.records import SHAPES, Evidence, Fact, FactKind

KEYS = {
    "fact": "gas",
    "claim": "c",
    "stance": "supports",
    "happened": "2018",
    "not_happened": "2018",
    "value": 1,
    "when": "2018",
}


def report(**fields):
    return Evidence(**{"id": "e", "source": "page", **fields})


def told(cls, **fields):
    with pytest.raises(FieldError) as caught:
        cls(**fields)
    return str(caught.value)


def test_it_reports_one_thing_and_nothing_else_is_taken():
    taken = set()
    for given in product([False, True], repeat=len(KEYS)):
        fields = {key: KEYS[key] for key, there in zip(KEYS, given, strict=True) if there}
        try:
            report(**fields)
        except FieldError as error:
            assert error.code == "CT303"  # noqa: PT017 - most combinations are refused
        else:
            taken.add(given)

    assert taken == set(SHAPES)


@pytest.mark.parametrize(
    ("fields", "kind", "about"),
    [
        ({"happened": "2017"}, FactKind.EVENT, "2017"),
        ({"not_happened": "2018"}, FactKind.EVENT, "2018"),
        ({"value": 1, "when": "2019"}, FactKind.QUANTITY, "2019"),
        ({"value": [1, 2], "when": "2019"}, FactKind.QUANTITY, "2019"),
        ({"value": "open", "when": "2019"}, FactKind.STATE, "2019"),
        ({"value": False, "when": "2019"}, FactKind.STATE, "2019"),
    ],
)
def test_its_kind_is_that_of_the_fact_that_it_fits(fields, kind, about):
    item = report(fact="f", **fields)

    assert (item.kind, item.is_about.text) == (kind, about)


def test_a_judgement_has_no_kind_and_may_be_about_no_day():
    item = report(claim="c", stance="refutes")

    assert (item.kind, item.is_about) == (None, None)


@pytest.mark.parametrize(
    ("fields", "told_of"),
    [
        (
            {"fact": "f"},
            (
                "CT303 evidence 'e' gives fact; expected one of: fact and happened; "
                "fact and not_happened; fact, value and when; claim and stance; "
                "claim, stance and happened"
            ),
        ),
        (
            {"fact": "f", "value": "open", "when": "2019", "unit": "m"},
            "CT303 evidence 'e' unit goes with the value of a quantity",
        ),
        (
            {"fact": "f", "happened": "2019", "withdrawn_because": "wrong"},
            "CT303 evidence 'e' withdrawn_because goes with 'withdrawn'",
        ),
        (
            {"fact": "f", "happened": "2019", "supersedes": ["d", "e"]},
            "CT303 evidence 'e' supersedes 'e' is the evidence itself",
        ),
        (
            {"claim": "c", "stance": "yes"},
            (
                "CT103 evidence 'e' stance 'yes' is not known; "
                "expected one of supports, refutes, context"
            ),
        ),
    ],
)
def test_what_does_not_go_together_is_refused(fields, told_of):
    assert told(Evidence, id="e", source="page", **fields) == told_of


class TestFacts:
    def test_its_label_is_its_title_or_its_id(self):
        assert Fact(id="gas", kind="event").label == "gas"
        assert Fact(id="gas", kind="event", title="First gas").label == "First gas"

    @pytest.mark.parametrize(
        ("kind", "key", "value", "owner"),
        [
            ("quantity", "once", True, "event"),
            ("event", "unit", "m", "quantity"),
            ("state", "cumulative", True, "quantity"),
            ("quantity", "values", ["open"], "state"),
        ],
    )
    def test_what_belongs_to_another_kind_is_refused(self, kind, key, value, owner):
        assert told(Fact, id="f", kind=kind, **{key: value}) == (
            f"CT305 fact 'f' {key} belongs to a fact of kind '{owner}'; this one is '{kind}'"
        )

    def test_the_values_of_a_state_are_texts_true_or_false(self):
        assert Fact(id="f", kind="state", values=["open", True]).values == ("open", True)
        assert told(Fact, id="f", kind="state", values=["open", 1]) == (
            "CT101 fact 'f' values[1] 1 has the wrong type; expected a text"
        )
