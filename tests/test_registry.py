"""The door: what a user of the library does with a registry besides asking it."""

import copy
import pickle
import threading
from datetime import date

import attrs
import pytest

from claimtrack import Claim, Policy, Registry, Settings, Source, Speaker, load, occurs
from claimtrack.errors import FieldError, LoadError, UnknownRecordError
from claimtrack.model.records import Evidence, Fact, RecordMap
from claimtrack.model.span import CivilDay
from claimtrack.model.verdict import Status

COPIES = {
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),  # noqa: S301 - our own
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


def records(number=3):
    yield Speaker(id="anna")
    yield Source(id="page", published="2019-06-01")
    yield Fact(id="gas", kind="event", once=True)
    yield Evidence(id="report", source="page", fact="gas", happened="2019-05-01")
    for at in range(number):
        yield Claim(
            id=f"c{at}",
            speaker="anna",
            said="2018-01-01",
            source="page",
            quote="q",
            criterion=occurs("gas", by=f"{2017 + at}"),
        )


@pytest.fixture
def registry():
    return Registry.of(*records())


def statuses(registry):
    return {verdict.claim: verdict.status for verdict in registry.audit("2020-01-01")}


class TestCopies:
    @pytest.mark.parametrize("how", COPIES)
    def test_a_copy_is_equal_and_answers_the_same(self, registry, how):
        asked = statuses(registry)

        copied = COPIES[how](registry)

        assert copied == registry
        assert hash(copied) == hash(registry)
        assert copied.locations is None
        assert statuses(copied) == asked

    @pytest.mark.parametrize("how", COPIES)
    def test_a_copy_knows_where_its_records_stood(self, tmp_path, how):
        path = tmp_path / "a.toml"
        path.write_text('\n[[speaker]]\nid = "anna"\n')

        copied = COPIES[how](load(path))

        assert str(copied.locations.of("speaker", "anna", ("id",))) == f"{path}:3:1"

    @pytest.mark.parametrize("how", COPIES)
    def test_a_copy_of_an_audit_says_the_same(self, registry, how):
        audit = registry.audit("2020-01-01")
        first = audit["c1"]

        copied = COPIES[how](audit)

        assert copied["c1"] == first
        assert [*copied] == [*audit]

    @pytest.mark.parametrize("how", ["copy", "deepcopy"])
    def test_a_copy_keeps_the_checks_of_the_user(self, registry, how):
        registry = registry.with_check("c0", lambda *_: True)

        assert statuses(COPIES[how](registry))["c0"] is Status.HELD

    def test_a_registry_with_other_settings_shares_no_answers(self, registry):
        assert statuses(registry)["c2"] is Status.HELD

        strict = attrs.evolve(registry, settings=Settings(policy=Policy(min_sources=2)))

        assert statuses(strict)["c2"] is Status.NOT_ENOUGH_EVIDENCE
        assert statuses(registry)["c2"] is Status.HELD


class TestEquality:
    def test_the_order_of_records_does_not_matter(self, registry):
        other = Registry.of(*reversed([*records()]))

        assert other == registry
        assert hash(other) == hash(registry)

    def test_one_record_more_does(self, registry):
        assert Registry.of(*records(4)) != registry

    def test_shelves_that_are_equal_have_equal_hashes(self):
        assert RecordMap("claim", {}) == RecordMap("fact", {})
        assert hash(RecordMap("claim", {})) == hash(RecordMap("fact", {}))


class TestThatNothingChanges:
    def test_no_part_of_a_registry_can_be_set(self, registry):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            registry.claims = registry.facts
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            registry.claims["c0"].quote = "other"

    def test_no_record_can_be_added_to_a_map_or_removed(self, registry):
        with pytest.raises(TypeError):
            registry.claims["new"] = registry.claims["c0"]
        with pytest.raises(TypeError):
            del registry.claims["c0"]

    def test_threads_that_ask_at_once_get_the_same_answers(self):
        registry = Registry.of(*records(50))
        found = []
        threads = [
            threading.Thread(target=lambda: found.append(statuses(registry))) for _ in range(8)
        ]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert found == [statuses(Registry.of(*records(50)))] * 8


class TestOtherRegistries:
    def test_records_are_added_and_replaced_by_kind_and_id(self, registry):
        changed = registry.with_records(
            Speaker(id="ben"), Speaker(id="anna", name="Anna"), Source(id="other")
        )

        assert list(changed.speakers) == ["anna", "ben"]
        assert changed.speakers["anna"].name == "Anna"
        assert list(changed.sources) == ["page", "other"]
        assert list(registry.speakers) == ["anna"]

    def test_records_are_taken_out(self, registry):
        changed = registry.without(registry.evidence["report"], registry.claims["c0"])

        assert list(changed.claims) == ["c1", "c2"]
        assert statuses(changed) == dict.fromkeys(("c1", "c2"), Status.OVERDUE)
        assert changed.with_records(*records()) == registry

    def test_the_functions_of_claims_that_are_left_are_kept(self, registry):
        registry = registry.with_checks({"c0": lambda *_: True, "c1": lambda *_: True})

        changed = registry.without(registry.claims["c0"]).with_records(Speaker(id="ben"))

        assert list(changed.checks) == ["c1"]

    def test_what_no_longer_goes_together_is_told(self, registry):
        with pytest.raises(LoadError) as caught:
            registry.without(registry.sources["page"])

        assert len(caught.value.problems) == 4

    def test_a_record_that_is_not_there_is_named(self, registry):
        with pytest.raises(UnknownRecordError, match="'bob'"):
            registry.without(Speaker(id="bob"))

    def test_what_is_no_record_is_refused(self, registry):
        with pytest.raises(TypeError, match="is not a record"):
            registry.with_records("anna")


class TestMisuse:
    def test_what_is_no_record_map_is_refused_with_the_name_of_its_field(self):
        with pytest.raises(TypeError) as caught:
            Registry(claims={})

        assert str(caught.value) == (
            "claims is {}; expected a RecordMap, or records of any kind to Registry.of()"
        )

    def test_what_is_no_record_is_refused(self):
        with pytest.raises(TypeError, match=r"^5 is not a record; expected one of speaker, source"):
            Registry.of(Speaker(id="anna"), 5)

    def test_two_records_of_one_id_are_refused_together_with_all_others(self):
        with pytest.raises(LoadError) as caught:
            Registry.of(*records(), *records())

        assert [problem.code for problem in caught.value.problems] == ["CT201"] * 7

    def test_an_axis_of_knowledge_that_does_not_exist_is_refused(self, registry):
        with pytest.raises(FieldError) as caught:
            registry.audit("2020-01-01", known_by="rumour")

        assert str(caught.value) == (
            "CT103 'rumour' is not known; expected one of published, recorded, captured"
        )

    @pytest.mark.parametrize("asked", [5, None, "c"])
    def test_an_id_that_is_not_there_is_named(self, registry, asked):
        with pytest.raises(UnknownRecordError, match=r"^CT402 claim .* is not in this registry"):
            registry.claims[asked]

    @pytest.mark.parametrize("day", [None, True, "2019", "2019-12-02T10:00Z", "soon"])
    def test_what_is_not_one_full_day_is_refused(self, registry, day):
        with pytest.raises(FieldError, match=r"^CT10[12] "):
            registry.audit(day)


@pytest.mark.parametrize("day", ["2015-01-01", date(2015, 1, 1), CivilDay(735599)], ids=repr)
def test_a_replay_of_one_day_that_stands_in_no_list_is_refused(registry, day):
    with pytest.raises(FieldError) as caught:
        registry.replay(day)

    assert str(caught.value) == (
        "CT101 '2015-01-01' has the wrong type; expected several days, as in ['2015-01-01']"
    )
