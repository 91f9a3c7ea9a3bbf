"""What an explanation says on the command line, whole, and what it is for programs."""

import json

import pytest

from claimtrack.cli.main import main

LATE = """
[registry]
title = "Bridges"
[[speaker]]
id = "mayor"
name = "The mayor"
[[source]]
id = "post"
publisher = "Town Post"
tier = "press"
published = 2024-07-20
[[source]]
id = "wire"
publisher = "The Wire"
tier = "wire"
published = 2024-09-15
[[fact]]
id = "bridge"
kind = "event"
title = "The bridge opens"
once = true
[[evidence]]
id = "still-closed"
fact = "bridge"
source = "post"
not_happened = "../2024-07-19"
[[evidence]]
id = "opened"
fact = "bridge"
source = "wire"
happened = 2024-09-14
[[evidence]]
id = "opened-post"
fact = "bridge"
source = "post"
happened = 2024-09-14
published = 2024-09-16
[[evidence]]
id = "they-say"
claim = "by-june"
source = "wire"
stance = "context"
[[claim]]
id = "by-june"
speaker = "mayor"
said = 2023-03-01
source = "post"
quote = "By the end of June next year."
criterion = { event = "bridge", by = "2024-06" }
"""

TEXT = """\
What The mayor said on 1 Mar 2023, “By the end of June next year”, came true, but late by 76 days: \
“The bridge opens” on 14 Sep 2024, 2 sources.

by-june
  “By the end of June next year.”
  The mayor, 1 Mar 2023
  in Town Post, 20 Jul 2024
as of 1 Oct 2024: ◷ late, by 76 days, decided on 15 Sep 2024
due: 30 Jun 2024

criterion
  false: “The bridge opens” happens by Jun 2024 — 0 for, 2 against
with every deadline 76 days later
  true: “The bridge opens” happens by Jun 2024, put off to 14 Sep 2024 — 2 for, 0 against

evidence on “The bridge opens”

counted      published    evidence      says                publisher  why
───────────  ───────────  ────────────  ──────────────────  ─────────  ───
- against *  20 Jul 2024  still-closed  not by 19 Jul 2024  Town Post
- against *  15 Sep 2024  opened        14 Sep 2024         The Wire
+ later *    16 Sep 2024  opened-post   14 Sep 2024         Town Post

evidence on the claim itself

counted        published    evidence  says     publisher  why
─────────────  ───────────  ────────  ───────  ─────────  ─────────────────────────────────────────
  for neither  15 Sep 2024  they-say  context  The Wire   a remark on the claim, which facts decide

* the verdict rests on it
+ later for it, with the deadline put off

sources
  Town Post, 20 Jul 2024: still-closed, opened-post
  The Wire, 15 Sep 2024: opened, they-say
"""

EXHIBIT = {"because": None, "counts": True}
OF_A_REPORT = dict.fromkeys(
    ("origin", "url", "archived_url", "quote", "retrieved", "happened", "not_happened", "when")
)
OF_A_REPORT |= {"recorded": None, "why": None}
OBJECT = {
    "title": "Bridges",
    "as_of": "2024-09-15",
    "known_by": "published",
    "decided_by_function": False,
    "sentence": (
        "What The mayor said on 1 Mar 2023, “By the end of June next year”, came true, "
        "but late by 76 days: “The bridge opens” on 14 Sep 2024, 2 sources."
    ),
    "claim": {
        "id": "by-june",
        "speaker": "mayor",
        "speaker_name": "The mayor",
        "said": "2023-03-01",
        "source": "post",
        "kind": None,
        "status": "late",
        "recorded_status": None,
        "late_days": 76,
        "late_days_min": 76,
        "due": "2024-06-30",
        "decided_on": "2024-09-15",
        "robust": True,
        "readings": [],
        "used": ["still-closed", "opened"],
        "marks": [],
        "searches": [],
        "after_the_fact": False,
        "times_said": 1,
        "occasions": [],
        "retracted": None,
        "retracted_words": None,
        "retracted_source": None,
        "annulled_kind": None,
        "quote": "By the end of June next year.",
        "quote_kind": None,
        "origin": None,
        "url": None,
        "archived_url": None,
        "published": "2024-07-20",
        "proposition": None,
    },
    "criterion": {
        "rule": "event",
        "words": "“The bridge opens” happens by Jun 2024",
        "shown": False,
        "refuted": True,
        "needed": 1,
        "fact": "bridge",
        "first_day": "..",
        "last_day": "2024-06-30",
        "missing": None,
        "items": [
            {
                "id": "still-closed",
                "side": "against",
                "witness": "Town Post",
                "tier": "press",
                "known_from": "2024-07-20",
                **EXHIBIT,
            },
            {
                "id": "opened",
                "side": "against",
                "witness": "The Wire",
                "tier": "wire",
                "known_from": "2024-09-15",
                **EXHIBIT,
            },
        ],
    },
    "criterion_put_off": {
        "rule": "event",
        "words": "“The bridge opens” happens by Jun 2024",
        "shown": True,
        "refuted": False,
        "needed": 1,
        "fact": "bridge",
        "first_day": "..",
        "last_day": "2024-09-14",
        "missing": None,
        "items": [
            {
                "id": "still-closed",
                "side": None,
                "because": "does not cover the days in question",
                "counts": False,
                "witness": "Town Post",
                "tier": "press",
                "known_from": "2024-07-20",
            },
            {
                "id": "opened",
                "side": "for",
                "witness": "The Wire",
                "tier": "wire",
                "known_from": "2024-09-15",
                **EXHIBIT,
            },
        ],
    },
    "condition": None,
    "forecasts": [],
    "items": [
        {
            **OF_A_REPORT,
            "publisher": "Town Post",
            "not_happened": "../2024-07-19",
            "published": "2024-07-20",
            "counted": "against",
            "id": "still-closed",
            "source": "post",
            "fact": "bridge",
            "reports": "bridge not by 19 Jul 2024 (Town Post)",
            "use": "against",
            "because": None,
            "decided": True,
            "known_from": "2024-07-20",
        },
        {
            **OF_A_REPORT,
            "publisher": "The Wire",
            "happened": "2024-09-14",
            "published": "2024-09-15",
            "counted": "against",
            "id": "opened",
            "source": "wire",
            "fact": "bridge",
            "reports": "bridge 14 Sep 2024 (The Wire)",
            "use": "against",
            "because": None,
            "decided": True,
            "known_from": "2024-09-15",
        },
        {
            **OF_A_REPORT,
            "publisher": "The Wire",
            "published": "2024-09-15",
            "counted": "neither",
            "why": "a remark on the claim, which facts decide",
            "id": "they-say",
            "source": "wire",
            "fact": None,
            "reports": "context the claim (The Wire)",
            "use": "ignored",
            "because": "the criterion does not ask for judgement",
            "decided": False,
            "known_from": "2024-09-15",
        },
        {
            **OF_A_REPORT,
            "publisher": "Town Post",
            "happened": "2024-09-14",
            "published": "2024-09-16",
            "counted": "ignored",
            "why": "not yet published",
            "id": "opened-post",
            "source": "post",
            "fact": "bridge",
            "reports": "bridge 14 Sep 2024 (Town Post)",
            "use": "ignored",
            "because": "not yet published",
            "decided": False,
            "known_from": "2024-09-16",
        },
    ],
}


@pytest.fixture
def bridges(tmp_path):
    path = tmp_path / "bridges.toml"
    path.write_text(LATE, "utf-8")
    return str(path)


def test_a_late_claim_is_told_with_the_deadline_that_it_would_have_kept(bridges, capsys):
    status = main(["explain", "by-june", bridges, "--as-of", "2024-10-01"])

    assert (status, capsys.readouterr().out) == (0, TEXT)


def test_a_program_is_given_everything_that_the_verdict_rests_on(bridges, capsys):
    status = main(["explain", "by-june", bridges, "--as-of", "2024-09-15", "--format", "json"])

    assert (status, json.loads(capsys.readouterr().out)) == (0, OBJECT)


def test_a_program_is_given_conditions_readings_composites_and_what_is_undated(pipelines, capsys):
    text = pipelines.read_text("utf-8").replace(
        'criterion = { quantity = "siberia/flow", at_least = 38, unit = "bcm/year", '
        "by = 2024-12-31 }",
        'condition = { not = { event = "siberia/first-gas", by = "2018" } }\n'
        'criterion = { parts = [{ event = "siberia/first-gas", by = "2019" }, { judged = true }] }',
    )
    pipelines.write_text(text, "utf-8")

    objects = []
    for claim in ("flow-of-38", "gas-by-2019"):
        main(["explain", claim, str(pipelines), "--as-of", "2020-06-01", "--format", "json"])
        objects.append(json.loads(capsys.readouterr().out))

    parts, gas = objects
    assert parts["criterion"]["rule"] == "parts"
    assert [one["rule"] for one in parts["criterion"]["members"]] == ["event", "judged"]
    assert [one["fact"] for one in parts["criterion"]["members"]] == ["siberia/first-gas", None]
    assert parts["condition"]["rule"] == "not"
    assert parts["condition"]["shown"] is True
    assert parts["claim"]["status"] == "not-enough-evidence"
    assert [one["known_from"] for one in gas["items"]] == ["2019-12-02", "2019-12-03", None]
    (reading,) = gas["claim"]["readings"]
    assert (reading["name"], reading["status"]) == ("as first promised", "late")
    assert reading["criterion"]["refuted"] is True


def test_what_cannot_be_checked_has_no_criterion_for_programs_either(pipelines, capsys):
    main(["explain", "a-mistake", str(pipelines), "--as-of", "2021-01-01", "--format", "json"])

    told = json.loads(capsys.readouterr().out)

    assert (told["claim"]["status"], told["criterion"], told["items"]) == (
        "not-checkable",
        None,
        [],
    )
