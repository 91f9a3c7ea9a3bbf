"""What the page on Spark shows for one machine runs as it is written."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bulk.conftest import SETTINGS, java_or_skip

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "run-on-spark.md"

pytestmark = pytest.mark.slow


@pytest.fixture
def environment(tmp_path):
    """Return variables by which commands find ours first, and Spark is quick on few rows."""
    java_or_skip()
    settings = tmp_path / "spark"
    settings.mkdir()
    lines = "".join(f"{name} {value}\n" for name, value in SETTINGS.items())
    (settings / "spark-defaults.conf").write_text(lines)
    programs = str(Path(sys.executable).parent)
    return os.environ | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "SPARK_CONF_DIR": str(settings),
    }


def test_the_commands_for_one_machine_run_and_print_what_the_page_says(tmp_path, environment):
    text = PAGE.read_text(encoding="utf-8")
    here = text[text.index("## On one machine") : text.index("## On a cluster")]
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    program = re.search(r"^```python\n# (\S+)\n(.*?)^```$", here, re.MULTILINE | re.DOTALL)
    (tmp_path / program[1]).write_text(program[2], encoding="utf-8")

    for block in re.findall(r"^```console\n(.*?)^```$", here, re.MULTILINE | re.DOTALL):
        for command, printed in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            told = subprocess.run(
                shlex.split(command),
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                encoding="utf-8",
                check=False,
            )
            assert told.returncode == 0, told.stderr
            if printed:
                assert [line.rstrip() for line in told.stdout.splitlines()] == printed.splitlines()

    assert [*(tmp_path / "statuses").glob("*.parquet")]
