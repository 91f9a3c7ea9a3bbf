"""Run commands in turn and compare what they take."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

PYTHON: Final = sys.executable
MEGABYTE: Final = 1 << 20
# Both sides start as installed programs do, with their modules compiled.
_ENVIRONMENT: Final = {
    "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "claimtrack-bench-bytecode"),
    **{key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
}
_RSS_UNIT: Final = 1 if sys.platform == "darwin" else 1024


class Cost(NamedTuple):
    """
    What one process took.

    Args:
        wall: Seconds on the clock.
        processor: Seconds of all cores together.
        memory: Bytes of its peak.
    """

    wall: float
    processor: float
    memory: int


class Compared(NamedTuple):
    """The medians of two commands that ran in turn, and the median ratio of neighbours."""

    ours: Cost
    theirs: Cost
    ratio: Cost


def cost(
    command: Sequence[str], env: Mapping[str, str] | None = None, *, may_fail: bool = False
) -> Cost:
    """
    Run *command* and return what it took.

    Raises:
        RuntimeError: It ended with another status than 0, and with 1 if it *may_fail*.
    """
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**_ENVIRONMENT, **(env or {})},
    )
    assert process.stderr is not None  # noqa: S101 - it is a pipe
    told = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and not (may_fail and process.returncode == 1):
        message = f"{' '.join(command)} ended with {process.returncode}: {told.decode()[-2000:]}"
        raise RuntimeError(message)
    taken = time.perf_counter() - start
    return Cost(taken, used.ru_utime + used.ru_stime, used.ru_maxrss * _RSS_UNIT)


def compare(
    ours: Sequence[str],
    theirs: Sequence[str],
    runs: int,
    env: Mapping[str, str] | None = None,
    *,
    may_fail: bool = False,
) -> Compared:
    """
    Run two commands in turn, *runs* times each, after one run of each that does not count.

    Args:
        ours: One command.
        theirs: The other.
        runs: How often.
        env: Variables for both.
        may_fail: Whether they may end with status 1.
    """
    pairs = [
        (cost(ours, env, may_fail=may_fail), cost(theirs, env, may_fail=may_fail))
        for _ in range(runs + 1)
    ]
    ours_, theirs_ = zip(*pairs[1:], strict=True)
    return compared(ours_, theirs_)


def compared(ours: Sequence[Cost], theirs: Sequence[Cost]) -> Compared:
    """Compare costs of runs that were neighbours, pair by pair."""
    ratios = [_over(one, other) for one, other in zip(ours, theirs, strict=True)]
    return Compared(_median(ours), _median(theirs), _median(ratios))


def _over(one: Cost, other: Cost) -> Cost:
    return Cost(
        one.wall / other.wall,
        one.processor / max(other.processor, 1e-3),
        one.memory / other.memory,  # type: ignore[arg-type]  # a ratio
    )


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(*(statistics.median(values) for values in zip(*costs, strict=True)))
