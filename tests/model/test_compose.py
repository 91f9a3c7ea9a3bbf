import pytest

from claimtrack.errors import FieldError
from claimtrack.model.compose import (
    all_of,
    any_of,
    at_least,
    figure,
    judged,
    occurs,
    parts,
    reaches,
    stays,
)
from claimtrack.model.criterion import (
    MAX_DEPTH,
    All,
    AnyOf,
    Event,
    Figure,
    Not,
    Reaches,
    Throughout,
    Window,
    depth_of,
    facts_of,
    leaves_of,
)
from claimtrack.model.quantity import Range, Test
from claimtrack.model.records import Tier
from claimtrack.model.span import OPEN_END, OPEN_START, parse_span

GAS, FLOW, DONE = occurs("gas", by="2019"), reaches("flow", by="2020", above=1), judged()


def refused(call):
    with pytest.raises(FieldError) as caught:
        call()
    return str(caught.value)


class TestLeaves:
    def test_each_function_makes_the_leaf_of_its_name(self):
        assert occurs("gas", before="2019", min_tier="wire") == Event(
            fact="gas", window=Window("before", "2019"), min_tier=Tier.WIRE
        )
        assert figure("flow", at="2019", between=(1, 2), unit="m") == Figure(
            fact="flow", at="2019", test=Test(comparison="between", value=Range(1, 2)), unit="m"
        )
        assert reaches("flow", during="2019", at_most=3, min_sources=2) == Reaches(
            fact="flow",
            window=Window("during", "2019"),
            test=Test(comparison="at_most", value=3),
            min_sources=2,
        )
        assert stays("tap", throughout="2019", is_=False, samples=2) == Throughout(
            fact="tap", over="2019", test=False, samples=2
        )
        assert judged(after="2019").window == Window("after", "2019")

    @pytest.mark.parametrize(
        ("call", "told"),
        [
            (
                lambda: occurs("gas"),
                "CT304 window needs a window; expected one of by, before, after, during",
            ),
            (
                lambda: occurs("gas", by="2019", after="2020"),
                "CT304 'by' and 'after' exclude each other; expected one window",
            ),
            (
                lambda: occurs("gas", by="soon"),
                (
                    "CT102 by 'soon' is not a date; expected EDTF such as '2019-12-02', '2019-12', "
                    "'2019', '201X' or '2019-12-02/2020-01'"
                ),
            ),
            (
                lambda: occurs("gas", before="../2019"),
                "CT308 before '../2019' leaves a window that holds no day",
            ),
            (
                lambda: judged(after="2019/.."),
                "CT308 after '2019/..' leaves a window that holds no day",
            ),
            (
                lambda: Reaches(
                    fact="flow",
                    window=Window("after", "2019"),
                    test=Test(comparison="above", value=1),
                ),
                "CT304 after does not go with a quantity; expected one of by, before, during",
            ),
            (
                lambda: stays("tap", throughout="2019", is_=True, above=1),
                "CT304 above does not go with 'is_'; expected one test",
            ),
            (
                lambda: figure("flow", at="2019"),
                (
                    "CT304 none given; "
                    "expected exactly one of at_least, at_most, above, below, equals, between"
                ),
            ),
            (
                lambda: figure("flow", at="2019", above=1, below=2),
                (
                    "CT304 'above' and 'below' given; "
                    "expected exactly one of at_least, at_most, above, below, equals, between"
                ),
            ),
            (
                lambda: figure("flow", at="2019", above="1"),
                (
                    "CT101 above '1' has the wrong type; expected a number\n"
                    "    hint: write it without quotes: 1"
                ),
            ),
            (
                lambda: stays("tap", throughout="2019", is_=True, unit="m"),
                "CT304 unit does not go with a state",
            ),
            (
                lambda: stays("tap", throughout="2019", is_=1),
                "CT101 is 1 has the wrong type; expected a text",
            ),
        ],
    )
    def test_what_does_not_fit_is_refused(self, call, told):
        assert refused(call) == told

    def test_an_option_that_does_not_exist_is_named(self):
        with pytest.raises(TypeError, match="'untill'"):
            occurs("gas", by="2019", untill="2020")


class TestWindows:
    @pytest.mark.parametrize(
        ("kind", "text", "first", "last"),
        [
            ("by", "2019-03", None, "2019-03-31"),
            ("before", "2019-03", None, "2019-02-28"),
            ("after", "2019-03", "2019-04-01", None),
            ("during", "2019-03", "2019-03-01", "2019-03-31"),
            ("by", "2019/..", None, None),
        ],
    )
    def test_hold_the_days_that_their_words_say(self, kind, text, first, last):
        window = Window(kind, text)

        assert window.days(None) == (
            OPEN_START if first is None else parse_span(first).first,
            OPEN_END if last is None else parse_span(last).last,
        )
        assert window.has_deadline is (last is not None)


class TestComposites:
    def test_operators_join_and_do_not_nest_what_is_alike(self):
        assert All(members=(GAS, FLOW, DONE)) == GAS & FLOW & DONE
        assert AnyOf(members=[GAS, FLOW, DONE]) == GAS | FLOW | DONE
        assert all_of(GAS, any_of(FLOW, DONE)) == GAS & (FLOW | DONE)
        assert Not(member=GAS) == ~GAS

    def test_all_needs_every_member_and_any_needs_one(self):
        needed = [node.needed for node in (GAS & FLOW, GAS | FLOW, at_least(2, GAS, FLOW, DONE))]

        assert needed == [2, 1, 2]

    def test_leaves_are_found_from_left_to_right_and_facts_once(self):
        tree = parts(GAS & ~FLOW, at_least(1, DONE, GAS))

        assert [*leaves_of(tree)] == [GAS, FLOW, DONE, GAS]
        assert facts_of(tree) == ("gas", "flow")
        assert depth_of(tree) == 4

    @pytest.mark.parametrize(
        ("call", "told"),
        [
            (all_of, "CT304 all [] is empty; expected at least one criterion"),
            (
                lambda: at_least(3, GAS, FLOW),
                "CT304 at_least 3 is more than there are members; expected 1 to 2",
            ),
            (
                lambda: at_least(0, GAS),
                "CT104 at_least 0 is out of bounds; expected 1 to 1000000",
            ),
            (lambda: GAS & "gas", "CT101 all[1] 'gas' has the wrong type; expected a criterion"),
            (
                lambda: any_of(GAS, parts(GAS)),
                (
                    "CT304 any[1].parts stands inside a criterion; "
                    "expected it only at the top of a claim or a reading"
                ),
            ),
        ],
    )
    def test_what_does_not_fit_is_refused(self, call, told):
        assert refused(call) == told

    def test_a_tree_can_be_as_deep_as_a_claim_allows(self):
        tree = GAS
        for _ in range(MAX_DEPTH - 1):
            tree = ~tree

        assert depth_of(tree) == MAX_DEPTH
