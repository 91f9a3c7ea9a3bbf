import pytest

from claimtrack.errors import FieldError
from claimtrack.model.claim import LINKS, Claim, Reading
from claimtrack.model.compose import judged, occurs, parts
from claimtrack.model.criterion import MAX_DEPTH

SAID = {"id": "a", "speaker": "anna", "said": "2019", "source": "page", "quote": "q"}
GAS = occurs("gas", by="2019")


def claim(**fields):
    return Claim(**{**SAID, "criterion": GAS, **fields})


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"criterion": None},
            "CT303 claim 'a' has neither of 'criterion' and 'not_checkable'; expected exactly one",
        ),
        (
            {"not_checkable": "a norm"},
            "CT303 claim 'a' has both of 'criterion' and 'not_checkable'; expected exactly one",
        ),
        (
            {"annulled": "2020-01-01"},
            "CT303 claim 'a' 'annulled' and 'annulled_because' go together; expected both or none",
        ),
        (
            {"annulled_kind": "ambiguous"},
            "CT303 claim 'a' annulled_kind goes with 'annulled'",
        ),
        (
            {"annulled": "2020-01-01", "annulled_because": "x", "annulled_kind": "void"},
            (
                "CT103 claim 'a' annulled_kind 'void' is not known; expected one of ambiguous, "
                "premise-void, question-withdrawn"
            ),
        ),
        (
            {"retracted": "2020-01-01"},
            "CT303 claim 'a' 'retracted' and 'retracted_words' go together; expected both or none",
        ),
        (
            {"retracted_source": "page"},
            "CT303 claim 'a' retracted_source goes with 'retracted'",
        ),
        (
            {"retracted": "2018-12-31", "retracted_words": "x"},
            (
                "CT421 claim 'a' retracted '2018-12-31' is before it was said, '2019'; "
                "expected a later day"
            ),
        ),
        (
            {"occasions": [{"said": "2019", "source": "b"}, {"said": "2018", "source": "b"}]},
            (
                "CT420 claim 'a' occasions[1].said '2018' is before '2019', when it was said; "
                "expected 'said' to be the first day"
            ),
        ),
        (
            {"annulled_because": "withdrawn"},
            "CT303 claim 'a' 'annulled' and 'annulled_because' go together; expected both or none",
        ),
        (
            {
                "criterion": None,
                "not_checkable": "n",
                "readings": [Reading(name="r", criterion=GAS)],
            },
            "CT303 claim 'a' reading goes with a criterion; this claim is not checkable",
        ),
        ({"signed": {"on": "2020-01-01"}}, "CT303 claim 'a' signed goes with 'status'"),
        (
            {"condition": parts(GAS)},
            (
                "CT304 claim 'a' condition.parts stands inside a criterion; "
                "expected it only at the top of a claim or a reading"
            ),
        ),
        (
            {"readings": [Reading(name="r", criterion=GAS), {"name": "r", "criterion": judged()}]},
            "CT201 claim 'a' reading[1].name 'r' names two readings",
        ),
        (
            {"readings": [{"name": "r", "criterion": "gas"}]},
            "CT101 claim 'a' reading[0].criterion 'gas' has the wrong type; expected a criterion",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(fields, told):
    with pytest.raises(FieldError) as caught:
        claim(**fields)

    assert str(caught.value) == told


@pytest.mark.parametrize("link", LINKS)
def test_no_claim_is_linked_to_itself(link):
    with pytest.raises(FieldError, match=f"^CT303 claim 'a' {link} 'a' is the claim itself$"):
        claim(**{link: ["b", "a"]})


@pytest.mark.parametrize("key", ["criterion", "condition"])
def test_a_criterion_may_be_only_so_deep(key):
    tree = GAS
    for _ in range(MAX_DEPTH - 1):
        tree = ~tree

    assert getattr(claim(**{key: tree}), key) == tree
    with pytest.raises(
        FieldError, match=f"^CT003 claim 'a' {key} nests 33 deep; expected at most 32$"
    ):
        claim(**{key: ~tree})


def test_parts_may_stand_at_the_top_of_a_claim_and_of_a_reading():
    both = parts(GAS, judged())

    assert claim(criterion=both, readings=[Reading(name="r", criterion=both)]).criterion == both


def test_what_is_checked_is_the_proposition_or_else_the_quote():
    assert claim().words == "q"
    assert claim(proposition="p").words == "p"
