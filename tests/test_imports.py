"""Each public import works as the first one of a process, whatever is imported later."""

import os
import pkgutil
import subprocess
import sys

import pytest

import claimtrack

# A child of a process that has imported nothing of claimtrack is as good as a process of its own,
# and cheaper, also as what claimtrack rests on is imported once for all.
PROGRAM = """
import os, sys, traceback
import attrs, click, csv, datetime, decimal, email.utils, enum, functools, gzip, hashlib, heapq
import html, importlib.metadata, json, pathlib, statistics, tempfile, tomllib, typing, zoneinfo
failed = []
for statement in sys.argv[1:]:
    child = os.fork()
    if not child:
        try:
            exec(statement)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        failed.append(statement)
print(*failed, sep="\\n", end="")
"""


def homes():
    """Return one public name for each module that defines some."""
    return {getattr(claimtrack, name).__module__: name for name in claimtrack.__all__}


NAMES = [f"from claimtrack import {name}" for name in sorted(homes().values())]
ROOMS = [
    f"import {module.name}"
    for module in pkgutil.iter_modules(claimtrack.__path__, "claimtrack.")
    if not module.name.rpartition(".")[2].startswith("_")
]
STRATEGIES = [
    "from claimtrack.strategies import claims; import hypothesis",
    "import hypothesis; from claimtrack.strategies import claims",
    "import claimtrack.strategies.entry",
    "import hypothesis, claimtrack.strategies as s; hypothesis.strategies.from_type(s.World)",
]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize(
    "statements", [NAMES, ROOMS, STRATEGIES], ids=["names", "rooms", "strategies"]
)
def test_each_import_can_be_the_first(statements):
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, *statements],
        check=False,
        capture_output=True,
        text=True,
    )

    assert (run.stdout.split("\n"), run.returncode) == ([""], 0), run.stderr


@pytest.mark.parametrize("words", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_strategies_are_imported_before_hypothesis_under_pytest(pytester, words):
    pytester.makepyfile(
        "from claimtrack.strategies import claims\n"
        "from hypothesis import given, settings\n"
        "@settings(max_examples=1, database=None)\n"
        "@given(claims())\n"
        "def test_a(claim): pass\n"
    )

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", *words)

    result.assert_outcomes(passed=1)
