"""A spreadsheet taken into a registry again and again, as the command does it."""

import csv
import json
import os
import shutil
from pathlib import Path

import pytest

from claimtrack import load
from claimtrack.cli.main import main
from claimtrack.exchange.cells import slug

HEADS = "id,who,promise,said on,url,deadline,status,rated on,category,notes"
ROWS = (
    "1,Anna Ba,Taxes fall,2020-01-05,https://paper.example/a,2021-12-31,Broken,2022-01-10,Tax,",
    "2,Anna Ba,A new bridge,2020-02-01,https://paper.example/b,,Achieved,2021-05-01,Roads; City,x",
    "3,Ben Co,More trains,2020-03-01,https://paper.example/a,,In progress,2021-05-01,Rail,",
)
SET = ("--set", "by=The Desk")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def sheet(*rows, heads=HEADS, name="promises.csv"):
    Path(name).write_text("\n".join((heads, *rows)) + "\n", encoding="utf-8")


def run(capsys, *arguments):
    status = main(["import", "promises.csv", "reg", *arguments])
    captured = capsys.readouterr()
    return status, captured.out + captured.err


def imported(capsys, *rows, heads=HEADS, extra=()):
    """Import *rows* into a fresh registry, by the guess."""
    sheet(*rows, heads=heads)
    status, out = run(capsys, *SET, *extra)
    assert status == 0, out
    return run(capsys, "--map", "import.toml")


def contents():
    return {file.name: file.read_bytes() for file in sorted(Path("reg").iterdir())}


def changed_lines(before, after):
    """Return the lines that differ in the files of records, which have the same number of lines."""
    found = []
    for name in after:
        if "import" in name:
            continue
        one, other = before[name].decode().split("\n"), after[name].decode().split("\n")
        assert len(one) == len(other), name
        found += [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return found


def test_without_a_mapping_it_is_guessed_shown_and_written_and_nothing_is_imported(capsys):
    sheet(*ROWS)

    status, out = run(capsys)

    assert status == 0
    assert sorted(contents()) == ["import.toml"]
    text = Path("reg/import.toml").read_text("utf-8")
    assert '[columns]\nid = "key"\nwho = "speaker"\npromise = "words"\n' in text
    assert '[set]\nscale = "trumptracker"\nkind = "promise"\n# by =  # who gave' in text
    assert "no column says who gave the statuses: add it there, or --set by=..." in out
    assert out.endswith("then: claimtrack import promises.csv reg --map reg/import.toml\n")


def test_a_guess_shows_the_first_rows_as_they_would_become(capsys):
    sheet(*ROWS)

    _, out = run(capsys, *SET)

    assert 'quote = "Taxes fall"' in out
    assert 'rating = "Broken"' in out


def test_an_import_refuses_what_no_column_and_no_constant_says(capsys):
    sheet("Taxes fall", heads="promise")
    run(capsys)

    status, out = run(capsys, "--map", "import.toml")

    assert status == 2
    assert out == (
        "CT361 promises.csv has no column for speaker, who said it; name one in the mapping, or "
        "say it for all rows: --set speaker=...\n"
        "CT361 promises.csv has no column for said, when it was said; name one in the mapping, or "
        "say it for all rows: --set said=...\n"
        "CT361 promises.csv has no column for address, where it was said; name one in the "
        "mapping, or say it for all rows: --set address=...\n"
    )
    assert sorted(contents()) == ["import.toml"]


def test_constants_of_the_line_say_what_no_column_does(capsys):
    sheet("Taxes fall", heads="promise")
    run(capsys)
    constants = ("speaker=Anna Ba", "said=2020-01-05", "address=https://paper.example/a")

    status, _ = run(
        capsys, "--map", "import.toml", *(part for one in constants for part in ("--set", one))
    )

    claim = load("reg").claims["taxes-fall"]
    assert status == 0
    assert (claim.speaker, claim.said.text) == ("anna-ba", "2020-01-05")


def test_a_row_becomes_a_claim_with_its_rating_and_equal_sources_are_made_once(capsys):
    status, out = imported(capsys, *ROWS)

    registry = load("reg")
    assert status == 0
    assert out == (
        "promises.csv: 3 rows, 3 taken; 3 new, 0 changed, 0 unchanged, 0 gone, 0 conflicts\n"
    )
    assert {one.id: one.name for one in registry.speakers.values()} == {
        "anna-ba": "Anna Ba",
        "ben-co": "Ben Co",
    }
    assert [*registry.sources] == ["paper-example-a", "paper-example-b"]
    claim = registry.claims["claim-2"]
    assert claim.quote == "A new bridge"
    assert claim.topics == ("Roads", "City")
    assert claim.note == "x"
    assert registry.claims["claim-1"].due.text == "2021-12-31"
    rating = registry.assessments["claim-1-the-desk"]
    assert (rating.claim, rating.rating, rating.published.text) == (
        "claim-1",
        "Broken",
        "2022-01-10",
    )


def test_statuses_are_ratings_and_the_criterion_asks_for_them(capsys):
    imported(capsys, *ROWS)

    audit = load("reg").audit("2022-02-01")

    assert audit["claim-1"].status == "failed"
    assert audit["claim-2"].status == "held"


def test_claims_without_statuses_wait_for_a_judgement_by_their_deadline(capsys):
    heads = "who,promise,said on,url,deadline"
    imported(capsys, "Anna,Taxes fall,2020-01-05,https://paper.example/a,2021-12-31", heads=heads)

    text = Path("reg/claims.toml").read_text("utf-8")

    assert "criterion = { judged = true, by = 2021-12-31 }" in text


def test_a_second_import_of_an_unchanged_sheet_changes_no_byte(capsys):
    imported(capsys, *ROWS)
    before = contents()

    status, out = run(capsys, "--map", "import.toml")

    assert (status, contents()) == (0, before)
    assert "0 new, 0 changed, 3 unchanged" in out


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("Taxes fall", "Taxes fall soon", 'quote = "Taxes fall soon"'),
        ("2021-12-31", "2022-12-31", "due = 2022-12-31"),
        ("Broken", "Compromised", 'rating = "Compromised"'),
        ("2022-01-10", "2022-01-11", "published = 2022-01-11"),
        (",Tax,", ",Money,", 'topics = ["Money"]'),
        ("2020-01-05", "2020-01-06", "said = 2020-01-06"),
        ("In progress", "Not started", 'rating = "Not started"'),
    ],
)
def test_an_edited_cell_is_one_changed_line(capsys, old, new, line):
    imported(capsys, *ROWS)
    before = contents()
    sheet(*(row.replace(old, new) for row in ROWS))

    status, _ = run(capsys, "--map", "import.toml")

    changed = changed_lines(before, contents())
    assert status == 0
    assert [after for _, after in changed] == [line]


def test_an_edited_cell_keeps_comments_and_what_was_added_by_hand(capsys):
    imported(capsys, *ROWS)
    file = Path("reg/claims.toml")
    text = file.read_text("utf-8")
    text = "# Ours.\n" + text.replace(
        'quote = "Taxes fall"', 'quote = "Taxes fall"  # on air\nproposition = "Taxes are cut."'
    )
    file.write_text(text, "utf-8")
    sheet(*(row.replace("Taxes fall", "Taxes fall soon") for row in ROWS))

    run(capsys, "--map", "import.toml")

    assert file.read_text("utf-8") == text.replace('"Taxes fall"  # on', '"Taxes fall soon"  # on')


def test_a_new_row_is_a_new_claim_below_the_others(capsys):
    imported(capsys, *ROWS)
    before = contents()
    new = "4,Ben Co,Free lunch,2020-03-02,https://paper.example/c,,Broken,2021-06-01,Food,"
    sheet(*ROWS, new)

    _, out = run(capsys, "--map", "import.toml")

    assert "1 new, 0 changed, 3 unchanged" in out
    assert contents()["claims.toml"].startswith(before["claims.toml"])
    assert load("reg").claims["claim-4"].speaker == "ben-co"


def test_a_row_that_is_gone_is_told_and_left(capsys):
    imported(capsys, *ROWS)
    before = contents()
    sheet(*ROWS[1:])

    first = run(capsys, "--map", "import.toml")
    second = run(capsys, "--map", "import.toml")

    assert first == second
    assert first[0] == 0
    assert (
        "promises.csv: claim claim-1 is no longer in the sheet; it is left, --remove takes it out "
        "[CT371]\n"
    ) in first[1]
    assert load("reg").claims["claim-1"]
    assert {k: v for k, v in contents().items() if "state" not in k} == {
        k: v for k, v in before.items() if "state" not in k
    }


def test_remove_takes_out_a_row_that_is_gone_and_its_rating(capsys):
    imported(capsys, *ROWS)
    before = contents()
    sheet(*ROWS[1:])

    status, out = run(capsys, "--map", "import.toml", "--remove")

    assert status == 0
    assert "promises.csv: claim claim-1 is no longer in the sheet; it is taken out [CT371]" in out
    assert [*load("reg").claims] == ["claim-2", "claim-3"]
    assert [*load("reg").assessments] == ["claim-2-the-desk", "claim-3-the-desk"]
    assert contents()["claims.toml"] in before["claims.toml"]


def test_a_row_that_is_gone_stays_if_its_claim_was_changed_by_hand(capsys):
    imported(capsys, *ROWS)
    file = Path("reg/claims.toml")
    file.write_text(file.read_text("utf-8").replace("Taxes fall", "Taxes fall!"), "utf-8")
    sheet(*ROWS[1:])

    status, out = run(capsys, "--map", "import.toml", "--remove")

    assert status == 1
    assert "but its quote has been changed in the registry; it is left [CT370]" in out
    assert "claim-1" in load("reg").claims


def test_a_row_that_is_gone_stays_if_other_records_name_its_claim(capsys):
    imported(capsys, *ROWS)
    Path("reg/more.toml").write_text(
        '[[forecast]]\nid = "f"\nby = "ben-co"\nclaim = "claim-1"\nmade = 2020-02-01\n'
        "probability = 0.5\n",
        "utf-8",
    )
    sheet(*ROWS[1:])

    status, out = run(capsys, "--map", "import.toml", "--remove")

    assert status == 1
    assert "but forecast f names it; it is left [CT370]" in out


def test_a_value_that_both_changed_is_a_conflict_that_is_named_and_left_each_time(capsys):
    imported(capsys, *ROWS)
    file = Path("reg/claims.toml")
    file.write_text(file.read_text("utf-8").replace("due = 2021-12-31", "due = 2023-12-31"))
    before = contents()["claims.toml"]
    sheet(*(row.replace("2021-12-31", "2022-12-31") for row in ROWS))

    first = run(capsys, "--map", "import.toml")
    second = run(capsys, "--map", "import.toml")

    assert first == second
    assert first[0] == 1
    assert first[1].splitlines()[0] == (
        "promises.csv:2:deadline was '2021-12-31' and is now '2022-12-31', but claim claim-1 has "
        "due = '2023-12-31' (reg/claims.toml:9:1); it is left as it is [CT370]"
    )
    assert contents()["claims.toml"] == before


def test_a_conflict_is_over_when_the_registry_says_what_the_sheet_says(capsys):
    imported(capsys, *ROWS)
    file = Path("reg/claims.toml")
    text = file.read_text("utf-8")
    file.write_text(text.replace("due = 2021-12-31", "due = 2022-12-31"))
    sheet(*(row.replace("2021-12-31", "2022-12-31") for row in ROWS))

    status, out = run(capsys, "--map", "import.toml")

    assert (status, "0 conflicts" in out) == (0, True)


def test_what_only_the_registry_changed_is_kept(capsys):
    imported(capsys, *ROWS)
    file = Path("reg/claims.toml")
    file.write_text(file.read_text("utf-8").replace("due = 2021-12-31", "due = 2023-12-31"))
    before = contents()

    status, _ = run(capsys, "--map", "import.toml")

    assert (status, contents()) == (0, before)


def test_a_claim_that_was_taken_out_by_hand_is_not_put_back(capsys):
    imported(capsys, *ROWS)
    Path("reg/assessments.toml").unlink()
    file = Path("reg/claims.toml")
    file.write_text(file.read_text("utf-8").split("\n\n")[0] + "\n", "utf-8")

    status, out = run(capsys, "--map", "import.toml")

    assert status == 0
    assert "promises.csv:3: claim claim-2 has been taken out of the registry since" in out
    assert [*load("reg").claims] == ["claim-1"]


def test_a_cell_that_is_emptied_takes_its_key_out(capsys):
    imported(capsys, *ROWS)
    before = contents()["claims.toml"].decode()
    sheet(*(row.replace("2021-12-31", "") for row in ROWS))

    run(capsys, "--map", "import.toml")

    assert contents()["claims.toml"].decode() == before.replace("due = 2021-12-31\n", "")


def test_dry_run_prints_the_diff_and_writes_nothing(capsys):
    imported(capsys, *ROWS)
    before = contents()
    sheet(*(row.replace("Broken", "Achieved") for row in ROWS))

    status, out = run(capsys, "--map", "import.toml", "--dry-run")

    assert (status, contents()) == (0, before)
    assert '-rating = "Broken"\n+rating = "Achieved"\n' in out


def test_bad_cells_are_named_all_at_once_and_nothing_is_imported(capsys):
    bad = (
        "1,Anna,Taxes fall,3-4-2020,https://paper.example/a,31/2/2021,Broken,2022-01-10,Tax,",
        "2,,A new bridge,2020-02-01,https://paper.example/b,,Achievd,2021-05-01,Roads,x",
        "3,Ben Co,More trains,2020-03-01,ftp://paper.example,,Broken,,Rail,",
    )
    sheet(*ROWS)
    run(capsys, *SET)
    sheet(*bad, ROWS[0])

    status, out = run(capsys, "--map", "import.toml", "--ledger", "left.jsonl")

    assert status == 3
    assert out.splitlines() == [
        (
            "promises.csv:2:said on 3-4-2020 may be 2020-04-03 or 2020-03-04; say which with "
            'date_order = "dmy" or "mdy" in the mapping [CT364]'
        ),
        (
            "promises.csv:2:deadline 31/2/2021 is no day; expected a day such as 2021-02-28, or "
            "2021-02 [CT363]"
        ),
        (
            "promises.csv:3:who is empty; expected a value, or one for all rows: --set speaker=... "
            "[CT367]"
        ),
        (
            "promises.csv:3:status 'Achievd' is not a label of the scale 'trumptracker'; did you "
            "mean 'Achieved'? [CT366]"
        ),
        (
            "promises.csv:4:rated on is empty; expected a value, or one for all rows: "
            "--set rated_on=... [CT367]"
        ),
    ]
    assert sorted(contents()) == ["import.toml"]
    ledger = [json.loads(line) for line in Path("left.jsonl").read_text("utf-8").splitlines()]
    assert sorted(one["at"] for one in ledger if one["what"] == "row") == ["2", "3", "4", "5"]


def test_skip_bad_imports_the_other_rows_and_the_ledger_has_the_bad_ones(capsys):
    sheet(*ROWS)
    run(capsys, *SET)
    sheet(ROWS[0], "", ROWS[1].replace("2020-02-01", "soon"), ROWS[2], ROWS[2], heads=HEADS)

    status, out = run(capsys, "--map", "import.toml", "--skip-bad", "--ledger", "left.csv")

    assert status == 1
    assert "promises.csv: 5 rows, 2 taken; 2 new" in out
    with Path("left.csv").open(encoding="utf-8", newline="") as opened:
        rows = [*csv.DictReader(opened)]
    assert [(one["what"], one["at"], one["why"]) for one in rows] == [
        ("row", "3", "the row is empty"),
        ("row", "6", "it says nothing that row 5 does not say"),
        (
            "row",
            "4",
            (
                "promises.csv:4:said on soon is no day; expected a day such as 2021-02-28, or "
                "2021-02 [CT363]"
            ),
        ),
    ]


def test_a_bad_row_is_not_taken_for_one_that_is_gone(capsys):
    imported(capsys, *ROWS)
    sheet(ROWS[0], ROWS[1].replace("2020-02-01", "soon"), ROWS[2])

    status, out = run(capsys, "--map", "import.toml", "--skip-bad")

    assert (status, "0 gone" in out) == (1, True)


def test_columns_that_are_not_imported_are_in_the_ledger_and_told(capsys):
    sheet(*(f"{row},7" for row in ROWS), heads=f"{HEADS},zodiac")
    run(capsys, *SET)

    _, out = run(capsys, "--map", "import.toml", "--ledger", "left.jsonl")

    assert out.endswith("not imported: zodiac\n")
    assert json.loads(Path("left.jsonl").read_text("utf-8")) == {
        "what": "column",
        "why": "no part of the mapping",
        "field": "zodiac",
    }


def test_rows_with_one_key_are_the_history_of_its_status(capsys):
    later = ROWS[0].replace("Broken", "Compromised").replace("2022-01-10", "2023-01-10")

    _, out = imported(capsys, *ROWS, later)

    registry = load("reg")
    assert "4 rows, 4 taken; 3 new" in out
    assert [(one.rating, one.published.text) for one in registry.assessments.values()] == [
        ("Broken", "2022-01-10"),
        ("Compromised", "2023-01-10"),
        ("Achieved", "2021-05-01"),
        ("In progress", "2021-05-01"),
    ]
    before = contents()
    run(capsys, "--map", "import.toml")
    assert contents() == before


def test_columns_with_a_day_in_their_heads_are_the_history_of_a_status(capsys):
    heads = "id,who,promise,said on,url,status 2021-05-01,status (2022-05-01)"
    imported(
        capsys,
        "1,Anna,Taxes fall,2020-01-05,https://paper.example/a,In progress,Broken",
        "2,Anna,A bridge,2020-01-05,https://paper.example/a,,Achieved",
        heads=heads,
    )

    ratings = load("reg").assessments.values()

    assert [(one.claim, one.rating, one.published.text) for one in ratings] == [
        ("claim-1", "In progress", "2021-05-01"),
        ("claim-1", "Broken", "2022-05-01"),
        ("claim-2", "Achieved", "2022-05-01"),
    ]


def test_a_new_status_on_a_new_day_is_a_further_rating(capsys):
    imported(capsys, *ROWS)
    sheet(ROWS[0].replace("Broken,2022-01-10", "Achieved,2023-01-10"), *ROWS[1:])

    status, out = run(capsys, "--map", "import.toml")

    registry = load("reg")
    assert (status, "1 changed" in out) == (0, True)
    assert [(one.rating, one.published.text) for one in registry.assessments.values()][::3] == [
        ("Broken", "2022-01-10"),
        ("Achieved", "2023-01-10"),
    ]
    before = contents()
    run(capsys, "--map", "import.toml")
    assert contents() == before


def test_a_new_day_for_all_rows_dates_only_the_statuses_that_changed(capsys):
    heads = "id,who,promise,said on,url,status"
    rows = (
        "1,Anna,Taxes fall,2020-01-05,https://paper.example/a,In progress",
        "2,Anna,A bridge,2020-01-05,https://paper.example/a,Broken",
    )
    imported(capsys, *rows, heads=heads, extra=("--set", "rated_on=2021-01-01"))
    sheet(rows[0].replace("In progress", "Achieved"), rows[1], heads=heads)

    run(capsys, "--map", "import.toml", "--set", "rated_on=2022-01-01")

    ratings = load("reg").assessments.values()
    assert [(one.claim, one.rating, one.published.text) for one in ratings] == [
        ("claim-1", "In progress", "2021-01-01"),
        ("claim-2", "Broken", "2021-01-01"),
        ("claim-1", "Achieved", "2022-01-01"),
    ]


def test_without_a_key_changed_words_are_one_row_gone_and_one_new(capsys):
    heads = HEADS.removeprefix("id,")
    rows = [row.partition(",")[2] for row in ROWS]
    imported(capsys, *rows, heads=heads)
    sheet(rows[0].replace("Taxes", "All taxes"), *rows[1:], heads=heads)

    status, out = run(capsys, "--map", "import.toml")

    assert status == 0
    assert "1 new, 0 changed, 2 unchanged, 1 gone" in out
    assert [*load("reg").claims] == ["taxes-fall", "a-new-bridge", "more-trains", "all-taxes-fall"]


def test_two_claims_with_one_key_are_refused(capsys):
    sheet(*ROWS, ROWS[1].replace("2,", "1,", 1))
    run(capsys, *SET)

    status, out = run(capsys, "--map", "import.toml")

    assert status == 3
    assert out == (
        "promises.csv:5:id the key '1' is that of row 2, which has another said; expected a key "
        "for each claim [CT369]\n"
    )


def test_the_same_words_of_two_speakers_are_two_claims(capsys):
    heads = "who,promise,said on,url"
    imported(
        capsys,
        "Anna,Taxes fall,2020-01-05,https://paper.example/a",
        "Ben,Taxes fall,2020-01-05,https://paper.example/a",
        heads=heads,
    )

    claims = load("reg").claims.values()

    assert [(one.speaker, one.quote) for one in claims] == [
        ("anna", "Taxes fall"),
        ("ben", "Taxes fall"),
    ]


def test_a_speaker_is_found_by_name_alias_and_id(capsys):
    Path("reg").mkdir()
    Path("reg/all.toml").write_text(
        '[[speaker]]\nid = "ab"\nname = "Anna Ba"\naliases = ["A. Ba", "The Minister"]\n', "utf-8"
    )
    names = ("anna  ba", "The\u00a0Minister", "ab", "Ben")
    heads = "id,who,promise,said on,url"
    imported(
        capsys,
        *(
            f"{number},{name},Words {number},2020-01-05,https://paper.example/a"
            for number, name in enumerate(names)
        ),
        heads=heads,
    )

    assert [one.speaker for one in load("reg").claims.values()] == ["ab", "ab", "ab", "ben"]


def test_a_source_that_is_there_is_found_by_its_address(capsys):
    Path("reg").mkdir()
    Path("reg/all.toml").write_text(
        '[[source]]\nid = "mine"\nurl = "https://paper.example/a"\n', "utf-8"
    )

    imported(capsys, *ROWS)

    assert [one.source for one in load("reg").claims.values()] == [
        "mine",
        "paper-example-b",
        "mine",
    ]


def test_hostile_texts_stay_texts_and_ids_are_safe(capsys):
    heads = "id,who,promise,said on,url"
    hostile = '=HYPERLINK("http://x") \u202e [bold] `rm -rf`'
    quoted = hostile.replace('"', '""')
    imported(
        capsys,
        f'../../etc/passwd,"{quoted}","{quoted}",2020-01-05,https://paper.example/../../a',
        heads=heads,
    )

    claim = next(iter(load("reg").claims.values()))

    assert claim.quote == hostile
    assert claim.id == "etc-passwd"
    assert claim.speaker == slug(hostile)


def test_the_files_of_imports_are_no_part_of_the_registry(capsys):
    imported(capsys, *ROWS)
    Path("reg/evidence.import.toml").write_text('as = "evidence"\n', "utf-8")
    Path("reg/evidence.import.state.jsonl").write_text('{"type": "import", "form": 1}\n', "utf-8")

    statuses = [
        main(arguments)
        for arguments in (
            ["audit", "reg", "--as-of", "2022-02-01"],
            ["convert", "reg", "other", "--to", "jsonl"],
            ["facts", "reg"],
        )
    ]

    assert statuses == [0, 0, 0]
    assert load("other") == load("reg")


def test_evidence_comes_in_the_same_way(capsys):
    Path("reg").mkdir()
    Path("reg/all.toml").write_text(
        '[[fact]]\nid = "gas"\nkind = "event"\ntitle = "First gas"\n'
        '[[fact]]\nid = "flow"\nkind = "quantity"\nunit = "bcm"\n',
        "utf-8",
    )
    sheet(
        "First gas,2019-12-02,,https://wire.example/1,2019-12-03",
        "flow,2020,38.5,https://wire.example/2,2021-01-05",
        heads="fact,day,value,url,published",
    )
    run(capsys, "--as", "evidence")

    status, out = run(capsys, "--map", "evidence.import.toml")

    registry = load("reg")
    assert status == 0, out
    assert [(one.fact, one.published.text) for one in registry.evidence.values()] == [
        ("gas", "2019-12-03"),
        ("flow", "2021-01-05"),
    ]
    before = contents()
    run(capsys, "--map", "evidence.import.toml")
    assert contents() == before


def test_evidence_on_a_fact_that_is_not_there_is_a_bad_cell(capsys):
    Path("reg").mkdir()
    Path("reg/all.toml").write_text('[[fact]]\nid = "first-gas"\nkind = "event"\n', "utf-8")
    sheet("first-gaz,2019-12-02,https://wire.example/1,2019-12-03", heads="fact,day,url,published")
    run(capsys, "--as", "evidence")

    status, out = run(capsys, "--map", "evidence.import.toml")

    assert status == 3
    assert out == (
        "promises.csv:2:fact fact 'first-gaz' is not defined; did you mean 'first-gas'? [CT202]\n"
    )


def test_what_had_not_happened_when_it_was_reported_is_a_bad_cell(capsys):
    Path("reg").mkdir()
    Path("reg/all.toml").write_text('[[fact]]\nid = "gas"\nkind = "event"\n', "utf-8")
    sheet("gas,2019-12-09,https://wire.example/1,2019-12-03", heads="fact,day,url,published")
    run(capsys, "--as", "evidence")

    status, out = run(capsys, "--map", "evidence.import.toml")

    assert status == 3
    assert out.startswith("promises.csv:2:day ")
    assert "CT307" in out


def test_a_registry_of_json_lines_is_imported_into(capsys):
    sheet(*ROWS)
    main(["import", "promises.csv", "reg.jsonl", *SET])
    main(["import", "promises.csv", "reg.jsonl", "--map", "import.toml"])
    before = Path("reg.jsonl").read_text("utf-8").splitlines()
    sheet(*(row.replace("Broken", "Achieved") for row in ROWS))

    status = main(["import", "promises.csv", "reg.jsonl", "--map", "import.toml"])

    after = Path("reg.jsonl").read_text("utf-8").splitlines()
    assert status == 0
    assert len(before) == len(after)
    assert [two for one, two in zip(before, after, strict=True) if one != two] == [
        (
            '{"type": "assessment", "id": "claim-1-the-desk", "claim": "claim-1", "by": "The Desk"'
            ', "scale": "trumptracker", "rating": "Achieved", "published": "2022-01-10"}'
        )
    ]
    assert capsys.readouterr().err == ""


def test_an_import_without_its_state_takes_up_what_is_there(capsys):
    imported(capsys, *ROWS)
    before = contents()
    Path("reg/import.state.jsonl").unlink()

    status, out = run(capsys, "--map", "import.toml")

    assert (status, contents()) == (0, before)
    assert "0 conflicts" in out


def test_a_torn_state_is_refused(capsys):
    imported(capsys, *ROWS)
    Path("reg/import.state.jsonl").write_text('{"type": "row"}\n', "utf-8")

    status, out = run(capsys, "--map", "import.toml")

    assert status == 3
    assert out == (
        "reg/import.state.jsonl:1:1: CT374 this is no line of the state of an import; restore the "
        "file from git\n"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[columns]\npromis = "words"\n',
            "CT362 promises.csv has no column 'promis'; did you mean 'promise'?",
        ),
        (
            '[columns]\npromise = "wrods"\n',
            (
                "CT362 reg/import.toml: column 'promise' is 'wrods', which is not known; did you "
                "mean 'words'?"
            ),
        ),
        ("colums = 1\n", "CT362 reg/import.toml: 'colums' is not known; did you mean 'columns'?"),
        (
            '[set]\nspeakr = "x"\n',
            "CT362 reg/import.toml: 'speakr' is nothing that can be set; did you mean 'speaker'?",
        ),
        ("[columns\n", "CT362 reg/import.toml:1:9 is not TOML: "),
        (
            f"a = {'[' * 900}\n",
            "CT362 reg/import.toml:1:105 nests deeper than 100 levels",
        ),
        (
            "as = []\n",
            "CT362 reg/import.toml: as = [] is not known; expected one of claims, evidence",
        ),
        (
            "decimal = {}\n",
            "CT362 reg/import.toml: decimal = {} is not known; expected '.' or ','",
        ),
        (
            "[columns]\npromise = []\n",
            "CT362 reg/import.toml: column 'promise' is [], which is not known; ",
        ),
        (
            "[columns]\npromise = { as = {} }\n",
            "CT362 reg/import.toml: column 'promise' is {}, which is not known; ",
        ),
    ],
)
def test_a_mapping_that_is_wrong_is_told(capsys, text, message):
    imported(capsys, *ROWS)
    Path("reg/import.toml").write_text(text, "utf-8")

    status, out = run(capsys, "--map", "import.toml")

    assert status == 2
    assert out.startswith(message)


def test_a_mapping_with_a_byte_that_is_not_utf_8_is_told(capsys):
    imported(capsys, *ROWS)
    Path("reg/import.toml").write_bytes(b'date_order = "\xe9"\n')

    status, out = run(capsys, "--map", "import.toml")

    assert status == 2
    assert "'reg/import.toml' cannot be read: the byte 0xe9 is not UTF-8" in out


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"name","of":"\xe9"}',
        b"[" * 100_000,
        b"1e9" * 9,
        b"{}",
        b'{"type":"name","of":"speaker","text":1,"id":"a"}',
        b'{"type":"name","of":"x","text":"a","id":"a"}',
        b'{"type":"row","key":"a","cells":[{"a":1}],"records":[{"type":"claim","id":"a"}]}',
        b'{"type":"row","key":"a","cells":[],"records":[{"type":"x","id":"a"}]}',
        b'{"type":"row","key":"a","cells":[],"records":[{"type":[{}],"id":"a"}]}',
        b'{"type":"row","key":"a","cells":[],"records":[{"type":"claim","id":"a","x":1}]}',
        b'{"type":"row","key":"a","cells":[],"records":[{"type":"claim","id":"a","speaker":[]}]}',
        b'{"type":"row","key":"a","cells":[],"records":[{"type":"assessment","id":"a","by":{}}]}',
    ],
)
def test_a_state_that_was_damaged_is_told_with_its_line(capsys, line):
    imported(capsys, *ROWS)
    state = Path("reg/import.state.jsonl")
    state.write_bytes(state.read_bytes() + line + b"\n")
    number = len(state.read_bytes().splitlines())
    before = contents()

    status, out = run(capsys, "--map", "import.toml")

    assert (status, contents()) == (3, before)
    assert out.startswith(
        f"reg/import.state.jsonl:{number}:1: CT374 this is no line of the state of an import; "
        "restore the file from git"
    )


def test_a_state_that_is_a_named_pipe_is_not_waited_for(capsys):
    imported(capsys, *ROWS)
    Path("reg/import.state.jsonl").unlink()
    os.mkfifo("reg/import.state.jsonl")

    status, out = run(capsys, "--map", "import.toml")

    assert status == 3
    assert "'reg/import.state.jsonl' cannot be read: it is no regular file" in out


def test_the_command_to_go_on_with_can_be_typed_where_names_have_spaces(capsys):
    Path("my promises; ls.csv").write_text("\n".join((HEADS, *ROWS)), "utf-8")

    main(["import", "my promises; ls.csv", "reg", *SET])

    assert (
        "then: claimtrack import 'my promises; ls.csv' reg --map reg/import.toml"
        in capsys.readouterr().out
    )


def test_a_guess_does_not_write_over_a_mapping(capsys):
    imported(capsys, *ROWS)
    before = contents()

    status, out = run(capsys)

    assert (status, contents()) == (2, before)
    assert "is there already; import with --map reg/import.toml" in out


def test_a_mapping_that_would_be_read_as_a_registry_is_refused(capsys):
    imported(capsys, *ROWS)
    shutil.copy("reg/import.toml", "reg/mine.toml")

    status, out = run(capsys, "--map", "reg/mine.toml")

    assert status == 2
    assert "would be read as a part of the registry; expected a name such as import.toml" in out


def test_pytest_takes_the_files_of_imports_for_no_registry(capsys, pytester):
    pytester.makefile(".csv", promises="\n".join((HEADS, *ROWS)))
    pytester.chdir()
    run(capsys, *SET)
    run(capsys, "--map", "import.toml")

    result = pytester.runpytest_subprocess("reg", "--as-of", "2022-02-01", "-p", "no:cacheprovider")

    assert not [line for line in result.outlines if "import." in line]


def exported(capsys, *arguments):
    status = main(["export", "reg", "--to", "csv", "--like", "promises.csv", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_verdicts_go_back_into_the_sheet(capsys):
    imported(capsys, *ROWS)

    status, out, err = exported(capsys, "--as-of", "2022-02-01")

    assert (status, err) == (0, "")
    rows = [*csv.reader(out.splitlines())]
    assert rows[0] == [*HEADS.split(","), "computed status", "decided on", "why"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert [row[-3:-1] for row in rows[1:3]] == [["failed", "2022-01-10"], ["held", "2021-05-01"]]
    assert rows[1][-1].startswith("rated “Broken” on trumptracker")


def test_a_sheet_with_verdicts_is_imported_again_without_a_change(capsys):
    hostile = '"=cmd()\nand a line"'
    imported(capsys, *ROWS, f"4,Ben Co,{hostile},2020-03-02,https://paper.example/c,,,,,")
    before = contents()
    assert exported(capsys, "--as-of", "2022-02-01", "-o", "back.csv")[0] == 0
    text = Path("back.csv").read_text("utf-8")
    assert '"\'=cmd()\nand a line"' in text
    Path("promises.csv").write_text(text, "utf-8")

    status, out = run(capsys, "--map", "import.toml")

    assert (status, contents()) == (0, before)
    assert "4 unchanged" in out
    assert exported(capsys, "--as-of", "2022-02-01")[1] == text


def test_rows_without_a_claim_are_in_the_ledger_of_an_export(capsys):
    imported(capsys, *ROWS)
    sheet(
        *ROWS, "4,Ben Co,More,2020-03-02,https://paper.example/c,,,,,", "5,Ben Co,Less,soon,,,,,,"
    )

    status, out, err = exported(capsys, "--as-of", "2020-02-15", "--ledger", "left.csv")

    assert status == 0
    assert [row[-3] for row in csv.reader(out.splitlines())][3:] == ["", "", ""]
    assert err.splitlines()[:2] == [
        (
            "row 4: CT401 claim 'claim-3' cannot be resolved as of 2020-02-15: it was said on "
            "2020-03-01; expected a later day"
        ),
        "row 5: claim claim-4 is not in the registry; import the sheet first",
    ]
    assert err.endswith("export: 3 things not said in csv\n")
    assert Path("left.csv").read_text("utf-8").count("\nrow,") == 3


def test_a_name_that_two_speakers_have_is_a_bad_cell(capsys):
    Path("reg").mkdir()
    Path("reg/all.toml").write_text(
        '[[speaker]]\nid = "a1"\nname = "Anna Ba"\n[[speaker]]\nid = "a2"\naliases = ["anna ba"]\n',
        "utf-8",
    )
    sheet(*ROWS[:1])
    run(capsys, *SET)

    status, out = run(capsys, "--map", "import.toml")
    sheet(ROWS[0].replace("Anna Ba", "a2"))
    again = run(capsys, "--map", "import.toml")[0]

    assert (status, again) == (3, 0)
    assert out == (
        "promises.csv:2:who 'Anna Ba' is the name of speakers a1 and a2; expected the id of one "
        "[CT368]\n"
    )


def test_long_names_that_begin_alike_are_two_speakers(capsys):
    long = "The Committee for the Improvement of the Roads and Bridges of the County of"
    sheet(
        ROWS[0].replace("Anna Ba", f"{long} Kent"),
        ROWS[1].replace("Anna Ba", f"{long} Essex"),
    )
    run(capsys, *SET)
    run(capsys, "--map", "import.toml")

    names = [one.name for one in load("reg").speakers.values()]

    assert names == [f"{long} Kent", f"{long} Essex"]


def test_statuses_on_a_scale_of_the_registry_are_guessed_and_taken(capsys):
    Path("reg").mkdir()
    Path("reg/scale.toml").write_text(
        '[[scale]]\nid = "mine"\nlabel = [{ name = "Fine", says = "supports" }, '
        '{ name = "Half", says = "partly" }, { name = "Bad", says = "refutes" }]\n',
        "utf-8",
    )
    rows = [
        f"{number},Anna,Words {number},2020-01-05,https://paper.example/a,{status},2021-05-01"
        for number, status in enumerate(("Fine", "half", "Bad"))
    ]

    status, _ = imported(capsys, *rows, heads="id,who,promise,said on,url,status,rated on")

    audit = load("reg").audit("2022-01-01")
    assert status == 0
    assert 'scale = "mine"' in Path("reg/import.toml").read_text("utf-8")
    assert [str(one.status) for one in audit] == ["held", "partly", "failed"]


def test_a_tracker_counts_as_it_counted_itself(capsys):
    labels = ["Achieved", "Compromised", "Broken", "In progress", "In progress", "Not started"]
    rows = [
        f"{number},Anna,Words {number},2020-01-05,https://paper.example/a,,{label},2021-05-01,,"
        for number, label in enumerate(labels)
    ]
    imported(capsys, *rows)

    assert main(["rate", "reg", "--as-of", "2022-01-01", "--scale", "trumptracker"]) == 0

    out = capsys.readouterr().out
    counts = dict(
        reversed(line.split(maxsplit=1)) for line in out.splitlines() if line[:4] == "    "
    )
    assert counts == {
        "Achieved": "1",
        "Compromised": "1",
        "Broken": "1",
        "In progress": "2",
        "Not started": "1",
    }
