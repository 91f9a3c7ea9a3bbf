"""Whatever stands in a file, loading ends with a registry or with located problems, and soon."""

import gzip
import json
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claimtrack import Registry, dumps, load, loads
from claimtrack.errors import CODES, LoadError
from claimtrack.files import jsonl as json_lines
from claimtrack.files import locations
from claimtrack.files.folder import Limits, blocks_in
from claimtrack.files.load import Loading, load_bytes
from claimtrack.model.records import Fact
from claimtrack.model.references import AllowedValues
from claimtrack.strategies import registries
from tests.counting import grows_in_step

FORMS = {"toml": "registry.toml", "jsonl": "registry.jsonl"}
AN_ID = "expected 1 to 200 characters, none of them a space or a control character"
ODD = "\ufeff\x00\x1b\u2028\u202e\ud800\\\"\n\r\t{}[]=#,.:0129eE+-naif'_"
PIECES = (
    "[[claim]]\n",
    "[[forecast]]\n",
    "[[fact]]\n",
    "[[claim.reading]]\n",
    "[registry]\n",
    'id = "x"\n',
    "criterion = { event = 1 }\n",
    "criterion = { all = [[]] }\n",
    "distribution = 5\n",
    "value = [1, nan]\n",
    "said = 2019-02-29T24:00:00\n",
    "probability = 1e999\n",
    '{"type": "claim", "id": null}\n',
    '{"type": "forecast", "distribution": [[]]}\n',
    '{"type": ["claim"]}\n',
)
FORECAST = '[[forecast]]\nid = "f"\nby = "a"\nclaim = "c"\nmade = 2019-01-01\n'
NAMED = """
[[speaker]]
id = "a"
[[source]]
id = "s"
[[claim]]
id = "c"
speaker = "a"
said = 2019-01-01
source = "s"
quote = "q"
not_checkable = "a question"
"""


def told(text, name="registry.toml"):
    """Return what is said about a text that is refused."""
    with pytest.raises(LoadError) as caught:
        loads(text, name)
    return str(caught.value).splitlines()


def told_of(path):
    with pytest.raises(LoadError) as caught:
        load(path)
    return str(caught.value).splitlines()


def outcome(text, name):
    """Load a text, and return its problems, each of which stands where there is a line."""
    try:
        registry = loads(text, name)
    except LoadError as error:
        lines = text.count("\n") + 1
        for problem in error.problems:
            assert problem.code in CODES
            assert "\n" not in problem.message
            if problem.location is not None:
                assert problem.location.file == name
                assert 1 <= problem.location.line <= lines
                assert problem.location.column >= 1
        return error.problems
    assert isinstance(registry, Registry)
    return ()


@st.composite
def mutated(draw, form):
    """Draw the text of a legal registry with a few slips in it."""
    text = dumps(draw(registries(max_claims=1, max_evidence=2)), form)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        gone = draw(st.sampled_from([0, 1, 2, 10, len(text)]))
        new = draw(st.one_of(st.text(ODD, max_size=3), st.sampled_from(PIECES)))
        text = text[:at] + new + text[at + gone :]
    return text


def swapped(value, draw):
    """Return a value of JSON with one of its parts turned into something else."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: swapped(value[key], draw)}
    if isinstance(value, list) and value and draw(st.booleans()):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], swapped(value[at], draw), *value[at + 1 :]]
    return draw(ANYTHING)


ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([10**400, -(10**400), 10**4000, 0, 1, 0.5, 1e308]),
        st.text(ODD + "ab", max_size=4),
        st.sampled_from(["2019", "2019-12-02", "../..", "Europe/Moscow", "all", "press", "held"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.text(ODD, max_size=2), st.sampled_from(["id", "event", "by", "all"])),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)


class TestAnyText:
    @pytest.mark.parametrize("form", FORMS)
    @given(st.text(st.one_of(st.sampled_from(ODD), st.characters(codec=None))))
    def test_gives_a_registry_or_located_problems(self, form, text):
        outcome(text, FORMS[form])

    @pytest.mark.parametrize("form", FORMS)
    @given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
    def test_of_pieces_of_records_does_too(self, form, text):
        outcome(text, FORMS[form])

    @pytest.mark.parametrize("form", FORMS)
    @given(st.data())
    def test_that_was_a_registry_before_some_slips_does_too(self, form, data):
        outcome(data.draw(mutated(form)), FORMS[form])

    @given(registries(max_claims=1, max_evidence=2), st.data())
    def test_of_records_with_another_value_somewhere_does_too(self, registry, data):
        lines = dumps(registry, "jsonl").removesuffix("\n").split("\n")
        at = data.draw(st.integers(0, len(lines) - 1))
        record = json.loads(lines[at], parse_float=Decimal)
        key = data.draw(st.sampled_from(sorted(record)))
        record[key] = swapped(record[key], data.draw)
        lines[at] = json.dumps(record, default=float) if key != "type" else str(record)

        outcome("\n".join(lines), "registry.jsonl")


@given(st.binary(max_size=200), st.sampled_from([".toml", ".jsonl", ".jsonl.gz"]))
@example(b"\x1f\x8b\x08", ".jsonl.gz")
@example(gzip.compress(b'{"type": "speaker", "id": "a"}')[:-9], ".jsonl.gz")
@example(b'{"type": "speaker", "id": "a b"}\n\xff', ".jsonl")
def test_any_bytes_in_a_file_do_too(tmp_path_factory, content, ending):
    path = tmp_path_factory.mktemp("bytes") / f"registry{ending}"
    path.write_bytes(content)

    with suppress(LoadError):
        assert isinstance(load(path), Registry)


class TestValues:
    @pytest.mark.parametrize("shares", ["5", '"ab"', '["ab"]', "[[1, 2, 3]]", "true", "[]"])
    def test_a_distribution_that_is_no_table_is_refused(self, shares):
        assert told(f"{FORECAST}distribution = {shares}\n{NAMED}")[0].startswith(
            "registry.toml:6:1: CT101 forecast 'f' distribution "
        )

    def test_a_share_that_does_not_fit_is_named(self):
        assert told(f"{FORECAST}distribution = {{ held = 0.5, failed = 2 }}\n{NAMED}") == [
            (
                "registry.toml:6:30: CT104 forecast 'f' distribution.failed 2 is out of bounds; "
                "expected 0 to 1, inclusive"
            ),
            "    hint: write 0.02",
        ]

    def test_a_probability_beyond_every_float_is_out_of_bounds(self):
        assert told(f"{FORECAST}probability = 1{'0' * 400}\n{NAMED}") == [
            (
                f"registry.toml:6:1: CT104 forecast 'f' probability 1{'0' * 59}…{'0' * 10} "
                "is out of bounds; expected 0 to 1, inclusive"
            )
        ]

    @pytest.mark.parametrize("depth", range(900, 1000, 7))
    def test_a_value_that_nests_as_deep_as_python_reads_is_refused(self, depth):
        outcome(f'{{"type": "speaker", "id": {"[" * depth}{"]" * depth}}}', "registry.jsonl")

    def test_equal_instants_in_different_zones_keep_their_texts(self):
        days = ["2019-12-02T00:00:00Z", "2019-12-02T01:00:00+01:00", "2019-12-02T02:00:00+02:00"]
        claims = "".join(
            f'[[claim]]\nid = "c{number}"\nspeaker = "p"\nsaid = 2019-01-01\nsource = "s"\n'
            f'quote = "q"\ncriterion = {{ event = "f", by = {day} }}\n'
            for number, day in enumerate([*days, *days])
        )
        head = '[[speaker]]\nid = "p"\n[[source]]\nid = "s"\n[[fact]]\nid = "f"\nkind = "event"\n'

        spans = [claim.criterion.window.span for claim in loads(head + claims).claims.values()]

        assert [span.text for span in spans] == [
            "2019-12-02T00:00:00+00:00",
            "2019-12-02T01:00:00+01:00",
            "2019-12-02T02:00:00+02:00",
        ] * 2

    def test_a_table_without_keys_is_read(self):
        text = '[registry]\n[[speaker]]\nid = "a"\n'

        assert loads(text) == loads('{"type": "registry"}\n{"type": "speaker", "id": "a"}', "a")

    @pytest.mark.parametrize("text", ["", "# nothing\n", '[registry]\ntitle = "T"\n'])
    def test_a_file_without_records_is_no_registry(self, text):
        assert told(text) == ["CT001 'registry.toml' holds no records"]


class TestKeys:
    def test_a_key_cannot_begin_a_line_of_its_own_in_an_error(self):
        text = '[[speaker]]\nid = "a"\n"x\\n::error::y" = 1\n'

        assert told(text) == [
            "registry.toml:3:1: CT301 speaker 'a' 'x\\n::error::y' is not a key that is known here",
            (
                "    hint: known here: id, name, aliases, kind, party, groups, roles, url, note, "
                "internal, silenced"
            ),
        ]

    def test_a_key_is_quoted_no_longer_than_a_value(self):
        (first, _) = told(f'[[speaker]]\nid = "a"\n{"x" * 50_000} = 1\n')

        assert first == (
            f"registry.toml:3:1: CT301 speaker 'a' '{'x' * 59}…{'x' * 9}' "
            "is not a key that is known here"
        )

    def test_an_id_that_is_refused_is_quoted_no_longer_than_a_value(self):
        (line,) = told(f'[[speaker]]\nid = "{"x" * 50_000}"\n')

        assert len(line) < 300


class TestPlaces:
    def test_a_bad_line_before_one_that_is_not_utf_8_is_told_of(self, tmp_path):
        path = tmp_path / "a.jsonl"
        path.write_bytes(b'{"type": "speaker", "id": "a b"}\n\xff\n')

        assert told_of(path) == [
            (
                f"{path}:1:21: CT105 speaker 'a b' id 'a b' is not an id; expected 1 to 200 "
                "characters, none of them a space or a control character"
            ),
            f"{path}:2:1: CT002 the byte 0xff is not UTF-8",
            "    hint: save the file with the encoding UTF-8",
        ]

    def test_a_bad_line_in_a_damaged_gzip_file_is_told_of(self, tmp_path):
        path = tmp_path / "a.jsonl.gz"
        noise = "".join(
            f'{{"type": "speaker", "id": "{hash(n) % 7919}-{n}"}}\n' for n in range(9999)
        )
        packed = gzip.compress(b'{"type": "speaker", "id": "a b"}\n' + noise.encode())
        path.write_bytes(packed[:-2000])

        assert [line.split(" ")[1] for line in told_of(path)] == ["CT105", "CT002"]

    def test_what_is_missing_is_placed_in_a_file_that_begins_with_a_byte_order_mark(self, tmp_path):
        said = 'speaker = "s"\nsaid = "2019"\nsource = "x"\nquote = "q"\nnot_checkable = "n"\n'
        (tmp_path / "a.toml").write_text(f'\ufeff[[claim]]\nid = "c"\n{said}', "utf-8")
        (tmp_path / "b.toml").write_text('[[speaker]]\nid = "s"\n', "utf-8")

        assert [line.partition(" ")[0] for line in told_of(tmp_path)] == [f"{tmp_path}/a.toml:5:1:"]

    def test_a_carriage_return_in_a_line_does_not_count_as_its_end(self, tmp_path):
        path = tmp_path / "a.jsonl"
        path.write_bytes(b'{"type": "speaker", "id": "a"}\r \r\n{"type": "speaker","id": " "}\n')

        assert [line.partition(" ")[0] for line in told_of(path)] == [f"{path}:2:20:"]

    def test_a_text_that_is_no_file_has_no_columns_of_a_file_of_that_name(
        self, tmp_path, monkeypatch
    ):
        monkeypatch.chdir(tmp_path)
        Path("a.jsonl").write_bytes(b"\xff")

        assert told('{"type": "speaker", "id": "a b"}', "a.jsonl")[0].startswith("a.jsonl:1:21: ")


class TestTime:
    """Twice as many slips take about twice as long, not four times."""

    def test_keys_that_stand_twice(self):
        def work(size):
            pairs = ",".join(f'"k{number}": 1' for number in range(size))
            told(f'{{{pairs}, "k{size - 1}": 2}}', "a.jsonl")

        assert grows_in_step(work, 500)

    @pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
    def test_bad_lines(self, tmp_path, name):
        path = tmp_path / name

        def work(size):
            text = "".join(f'{{"type": "speaker", "id": "a {n}"}}\n' for n in range(size)).encode()
            path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
            told_of(path)

        assert grows_in_step(work, 100)

    def test_a_key_that_stands_twice_among_very_many_is_found(self):
        pairs = ",".join(f'"k{number}": 1' for number in range(50_000))

        assert told(f'{{{pairs}, "k49999": 2}}', "a.jsonl") == [
            "a.jsonl:1:1: CT201 the key 'k49999' stands twice in one object"
        ]

    def test_very_many_bad_lines_are_told_of(self, tmp_path):
        path = tmp_path / "a.jsonl"
        path.write_text("".join(f'{{"type": "speaker", "id": "a {n}"}}\n' for n in range(5_000)))

        assert told_of(path)[999:] == [
            f"{path}:1000:21: CT105 speaker 'a 999' id 'a 999' is not an id; {AN_ID}",
            "CT006 at least 4,000 more problems are not listed; expected at most 1,000",
        ]

    def test_very_many_bad_lines_of_a_packed_file_are_told_of(self, tmp_path):
        path = tmp_path / "a.jsonl.gz"
        text = "".join(f'{{"type": "speaker", "id": "a {n}"}}\n' for n in range(5_000))
        path.write_bytes(gzip.compress(text.encode()))

        assert len(told_of(path)) == 1_001

    @pytest.mark.slow
    def test_very_many_ids_that_are_missing_are_told_of_and_the_first_have_hints(self):
        lines = ['{"type": "source", "id": "s"}', '{"type": "speaker", "id": "p"}']
        lines += [
            f'{{"type": "claim", "id": "claim-{n}", "speaker": "p", "said": "2019", "source": "s",'
            f' "quote": "q", "not_checkable": "n", "repeats": ["claims-{n}"]}}'
            for n in range(1_000)
        ]

        found = Counter(line.split(" ")[4] == "hint:" for line in told("\n".join(lines), "a.jsonl"))

        assert found[False] == 1_000
        assert 0 < found[True] < 1_000

    def test_very_many_unknown_keys_are_told_of(self):
        pairs = ",".join(f'"ids{number}": 1' for number in range(5_000))

        assert told(f'{{"type": "speaker", "id": "a", {pairs}}}', "a.jsonl")[-1] == (
            "CT006 at least 1 more problems are not listed; expected at most 1,000"
        )


class TestBytes:
    """A registry whose files are in memory, as those of a revision are."""

    FILES: ClassVar = {
        "old/a.toml": b'\xef\xbb\xbf[[speaker]]\nid = "anna"\n',
        "old/b.jsonl.gz": gzip.compress(b'{"type": "speaker", "id": "bert"}\n'),
    }

    def test_it_is_what_the_same_files_on_disk_are(self, tmp_path):
        for name, content in self.FILES.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(content)

        registry = load_bytes(self.FILES, "old")

        assert registry == load(tmp_path)
        assert str(registry.locations.of("speaker", "anna", ("id",))) == "old/a.toml:2:1"
        assert str(registry.locations.of("speaker", "bert", ("id",))) == "old/b.jsonl.gz:1:21"

    def test_its_problems_stand_under_the_names_that_were_given(self):
        with pytest.raises(LoadError) as caught:
            load_bytes({**self.FILES, "c.toml": b'[[speaker]]\nid = "anna"\nnmae = "A"'}, "old")

        assert str(caught.value) == (
            "c.toml:3:1: CT301 speaker 'anna' nmae is not a key that is known here\n"
            "    hint: did you mean 'name'?\n"
            "old/a.toml:2:1: CT201 speaker id 'anna' is taken by c.toml:2:1; expected ids to be "
            "unique in a registry"
        )

    def test_it_may_be_empty_only_where_that_is_said(self):
        assert load_bytes({}, "old", may_be_empty=True) == Registry()
        with pytest.raises(LoadError, match=r"^CT001 'old' holds no records$"):
            load_bytes({}, "old")


COMPOSED, DECOMPOSED = "\u00e9lu", "e\u0301lu"
SPELLED = f"""
[[speaker]]
id = "{COMPOSED}"
[[source]]
id = "one"
publisher = "Caf\u00e9"
published = 2021-03-06
[[source]]
id = "two"
publisher = "Cafe\u0301"
published = 2021-03-06
[[fact]]
id = "{DECOMPOSED}-f"
kind = "event"
[[claim]]
id = "c"
speaker = "{COMPOSED}"
said = 2020-01-01
source = "one"
quote = "Cafe\u0301"
topics = ["{DECOMPOSED}"]
criterion = {{ event = "{COMPOSED}-f", by = 2021-12-31, min_sources = 2 }}
[[claim]]
id = "d"
speaker = "{DECOMPOSED}"
said = 2020-01-01
source = "one"
quote = "q"
topics = ["{COMPOSED}"]
criterion = {{ event = "{DECOMPOSED}-f", by = 2021-12-31, min_sources = 2 }}
[[claim.reading]]
name = "{COMPOSED}"
criterion = {{ all = [{{ event = "{DECOMPOSED}-f", by = 2021-12-31 }}] }}
[[evidence]]
id = "r1"
fact = "{COMPOSED}-f"
source = "one"
happened = 2021-03-04
[[evidence]]
id = "r2"
fact = "{DECOMPOSED}-f"
source = "two"
happened = 2021-03-04
"""
RESPELLED = {
    ("source", "two", ("publisher",)),
    ("fact", f"{COMPOSED}-f", ("id",)),
    ("claim", "c", ("topics", 0)),
    ("claim", "d", ("speaker",)),
    ("claim", "d", ("criterion", "event")),
    ("claim", "d", ("reading", 0, "criterion", "all", 0, "event")),
    ("evidence", "r2", ("fact",)),
}


class TestNormalForm:
    def test_ids_and_names_that_look_the_same_are_the_same(self):
        registry = loads(SPELLED)

        assert [*registry.speakers, *registry.facts] == [COMPOSED, f"{COMPOSED}-f"]
        assert {claim.topics for claim in registry.claims.values()} == {(COMPOSED,)}
        assert {one.witness for one in registry.sources.values()} == {"Caf\u00e9"}
        assert registry.audit("2021-12-31")["c"].status.value == "pending"
        assert registry.claims["c"].quote == "Cafe\u0301"

    @pytest.mark.parametrize("form", FORMS)
    def test_what_stands_in_another_form_is_known_however_it_is_read(self, form):
        text = SPELLED if form == "toml" else as_lines(SPELLED)

        registry = loads(text, FORMS[form])

        assert set(registry.locations.respelled) == RESPELLED
        assert registry == loads(SPELLED)

    def test_escapes_count_as_what_they_stand_for(self):
        text = as_lines(SPELLED, ensure_ascii=True)

        assert text.isascii()
        assert set(loads(text, FORMS["jsonl"]).locations.respelled) == RESPELLED

    def test_what_is_written_is_in_the_normal_form(self):
        registry = loads(SPELLED)

        again = loads(dumps(registry))

        assert again == registry
        assert not again.locations.respelled

    def test_two_records_whose_ids_differ_in_form_only_have_one_id(self):
        speaker = '[[speaker]]\nid = "{}"\n'

        assert told(speaker.format(COMPOSED) + speaker.format(DECOMPOSED)) == [
            (
                f"registry.toml:4:1: CT201 speaker id '{COMPOSED}' is taken by registry.toml:1:1; "
                "expected ids to be unique in a registry"
            )
        ]

    def test_a_record_is_found_by_its_id_in_either_form(self):
        registry = loads(SPELLED)

        assert registry.speakers[DECOMPOSED] is registry.speakers[COMPOSED]
        assert DECOMPOSED in registry.speakers


def as_lines(text, **options):
    """Return the same records as lines of JSON, their texts as they stand."""
    import tomllib

    options = {"ensure_ascii": False, **options}
    return "".join(
        json.dumps({"type": kind, **record}, default=str, **options) + "\n"
        for kind, records in tomllib.loads(text).items()
        for record in records
    )


SEASONAL = """
[[speaker]]
id = "a"
roles = [{ title = "x", since = "2019-24" }]
[[source]]
id = "s"
published = "2020-21"
[[fact]]
id = "f"
kind = "event"
[[claim]]
id = "c"
speaker = "a"
said = "2020-22"
source = "s"
quote = "q"
due = "2021-22"
criterion = { not = { event = "f", by = "2021-22~" } }
[[claim.reading]]
name = "other"
criterion = { event = "f", during = "2020-23/2023-21" }
[[claim]]
id = "d"
speaker = "a"
said = 2020-01-01
source = "s"
quote = "2021-22"
topics = ["2021-22"]
criterion = { event = "f", by = 2021-12-21 }
"""
HINT = "    hint: if the season is meant, write under [registry]: seasons = true"
SEASONS_TOLD = [
    (
        4,
        25,
        "speaker 'a' roles[0].since '2019-24'",
        "2019-12-01 to 2020-02-29",
        "'2019/2024' for two",
    ),
    (7, 1, "source 's' published '2020-21'", "2020-03-01 to 2020-05-31", "'2020/2021' for two"),
    (14, 1, "claim 'c' said '2020-22'", "2020-06-01 to 2020-08-31", "'2020/2022' for two"),
    (17, 1, "claim 'c' due '2021-22'", "2021-06-01 to 2021-08-31", "'2021/2022' for two"),
    (
        *(18, 36, "claim 'c' criterion.not.by '2021-22~'"),
        *("2021-06-01 to 2021-08-31", "'2021/2022' for two"),
    ),
    (
        *(21, 28, "claim 'c' reading[0].criterion.during '2020-23/2023-21'"),
        *("2020-09-01 to 2023-05-31", "months or"),
    ),
]


class TestSeasons:
    @pytest.mark.parametrize("form", FORMS)
    def test_are_refused_where_the_registry_does_not_allow_them(self, form):
        text = SEASONAL if form == "toml" else as_lines(SEASONAL)

        lines = told(text, FORMS[form])

        assert lines[1::2] == [HINT] * 6
        assert [line.partition(" ")[2] for line in lines[::2]] == [
            f"CT108 {what} is a season, from {days}; expected {meant} years"
            for _, _, what, days, meant in SEASONS_TOLD
        ]

    def test_are_refused_beside_settings_that_say_nothing_of_them(self):
        alone = told(SEASONAL)

        beside = told(f'{SEASONAL}[registry]\ntitle = "Promises"\n')

        assert beside == alone

    def test_are_placed_at_their_keys(self):
        places = [line.partition(" ")[0] for line in told(SEASONAL)[::2]]

        assert places == [f"registry.toml:{line}:{column}:" for line, column, *_ in SEASONS_TOLD]

    @pytest.mark.parametrize("form", FORMS)
    def test_are_read_where_the_registry_allows_them_wherever_it_says_so(self, form):
        registry = loads(f"{SEASONAL}[registry]\nseasons = true\n")

        again = loads(dumps(registry, form), FORMS[form])

        assert registry.claims["c"].due.text == "2021-22"
        assert again == registry

    def test_are_refused_in_a_registry_that_is_made_in_python(self):
        allowed = loads(f"{SEASONAL}[registry]\nseasons = true\n")
        records = [one for records in allowed.record_maps() for one in records.values()]

        with pytest.raises(LoadError) as caught:
            Registry.of(*records)

        assert [problem.code for problem in caught.value.problems] == ["CT108"] * 6
        assert Registry.of(*records, settings=allowed.settings) == allowed

    def test_are_told_of_a_malformed_record_too(self):
        lines = told(SEASONAL.replace('quote = "q"', "quote = 5"))

        assert [line.split()[1] for line in lines if "hint" not in line].count("CT108") == 6

    @pytest.mark.parametrize(
        "settings", ["[registry]\nsesons = true\n", "[registry]\nseasons = 5\n", "[registry\n"]
    )
    def test_are_not_blamed_where_the_settings_cannot_be_read(self, settings):
        assert not any("CT108" in line for line in told(SEASONAL + settings))

    def test_of_one_year_are_not_taken_for_two(self):
        text = SEASONAL.replace("2021-22", "2022-22").replace("2022-22~", "2022-22")

        assert any(
            "'2022-22' is a season" in line and "months or years" in line for line in told(text)
        )


def counted(monkeypatch, module, name):
    """Return a list that grows with each call of a function."""
    calls, function = [], getattr(module, name)

    def count(*args, **keys):
        calls.append(args)
        return function(*args, **keys)

    monkeypatch.setattr(module, name, count)
    return calls


class TestLimits:
    """What is small on disk and large in memory or time is refused, and that is told."""

    def test_further_problems_are_counted_and_not_looked_at(self, monkeypatch):
        placed = counted(monkeypatch, locations, "keys_of")
        looked_at = counted(monkeypatch, json_lines, "careful_table")

        for lines in (3_000, 6_000):
            placed.clear()
            text = "".join(f'{{"type": "speaker", "id": "a {n}"}}\n' for n in range(lines))
            assert len(told(text, "a.jsonl")) == 1_001
            assert len(placed) == 2_000  # as it is read, and once for all with the same id
            assert looked_at == []

    def test_a_load_with_very_many_problems_ends(self):
        loading = Loading(Limits(problems=3, problems_counted=10))
        rest = "and the rest was not read"

        with pytest.raises(LoadError) as caught:
            loading.read_blocks("a.jsonl", blocks_in("x\n" * 1_000))

        assert [str(one) for one in caught.value.problems] == [
            *(
                f"a.jsonl:{line}:1: CT002 is not JSON: Expecting value at column 1"
                for line in range(1, 4)
            ),
            f"CT006 at least 7 more problems are not listed, {rest}; expected at most 3",
        ]

    def test_nobody_is_blamed_for_what_may_stand_in_what_is_only_counted(self):
        loading = Loading(Limits(problems=1))
        text = '{"type": "speaker", "id": ""}\n{"type": "speaker", "id": "b", "x": 1}\n'
        text += '{"type": "forecast", "id": "f", "by": "b", "claim": "c", "made": "2020-01-01"}\n'
        loading.read_blocks("a.jsonl", blocks_in(text))

        with pytest.raises(LoadError) as caught:
            loading.registry("a.jsonl")

        assert [one.code for one in caught.value.problems] == ["CT105", "CT006"]

    def test_ids_that_are_taken_are_looked_up_once_for_all(self, monkeypatch):
        text = "".join(
            f'{{"type": "speaker", "id": "{id_}"}}\n' for n in range(500) for id_ in (n, n)
        )
        made = counted(monkeypatch, locations, "_numbers_of")

        assert len(told(text, "a.jsonl")) == 500
        assert len(made) == 1

    @pytest.mark.parametrize("blank", ["\n", " \t\r\n"])
    def test_blank_lines_are_passed_over_many_at_a_time(self, monkeypatch, blank):
        looked_at = counted(monkeypatch, json_lines, "plain_table")
        text = blank * 100_000 + '{"type": "speaker", "id": "a"}\n' + blank * 100_000

        registry = load_bytes({"a.jsonl": text.encode()}, "a")

        assert registry.locations.of("speaker", "a").line == 100_001
        assert looked_at == []

    def test_what_nests_deep_is_refused_where_it_does(self):
        deep = "[" * 101 + "]" * 101
        shallow = "[" * 98 + "]" * 98

        assert told(f'{{"type": "speaker", "id": "a", "x": {deep}}}', "a.jsonl") == [
            "a.jsonl:1:1: CT003 nests deeper than 100 levels at column 136"
        ]
        assert told(f"x = {deep}") == ["registry.toml:1:105: CT003 nests deeper than 100 levels"]
        assert "CT301" in told(f'{{"type": "speaker", "id": "a", "x": {shallow}}}', "a.jsonl")[0]
        assert "CT301" in told(f"x = {shallow}")[0]

    def test_brackets_in_texts_and_comments_nest_nothing(self):
        note = "[" * 1_000

        loads(f'{{"type": "speaker", "id": "a", "note": "{note}"}}', "a.jsonl")
        loads(f'# {note}\n[[speaker]]\nid = "a"\nnote = "{note}"\nname = """\n{note}"""\n')

    def test_tables_of_a_toml_file_are_counted(self):
        loading = Loading(Limits(tables=4))
        loading.read_toml("a.toml", '[[speaker]]\nid = "a"\n[[speaker]]\nid = "[.[.[.[.[."\n')
        loading.registry("a")
        loading.read_toml("b.toml", "x.a.b.c.d.e = 1\n")

        with pytest.raises(LoadError) as caught:
            loading.registry("a")

        assert str(caught.value) == (
            "b.toml:1:1: CT003 the file has more than 4 tables, lists and parts of keys"
        )

    @pytest.mark.parametrize("earlier", ['"note": "\\"by\\": ", ', '"signed": {"by": "x"}, '])
    def test_a_column_is_that_of_the_key_and_not_of_an_earlier_one_of_the_name(self, earlier):
        line = '{"type": "claim", "id": "c", "speaker": "a", "said": "2019-01-01", "source": "s", '
        line += f'"quote": "q", {earlier}"criterion": {{"event": "e", "by": "soon"}}}}'
        found = [one for one in told(line, "a.jsonl") if "soon" in one]

        column = line.rindex('"by"') + 1
        assert [one.split(" ")[0] for one in found] == [f"a.jsonl:1:{column}:"]

    def test_values_are_held_against_those_of_a_fact_as_a_set(self, monkeypatch):
        compared = []

        class Value(str):
            __slots__ = ()

            def __eq__(self, other):
                compared.append(other)
                return str.__eq__(self, other)

            __hash__ = str.__hash__

        def comparisons(n):
            values = [f"v{number}" for number in range(n)]
            fact = Fact(id="f", kind="state", values=values)
            allowed = AllowedValues()
            compared.clear()
            assert all(allowed.have(str(value), fact) for value in values)
            assert not allowed.have(Value("v0"), fact)  # of another type
            return len(compared)

        assert comparisons(200) <= comparisons(100) + 1

    def test_an_error_lists_some_of_very_many_values(self):
        values = json.dumps([f"v{number}" for number in range(1_000)])
        text = f"""
[[source]]
id = "s"
[[fact]]
id = "f"
kind = "state"
values = {values}
[[evidence]]
id = "e"
fact = "f"
source = "s"
when = "2020-01-01"
value = "w"
"""
        listed = ", ".join(f"'v{number}'" for number in range(10))
        (line,) = told(text)
        assert line == (
            "registry.toml:13:1: CT103 evidence 'e' value 'w' is not a value of the fact 'f'; "
            f"expected one of {listed} and 990 more"
        )


ASKS_RATINGS = 'criterion = {{ assessed = "truth-o-meter"{} }}'
RATED = (
    NAMED.replace('not_checkable = "a question"', ASKS_RATINGS)
    + """
[[assessment]]
id = "r"
claim = "c"
by = "a checker"
scale = "{}"
rating = "{}"
published = 2019-02-01
"""
)


class TestRatings:
    @pytest.mark.parametrize(
        "rating",
        ["False", "Half-True", "half true", "Pants on Fire!", "pants-fire", "Barely True"],
    )
    def test_labels_are_known_however_they_are_written(self, rating):
        assert loads(RATED.format("", "truth-o-meter", rating)).assessments["r"].rating == rating

    @pytest.mark.parametrize(
        ("rating", "nearest"), [("Flase", "False"), ("Half", "Half True"), ("xyz", None)]
    )
    def test_a_label_that_is_not_on_a_shipped_scale_is_told_with_the_nearest(self, rating, nearest):
        lines = told(RATED.format("", "truth-o-meter", rating))

        assert lines[0].startswith(
            f"registry.toml:19:1: CT103 assessment 'r' rating '{rating}' is not a label of the "
            "scale 'truth-o-meter'; expected one of True, Mostly True, "
        )
        assert lines[1:] == ([] if nearest is None else [f"    hint: did you mean '{nearest}'?"])

    def test_a_label_of_a_criterion_is_held_against_the_scale_too(self):
        lines = told(RATED.format(', supports = ["True", "Mosty True"]', "truth-o-meter", "True"))

        assert (
            lines[0]
            .partition(" is not")[0]
            .endswith("CT103 claim 'c' criterion.supports[1] 'Mosty True'")
        )
        assert lines[1:] == ["    hint: did you mean 'Mostly True'?"]

    @pytest.mark.parametrize(
        ("scale", "nearest"), [("truth-o-metre", "truth-o-meter"), ("a-house-scale", None)]
    )
    def test_a_scale_that_is_not_known_is_told_with_the_nearest(self, scale, nearest):
        lines = told(RATED.format("", scale, "False"))

        assert lines[0] == (
            f"registry.toml:18:1: CT202 assessment 'r' scale '{scale}' is not defined in any "
            "loaded file; expected the id of a scale that is shipped, or of a [[scale]]"
        )
        assert lines[1:] == ([] if nearest is None else [f"    hint: did you mean '{nearest}'?"])

    def test_a_scale_in_a_broken_part_may_be_the_one_that_is_missed(self):
        broken = '[[scale]]\nid = "house"\nlabels = []\n'

        lines = told(RATED.format("", "house", "anything") + broken)

        assert not any("CT202" in line for line in lines)

    def test_a_rating_on_a_scale_of_the_registry_is_held_against_it(self):
        house = '[[scale]]\nid = "house"\n[[scale.label]]\nname = "So"\nalso = ["Aye"]\n'

        assert loads(RATED.format("", "house", "aye!") + house).scales["house"].labels[0].also
        lines = told(RATED.format("", "house", "ay") + house)
        assert lines == [
            (
                "registry.toml:19:1: CT103 assessment 'r' rating 'ay' is not a label of the scale "
                "'house'; expected one of So"
            ),
            "    hint: did you mean 'So'?",
        ]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("<<<<<<< HEAD", "git left this mark of a conflict: keep one side, and take the marks out"),
        (
            ">>>>>>> other",
            "git left this mark of a conflict: keep one side, and take the marks out",
        ),
        ("quote = \u201cfirst gas\u201d", 'write straight quotes: "..."'),
        ("criterion = { event = \u2018gas\u2019 }", 'write straight quotes: "..."'),
        ("said = 2019-12", 'write a month in quotes: "2019-12"'),
        ('criterion = { event = "gas", by = 2019-12 }', 'write a month in quotes: "2019-12"'),
        ("value = 1,500", "write a number without commas: 1500"),
        (
            'quote = "he said "gas" twice"',
            r"write a quotation mark within a text as \", or put the text in single quotes",
        ),
        (
            r'path = "C:\pages\index.html"',
            r"write a backslash twice, or put the text in single quotes: 'C:\folder'",
        ),
        ('topics = ["a" "b"]', "a comma or a closing bracket is missing"),
        ("quote = ", None),
    ],
)
def test_a_slip_in_toml_whose_cause_is_seen_has_a_hint(line, hint):
    lines = told(f'[[claim]]\nid = "c"\n{line}\n')

    assert lines[0].startswith("registry.toml:3:")
    assert lines[1:] == ([] if hint is None else [f"    hint: {hint}"])
