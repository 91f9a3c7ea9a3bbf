"""
The example registry, pinned.

Run this file as a program to write the golden tables anew, after agreeing with every change:
``python tests/examples/test_china_russia_2017.py``.
"""

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import claimtrack
from claimtrack import QuoteAnswer, check_quotes
from claimtrack.errors import Severity
from claimtrack.lint.run import examine

ROOT = Path(__file__).parents[2]
REGISTRY = ROOT / "examples" / "china_russia_2017"
GOLDEN = ROOT / "tests" / "golden" / "china_russia_2017"
ARTICLE_ID = "wsws-2017-07-06"
DAYS = ("2017-07-31", "2018-12-31", "2019-12-31", "2022-12-31", "2026-01-01")
PIPELINE = "siberia-pipeline-by-end-2019"


@cache
def registry():
    return claimtrack.load(REGISTRY)


@cache
def audit(day):
    return registry().audit(as_of=day)


def table(day):
    """Return the whole audit as text: each claim, and under it each reading."""
    lines = [f"as of {day}; not yet said: {audit(day).not_yet_said}"]
    for verdict in audit(day):
        lines.append(f"{verdict.claim}: {_cells(verdict)}{_decided(verdict)}")
        lines.extend(f"    {reading.name}: {_cells(reading)}" for reading in verdict.readings)
    return "\n".join(lines) + "\n"


def _cells(verdict):
    return verdict.status + ("" if verdict.late_days is None else f" by {verdict.late_days}")


def _decided(verdict):
    if verdict.decided_on is None:
        return ""
    return f", decided on {date.fromordinal(verdict.decided_on)}"


@pytest.mark.parametrize("day", DAYS)
def test_the_whole_table_is_as_it_was_agreed_on(day):
    assert table(day) == (GOLDEN / f"{day}.txt").read_text("utf-8")


def test_the_pipeline_turns_from_pending_to_held_on_the_day_of_the_launch():
    before = audit("2019-12-01")[PIPELINE].status
    after = audit("2019-12-02")[PIPELINE].status

    assert (before, after) == ("pending", "held")


def test_every_status_that_the_keeper_signed_is_the_one_that_is_computed():
    signed = {name: claim.status for name, claim in registry().claims.items()}
    computed = {verdict.claim: verdict.status for verdict in audit("2026-01-01")}

    assert signed == computed


def test_the_status_recorded_for_every_reading_is_the_one_that_is_computed():
    recorded = {
        (name, reading.name): reading.status
        for name, claim in registry().claims.items()
        for reading in claim.readings
    }
    computed = {
        (verdict.claim, reading.name): reading.status
        for verdict in audit("2026-01-01")
        for reading in verdict.readings
    }

    assert recorded == computed


def test_a_check_finds_nothing_but_what_its_readme_names():
    found = examine(registry(), audit("2026-01-01"))

    # Evidence without a day, which is kept and never used, and pages of after that day.
    assert {finding.code for finding in found} == {"CT614", "CT647"}
    assert not any(finding.severity is Severity.ERROR for finding in found)


def test_without_the_copy_of_the_article_its_quotes_are_unchecked():
    report = check_quotes(registry(), REGISTRY)

    assert {check.answer for check in report.checks} == {QuoteAnswer.UNCHECKED}
    assert report.absent == {ARTICLE_ID}
    assert report.sentence == "1 of 492 sources pinned, 0 quotes checked, 414 unchecked"


def test_nothing_that_was_signed_has_changed_since():
    audit = registry().audit("2026-01-01")
    assert all(claim.signed.fingerprint for claim in registry().claims.values())
    assert [verdict.claim for verdict in audit if "suspect" in verdict.marks] == []


def test_every_claim_is_signed():
    assert all(
        claim.signed is not None and claim.signed.on.text == "2026-01-01"
        for claim in registry().claims.values()
    )


def test_there_are_at_least_45_claims_of_the_article():
    assert sum(claim.source == ARTICLE_ID for claim in registry().claims.values()) >= 45


def test_at_least_250_items_of_evidence_decide_a_claim_on_one_of_the_days():
    used = {name for day in DAYS for verdict in audit(day) for name in verdict.used}

    assert len(used) >= 250


def test_evidence_without_a_day_of_publication_is_there_and_never_used():
    records = registry()
    undated = {
        name
        for name, item in records.evidence.items()
        if item.published is None and records.sources[item.source].published is None
    }
    used = {name for day in DAYS for verdict in audit(day) for name in verdict.used}

    assert len(undated) >= 50
    assert not undated & used


def test_the_numbers_in_the_readme_are_those_of_the_registry():
    records = registry()
    claims = records.claims.values()
    article = sum(claim.source == ARTICLE_ID for claim in claims)
    used = {name for day in DAYS for verdict in audit(day) for name in verdict.used}
    readme = (REGISTRY / "README.md").read_text("utf-8")

    assert f"**{len(records.claims)} claims.** {article} quote the article" in readme
    assert f"The other {len(records.claims) - article} are" in readme
    assert f"**{sum(len(claim.readings) for claim in claims)} further readings**" in readme
    assert f"**{len(records.facts)} facts**" in readme
    assert f"**{len(records.evidence)} pieces of evidence from {len(records.sources)} " in readme
    assert f" {len(used)} of them decide" in readme


def test_every_source_but_the_article_has_an_address_a_publisher_and_a_tier():
    bare = [
        name
        for name, source in registry().sources.items()
        if name != ARTICLE_ID
        and (source.url is None or source.publisher is None or source.tier is None)
    ]

    assert bare == []


def digests():
    """Return a line for each quote: the kind and the id of its record, and a digest."""
    records = registry()
    quotes = [("claim", name, claim.quote) for name, claim in records.claims.items()]
    quotes += [("evidence", name, item.quote) for name, item in records.evidence.items()]
    return "".join(
        f"{kind} {name} {hashlib.sha256(quote.encode()).hexdigest()[:16]}\n"
        for kind, name, quote in sorted(quotes, key=str)
        if quote
    )


def test_quotes_are_those_that_were_compared_with_the_pages_that_they_are_from():
    assert digests() == (GOLDEN / "quotes.txt").read_text("utf-8")


if __name__ == "__main__":
    for day in DAYS:
        (GOLDEN / f"{day}.txt").write_text(table(day), "utf-8")
    (GOLDEN / "quotes.txt").write_text(digests(), "utf-8")
