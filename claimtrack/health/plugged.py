"""
Checks that other packages bring.

A check is a function of a registry that returns problems, or findings, which have a severity; it
is listed in the entry-point group ``claimtrack.checks``. The name of its entry point stands in the
finding that tells of a check that failed to run.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Final, TypeAlias

from claimtrack.errors import Finding, Problem, Severity
from claimtrack.health.exam import Check, Exam
from claimtrack.health.rules import RULES
from claimtrack.registry import Registry

GROUP: Final = "claimtrack.checks"

PluggedCheck: TypeAlias = Callable[[Registry], Iterable[Problem]]


def plugged_checks(found: Iterable[EntryPoint] | None = None) -> Mapping[str, Check]:
    """
    Return the checks of installed packages, by the names of their entry points.

    Args:
        found: The entry points; those that are installed if None.
    """
    points = entry_points(group=GROUP) if found is None else found
    return {point.name: _run(point) for point in sorted(points, key=lambda point: point.name)}


def _run(point: EntryPoint) -> Check:
    def check(exam: Exam) -> Iterator[Finding]:
        try:
            problems = tuple(point.load()(exam.registry))
        except Exception as error:  # noqa: BLE001 - whatever a stranger's code raises
            told = f"{type(error).__name__}: {error}"
            message = f"the check {point.name!r} ({point.value}) failed: {told}"
            yield Finding(code="CT692", message=message, severity=RULES["CT692"].severity)
            return
        yield from map(_finding, problems)

    return check


def _finding(problem: Problem) -> Finding:
    if isinstance(problem, Finding):
        return problem
    return Finding(
        code=problem.code,
        message=problem.message,
        location=problem.location,
        hint=problem.hint,
        severity=Severity.WARNING,
    )
