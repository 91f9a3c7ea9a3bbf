from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import Registry, Signature, loads
from claimtrack.engine.signature import canonical, changed_parts, fingerprint, is_by_check

TEXT = """
[[speaker]]
id = "miller"
[[source]]
id = "wire"
publisher = "The Wire"
published = 2019-12-02
tier = "wire"
[[fact]]
id = "gas"
kind = "event"
[[evidence]]
id = "gas-wire"
fact = "gas"
source = "wire"
happened = 2019-12-02
[[claim]]
id = "gas-by-2019"
speaker = "miller"
said = 2017-07-04
source = "wire"
quote = "by the end of 2019"
criterion = { event = "gas", by = 2019-12-31 }
status = "held"
review_by = 2021-06-01
note = "a note"
[[claim.reading]]
name = "early"
criterion = { event = "gas", by = 2018-12-31 }
"""
ID = "gas-by-2019"


def signed(registry, on="2020-01-01"):
    """Return *registry* with its claim signed as it stands on that day."""
    taken = fingerprint(registry.claims[ID], registry.audit(on)[ID].used, registry)
    claim = attrs.evolve(registry.claims[ID], signed=Signature(on=on, fingerprint=taken))
    return with_claim(registry, claim)


def with_claim(registry, claim):
    kept = [record for records in registry.record_maps() for record in records.values()]
    return Registry.of(*[claim if record.id == claim.id else record for record in kept])


def reread(old, new, base=None):
    """Return the registry signed as it was, then read with *old* replaced by *new*."""
    before = signed(loads(TEXT) if base is None else base)
    after = loads(TEXT.replace(old, new, 1))
    return with_claim(after, attrs.evolve(after.claims[ID], signed=before.claims[ID].signed))


def marks(registry, day):
    return registry.audit(day)[ID].marks


def test_a_claim_without_a_signature_has_no_marks():
    assert marks(loads(TEXT), "2020-06-01") == ()


def test_a_claim_that_is_as_it_was_signed_has_no_marks():
    assert marks(signed(loads(TEXT)), "2020-06-01") == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("by the end of 2019", "by the end of 2020", id="one byte of the words"),
        pytest.param("by = 2019-12-31", "by = 2019-12-30", id="the criterion"),
        pytest.param("by = 2018-12-31", "by = 2018-12-30", id="the criterion of a reading"),
        pytest.param('status = "held"', 'status = "held"\ngrace = 3', id="the grace"),
        pytest.param('status = "held"', 'status = "held"\ndue = "2022"', id="the due day"),
        pytest.param("happened = 2019-12-02", "happened = 2019-12-01", id="the evidence"),
        pytest.param('tier = "wire"', 'tier = "press"', id="the source of the evidence"),
        pytest.param(
            "happened = 2019-12-02",
            "happened = 2019-12-02\nwithdrawn = 2020-02-01",
            id="withdrawn evidence",
        ),
    ],
)
def test_a_claim_is_suspect_after_a_change_of_what_it_rests_on(old, new):
    assert marks(reread(old, new), "2020-06-01") == ("suspect",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('note = "a note"', 'note = "another"', id="a note"),
        pytest.param('note = "a note"', 'topics = ["gas"]', id="a topic"),
        pytest.param('status = "held"', 'status = "late"', id="the status itself"),
        pytest.param(
            "happened = 2019-12-02",
            "happened = 2019-12-02\nrecorded = 2020-02-01",
            id="when it was recorded",
        ),
    ],
)
def test_a_claim_is_not_suspect_after_a_change_of_something_else(old, new):
    assert marks(reread(old, new), "2020-06-01") == ()


@pytest.mark.parametrize(("day", "expected"), [("2019-12-31", ()), ("2020-01-01", ("suspect",))])
def test_a_signature_says_nothing_about_the_days_before_it(day, expected):
    assert marks(reread("by = 2019-12-31", "by = 2019-12-30"), day) == expected


def test_signing_anew_clears_suspicion():
    changed = reread("by = 2019-12-31", "by = 2019-12-30")

    assert marks(signed(changed, "2020-06-01"), "2020-06-01") == ()


@pytest.mark.parametrize(
    ("signed_on", "day", "expected"),
    [
        ("2020-01-01", "2021-06-01", ()),
        ("2020-01-01", "2021-06-02", ("stale",)),
        ("2021-05-31", "2021-06-02", ("stale",)),
        ("2021-06-01", "2021-06-02", ()),
        ("2021-07-01", "2021-06-30", ("stale",)),
        ("2021-07-01", "2021-07-01", ()),
    ],
)
def test_a_claim_is_stale_after_its_review_day_until_it_is_signed(signed_on, day, expected):
    assert marks(signed(loads(TEXT), signed_on), day) == expected


def test_a_fingerprint_of_another_form_differs_in_all_parts():
    every = ("words", "criterion", "evidence", "policy", "facts")

    assert changed_parts("md5:abc", "a-b-c-d-e") == every
    assert changed_parts("a-b-c-d-e-f", "a-b-c-d-e") == every


def test_what_was_signed_before_there_were_five_parts_is_still_as_it_was_signed():
    old = "9408821eb63ebde806db1cf7-5470ddb9090185c325199bd7-9a15443c3976133d91c04d23"
    claim = attrs.evolve(loads(TEXT).claims[ID], signed=Signature(on="2020-01-01", fingerprint=old))

    assert marks(with_claim(loads(TEXT), claim), "2020-06-01") == ()
    assert marks(with_claim(loads(POLICY + TEXT), claim), "2020-06-01") == ()
    withdrawn = loads(TEXT.replace("-02\n[[claim", "-02\nwithdrawn = 2020-02-01\n[[claim"))
    assert marks(with_claim(withdrawn, claim), "2020-06-01") == ("suspect",)


def test_a_fingerprint_of_three_parts_says_nothing_on_policy_and_facts():
    assert changed_parts("a-b-c", "a-b-c-d-e") == ()
    assert changed_parts("a-b-c", "a-b-x-d-e") == ("evidence",)


POLICY = '[registry]\ntimezone = "Europe/Moscow"\npolicy = { grace = 14, min_sources = 1 }\n'
MOMENT = ("by = 2019-12-31 }", 'by = "2019-12-31T20:00:00Z" }')


def parts_changed(old, new, *, text=POLICY + TEXT, day="2020-06-01"):
    registries = [loads(text), loads(text.replace(old, new, 1))]
    marks = [fingerprint(one.claims[ID], one.audit(day)[ID].used, one) for one in registries]
    return changed_parts(*marks)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("min_sources = 1", "min_sources = 2", id="how many sources decide"),
        pytest.param("grace = 14", 'grace = 14, min_tier = "wire"', id="which tiers count"),
        pytest.param("grace = 14", 'grace = 14, on_conflict = "higher_tier"', id="conflicts"),
    ],
)
def test_a_policy_that_can_change_the_outcome_is_part_of_the_fingerprint(old, new):
    changed = parts_changed(old, new)

    assert changed[-1:] == ("policy",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("grace = 14", "grace = 30", id="grace, of a claim that is decided"),
        pytest.param("Europe/Moscow", "Asia/Tokyo", id="the zone, where all dates are days"),
        pytest.param("[registry]", '[registry]\ntitle = "Gas"', id="the title"),
    ],
)
def test_a_policy_that_cannot_change_the_outcome_is_no_part_of_it(old, new):
    assert parts_changed(old, new) == ()


@pytest.mark.parametrize("status", ["pending", "overdue", "not-enough-evidence"])
def test_grace_counts_while_a_claim_is_not_decided(status):
    text = POLICY + TEXT.replace('"held"', f'"{status}"')

    assert parts_changed("grace = 14", "grace = 30", text=text) == ("policy",)


def test_the_grace_of_the_claim_itself_takes_the_place_of_the_policys():
    text = POLICY + TEXT.replace('status = "held"', "grace = 3")

    assert parts_changed("grace = 14", "grace = 30", text=text) == ()


def test_the_zone_counts_where_a_date_is_a_moment():
    text = (POLICY + TEXT).replace(*MOMENT)

    assert parts_changed("Europe/Moscow", "Asia/Tokyo", text=text) == ("policy",)
    own = text.replace('status = "held"', 'timezone = "Asia/Tokyo"')
    assert parts_changed("Europe/Moscow", "America/New_York", text=own) == ()


def test_what_the_leaves_say_themselves_takes_the_place_of_the_policys():
    text = (POLICY + TEXT).replace("-31 }", "-31, min_sources = 1 }")

    assert parts_changed("min_sources = 1 }\n", "min_sources = 2 }\n", text=text) == ()


@pytest.mark.parametrize(
    ("new", "parts"),
    [
        ('kind = "event"\nonce = true', ("facts",)),
        ('kind = "event"\ntitle = "First gas"', ("facts",)),
        ('kind = "event"\nnote = "a note"\nrequires = 1', ()),
    ],
)
def test_the_facts_that_a_claim_asks_about_are_part_of_its_fingerprint(new, parts):
    assert parts_changed('kind = "event"', new) == parts


def test_a_claim_signed_as_decided_by_a_function_is_suspect_without_it():
    registry = loads(TEXT)
    taken = fingerprint(registry.claims[ID], None, registry)
    claim = attrs.evolve(registry.claims[ID], signed=Signature(on="2020-01-01", fingerprint=taken))
    registry = with_claim(registry, claim)

    assert taken.split("-")[2] == "check"
    assert is_by_check(claim)
    assert not is_by_check(signed(loads(TEXT)).claims[ID])
    assert marks(registry, "2020-06-01") == ("suspect",)
    assert marks(registry.with_check(ID, lambda *_: True), "2020-06-01") == ()


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("by the end of 2019", "soon", ("words",)),
        ("by = 2019-12-31", "by = 2019-12-30", ("criterion",)),
        ("happened = 2019-12-02", "happened = 2019-12-01", ("evidence",)),
    ],
)
def test_a_fingerprint_tells_what_changed(old, new, parts):
    registries = [loads(TEXT), loads(TEXT.replace(old, new, 1))]

    before, after = (
        fingerprint(one.claims[ID], one.audit("2020-06-01")[ID].used, one) for one in registries
    )

    assert changed_parts(before, after) == parts


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3), st.integers(0, 5))
def test_equal_numbers_are_canonically_equal(number, zeros):
    padded = Decimal(f"{number}{'0' * zeros}")

    assert canonical(number) == canonical(padded)


@given(
    st.decimals(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False),
)
def test_only_equal_numbers_are_canonically_equal(one, other):
    assert (canonical(one) == canonical(other)) is (one == other)


@pytest.mark.parametrize(
    ("number", "text"),
    [("0.00", "0"), ("3800", "38E2"), ("38.0", "38E0"), ("-0.0380", "-38E-3"), ("107", "107E0")],
)
def test_a_number_is_written_as_in_every_fingerprint_that_was_signed(number, text):
    assert canonical(Decimal(number)) == [text]
