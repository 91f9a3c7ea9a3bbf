"""``claimtrack diff`` between days, folders and git revisions."""

import json

import pytest

from claimtrack.cli.main import main
from tests.repositories import commit, git, init, needs_git


@pytest.fixture
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")


def told(capsys, *words):
    status = main(["diff", *map(str, words)])
    out, err = capsys.readouterr()
    return status, out, err


@pytest.mark.usefixtures("wide")
def test_between_two_days_each_change_has_its_cause(pipelines, capsys):
    status, out, _ = told(capsys, pipelines, "--as-of", "2019-12-01", "--as-of", "2025-01-01")

    assert status == 0
    assert (
        out
        == (
            "3 statuses changed from 1 Dec 2019 to 1 Feb 2025: ✓ held 1, ? not-enough-evidence 1, "
            "⊘ not-checkable 1\n"
            "\n"
            "claim        speaker        before     after                  because\n"
            "───────────  ─────────────  ─────────  ─────────────────────  "
            "──────────────────────────────────────────────────────────────────────────\n"
            "gas-by-2019  Alexei Miller  ◌ pending  ✓ held                 "
            "gas-wire became known on 2 Dec 2019: first gas on 2 Dec 2019 (The Wire)\n"
            "flow-of-38   Alexei Miller  ◌ pending  ? not-enough-evidence  "
            "only the clock: its time was over on 15 Jan 2025\n"
            "a-mistake    skeptic        –          ⊘ not-checkable        "
            "it was said on 1 Jan 2020\n"
        ).replace("15 Jan 2025", "15 Jan 2025")
        or "15 Jan 2025" not in out
    )
    assert "gas-by-2019" in out


@pytest.mark.usefixtures("wide")
def test_between_two_registries_an_edit_is_the_cause(pipelines, tmp_path, capsys):
    edited = tmp_path / "edited.toml"
    text = pipelines.read_text("utf-8")
    edited.write_text(
        text.replace('"siberia/first-gas", by = 2019-12-31', '"siberia/first-gas", by = 2018-12-31')
    )

    status, out, _ = told(
        capsys, pipelines, edited, "--as-of", "2020-06-01", "--format", "markdown", "--exit-code"
    )

    assert status == 1
    assert out == (
        "1 status changed as of 1 Jun 2020: ◷ late 1\n"
        "\n"
        "| claim       | speaker       | before   | after              "
        "| because                  |\n"
        "|:------------|:--------------|:---------|:-------------------"
        "|:-------------------------|\n"
        "| gas-by-2019 | Alexei Miller | ✓ held   | ◷ late by 336 days "
        "| its criterion was edited |\n"
        "\n"
        "1 edit: criterion edited 1 (gas-by-2019)\n"
    )


def test_signing_is_told_as_such_with_the_records_and_no_word_of_words(pipelines, tmp_path, capsys):
    edited = tmp_path / "edited.toml"
    text = pipelines.read_text("utf-8")
    edited.write_text(
        text.replace('id = "a-mistake"', 'id = "a-mistake"\nstatus = "not-checkable"')
    )

    _, out, _ = told(
        capsys, *(pipelines, edited, "--as-of", "2020-06-01", "--format", "markdown", "--exit-code")
    )
    _, data, _ = told(capsys, pipelines, edited, "--as-of", "2020-06-01", "--format", "json")

    assert out == ("No status changed as of 1 Jun 2020.\n\n1 edit: status signed 1 (a-mistake)\n")
    assert [(one["kind"], one["record"]) for one in json.loads(data)["edits"]] == [
        ("status-signed", "a-mistake")
    ]


def test_of_many_edits_of_one_kind_the_first_eight_records_are_named(pipelines, tmp_path, capsys):
    edited = tmp_path / "edited.toml"
    more = "".join(f'\n[[speaker]]\nid = "someone-{number}"\n' for number in range(10))
    edited.write_text(pipelines.read_text("utf-8") + more)

    _, out, _ = told(capsys, pipelines, edited, "--as-of", "2020-06-01", "--format", "table")

    names = ", ".join(f"someone-{number}" for number in range(8))
    assert out.splitlines()[-1] == f"10 edits: speaker added 10 ({names}, 2 more)"


@pytest.fixture
def moved(pipelines, tmp_path):
    """The registry with the deadline of a reading and of nothing else moved."""
    edited = tmp_path / "moved.toml"
    text = pipelines.read_text("utf-8")
    edited.write_text(text.replace("by = 2018-12-31", "by = 2018-12-01"))
    return edited


@pytest.mark.usefixtures("wide")
def test_delays_of_readings_are_told_in_a_column_of_their_own(pipelines, moved, capsys):
    status, out, _ = told(
        capsys,
        *(pipelines, moved, "--as-of", "2020-06-01", "--format", "markdown", "--exit-code"),
    )

    assert status == 1
    assert out == (
        "No status changed as of 1 Jun 2020; 1 further reading changed\n"
        "\n"
        "| claim       | reading           | speaker       | before             "
        "| after              | because                  |\n"
        "|:------------|:------------------|:--------------|:-------------------"
        "|:-------------------|:-------------------------|\n"
        "| gas-by-2019 | as first promised | Alexei Miller | ◷ late by 336 days "
        "| ◷ late by 366 days | its criterion was edited |\n"
        "\n"
        "1 edit: criterion edited 1 (gas-by-2019)\n"
    )


def test_delays_are_counted_apart_from_statuses(pipelines, moved, tmp_path, capsys):
    def late(name, text):
        file = tmp_path / name
        file.write_text(text.replace("by = 2019-12-31", "by = 2019-11-30"), "utf-8")
        return file

    first = late("first.toml", pipelines.read_text("utf-8"))
    text = first.read_text("utf-8").replace("by = 2019-11-30", "by = 2019-11-20")
    second = late("second.toml", text)

    _, out, _ = told(capsys, first, second, "--as-of", "2020-06-01", "--format", "csv")
    _, plain, _ = told(capsys, first, second, "--as-of", "2020-06-01", "--format", "table")

    assert out == (
        "claim,reading,speaker,speaker_name,before,after,late_days_before,late_days_after,"
        "late_days_min_before,late_days_min_after,"
        "cause_kind,cause_record,cause_by,cause_day,because\n"
        "gas-by-2019,,miller,Alexei Miller,late,late,2,12,2,12,"
        "criterion-edited,gas-by-2019,,,its criterion was edited\n"
    )
    assert plain.splitlines()[0] == "No status changed as of 1 Jun 2020; 1 delay changed"


def test_nothing_changed_is_said_in_one_line(pipelines, capsys):
    status, out, _ = told(capsys, pipelines, pipelines, "--as-of", "2020-06-01", "--exit-code")

    assert (status, out) == (0, "No status changed as of 1 Jun 2020.\n")


def test_json_tells_changes_causes_and_edits(pipelines, tmp_path, capsys):
    edited = tmp_path / "edited.toml"
    text = pipelines.read_text("utf-8")
    edited.write_text(
        text.replace(
            'happened = 2019-12-02\n\n[[evidence]]\nid = "gas-copy"',
            'happened = 2019-12-02\nwithdrawn = 2019-12-20\n\n[[evidence]]\nid = "gas-copy"',
        ).replace('source = "copy-2019"\nhappened', 'source = "blog"\nhappened')
    )

    _, out, _ = told(capsys, pipelines, edited, "--as-of", "2020-06-01", "--format", "json")

    found = json.loads(out)
    cause = {"kind": "evidence-withdrawn", "record": "gas-wire", "by": None, "day": None}
    assert found["changes"] == [
        {
            "claim": "gas-by-2019",
            "reading": None,
            "before": "held",
            "after": "overdue",
            "late_days_before": None,
            "late_days_after": None,
            "late_days_min_before": None,
            "late_days_min_after": None,
            "cause": cause,
        },
        {
            "claim": "gas-by-2019",
            "reading": "as first promised",
            "before": "late",
            "after": "overdue",
            "late_days_before": 336,
            "late_days_after": None,
            "late_days_min_before": 336,
            "late_days_min_after": None,
            "cause": cause,
        },
    ]
    assert [(one["kind"], one["record"]) for one in found["edits"]] == [
        ("evidence-edited", "gas-copy"),
        ("evidence-withdrawn", "gas-wire"),
    ]


@pytest.fixture
def repository(pipelines, tmp_path):
    """A repository whose last commit and whose files differ each in one thing."""
    top = tmp_path / "top"
    folder = top / "data" / "registry"
    folder.mkdir(parents=True)
    file = folder / "all.toml"
    text = pipelines.read_text("utf-8")
    init(top)
    for edit in (text.replace("grace = 14", "grace = 9000"), text):
        file.write_text(edit, "utf-8")
        commit(top, "2020-01-01")
    file.write_text(text.replace('not_checkable = "an opinion"', "criterion = {judged = true}"))
    return folder


@needs_git
def test_between_two_revisions(repository, capsys):
    status, out, _ = told(
        capsys,
        *(repository, "--from", "HEAD~1", "--to", "HEAD", "--as-of", "2026-01-01"),
        *("--format", "csv"),
    )

    assert status == 0
    assert out.partition("\n")[2] == (
        "flow-of-38,,miller,Alexei Miller,pending,not-enough-evidence,,,,,"
        "policy-edited,,,,the policy was edited\n"
    )


@needs_git
def test_from_a_revision_to_the_files_as_they_are(repository, capsys):
    _, out, _ = told(
        capsys,
        *(repository / "all.toml", "--from", "HEAD", "--as-of", "2026-01-01"),
        *("--format", "csv"),
    )

    assert out.partition("\n")[2] == (
        "a-mistake,,skeptic,,not-checkable,overdue,,,,,"
        "criterion-edited,a-mistake,,,its criterion was edited\n"
    )


@needs_git
def test_a_revision_that_cannot_be_read_is_named_with_its_places(repository, capsys):
    file = repository / "all.toml"
    file.write_text(file.read_text("utf-8").replace("said = 2017-07-04", "said = 'soon'"), "utf-8")
    commit(repository, "2020-01-01")

    status, _, err = told(capsys, repository, "--from", "HEAD", "--to", "HEAD~1")

    assert status == 3
    assert err.startswith("HEAD:data/registry/all.toml:78:1: CT102 ")


@needs_git
@pytest.mark.parametrize(
    ("revision", "reason"),
    [
        ("no-such", "git: fatal: Needed a single revision"),
        ("--output=x", "it is no name of a revision"),
    ],
)
def test_a_revision_that_is_not_there_is_told(revision, reason, repository, capsys):
    status, _, err = told(capsys, repository, "--from", revision)

    assert (status, err) == (
        2,
        f"{revision!r} is no commit of the repository of {str(repository)!r}: {reason}\n",
    )


@needs_git
def test_a_path_that_a_revision_does_not_hold_is_told(repository, capsys):
    new = repository.parent / "new"
    new.mkdir()

    status, _, err = told(capsys, new, "--from", "HEAD")

    assert (status, err) == (2, f"{str(new)!r} is not in revision 'HEAD'\n")


@needs_git
def test_a_submodule_that_is_not_read_is_told(repository, tmp_path, capsys):
    inner = init(repository / "inner")
    commit(inner, "2020-01-01")
    git(repository, "add", "inner")
    commit(repository, "2020-01-02")
    (inner / ".git").rename(tmp_path / "gone")

    status, _, err = told(capsys, repository, "--from", "HEAD")

    note = "the submodule 'HEAD:data/registry/inner' is not read, since it is not checked out"
    assert (status, err) == (0, f"note: {note}\n")


@needs_git
def test_files_that_a_sparse_checkout_lacks_are_told(repository, tmp_path, capsys):
    for name in ("more.toml", "most.toml"):
        (repository / "deep").mkdir(exist_ok=True)
        (repository / "deep" / name).write_text(f'[[speaker]]\nid = "{name[:4]}"\n', "utf-8")
    top = repository.parents[1]
    commit(top, "2020-01-02")
    git(top, "sparse-checkout", "set", "--no-cone", "/*", "!deep")

    status, out, err = told(capsys, repository, "--from", "HEAD", "--format", "table")

    lacking = "'data/registry/deep/more.toml' and 1 more, which are not read"
    assert err == f"note: of {str(repository)!r} this sparse checkout leaves out {lacking}\n"
    assert (status, out.splitlines()[-1]) == (0, "2 edits: speaker removed 2 (more, most)")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["P"], "nothing to compare; expected --as-of twice, --from REV, or a second PATH"),
        (["P", "--to", "HEAD", *["--as-of", "2019-01-01"] * 2], "nothing to compare; expected"),
        (["P", "P", "--from", "HEAD"], "expected PATH with --from, or two PATHs, or PATH with"),
        (["P", *["--as-of", "2019-01-01"] * 3], "got 3 days; expected --as-of once or twice"),
    ],
)
def test_what_does_not_say_what_to_compare_is_refused(words, message, pipelines, capsys):
    status, _, err = told(capsys, *(pipelines if word == "P" else word for word in words))

    assert status == 2
    assert message in err


def test_days_the_wrong_way_round_are_refused(pipelines, capsys):
    status, _, err = told(capsys, pipelines, "--as-of", "2020-01-01", "--as-of", "2019-01-01")

    assert (status, err) == (
        2,
        "CT102 2019-01-01 is before 2020-01-01; expected the earlier day first\n",
    )
