"""Functions that decide claims, on the command line: what is run, changed, and goes wrong."""

import sys
from pathlib import Path

import pytest

from claimtrack import load
from claimtrack.cli.main import main

PRICES = """
[[speaker]]
id = "team"
[[source]]
id = "monday"
published = 2024-01-01
tier = "primary"
url = "https://a.example/"
[[source]]
id = "tuesday"
published = 2024-01-02
tier = "primary"
url = "https://b.example/"
[[fact]]
id = "price"
kind = "quantity"
unit = "EUR"
requires = 1
[[evidence]]
id = "price-monday"
fact = "price"
source = "monday"
value = 10
when = 2024-01-01
[[evidence]]
id = "price-tuesday"
fact = "price"
source = "tuesday"
value = 11
when = 2024-01-02
[[claim]]
id = "it-rises"
speaker = "team"
said = 2023-12-31
source = "monday"
quote = "the price rises"
criterion = { quantity = "price", at_least = 1, at = 2024-01-03 }
"""

CONFTEST = """
def pytest_claimtrack_registry(registry):
    return {"it-rises": rises}

def rises(claim, reports):
    values = [item.value for item in reports]
    if len(values) < 2:
        return None
    assert values == sorted(values)
    return True
"""

OVERDUE = (
    "prices.toml:31:1: CT602 error: claim 'it-rises' is not-enough-evidence as of 2024-02-01, "
    "which is not recorded (hint: add evidence, or sign: claimtrack accept it-rises prices.toml)\n"
    "1 error in 7 records\n"
)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    Path("prices.toml").write_text(PRICES, "utf-8")
    Path("conftest.py").write_text(CONFTEST, "utf-8")


@pytest.fixture
def run(capsys):
    """Run a command as of a day after all of it; return its status and what it printed."""

    def run(command, *words, path="prices.toml", day="2024-02-01"):
        status = main([command, *words, path, "--as-of", day])
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


def write(text, name="conftest.py"):
    Path(name).write_text(text, "utf-8")


def test_nothing_is_run_that_was_not_named(run):
    write("raise SystemExit('it was run')")

    assert run("check", "--no-git") == (1, OVERDUE)


def test_a_check_decides_what_check_finds(run):
    found = run("check", "--no-git", "--checks", "conftest.py")

    assert found == (
        0,
        (
            "prices.toml:31:1: CT644 note: claim 'it-rises' is held, and is not signed "
            "(hint: sign: claimtrack accept it-rises prices.toml)\n1 note in 7 records\n"
        ),
    )


def test_a_check_decides_what_an_audit_prints(run):
    told = run("audit", "--checks", "conftest.py", "--speaker", "team")[1]

    assert "✓ held" in told
    assert "its check: true" in told


def test_the_line_of_a_bare_assertion_is_the_explanation(run):
    Path("prices.toml").write_text(PRICES.replace("value = 11", "value = 9"), "utf-8")

    told = run("explain", "it-rises", "--checks", "conftest.py")[1]

    assert "as of 1 Feb 2024: ✗ failed\n" in told
    assert "decided by its check: false\n  assert values == sorted(values)\n" in told


def test_what_a_check_has_decided_does_not_fall_due(run):
    prices = PRICES.replace("2024-01-03", "2024-03-01")
    Path("prices.toml").write_text(prices, "utf-8")

    assert "1 due within 90 days of 2024-02-01" in run("due")[1]
    told = run("due", "--checks", "conftest.py")
    assert told == (0, "nothing due within 90 days of 2024-02-01\n")


def test_accept_signs_what_the_check_says_and_that_it_said_so(run):
    run("accept", "it-rises", "--yes", "--by", "Ann", "--checks", "conftest.py")

    claim = load("prices.toml").claims["it-rises"]
    assert claim.status == "held"
    assert claim.signed.fingerprint.split("-")[2] == "check"


class TestSignedAsDecidedByAFunction:
    @pytest.fixture(autouse=True)
    def _signed(self, here, run):
        run("accept", "it-rises", "--yes", "--by", "Ann", "--checks", "conftest.py")

    def test_check_asks_for_the_function(self, run):
        assert run("check", "--no-git") == (
            1,
            (
                "prices.toml:39:1: CT608 error: claim 'it-rises' was signed as decided by a "
                "function, which was not asked (hint: name the file that holds it: --checks FILE)\n"
                "1 error in 7 records\n"
            ),
        )

    def test_check_is_green_with_the_function(self, run):
        found = run("check", "--no-git", "--checks", "conftest.py")

        assert found == (0, "nothing found in 7 records\n")

    def test_accept_without_the_function_signs_nothing(self, run):
        before = Path("prices.toml").read_bytes()

        assert run("accept", "it-rises", "--yes") == (
            2,
            (
                "claim 'it-rises' was signed as decided by a function, which was not asked; name "
                "the file that holds it: --checks FILE\n"
            ),
        )
        assert Path("prices.toml").read_bytes() == before

    @pytest.mark.parametrize("command", [("audit",), ("explain", "it-rises")])
    def test_other_commands_say_that_it_was_not_asked(self, run, command):
        told = run(*command)[1]

        assert "signed as decided by a function, which was not asked" in told

    def test_history_says_that_it_tells_of_the_criterion_alone(self, run):
        told = run("history", "it-rises")[1]

        assert told.endswith(
            "claim 'it-rises' is decided by a function, which histories do not ask: this is what "
            "its criterion alone makes of it\n"
        )


def test_the_function_sees_the_folder_and_imports_what_lies_beside_it(run):
    Path("registry").mkdir()
    Path("registry", "prices.toml").write_text(PRICES, "utf-8")
    Path("mine").mkdir()
    write("NAME = 'registry'\n", "mine/beside_it.py")
    write(
        "import beside_it\n"
        "def pytest_claimtrack_registry(registry, path):\n"
        "    assert path.is_absolute()\n"
        "    if path.name == beside_it.NAME:\n"
        "        return {'it-rises': lambda claim, reports: True}\n",
        "mine/checks.py",
    )
    before = list(sys.path)

    status, _ = run("check", "--no-git", "--checks", "mine/checks.py", path="registry")

    assert status == 0
    assert sys.path == before


def test_a_module_is_named_without_an_ending(run, monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(tmp_path))
    write(CONFTEST, "checks_of_cli.py")

    assert run("check", "--no-git", "--checks", "checks_of_cli")[0] == 0


def test_several_files_add_up(run):
    text = PRICES + PRICES[PRICES.index("[[claim]]") :].replace("it-rises", "it-falls")
    Path("prices.toml").write_text(text, "utf-8")
    write(CONFTEST.replace("it-rises", "it-falls"), "more.py")

    status, _ = run("check", "--no-git", "--checks", "conftest.py", "--checks", "more.py")

    assert status == 0


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("nowhere.py", "'nowhere.py' cannot be run: No such file or directory"),
        ("no_such_module", "'no_such_module' are no module; a file is named with its ending .py"),
        ("json.nothing", "'json.nothing' are no module; a file is named with its ending .py"),
        ("./prices.toml", "'./prices.toml' are no Python file; expected a name in .py"),
        ("json", "'json' have no function pytest_claimtrack_registry(registry)"),
    ],
)
def test_what_cannot_be_used_is_a_usage_error(run, named, told):
    assert run("check", "--checks", named) == (2, f"CT902 checks {told}\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "import os\nx = 1 / 0\n",
            "cannot be run: ZeroDivisionError: division by zero\n    conftest.py:2: x = 1 / 0\n",
            id="raises when it is run",
        ),
        pytest.param(
            "def f(:\n",
            "cannot be run: SyntaxError: invalid syntax (conftest.py, line 1)\n",
            id="is no Python",
        ),
        pytest.param(
            "import no_such_module\n",
            (
                "cannot be run: ModuleNotFoundError: No module named 'no_such_module'\n"
                "    conftest.py:1: import no_such_module\n"
            ),
            id="imports what is not there",
        ),
        pytest.param(
            "raise SystemExit\n",
            "cannot be run: SystemExit\n    conftest.py:1: raise SystemExit\n",
            id="leaves the process",
        ),
        pytest.param(
            "x = 1\n",
            "have no function pytest_claimtrack_registry(registry)\n",
            id="has no such function",
        ),
        pytest.param(
            CONFTEST.replace("it-rises", "it-raises"),
            (
                "cannot be used: CT402 claim 'it-raises' is not in this registry; did you mean "
                "'it-rises'?\n"
            ),
            id="names a claim that is not there",
        ),
        pytest.param(
            "def pytest_claimtrack_registry(registry, place):\n    pass\n",
            (
                "cannot be used: TypeError: pytest_claimtrack_registry() missing 1 required "
                "positional argument: 'place'\n"
            ),
            id="asks for something else",
        ),
        pytest.param(
            "def pytest_claimtrack_registry(registry):\n    pass\n",
            (
                "cannot be used: CT101 pytest_claimtrack_registry returned None; expected "
                "functions by the ids of the claims they decide, as in {'claim-id': f}, or {}\n"
            ),
            id="returns nothing",
        ),
        pytest.param(
            "def pytest_claimtrack_registry(registry):\n    return [lambda claim, reports: 1]\n",
            (
                "cannot be used: CT101 pytest_claimtrack_registry returned a value of type list; "
                "expected functions by the ids of the claims they decide, as in {'claim-id': f}, "
                "or {}\n"
            ),
            id="returns something else",
        ),
        pytest.param(
            "def old(evidence):\n    return True\n"
            "def pytest_claimtrack_registry(registry):\n    return {'it-rises': old}\n",
            (
                "cannot be used: CT101 the check of claim 'it-rises' takes (evidence); expected "
                "(claim, reports)\n"
            ),
            id="returns a function of one parameter",
        ),
    ],
)
@pytest.mark.parametrize("command", [("check",), ("audit",), ("due",), ("accept", "it-rises")])
def test_what_goes_wrong_in_a_file_is_told_with_its_place(run, text, told, command):
    write(text)

    status, out = run(*command, "--checks", "conftest.py")

    assert (status, out) == (2, f"CT902 checks 'conftest.py' {told}")


RAISES = """
def pytest_claimtrack_registry(registry):
    return {"it-rises": rises}

def rises(claim, reports):
    return third(reports)

def third(reports):
    return reports[2].value > 1  # ::error::
"""


@pytest.mark.parametrize(
    "command", [("audit",), ("due",), ("accept", "it-rises", "--yes"), ("explain", "it-rises")]
)
def test_a_function_that_fails_to_run_ends_a_command_with_its_place(run, command):
    write(RAISES)
    before = Path("prices.toml").read_bytes()

    assert run(*command, "--checks", "conftest.py") == (
        2,
        (
            "CT403 the check of claim 'it-rises' failed to run: IndexError: tuple index out of "
            "range\n    conftest.py:6: return third(reports)\n"
            "    conftest.py:9: return reports[2].value > 1  # ::error::\n"
        ),
    )
    assert Path("prices.toml").read_bytes() == before


def test_a_function_that_fails_to_run_is_a_finding_of_check(run):
    write(RAISES)

    assert run("check", "--no-git", "--checks", "conftest.py") == (
        1,
        (
            "prices.toml:31:1: CT607 error: claim 'it-rises' has a check that failed to run: "
            "IndexError: tuple index out of range\n1 error in 7 records\n"
        ),
    )


def test_only_the_claims_that_are_asked_about_need_functions_that_run(run):
    text = PRICES + PRICES[PRICES.index("[[claim]]") :].replace("it-rises", "it-falls")
    Path("prices.toml").write_text(text, "utf-8")
    write(RAISES + "\ndef other(registry): pass\n")

    assert run("explain", "it-falls", "--checks", "conftest.py")[0] == 0
    assert run("accept", "it-falls", "--yes", "--checks", "conftest.py")[0] == 0


def test_the_database_engine_takes_no_functions(run):
    status, told = run("audit", "--engine", "duckdb", "--checks", "conftest.py")

    assert status == 2
    assert told.endswith("Error: --checks does not go with --engine duckdb\n")


@pytest.mark.parametrize(
    ("command", "without", "with_it"),
    [
        pytest.param(
            ("badge",), "claims: 1 claim, none decided", "claims: 1 of 1 decided held", id="badge"
        ),
        pytest.param(("score", "--format", "json"), '"held": 0', '"held": 1', id="score"),
        pytest.param(
            ("rate", "--scale", "politifact-promises"), "Stalled", "Promise Kept", id="rate"
        ),
        pytest.param(("site", "-o", "public"), "", "", id="site"),
        pytest.param(("due",), "nothing due", "nothing due", id="due"),
    ],
)
def test_all_commands_take_functions_and_miss_those_that_were_signed(
    run, command, without, with_it
):
    run("accept", "it-rises", "--yes", "--by", "Ann", "--checks", "conftest.py")
    missing = (
        "claim 'it-rises' was signed as decided by a function, which was not asked: --checks FILE "
        "names its file\n"
    )

    status, told = run(*command)
    assert (status, missing in told, without in told) == (0, True, True)

    status, told = run(*command, "--checks", "conftest.py")
    assert (status, missing in told, with_it in told) == (0, False, True)


def test_a_diff_asks_functions_on_both_days(run, capsys):
    words = ["diff", "prices.toml", "--as-of", "2024-01-01", "--as-of", "2024-01-02"]

    assert main([*words, "--checks", "conftest.py"]) == 0

    told = capsys.readouterr().out
    assert "it-rises" in told
    assert "pending" in told
    assert "held" in told
