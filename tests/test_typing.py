"""What `tests/typing` tells mypy is also so; `make lint` lets mypy read it."""

import runpy
from datetime import date
from pathlib import Path

from claimtrack.model.verdict import Status

ACCEPTED = runpy.run_path(str(Path(__file__).parent / "typing" / "accepted.py"))


def test_what_types_allow_can_be_run():
    assert ACCEPTED["answers"]() == (Status.FAILED, 0, date(2017, 7, 4))


def test_problems_have_lines_where_there_is_a_file():
    assert ACCEPTED["lines_of_problems"]("[[speaker]]\nid = 1\n") == [2]
    assert ACCEPTED["lines_of_problems"]('[[speaker]]\nid = "a"\n') == []
