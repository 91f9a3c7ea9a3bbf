"""Fingerprints stay what they were when they were signed, and differ only where they should."""

import attrs
import pytest

from claimtrack import Claim, Registry, Signature, loads
from claimtrack.engine.signature import changed_parts, fingerprint, is_by_check, is_of_this_form

TEXT = """
[registry]
timezone = "Europe/Moscow"
policy = { grace = 14, min_sources = 2, min_tier = "wire", on_conflict = "higher_tier" }
[[speaker]]
id = "müller"
name = "Müller"
[[source]]
id = "wire"
publisher = "Die Nachrichten – täglich"
published = 2019-12-02
tier = "wire"
[[source]]
id = "blog"
[[fact]]
id = "gas"
kind = "event"
title = "Газ поступает"
once = true
[[fact]]
id = "volume"
kind = "quantity"
unit = "bcm"
[[evidence]]
id = "gas-wire"
fact = "gas"
source = "wire"
happened = 2019-12-02
note = "not a part"
[[evidence]]
id = "volume-blog"
fact = "volume"
source = "blog"
value = 38.0
when = "2019"
published = 2020-01-05
quote = "38 млрд"
[[claim]]
id = "it"
speaker = "müller"
said = 2017-07-04
source = "wire"
quote = "“Bis Ende 2019” — ещё раньше"
quote_kind = "indirect"
criterion = { all = [
    { event = "gas", by = "2019-12-31T20:00:00Z" },
    { quantity = "volume", unit = "bcm", at = "2019", at_least = 38 },
] }
due = "2020"
condition = { event = "gas", after = "2015" }
annulled = 2021-01-01
annulled_because = "hinfällig"
[[claim.reading]]
name = "früher"
criterion = { event = "gas", by = 2018-12-31 }
"""
USED = ("volume-blog", "gas-wire")
OF_THE_TEXT = (
    "b5c48b33aecff7851f188f79-259387b15a5b681e4992d617-3d979e7a2ce7de510fa32cd7-"
    "a04716be23e701045a2db3f4-f8274fc8276be715c99732c7"
)
OF_THE_WORDS = (
    "c6d64f57ba7ed302b6c67fac-99f741b44cefa8211596bdf2-4f53cda18c2baa0c0354bb5f-"
    "44136fa355b3678a1146ad16-4f53cda18c2baa0c0354bb5f"
)


def taken(text=TEXT, used=USED):
    registry = loads(text)
    return fingerprint(registry.claims["it"], used, registry)


def test_a_fingerprint_that_was_signed_is_still_read_as_the_same():
    assert taken() == OF_THE_TEXT


def test_a_fingerprint_of_words_alone_is_still_read_as_the_same():
    words = Claim(
        id="it",
        speaker="miller",
        said="2017-07-04",
        source="wire",
        quote="„Hinfällig“",
        proposition="It is void.",
        not_checkable="a mood",
    )

    assert fingerprint(words, (), Registry.of()) == OF_THE_WORDS


def test_the_order_of_the_evidence_makes_no_difference():
    assert taken(used=USED[::-1]) == taken()


def test_a_number_is_the_same_with_and_without_its_noughts():
    bare = TEXT.replace("at_least = 38 }", "equals = 38 }")
    precise = TEXT.replace("at_least = 38 }", "equals = 38.0, tolerance = 0.0 }")
    close = TEXT.replace("at_least = 38 }", "equals = 38, tolerance = 0.1 }")

    assert taken(precise) == taken(bare)
    assert changed_parts(taken(bare), taken(close)) == ("criterion",)


def with_policy(policy, text=TEXT):
    return text.replace(
        'policy = { grace = 14, min_sources = 2, min_tier = "wire", on_conflict = "higher_tier" }',
        f"policy = {{ {policy} }}",
    )


@pytest.mark.parametrize(
    ("short", "written_out"),
    [
        ("", 'grace = 0, min_sources = 1, on_conflict = "conflicting"'),
        ("min_sources = 2", 'grace = 0, min_sources = 2, on_conflict = "conflicting"'),
        ("grace = 3", 'grace = 3, min_sources = 1, on_conflict = "conflicting"'),
    ],
    ids=["nothing", "sources", "grace"],
)
def test_a_policy_that_writes_out_its_defaults_is_the_one_that_leaves_them_out(short, written_out):
    assert taken(with_policy(short)) == taken(with_policy(written_out))


@pytest.mark.parametrize(
    ("of_the_reading", "parts"),
    [
        pytest.param('status = "pending"', ("policy",), id="open"),
        pytest.param('status = "overdue"', ("policy",), id="overdue"),
        pytest.param('status = "late"', (), id="decided"),
        pytest.param("", (), id="not signed"),
    ],
)
def test_grace_counts_where_a_reading_of_a_decided_claim_was_signed_as_open(of_the_reading, parts):
    text = TEXT.replace('due = "2020"', 'due = "2020"\nstatus = "held"')
    text = text.replace('name = "früher"', f'name = "früher"\n{of_the_reading}')

    one, other = (taken(with_policy(f"grace = {days}", text)) for days in (14, 30))

    assert changed_parts(one, other) == parts


EVERY = ("words", "criterion", "evidence", "policy", "facts")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a", False), ("a-b", False), ("a-b-c", True), ("a-b-c-d-e", True), ("a-b-c-d-e-f", False)],
)
def test_a_fingerprint_has_three_to_five_parts(text, expected):
    assert is_of_this_form(text) is expected
    assert (changed_parts(text, "a-b-c-d-e") == ()) is expected
    assert (changed_parts(text, "a-b-c-d-e") == EVERY) is not expected


def signed(print_):
    claim = loads(TEXT).claims["it"]
    return attrs.evolve(claim, status="held", signed=Signature(on="2020-01-01", fingerprint=print_))


@pytest.mark.parametrize(
    ("print_", "expected"),
    [
        ("a-b-check", True),
        ("a-b-check-d-e", True),
        ("a-b-9", False),
        ("a-b-f", False),
        ("a-check", False),
        ("check", False),
        ("a-b-check-d-e-f", False),
        (None, False),
    ],
)
def test_a_function_decided_where_the_fingerprint_names_it_in_place_of_the_evidence(
    print_, expected
):
    assert is_by_check(signed(print_)) is expected


def test_a_claim_that_nobody_signed_was_not_signed_by_a_function():
    assert not is_by_check(loads(TEXT).claims["it"])
