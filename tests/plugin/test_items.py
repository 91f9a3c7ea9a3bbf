"""Claims, readings and facts as items: three clocks, and what each item says."""

import re
import shutil
import sys
from datetime import date

import attrs
import pytest

from claimtrack import Registry, dumps, load
from tests.plugin.conftest import CLAIMS, REGISTRY

ALL = 9  # five claims, a reading, three facts


def outcomes(result):
    """Return how many items came out how."""
    return {word: n for word, n in result.parseoutcomes().items() if word != "warnings"}


def letters(result):
    """Return the outcome of each item, by its node."""
    found = re.findall(r"^(\S+::.*?) (PASSED|FAILED|SKIPPED)", result.stdout.str(), re.MULTILINE)
    return {node.partition("::")[2]: word for node, word in found}


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        pytest.param("2017-01-01", {"skipped": ALL - 1, "failed": 1}, id="before all of it"),
        pytest.param("2019-12-31", {"passed": 3, "skipped": 5, "failed": 1}, id="when it held"),
        pytest.param("2021-03-01", {"passed": 2, "skipped": 4, "failed": 3}, id="years after"),
    ],
)
def test_the_same_files_come_out_differently_on_three_days(run, as_of, expected):
    assert outcomes(run(as_of, "registry")) == expected


def test_each_item_on_the_day_before_the_first_evidence(run):
    assert letters(run("2019-12-01", "-v", "registry")) == {
        "claim::by-2019": "FAILED",
        "claim::link-by-2020": "SKIPPED",
        "claim::link-by-2030": "SKIPPED",
        "claim::a-mistake": "SKIPPED",
        "claim::called-off": "SKIPPED",
        "reading::by-2019::a year early": "FAILED",
        "fact::gas": "SKIPPED",
        "fact::link": "SKIPPED",
        "fact::price": "FAILED",
    }


def test_each_item_years_after(run):
    assert letters(run("2021-03-01", "-v", "registry")) == {
        "claim::by-2019": "PASSED",
        "claim::link-by-2020": "FAILED",
        "claim::link-by-2030": "SKIPPED",
        "claim::a-mistake": "SKIPPED",
        "claim::called-off": "SKIPPED",
        "reading::by-2019::a year early": "PASSED",
        "fact::gas": "FAILED",
        "fact::link": "SKIPPED",
        "fact::price": "FAILED",
    }


def test_reasons_to_skip_name_day_and_cause(run):
    told = run("2019-12-31", "registry", "-rs").stdout.str()

    assert re.findall(r"^SKIPPED (.*)$", told, re.MULTILINE) == [
        "[1] registry/claims.toml:18: pending: due on 2020-12-31",
        "[1] registry/claims.toml:27: pending: due on 2030-12-31",
        "[1] registry/claims.toml:36: not checkable: an opinion",
        "[1] registry/claims.toml:45: annulled: it was called off",
        "[1] registry/registry.toml:24: nothing is known of it yet",
    ]


def test_a_claim_that_was_not_yet_made_is_skipped(run):
    told = run("2017-07-03", "registry", "-rs", "-k", "by-2019").stdout.str()

    assert "[2] registry/claims.toml:2: not yet said: it was said on 2017-07-04" in told


def test_a_claim_that_waits_for_a_rating_is_skipped(run, project):
    path = project.path / "registry" / "claims.toml"
    with path.open("a", encoding="utf-8") as file:
        file.write(
            '[[claim]]\nid = "rated"\nspeaker = "miller"\nsaid = 2017-07-04\nsource = "wire"\n'
            'quote = "x"\ncriterion = { assessed = "trumptracker" }\n'
        )

    told = run("2020-01-01", "registry", "-rs", "-k", "rated").stdout.str()

    assert "its ratings do not settle it yet" in told


FAILURE = """\
claim 'by-2019' is recorded as held, and is pending as of 2019-12-01

by-2019
  “gas by the end of 2019”
  Alexei Miller, 4 Jul 2017
  in wire, 2 Dec 2019
as of 1 Dec 2019: ◌ pending
due: 31 Dec 2019
readings: 1 of 2 pending, 1 overdue
recorded: ✓ held

criterion
  unknown: “First gas” happens by 31 Dec 2019 — 0 for, 0 against
reading “a year early”: ! overdue
  unknown: “First gas” happens by 31 Dec 2018 — 0 for, 0 against

evidence on “First gas”

counted    published   evidence  says        publisher  why
─────────  ──────────  ────────  ──────────  ─────────  ─────────────────
  ignored  2 Dec 2019  gas-wire  2 Dec 2019  wire       not yet published
  ignored  1 Mar 2021  gas-blog  3 Dec 2019  blog       not yet published

registry/claims.toml:2
"""


def test_a_failure_shows_words_statuses_and_explanation(run):
    told = run("2019-12-01", "registry/claims.toml::claim::by-2019").stdout.str()

    assert FAILURE in told


def test_a_fact_fails_for_all_that_is_wrong_with_it(run):
    told = run("2021-03-01", "registry", "-k", "gas or price").stdout.str()

    assert "fact 'gas' has sources in conflict: evidence 'gas-wire' and 'gas-blog'\n" in told
    assert (
        "fact 'price' has 1 of the 2 independent witnesses it requires; fact 'price' was last "
        "reported on 2019-12-02, 455 days ago; expected a report every 400 days\n"
    ) in told


@pytest.mark.parametrize(
    ("status", "passes"), [("overdue", True), ("pending", False), ("failed", False)]
)
def test_an_unsettled_status_passes_only_where_it_is_recorded(project, run, status, passes):
    path = project.path / "registry" / "claims.toml"
    text = path.read_text("utf-8").replace(
        "by = 2020-12-31 }", f'by = 2020-12-31 }}\nstatus = "{status}"'
    )
    path.write_text(text, "utf-8")

    result = run("2021-03-01", "registry/claims.toml::claim::link-by-2020")

    assert outcomes(result) == ({"passed": 1} if passes else {"failed": 1})


def test_what_is_silenced_is_skipped_with_the_reason(project, run):
    path = project.path / "registry" / "registry.toml"
    reason = 'silenced = [{ code = "CT621", because = "the blog counts in Beijing" }]'
    path.write_text(
        path.read_text("utf-8").replace("once = true", f"once = true\n{reason}"), "utf-8"
    )

    told = run("2021-03-01", "registry", "-rs", "-k", "gas").stdout.str()

    assert "silenced CT621: the blog counts in Beijing" in told


@pytest.mark.parametrize(
    ("expression", "number"),
    [
        ("status_held", 1),
        ("status_pending", 2),
        ("status_not_checkable", 1),
        ("kind_promise", 2),
        ("kind_event", 2),
        ("topic_energy_gas", 2),
        ("speaker_miller", 6),
        ("status_held and kind_promise", 1),
    ],
)
def test_items_are_chosen_by_their_marks(run, expression, number):
    result = run("2019-12-31", "registry", "-m", expression)

    assert sum(outcomes(result).values()) - outcomes(result)["deselected"] == number


def test_the_day_stands_in_the_header_and_the_audit_in_the_summary(run):
    told = run("2019-12-31", "registry").stdout.str()

    assert "\nclaimtrack: as of 2019-12-31\n" in told
    assert "= claimtrack audit as of 2019-12-31: registry =" in told
    assert re.search(
        r"^by-2019 +Alexei Miller +4 Jul 2017 +31 Dec 2019 +✓ held", told, re.MULTILINE
    )
    assert "5 claims as of 31 Dec 2019: ✓ held 1, ◌ pending 2, " in told


def test_the_header_waits_for_the_collection_where_the_registry_is_not_named(project, run):
    project.makepyfile("def test_nothing(): pass")

    told = run(None).stdout.str()

    assert re.search(r"collected 10 items\nclaimtrack: as of \d{4}-\d\d-\d\d\n", told)


def test_without_a_day_the_day_is_today(run):
    before = date.today().isoformat()  # noqa: DTZ011
    told = run(None, "registry").stdout.str()

    after = date.today().isoformat()  # noqa: DTZ011
    assert f"as of {before}" in told or f"as of {after}" in told


def test_a_day_that_is_none_is_a_usage_error(run):
    result = run("2019", "registry")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: --as-of: '2019' is not one full day; expected YYYY-MM-DD" in result.stderr.str()


def test_last_failed_runs_what_failed(project):
    first = project.runpytest_inprocess("--as-of", "2021-03-01", "registry")
    again = project.runpytest_inprocess("--as-of", "2021-03-01", "registry", "--lf")

    assert outcomes(first) == {"passed": 2, "skipped": 4, "failed": 3}
    assert outcomes(again) == {"failed": 3, "deselected": 6}


ODD_IDS = ["a", "a::b", "a[1]", "a]", "[", ":a:", "50%", "50%25", "é/ü", "a\\b", "##[x]", "a:b"]
ODD_READINGS = [
    "strict [as of 2019]",
    "a::b",
    "a:",
    ":",
    "[]",
    "a/b",
    "naïve ",
    "a\x1b[2Jb",
    "a\nb",
]


@pytest.fixture
def odd(project):
    """A project whose ids and readings hold what pytest takes for something else; all fail."""
    folder = project.path / "registry"
    base = load(folder)
    claim = base.claims["by-2019"]
    readings = [
        attrs.evolve(claim.readings[0], name=name, status="failed") for name in ODD_READINGS
    ]
    claims = [attrs.evolve(claim, id=id_, status="failed", readings=()) for id_ in ODD_IDS]
    claims[1] = attrs.evolve(claims[1], readings=readings)
    kept = [
        record for records in base.record_maps() for record in records.values() if record != claim
    ]
    shutil.rmtree(folder)
    (project.path / "lines.jsonl").write_text(dumps(Registry.of(*kept, *claims), "jsonl"), "utf-8")
    return project


def test_every_printed_id_runs_its_item(odd):
    words = ("-p", "no:cacheprovider", "--as-of", "2020-01-01")
    told = odd.runpytest_inprocess(*words, "--collect-only", "-q", "lines.jsonl").outlines
    ids = [line for line in told if line.startswith("lines.jsonl::")]
    wanted = [one for one in ids if "fact::" not in one and "-" not in one.partition("::")[2]]

    assert len(set(ids)) == len(ids)
    assert len(wanted) == len(ODD_IDS) + len(ODD_READINGS)
    for id_ in wanted:
        assert id_.isprintable()
        assert outcomes(odd.runpytest_inprocess(*words, id_)) == {"failed": 1}, id_


def test_last_failed_runs_what_failed_whatever_its_id(odd):
    words = ("--as-of", "2020-01-01", "lines.jsonl")
    first = outcomes(odd.runpytest_inprocess(*words))
    again = outcomes(odd.runpytest_inprocess(*words, "--lf"))

    assert first["failed"] == again["failed"] > len(ODD_IDS) + len(ODD_READINGS)


def test_topics_take_time_in_proportion_to_their_number(project, monkeypatch):
    def lines_read(number):
        read = 0
        real = pytest.Config.getini

        def getini(self, name):
            nonlocal read
            found = real(self, name)
            if name == "markers" and sys._getframe(1).f_code.co_name != "addinivalue_line":
                read += len(found)
            return found

        text = REGISTRY + "".join(
            CLAIMS.partition('[[claim]]\nid = "link-by-2020')[0]
            .replace("by-2019", f"by-2019-{n}")
            .replace("energy & gas", f"topic {n}")
            for n in range(number)
        )
        (project.path / "many.toml").write_text(text, "utf-8")
        with monkeypatch.context() as patched:
            patched.setattr(pytest.Config, "getini", getini)
            project.runpytest_inprocess("-p", "no:cacheprovider", "--collect-only", "many.toml")
        return read

    small, large = lines_read(40), lines_read(80)

    assert large < 3 * small


def test_collecting_alone_runs_and_prints_no_audit(run):
    told = run("2019-12-31", "registry", "--collect-only", "-q").stdout.str()

    assert "registry/claims.toml::claim::by-2019\n" in told
    assert "registry/claims.toml::reading::by-2019::a year early\n" in told
    assert "registry/registry.toml::fact::gas\n" in told
    assert "audit" not in told


def test_the_plugin_can_be_switched_off(project):
    result = project.runpytest_inprocess("-p", "no:claimtrack", "registry")

    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_junit_file_has_every_item(project, run):
    from xml.etree import ElementTree as ET

    run("2021-03-01", "registry", "--junitxml=junit.xml")

    suite = ET.parse(project.path / "junit.xml").getroot()[0]
    counts = {key: suite.get(key) for key in ("tests", "failures", "skipped", "errors")}
    assert counts == {"tests": "9", "failures": "3", "skipped": "4", "errors": "0"}


def test_a_mark_of_pytest_holds_for_claims_too(project, run):
    project.makeconftest(
        "import pytest\n"
        "def pytest_collection_modifyitems(items):\n"
        "    for item in items:\n"
        "        if item.name == 'link-by-2020':\n"
        "            item.add_marker(pytest.mark.xfail(strict=True, reason='known'))\n"
    )

    result = run("2021-03-01", "registry/claims.toml")

    assert outcomes(result) == {"passed": 2, "skipped": 3, "xfailed": 1}


def test_files_of_json_lines_are_items_too(project, run):
    (project.path / "lines.jsonl").write_text(dumps(load(project.path / "registry"), "jsonl"))

    result = run("2021-03-01", "lines.jsonl", "-v")

    assert outcomes(result) == {"passed": 2, "skipped": 4, "failed": 3}
    assert "lines.jsonl::claim::by-2019 PASSED" in result.stdout.str()


def test_tests_before_and_between_registries_are_taken_down_in_order(project, run):
    project.mkpydir("a")
    (project.path / "a" / "test_a.py").write_text(
        "import pytest\n"
        "@pytest.fixture(scope='package', autouse=True)\n"
        "def around():\n    yield\n"
        "def test_a(): pass\n"
    )
    project.mkpydir("z")
    (project.path / "z" / "test_z.py").write_text("def test_z(): pass\n")

    result = run("2021-03-01", "registry", "a", "registry", "z", "--keep-duplicates")

    assert outcomes(result) == {"passed": 6, "skipped": 8, "failed": 6}


def test_words_of_other_people_never_act_in_the_log(project, run):
    from tests.report.hostile import INJECTIONS, commands

    words = [text.encode("utf-8", "replace").decode() for text in INJECTIONS.values()]
    base = load(project.path / "registry")
    from tests.cli.test_check import with_words

    (project.path / "lines.jsonl").write_text(dumps(with_words(base, words), "jsonl"), "utf-8")

    told = run("2021-03-01", "lines.jsonl", "-v", "-rA").stdout.str()

    assert commands(told) == []
    assert "\x1b" not in told
