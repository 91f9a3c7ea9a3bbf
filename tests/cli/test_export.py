"""``claimtrack export --as-of``: a registry as it was known on a day."""

import hashlib
import json
from pathlib import Path

import pytest

import claimtrack
from claimtrack.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "china_russia_2017"

REGISTRY = """\
[registry]
title = "Pipes"
note = "Kept since 2026."

[[speaker]]
id = "anna"
note = "Was right in the end."
roles = [{ title = "Minister", since = "2018", until = 2020-03-01 }]

[[speaker]]
id = "ben"

[[source]]
id = "paper-2017"
published = 2017-07-06
retrieved = 2021-01-01
archived_url = "https://archive.example/1"

[[source]]
id = "paper-2019"
title = "Gas flows"
published = 2019-12-02
publisher = "Paper"

[[fact]]
id = "first-gas"
kind = "event"

[[fact]]
id = "second-line"
kind = "event"

[[evidence]]
id = "gas-tests"
fact = "first-gas"
source = "paper-2017"
happened = 2017-07-05
withdrawn = 2019-12-02
withdrawn_because = "It was a test."

[[evidence]]
id = "gas-flows"
fact = "first-gas"
source = "paper-2019"
happened = 2019-12-02
supersedes = ["gas-tests"]

[[evidence]]
id = "no-day"
fact = "first-gas"
source = "paper-2019"
published = "2019/.."
happened = 2019-12-02

[[claim]]
id = "by-2019"
speaker = "anna"
said = 2017-07-04
source = "paper-2017"
quote = "Gas will flow by the end of 2019."
criterion = { event = "first-gas", by = 2019-12-31 }
appearances = ["paper-2019"]
status = "held"
signed = { on = 2019-12-03, by = "ed" }

[[claim]]
id = "it-flows"
speaker = "ben"
said = 2019-12-02
source = "paper-2019"
quote = "It flows."
repeats = ["by-2019"]
criterion = { event = "second-line", by = "2025" }

[[forecast]]
id = "early"
by = "anna"
claim = "by-2019"
made = 2018-01-01
probability = 0.5
withdrawn = 2019-12-02

[[forecast]]
id = "afterwards"
by = "anna"
claim = "by-2019"
made = 2019-12-02
probability = 1.0

[[assessment]]
id = "rated"
claim = "by-2019"
by = "Checkers"
scale = "politifact-promises"
rating = "Promise Kept"
published = 2019-12-02

[[search]]
id = "sought"
claim = "by-2019"
searched = 2019-11-01
where = "archives"

[[selection]]
id = "chosen"
rule = "All of one speech."
"""


@pytest.fixture
def pipes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("pipes").mkdir()
    Path("pipes/all.toml").write_text(REGISTRY, "utf-8")
    return tmp_path


def export(*options):
    return main(["export", "pipes", *options])


def test_a_folder_holds_what_was_known_on_the_day_and_nothing_of_the_next(pipes, capsys):
    assert export("--as-of", "2019-12-01", "-o", "then") == 0

    message = "wrote 7 of 16 records to then, and left out 11 fields of these"
    assert capsys.readouterr() == ("", f"{message}; --ledger FILE names what was left out\n")
    for file in Path("then").iterdir():
        assert "2019-12-02" not in file.read_text("utf-8")
    then = claimtrack.load("then")
    assert [list(one) for one in then.record_maps()] == [
        ["anna"],
        ["paper-2017"],
        ["first-gas"],
        ["gas-tests"],
        ["by-2019"],
        ["early"],
        [],
        [],
        ["sought"],
        [],
    ]
    claim = then.claims["by-2019"]
    assert (claim.status, claim.signed, claim.appearances) == (None, None, ())
    assert then.evidence["gas-tests"].withdrawn is None
    assert then.forecasts["early"].withdrawn is None
    assert then.speakers["anna"].roles[0].until is None


def test_the_day_itself_counts(pipes):
    assert export("--as-of", "2019-12-02", "-o", "then") == 0

    then = claimtrack.load("then")
    assert list(then.evidence) == ["gas-tests", "gas-flows"]
    assert then.evidence["gas-tests"].withdrawn_because == "It was a test."
    assert list(then.claims) == ["by-2019", "it-flows"]
    assert list(then.assessments) == ["rated"]


def test_a_source_that_appeared_later_keeps_only_what_reports_need(pipes):
    text = REGISTRY.replace("said = 2019-12-02\n", "said = 2019-11-30\n")
    Path("pipes/all.toml").write_text(text, "utf-8")

    assert export("--as-of", "2019-12-01", "-o", "then") == 0

    source = claimtrack.load("then").sources["paper-2019"]
    assert (source.title, source.published, source.publisher) == (None, None, "Paper")


def test_the_other_axis_goes_by_the_day_of_entry(pipes):
    text = REGISTRY.replace(
        'id = "gas-flows"\n', 'id = "gas-flows"\nrecorded = 2020-01-05\n'
    ).replace('id = "gas-tests"\n', 'id = "gas-tests"\nrecorded = 2020-01-07\n')
    Path("pipes/all.toml").write_text(text, "utf-8")

    assert export("--as-of", "2020-01-06", "--known-by", "recorded", "-o", "then") == 0

    then = claimtrack.load("then")
    assert list(then.evidence) == ["gas-flows"]
    assert list(then.assessments) == []
    assert json.loads(Path("then/certificate.json").read_text())["known_by"] == "recorded"


def test_the_certificate_says_what_the_folder_is_and_its_digest(pipes):
    assert export("--as-of", "2019-12-01", "-o", "then") == 0

    found = json.loads(Path("then/certificate.json").read_text("utf-8"))
    files = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(Path("then").glob("*.toml"))
    }
    lines = "".join(f"{digest}  {name}\n" for name, digest in files.items())
    assert found["copies"] == {}
    assert found["as_of"] == "2019-12-01"
    assert found["known_by"] == "published"
    assert found["files"] == files
    assert found["sha256"] == hashlib.sha256(lines.encode()).hexdigest()
    assert found["records"] == {
        "speakers": 1,
        "sources": 1,
        "facts": 1,
        "evidence": 1,
        "claims": 1,
        "forecasts": 1,
        "searches": 1,
    }
    assert list(found["left_out"]) == [
        "not-yet-said",
        "known-later",
        "undated",
        "named-by-nothing",
        "names-what-is-left-out",
    ]


def test_the_ledger_names_all_that_was_left_out_and_why(pipes):
    assert export("--as-of", "2019-12-01", "-o", "then", "--ledger", "left.csv") == 0

    assert Path("left.csv").read_text("utf-8").splitlines() == [
        "what,at,field,why",
        "field,registry,note,undated",
        "field,speaker anna,roles,known-later",
        "field,speaker anna,note,undated",
        "row,speaker ben,,named-by-nothing",
        "field,source paper-2017,archived_url,undated",
        "field,source paper-2017,retrieved,known-later",
        "row,source paper-2019,,named-by-nothing",
        "row,fact second-line,,named-by-nothing",
        "field,evidence gas-tests,withdrawn,known-later",
        "field,evidence gas-tests,withdrawn_because,known-later",
        "row,evidence gas-flows,,known-later",
        "row,evidence no-day,,undated",
        "field,claim by-2019,status,known-later",
        "field,claim by-2019,signed,known-later",
        "field,claim by-2019,appearances,names-what-is-left-out",
        "row,claim it-flows,,not-yet-said",
        "field,forecast early,withdrawn,known-later",
        "row,forecast afterwards,,known-later",
        "row,assessment rated,,known-later",
        "row,selection chosen,,undated",
    ]


def test_what_was_entered_later_changes_no_byte_of_the_folder(pipes):
    assert export("--as-of", "2019-12-01", "-o", "before") == 0
    with Path("pipes/all.toml").open("a", encoding="utf-8") as file:
        file.write(
            '[[source]]\nid = "paper-2021"\npublished = 2021-01-01\n'
            '[[evidence]]\nid = "later"\nfact = "first-gas"\nsource = "paper-2021"\n'
            'happened = 2019-12-02\nsupersedes = ["gas-tests"]\n'
        )
    assert export("--as-of", "2019-12-01", "-o", "after") == 0

    names = sorted(file.name for file in Path("before").iterdir())
    assert names == sorted(file.name for file in Path("after").iterdir())
    for name in names:
        assert Path("before", name).read_bytes() == Path("after", name).read_bytes()


def test_another_format_can_hold_what_was_known_on_a_day_too(pipes, capsys):
    assert export("--to", "claimreview", "--as-of", "2019-12-01") == 0
    assert json.loads(capsys.readouterr().out) == []

    assert export("--to", "claimreview", "--as-of", "2019-12-02") == 0
    (review,) = json.loads(capsys.readouterr().out)
    assert review["datePublished"] == "2019-12-02"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "expected --to FORMAT, or --as-of DAY with -o FOLDER."),
        (["-o", "then"], "expected --to FORMAT, or --as-of DAY with -o FOLDER."),
        (["--as-of", "2019-12-01"], "a registry as of a day is a folder; expected -o FOLDER."),
        (
            ["--as-of", "2019-12-01", "-o", "taken"],
            "'taken' holds 'mine.txt' already; expected a new or empty folder",
        ),
        (
            ["--as-of", "2019-12-01", "-o", "a-file"],
            "'a-file' is no folder; expected a new or empty folder",
        ),
        (
            ["--as-of", "2019-12-01", "-o", "pipes/then"],
            "'pipes/then' lies in the registry 'pipes'; expected a place elsewhere",
        ),
        (["--as-of", "2019-12-01", "-o", "then", "--like", "a.csv"], "--like goes with --to csv."),
        (
            ["--as-of", "2019-12-01", "-o", "then", "--ledger", "then/left.csv"],
            "'then/left.csv' names what 'then' must not hold; expected a file elsewhere",
        ),
    ],
)
def test_what_cannot_be_exported_is_refused_and_nothing_is_written(pipes, capsys, options, message):
    Path("taken").mkdir()
    Path("taken/mine.txt").write_text("mine", "utf-8")
    Path("a-file").write_text("mine", "utf-8")

    assert export(*options) == 2

    assert capsys.readouterr().err.splitlines()[-1] == f"Error: {message}"
    assert not Path("then").exists()
    assert [file.name for file in Path("taken").iterdir()] == ["mine.txt"]
    assert [file.name for file in Path("pipes").iterdir()] == ["all.toml"]


def test_nothing_is_written_where_nothing_was_known(pipes, capsys):
    Path("pipes/all.toml").write_text('[[speaker]]\nid = "anna"\n', "utf-8")

    assert export("--as-of", "2019-12-01", "-o", "then") == 4

    message = "nothing was known on 2019-12-01; nothing is written\n"
    assert capsys.readouterr() == ("", message)
    assert not Path("then").exists()


def test_the_example_exported_has_the_verdicts_of_the_whole(tmp_path):
    options = ["--as-of", "2019-12-01", "-o", str(tmp_path / "then")]
    assert main(["export", str(EXAMPLE), *options]) == 0

    then, whole = claimtrack.load(tmp_path / "then"), claimtrack.load(EXAMPLE)
    assert list(then.audit("2019-12-01")) == list(whole.audit("2019-12-01"))


LATER_WORDS = """\
occasions = [
  { said = 2018-05-01, source = "paper-2018", quote = "Gas will flow in time." },
  { said = 2019-12-02, source = "paper-2019" },
]
retracted = 2019-12-02
retracted_words = "I was wrong."
retracted_source = "paper-2019"
annulled = 2019-12-02
annulled_because = "It was about another line."
annulled_kind = "ambiguous"
"""


def test_words_that_were_said_again_or_taken_back_later_are_left_out(pipes):
    source = '[[source]]\nid = "paper-2018"\npublished = 2018-05-01\n\n[[fact]]\nid = "first-gas"'
    text = REGISTRY.replace('[[fact]]\nid = "first-gas"', source)
    text = text.replace('appearances = ["paper-2019"]\n', LATER_WORDS)
    Path("pipes/all.toml").write_text(text, "utf-8")

    assert export("--as-of", "2019-12-01", "-o", "before") == 0
    assert export("--as-of", "2019-12-02", "-o", "after") == 0

    before = claimtrack.load("before").claims["by-2019"]
    after = claimtrack.load("after").claims["by-2019"]
    assert [one.source for one in before.occasions] == ["paper-2018"]
    assert (before.retracted, before.annulled, before.annulled_kind) == (None, None, None)
    assert [one.source for one in after.occasions] == ["paper-2018", "paper-2019"]
    assert after.retracted_source == "paper-2019"
    assert after.annulled_because == "It was about another line."
