"""Signing: what is shown, what is written, and that nothing is ever half written."""

import gzip
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from claimtrack import dumps, load
from claimtrack.cli.main import main


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAIMTRACK_BY", "Ann")


def accept(*words, path="pipelines.toml"):
    return main(["accept", *words, str(path), "--as-of", "2020-01-01"])


def fingerprint_of(path, claim):
    return load(path).claims[claim].signed.fingerprint


def test_the_change_is_shown_before_it_is_made(pipelines, capsys):
    before = pipelines.read_text("utf-8")

    status = accept("flow-of-38", "--yes", "--because", "looked at the flow")

    assert status == 0
    mark = fingerprint_of(pipelines, "flow-of-38")
    signed = (
        'signed = { on = 2020-01-01, by = "Ann", because = "looked at the flow", '
        f'fingerprint = "{mark}", edition = 2 }}'
    )
    assert capsys.readouterr().out == (
        "--- pipelines.toml\n"
        "+++ pipelines.toml\n"
        "@@ -98,6 +98,8 @@\n"
        ' kind = "prediction"\n'
        ' criterion = { quantity = "siberia/flow", at_least = 38, unit = "bcm/year", by = '
        "2024-12-31 }\n"
        ' topics = ["energy", "trade"]\n'
        '+status = "pending"\n'
        f"+{signed}\n"
        " \n"
        " [[claim]]\n"
        ' id = "a-mistake"\n'
        "signed 1 claim\n"
    )
    topics = 'topics = ["energy", "trade"]\n'
    assert pipelines.read_text("utf-8") == before.replace(
        topics, f'{topics}status = "pending"\n{signed}\n'
    )


@pytest.mark.parametrize(("answer", "status", "is_written"), [("y\n", 0, True), ("n\n", 1, False)])
def test_nothing_is_written_before_a_yes(pipelines, monkeypatch, answer, status, is_written):
    import io

    before = pipelines.read_text("utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))

    assert accept("flow-of-38") == status
    assert (pipelines.read_text("utf-8") != before) is is_written


def test_signing_clears_what_a_check_found(pipelines, capsys):
    pipelines.write_text(
        pipelines.read_text("utf-8").replace(
            'status = "held"\n',
            'status = "failed"\nreview_by = 2019-12-31\n'
            'signed = { on = 2019-01-01, fingerprint = "old" }\n',
        ),
        "utf-8",
    )
    path = "pipelines.toml"
    check = ["check", path, "--as-of", "2020-01-01", "--no-git"]
    for code in ("CT601", "CT603", "CT604"):
        check += ["--fail-on", code]
    assert main(check) == 1
    told = capsys.readouterr().out
    assert [code for code in ("CT601", "CT603", "CT604") if code in told] == [
        "CT601",
        "CT603",
        "CT604",
    ]

    assert accept("gas-by-2019", "--yes") == 0

    assert main(check) == 0


def test_readings_that_need_a_status_are_signed_too(pipelines):
    pipelines.write_text(
        pipelines.read_text("utf-8").replace(
            'name = "as first promised"\n', 'name = "as first promised"\nstatus = "held"\n'
        ),
        "utf-8",
    )

    accept("gas-by-2019", "--yes")

    assert load(pipelines).claims["gas-by-2019"].readings[0].status == "late"


def test_signing_again_on_the_same_day_changes_nothing(pipelines, capsys):
    accept("gas-by-2019", "--yes")
    capsys.readouterr()

    assert accept("gas-by-2019") == 0
    assert capsys.readouterr().out == "nothing to change\n"


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz"])
def test_one_line_of_json_lines_is_rewritten(pipelines, ending):
    text = dumps(load(pipelines), "jsonl")
    path = Path(f"registry.{ending}")
    path.write_bytes(gzip.compress(text.encode()) if ending.endswith("gz") else text.encode())

    accept("flow-of-38", "--yes", path=path)

    content = path.read_bytes()
    after = (gzip.decompress(content) if ending.endswith("gz") else content).decode()
    changed = [
        (old, new)
        for old, new in zip(text.splitlines(), after.splitlines(), strict=True)
        if old != new
    ]
    assert len(changed) == 1
    mark = fingerprint_of(path, "flow-of-38")
    assert json.loads(changed[0][1]) == json.loads(changed[0][0]) | {
        "status": "pending",
        "signed": {"on": "2020-01-01", "by": "Ann", "fingerprint": mark, "edition": 2},
    }


def test_claims_in_several_files_are_signed_at_once(pipelines):
    folder = Path("folder")
    folder.mkdir()
    text = pipelines.read_text("utf-8")
    cut = text.index('[[claim]]\nid = "flow-of-38"')
    (folder / "a.toml").write_text(text[:cut], "utf-8")
    (folder / "b.toml").write_text(text[cut:], "utf-8")

    accept("gas-by-2019", "flow-of-38", "--yes", path=folder)

    signed = [id_ for id_, claim in load(folder).claims.items() if claim.signed]
    assert signed == ["gas-by-2019", "flow-of-38"]


def test_a_link_stays_a_link(pipelines):
    Path("real.toml").write_bytes(pipelines.read_bytes())
    pipelines.unlink()
    pipelines.symlink_to("real.toml")

    accept("gas-by-2019", "--yes")

    assert pipelines.is_symlink()
    assert "fingerprint" in Path("real.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["gas-by-2020"], 2, "CT402 claim 'gas-by-2020' is not in this registry"),
        (["a-mistake"], 2, "CT401 claim 'a-mistake' cannot be resolved as of 2020-01-01"),
        (["gas-by-2019", "--because", " "], 2, "CT105 because ' ' is empty"),
    ],
)
def test_what_cannot_be_signed_changes_nothing(pipelines, capsys, words, status, told):
    before = pipelines.read_bytes()
    pipelines.write_bytes(before.replace(b'said = "2020"', b'said = "2021"'))

    assert accept(*words, "--yes") == status
    assert told in capsys.readouterr().err
    assert pipelines.read_bytes() == before.replace(b'said = "2020"', b'said = "2021"')


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[[claim]]\n", "[[claim]]\nsigned.on = 2019-01-01\nsigned.by = 'Bo'\n"),
        ("\n[[claim.reading]]", "\n[claim.signed]  # once\non = 2019-01-01\n[[claim.reading]]"),
    ],
    ids=["dotted", "a table of its own"],
)
def test_a_signature_in_another_form_is_replaced(pipelines, old, new):
    text = pipelines.read_text("utf-8")
    assert old in text
    pipelines.write_text(text.replace(old, new, 1), "utf-8")
    before = load(pipelines)

    assert accept("gas-by-2019", "--yes") == 0

    after = load(pipelines)
    assert after.claims["gas-by-2019"].signed.by == "Ann"
    kept = [
        {id_: record for id_, record in one.claims.items() if id_ != "gas-by-2019"}
        for one in (before, after)
    ]
    assert kept[0] == kept[1]


def test_a_file_that_changes_while_one_is_asked_is_not_written_over(pipelines, capsys, monkeypatch):
    def answer(question):
        pipelines.write_text(pipelines.read_text("utf-8") + "# by another hand\n", "utf-8")
        return True

    monkeypatch.setattr("click.confirm", answer)

    assert accept("gas-by-2019") == 2
    told = "'pipelines.toml' was changed meanwhile; nothing is written\n"
    assert capsys.readouterr().err == told
    assert pipelines.read_text("utf-8").endswith("# by another hand\n")
    assert "fingerprint" not in pipelines.read_text("utf-8")


FILES = 24


@pytest.fixture
def folder(pipelines):
    """A registry of many files, with one claim in each."""
    folder = Path("many")
    folder.mkdir()
    text = pipelines.read_text("utf-8")
    cut = text.index("[[claim]]")
    (folder / "registry.toml").write_text(text[:cut], "utf-8")
    for number in range(FILES):
        claim = (
            f'[[claim]]\nid = "c{number}"\nspeaker = "miller"\nsaid = 2017-07-04\n'
            'source = "press-2017"\nquote = "gas by the end of 2019"  # his words\n'
            'criterion = { event = "siberia/first-gas", by = 2019-12-31 }\n'
        )
        (folder / f"claim-{number:02}.toml").write_text(claim, "utf-8")
    return folder


def words(folder, because):
    names = [f"c{number}" for number in range(FILES)]
    options = ["--as-of", "2020-01-01", "--by", "Ann", "--yes", "--because", because]
    return ["accept", *names, str(folder), *options]


def signed_because(folder):
    """Return the reasons in the signatures, None for those that are not signed."""
    return [claim.signed and claim.signed.because for claim in load(folder).claims.values()]


def test_a_file_that_cannot_be_written_changes_no_other(folder, capsys):
    (folder.parent / "other").hardlink_to(folder / "claim-05.toml")

    assert main(words(folder, "one")) == 5
    assert capsys.readouterr().err == (
        "'many/claim-05.toml' cannot be written: "
        "it has 2 names (hard links), of which only one would be changed\n"
    )
    assert set(signed_because(folder)) == {None}
    assert len(list(folder.iterdir())) == FILES + 1


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
@pytest.mark.parametrize(
    ("event", "step", "done"),
    [("open", 1, 0), ("open", 25, 0), ("os.rename", 2, 1), ("os.rename", 24, 23)],
)
def test_killed_at_any_step_the_command_never_leaves_a_broken_file(folder, event, step, done):
    run = subprocess.run(
        [sys.executable, "-B", "-c", KILLED, event, str(step), *words(folder, "first")],
        check=False,
        capture_output=True,
    )

    assert run.returncode == -signal.SIGKILL, run.stderr
    signed = signed_because(folder)
    assert set(signed) <= {None, "first"}
    assert signed.count("first") == done
    files = [path.read_text("utf-8") for path in sorted(folder.glob("claim-*.toml"))]
    unsigned = {
        re.sub(r'"c\d+"|status = .*\n|signed = .*\n|\[claim.signed\](.*\n)*', "", one)
        for one in files
    }
    assert len(unsigned) == 1

    assert main(words(folder, "last")) == 0
    assert signed_because(folder) == ["last"] * FILES


# Opening a file to write it and renaming one are the steps; the process ends itself before one.
KILLED = """
import os, signal, sys

step, left = sys.argv.pop(1), int(sys.argv.pop(1))

def hook(event, arguments):
    global left
    if event == step and (event != "open" or arguments[2] & (os.O_WRONLY | os.O_RDWR)):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
from claimtrack.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_login_without_a_name_is_asked_who_signs(pipelines, capsys, monkeypatch):
    def no_name():
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.delenv("CLAIMTRACK_BY")
    monkeypatch.setattr("getpass.getuser", no_name)

    assert accept("flow-of-38", "--yes") == 2
    told = "Error: this login has no name; say who signs: --by NAME, or CLAIMTRACK_BY\n"
    assert capsys.readouterr().err.endswith(told)
    assert accept("flow-of-38", "--yes", "--by", "Bo") == 0


@pytest.mark.parametrize("end", ["\n", "\r\n", ""], ids=["LF", "CRLF", "none"])
def test_a_line_of_json_keeps_its_end_and_characters_that_end_lines_elsewhere(pipelines, end):
    text = dumps(load(pipelines), "jsonl").replace("it was a mistake", "a\u2028b\u0085c")
    path = Path("registry.jsonl")
    path.write_bytes(text.removesuffix("\n").replace("\n", end or "\n").encode() + end.encode())
    before = path.read_bytes().split(b"\n")

    assert accept("flow-of-38", "gas-by-2019", "a-mistake", "--yes", path=path) == 0

    after = path.read_bytes().split(b"\n")
    assert len(after) == len(before)
    assert [one[-1:] for one in after] == [one[-1:] for one in before]
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 3


def test_a_file_that_changes_while_it_is_loaded_is_not_signed(pipelines, capsys, monkeypatch):
    from claimtrack.cli import accept as command

    read = command.registry_at

    def changed_after(path):
        registry = read(path)
        pipelines.write_text(pipelines.read_text("utf-8") + "# by another hand\n", "utf-8")
        return registry

    monkeypatch.setattr(command, "registry_at", changed_after)

    assert accept("gas-by-2019", "--yes") == 2
    told = "'pipelines.toml' was changed meanwhile; nothing is written\n"
    assert capsys.readouterr().err == told
    assert "fingerprint" not in pipelines.read_text("utf-8")


def test_all_claims_of_a_status_are_signed_at_once(pipelines, capsys):
    assert accept("--all", "--status", "pending", "--yes") == 0

    claims = load("pipelines.toml").claims
    assert [one.id for one in claims.values() if one.signed] == ["flow-of-38"]
    assert capsys.readouterr().out.endswith("signed 1 claim\n")


def test_all_that_a_check_asks_to_be_signed_is_signed_and_nothing_twice(pipelines, capsys):
    assert accept("--all", "--yes") == 0
    signed = pipelines.read_bytes()
    claims = load("pipelines.toml").claims
    assert [one.id for one in claims.values() if one.signed] == ["gas-by-2019"]

    assert main(["accept", "--all", "--yes", "pipelines.toml", "--as-of", "2020-02-02"]) == 0

    assert pipelines.read_bytes() == signed
    assert capsys.readouterr().out.endswith("nothing to change\n")


def test_all_signs_what_is_suspect_anew(pipelines):
    accept("--all", "--yes")
    text = pipelines.read_text("utf-8")
    pipelines.write_text(text.replace("value = [0.2, 0.4]", "value = [0.2, 0.5]"), "utf-8")
    before = fingerprint_of(pipelines, "gas-by-2019")
    pipelines.write_text(
        pipelines.read_text("utf-8").replace("by = 2019-12-31", "by = 2019-12-30"), "utf-8"
    )

    assert accept("--all", "--yes") == 0

    assert fingerprint_of(pipelines, "gas-by-2019") != before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "expected the ids of claims, or --all, and not both."),
        (("gas-by-2019", "--all"), "expected the ids of claims, or --all, and not both."),
        (("gas-by-2019", "--status", "held"), "--status goes with --all."),
    ],
)
def test_names_and_all_exclude_each_other(pipelines, capsys, words, told):
    assert accept(*words, "--yes") == 2
    assert told in capsys.readouterr().err
