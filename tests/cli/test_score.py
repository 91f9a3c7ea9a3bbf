"""``claimtrack score`` and ``claimtrack rate``."""

import json
from pathlib import Path

import pytest

from claimtrack.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "china_russia_2017"

REGISTRY = """
[[speaker]]
id = "ann"
name = "Ann \\u001b[31mRed"

[[speaker]]
id = "bob"

[[source]]
id = "paper"
published = 2018-01-10

[[source]]
id = "yearbook"
published = 2019-01-15

[[fact]]
id = "gas"
kind = "event"
title = "Gas"
once = true

[[fact]]
id = "rail"
kind = "event"
title = "Rail"

[[evidence]]
id = "gas-flows"
source = "yearbook"
fact = "gas"
happened = 2019-01-12

[[evidence]]
id = "no-rail"
source = "yearbook"
fact = "rail"
not_happened = "../2018-12-31"

[[claim]]
id = "gas-by-2018"
speaker = "ann"
said = 2018-01-10
source = "paper"
quote = "gas will flow by the end of 2018, and trains will run"
kind = "promise"
criterion = { event = "gas", by = 2018-12-31 }

[[claim]]
id = "rail-by-2018"
speaker = "ann"
said = 2018-01-10
source = "paper"
quote = "trains will run"
kind = "promise"
criterion = { event = "rail", by = 2018-12-31 }

[[claim]]
id = "gas-by-2019"
speaker = "bob"
said = 2019-01-20
source = "paper"
quote = "gas flows before 2020"
kind = "promise"
criterion = { event = "gas", by = 2019-12-31 }

[[forecast]]
id = "bob-on-gas"
by = "bob"
claim = "gas-by-2018"
made = 2018-02-01
probability = 0.3

[[forecast]]
id = "bob-too-late"
by = "bob"
claim = "gas-by-2018"
made = 2019-01-16
probability = 0.0

[[assessment]]
id = "one"
claim = "gas-by-2018"
by = "Desk One"
scale = "truth-o-meter"
rating = "False"

[[assessment]]
id = "two"
claim = "gas-by-2018"
by = "Desk Two"
scale = "truth-o-meter"
rating = "barely-true"
"""


SCORES = (
    "speaker,speaker_name,rank,claims,made,matured,decided,points,share,interval_low,interval_high,"
    "at_worst,at_best,lower_bound,counts_held,counts_late,counts_partly,counts_failed,"
    "counts_conflicting,counts_pending,counts_overdue,counts_not_enough_evidence,"
    "counts_not_checkable,counts_annulled,counts_after_the_fact\n"
    "ann,Ann ␛[31mRed,,2,1,1,1,0.0,0.0,0.0,0.7934506856227626,0.0,0.0,0.0,0,0,0,1,0,0,0,0,0,0,0\n"
    "bob,,,1,1,0,0,0.0,,0.0,1.0,,,0.0,0,0,0,0,0,0,0,0,0,0,1\n"
)
AGREEMENT = (
    "scale,scale_title,assessors,claims,percent,fleiss,alpha_nominal,alpha_ordinal,"
    "disputed,unknown,unscored,contradictory\n"
    "truth-o-meter,PolitiFact Truth-O-Meter,Desk One; Desk Two,1,0.0,-1.0,0.0,0.0,gas-by-2018,,,"
    "\n"
)
ENDS = ("low", "high")


@pytest.fixture
def registry(tmp_path):
    path = tmp_path / "registry.toml"
    path.write_text(REGISTRY, encoding="utf-8")
    return str(path)


def run(capsys, *arguments):
    status = main([*arguments, "--as-of", "2020-06-01"])
    printed = capsys.readouterr()
    assert printed.err == ""
    assert status == 0
    return printed.out


def test_a_record_prints_every_count_and_what_was_merged(registry, capsys):
    shown = run(capsys, "score", registry, "--details")

    assert "0 decided claims: too few to say" in shown
    assert "1 decided claim: too few to say" in shown
    assert "Counted as one (1):\n  gas-by-2018, rail-by-2018 (one sentence)\n" in shown
    assert "no credit to anybody: gas-by-2019." in shown
    assert "Counting: strict." in shown


def test_a_score_in_one_look_has_a_row_for_each_with_enough_decided_claims(registry, capsys):
    shown = run(capsys, "score", registry, "--min-decided", "1")

    assert shown.startswith("Track records by speaker, as of 2020-06-01\n\nspeaker ")
    assert "0 of 1     0%         0–79%  0\n" in shown
    assert "Fewer than 1 decided claim, which says little: bob 0 of 0.\n" in shown
    assert (
        "Counting: strict. Only claims that held, in full and on time, count as held; what came "
        "late or in part counts as decided and not held.\n"
    ) in shown


def test_a_score_without_anybody_with_enough_decided_claims_has_no_table(registry, capsys):
    shown = run(capsys, "score", registry)

    assert shown.startswith("Fewer than 10 decided claims, which says little: Ann ")
    assert "interval" not in shown


def test_of_many_others_some_are_named_and_the_rest_counted(capsys):
    shown = run(capsys, "score", str(EXAMPLE))

    line = next(line for line in shown.splitlines() if line.startswith("Fewer than 10"))
    assert line.endswith(" more.")
    assert line.count(" of ") >= 20


def test_the_same_records_are_drawn(registry, capsys, tmp_path):
    pytest.importorskip("matplotlib", reason="the extra 'plot' is not installed")
    picture, other = tmp_path / "scores.svg", tmp_path / "record.svg"

    run(capsys, "score", registry, "--min-decided", "1", "--plot", str(picture))
    run(capsys, "plot", "record", registry, "--min-decided", "1", "-o", str(other))

    assert picture.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--plot", "x.gif"], "Cannot write 'x.gif'; expected a name in .svg, .png, .pdf."),
        (["--plot", "x.svg", "--forecasts"], "--plot goes with track records."),
        (["--plot", "x.svg", "--assessments"], "--plot goes with track records."),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_told(registry, capsys, words, told):
    assert main(["score", registry, *words]) == 2
    assert told in capsys.readouterr().err


def test_other_peoples_words_do_not_act_in_the_table(registry, capsys):
    assert "\x1b" not in run(capsys, "score", registry)
    assert "\x1b" not in run(capsys, "score", registry, "--details")


def test_csv_has_all_columns_in_one_table(registry, capsys):
    assert run(capsys, "score", registry, "--format", "csv") == SCORES


def test_json_lines_have_the_numbers_of_the_json_form(registry, capsys):
    records = json.loads(run(capsys, "score", registry, "--format", "json"))["records"]

    lines = run(capsys, "score", registry, "--format", "jsonl").splitlines()

    for line, record in zip(map(json.loads, lines), records, strict=True):
        flat = {key: record[key] for key in record if key in line}
        flat |= {"speaker": record["key"], "speaker_name": line["speaker_name"]}
        flat |= dict(zip(("interval_low", "interval_high"), record["interval"], strict=True))
        for name, count in record["counts"].items():
            flat[f"counts_{name.replace('-', '_').replace(' ', '_')}"] = count
        assert line == flat


@pytest.mark.parametrize("by", ["source", "topic", "kind"])
def test_only_speakers_have_a_column_for_a_name(by, registry, capsys):
    lines = run(capsys, "score", registry, "--by", by, "--format", "csv").splitlines()

    keys = {"source": "paper", "topic": "", "kind": "promise"}
    assert lines[0].startswith(f"{by},rank,claims,made,")
    assert [line.partition(",")[0] for line in lines[1:]] == [keys[by]]


def test_json_is_one_object(registry, capsys):
    found = json.loads(run(capsys, "score", registry, "--format", "json", "--counting", "half"))

    assert found["as_of"] == "2020-06-01"
    assert found["counting"] == "half"
    assert [record["key"] for record in found["records"]] == ["ann", "bob"]
    assert found["records"][0]["merged"] == [
        {"claims": ["gas-by-2018", "rail-by-2018"], "because": ["one sentence"]}
    ]


@pytest.mark.parametrize("by", ["speaker", "source", "topic", "kind"])
def test_the_example_registry_has_records_of_every_sort(by, capsys):
    shown = run(capsys, "score", str(EXAMPLE), "--by", by, "--details")

    assert shown.startswith(f"Track records by {by}, as of 2020-06-01 (strict counting)\n")


def test_forecasts_are_scored_and_those_made_too_late_are_named(registry, capsys):
    shown = run(capsys, "score", registry, "--forecasts")

    assert "0.090" in shown
    assert "Not scored, made when the outcome was known (1): bob-too-late." in shown
    assert "bob: 1 scored claim: too few to say." in shown
    assert "seed 0" in shown


def test_intervals_of_forecasts_are_not_drawn_where_they_are_not_wanted(
    registry, capsys, monkeypatch
):
    monkeypatch.delattr("claimtrack.score.forecasts.bootstrap_mean")

    shown = run(capsys, "score", registry, "--forecasts", "--no-interval")

    assert "0.090" in shown
    assert "seed" not in shown


def test_scores_of_forecasts_as_json(registry, capsys):
    found = json.loads(run(capsys, "score", registry, "--forecasts", "--format", "json"))

    (forecaster,) = found["forecasters"]
    assert forecaster["means"]["brier"] == pytest.approx(0.09)
    assert found["left_out"] == {"made when the outcome was known": ["bob-too-late"]}


def test_scores_of_forecasts_in_one_table_for_programs(registry, capsys):
    found = json.loads(run(capsys, "score", registry, "--forecasts", "--format", "jsonl"))
    names, cells = run(capsys, "score", registry, "--forecasts", "--format", "csv").splitlines()

    told = run(capsys, "score", registry, "--forecasts", "--format", "json")
    (forecaster,) = json.loads(told)["forecasters"]
    means = {f"means_{name}": value for name, value in forecaster["means"].items()}
    interval = {f"brier_interval_{end}": forecaster["brier_interval"][end] for end in ENDS}
    skills = {name: value for name, value in forecaster.items() if name.startswith("skill")}
    said = {"by": "bob", "by_name": None, "forecasts": 2, "scored": 1}
    assert found == said | means | interval | skills
    assert names.split(",") == list(found)
    assert cells.split(",") == ["" if cell is None else str(cell) for cell in found.values()]


def test_a_score_that_is_not_finite_is_a_number_in_csv_and_a_text_in_json_lines(tmp_path, capsys):
    path = tmp_path / "sure.toml"
    path.write_text(REGISTRY.replace("probability = 0.3", "probability = 1"), "utf-8")
    call = ("score", str(path), "--forecasts", "--format")

    assert json.loads(run(capsys, *call, "jsonl"))["means_log"] == "-inf"
    assert run(capsys, *call, "csv").splitlines()[1].split(",")[6] == "-inf"


def test_a_registry_without_forecasts_says_so(capsys):
    assert run(capsys, "score", str(EXAMPLE), "--forecasts") == "There are no forecasts.\n"


def test_assessors_are_held_against_each_other(registry, capsys):
    shown = run(capsys, "score", registry, "--assessments")

    assert "PolitiFact Truth-O-Meter" in shown
    assert "truth-o-meter: Ratings differ on (1): gas-by-2018." in shown


def test_the_agreement_of_assessors_in_one_table_for_programs(registry, capsys):
    told = run(capsys, "score", registry, "--assessments", "--format", "json")
    (scale,) = json.loads(told)["scales"]

    found = json.loads(run(capsys, "score", registry, "--assessments", "--format", "jsonl"))

    assert found == {
        **{key: value for key, value in scale.items() if key != "pairs"},
        "scale_title": "PolitiFact Truth-O-Meter",
    }
    assert run(capsys, "score", registry, "--assessments", "--format", "csv") == AGREEMENT


def test_a_rating_says_what_is_lost(registry, capsys):
    assert run(capsys, "rate", registry, "--scale", "trumptracker", "--format", "csv") == (
        "claim,status,outcome,rating,editor,otherwise,unrated,loses\n"
        "gas-by-2018,late,late,Compromised,false,,,the days by which it was late (12)\n"
        "rail-by-2018,failed,failed,Broken,false,,,why it failed\n"
        "gas-by-2019,held,held,Achieved,false,,,\n"
    )


@pytest.mark.parametrize("scale", ["trumptracker", "politifact-promises", "averitec"])
def test_ratings_as_json_lines_are_those_of_the_json_form(scale, capsys):
    call = ("rate", str(EXAMPLE), "--scale", scale, "--format")

    lines = run(capsys, *call, "jsonl").splitlines()

    assert list(map(json.loads, lines)) == json.loads(run(capsys, *call, "json"))["ratings"]


def test_ratings_as_json(registry, capsys):
    found = json.loads(
        run(capsys, "rate", registry, "--scale", "politifact-promises", "--format", "json")
    )

    assert found["ratings"][0] == {
        "claim": "gas-by-2018",
        "status": "late",
        "outcome": "late",
        "rating": "Compromise",
        "editor": True,
        "otherwise": [],
        "unrated": None,
        "loses": "the days by which it was late (12)",
    }


def test_a_record_says_how_its_claims_were_chosen_and_how_many_were_not(capsys):
    call = ["score", str(EXAMPLE), "--as-of", "2026-01-01"]

    assert main(call) == 0
    lines = capsys.readouterr().out.splitlines()
    assert main([*call, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)

    rule = (
        "every sentence of the article is quoted by at least one claim; "
        "a sentence that says several things is several claims"
    )
    unsaid = "Chosen by no rule that the registry states: 63 claims"
    assert lines[-2:] == [
        f"Chosen (106), China and Russia forge closer ties against US: {rule}",
        f"{unsaid}; a share of them says little about their speakers.",
    ]
    assert data["selections"] == [
        {
            "id": "the-article",
            "rule": rule,
            "total": None,
            "included": 106,
            "speaker": None,
            "source": "wsws-2017-07-06",
            "topic": None,
        }
    ]


def test_the_policies_can_be_listed_without_a_registry(capsys):
    assert main(["rate", "--list"]) == 0

    assert "averitec: AVeriTeC\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ["--scale", "polimetr"],
            "CT103 policy 'polimetr' is not known; did you mean 'polimeter'?\n",
        ),
        ([], "Error: Missing option '--scale'; --list prints those there are.\n"),
    ],
    ids=["unknown", "missing"],
)
def test_a_scale_that_is_not_there_is_a_usage_error(registry, arguments, text, capsys):
    assert main(["rate", registry, *arguments]) == 2

    assert capsys.readouterr().err.endswith(text)
