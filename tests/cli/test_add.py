"""Putting claims and evidence into a registry: by options, by answers, and never by mistake."""

import io
import sys
from pathlib import Path

import pytest

from claimtrack import dump, load
from claimtrack.cli.main import main

CLAIM = [
    *("new", "pipelines.toml", "--id", "more-gas", "--speaker", "miller", "--said", "2018-01"),
    *("--source", "press-2017", "--quote", "more gas"),
]
CRITERION = '{ event = "siberia/first-gas", by = 2030-12-31 }'
TWO = ["--requires", "2", "--requires-tier", "wire"]
ZERO = ["--requires", "0", "--yes"]
EVIDENCE = ["add", "evidence", "pipelines.toml", "--id", "more", "--source", "wire-2019"]


@pytest.fixture(autouse=True)
def here(pipelines, monkeypatch):
    monkeypatch.chdir(pipelines.parent)


def answer(monkeypatch, *lines):
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_a_claim_is_added_below_what_the_file_holds(pipelines, capsys):
    before = pipelines.read_text("utf-8")

    status = main([*CLAIM, "--criterion", CRITERION, "--topic", "energy", "--yes"])

    assert status == 0
    assert capsys.readouterr().out.endswith("added claim more-gas to pipelines.toml\n")
    assert pipelines.read_text("utf-8") == (
        f"{before}\n[[claim]]\n"
        'id = "more-gas"\nspeaker = "miller"\nsaid = "2018-01"\nsource = "press-2017"\n'
        f'quote = "more gas"\ncriterion = {CRITERION}\ntopics = ["energy"]\n'
    )


def test_what_is_not_given_is_asked_for(pipelines, monkeypatch):
    answer(monkeypatch, "miller", "2018-02-03", "wire-2019", "so be it", "", "a norm", "asked", "y")

    assert main(["new", "pipelines.toml"]) == 0

    claim = load(pipelines).claims["asked"]
    assert (claim.quote, claim.not_checkable, claim.said.text) == (
        "so be it",
        "a norm",
        "2018-02-03",
    )


@pytest.mark.parametrize(
    ("words", "answers", "expected"),
    [
        (
            ["--fact", "siberia/first-gas", "--happened", "2019-12-01"],
            [],
            {"happened": "2019-12-01"},
        ),
        (["--fact", "siberia/first-gas"], ["2019-11"], {"happened": "2019-11"}),
        (
            ["--fact", "siberia/first-gas", "--not-happened", "../2019-06"],
            [],
            {"not_happened": "../2019-06"},
        ),
        (
            ["--fact", "siberia/flow", "--value", "0.5", "--when", "2019-12-02"],
            [],
            {"value": "0.5", "when": "2019-12-02"},
        ),
        ([], ["siberia/flow", "3", "2019-12-01"], {"value": "3", "when": "2019-12-01"}),
        (["--claim", "gas-by-2019", "--stance", "supports"], [], {"stance": "supports"}),
        (["--claim", "gas-by-2019"], ["refutes"], {"stance": "refutes"}),
    ],
)
def test_evidence_of_every_kind_is_added(pipelines, monkeypatch, words, answers, expected):
    answer(monkeypatch, *answers)

    assert main([*EVIDENCE, *words, "--yes"]) == 0

    added = load(pipelines).evidence["more"]
    assert {key: str(getattr(added, key)) for key in expected} == expected


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        pytest.param(
            [*CLAIM, "--criterion", CRITERION.replace("first", "last"), "--yes"],
            3,
            "CT202 claim 'more-gas' criterion.event 'siberia/last-gas' is not defined",
            id="a fact that is not there",
        ),
        pytest.param(
            [*CLAIM[:3], "gas-by-2019", *CLAIM[4:], "--not-checkable", "x", "--yes"],
            3,
            "CT201 claim id 'gas-by-2019' is taken",
            id="an id that is taken",
        ),
        pytest.param(
            [*CLAIM, "--criterion", "{ event", "--yes"],
            2,
            "CT002 criterion '{ event' is not TOML: Expected '=' after a key in a key/value pair\n",
            id="no TOML",
        ),
        pytest.param(
            [*CLAIM, "--criterion", "event = 'f', by = 2020", "--yes"],
            2,
            "CT002 criterion \"event = 'f', by = 2020\" is not TOML: Invalid value\n"
            '    hint: a criterion is written in braces: { event = "f", by = "2020" }\n',
            id="no braces",
        ),
        pytest.param(
            [*CLAIM, "--criterion", "{ event = 'f', by = 2019-11-31 }", "--yes"],
            2,
            "CT002 criterion \"{ event = 'f', by = 2019-11-31 }\" is not TOML: "
            "'2019-11-31' has no such day; expected a day from 01 to 30\n",
            id="no day",
        ),
        pytest.param(
            [*CLAIM, "--criterion", '{}\n[[speaker]]\nid = "x"', "--yes"],
            2,
            "is more than one value",
            id="more than a criterion",
        ),
        pytest.param(
            [*CLAIM, "--not-checkable", "x", "--due", "soon", "--yes"],
            3,
            "CT102 claim 'more-gas' due 'soon'",
            id="no span",
        ),
        pytest.param(
            [*CLAIM, "--not-checkable", "x", "--file", "../other.toml", "--yes"],
            2,
            "'../other.toml' is no file of the registry 'pipelines.toml'",
            id="a file elsewhere",
        ),
        pytest.param(
            [*EVIDENCE, "--fact", "siberia/first-gas", "--happened", "2021", "--yes"],
            3,
            "CT307 evidence 'more' happened '2021'",
            id="what had not yet happened",
        ),
        pytest.param(
            ["add", "fact", "pipelines.toml", "--id", "x", "--kind", "state", "--once", "--yes"],
            3,
            "CT305 fact 'x' once belongs to a fact of kind 'event'; this one is 'state'",
            id="a key of another kind",
        ),
        pytest.param(
            [
                "add",
                "fact",
                "pipelines.toml",
                *["--id", "x", "--kind", "event", "--requires", "0", "--yes"],
            ],
            3,
            "CT104 fact 'x' requires 0 is out of bounds",
            id="a number out of bounds",
        ),
        pytest.param(
            [*EVIDENCE, "--fact", "siberia/flow", "--value", "1", "--yes"],
            2,
            "Error: --when is missing.\n",
            id="something that nobody is there to be asked for",
        ),
        pytest.param(
            ["add", "evidence", "pipelines.toml", "--id", "more", "--yes"],
            2,
            "Error: --source is missing.\n",
            id="something that all evidence needs",
        ),
        pytest.param(
            [*EVIDENCE, "--yes"],
            2,
            "Error: --fact or --claim is missing.\n",
            id="what it reports on",
        ),
        pytest.param(
            [*EVIDENCE, "--claim", "gas-by-2019", "--yes"],
            2,
            "Error: --stance is missing.\n",
            id="a stance",
        ),
        pytest.param(
            [*CLAIM, "--yes"],
            2,
            "Error: --criterion or --not-checkable is missing.\n",
            id="a criterion",
        ),
        pytest.param(
            [*EVIDENCE, "--fact", "siberia/flow", "--claim", "gas-by-2019", "--yes"],
            2,
            "Error: --fact and --claim exclude each other.\n",
            id="a fact and a claim",
        ),
        pytest.param(
            [*EVIDENCE, "--fact", "siberia/fist-gas", "--happened", "2019", "--yes"],
            3,
            "CT202 evidence 'more' fact 'siberia/fist-gas' is not defined in any loaded file; "
            "expected the id of a fact\n    hint: did you mean 'siberia/first-gas'?\n",
            id="a slip in a fact",
        ),
        pytest.param(
            [*EVIDENCE, "--fact", "siberia/fist-gas", "--yes"],
            2,
            "CT402 fact 'siberia/fist-gas' is not in this registry; did you mean",
            id="a slip in a fact of which nothing is told",
        ),
    ],
)
def test_a_mistake_changes_nothing(pipelines, monkeypatch, capsys, words, status, told):
    answer(monkeypatch)
    before = {path: path.read_bytes() for path in pipelines.parent.iterdir()}

    assert main(words) == status

    assert told in capsys.readouterr().err
    assert {path: path.read_bytes() for path in pipelines.parent.iterdir()} == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(
            [
                *("new", "pipelines.toml", "--id", "gas-by-2019", "--speaker", "milller"),
                *("--said", "soon", "--source", "pres-2017", "--quote", "more gas", "--yes"),
                *("--criterion", '{ event = "siberia/fist-gas", by = 2030-12-31 }'),
            ],
            "CT201 claim id 'gas-by-2019' is taken; expected ids to be unique in a registry\n"
            "CT102 claim 'gas-by-2019' said 'soon' is not a date; expected EDTF such as "
            "'2019-12-02', '2019-12', '2019', '201X' or '2019-12-02/2020-01'\n"
            "CT202 claim 'gas-by-2019' speaker 'milller' is not defined in any loaded file; "
            "expected the id of a speaker\n"
            "    hint: did you mean 'miller'?\n"
            "CT202 claim 'gas-by-2019' source 'pres-2017' is not defined in any loaded file; "
            "expected the id of a source\n"
            "    hint: did you mean 'press-2017'?\n"
            "CT202 claim 'gas-by-2019' criterion.event 'siberia/fist-gas' is not defined in any "
            "loaded file; expected the id of a fact\n"
            "    hint: did you mean 'siberia/first-gas'?\n",
            id="a claim",
        ),
        pytest.param(
            [
                *("add", "evidence", "pipelines.toml", "--id", "more", "--source", "wir-2019"),
                *("--fact", "siberia/fist-gas", "--happened", "soon", "--yes"),
            ],
            "CT102 evidence 'more' happened 'soon' is not a date; expected EDTF such as "
            "'2019-12-02', '2019-12', '2019', '201X' or '2019-12-02/2020-01'\n"
            "CT202 evidence 'more' source 'wir-2019' is not defined in any loaded file; "
            "expected the id of a source\n"
            "    hint: did you mean 'wire-2019'?\n"
            "CT202 evidence 'more' fact 'siberia/fist-gas' is not defined in any loaded file; "
            "expected the id of a fact\n"
            "    hint: did you mean 'siberia/first-gas'?\n",
            id="evidence",
        ),
    ],
)
def test_every_mistake_of_a_run_is_told_of(capsys, words, told):
    assert main(words) == 3
    assert capsys.readouterr().err == told


def test_nothing_is_added_before_a_yes(pipelines, monkeypatch, capsys):
    before = pipelines.read_bytes()
    answer(monkeypatch, "n")

    assert main([*CLAIM, "--not-checkable", "x"]) == 1
    assert pipelines.read_bytes() == before
    assert capsys.readouterr().out.endswith("nothing is added\n")


@pytest.mark.parametrize(
    ("words", "block"),
    [
        (
            ["speaker", "--id", "lu", "--name", "Lu Kang", "--note", "a spokesman"],
            '[[speaker]]\nid = "lu"\nname = "Lu Kang"\nnote = "a spokesman"\n',
        ),
        (
            ["source", "--id", "tass", "--published", "2019-12", "--tier", "wire"],
            '[[source]]\nid = "tass"\npublished = "2019-12"\ntier = "wire"\n',
        ),
        (
            ["fact", "--id", "link", "--kind", "event", "--once", *TWO],
            (
                '[[fact]]\nid = "link"\nkind = "event"\nonce = true\nrequires = 2\n'
                'requires_tiers = ["wire"]\n'
            ),
        ),
        (
            ["fact", "--id", "km", "--kind", "quantity", "--unit", "km", "--cumulative"],
            '[[fact]]\nid = "km"\nkind = "quantity"\nunit = "km"\ncumulative = true\n',
        ),
    ],
)
def test_records_of_other_kinds_are_added(pipelines, words, block):
    before = pipelines.read_text("utf-8")

    assert main(["add", words[0], "pipelines.toml", *words[1:], "--yes"]) == 0

    assert pipelines.read_text("utf-8") == f"{before}\n{block}"


def test_what_is_welcome_is_asked_for_and_may_be_left_open(pipelines, monkeypatch):
    answer(monkeypatch, "tass", "", "y")

    assert main(["add", "source", "pipelines.toml"]) == 0
    assert load(pipelines).sources["tass"].published is None


def test_the_kind_of_a_fact_is_asked_for(pipelines, monkeypatch):
    answer(monkeypatch, "link", "state", "y")

    assert main(["add", "fact", "pipelines.toml"]) == 0
    assert load(pipelines).facts["link"].kind == "state"


@pytest.fixture
def folder(pipelines):
    """The same registry as a folder, with a second file of evidence."""
    dump(load(pipelines), "folder")
    (Path("folder") / "flow.toml").write_text(
        '[[evidence]]\nid = "flow-2"\nfact = "siberia/flow"\nsource = "wire-2019"\n'
        "value = 0.3\nwhen = 2019-12-01  # no line end",
        "utf-8",
    )
    return Path("folder")


def test_evidence_goes_to_the_file_of_its_fact(folder):
    words = ["--fact", "siberia/flow", "--value", "[1, 2]", "--when", "2019-11-30", "--yes"]

    assert main(["add", "evidence", "folder", *EVIDENCE[3:], *words]) == 0

    text = (folder / "flow.toml").read_text("utf-8")
    assert text.endswith(
        'no line end\n\n[[evidence]]\nid = "more"\nsource = "wire-2019"\nfact = "siberia/flow"\n'
        "value = [1, 2]\nwhen = 2019-11-30\n"
    )
    assert "more" in load(folder).evidence


def test_the_file_can_be_named(folder):
    words = ["--fact", "siberia/flow", "--value", "1", "--when", "2019-11-30", "--yes"]

    main(["add", "evidence", "folder", *EVIDENCE[3:], *words, "--file", "folder/new.toml"])

    assert (folder / "new.toml").read_text("utf-8").startswith('[[evidence]]\nid = "more"\n')


def test_a_line_is_added_to_json_lines(pipelines):
    dump(load(pipelines), "registry.jsonl")

    main(["new", "registry.jsonl", *CLAIM[2:], "--not-checkable", "x", "--yes"])

    assert Path("registry.jsonl").read_text("utf-8").splitlines()[-1] == (
        '{"type": "claim", "id": "more-gas", "speaker": "miller", "said": "2018-01", '
        '"source": "press-2017", "quote": "more gas", "not_checkable": "x"}'
    )


SEARCH = ["add", "search", "pipelines.toml", "--id", "archives"]


def test_a_search_is_added_below_what_the_file_holds(pipelines, capsys):
    before = pipelines.read_text("utf-8")
    words = [*("--claim", "gas-by-2019", "--searched", "2020-01-15", "--where", "the archives")]

    status = main([*SEARCH, *words, "--words", "first gas", "--by", "the desk", "--yes"])

    assert status == 0
    assert capsys.readouterr().out.endswith("added search archives to pipelines.toml\n")
    assert pipelines.read_text("utf-8") == (
        f'{before}\n[[search]]\nid = "archives"\nsearched = 2020-01-15\nwhere = "the archives"\n'
        'claim = "gas-by-2019"\nwords = "first gas"\nby = "the desk"\n'
    )


def test_what_is_not_given_of_a_search_is_asked_for(pipelines, monkeypatch):
    answer(monkeypatch, "gas-by-2019", "2020-01-15", "the archives", "y")

    assert main(SEARCH) == 0

    search = load(pipelines).searches["archives"]
    assert (search.claim, search.searched.text, search.where) == (
        "gas-by-2019",
        "2020-01-15",
        "the archives",
    )


def test_a_search_is_for_a_claim_or_for_a_fact(pipelines, capsys):
    before = pipelines.read_text("utf-8")

    assert main([*SEARCH, "--claim", "gas-by-2019", "--fact", "siberia/flow"]) == 2
    assert "--fact and --claim exclude each other." in capsys.readouterr().err
    assert pipelines.read_text("utf-8") == before


def test_a_selection_is_added_below_what_the_file_holds(pipelines, capsys):
    before = pipelines.read_text("utf-8")
    words = ["--rule", "every forecast", "--total", "9", "--included", "3", "--speaker", "miller"]

    status = main(["add", "selection", "pipelines.toml", "--id", "all", *words, "--yes"])

    assert status == 0
    assert capsys.readouterr().out.endswith("added selection all to pipelines.toml\n")
    assert pipelines.read_text("utf-8") == (
        f'{before}\n[[selection]]\nid = "all"\nrule = "every forecast"\ntotal = 9\n'
        'included = 3\nspeaker = "miller"\n'
    )


def test_a_selection_that_keeps_more_than_there_were_is_not_added(pipelines, capsys):
    before = pipelines.read_text("utf-8")
    words = ["--rule", "every forecast", "--total", "0", "--included", "3", "--yes"]

    assert main(["add", "selection", "pipelines.toml", "--id", "all", *words]) == 3
    assert "CT340 selection 'all' included 3 is more than the total, 0" in capsys.readouterr().err
    assert pipelines.read_text("utf-8") == before
