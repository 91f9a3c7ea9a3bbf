"""Searches, selections, hedges, paraphrases and editions, from files and back."""

import gzip
import json

import pytest

from claimtrack import Forecast, LoadError, QuoteKind, dump, dumps, load
from claimtrack.files.compiled import LEARNED_AT
from claimtrack.files.load import loads

BASE = """\
[[speaker]]
id = "anna"

[[source]]
id = "paper"
published = 2019-01-05

[[fact]]
id = "gas"
kind = "event"

[[claim]]
id = "soon"
speaker = "anna"
said = 2019-01-01
source = "paper"
quote = "gas by the end of the year"
criterion = { event = "gas", by = 2019-12-31 }
"""


def told(text, name="registry.toml"):
    with pytest.raises(LoadError) as error:
        loads(text, name)
    return [line.removeprefix(f"{name}:") for line in str(error.value).splitlines()]


def of(table, kind):
    """Return the base registry with one more record of *kind*."""
    return f"{BASE}\n[[{kind}]]\n{table}\n"


SEARCH = """\
id = "archives"
claim = "soon"
searched = 2020-01-15
where = "the archives of three newspapers"
words = "Power of Siberia gas"
by = "the desk"
note = "until page 10 of the results"\
"""

SELECTION = """\
id = "all-of-the-paper"
rule = "every forecast in the paper"
total = 3
included = 1
speaker = "anna"
source = "paper"
topic = "energy"
note = "by two readers"\
"""

FORECASTS = """\
id = "f"
by = "anna"
claim = "soon"
made = 2019-01-01
hedge = "very likely"
map = "icd-203"\
"""

WHOLE = (
    of(SEARCH, "search")
    + '\n[[search]]\nid = "other"\nfact = "gas"\nsearched = 2020-02-01\nwhere = "x"\n'
    + f"\n[[selection]]\n{SELECTION}\n"
    + '\n[[selection]]\nid = "rest"\nrule = "what the readers sent in"\n'
    + f"\n[[forecast]]\n{FORECASTS}\n"
).replace(
    "criterion =",
    'quote_kind = "paraphrase"\nstatus = "held"\nsigned = { on = 2020-01-01, edition = 2 }\n'
    "criterion =",
)


class TestRoundTrip:
    def test_toml_comes_back_as_it_was_and_twice_the_same(self):
        registry = loads(WHOLE)
        written = dumps(registry)

        assert loads(written) == registry
        assert dumps(loads(written)) == written

    def test_json_lines_come_back_as_they_were_and_twice_the_same(self):
        registry = loads(WHOLE)
        lines = dumps(registry, "jsonl")

        assert loads(lines, "registry.jsonl") == registry
        assert dumps(loads(lines, "registry.jsonl"), "jsonl") == lines

    @pytest.mark.parametrize("name", ["folder", "a.jsonl.gz"])
    def test_they_stand_in_folders_and_packed_files(self, tmp_path, name):
        registry = loads(WHOLE)
        dump(registry, tmp_path / name)

        assert load(tmp_path / name) == registry

    def test_a_folder_has_a_file_for_each_kind(self, tmp_path):
        dump(loads(WHOLE), tmp_path / "folder")

        names = {file.name for file in (tmp_path / "folder").iterdir()}
        assert {"searches.toml", "selections.toml"} <= names

    def test_the_keys_of_each_are_written(self):
        rows = [json.loads(line) for line in dumps(loads(WHOLE), "jsonl").splitlines()]

        assert [row for row in rows if row["type"] in {"search", "selection", "forecast"}] == [
            {
                "type": "forecast",
                "id": "f",
                "by": "anna",
                "claim": "soon",
                "made": "2019-01-01",
                "hedge": "very likely",
                "map": "icd-203",
            },
            {
                "type": "search",
                "id": "archives",
                "searched": "2020-01-15",
                "where": "the archives of three newspapers",
                "claim": "soon",
                "words": "Power of Siberia gas",
                "by": "the desk",
                "note": "until page 10 of the results",
            },
            {
                "type": "search",
                "id": "other",
                "searched": "2020-02-01",
                "where": "x",
                "fact": "gas",
            },
            {
                "type": "selection",
                "id": "all-of-the-paper",
                "rule": "every forecast in the paper",
                "total": 3,
                "included": 1,
                "speaker": "anna",
                "source": "paper",
                "topic": "energy",
                "note": "by two readers",
            },
            {"type": "selection", "id": "rest", "rule": "what the readers sent in"},
        ]
        (claim,) = (row for row in rows if row["type"] == "claim")
        assert claim["quote_kind"] == "paraphrase"
        assert claim["signed"] == {"on": "2020-01-01", "edition": 2}

    def test_many_of_a_shape_are_read_as_one_is(self, tmp_path):
        """After `LEARNED_AT` tables of a shape a generated reader takes over."""
        registry = loads(WHOLE)
        rows = [json.loads(line) for line in dumps(registry, "jsonl").splitlines()]
        kinds = ("search", "selection", "forecast")
        head = [row for row in rows if row["type"] not in kinds]
        many = [
            {
                **row,
                "id": f"{row['id']}-{number}",
                **(
                    {"made": f"2019-01-{number % 28 + 1:02}", "by": f"p{number}"}
                    if "made" in row
                    else {}
                ),
            }
            for row in rows
            if row["type"] in kinds
            for number in range(LEARNED_AT + 5)
        ]
        people = [{"type": "speaker", "id": f"p{number}"} for number in range(LEARNED_AT + 5)]
        text = "".join(f"{json.dumps(row)}\n" for row in (*head, *people, *many))
        (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(text.encode()))

        loaded = load(tmp_path / "a.jsonl.gz")

        assert {one.probability for one in loaded.forecasts.values()} == {0.875}
        assert len(loaded.searches) == 2 * (LEARNED_AT + 5)
        assert len(loaded.selections) == 2 * (LEARNED_AT + 5)
        first, last = (f"archives-{number}" for number in (0, LEARNED_AT + 4))
        assert loaded.searches[last].where == loaded.searches[first].where


class TestRefusals:
    @pytest.mark.parametrize(
        ("lines", "problems"),
        [
            pytest.param(
                'id = "a"\nsearched = 2020-01-15\nwhere = "x"',
                [
                    (
                        "20:1: CT303 search 'a' has neither of 'claim' and 'fact'; "
                        "expected exactly one"
                    )
                ],
                id="about nothing",
            ),
            pytest.param(
                'id = "a"\nsearched = 2020-01-15\nwhere = "x"\nclaim = "soon"\nfact = "gas"',
                [("20:1: CT303 search 'a' has both of 'claim' and 'fact'; expected exactly one")],
                id="about two things",
            ),
            pytest.param(
                'id = "a"\nsearched = 2020-01-15\nclaim = "soon"',
                ["20:1: CT302 search 'a' the key 'where' is missing"],
                id="nowhere",
            ),
            pytest.param(
                'id = "a"\nsearched = "2020-01"\nwhere = "x"\nclaim = "soon"',
                [
                    (
                        "22:1: CT102 search 'a' searched '2020-01' is not one full day; "
                        "expected YYYY-MM-DD"
                    )
                ],
                id="in a month",
            ),
            pytest.param(
                'id = "a"\nsearched = 2020-01-15\nwhere = "x"\nfact = "gass"',
                [
                    (
                        "24:1: CT202 search 'a' fact 'gass' is not defined in any loaded "
                        "file; expected the id of a fact"
                    ),
                    "    hint: did you mean 'gas'?",
                ],
                id="on no fact",
            ),
            pytest.param(
                'id = "a"\nsearched = 2020-01-15\nwhere = "x"\nclaim = "sooner"',
                [
                    (
                        "24:1: CT202 search 'a' claim 'sooner' is not defined in any "
                        "loaded file; expected the id of a claim"
                    ),
                    "    hint: did you mean 'soon'?",
                ],
                id="on no claim",
            ),
        ],
    )
    def test_of_searches(self, lines, problems):
        assert told(of(lines, "search")) == problems

    @pytest.mark.parametrize(
        ("lines", "problems"),
        [
            pytest.param(
                'id = "a"',
                ["20:1: CT302 selection 'a' the key 'rule' is missing"],
                id="without a rule",
            ),
            pytest.param(
                'id = "a"\nrule = "all"\ntotal = 3\nincluded = 4',
                [
                    (
                        "24:1: CT340 selection 'a' included 4 is more than the total, "
                        "3; expected at most that"
                    )
                ],
                id="more than there were",
            ),
            pytest.param(
                'id = "a"\nrule = "all"\ntotal = -1',
                [("23:1: CT104 selection 'a' total -1 is out of bounds; expected 0 to 1000000")],
                id="less than none",
            ),
            pytest.param(
                'id = "a"\nrule = "all"\nspeaker = "ana"',
                [
                    (
                        "23:1: CT202 selection 'a' speaker 'ana' is not defined in any "
                        "loaded file; expected the id of a speaker"
                    ),
                    "    hint: did you mean 'anna'?",
                ],
                id="of no speaker",
            ),
            pytest.param(
                'id = "a"\nrule = "all"\nsource = "papers"',
                [
                    (
                        "23:1: CT202 selection 'a' source 'papers' is not defined in "
                        "any loaded file; expected the id of a source"
                    ),
                    "    hint: did you mean 'paper'?",
                ],
                id="of no source",
            ),
        ],
    )
    def test_of_selections(self, lines, problems):
        assert told(of(lines, "selection")) == problems

    @pytest.mark.parametrize(
        ("lines", "problems"),
        [
            pytest.param(
                'hedge = "very likely"',
                ["25:1: CT303 forecast 'f' hedge goes with 'map'"],
                id="words alone",
            ),
            pytest.param(
                'probability = 0.5\nmap = "icd-203"',
                ["26:1: CT303 forecast 'f' map goes with 'hedge'"],
                id="a map alone",
            ),
            pytest.param(
                'hedge = "very likely"\nmap = "icd-302"',
                [
                    (
                        "26:1: CT103 forecast 'f' map 'icd-302' is not a map of hedges; "
                        "expected one of icd-203, ipcc, kent"
                    ),
                    "    hint: did you mean 'icd-203'?",
                ],
                id="an unknown map",
            ),
            pytest.param(
                'hedge = "very likley"\nmap = "icd-203"',
                [
                    (
                        "25:1: CT103 forecast 'f' hedge 'very likley' is not a hedge of "
                        "the map 'icd-203'; expected one of almost certain, very likely, likely, "
                        "roughly even chance, unlikely, very unlikely, almost no chance"
                    ),
                    "    hint: did you mean 'very likely'?",
                ],
                id="an unknown hedge",
            ),
            pytest.param(
                'hedge = "very likely"\nmap = "icd-203"\nprobability = 0.9',
                [
                    (
                        "27:1: CT341 forecast 'f' probability 0.9 is not the number of "
                        "the hedge 'very likely' by the map 'icd-203', 0.875; expected that "
                        "number, or none beside a hedge"
                    )
                ],
                id="another number",
            ),
            pytest.param(
                'hedge = "very likely"\nmap = "icd-203"\ndistribution = { a = 0.5, b = 0.5 }',
                [
                    (
                        "20:1: CT303 forecast 'f' has both of 'probability' and "
                        "'distribution'; expected exactly one"
                    )
                ],
                id="options too",
            ),
            pytest.param(
                'note = "x"',
                [
                    (
                        "20:1: CT303 forecast 'f' has neither of 'probability' and "
                        "'distribution'; expected exactly one"
                    ),
                    "    hint: or a 'hedge' with its 'map'",
                ],
                id="no number at all",
            ),
        ],
    )
    def test_of_hedges(self, lines, problems):
        head = 'id = "f"\nby = "anna"\nclaim = "soon"\nmade = 2019-01-01\n'

        assert told(of(head + lines, "forecast")) == problems

    def test_of_editions(self):
        text = f'{BASE}status = "held"\nsigned = {{ on = 2020-01-01, edition = 3 }}\n'

        assert told(text) == [
            (
                "20:29: CT342 claim 'soon' signed.edition 3 is no edition of the rules "
                "that is known here; expected 1 to 2"
            ),
            "    hint: it was signed with a later version of claimtrack: update this one",
        ]


class TestHedges:
    @pytest.mark.parametrize(
        ("hedge", "map_", "probability"),
        [
            ("very likely", "icd-203", 0.875),
            ("Very-Likely", "icd-203", 0.875),
            ("highly probable", "icd-203", 0.875),
            ("very likely", "ipcc", 0.95),
            ("probable", "kent", 0.75),
            ("almost no chance", "icd-203", 0.03),
        ],
    )
    def test_the_number_is_that_of_the_map(self, hedge, map_, probability):
        forecast = Forecast(id="f", by="a", claim="c", made="2019", hedge=hedge, map=map_)

        assert (forecast.hedge, forecast.map) == (hedge, map_)
        assert forecast.probability == probability

    def test_the_same_number_beside_the_words_is_accepted_and_not_written_again(self):
        written = FORECASTS + "\nprobability = 0.875"
        registry = loads(of(written, "forecast"))

        assert registry == loads(of(FORECASTS, "forecast"))
        assert "probability" not in dumps(registry)


def test_a_paraphrase_is_a_kind_of_quote():
    claim = loads(WHOLE).claims["soon"]

    assert claim.quote_kind is QuoteKind.PARAPHRASE
    assert claim.is_paraphrase
    assert not loads(BASE).claims["soon"].is_paraphrase


def test_no_status_depends_on_a_search_or_a_selection():
    plain, remarked = loads(BASE), loads(of(SEARCH, "search") + f"\n[[selection]]\n{SELECTION}\n")

    for day in ("2019-06-01", "2020-01-01", "2020-02-01"):
        assert remarked.audit(day).outcomes == plain.audit(day).outcomes
