"""Each finding, on the smallest registry that has it, whole."""
# ruff: noqa: E501 - a message stands on as few lines as may be

from importlib.metadata import EntryPoint

import attrs
import pytest

from claimtrack import Registry, Signature, Source, Speaker, loads
from claimtrack.engine.audit import Audit
from claimtrack.engine.signature import fingerprint
from claimtrack.engine.user_functions import try_check
from claimtrack.errors import Finding, Problem, Severity
from claimtrack.lint.codes import FINDING_CODES, LONGEST_QUOTE
from claimtrack.lint.history import CriterionEdit
from claimtrack.lint.run import examine, plugged_checks

BASE = """[[speaker]]
id = "miller"
[[source]]
id = "wire"
publisher = "The Wire"
published = 2019-12-02
tier = "wire"
url = "https://wire.example/"
[[source]]
id = "press"
publisher = "The Press"
published = 2020-01-10
tier = "press"
url = "https://press.example/"
[[fact]]
id = "gas"
kind = "event"
once = true
[[evidence]]
id = "gas-wire"
fact = "gas"
source = "wire"
happened = 2019-12-02
"""
CLAIM = """[[claim]]
id = "by-2019"
speaker = "miller"
said = 2017-07-04
source = "wire"
quote = "by the end of 2019"
criterion = { event = "gas", by = 2019-12-31 }
"""
OTHER = """[[claim]]
id = "by-2018"
speaker = "miller"
said = 2017-07-04
source = "press"
quote = "by the end of 2018"
criterion = { event = "gas", by = 2018-12-31 }
"""
UNKNOWN = """[[fact]]
id = "link"
kind = "event"
[[claim]]
id = "link-by-2019"
speaker = "miller"
said = 2017-07-04
source = "press"
quote = "linked by the end of 2019"
criterion = { event = "link", by = 2019-12-31 }
"""
DENIAL = """[[evidence]]
id = "no-link"
fact = "link"
source = "press"
not_happened = "{}"
"""
RECORDED = 'status = "not-enough-evidence"\n'
JUDGED = """[[evidence]]
id = "view"
claim = "by-2019"
stance = "{}"
source = "press"
"""


def examined(registry, audit, **others):
    """Return what is found, but for what is said of nearly every claim here: that nobody signed."""
    return [one for one in examine(registry, audit, **others) if one.code not in ("CT644", "CT645")]


def found(text, day="2020-06-01", **others):
    registry = loads(text)
    return [f"{one.severity} {one}" for one in examined(registry, registry.audit(day), **others)]


def test_a_sound_registry_has_no_findings():
    assert found(BASE + CLAIM + OTHER) == []


CASES = {
    "CT601": (
        BASE + OTHER + CLAIM + 'status = "failed"\n',
        (
            "error registry.toml:38:1: CT601 claim 'by-2019' is recorded as failed, and is held as of "
            "2020-06-01\n    hint: see: claimtrack explain by-2019 PATH; "
            "sign: claimtrack accept by-2019 PATH"
        ),
    ),
    "CT601 of a reading": (
        BASE
        + OTHER
        + CLAIM
        + '[[claim.reading]]\nname = "early"\nstatus = "held"\n'
        + 'criterion = { event = "gas", by = 2018-12-31 }\n',
        (
            "error registry.toml:40:1: CT601 claim 'by-2019' reading 'early' is recorded as held, "
            "and is late as of 2020-06-01\n"
            "    hint: see: claimtrack explain by-2019 PATH; sign: claimtrack accept by-2019 PATH"
        ),
    ),
    "CT602": (
        BASE
        + CLAIM
        + OTHER
        + '[[evidence]]\nid = "not"\nfact = "gas"\nsource = "press"\nnot_happened = "../2019-12-31"\n',
        (
            "error registry.toml:15:1: CT621 fact 'gas' has sources in conflict: evidence 'gas-wire' "
            "and 'not'"
        ),
        (
            "error registry.toml:24:1: CT602 claim 'by-2019' is conflicting as of 2020-06-01, which is "
            "not recorded\n    hint: add evidence, or sign: claimtrack accept by-2019 PATH"
        ),
    ),
    "CT604": (
        BASE + OTHER + CLAIM + "review_by = 2020-05-31\n",
        "warning registry.toml:38:1: CT604 claim 'by-2019' was to be looked at again by 2020-05-31",
    ),
    "CT606": (
        BASE + CLAIM + OTHER + UNKNOWN + 'status = "held"\n',
        (
            "error registry.toml:48:1: CT606 claim 'link-by-2019' is recorded as held, and there is no "
            "evidence on it"
        ),
        "note registry.toml:38:1: CT625 fact 'link' has no evidence on it",
    ),
    "CT611": (
        BASE + OTHER + CLAIM.replace("by = 2019-12-31", 'after = "2017"') + 'kind = "promise"\n',
        (
            "warning registry.toml:37:1: CT611 claim 'by-2019' is a promise that is never due; "
            "expected a window with an end, or a 'due'"
        ),
    ),
    "CT612": (
        BASE + OTHER + CLAIM.replace("by the end of 2019", "so it is " * 51),
        (
            "note registry.toml:36:1: CT612 claim 'by-2019' has a quote of 153 words; expected at "
            "most 150"
        ),
    ),
    "CT613": (
        BASE
        + "withdrawn = 2020-02-01\n"
        + CLAIM.replace("2019-12-31", "2030-12-31").replace("wire", "press"),
        (
            "warning registry.toml:24:1: CT613 evidence 'gas-wire' was withdrawn on 2020-02-01 "
            "without a reason"
        ),
    ),
    "CT614": (
        BASE.replace("published = 2020-01-10\n", "")
        + '[[evidence]]\nid = "gas-press"\nfact = "gas"\nsource = "press"\nhappened = 2019-12-02\n'
        + CLAIM
        + OTHER,
        (
            "note registry.toml:23:1: CT614 evidence 'gas-press' is undated, as is its source "
            "'press', and so never used"
        ),
    ),
    "CT615": (
        BASE + CLAIM + OTHER + UNKNOWN + RECORDED + DENIAL.format("2017-07-04/2020-01-10"),
        (
            "note registry.toml:53:1: CT615 evidence 'no-link' denies its fact from 2017-07-04 on "
            "only, and claim 'link-by-2019' asks about all days up to 2019-12-31, so it tells nothing "
            "there\n    hint: if the source says so of the days before too, write: "
            'not_happened = "../2020-01-10"'
        ),
    ),
    "CT615 of a window with two ends": (
        BASE
        + CLAIM
        + OTHER
        + UNKNOWN.replace("by = 2019-12-31", 'during = "2017/2019"')
        + RECORDED
        + DENIAL.format("2018/2019"),
        (
            "note registry.toml:53:1: CT615 evidence 'no-link' denies its fact from 2018-01-01 on "
            "only, and claim 'link-by-2019' asks about all days from 2017-01-01 to 2019-12-31, so it "
            "tells nothing there\n    hint: if the source says so of the days before too, write: "
            'not_happened = "2017-01-01/2019-12-31"'
        ),
    ),
    "CT616": (
        BASE + CLAIM + OTHER + JUDGED.format("refutes"),
        (
            "note registry.toml:40:1: CT616 evidence 'view' judges claim 'by-2019', whose criterion "
            "does not ask for judgement\n    hint: report on a fact of its criterion, or ask for "
            "judgement: { judged = true }"
        ),
    ),
    "CT617": (
        BASE + OTHER + CLAIM + 'kind = "promise"\ndue = 2017-07-03\n',
        (
            "warning registry.toml:39:1: CT617 claim 'by-2019' is a promise of 2017-07-04 that was due "
            "before, on 2017-07-03"
        ),
    ),
    "CT617 of a window": (
        BASE + OTHER + CLAIM.replace("2019-12-31", '"2016"') + 'kind = "prediction"\n',
        (
            "warning registry.toml:37:1: CT617 claim 'by-2019' is a prediction of 2017-07-04 that was "
            "due before, on 2016-12-31"
        ),
    ),
    "CT618": (
        BASE + OTHER + CLAIM.replace("2017-07-04", "2019-12-03"),
        (
            "note registry.toml:34:1: CT618 claim 'by-2019' was said on 2019-12-03, after its "
            "source 'wire' was published on 2019-12-02"
        ),
    ),
    "CT621": (
        BASE
        + '[[evidence]]\nid = "gas-press"\nfact = "gas"\nsource = "press"\nhappened = 2019-12-03\n'
        + CLAIM,
        (
            "error registry.toml:15:1: CT621 fact 'gas' has sources in conflict: evidence 'gas-wire' "
            "and 'gas-press'"
        ),
    ),
    "CT622": (
        BASE.replace("once = true", "once = true\nrequires = 2") + CLAIM + OTHER,
        (
            "error registry.toml:19:1: CT622 fact 'gas' has 1 of the 2 independent witnesses it "
            "requires"
        ),
    ),
    "CT623": (
        BASE.replace("once = true", "once = true\nreview_every = 181") + CLAIM + OTHER,
        (
            "error registry.toml:19:1: CT623 fact 'gas' was last reported on 2019-12-02, 182 days ago; "
            "expected a report every 181 days"
        ),
    ),
    "CT626": (
        BASE.replace("once = true", 'once = true\nrequires_tiers = ["wire", "primary"]')
        + CLAIM
        + OTHER,
        (
            "error registry.toml:19:27: CT626 fact 'gas' has no report of the tier 'primary', which it "
            "requires"
        ),
    ),
    "CT624": (
        BASE
        + UNKNOWN.replace("2019-12-31", "2030-12-31")
        + '[[evidence]]\nid = "l"\nfact = "link"\nsource = "press"\nnot_happened = 2017\n'.replace(
            "2017", '"2017"'
        ),
        "note registry.toml:15:1: CT624 fact 'gas' has 1 reports, and no claim asks about it",
    ),
    "CT625": (
        BASE + CLAIM + OTHER + UNKNOWN.replace("2019-12-31", "2030-12-31"),
        "note registry.toml:38:1: CT625 fact 'link' has no evidence on it",
    ),
    "CT631": (
        BASE
        + CLAIM
        + 'contradicts = ["also"]\n'
        + CLAIM.replace("by-2019", "also").replace('"wire"', '"press"')
        + 'contradicts = ["by-2019"]\n',
        "error registry.toml:39:16: CT631 claim 'also' contradicts 'by-2019', and both are held",
    ),
    "CT632": (
        BASE + CLAIM + OTHER + 'repeats = ["by-2019"]\n',
        (
            "warning registry.toml:38:12: CT632 claim 'by-2018' repeats 'by-2019', and is late where "
            "that is held"
        ),
    ),
    "CT633": (
        BASE
        + CLAIM
        + 'part_of = ["by-2018"]\n'
        + OTHER
        + 'part_of = ["by-2019"]\n[[claim]]\nid = "x"\nspeaker = "miller"\nsaid = 2018-01-01\n'
        'source = "wire"\nquote = "soon"\nnot_checkable = "vague"\npart_of = ["by-2019"]\n',
        "error registry.toml:31:1: CT633 claim 'by-2019' is reached again by following 'part_of'",
        "error registry.toml:39:1: CT633 claim 'by-2018' is reached again by following 'part_of'",
    ),
    "CT634": (
        BASE
        + CLAIM
        + 'depends_on = ["by-2018"]\n'
        + OTHER
        + "annulled = 2018-01-01\nannulled_because = 'called off'\n",
        (
            "warning registry.toml:31:15: CT634 claim 'by-2019' depends on 'by-2018', and is held "
            "where that is annulled"
        ),
    ),
    "CT641": (
        BASE.replace('tier = "press"\n', "") + CLAIM + OTHER,
        "note registry.toml:9:1: CT641 source 'press' has no tier",
    ),
    "CT642": (
        BASE.replace('url = "https://press.example/"\n', "") + CLAIM + OTHER,
        "note registry.toml:9:1: CT642 source 'press' has no url, archived_url or snapshot",
    ),
    "CT643": (
        BASE + '[[fact]]\nid = "idle"\nkind = "event"\n[[speaker]]\nid = "idle"\n' + CLAIM,
        "note registry.toml:9:1: CT643 source 'press' is not used",
        "note registry.toml:24:1: CT643 fact 'idle' is not used",
        "note registry.toml:27:1: CT643 speaker 'idle' is not used",
    ),
    "CT691": (
        BASE + OTHER + CLAIM + 'silenced = [{ code = "CT601", because = "odd" }]\n',
        (
            "warning registry.toml:38:1: CT691 claim 'by-2019' is silenced for CT601, which is not "
            "found on it"
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_check_finds(name):
    text, *expected = CASES[name]

    assert sorted(found(text)) == sorted(expected)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(UNKNOWN + DENIAL.format("../2020-01-10"), id="a denial that looks back"),
        pytest.param(
            UNKNOWN.replace("by = 2019-12-31", 'during = "2017/2019"') + DENIAL.format("2017/2019"),
            id="a denial of all days",
        ),
        pytest.param(
            UNKNOWN.replace("2019-12-31", '"2020"') + DENIAL.format("2019/2020-01-10"),
            id="a denial before the deadline",
        ),
        pytest.param(
            UNKNOWN + DENIAL.format("../2019") + DENIAL.format("2018/2019").replace("no-", "not-"),
            id="a denial of what is decided",
        ),
        pytest.param(
            UNKNOWN.replace("by = 2019-12-31", 'after = "2017"') + DENIAL.format("2019"),
            id="a denial where there is no deadline",
        ),
        pytest.param(JUDGED.format("context"), id="a judgement for context"),
        pytest.param(
            JUDGED.format("refutes") + "withdrawn = 2020-02-01\nwithdrawn_because = 'wrong'\n",
            id="a judgement that was withdrawn",
        ),
    ],
)
def test_evidence_that_tells_what_it_can_is_no_finding_of_reach(more):
    codes = {line.split()[2] for line in found(BASE + CLAIM + OTHER + more)}

    assert codes.isdisjoint({"CT615", "CT616", "CT617", "CT618"})


def test_days_that_only_just_go_together_are_no_finding():
    due_at_once = CLAIM.replace("2019-12-31", "2017-07-04") + 'kind = "promise"\n'
    on_the_day = OTHER.replace("2017-07-04", "2020-01-10")

    assert found(BASE + due_at_once + on_the_day) == []


def test_a_part_that_failed_is_found_where_its_whole_holds():
    text = (
        BASE
        + CLAIM
        + OTHER.replace("criterion = { event", "criterion = { not = { event")
        .replace("by = 2018-12-31 }", "by = 2019-12-31 } }")
        .replace("by-2018", "never")
        + 'part_of = ["by-2019"]\nrefines = ["by-2019"]\n'
    )

    assert found(text) == [
        (
            "warning registry.toml:38:12: CT635 claim 'never' is part of 'by-2019', which is held, and "
            "itself failed"
        )
    ]


def test_a_sharper_claim_that_holds_is_found_where_the_broader_one_failed():
    text = (
        BASE
        + CLAIM
        + 'refines = ["never"]\n'
        + OTHER.replace("criterion = { event", "criterion = { not = { event")
        .replace("by = 2018-12-31 }", "by = 2019-12-31 } }")
        .replace("by-2018", "never")
    )

    assert found(text) == [
        (
            "warning registry.toml:31:12: CT636 claim 'by-2019' refines 'never', which failed, and "
            "itself holds"
        )
    ]


def test_an_edge_case_of_each_bound_is_no_finding():
    text = BASE.replace("once = true", "once = true\nrequires = 1\nreview_every = 182") + CLAIM
    text = text.replace("by the end of 2019", "so it is " * (LONGEST_QUOTE // 3)) + OTHER

    assert found(text + "review_by = 2020-06-01\n") == []


def test_a_fact_that_asks_for_itself_needs_no_claim():
    text = BASE.replace("once = true", "once = true\nrequires = 1")

    assert [line.split()[2] for line in found(text)] == ["CT643", "CT643"]


def test_a_finding_is_silenced_on_one_record_with_a_reason():
    text = BASE.replace("once = true", "once = true\nrequires = 2") + CLAIM + OTHER
    reason = '\nsilenced = [{ code = "CT622", because = "one wire is enough here" }]'

    assert found(text.replace("requires = 2", f"requires = 2{reason}")) == []


def test_every_code_that_is_found_has_a_rule():
    assert {name.split()[0] for name in CASES} <= set(FINDING_CODES)


def test_records_made_in_python_have_findings_without_a_place():
    registry = Registry.of(
        Speaker(id="miller"), Source(id="wire", tier="wire", url="https://x.example/")
    )

    assert [str(one) for one in examined(registry, registry.audit("2020-01-01"))] == [
        "CT643 speaker 'miller' is not used",
        "CT643 source 'wire' is not used",
    ]


def signed_then(old, new, on="2020-01-01"):
    """Return what is found after a change of what was signed on that day."""
    before = loads(BASE + OTHER + CLAIM + 'status = "held"\n')
    after = loads((BASE + OTHER + CLAIM + 'status = "held"\n').replace(old, new))
    used = before.audit(on)["by-2019"].used
    mark = Signature(on=on, fingerprint=fingerprint(before.claims["by-2019"], used, before))
    kept = [record for records in after.record_maps() for record in records.values()]
    registry = Registry.of(
        *(attrs.evolve(r, signed=mark) if r.id == "by-2019" else r for r in kept),
        settings=after.settings,
    )
    return [str(one) for one in examined(registry, registry.audit("2020-06-01"))]


def test_changed_evidence_makes_a_signed_status_suspect():
    assert signed_then("happened = 2019-12-02", "happened = 2019-12-01") == [
        (
            "CT603 claim 'by-2019' is suspect: its evidence changed since it was signed on 2020-01-01\n"
            "    hint: look at it, then sign: claimtrack accept by-2019 PATH"
        )
    ]


def test_losing_the_last_report_of_a_required_tier_is_found():
    text = BASE.replace("once = true", 'once = true\nrequires_tiers = ["wire"]') + CLAIM + OTHER
    withdrawal = 'withdrawn = 2020-02-01\nwithdrawn_because = "a slip"\n'
    withdrawn = text.replace("happened = 2019-12-02\n", f"happened = 2019-12-02\n{withdrawal}")

    assert found(text, "2020-02-01") == []
    assert "CT626" not in " ".join(found(withdrawn, "2020-01-31"))
    assert "CT626" in " ".join(found(withdrawn, "2020-02-01"))


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        (
            "[[speaker]]",
            "[registry]\npolicy = { min_sources = 2 }\n[[speaker]]",
            "evidence, policy",
        ),
        ("[[speaker]]", '[registry]\npolicy = { min_tier = "press" }\n[[speaker]]', "policy"),
        ("once = true", 'title = "First gas"\nonce = true', "facts"),
    ],
)
def test_changed_rules_make_a_signed_status_suspect(old, new, parts):
    told = [line for line in signed_then(old, new) if "CT603" in line]

    assert told == [
        (
            f"CT603 claim 'by-2019' is suspect: its {parts} changed since it was signed on 2020-01-01\n"
            "    hint: look at it, then sign: claimtrack accept by-2019 PATH"
        )
    ]


def test_a_check_that_fails_to_run_is_a_finding_in_place_of_a_status():
    registry = loads(BASE + OTHER + CLAIM + 'status = "failed"\n')
    checks = {"by-2019": lambda _claim, reports: reports[7]}
    audit = Audit(registry.index(), registry.audit("2020-06-01").day, checks, run=try_check)

    assert [f"{one.severity} {one}" for one in examined(registry, audit)] == [
        (
            "error registry.toml:31:1: CT607 claim 'by-2019' has a check that failed to run: "
            "IndexError: tuple index out of range"
        )
    ]


def test_a_claim_signed_as_decided_by_a_function_needs_it():
    registry = loads(BASE + OTHER + CLAIM + 'status = "failed"\n')
    claim = registry.claims["by-2019"]
    mark = Signature(on="2020-01-01", fingerprint=fingerprint(claim, None, registry))
    kept = [record for records in registry.record_maps() for record in records.values()]
    claim = attrs.evolve(claim, signed=mark)
    registry = Registry.of(*(claim if one.id == "by-2019" else one for one in kept))

    before = [str(one) for one in examined(registry, registry.audit("2020-06-01"))]
    registry = registry.with_check("by-2019", lambda *_: False)
    after = [str(one) for one in examined(registry, registry.audit("2020-06-01"))]

    assert before == [
        (
            "CT608 claim 'by-2019' was signed as decided by a function, which was not asked\n"
            "    hint: name the file that holds it: --checks FILE"
        )
    ]
    assert after == []


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("by = 2019-12-31", "by = 2021-12-31", "criterion"),
        ("by the end of 2019", "by the end of 2021", "words"),
    ],
)
def test_an_edit_after_the_outcome_is_told_from_the_signature(old, new, part):
    assert signed_then(old, new) == [
        (
            f"CT605 claim 'by-2019' had its {part} edited after it was signed on 2020-01-01, when "
            "evidence 'gas-wire' of 2019-12-02 had decided it"
        )
    ]


def test_an_edit_of_what_was_signed_before_the_outcome_is_only_suspect():
    assert signed_then("by = 2019-12-31", "by = 2019-12-30", on="2019-12-01") == [
        (
            "CT603 claim 'by-2019' is suspect: its criterion, evidence changed since it was signed on "
            "2019-12-01\n    hint: look at it, then sign: claimtrack accept by-2019 PATH"
        )
    ]


def day(text):
    return loads(BASE).audit(text).day


def edited(on, entered, old="by = 2019-12-31", new="by = 2021-12-31", as_of="2020-06-01"):
    before = loads(BASE + OTHER + CLAIM)
    after = loads((BASE + OTHER + CLAIM).replace(old, new))
    edit = CriterionEdit(
        before=before.claims["by-2019"],
        after=after.claims["by-2019"],
        on=day(on),
        entered=day(entered),
        where="commit abc",
    )
    return [f"{one.severity} {one}" for one in examined(after, after.audit(as_of), edits=[edit])]


def test_an_edit_after_the_outcome_is_told_from_history():
    assert edited("2019-12-02", "2019-12-01") == [
        (
            "error registry.toml:37:1: CT605 claim 'by-2019' had its criterion edited on 2019-12-02 "
            "(commit abc), after evidence 'gas-wire' of 2019-12-02 had decided it"
        )
    ]


def test_an_edit_of_what_was_entered_with_hindsight_is_a_note():
    assert [line.split()[0] for line in edited("2019-12-03", "2019-12-02")] == ["note"]


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"on": "2019-12-01", "entered": "2018-01-01"}, id="before the outcome"),
        pytest.param(
            {"on": "2020-02-01", "entered": "2018-01-01", "as_of": "2020-01-31"},
            id="after the day of the check",
        ),
        pytest.param(
            {
                "on": "2020-02-01",
                "entered": "2018-01-01",
                "old": "criterion",
                "new": "note = 'x'\ncriterion",
            },
            id="of a note",
        ),
    ],
)
def test_other_edits_are_no_findings(told):
    assert edited(**told) == []


def a_problem(registry):
    return [Problem(code="HOUSE1", message=f"{len(registry.claims)} claims are too few")]


def a_note(registry):
    return [Finding(code="HOUSE2", message="look", severity=Severity.NOTE)]


def a_failure(registry):
    raise RuntimeError("no luck")


def test_checks_of_other_packages_add_findings_and_never_stop_the_check():
    points = [
        EntryPoint(name, f"{__name__}:{name}", "claimtrack.checks")
        for name in ("a_problem", "a_note", "a_failure")
    ]
    for point in points:
        vars(point)["load"] = lambda name=point.name: globals()[name]

    assert found(BASE + CLAIM + OTHER, checks=plugged_checks(points).values()) == [
        f"error CT692 the check 'a_failure' ({__name__}:a_failure) failed: RuntimeError: no luck",
        "note HOUSE2 look",
        "warning HOUSE1 2 claims are too few",
    ]


def test_the_installed_checks_are_looked_up():
    assert dict(plugged_checks()) == {}


SIGNED_LATER = 'status = "failed"\nsigned = { on = 2026-11-24 }\n'


def test_what_was_signed_on_a_later_day_is_not_to_be_signed_for_an_earlier_one():
    [told] = found(BASE + OTHER + CLAIM + SIGNED_LATER)

    assert told == (
        "error registry.toml:38:1: CT601 claim 'by-2019' is recorded as failed, and is held as of "
        "2020-06-01\n    hint: it was signed on a later day, 2026-11-24; "
        "see: claimtrack explain by-2019 PATH --as-of 2020-06-01"
    )


@pytest.mark.parametrize("day", ["2026-11-24", "2026-11-25"])
def test_from_the_day_of_its_signature_on_a_claim_may_be_signed_anew(day):
    told = found(BASE + OTHER + CLAIM + SIGNED_LATER, day)

    assert [one.partition("hint: ")[2] for one in told] == [
        "see: claimtrack explain by-2019 PATH; sign: claimtrack accept by-2019 PATH",
    ]


def test_a_hint_names_the_path_as_a_shell_takes_it():
    [told] = found(BASE + OTHER + CLAIM + 'status = "failed"\n', root="my promises")

    assert told.partition("hint: ")[2] == (
        "see: claimtrack explain by-2019 'my promises'; "
        "sign: claimtrack accept by-2019 'my promises'"
    )


def told(text, *codes, day="2020-06-01", **others):
    """Return what is found under *codes* alone."""
    registry = loads(text)
    every = examine(registry, registry.audit(day), **others)
    return [f"{one.severity} {one}" for one in every if one.code in codes]


def test_a_decided_claim_that_is_not_signed():
    assert told(BASE + CLAIM, "CT644", root="registry") == [
        (
            "note registry.toml:24:1: CT644 claim 'by-2019' is held, and is not signed\n"
            "    hint: sign: claimtrack accept by-2019 registry"
        )
    ]
    assert not told(BASE + CLAIM, "CT644", day="2018-01-01")
    assert not told(BASE + CLAIM + 'status = "held"\n', "CT644")


@pytest.mark.parametrize(
    ("signed", "expected"),
    [
        ("", "is recorded as held, and is signed by nobody"),
        ("signed = { on = 2020-01-01 }\n", "was signed on 2020-01-01, and not by whom"),
        ('signed = { on = 2020-01-01, by = "an editor" }\n', None),
    ],
)
def test_a_status_that_does_not_say_by_whom(signed, expected):
    lines = told(BASE + CLAIM + 'status = "held"\n' + signed, "CT645")

    assert [line.partition("CT645 claim 'by-2019' ")[2] for line in lines] == [
        text for text in [expected] if text
    ]


def test_a_status_that_is_not_the_computed_one_is_to_say_why():
    signed = 'status = "failed"\nsigned = { on = 2020-01-01, by = "an editor" }\n'

    assert told(BASE + CLAIM + signed, "CT645") == [
        "note registry.toml:32:1: CT645 claim 'by-2019' was signed as failed, which is not computed, and not why"
    ]
    assert not told(BASE + CLAIM + signed.replace(" }", ', because = "x" }'), "CT645")


def test_a_judgement_without_words():
    judged = CLAIM.replace('{ event = "gas", by = 2019-12-31 }', "{ judged = true }")

    assert told(BASE + judged + JUDGED.format("supports"), "CT645") == [
        "note registry.toml:34:1: CT645 evidence 'view' judges claim 'by-2019', and has neither a quote nor a note"
    ]
    assert not told(BASE + judged + JUDGED.format("supports") + 'quote = "so it was"\n', "CT645")


@pytest.mark.parametrize("kind", ["fact", "opinion"])
def test_words_about_what_is_are_never_late(kind):
    reading = '[[claim.reading]]\nname = "r"\nstatus = "late"\ncriterion = { event = "gas", by = 2018-12-31 }\n'
    claim = OTHER + f'kind = "{kind}"\nstatus = "late"\n' + reading

    assert told(BASE + claim, "CT646") == [
        f"warning registry.toml:32:1: CT646 claim 'by-2018' is a claim of kind '{kind}', and is recorded as late",
        f"warning registry.toml:35:1: CT646 claim 'by-2018' is a claim of kind '{kind}', and is recorded as late",
    ]
    assert not told(BASE + claim.replace(f'"{kind}"', '"promise"'), "CT646")


class TestDaysThatAreSlips:
    LATER = BASE.replace("2020-01-10", "2204-01-10")

    def test_what_was_published_after_today(self):
        assert told(self.LATER + CLAIM, "CT647") == [
            "warning registry.toml:12:1: CT647 source 'press' was published on 2204-01-10, which is after today, 2020-06-01"
        ]

    def test_a_day_in_the_past_that_is_asked_about_is_not_today(self):
        assert not told(BASE + CLAIM, "CT647", day="2018-01-01", today="2020-06-01")
        assert len(told(BASE + CLAIM, "CT647", day="2018-01-01", today="2018-01-02")) == 2

    @pytest.mark.parametrize(
        "record",
        [
            'recorded = 2204-01-01\n[[forecast]]\nid = "f"\nby = "miller"\nclaim = "by-2019"\nmade = 2020-05-01\nprobability = 1\n',
            '[[forecast]]\nid = "f"\nby = "miller"\nclaim = "by-2019"\nmade = 2204-05-01\nprobability = 1\n',
            '[[assessment]]\nid = "a"\nby = "x"\nclaim = "by-2019"\nscale = "fever"\nrating = "SUPPORTS"\npublished = 2204-05-01\n',
        ],
    )
    def test_what_was_recorded_made_or_rated_after_today(self, record):
        text = CLAIM + BASE + record

        assert len(told(text, "CT647")) == 1

    @pytest.mark.parametrize(
        ("when", "is_over"),
        [("2019", True), ("2020", False), ("2020-01", False), ("2019/..", True)],
    )
    def test_a_value_that_was_reported_before_its_period_was_over(self, when, is_over):
        fact = '[[fact]]\nid = "flow"\nkind = "quantity"\n'
        report = f'[[evidence]]\nid = "e"\nfact = "flow"\nsource = "press"\nvalue = 38\nwhen = "{when}"\n'

        lines = told(BASE + fact + report, "CT647")

        assert lines == (
            []
            if is_over
            else [
                f"warning registry.toml:32:1: CT647 evidence 'e' gives a value for {when}, which was not over when it was published on 2020-01-10"
            ]
        )

    @pytest.mark.parametrize("year", ["2204", "2567"])
    def test_a_deadline_more_than_a_hundred_years_away(self, year):
        slip = CLAIM.replace("by = 2019-12-31", f"by = {year}-12-31")

        assert told(BASE + slip, "CT647") == [
            f"warning registry.toml:30:1: CT647 claim 'by-2019' asks about {year}-12-31, more than a hundred years after it was said on 2017-07-04"
        ]
        assert not told(BASE + CLAIM.replace("by = 2019-12-31", "by = 2100-12-31"), "CT647")
        assert len(told(BASE + CLAIM + f"due = {year}-12-31\n", "CT647")) == 1

    @pytest.mark.parametrize("year", ["2109", "2091", "2071", "2107"])
    def test_a_deadline_in_a_far_year_that_is_not_round(self, year):
        slip = CLAIM.replace("by = 2019-12-31", f"by = {year}-12-31")

        assert told(BASE + slip, "CT647") == [
            f"warning registry.toml:30:1: CT647 claim 'by-2019' asks about {year}-12-31, {int(year) - 2017} years after the year in which it was said, 2017"
        ]
        assert len(told(BASE + CLAIM + f"due = {year}-06-30\n", "CT647")) == 1

    @pytest.mark.parametrize("day", ["2049-10-01", "2065-06-30", "2070-12-31", "2099-12-31"])
    def test_a_deadline_that_people_set(self, day):
        assert not told(BASE + CLAIM.replace("by = 2019-12-31", f"by = {day}"), "CT647")


class TestMarksThatNothingRefutes:
    ASKED = CLAIM.replace(
        '{ event = "gas", by = 2019-12-31 }', '{ quantity = "flow", at_least = 38, by = 2030 }'
    ).replace("by = 2030", 'by = "2030"')
    FACT = '[[fact]]\nid = "flow"\nkind = "quantity"\n'

    def test_a_quantity_that_can_fall(self):
        assert told(BASE + self.FACT + self.ASKED, "CT648") == [
            (
                "warning registry.toml:33:1: CT648 claim 'by-2019' asks whether 'flow' reaches a mark, which nothing can refute\n"
                "    hint: the fact is not cumulative; ask for the value of one period: at = ..."
            )
        ]

    def test_one_that_never_falls_and_is_to_grow_can_be_refuted(self):
        fact = self.FACT + "cumulative = true\n"

        assert not told(BASE + fact + self.ASKED, "CT648")
        assert len(told(BASE + fact + self.ASKED.replace("at_least", "at_most"), "CT648")) == 1

    def test_what_has_been_reached_needs_no_refutation(self):
        report = (
            '[[evidence]]\nid = "e"\nfact = "flow"\nsource = "press"\nvalue = 38\nwhen = "2019"\n'
        )

        assert not told(BASE + self.FACT + self.ASKED + report, "CT648")


@pytest.mark.parametrize(
    ("url", "is_linked"),
    [
        ("www.press.example", False),
        ("htps://press.example/", False),
        ("https://press.example/a b", False),
        ("press.example/a", False),
        ("ftp://press.example/", False),
        ("https:///a", False),
        ("https://press.example/a%20b?c=d#e", True),
        ("http://press.example", True),
    ],
)
def test_an_address_that_is_not_linked(url, is_linked):
    lines = told(BASE.replace("https://press.example/", url) + CLAIM, "CT642")

    assert lines == (
        []
        if is_linked
        else [
            (
                f"warning registry.toml:14:1: CT642 source 'press' has a url '{url}' that is not linked\n"
                "    hint: an address begins with https:// or http://, and holds no blank"
            )
        ]
    )


def test_a_rating_without_a_day():
    rating = '[[assessment]]\nid = "a"\nby = "x"\nclaim = "by-2019"\nscale = "fever"\nrating = "SUPPORTS"\n'

    assert told(BASE + CLAIM + rating, "CT614") == [
        "note registry.toml:31:1: CT614 assessment 'a' is undated and so never used"
    ]
    assert not told(BASE + CLAIM + rating + 'source = "press"\n', "CT614")


def test_an_id_in_another_form_of_unicode():
    text = BASE.replace('"The Press"', '"Cafe\u0301"') + CLAIM

    assert told(text, "CT649") == [
        "note registry.toml:11:1: CT649 source 'press' has under publisher a text that is not in Unicode's normal form C"
    ]


def rated(label, keys="", published="2018-01-20", asked='{ assessed = "trumptracker" }'):
    claim = CLAIM.replace('{ event = "gas", by = 2019-12-31 }', asked)
    rating = (
        f'[[assessment]]\nid = "r"\nclaim = "by-2019"\nby = "TrumpTracker"\n'
        f'scale = "trumptracker"\nrating = "{label}"\npublished = {published}\n'
    )
    return BASE + claim + keys + OTHER + (rating if label else "")


@pytest.mark.parametrize("label", ["In progress", "Not started"])
@pytest.mark.parametrize("keys", ["", "due = 2030-12-31\n"], ids=["no due day", "not yet due"])
def test_an_open_rating_is_no_finding(label, keys):
    assert found(rated(label, keys)) == []


def test_an_open_rating_after_the_due_day_of_a_claim_is_a_note():
    assert found(rated("In progress", "due = 2019-01-20\n")) == [
        (
            "note registry.toml:31:1: CT730 claim 'by-2019' was due on 2019-01-20, and is still "
            "rated 'In progress'"
        )
    ]


def test_a_claim_that_nobody_has_rated_yet_is_a_note():
    assert found(rated("")) == [
        "note registry.toml:24:1: CT730 claim 'by-2019' is not rated yet on 'trumptracker'"
    ]


def test_a_reading_that_waits_for_a_rating_is_no_error():
    reading = '[[claim.reading]]\nname = "as rated"\ncriterion = { assessed = "trumptracker" }\n'
    text = rated("Not started", reading, asked='{ event = "gas", by = 2019-12-31 }')

    assert found(text) == []


def test_ratings_that_say_something_and_do_not_suffice_are_an_error():
    text = rated("Achieved").replace(
        "[[speaker]]", "[registry]\npolicy = { min_sources = 2 }\n[[speaker]]", 1
    )

    assert [one.partition("CT")[2][:3] for one in found(text)] == ["602", "602"]


def test_a_rating_is_signed_by_who_gave_it():
    for label in ("Achieved", "Compromised"):
        assert all("'by-2019'" not in one for one in told(rated(label), "CT644"))


@pytest.mark.parametrize(
    ("keys", "number"),
    [("", 2), ('speaker = "miller"\n', 2), ('source = "wire"\n', 1), ('topic = "gas"\n', 0)],
)
def test_a_selection_that_says_another_number_of_claims_is_found(keys, number):
    def selection(included):
        return f'[[selection]]\nid = "all"\nrule = "every one"\nincluded = {included}\n{keys}'

    assert told(BASE + CLAIM + OTHER + selection(number), "CT679") == []
    assert told(BASE + CLAIM + OTHER + selection(5), "CT679") == [
        (
            "warning registry.toml:41:1: CT679 selection 'all' says that 5 claims are in the "
            f"registry, and {number} are"
        )
    ]


def test_sources_of_occasions_and_retractions_are_used():
    later = (
        'retracted = 2019-01-01\nretracted_words = "no"\nretracted_source = "b"\n'
        '[[claim.occasions]]\nsaid = 2018-01-01\nsource = "a"\n'
    )
    sources = "".join(f'[[source]]\nid = "{one}"\n' for one in "abc")

    found_ = told(sources + BASE + OTHER + CLAIM + later, "CT643")

    assert [one.partition("source ")[2] for one in found_] == ["'c' is not used"]
