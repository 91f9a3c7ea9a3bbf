"""What a history says on the command line, whole, and what it is for programs."""

import json

import pytest

from claimtrack.cli.main import main

ONE = """\
gas-by-2019
  “gas will flow by the end of 2019”
  Alexei Miller, 4 Jul 2017

from         reading            status              because
───────────  ─────────────────  ──────────────────  ──────────────────────────────────────────────────────
4 Jul 2017                      ◌ pending           it was said
4 Jul 2017   as first promised  ◌ pending           it was said
15 Jan 2019  as first promised  ! overdue           the grace ran out
2 Dec 2019                      ✓ held              gas-wire became known: first gas 2 Dec 2019 (The Wire)
2 Dec 2019   as first promised  ◷ late by 336 days  gas-wire became known: first gas 2 Dec 2019 (The Wire)
"""  # noqa: E501 - a table is as wide as it is

WITHOUT_READINGS = """\
flow-of-38
  “and 38 bcm a year by 2024”
  Alexei Miller, 4 Jul 2017

from         status                 because
───────────  ─────────────────────  ─────────────────
4 Jul 2017   ◌ pending              it was said
15 Jan 2025  ? not-enough-evidence  the grace ran out
"""

ALL = """\
Pipelines

claim        from         reading            status                 because
───────────  ───────────  ─────────────────  ─────────────────────  ──────────────────────────────────────────────────────
gas-by-2019  15 Jan 2019  as first promised  ! overdue              the grace ran out
gas-by-2019  2 Dec 2019                      ✓ held                 gas-wire became known: first gas 2 Dec 2019 (The Wire)
gas-by-2019  2 Dec 2019   as first promised  ◷ late by 336 days     gas-wire became known: first gas 2 Dec 2019 (The Wire)
flow-of-38   15 Jan 2025                     ? not-enough-evidence  the grace ran out
a-mistake    1 Jan 2020                      ⊘ not-checkable        it was said
"""  # noqa: E501 - a table is as wide as it is

CSV = """\
claim,day,reading,status,late_days,late_days_min,cause_kind,cause_evidence,cause_by
gas-by-2019,2019-01-15,as first promised,overdue,,,grace-over,,
gas-by-2019,2019-12-02,,held,,,known,gas-wire,
gas-by-2019,2019-12-02,as first promised,late,336,336,known,gas-wire,
flow-of-38,2025-01-15,,not-enough-evidence,,,grace-over,,
a-mistake,2020-01-01,,not-checkable,,,said,,
"""


@pytest.mark.parametrize(
    ("call", "told"),
    [
        pytest.param("history gas-by-2019 P", ONE, id="one claim"),
        pytest.param("history flow-of-38 P", WITHOUT_READINGS, id="one without readings"),
        pytest.param("history P --from 2018-01-01", ALL, id="all claims"),
        pytest.param("history P --from 2018-01-01 --format csv", CSV, id="all for programs"),
    ],
)
def test_a_history_has_a_row_for_each_thing_that_changed(pipelines, capsys, call, told):
    words = [str(pipelines) if word == "P" else word for word in call.split()]

    status = main([*words, "--to", "2026-01-01"])

    assert (status, capsys.readouterr().out) == (0, told)


def test_lines_of_json_have_null_where_there_is_nothing(pipelines, capsys):
    call = ["history", "gas-by-2019", str(pipelines), "--to", "2026-01-01", "--format", "jsonl"]

    main(call)

    last = capsys.readouterr().out.splitlines()[-1]
    assert json.loads(last) == {
        "claim": "gas-by-2019",
        "day": "2019-12-02",
        "reading": "as first promised",
        "status": "late",
        "late_days": 336,
        "late_days_min": 336,
        "cause_kind": "known",
        "cause_evidence": "gas-wire",
        "cause_by": None,
    }


TAKEN_BACK = """
[[evidence]]
id = "denied"
fact = "siberia/first-gas"
source = "wire-2019"
not_happened = "../2019-12-31"
published = 2020-01-10
withdrawn = 2020-02-01
withdrawn_because = "it was another line"
[[evidence]]
id = "denied-again"
fact = "siberia/first-gas"
source = "copy-2019"
not_happened = "../2019-12-31"
published = 2020-03-01
[[evidence]]
id = "mended"
fact = "siberia/first-gas"
source = "wire-2019"
happened = 2019-12-02
published = 2020-04-01
supersedes = ["denied-again"]
withdrawn = 2020-05-01
[[evidence]]
id = "they-agree"
claim = "gas-by-2019"
source = "wire-2019"
stance = "supports"
"""


def test_a_cause_is_told_with_what_a_report_says_and_why_it_was_withdrawn(pipelines, capsys):
    pipelines.write_text(pipelines.read_text("utf-8") + TAKEN_BACK, "utf-8")

    main(["history", "gas-by-2019", str(pipelines), "--from", "2020-01-01", "--to", "2026-01-01"])

    rows = [line.split("  ")[-1].strip() for line in capsys.readouterr().out.splitlines()[6:]]
    assert rows[::2] == rows[1::2]
    assert rows[::2] == [
        "denied became known: first gas not by 31 Dec 2019 (The Wire)",
        "denied was withdrawn: it was another line",
        "denied-again became known: first gas not by 31 Dec 2019 (The Wire)",
        "denied-again was superseded by mended: first gas 2 Dec 2019 (The Wire)",
        "denied-again counts again: mended was withdrawn",
    ]


def test_days_without_a_change_are_said_to_be_that(pipelines, capsys):
    call = ["history", "flow-of-38", str(pipelines), "--from", "2018-01-01", "--to", "2018-02-01"]

    status = main(call)

    assert (status, capsys.readouterr().out.splitlines()[-1]) == (
        0,
        "nothing changed in these days",
    )


@pytest.mark.parametrize(
    ("call", "status", "told"),
    [
        pytest.param(
            "history flow-of-38 P --to 2017-07-03",
            2,
            "CT401 claim 'flow-of-38' cannot be resolved as of 2017-07-03: it was said on "
            "2017-07-04; expected a later day\n",
            id="before it was said",
        ),
        pytest.param(
            "history flow-of-38",
            3,
            "CT001 'flow-of-38' cannot be read: No such file or directory\n"
            "    hint: for the history of one claim give both: CLAIM PATH\n",
            id="a claim without a path",
        ),
        pytest.param(
            "history P --from 2020-01-01 --to 2019-01-01",
            2,
            "Usage: claimtrack history [OPTIONS] [CLAIM] PATH\n"
            "Try 'claimtrack history --help' for help.\n\n"
            "Error: --from 2020-01-01 is after --to 2019-01-01; expected an earlier day\n",
            id="days the wrong way round",
        ),
    ],
)
def test_what_cannot_be_told_is_refused(pipelines, capsys, call, status, told):
    words = [str(pipelines) if word == "P" else word for word in call.split()]

    assert (main(words), capsys.readouterr().err) == (status, told)


@pytest.mark.parametrize("format_", ["html", "markdown", "latex", "rst", "csv", "table"])
def test_the_words_of_a_claim_are_escaped_for_the_format(tmp_path, capsys, format_):
    registry = tmp_path / "registry.toml"
    registry.write_text(HOSTILE, encoding="utf-8")

    assert main(["history", "it", str(registry), "--format", format_]) == 0

    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    if format_ in {"html", "markdown"}:
        assert "<img" not in printed


HOSTILE = """
[[speaker]]
id = "anna"
name = "<img src=x onerror=alert(1)>"
[[source]]
id = "page"
published = 2019-01-01
[[claim]]
id = "it"
speaker = "anna"
said = 2019-01-01
source = "page"
quote = "<img src=x onerror=alert(2)> \\u001b[31m"
criterion = { judged = true }
"""
