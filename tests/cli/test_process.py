"""The command as a whole process: pipes that close, disks that are full, odd locales, signals."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-W", "error", "-m", "claimtrack"]
ARTICLE = Path(__file__).parents[2] / "examples" / "china_russia_2017"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def ended(*words, cwd=None, **environment):
    """Run the command to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        cwd=cwd,
        env=ENVIRONMENT | environment,
        capture_output=True,
        check=False,
    )


def started(*words, **pipes):
    return subprocess.Popen(
        [*COMMAND, *map(str, words)], env=ENVIRONMENT, stderr=subprocess.PIPE, **pipes
    )


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="pipes close otherwise here")
def test_a_reader_that_goes_away_ends_it_without_a_word():
    reader, writer = os.pipe()
    os.close(reader)

    with started("audit", ARTICLE, stdout=writer) as process:
        os.close(writer)
        assert process.stderr.read() == b""

    assert process.returncode == -signal.SIGPIPE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here is always full")
def test_a_full_disk_is_told_of():
    with Path("/dev/full").open("wb") as full, started("facts", ARTICLE, stdout=full) as process:
        assert process.stderr.read() == b"the output cannot be written: No space left on device\n"

    assert process.returncode == 5


@pytest.fixture
def is_interruptible():
    """Let processes be interrupted also where this one is not: a shell's background job."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("is_interruptible")
def test_an_interruption_ends_it_with_a_status_of_its_own():
    with started("audit", ARTICLE, "--format", "json", stdout=subprocess.PIPE) as process:
        process.stdout.read(1)  # it now waits until the rest is read
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()

    assert told.strip() == b"aborted"
    assert process.returncode == 130


def test_without_an_output_it_still_runs(pipelines):
    run = subprocess.run(
        ["/bin/sh", "-c", '"$@" >&-', "sh", *COMMAND, "facts", pipelines],
        env=ENVIRONMENT,
        capture_output=True,
        check=False,
    )

    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_locale_without_the_characters_gets_ascii_of_the_same_width(pipelines, encoding):
    locale = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}

    run = ended("audit", pipelines, **locale)

    assert (run.returncode, run.stderr) == (0, b"")
    header, rule = run.stdout.splitlines()[2:4]
    assert set(rule) == set(b"- ")
    assert len(header) <= len(rule)
    assert b"+ held" in run.stdout


def test_help_loads_neither_the_model_nor_tabulate():
    run = ended("--help", PYTHONPROFILEIMPORTTIME="1")

    loaded = {line.rpartition("|")[2].strip() for line in run.stderr.decode().splitlines()}
    assert "claimtrack.cli.main" in loaded
    assert not {name for name in loaded if name.startswith(("tabulate", "claimtrack.model"))}


@pytest.mark.parametrize(
    ("typed", "place", "offered"),
    [
        ("claimtrack au", 1, ["plain,audit"]),
        ("claimtrack audit --kn", 2, ["plain,--known-by"]),
        (
            "claimtrack audit --by ",
            3,
            [
                "plain,speaker",
                "plain,topic",
                "plain,party",
                "plain,group",
                "plain,kind",
                "plain,status",
            ],
        ),
        ("claimtrack audit ", 2, ["file,"]),
    ],
)
def test_the_shell_is_offered_what_can_come_next(typed, place, offered):
    run = ended(_CLAIMTRACK_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=str(place))

    assert run.stdout.decode().splitlines() == offered


@pytest.mark.parametrize(
    ("closed", "words", "status"),
    [
        pytest.param("<&-", ("accept", "pipeline", "{copy}"), 130, id="nobody answers"),
        pytest.param("2>&-", ("audit", "{none}"), 3, id="nobody hears of errors"),
        pytest.param(">&-", ("audit", "{copy}"), 0, id="nobody reads"),
    ],
)
def test_a_stream_that_is_closed_from_the_start_changes_no_status(tmp_path, closed, words, status):
    copy = tmp_path / "registry.toml"
    copy.write_text(ONE_CLAIM, encoding="utf-8")
    places = {"copy": copy, "none": tmp_path / "none"}
    command = [*COMMAND, *(word.format(**places) for word in words)]

    run = subprocess.run(
        ["/bin/sh", "-c", f'"$@" {closed}', "sh", *command],
        env=ENVIRONMENT,
        capture_output=True,
        check=False,
    )

    assert run.returncode == status
    assert b"Traceback" not in run.stderr


ONE_CLAIM = """
[[speaker]]
id = "gazprom"
[[source]]
id = "tass"
published = 2019-12-02
[[fact]]
id = "gas"
kind = "event"
[[evidence]]
id = "first-gas"
fact = "gas"
source = "tass"
happened = 2019-12-02
[[claim]]
id = "pipeline"
speaker = "gazprom"
said = 2017-07-04
source = "tass"
quote = "Gas will flow."
criterion = { event = "gas", by = 2019-12-31 }
"""
