from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import Registry, Signature, loads
from claimtrack.engine.fingerprint import canonical, changed_parts, fingerprint

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
    kept = [record for shelf in registry.shelves() for record in shelf.values()]
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


def test_a_signature_says_nothing_about_the_days_before_it():
    assert marks(reread("by = 2019-12-31", "by = 2019-12-30"), "2019-12-31") == ()


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
    assert changed_parts("md5:abc", "a-b-c") == ("words", "criterion", "evidence")


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
