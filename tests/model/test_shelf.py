import pytest

from claimtrack.errors import UnknownRecordError
from claimtrack.model.records import MAX_NEAREST, Shelf, Speaker, nearest_to, shelve

ANNA, BERT = Speaker(id="anna"), Speaker(id="bert")


@pytest.fixture
def shelf():
    return shelve("speaker", [ANNA, BERT])[0]


def test_it_is_a_mapping_in_the_order_that_was_given(shelf):
    assert [*shelf] == ["anna", "bert"]
    assert [*shelf.values()] == [ANNA, BERT]
    assert len(shelf) == 2
    assert "anna" in shelf
    assert shelf.get("carl") is None
    assert shelf.by_id["bert"] is BERT
    assert repr(shelf) == "<Shelf of speaker: 2>"


def test_what_is_not_there_is_told_with_what_is_like_it(shelf):
    with pytest.raises(UnknownRecordError) as caught:
        shelf["ann"]

    assert str(caught.value) == (
        "CT402 speaker 'ann' is not in this registry; did you mean 'anna'?"
    )
    assert isinstance(caught.value, KeyError)


def test_very_many_ids_are_not_compared():
    crowd = Shelf("speaker", {f"s{number}": ANNA for number in range(MAX_NEAREST + 1)})

    assert crowd.nearest("s1") is None


def test_order_does_not_make_shelves_different_but_records_do(shelf):
    turned, _ = shelve("speaker", [BERT, ANNA])

    assert (turned, hash(turned)) == (shelf, hash(shelf))
    assert shelf != shelve("speaker", [ANNA])[0]
    assert shelf != {"anna": ANNA, "bert": BERT}


def test_of_two_records_with_one_id_the_first_is_kept_and_the_second_told():
    other = Speaker(id="anna", name="Another")

    shelf, taken = shelve("speaker", [ANNA, other, BERT])

    assert taken == ("anna",)
    assert shelf["anna"] is ANNA


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("putin", "vladimir-putin"),
        ("Putin", "vladimir-putin"),
        ("vladimr-putin", "vladimir-putin"),
        ("aksutin", "aksyutin"),
        ("in", "aksyutin"),
        ("i", None),
        ("", None),
        ("somebody", None),
    ],
)
def test_what_is_meant_contains_what_is_typed_or_else_is_like_it(text, expected):
    known = ["putin-and-xi", "vladimir-putin", "aksyutin"]

    assert nearest_to(text, known) == expected
    assert nearest_to(text, []) is None
