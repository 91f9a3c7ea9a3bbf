"""A reader written for a shape and the class itself agree on every table."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import claimtrack
from claimtrack.files.compiled import REFUSALS, Readers
from claimtrack.files.load import Loading
from claimtrack.files.records import fields_by_key, record_of
from claimtrack.model.records import Fact, Source, Speaker
from claimtrack.model.registry import KINDS, Settings

GOOD = {
    "id": "an-id",
    "speaker": "miller",
    "source": "press",
    "fact": "gas",
    "claim": "a-claim",
    "by": "somebody",
    "said": "2017-07-04",
    "made": "2017-07",
    "published": "2019-12",
    "happened": "2019-12-02",
    "not_happened": "../2019",
    "when": "2019-12/2020-01",
    "value": 38,
    "unit": "bcm/year",
    "kind": "event",
    "tier": "press",
    "quote": "gas will flow",
    "searched": "2020-01-15",
    "where": "the archives",
    "rule": "every sentence",
    "hedge": "likely",
    "map": "icd-203",
    "quote_kind": "indirect",
    "status": "held",
    "criterion": {"event": "gas", "by": "2019-12-31"},
    "condition": {"judged": True},
    "topics": ["energy"],
    "grace": 14,
    "once": True,
    "supersedes": ["another"],
    "stance": "supports",
    "withdrawn": "2020-01-01",
    "annulled": "2020-01-01",
    "annulled_because": "called off",
    "not_checkable": "an opinion",
    "probability": Decimal("0.7"),
    "scale": "promises",
    "rating": "Promise Kept",
    "label": [{"name": "so", "also": ["Aye"], "says": "supports"}],
    "measures": "truth",
    "for": ["promise"],
    "repeats": ["another"],
    "reading": [{"name": "later", "criterion": {"event": "gas", "by": "2024"}}],
}


@pytest.fixture(autouse=True, scope="module")
def _readers_are_written_at_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("claimtrack.files.compiled.LEARNED_AT", 1)
        yield


NO_RECORDS = {kind: {} for kind in KINDS}
SOME_RECORDS = {
    **NO_RECORDS,
    "speaker": {"miller": Speaker(id="miller")},
    "source": {"press": Source(id="press", published="2020")},
    "fact": {"gas": Fact(id="gas", kind="event")},
}
ODD = st.sampled_from(
    [
        *("", " ", "a b", "a\x1b", "ü", "\ud800", "2019-13", "..", "2019/..", "held", "x" * 201),
        *(None, True, False, 0, 1, -1, 10**30, 0.5, Decimal("0.5"), Decimal("NaN")),
        *([], ["a", "a"], [1], {}, {"event": "gas"}, {"event": " ", "by": "2019"}),
        *({"event": "gas", "by": None}, {"event": ["gas"], "by": "2019"}, {"judged": 1}),
        {"all": [{"event": "gas", "before": "2019"}]},
    ]
)
KIND = st.sampled_from(sorted(KINDS))


@st.composite
def tables(draw, kind):
    keys = sorted(fields_by_key(KINDS[kind]))
    chosen = draw(st.lists(st.sampled_from(keys), unique=True))
    needed = [key for key, field in fields_by_key(KINDS[kind]).items() if field.default is not None]
    table = {key: GOOD.get(key, "text") for key in dict.fromkeys([*needed[:6], *chosen])}
    for key in draw(st.lists(st.sampled_from(sorted(table)), max_size=2)):
        table[key] = draw(ODD)
    return table


def outcome(read, table):
    try:
        return read(dict(table))
    except REFUSALS as error:
        return type(error), str(error)


@given(st.data())
def test_a_reader_gives_what_the_class_gives_or_refuses_as_it_does(data):
    kind = data.draw(KIND)
    readers = Readers(KINDS[kind], data.draw(st.sampled_from([NO_RECORDS, SOME_RECORDS])), [])
    shaped = data.draw(tables(kind))
    outcome(readers.read, {key: GOOD.get(key, "text") for key in shaped})
    changed = data.draw(st.sampled_from(sorted(shaped)))

    for table in (shaped, {**shaped, changed: data.draw(ODD)}):
        long_way = outcome(lambda row: record_of(KINDS[kind], row), table)
        assert outcome(readers.read, table) == long_way


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_good_shape_gets_a_reader_that_is_used(kind):
    required = {
        "speaker": ["id"],
        "source": ["id", "published"],
        "fact": ["id", "kind"],
        "evidence": ["id", "source", "fact", "happened"],
        "claim": ["id", "speaker", "said", "source", "quote", "criterion"],
        "forecast": ["id", "by", "claim", "made", "probability"],
        "assessment": ["id", "claim", "by", "scale", "rating"],
        "scale": ["id", "label"],
        "search": ["id", "fact", "searched", "where"],
        "selection": ["id", "rule", "source"],
    }[kind]
    table = {key: GOOD[key] for key in required}
    readers = Readers(KINDS[kind], NO_RECORDS, [])

    first = readers.read(table)
    second = readers.by_shape[tuple(table)](table)

    assert second == first == record_of(KINDS[kind], table)
    assert type(second) is KINDS[kind]
    with pytest.raises(AttributeError):
        second.id = "other"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_value_that_is_null_is_never_taken_for_one(kind):
    for key in fields_by_key(KINDS[kind]):
        table = {name: value for name, value in GOOD.items() if name in fields_by_key(KINDS[kind])}
        readers = Readers(KINDS[kind], SOME_RECORDS, [])
        readers.learn(tuple({**table, key: None}))

        with pytest.raises(REFUSALS):
            readers.by_shape[tuple({**table, key: None})]({**table, key: None})


FLOATS = [0.5, 1e300, [0.5], [[1, 0.5]], {"a": [0.5]}, [{"criterion": {"event": 0.5}}]]
CRITERIA_WITH_FLOATS = [
    {"event": 0.5, "by": "2019"},
    {"event": "gas", "by": 2019.0},
    {"quantity": "gas", "at_least": 38.5, "by": "2019"},
    {"all": [{"quantity": "gas", "at_least": 38.5, "by": "2019"}]},
]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_reader_refuses_whatever_holds_a_float(kind):
    for key in fields_by_key(KINDS[kind]):
        for value in FLOATS + (CRITERIA_WITH_FLOATS if key in {"criterion", "condition"} else []):
            table = {name: GOOD[name] for name in GOOD if name in fields_by_key(KINDS[kind])}
            table[key] = value
            readers = Readers(KINDS[kind], SOME_RECORDS, [])
            readers.learn(tuple(table))

            with pytest.raises(REFUSALS):
                readers.by_shape[tuple(table)](table)


def test_a_key_that_stands_twice_is_seen_on_a_line_whose_shape_is_known():
    loading = Loading()
    plain = '{"type": "speaker", "id": "a%d", "name": "n"}\n'
    twice = '{"type": "speaker", "id": "b", "id": "c", "name": "n"}\n'

    loading.read_lines("x.jsonl", [plain % 1, plain % 2, twice])

    assert list(loading.records["speaker"]) == ["a1", "a2"]
    assert [str(problem) for problem in loading.problems] == [
        "x.jsonl:3:1: CT201 the key 'id' stands twice in one object"
    ]


def test_a_colon_in_a_text_is_no_key():
    loading = Loading()
    line = '{"type": "speaker", "id": "a%d", "name": "a: b, \\"c\\": d"}\n'

    loading.read_lines("x.jsonl", [line % 1, line % 2])

    assert not loading.problems
    assert loading.records["speaker"]["a2"].name == 'a: b, "c": d'


def test_an_empty_table_of_settings_says_nothing():
    assert claimtrack.loads("[registry]\n[[speaker]]\nid = 'ada'\n").settings == Settings()


def test_a_reader_is_written_for_the_sixty_fourth_table_of_a_shape(monkeypatch):
    monkeypatch.setattr("claimtrack.files.compiled.LEARNED_AT", 64)
    written = []
    monkeypatch.setattr(
        "claimtrack.files.compiled.generated_reader",
        lambda _cls, shape, _names: written.append(shape),
    )
    readers = Readers(Speaker, NO_RECORDS, [])

    for number in range(63):
        readers.read({"id": f"a{number}"})
        readers.read({"name": "A", "id": f"b{number}"})
    assert written == []

    readers.read({"id": "c"})
    assert written == [("id",)]


def test_the_shapes_whose_tables_are_counted_are_bounded(monkeypatch):
    monkeypatch.setattr("claimtrack.files.compiled.LEARNED_AT", 64)
    monkeypatch.setattr("claimtrack.files.compiled.MAX_MET", 10)
    readers = Readers(Speaker, NO_RECORDS, [])

    for number in range(100):
        readers.learn((f"key{number}",))

    assert len(readers._met) == 10
