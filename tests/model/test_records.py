import pytest

from claimtrack.errors import UnknownRecordError
from claimtrack.model.records import MAX_NEAREST, RecordMap, Speaker, nearest_to, record_map_of

ANNA, BERT = Speaker(id="anna"), Speaker(id="bert")


@pytest.fixture
def record_map():
    return record_map_of("speaker", [ANNA, BERT])[0]


def test_it_is_a_mapping_in_the_order_that_was_given(record_map):
    assert [*record_map] == ["anna", "bert"]
    assert [*record_map.values()] == [ANNA, BERT]
    assert len(record_map) == 2
    assert "anna" in record_map
    assert record_map.get("carl") is None
    assert record_map.by_id["bert"] is BERT
    assert repr(record_map) == "<RecordMap of speaker: 2>"


def test_what_is_not_there_is_told_with_what_is_like_it(record_map):
    with pytest.raises(UnknownRecordError) as caught:
        record_map["ann"]

    assert str(caught.value) == (
        "CT402 speaker 'ann' is not in this registry; did you mean 'anna'?"
    )
    assert isinstance(caught.value, KeyError)


def test_very_many_ids_are_not_compared():
    crowd = RecordMap("speaker", {f"s{number}": ANNA for number in range(MAX_NEAREST + 1)})

    assert crowd.nearest("s1") is None


def test_order_does_not_make_maps_different_but_records_do(record_map):
    turned, _ = record_map_of("speaker", [BERT, ANNA])

    assert (turned, hash(turned)) == (record_map, hash(record_map))
    assert record_map != record_map_of("speaker", [ANNA])[0]
    assert record_map != {"anna": ANNA, "bert": BERT}


def test_of_two_records_with_one_id_the_first_is_kept_and_the_second_told():
    other = Speaker(id="anna", name="Another")

    record_map, taken = record_map_of("speaker", [ANNA, other, BERT])

    assert taken == ("anna",)
    assert record_map["anna"] is ANNA


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
