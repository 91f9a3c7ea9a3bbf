"""Suspect and stale claims under pytest, what fails a run, and that ``claimtrack check`` agrees."""

import json
import shutil
import subprocess

import pytest

from claimtrack import load
from claimtrack.cli.main import main

DAY = "2021-03-01"
ON_STATUSES = {
    "CT601",
    "CT602",
    "CT603",
    "CT604",
    "CT605",
    "CT606",
    "CT621",
    "CT622",
    "CT623",
    "CT626",
}


def outcomes(result):
    return {word: n for word, n in result.parseoutcomes().items() if word != "warnings"}


@pytest.fixture
def claims(project):
    """The file of the claims, in which all that is held is signed with a fingerprint."""
    path = project.path / "registry"
    assert main(["accept", "by-2019", str(path), "--yes", "--by", "Ann", "--as-of", DAY]) == 0
    return path / "claims.toml"


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def run_one(run):
    """Run the signed claim alone."""

    def run_one(*words, day=DAY):
        return run(day, "registry/claims.toml::claim::by-2019", *words)

    return run_one


def test_a_signed_claim_passes_as_long_as_it_is_what_was_signed(claims, run_one):
    assert outcomes(run_one()) == {"passed": 1}


def test_a_claim_whose_evidence_changed_since_it_was_signed_fails(claims, run_one):
    edit(claims.with_name("registry.toml"), "happened = 2019-12-02", "happened = 2019-12-01")

    told = run_one().stdout.str()

    expected = "claim 'by-2019' is suspect: its evidence changed since it was signed on 2021-03-01"
    assert expected in told


def test_a_criterion_edited_after_the_outcome_fails(claims, run_one):
    edit(claims, "by = 2019-12-31", "by = 2020-12-31")

    told = run_one().stdout.str()

    assert (
        "claim 'by-2019' had its criterion edited after it was signed on 2021-03-01, when evidence "
        "'gas-wire' of 2019-12-02 had decided it" in told
    )


def test_a_policy_changed_since_a_claim_was_signed_fails_it(claims, run_one):
    policy = 'title = "Pipelines"\npolicy = { min_tier = "wire" }'
    edit(claims.with_name("registry.toml"), 'title = "Pipelines"', policy)

    told = run_one().stdout.str()

    assert "claim 'by-2019' is suspect: its evidence, policy changed since it was signed on" in told


def test_a_claim_whose_review_day_has_passed_fails(claims, run_one):
    edit(claims, 'status = "held"', 'status = "held"\nreview_by = 2021-03-02')

    assert outcomes(run_one(day="2021-03-02")) == {"passed": 1}
    told = run_one(day="2021-03-03").stdout.str()
    assert "claim 'by-2019' was to be looked at again by 2021-03-02" in told


@pytest.mark.parametrize(
    ("fail_on", "fails"),
    [("error", False), ("never", False), ("error CT603", True), ("note", True), ("CT601", False)],
)
def test_a_setting_says_which_findings_fail(claims, run_one, fail_on, fails):
    edit(claims.with_name("registry.toml"), "happened = 2019-12-02", "happened = 2019-12-01")

    result = run_one("-o", f"claimtrack_fail_on={fail_on}", "-rP")

    assert outcomes(result) == ({"failed": 1} if fails else {"passed": 1})
    # What does not fail is told all the same.
    found = "CT603 claim 'by-2019' is suspect: its evidence changed since it was signed on 2021-"
    assert (found in result.stdout.str()) is not fails


def test_a_slip_in_the_setting_is_a_usage_error(claims, run_one):
    result = run_one("-o", "claimtrack_fail_on=errors")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert (
        "ERROR: claimtrack_fail_on: 'errors' is not known; expected error, warning, note, never or "
        "the code of a finding" in result.stderr.str()
    )


def test_a_silence_skips_a_suspect_claim(claims, run_one):
    edit(claims.with_name("registry.toml"), "happened = 2019-12-02", "happened = 2019-12-01")
    silence = 'silenced = [{ code = "CT603", because = "a slip was mended" }]'
    edit(claims, 'status = "held"', f'status = "held"\n{silence}')

    assert "silenced CT603: a slip was mended" in run_one("-rs").stdout.str()


@pytest.fixture
def repository(project):
    """The registry in a repository, committed as it is."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    edit(project.path / "registry" / "claims.toml", 'status = "late"\n', "")

    def git(*words):
        own = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-C", project.path]
        subprocess.run(["git", *own, *words], check=True, capture_output=True)  # noqa: S607

    git("init", "-q")
    git("add", "registry")
    git("commit", "-q", "-m", "a", "--date", "2018-01-01T12:00:00")
    return project


def test_git_tells_of_criteria_that_were_edited_after_the_outcome(
    repository, run_one, monkeypatch, capsys
):
    edit(repository.path / "registry" / "claims.toml", "by = 2019-12-31", "by = 2020-12-31")

    # It was entered today, long after the outcome, and so the edit is a note.
    day = "2099-01-01"
    found = "CT605 claim 'by-2019' had its criterion edited on 2099-01-01 (not yet committed), "
    told = run_one("-o", "claimtrack_fail_on=CT605", day=day).stdout.str()
    assert found.removeprefix("CT605 ") in told
    assert outcomes(run_one(day=day)) == {"passed": 1}
    assert found in run_one("-rP", day=day).stdout.str()
    assert found not in run_one("-rP", "-o", "claimtrack_git=false", day=day).stdout.str()


@pytest.mark.parametrize("day", ["2017-08-01", "2019-12-31", "2021-03-01", "2031-06-01"])
def test_check_finds_on_statuses_and_facts_what_fails_here(claims, run, capsys, day):
    edit(claims.with_name("registry.toml"), "happened = 2019-12-02", "happened = 2019-12-01")
    edit(claims, 'kind = "opinion"', "review_by = 2020-01-01")
    capsys.readouterr()

    result = run(day, "registry", "-rf", "--tb=no")
    main(["check", str(claims.parent), "--as-of", day, "--no-git", "--format", "json"])

    out = capsys.readouterr().out
    told = json.loads(out[out.index("\n{") :])["findings"]
    found = {(one["kind"], one["id"]) for one in told if one["code"] in ON_STATUSES}
    failed = {
        ("claim" if kind == "reading" else kind, id_)
        for kind, id_ in (
            line.split(" ")[1].split("::")[1:3]
            for line in result.outlines
            if line.startswith("FAILED ")
        )
    }
    assert failed == found
    assert load(claims.parent).claims
