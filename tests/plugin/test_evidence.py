"""Tests as evidence, fixtures, checks, and processes beside each other."""

import os
import shutil
import tomllib
from pathlib import Path

import pytest

from claimtrack.testing import registries as loaded

ROOT = Path(__file__).parents[2]

SOFTWARE = """
[registry]
title = "Our own promises"
[[speaker]]
id = "team"
[[source]]
id = "readme"
published = 2024-01-01
[[claim]]
id = "it-is-fast"
speaker = "team"
said = 2024-01-01
source = "readme"
quote = "it is fast"
criterion = { judged = true }
status = "held"
[[claim]]
id = "it-is-small"
speaker = "team"
said = 2024-01-01
source = "readme"
quote = "it is small"
criterion = { judged = true, min_sources = 2 }
status = "held"
[[claim]]
id = "prices-rise"
speaker = "team"
said = 2024-01-01
source = "readme"
quote = "prices rise"
criterion = { judged = true }
status = "pending"
due = 2030-01-01
"""

TESTS = """
import pytest

@pytest.mark.claim("it-is-fast")
def test_speed():
    assert FAST

@pytest.mark.claim("it-is-small")
@pytest.mark.parametrize("size", [1, 2])
def test_size(size):
    assert size < 10

@pytest.mark.claim("it-is-small", stance="refutes")
def test_bloat():
    assert not FAST

def test_another():
    pass
"""


def outcomes(result):
    return {word: n for word, n in result.parseoutcomes().items() if word != "warnings"}


@pytest.fixture
def software(project, monkeypatch):
    shutil.rmtree(project.path / "registry")
    folder = project.mkdir("promises")
    (folder / "all.toml").write_text(SOFTWARE, "utf-8")
    return project


def write_tests(project, *, fast):
    project.makepyfile(test_it=TESTS.replace("FAST", str(fast)))


def run(project, *arguments):
    words = ("-p", "no:cacheprovider", "--as-of", "2025-01-01", *arguments)
    return project.runpytest_inprocess(*words)


def test_a_passing_test_supports_its_claim(software):
    software.makepyfile(test_it=TESTS.replace("FAST", "True"))

    result = run(software, "-v", "-rs")

    told = result.stdout.str()
    assert "promises/all.toml::claim::it-is-fast PASSED" in told
    assert told.index("test_another PASSED") < told.index("it-is-fast PASSED")
    assert "✓ held" in told


def test_two_tests_are_two_witnesses_and_two_cases_are_one(software):
    write_tests(software, fast=True)

    # test_bloat fails, so that it supports what it would have refuted
    result = run(software, "-v")

    assert "claim::it-is-small PASSED" in result.stdout.str()
    assert outcomes(result) == {"passed": 6, "failed": 1, "skipped": 1}


def test_a_failing_test_refutes_its_claim(software):
    write_tests(software, fast=False)

    told = run(software, "-v", "-k", "fast or speed").stdout.str()

    assert "claim::it-is-fast FAILED" in told
    assert "claim 'it-is-fast' is recorded as held, and is failed as of 2025-01-01" in told
    assert "evidence on the claim itself" in told
    assert "refutes" in told


ORDERS = {
    "as collected": "",
    "by name": "items.sort(key=lambda item: item.name)",
    "backwards": "items.reverse()",
    "claims first": "items.sort(key=lambda item: '.toml' not in item.nodeid)",
    "claims between": "items[:] = items[1::2] + items[::2]",
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("fast", [True, False])
def test_whatever_the_order_claims_hear_their_witnesses(software, order, fast):
    write_tests(software, fast=fast)
    software.makeconftest(
        "import pytest\n"
        "@pytest.hookimpl(trylast=True)\n"
        f"def pytest_collection_modifyitems(items):\n    {order or 'pass'}\n"
    )

    result = run(software, "-v")

    # Where it is not fast, one claim is refuted, and one has too few who support it.
    expected = {"passed": 6, "failed": 1, "skipped": 1}
    if not fast:
        expected = {"passed": 4, "failed": 3, "skipped": 1}
    assert outcomes(result) == expected
    assert f"claim::it-is-fast {'PASSED' if fast else 'FAILED'}" in result.stdout.str()
    assert "witnesses have testified" not in result.stdout.str()


@pytest.mark.parametrize("option", ["--ff", "--nf"])
def test_options_that_order_hide_no_claim(software, option):
    write_tests(software, fast=False)
    words = ("--as-of", "2025-01-01")
    first = outcomes(software.runpytest_inprocess(*words))
    os.utime(software.path / "test_it.py", (0, 0))

    assert outcomes(software.runpytest_inprocess(*words, option)) == first


def test_each_audit_of_a_run_is_made_once_whatever_the_order(software, monkeypatch):
    made = []
    real = loaded.Audit

    def audit(*words, **options):
        made.append(words)
        return real(*words, **options)

    monkeypatch.setattr(loaded, "Audit", audit)
    software.makeconftest(
        "import pytest\n"
        "@pytest.hookimpl(trylast=True)\n"
        "def pytest_collection_modifyitems(items):\n    items[:] = items[1::2] + items[::2]\n"
    )
    software.makepyfile(
        "import pytest\n"
        "@pytest.mark.claim('it-is-fast')\n"
        "@pytest.mark.parametrize('n', range(30))\n"
        "def test_n(n): pass\n"
    )

    run(software)

    assert len(made) == 2  # before the tests, and with what they testify


def test_a_test_that_does_not_run_leaves_its_claim_undecided(software):
    software.makepyfile(
        "import pytest\n"
        "@pytest.mark.claim('it-is-fast')\n"
        "@pytest.mark.parametrize('n', range(2))\n"
        "def test_n(n): pass\n"
    )
    software.makeconftest(
        "def pytest_runtest_protocol(item, nextitem):\n"
        "    if '[1]' in item.name:\n"
        "        item.session._setupstate.teardown_exact(nextitem)\n"
        "        return True\n"
    )

    told = run(software, "-rs", "-k", "test_n or fast").stdout.str()

    assert "1 of its 2 witnesses have testified" in told


def test_a_fixture_that_loads_the_registry_late_hears_the_tests_before(software):
    software.makepyfile(
        test_a="import pytest\n@pytest.mark.claim('it-is-fast')\ndef test_a(): pass\n",
        test_b="def test_b(registry): pass\n",
    )

    alone = run(software, "test_a.py", "test_b.py").stdout.str()
    both = run(software).stdout.str()

    rows = [
        [line.split() for line in told.splitlines() if line.startswith("it-is-fast ")]
        for told in (alone, both)
    ]
    assert rows[0] == rows[1]
    assert "held" in rows[0][0]


def test_the_mark_of_another_library_is_left_alone_where_there_is_no_registry(software):
    shutil.rmtree(software.path / "promises")
    software.makeini("[pytest]\nmarkers = claim: of another library\n")
    software.makepyfile(
        "import pytest\n@pytest.mark.claim(1, 2, other=3)\ndef test_a():\n    pass\n"
        "@pytest.mark.claim('x')\ndef test_b():\n    pass\n"
    )

    assert outcomes(run(software, "-W", "error")) == {"passed": 2}


def test_a_skipped_test_says_nothing(software):
    software.makepyfile(
        "import pytest\n"
        "@pytest.mark.claim('it-is-fast')\n"
        "def test_speed():\n    pytest.skip('no clock here')\n"
    )

    told = run(software, "-v", "-k", "fast or speed").stdout.str()

    assert "claim 'it-is-fast' is recorded as held, and there is no evidence on it" in told


def test_a_mark_of_a_claim_that_is_nowhere_is_a_warning(software):
    software.makepyfile(
        "import pytest\n@pytest.mark.claim('it-is-fats')\ndef test_speed():\n    pass\n"
    )

    told = run(software, "-W", "default").stdout.str()

    assert "a test testifies on claim 'it-is-fats', which no registry of this run has" in told


@pytest.mark.parametrize("arguments", ["", "'it-is-fast', stance='likes'", "'a', 'b'"])
def test_a_mark_that_is_not_well_formed_is_a_usage_error(software, arguments):
    software.makepyfile(
        f"import pytest\n@pytest.mark.claim({arguments})\ndef test_speed():\n    pass\n"
    )

    result = run(software)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "mark.claim(id, stance='supports'): " in result.stderr.str()


def test_fixtures_give_the_registry_the_audit_and_the_day(software):
    software.makepyfile(
        "import datetime\n"
        "def test_it(registry, audit, as_of):\n"
        "    assert as_of == datetime.date(2025, 1, 1)\n"
        "    assert list(registry.claims) == ['it-is-fast', 'it-is-small', 'prices-rise']\n"
        "    assert audit['prices-rise'].status == 'pending'\n"
        "    assert str(audit.as_of) == '2025-01-01'\n"
    )

    assert outcomes(run(software, "-k", "test_it")) == {"passed": 1, "deselected": 3}


def test_fixtures_find_the_registry_of_the_project_where_none_is_collected(software):
    software.makepyfile(test_it="def test_it(registry):\n    assert len(registry.claims) == 3\n")

    assert outcomes(run(software, "test_it.py")) == {"passed": 1}


def test_fixtures_find_a_registry_that_is_a_file_beside_the_tests(project):
    shutil.rmtree(project.path / "registry")
    (project.path / "a.toml").write_text('[registry]\n[[speaker]]\nid = "s"\n', "utf-8")
    project.makepyfile(test_it="def test_it(registry):\n    assert 's' in registry.speakers\n")

    assert outcomes(run(project, "test_it.py")) == {"passed": 1}


def test_a_setting_names_the_registry_of_the_fixtures(software):
    other = software.mkdir("other")
    (other / "a.toml").write_text('[registry]\n[[speaker]]\nid = "s"\n', "utf-8")
    software.makepyprojecttoml('[tool.pytest.ini_options]\nclaimtrack_registry = "other"\n')
    software.makepyfile(test_it="def test_it(registry):\n    assert 's' in registry.speakers\n")

    assert outcomes(run(software, "test_it.py")) == {"passed": 1}


def test_several_registries_have_to_be_told_apart(software):
    other = software.mkdir("other")
    (other / "a.toml").write_text('[registry]\n[[speaker]]\nid = "s"\n', "utf-8")
    software.makepyfile(test_it="def test_it(registry):\n    pass\n")

    result = run(software, "test_it.py")

    assert outcomes(result) == {"errors": 1}
    assert "there is several registries; name one" in result.stdout.str()


def test_a_check_decides_and_its_assertion_explains(software):
    software.makeconftest(
        "def pytest_claimtrack_registry(registry, path):\n"
        "    assert path.name == 'promises'\n"
        "    return {'prices-rise': rises}\n"
        "def rises(claim, reports):\n"
        "    assert len(reports) > 3, 'too few prices'\n"
    )

    told = run(software, "promises", "-k", "prices").stdout.str()

    assert "claim 'prices-rise' is recorded as pending, and is failed as of 2025-01-01" in told
    assert "decided by its check: false\n  too few prices" in told


def test_checks_come_from_a_module_of_another_name_too(software, monkeypatch):
    software.makepyfile(
        our_checks="def pytest_claimtrack_registry(registry):\n"
        "    return {'prices-rise': lambda claim, reports: False}\n"
    )
    monkeypatch.syspath_prepend(software.path)

    told = run(software, "-p", "our_checks", "promises", "-k", "prices").stdout.str()

    assert "claim 'prices-rise' is recorded as pending, and is failed as of 2025-01-01" in told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("pass", "returned None; expected functions by the ids of the claims they decide, as in"),
        (
            "return 5",
            "returned a value of type int; expected functions by the ids of the claims they decide",
        ),
        (
            "return {'prices-rise': lambda evidence: True}",
            "CT101 the check of claim 'prices-rise' takes (evidence); expected (claim, reports)",
        ),
        ("return {'prices-fall': lambda claim, reports: True}", "CT402 claim 'prices-fall' is not"),
    ],
)
def test_a_hook_that_returns_no_functions_is_told_what_to_return(software, body, told):
    software.makeconftest(f"def pytest_claimtrack_registry(registry):\n    {body}\n")

    result = run(software, "promises")

    assert result.ret != 0
    assert told in result.stdout.str() + result.stderr.str()


def test_of_two_hooks_one_that_returns_nothing_is_not_passed_over(software, monkeypatch):
    software.makeconftest("def pytest_claimtrack_registry(registry):\n    return {}\n")
    software.makepyfile(our_checks="def pytest_claimtrack_registry(registry):\n    pass\n")
    monkeypatch.syspath_prepend(software.path)

    result = run(software, "-p", "our_checks", "promises")

    assert result.ret != 0
    told = result.stdout.str() + result.stderr.str()
    assert "conftest.py returned None; expected functions by the ids" in told
    assert "CT101 pytest_claimtrack_registry of our_checks or " in told


def test_a_check_that_fails_to_run_fails_its_own_claim_with_a_traceback(software):
    software.makeconftest(
        "def pytest_claimtrack_registry(registry, path):\n"
        "    return {'prices-rise': rises}\n"
        "def rises(claim, reports):\n"
        "    return reports[0].value > 3\n"
    )

    result = run(software, "promises")

    told = result.stdout.str()
    assert outcomes(result) == {"failed": 3}
    assert "claim 'prices-rise' has a check that failed to run: IndexError: tuple index" in told
    assert "Traceback (most recent call last):\n  File " in told
    assert 'conftest.py", line 4, in rises\n    return reports[0].value > 3\n' in told
    assert "engine/user_functions.py" not in told


def test_a_claim_signed_as_decided_by_a_function_fails_without_it(software):
    path = software.path / "promises" / "all.toml"
    mark = 'signed = { on = 2024-06-01, fingerprint = "a-b-check" }\ndue = 2030'
    path.write_text(SOFTWARE.replace("due = 2030", mark), "utf-8")

    told = run(software, "promises", "-k", "prices").stdout.str()

    expected = "claim 'prices-rise' was signed as decided by a function, which was not asked\n"
    assert expected in told


HOOK = "def pytest_claimtrack_registry(registry, path):\n    return {}\n"


def test_a_conftest_with_the_hook_runs_where_the_plugin_is_switched_off(software):
    software.makeconftest(HOOK)
    software.makepyfile("def test_a(): pass")

    result = run_without(software)

    assert outcomes(result) == {"passed": 1}


def run_without(project, *plugins):
    loaded = (word for plugin in plugins for word in ("-p", plugin))
    return project.runpytest_subprocess("-p", "no:claimtrack", *loaded)


def test_the_hook_is_known_to_every_installation():
    points = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]

    assert points["pytest11"]["claimtrack-hooks"] == "claimtrack.testing.hookspecs"


class TestXdist:
    @pytest.fixture(autouse=True)
    def _needs_xdist(self):
        pytest.importorskip("xdist")

    def test_claims_hear_the_witnesses_of_all_processes(self, software):
        write_tests(software, fast=True)

        result = run(software, "-n", "2")

        assert outcomes(result) == {"passed": 6, "failed": 1, "skipped": 1}
        assert "claimtrack audit as of 2025-01-01: promises" in result.stdout.str()
        assert "✓ held 2" in result.stdout.str()

    @pytest.mark.parametrize("order", ["claims first", "claims between"])
    def test_whatever_the_order_claims_hear_their_witnesses(self, software, order):
        write_tests(software, fast=True)
        software.makeconftest(
            "import pytest\n"
            "@pytest.fixture(scope='package', autouse=True)\n"
            "def around():\n    yield\n"
            "@pytest.hookimpl(trylast=True)\n"
            f"def pytest_collection_modifyitems(items):\n    {ORDERS[order]}\n"
        )

        result = run(software, "-n", "1")

        assert outcomes(result) == {"passed": 6, "failed": 1, "skipped": 1}

    def test_a_claim_that_witnesses_elsewhere_refute_fails_the_run(self, software):
        software.makepyfile(test_it=TESTS.replace("FAST", "FAST()") + "def FAST(): return False\n")

        result = run(software, "-n", "1", "-k", "fast or speed", "--junitxml=junit.xml")

        assert outcomes(result) == {"failed": 2}
        assert result.ret == pytest.ExitCode.TESTS_FAILED
        told = result.stdout.str()
        assert "claim 'it-is-fast' is recorded as held, and is failed as of 2025-01-01" in told
        assert 'failures="2"' in (software.path / "junit.xml").read_text("utf-8")
