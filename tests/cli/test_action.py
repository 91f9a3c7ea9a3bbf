"""The action and the hook are a few lines over the command line, and those lines run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml", reason="PyYAML, which the documentation needs, is missing")

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github" / "actions" / "claimtrack" / "action.yml"


@pytest.fixture
def step():
    """The only step of the action."""
    (step,) = yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"]
    return step


def test_inputs_never_become_part_of_the_script(step):
    assert "${{" not in step["run"]
    assert set(step["env"]) == {"REGISTRY", "AS_OF", "FAIL_ON", "CHECKS"}


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(
    ("fail_on", "checks", "status"),
    [
        ("error", "", 0),
        ("warning", "", 1),
        ("error CT614", "", 1),
        ("", "false.py none.py", 1),
    ],
)
def test_the_script_of_the_action_runs(step, pipelines, fail_on, checks, status):
    hook = "def pytest_claimtrack_registry(registry): return "
    check = "{'gas-by-2019': lambda claim, reports: 1 / 0}\n"
    (pipelines.parent / "false.py").write_text(hook + check, "utf-8")
    (pipelines.parent / "none.py").write_text(hook + "{}\n", "utf-8")
    bin_ = pipelines.parent / "bin"
    bin_.mkdir()
    program = bin_ / "claimtrack"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m claimtrack "$@"\n', "utf-8")
    program.chmod(0o755)
    summary = pipelines.parent / "summary.md"

    run = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],  # noqa: S607 - as the runner does
        cwd=pipelines.parent,
        env={
            "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "GITHUB_STEP_SUMMARY": str(summary),
            "REGISTRY": "pipelines.toml",
            "AS_OF": "2020-06-01",
            "FAIL_ON": fail_on,
            "CHECKS": checks,
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (run.returncode, run.stderr) == (status, "")
    assert "::notice title=CT614 evidence gas-blog,file=pipelines.toml,line=" in run.stdout
    assert "gas-by-2019" in summary.read_text("utf-8")


def test_the_hook_runs_the_check():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))

    assert (hook["entry"], hook["pass_filenames"]) == ("claimtrack check", False)
