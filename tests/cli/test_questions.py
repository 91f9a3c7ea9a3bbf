"""Entering records step by step: names, records made on the way, and what is kept of answers."""

import io
import json
import sys

import pytest

from claimtrack import dumps, load
from claimtrack.cli.main import main

NEW = ["new", "pipelines.toml"]
DRAFT = ".pipelines.toml.claim.draft.json"
WORDS = ["--said", "2018-01", "--quote", "more gas soon"]
EVENT = ["--event", "Link opens", "--by", "2030"]


@pytest.fixture(autouse=True)
def here(pipelines, monkeypatch):
    monkeypatch.chdir(pipelines.parent)


def answer(monkeypatch, *lines):
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_what_there_is_is_offered_and_taken_by_name(pipelines, monkeypatch, capsys):
    answers = ("alexei MILLER", "2018-02-03", "On track", "so be it", "First gas crosses to China")
    answer(monkeypatch, *answers, "2031", "", "y")

    assert main(NEW) == 0

    claim = load(pipelines).claims["so-be-it"]
    assert (claim.speaker, claim.source) == ("miller", "press-2017")
    assert claim.criterion.fact == "siberia/first-gas"
    assert claim.criterion.window.span.text == "2031"
    told = capsys.readouterr().out
    assert "speakers: miller (Alexei Miller), skeptic\n" in told
    assert "sources: press-2017 (On track), wire-2019, copy-2019, blog\n" in told
    assert "speaker: miller (Alexei Miller)\n" in told


def test_what_is_not_there_is_made_on_the_way(pipelines, monkeypatch):
    before = pipelines.read_bytes()
    speaker, source = ("Jane Doe", "y"), ("https://www.news.example/2018/a.html", "2018-02-04")
    fact = ("Link opens", "y", "event", "2030-12-31")
    answer(monkeypatch, *speaker, "2018-02-03", *source, "so be it", *fact, "", "y")

    assert main(NEW) == 0

    registry = load(pipelines)
    assert registry.speakers["jane-doe"].name == "Jane Doe"
    made = registry.sources["news-example-2018-a-html"]
    assert (made.publisher, made.url, made.published.text) == (
        "news.example",
        "https://www.news.example/2018/a.html",
        "2018-02-04",
    )
    assert registry.facts["link-opens"].title == "Link opens"
    claim = registry.claims["so-be-it"]
    assert (claim.speaker, claim.source) == ("jane-doe", "news-example-2018-a-html")
    assert pipelines.read_bytes().startswith(before)


def test_a_source_that_is_an_archived_page_has_both_addresses(pipelines, monkeypatch):
    copy = "https://web.archive.org/web/2018/https://news.example/a"
    answer(monkeypatch, "miller", "2018", copy, "", "so be it", "", "a norm", "", "y")

    assert main(NEW) == 0

    made = load(pipelines).sources["news-example-a"]
    assert (made.url, made.archived_url) == ("https://news.example/a", copy)


@pytest.mark.parametrize(
    ("fact", "answers", "criterion"),
    [
        ("siberia/flow", (">= 38", "2030"), {"at_least": "38", "by": "2030"}),
        ("siberia/flow", ("below 0.5", "2030"), {"below": "0.5", "by": "2030"}),
        ("siberia/flow", ("38", "", "2029"), {"equals": "38", "at": "2029"}),
        ("bridge", ("open", "2029"), {"is": "open", "throughout": "2029"}),
        ("bridge", ("true", "2029"), {"is": True, "throughout": "2029"}),
    ],
)
def test_a_criterion_is_asked_for_by_the_kind_of_its_fact(
    pipelines, monkeypatch, fact, answers, criterion
):
    words = ["add", "fact", "pipelines.toml", "--id", "bridge", "--kind", "state", "--yes"]
    assert main(words) == 0
    answer(monkeypatch, "miller", "2018", "blog", "so be it", fact, *answers, "", "y")

    assert main(NEW) == 0

    text = dumps(load(pipelines), "jsonl")
    line = next(line for line in text.splitlines() if '"so-be-it"' in line)
    found = json.loads(line)["criterion"]
    assert {key: type(criterion[key])(found[key]) for key in criterion} == criterion


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (("miller", "soon", "2018"), "CT102 said 'soon' is not a date; expected EDTF"),
        (("milller", "n", "miller", "2018"), "hint: did you mean miller (Alexei Miller)?"),
        (("nobody", "n", "miller", "2018"), "'nobody' is no speaker of this registry"),
        (
            ("miller", "2018", "2019", "blog", "x", "event = 1", "", "a norm"),
            "'2019' may be wire-2019, copy-2019; expected the id of one",
        ),
        (
            ("miller", "2018", "blog", "x", "event = 'f'", "", "a norm"),
            "hint: a criterion is written in braces",
        ),
        (
            ("miller", "2018", "blog", "x", "{ event = 'siberia/first-gas', by }", "", "a norm"),
            "is not TOML",
        ),
        (
            ("miller", "2018", "blog", "x", "{ event = 'fist', by = '2020' }", "", "y"),
            "CT202 criterion.event 'fist' is not defined",
        ),
        (
            ("miller", "2018", "blog", "x", "siberia/flow", "many", ">= 38", "2020"),
            "'many' is not TOML",
        ),
        (
            ("miller", "2018", "blog", "x", "", "a norm", "gas-by-2019"),
            "CT201 id 'gas-by-2019' is taken; expected another id",
        ),
    ],
)
def test_a_wrong_answer_is_told_at_once_and_asked_for_again(
    pipelines, monkeypatch, capsys, answers, told
):
    before = pipelines.read_bytes()
    answer(monkeypatch, *answers)

    assert main(NEW) == 2

    assert told in capsys.readouterr().out
    assert pipelines.read_bytes() == before


def test_what_was_typed_is_kept_and_offered_again(pipelines, monkeypatch, capsys):
    answer(monkeypatch, "miller", "2018-02-03", "blog")
    assert main(NEW) == 2
    assert f"what was typed is kept in {DRAFT}\n" in capsys.readouterr().err
    assert json.loads((pipelines.parent / DRAFT).read_text("utf-8")) == {
        "speaker": "miller",
        "said": "2018-02-03",
        "source": "blog",
    }
    load(pipelines.parent)  # it is no part of the registry

    answer(monkeypatch, "", "2018-02-04", "", "so be it", "", "a norm", "", "y")
    assert main(NEW) == 0

    claim = load(pipelines).claims["so-be-it"]
    assert (claim.speaker, claim.said.text, claim.source) == ("miller", "2018-02-04", "blog")
    assert "what was typed before stands in brackets" in capsys.readouterr().out
    assert not (pipelines.parent / DRAFT).exists()


def test_an_answer_no_keeps_what_was_typed(pipelines, monkeypatch):
    answer(monkeypatch, "miller", "2018", "blog", "so be it", "", "a norm", "", "n")

    assert main(NEW) == 1

    assert json.loads((pipelines.parent / DRAFT).read_text("utf-8"))["quote"] == "so be it"


def test_the_draft_of_a_folder_stands_in_it(pipelines, monkeypatch):
    folder = pipelines.parent / "registry"
    folder.mkdir()
    pipelines.rename(folder / "all.toml")
    answer(monkeypatch, "miller")

    assert main(["new", "registry"]) == 2

    assert [one.name for one in folder.iterdir() if one.name[0] == "."] == [".claim.draft.json"]
    assert len(load(folder).speakers) == 2


@pytest.mark.parametrize(
    "draft",
    [
        "{",
        "[]",
        '"a"',
        '{"speaker": 1}',
        '{"speaker": "\\u001b[2Jmiller"}',
        "[" * 100_000,
        "\N{BYTE ORDER MARK}{}",
    ],
    ids=["torn", "list", "text", "number", "escape", "deep", "mark"],
)
def test_a_draft_that_nobody_typed_is_not_used(pipelines, monkeypatch, capsys, draft):
    (pipelines.parent / DRAFT).write_text(draft, "utf-8")
    answer(monkeypatch, "miller", "2018", "blog", "so be it", "", "a norm", "", "y")

    assert main(NEW) == 0

    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "typed before" not in told


def test_a_draft_that_is_a_link_is_not_read(pipelines, monkeypatch, capsys, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.json"
    secret.write_text('{"speaker": "secret"}', "utf-8")
    (pipelines.parent / DRAFT).symlink_to(secret)
    answer(monkeypatch, "miller")

    assert main(NEW) == 2

    assert "secret" not in capsys.readouterr().out
    assert secret.read_text("utf-8") == '{"speaker": "secret"}'


def test_with_yes_no_draft_is_read_or_written(pipelines, monkeypatch):
    answer(monkeypatch, "miller")

    assert main([*NEW, "--yes"]) == 2

    assert not (pipelines.parent / DRAFT).exists()


def test_one_line_makes_a_claim_with_all_that_it_names(pipelines):
    source = ["--source", "https://news.example/a", "--published", "2018-01-09"]
    words = [*NEW, *WORDS, "--speaker", "Jane Doe", *source, *EVENT, "--make", "--yes"]

    assert main(words) == 0

    registry = load(pipelines)
    claim = registry.claims["more-gas-soon"]
    assert registry.speakers[claim.speaker].name == "Jane Doe"
    assert registry.sources[claim.source].publisher == "news.example"
    assert registry.sources[claim.source].published.text == "2018-01-09"
    assert registry.facts[claim.criterion.fact].kind == "event"


def test_one_line_begins_a_registry(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["--speaker", "Jane Doe", "--source", "https://news.example/a", *EVENT]

    assert main(["add", "claim", "new", *WORDS, *words, "--make", "--yes"]) == 0

    files = sorted(one.name for one in (tmp_path / "new").iterdir())
    assert files == ["claims.toml", "facts.toml", "sources.toml", "speakers.toml"]
    assert list(load(tmp_path / "new").claims) == ["more-gas-soon"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["--speaker", "Alexei Miler", "--source", "blog", *EVENT, "--yes"],
            "CT402 speaker 'Alexei Miler' is no speaker of this registry\n    hint: did you",
        ),
        (["--event", "x"], "--event and --by go together."),
        ([*EVENT, "--not-checkable", "x"], "--event excludes --criterion and --not-checkable."),
    ],
)
def test_nothing_is_made_from_a_slip(pipelines, capsys, words, told):
    before = pipelines.read_bytes()

    assert main([*NEW, *WORDS, *words]) != 0

    assert told in capsys.readouterr().err
    assert pipelines.read_bytes() == before


READING = ["add", "reading", "pipelines.toml", "--claim", "gas-by-2019", "--name", "pumped"]
ASKED = '{ event = "siberia/first-gas", by = 2018-12-31 }'


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_reading_is_added_below_its_claim(pipelines, end):
    text = pipelines.read_text("utf-8").replace("[[claim]]", "# of a desk\n[[claim]]")
    pipelines.write_bytes(text.replace("\n", end).encode())
    before = pipelines.read_bytes()

    assert main([*READING, "--criterion", ASKED, "--yes"]) == 0

    after = pipelines.read_bytes()
    block = f'\n\n[[claim.reading]]\nname = "pumped"\ncriterion = {ASKED}'
    added = block.replace("2018-12-31", "2018-12-31").replace("\n", end).encode()
    place = after.index(b'name = "pumped"') - len(f"{end}{end}[[claim.reading]]{end}")
    assert after[:place] + after[place + len(added) :] == before
    readings = load(pipelines).claims["gas-by-2019"].readings
    assert [one.name for one in readings][-1] == "pumped"


def test_a_reading_is_added_to_a_line_of_json(pipelines):
    lines = pipelines.with_name("registry.jsonl")
    lines.write_text(dumps(load(pipelines), "jsonl"), "utf-8")
    before = lines.read_text("utf-8").splitlines()

    words = [*READING[:2], "registry.jsonl", *READING[3:]]
    assert main([*words, "--criterion", ASKED, "--yes"]) == 0

    after = lines.read_text("utf-8").splitlines()
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 1
    assert load(lines).claims["gas-by-2019"].readings[-1].name == "pumped"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            [*READING[:6], "as first promised", "--criterion", ASKED],
            "CT201 claim 'gas-by-2019' reading[1].name 'as first promised' names two readings",
        ),
        ([*READING, "--criterion", "{ event = 'x', by = '2020' }"], "CT202 claim 'gas-by-2019'"),
        (
            [*READING[:4], "none", *READING[5:], "--criterion", ASKED],
            "CT402 claim 'none' is not in this registry",
        ),
    ],
)
def test_a_reading_that_does_not_fit_is_not_added(pipelines, capsys, words, told):
    before = pipelines.read_bytes()

    assert main([*words, "--yes"]) != 0

    assert told in capsys.readouterr().err
    assert pipelines.read_bytes() == before


@pytest.mark.parametrize("typed", ["0.7", "70%", "70 %"])
def test_a_forecast_is_added(pipelines, monkeypatch, typed):
    answer(monkeypatch, "gas-by-2019", "alexei miller", "2018-05-01", typed, "", "y")

    assert main(["add", "forecast", "pipelines.toml"]) == 0

    made = load(pipelines).forecasts["miller-gas-by-2019-2018-05-01"]
    assert (made.by, made.claim, made.probability) == ("miller", "gas-by-2019", 0.7)


def test_a_forecast_in_words_is_added(pipelines):
    words = ["--claim", "gas-by-2019", "--by", "Alexei Miller", "--made", "2018-05-02"]
    hedge = ["--hedge", "very likely", "--map", "icd-203", "--yes"]

    assert main(["add", "forecast", "pipelines.toml", *words, *hedge]) == 0

    assert load(pipelines).forecasts["miller-gas-by-2019-2018-05-02"].hedge == "very likely"


def test_an_assessment_is_added(pipelines, monkeypatch, capsys):
    answer(
        monkeypatch, "gas-by-2019", "A Desk", "trumptracker", "Kept", "Achieved", "2020", "", "y"
    )

    assert main(["add", "assessment", "pipelines.toml"]) == 0

    made = load(pipelines).assessments["a-desk-gas-by-2019-2020"]
    assert (made.scale, made.rating) == ("trumptracker", "Achieved")
    told = capsys.readouterr().out
    assert "labels: Achieved, Compromised, Broken, In progress, Not started\n" in told
    assert "'Kept' is no" in told or "'Kept' is not" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["adit"], "No such command 'adit'. Did you mean 'audit'?"),
        (["add", "claims"], "No such command 'claims'. Did you mean 'claim'?"),
        (["frobnicate"], "No such command 'frobnicate'.\n"),
        (["\x1b[2J"], "No such command "),
    ],
)
def test_the_nearest_command_is_named(capsys, words, told):
    assert main(words) == 2

    err = capsys.readouterr().err
    assert told in err
    assert "\x1b" not in err
