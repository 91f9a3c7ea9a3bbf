"""What a history says on the command line, whole, and what it is for programs."""

import json

import pytest

from claimtrack.cli.main import main

ONE = """\
gas-by-2019
  “gas will flow by the end of 2019”
  Alexei Miller, 4 Jul 2017

from         reading            status     because
───────────  ─────────────────  ─────────  ────────────────────────────────────
4 Jul 2017                      ◌ pending  it was said
4 Jul 2017   as first promised  ◌ pending  it was said
15 Jan 2019  as first promised  ! overdue  the grace ran out
2 Dec 2019                      ✓ held     gas-wire became known
2 Dec 2019   as first promised  ◷ late     gas-wire became known; 336 days late
"""

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
claim        from         reading            status                 because
───────────  ───────────  ─────────────────  ─────────────────────  ────────────────────────────────────
gas-by-2019  15 Jan 2019  as first promised  ! overdue              the grace ran out
gas-by-2019  2 Dec 2019                      ✓ held                 gas-wire became known
gas-by-2019  2 Dec 2019   as first promised  ◷ late                 gas-wire became known; 336 days late
flow-of-38   15 Jan 2025                     ? not-enough-evidence  the grace ran out
a-mistake    1 Jan 2020                      ⊘ not-checkable        it was said
"""  # noqa: E501 - a table is as wide as it is

CSV = """\
claim,day,reading,status,late_days,cause_kind,cause_evidence,cause_by
gas-by-2019,2019-01-15,as first promised,overdue,,grace-over,,
gas-by-2019,2019-12-02,,held,,known,gas-wire,
gas-by-2019,2019-12-02,as first promised,late,336,known,gas-wire,
flow-of-38,2025-01-15,,not-enough-evidence,,grace-over,,
a-mistake,2020-01-01,,not-checkable,,said,,
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
        "cause_kind": "known",
        "cause_evidence": "gas-wire",
        "cause_by": None,
    }
