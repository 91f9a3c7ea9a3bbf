"""What questions were given that nobody could have known on their days: tables and objects."""

from typing import Any, Final

from claimtrack.hindsight import Leak, LeakReport
from claimtrack.report.table import Sheet, Table
from claimtrack.report.words import counted

COLUMNS: Final = ("question", "item", "reason", "known_on", "captured_on", "proof")
_HEADER: Final = tuple(name.replace("_", " ") for name in COLUMNS)
_SHRINK: Final = (("item", 24), ("question", 16))


def leaks_object(report: LeakReport) -> dict[str, Any]:
    """Return *report* as an object for programs."""
    return {
        "questions": report.questions,
        "checked": report.checked,
        "leaks": [leak_object(leak) for leak in report.leaks],
    }


def leak_object(leak: Leak) -> dict[str, Any]:
    """Return one leak as an object for programs."""
    return {
        "question": leak.question,
        "item": leak.item,
        "reason": leak.reason.value,
        "known_on": _text(leak.known_on),
        "captured_on": _text(leak.captured_on),
        "proof": _text(leak.proof),
    }


def leaks_sheet(report: LeakReport) -> Sheet:
    """Return the leaks as rows of values for programs."""
    return Sheet.of(COLUMNS, map(leak_object, report.leaks))


def leaks_table(report: LeakReport) -> Table:
    """Return the leaks as a table for people."""
    rows = [
        tuple("" if value is None else value for value in leak_object(leak).values())
        for leak in report.leaks
    ]
    return Table(header=_HEADER, rows=rows, shrink=_SHRINK)


def leaks_sentence(report: LeakReport) -> str:
    """Return what was found, in words."""
    asked = counted(report.questions, "question")
    checked = f"{counted(report.checked, 'item')} and labels checked"
    if not report.leaks:
        return f"no leak in {asked}, {checked}"
    leaky = len({leak.question for leak in report.leaks})
    return f"{counted(len(report.leaks), 'leak')} in {leaky} of {asked}, {checked}"


def _text(value: object) -> str | None:
    return None if value is None else str(value)
