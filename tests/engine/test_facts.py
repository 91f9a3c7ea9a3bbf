import pytest

from claimtrack.engine.facts import knowledge
from claimtrack.model.records import Evidence, Fact, Source
from claimtrack.model.span import day_of
from claimtrack.registry import Registry

SOURCES = (
    Source(id="old", published="2019-06-01", tier="press", publisher="Press"),
    Source(id="new", published="2019-07-01", tier="press", origin="Press"),
    Source(id="wire", published="2019-06-01", tier="wire"),
    Source(id="undated"),
)


def known(kind, *reports, as_of="2020-01-01", **fact):
    """Return what is known of a fact; each report is its source and what it says."""
    items = [
        Evidence(id=f"{number}-{source}", source=source, fact="f", **told)
        for number, (source, told) in enumerate(reports)
    ]
    registry = Registry.of(*SOURCES, Fact(id="f", kind=kind, **fact), *items)
    (found,) = knowledge(registry.index(), day_of(as_of))
    return found


def test_of_what_nobody_reports_nothing_is_known():
    found = known("event")

    assert (found.best, found.reports, found.witnesses) == (None, (), 0)
    assert (found.conflicts, found.newest) == ((), None)


def test_reports_come_oldest_first_and_those_of_one_origin_are_one_witness():
    found = known("event", *[(source.id, {"happened": "2019-05"}) for source in reversed(SOURCES)])

    assert found.reports == ("1-wire", "3-old", "2-new")
    assert found.witnesses == 2
    assert found.newest == day_of("2019-07-01")


def test_what_was_published_later_is_not_known_yet():
    found = known(
        "event", ("new", {"happened": "2018"}), ("old", {"happened": "2018"}), as_of="2019-06-30"
    )

    assert found.reports == ("1-old",)


class TestBest:
    """The best report is about the latest days, then of the best tier, then the newest."""

    def test_of_two_values_is_the_one_for_the_later_period(self):
        found = known(
            "quantity",
            ("wire", {"value": 1, "when": "2017"}),
            ("old", {"value": 2, "when": "2018"}),
        )

        assert found.best == "1-old"

    def test_of_two_reports_of_an_event_is_the_one_of_the_better_tier(self):
        found = known("event", ("new", {"happened": "2018"}), ("wire", {"happened": "2017"}))

        assert found.best == "1-wire"

    def test_of_two_of_one_tier_is_the_newer(self):
        found = known("event", ("old", {"happened": "2018"}), ("new", {"happened": "2018"}))

        assert found.best == "1-new"

    @pytest.mark.parametrize(
        ("old", "wire", "best"),
        [
            pytest.param(
                "2018/..", "2017/..", "0-old", id="of two that go on, the one begun later"
            ),
            pytest.param("2019-06", "2018/..", "0-old", id="one that ended after another began"),
            pytest.param("2019/..", "2018-06", "0-old", id="one begun after another had ended"),
            pytest.param("2018/2019", "2019-06", "0-old", id="one that ended after another"),
            pytest.param("2019-05-31/..", "2019-05-31", "1-wire", id="as late, and better"),
            pytest.param("2019-05-31", "2019-05-31/..", "1-wire", id="begun as late, and better"),
        ],
    )
    def test_of_two_states_is_the_one_on_the_later_days(self, old, wire, best):
        told = [("old", {"value": "open", "when": old}), ("wire", {"value": "open", "when": wire})]

        assert known("state", *told).best == best

    def test_is_a_denial_only_where_nothing_else_is_told(self):
        denial, told = ("wire", {"not_happened": "2018"}), ("old", {"happened": "2019-05"})

        assert known("event", denial).best == "0-wire"
        assert known("event", denial, told).best == "1-old"


class TestConflicts:
    """Two reports are in conflict if they cannot both be right."""

    @pytest.mark.parametrize(
        ("kind", "one", "other", "are_in_conflict"),
        [
            ("event", {"happened": "2018"}, {"happened": "2018-03"}, False),
            ("event", {"happened": "2017"}, {"happened": "2018"}, True),
            ("event", {"happened": "2018-03"}, {"not_happened": "2018"}, True),
            ("event", {"not_happened": "2018"}, {"happened": "2018-03"}, True),
            ("event", {"happened": "2018"}, {"not_happened": "2018-03"}, False),
            ("event", {"happened": "2018"}, {"happened": "2017"}, True),
            ("event", {"happened": "2018"}, {"happened": "2018-12-31"}, False),
            ("event", {"happened": "2018-12-31"}, {"happened": "2018-12-31/2019-01"}, False),
            ("event", {"happened": "2018-12-31/2019-01"}, {"happened": "2018"}, False),
            ("event", {"happened": "2018-03"}, {"not_happened": "2018-03"}, True),
            ("event", {"happened": "2018-03"}, {"not_happened": "2018-03-01/2018-03-31"}, True),
            ("event", {"happened": "2018"}, {"not_happened": "2017/2018-06"}, False),
            ("event", {"happened": "2018"}, {"not_happened": "2018-06/2019-01"}, False),
            ("event", {"not_happened": "2018"}, {"not_happened": "2017"}, False),
            ("quantity", {"value": 1, "when": "2018"}, {"value": 2, "when": "2018"}, True),
            ("quantity", {"value": 1, "when": "2018"}, {"value": 2, "when": "2017"}, False),
            ("quantity", {"value": 1, "when": "2017"}, {"value": 2, "when": "2018"}, False),
            ("quantity", {"value": [1, 2], "when": "2018"}, {"value": 2, "when": "2018"}, False),
            ("quantity", {"value": 2, "when": "2018"}, {"value": [1, 2], "when": "2018"}, False),
            ("quantity", {"value": [1, 3], "when": "2018"}, {"value": 2, "when": "2018"}, False),
            ("quantity", {"value": 3, "when": "2018"}, {"value": [1, 2], "when": "2018"}, True),
            ("quantity", {"value": [1, 2], "when": "2018"}, {"value": 3, "when": "2018"}, True),
            ("state", {"value": "a", "when": "2018"}, {"value": "a", "when": "2018"}, False),
            ("state", {"value": "a", "when": "2018"}, {"value": True, "when": "2018"}, True),
            # Two texts that are equal, and not one object.
            ("state", *[{"value": "".join("ab"), "when": "2018"} for _ in range(2)], False),
        ],
    )
    def test_are_found(self, kind, one, other, are_in_conflict):
        once = {"once": True} if kind == "event" else {}

        found = known(kind, ("old", one), ("wire", other), **once)

        assert found.conflicts == ((("0-old", "1-wire"),) if are_in_conflict else ())

    def test_an_event_that_may_happen_again_may_have_two_days(self):
        found = known("event", ("old", {"happened": "2017"}), ("wire", {"happened": "2018"}))

        assert found.conflicts == ()

    @pytest.mark.parametrize(("number", "conflicts"), [(500, 2 * 498), (501, 2)])
    def test_of_more_than_500_reports_each_is_held_against_the_best_only(self, number, conflicts):
        others = [1] * (number - 3) + [2, 2]
        reports = [("old", {"value": value, "when": "2018"}) for value in others]
        found = known("quantity", *reports, ("wire", {"value": 1, "when": "2018"}))

        assert found.best == f"{len(others)}-wire"
        assert len(found.conflicts) == conflicts
