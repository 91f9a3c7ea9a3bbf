"""What ``claimtrack check`` prints, whole, and how it ends."""
# ruff: noqa: E501 - a message stands on as few lines as may be

import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import attrs
import jsonschema
import pytest

from claimtrack import Reading, Registry, dumps, loads
from claimtrack.cli.main import main
from claimtrack.engine import fast_path
from claimtrack.errors import Finding, Severity
from tests.report.hostile import INJECTIONS, commands
from tests.repositories import CLAIM, WORLD

SCHEMAS = Path(__file__).parents[1] / "report" / "schemas"

SOUND = """
[[speaker]]
id = "miller"
[[source]]
id = "wire"
published = 2019-12-02
tier = "wire"
url = "https://wire.example/"
[[fact]]
id = "gas"
kind = "event"
once = true
[[evidence]]
id = "gas-wire"
fact = "gas"
source = "wire"
happened = 2019-12-02
[[claim]]
id = "by-2019"
speaker = "miller"
said = 2017-07-04
source = "wire"
quote = "by the end of 2019"
criterion = { event = "gas", by = 2019-12-31 }
status = "held"
signed = { on = 2017-07-04, by = "an editor", because = "seen" }
"""
FAILED = SOUND.replace('"held"', '"failed"')


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


def write(text, name="claims.toml"):
    Path(name).write_text(text, "utf-8")


def check(capsys, *options, path="claims.toml", day="2020-06-01"):
    status = main(["check", path, "--as-of", day, "--no-git", *options])
    return status, capsys.readouterr().out


def test_a_sound_registry_ends_with_0(capsys):
    write(SOUND)

    assert check(capsys) == (0, "nothing found in 5 records\n")


def test_findings_end_with_1(capsys):
    write(FAILED)

    assert check(capsys) == (
        1,
        (
            "claims.toml:25:1: CT601 error: claim 'by-2019' is recorded as failed, and is held as of "
            "2020-06-01 (hint: see: claimtrack explain by-2019 claims.toml; "
            "sign: claimtrack accept by-2019 claims.toml)\n"
            "1 error in 5 records\n"
        ),
    )


def test_the_same_file_on_three_days(capsys):
    write(SOUND)

    told = {day: check(capsys, day=day) for day in ("2017-07-03", "2019-12-01", "2019-12-02")}

    assert told == {
        "2017-07-03": (0, "nothing found in 5 records\n"),
        "2019-12-01": (
            1,
            (
                "claims.toml:25:1: CT601 error: claim 'by-2019' is recorded as held, and is pending as "
                "of 2019-12-01 (hint: see: claimtrack explain by-2019 claims.toml; "
                "sign: claimtrack accept by-2019 claims.toml)\n1 error in 5 records\n"
            ),
        ),
        "2019-12-02": (0, "nothing found in 5 records\n"),
    }


@pytest.mark.parametrize(
    ("fail_on", "status"),
    [
        ([], 0),
        (["note"], 1),
        (["warning"], 0),
        (["error"], 0),
        (["never"], 0),
        (["CT642"], 1),
        (["CT641", "error"], 0),
        (["HOUSE1"], 0),
    ],
    ids=str,
)
def test_what_fails_a_check_can_be_chosen(fail_on, status, capsys):
    write(SOUND.replace('url = "https://wire.example/"\n', ""))

    options = [word for what in fail_on for word in ("--fail-on", what)]

    assert check(capsys, *options) == (
        status,
        (
            "claims.toml:4:1: CT642 note: source 'wire' has no url, archived_url or snapshot\n"
            "1 note in 5 records\n"
        ),
    )


@pytest.mark.parametrize("word", ["errors", "CT6O1", "ct601"])
def test_a_slip_in_what_fails_a_check_ends_with_2(word, capsys):
    write(SOUND)

    assert main(["check", "claims.toml", "--fail-on", word]) == 2
    assert f"{word!r} is not known; expected error, warning, note" in capsys.readouterr().err


def test_an_unreadable_registry_ends_with_3_and_a_report(capsys):
    write(SOUND + "grace = -1\n")

    assert check(capsys) == (
        3,
        (
            "claims.toml:27:1: CT104 error: claim 'by-2019' grace -1 is out of bounds; expected 0 to "
            "1000000\n1 error; the registry cannot be read\n"
        ),
    )


def test_a_path_that_is_not_there_ends_with_3(capsys):
    assert check(capsys, path="nowhere") == (
        3,
        "CT001 error: 'nowhere' cannot be read: No such file or directory\n1 error; the registry cannot be read\n",
    )


def test_nothing_to_check_ends_with_4(capsys):
    write('[[speaker]]\nid = "miller"\n')

    assert check(capsys) == (
        4,
        "claims.toml:1:1: CT643 note: speaker 'miller' is not used\n1 note in 1 record\n",
    )


def test_github_gets_annotations_and_a_summary_of_the_step(capsys, monkeypatch):
    write(FAILED)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    Path("summary.md").write_text("before\n", "utf-8")

    status, out = check(capsys, "--format", "github")

    assert (status, out) == (
        1,
        (
            "::error title=CT601 claim by-2019,file=claims.toml,line=25,col=1::claim 'by-2019' is "
            "recorded as failed, and is held as of 2020-06-01%0Ahint: see: "
            "claimtrack explain by-2019 claims.toml; "
            "sign: claimtrack accept by-2019 claims.toml\n1 error in 5 records\n"
        ),
    )
    text = Path("summary.md").read_text("utf-8")
    assert text.startswith("before\n## claimtrack: 1 error in 5 records\n")
    assert re.search(
        r"^\| *by-2019 *\| *miller *\| *4 Jul 2017 *\| *31 Dec 2019", text, re.MULTILINE
    )


def test_an_unreadable_registry_is_annotated_too(capsys):
    write("[[claim\n")

    status, out = check(capsys, "--format", "github")

    assert (status, out.splitlines()[0].partition("::is")[0]) == (
        3,
        "::error title=CT002,file=claims.toml,line=1,col=8",
    )


def test_junit_and_sarif_and_json_are_what_their_readers_expect(capsys):
    write(FAILED)

    _, junit = check(capsys, "--format", "junit")
    _, sarif = check(capsys, "--format", "sarif")
    _, told = check(capsys, "--format", "json")

    cases = [(case.get("name"), len(case)) for case in ET.fromstring(junit).iter("testcase")]
    assert cases == [("by-2019", 1), ("gas", 0)]
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(sarif))
    assert json.loads(told)["findings"][0]["code"] == "CT601"


def places(sarif):
    found = json.loads(sarif)["runs"][0]["results"]
    return [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in found]


@pytest.mark.parametrize("has_git", [True, False])
@pytest.mark.parametrize(
    ("cwd", "path"), [(".", "a b"), (".", "/"), ("a b", "."), ("a b", "r.toml"), ("c", "../a b")]
)
def test_sarif_names_files_from_the_top_of_the_repository(
    cwd, path, has_git, tmp_path, capsys, monkeypatch
):
    for name in ("a b", "c"):
        Path(name).mkdir()
    write(FAILED, "a b/r.toml")
    if has_git:
        (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path / cwd)

    _, out = check(capsys, "--format", "sarif", path=str(tmp_path / "a b") if path == "/" else path)

    by_git = {"a%20b/r.toml"}
    by_folder = {".": "a%20b/r.toml", "a b": "r.toml"}
    elsewhere = f"file://{tmp_path.as_posix()}/a%20b/r.toml"
    assert set(places(out)) == (by_git if has_git else {by_folder.get(cwd, elsewhere)})


def test_sarif_gives_a_registry_that_cannot_be_found_a_place(capsys):
    status, out = check(capsys, "--format", "sarif", path="nothing")

    assert (status, places(out)) == (3, ["nothing"])


@pytest.mark.parametrize("path", [".", "claims.toml"])
def test_sarif_gives_findings_about_the_whole_registry_its_first_file(path, capsys, monkeypatch):
    write(SOUND)
    write("", "later.toml")
    found = Finding(code="CT693", message="m", severity=Severity.WARNING)
    monkeypatch.setattr("claimtrack.cli.check.examine", lambda *_, **__: (found,))

    _, out = check(capsys, "--format", "sarif", path=path)

    assert places(out) == ["claims.toml"]


def test_what_sarif_leaves_out_is_told_on_the_standard_error(capsys, monkeypatch):
    monkeypatch.setattr("claimtrack.report.ci.MOST_RESULTS", 0)
    write(FAILED)

    assert main(["check", "claims.toml", "--as-of", "2020-06-01", "--format", "sarif"]) == 1

    assert capsys.readouterr().err == (
        "1 of 1 findings are left out of the results, the mildest ones: 1 error; "
        "code scanning takes 0\n"
    )


@pytest.mark.skipif(os.name != "posix", reason="names of files are Unicode there")
@pytest.mark.parametrize("format_", ["text", "github", "junit", "sarif", "json"])
def test_a_folder_whose_name_is_not_utf_8_is_shown(format_, capsys):
    folder = os.fsdecode(b"r\xff")
    Path(folder).mkdir()
    write(FAILED, f"{folder}/r.toml")

    status, out = check(capsys, "--format", format_, path=folder)

    assert status == 1
    out.encode()
    shown = {"sarif": "r%FF/r.toml", "json": r"r\\udcff"}
    assert shown.get(format_, r"r\udcff") in out


@pytest.mark.parametrize("format_", ["text", "github", "junit", "sarif", "json"])
def test_words_of_other_people_never_act(format_, capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    base = loads(SOUND)
    write(dumps(with_words(base, INJECTIONS.values()), "jsonl"), "claims.jsonl")

    status, out = check(capsys, "--format", format_, path="claims.jsonl")

    assert status == 1
    known = re.compile(r"::(error|notice) title=CT6\d\d claim c\d+,file=claims.jsonl,line=")
    own = [line for line in commands(out) if known.match(line)]
    assert commands(out) == own
    assert (len(own) > 10) is (format_ == "github")
    assert not Path("summary.md").exists() or commands(Path("summary.md").read_text("utf-8")) == []


def with_words(base, texts):
    """Return the registry with a claim and a reading for each text, both wrongly signed."""
    claims = []
    for number, text in enumerate(texts):
        words = text.encode("utf-8", "replace").decode()
        claim = base.claims["by-2019"]
        reading = Reading(name=f"{words}.", criterion=claim.criterion, status="overdue")
        claims.append(attrs.evolve(claim, id=f"c{number}", quote=f"{words}.", readings=[reading]))
    kept = [record for records in base.record_maps() for record in records.values()]
    return Registry.of(*kept, *claims)


def test_a_finding_of_git_fails_the_check_unless_git_is_left_out(capsys, tmp_path):
    import shutil
    import subprocess

    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    write(SOUND)
    own = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "claims.toml"], [*own, "commit", "-q", "-m", "a"]):
        subprocess.run(["git", *words], check=True, cwd=tmp_path)  # noqa: S607
    write(SOUND.replace("2019-12-31", "2020-12-31"))

    status = main(["check", "claims.toml", "--as-of", "2099-01-01", "--fail-on", "note"])

    assert status == 1
    assert "CT605 note: claim 'by-2019' had its criterion edited" in capsys.readouterr().out
    assert check(capsys)[0] == 0


def test_a_registry_that_takes_too_long_to_decide_cannot_be_read(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fast_path, "_FEW", 0)
    monkeypatch.setattr(fast_path, "MAX_WEIGHED", 1)
    path = tmp_path / "registry.toml"
    leaf = "{ event = 'gas', by = 2019-12-31 }"
    whole = CLAIM.replace(CLAIM[CLAIM.index("{") : -1], f"{{ all = [{leaf}, {leaf}] }}")
    path.write_text(WORLD + whole, "utf-8")
    message = (
        "CT404 claim 'by-2019' would weigh 2 reports, each counted once for every leaf that asks "
        "about it; expected at most 1"
    )

    checked = main(["check", str(path)]), capsys.readouterr().out.splitlines()[0]
    audited = main(["audit", str(path)]), capsys.readouterr().err

    assert checked == (3, f"{path}:18:1: {message.replace('CT404', 'CT404 error:')}")
    assert audited == (3, f"{message}\n")
