"""On which side each kind of leaf puts one item, and how many witnesses set a bit."""

import pytest

from claimtrack import loads
from claimtrack.engine.evidence import NEVER, EvidenceIndex, Item, UsableEvidence
from claimtrack.engine.weigh import Case, answer, asked_days, weigh, weigh_items
from claimtrack.model.criterion import (
    Assessed,
    Event,
    Figure,
    Judged,
    Reaches,
    Throughout,
    Window,
)
from claimtrack.model.explanation import Side
from claimtrack.model.quantity import Range, Test
from claimtrack.model.records import Fact, Stance
from claimtrack.model.registry import Policy
from claimtrack.model.span import Answer, day_text, parse_span
from claimtrack.model.verdict import CONFLICTING, FALSE, TRUE, UNKNOWN

NOTHING = "[[speaker]]\nid = 'ada'"

FACTS = {
    fact.id: fact
    for fact in (
        Fact(id="launch", kind="event", once=True),
        Fact(id="talks", kind="event"),
        Fact(id="height", kind="quantity", cumulative=True),
        Fact(id="price", kind="quantity"),
        Fact(id="border", kind="state"),
    )
}


def case(*, as_of="2030-01-01", extension=0, **policy):
    usable = UsableEvidence(EvidenceIndex(loads(NOTHING)).in_zone(None), parse_span(as_of).first)
    policy = Policy(**policy)
    return Case(
        usable=usable, claim="it", zone=None, policy=policy, facts=FACTS, extension=extension
    )


def item(
    span, *, value=None, denies=False, stance=None, rank=2, witness="Post", name="e", scale=None
):
    days = parse_span(span or "../..")
    return Item(
        id=name,
        witness=witness,
        rank=rank,
        known_from=1,
        withdrawn_from=NEVER,
        first=days.first,
        last=days.last,
        denies=denies,
        dated=span is not None,
        value=value,
        stance=stance,
        scale=scale,
    )


def side_of(leaf, one, **options):
    ((_, side),) = weigh_items(leaf, (one,), case(**options)).sided
    return side


def launch(kind="during", span="2019", fact="launch"):
    return Event(fact=fact, window=Window(kind, span))


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("by", ("..", "2019-03-31")),
        ("before", ("..", "2019-02-28")),
        ("after", ("2019-04-01", "..")),
        ("during", ("2019-03-01", "2019-03-31")),
    ],
)
def test_a_window_is_a_run_of_days(kind, days):
    first, last = asked_days(launch(kind, "2019-03"), case())

    assert (day_text(first), day_text(last)) == days


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("by", ("..", "2019-04-10")),
        ("before", ("..", "2019-03-10")),
        ("after", ("2019-04-01", "..")),
        ("during", ("2019-03-01", "2019-04-10")),
    ],
)
def test_to_put_off_a_deadline_moves_only_the_end_of_a_window(kind, days):
    first, last = asked_days(launch(kind, "2019-03"), case(extension=10))

    assert (day_text(first), day_text(last)) == days


@pytest.mark.parametrize(
    ("span", "once", "often"),
    [
        ("2019", Side.FOR, Side.FOR),
        ("2019-01-01", Side.FOR, Side.FOR),
        ("2019-12-31", Side.FOR, Side.FOR),
        ("2018-12-31", Side.AGAINST, Side.OUTSIDE),
        ("2020-01-01", Side.AGAINST, Side.OUTSIDE),
        ("2018-12-31/2019-01-01", Side.TOO_COARSE, Side.TOO_COARSE),
        ("2019-12-31/2020-01-01", Side.TOO_COARSE, Side.TOO_COARSE),
        ("2018/2020", Side.TOO_COARSE, Side.TOO_COARSE),
    ],
)
def test_a_report_of_an_event_counts_by_where_its_days_lie(span, once, often):
    assert side_of(launch(), item(span)) is once
    assert side_of(launch(fact="talks"), item(span)) is often


@pytest.mark.parametrize(
    ("span", "side"),
    [
        ("2019", Side.AGAINST),
        ("2018/2020", Side.AGAINST),
        ("2018/2019", Side.AGAINST),
        ("2019/2020", Side.AGAINST),
        ("2019-01-02/2020", Side.NOT_COVERING),
        ("2018/2019-12-30", Side.NOT_COVERING),
        ("2021", Side.NOT_COVERING),
    ],
)
def test_a_denial_of_an_event_counts_if_it_covers_the_window(span, side):
    assert side_of(launch(), item(span, denies=True)) is side


AT_LEAST_10 = Test(comparison="at_least", value=10)


@pytest.mark.parametrize(
    ("span", "value", "side"),
    [
        ("2019", 10, Side.FOR),
        ("2019", 9, Side.AGAINST),
        ("2019", Range(9, 10), Side.UNCLEAR_VALUE),
        ("2019-01/2019-12", 10, Side.FOR),
        ("2019/2020", 10, Side.OTHER_PERIOD),
        ("2018/2019", 9, Side.OTHER_PERIOD),
        ("2019-06", 9, Side.OTHER_PERIOD),
    ],
)
def test_a_figure_is_of_exactly_its_period(span, value, side):
    leaf = Figure(fact="price", at="2019", test=AT_LEAST_10)

    assert side_of(leaf, item(span, value=value)) is side


@pytest.mark.parametrize(
    ("span", "value", "growing", "other"),
    [
        ("2019-06", 10, Side.FOR, Side.FOR),
        ("2020-01-01", 10, Side.OUTSIDE, Side.OUTSIDE),
        ("2018/2019", 10, Side.TOO_COARSE, Side.TOO_COARSE),
        ("2019-06", Range(9, 11), Side.UNCLEAR_VALUE, Side.UNCLEAR_VALUE),
        ("2019-12-30", 9, Side.NOT_TELLING, Side.NOT_TELLING),
        ("2019-12-31", 9, Side.AGAINST, Side.NOT_TELLING),
        ("2020-06", 9, Side.AGAINST, Side.NOT_TELLING),
        ("2019-06/2020", 9, Side.NOT_TELLING, Side.NOT_TELLING),
    ],
)
def test_a_mark_is_missed_only_where_a_value_that_never_falls_is_below_it_at_the_end(
    span, value, growing, other
):
    for fact, side in (("height", growing), ("price", other)):
        leaf = Reaches(fact=fact, window=Window("during", "2019"), test=AT_LEAST_10)

        assert side_of(leaf, item(span, value=value)) is side


@pytest.mark.parametrize(
    ("comparison", "side"),
    [
        ("at_least", Side.AGAINST),
        ("above", Side.AGAINST),
        ("equals", Side.NOT_TELLING),
        ("at_most", Side.FOR),
        ("below", Side.FOR),
    ],
)
def test_only_tests_that_ask_for_growth_are_missed(comparison, side):
    test = Test(comparison=comparison, value=10)
    leaf = Reaches(fact="height", window=Window("by", "2019"), test=test)

    assert side_of(leaf, item("2019-12-31", value=9)) is side


@pytest.mark.parametrize(
    ("span", "value", "side"),
    [
        ("2019", 10, Side.FOR),
        ("2018/2020", 10, Side.FOR),
        ("2019/2020", 10, Side.FOR),
        ("2018/2019", 10, Side.FOR),
        ("2019-06", 10, Side.NOT_ALL_ALONG),
        ("2019-01-02/2020", 10, Side.TOO_COARSE),
        ("2018/2019-12-30", 10, Side.TOO_COARSE),
        ("2020", 10, Side.OUTSIDE),
        ("2019-06", 9, Side.AGAINST),
        ("2019", 9, Side.AGAINST),
        ("2018/2019", 9, Side.TOO_COARSE),
        ("2020", 9, Side.OUTSIDE),
        ("2019", Range(9, 10), Side.UNCLEAR_VALUE),
        ("2020", Range(9, 10), Side.UNCLEAR_VALUE),
    ],
)
def test_a_value_throughout_a_period_is_shown_by_what_covers_it_and_refuted_by_any_day(
    span, value, side
):
    leaf = Throughout(fact="price", over="2019", test=AT_LEAST_10)

    assert side_of(leaf, item(span, value=value)) is side


@pytest.mark.parametrize(
    ("spans", "as_of", "are_for"),
    [
        pytest.param(["2019-03", "2019-09"], "2020-01-01", True, id="as many as asked"),
        pytest.param(["2019-03", "2019-09"], "2019-12-31", False, id="before the period is over"),
        pytest.param(["2019-03", "2019-03"], "2020-01-01", False, id="the same days twice"),
        pytest.param(["2019-03", "2020-03"], "2020-06-01", False, id="one outside"),
        pytest.param(["2019-03", "2019"], "2020-01-01", True, id="one is of the whole period"),
        pytest.param(["2019-03", "2018/2019"], "2020-01-01", False, id="one reaches beyond"),
        pytest.param(["2019-03", "2019/2020"], "2020-01-01", False, id="one reaches later"),
        pytest.param(["2019-03", "2019-06", "2019-09"], "2020-01-01", True, id="one more"),
        pytest.param(
            ["2019-03", "2019-01-01/2019-12-31"], "2020-01-01", True, id="one is of the whole"
        ),
    ],
)
def test_samples_count_in_numbers_after_the_period(spans, as_of, are_for):
    leaf = Throughout(fact="price", over="2019", test=AT_LEAST_10, samples=2)

    items = tuple(item(span, value=10) for span in spans)
    placed = weigh_items(leaf, items, case(as_of=as_of)).sided

    assert (placed[0][1] is Side.FOR) is are_for


@pytest.mark.parametrize(
    ("stance", "span", "open_side", "in_2019"),
    [
        (Stance.SUPPORTS, "2019-06", Side.FOR, Side.FOR),
        (Stance.REFUTES, "2019-06", Side.AGAINST, Side.AGAINST),
        (Stance.CONTEXT, "2019-06", Side.CONTEXT, Side.CONTEXT),
        (Stance.CONTEXT, None, Side.CONTEXT, Side.CONTEXT),
        (Stance.SUPPORTS, None, Side.FOR, Side.NO_DAY),
        (Stance.REFUTES, "2020", Side.AGAINST, Side.OUTSIDE),
        (Stance.REFUTES, "2019/2020", Side.AGAINST, Side.TOO_COARSE),
    ],
)
def test_a_judgement_counts_by_its_stance_and_within_a_window_by_its_days(
    stance, span, open_side, in_2019
):
    one = item(span, stance=stance)

    assert side_of(Judged(), one) is open_side
    assert side_of(Judged(window=Window("during", "2019")), one) is in_2019


@pytest.mark.parametrize(
    ("label", "side"),
    [
        ("True", Side.FOR),
        ("TRUE", Side.FOR),
        ("false", Side.AGAINST),
        ("Half true", Side.NEITHER_LABEL),
    ],
)
def test_a_rating_counts_by_its_label_in_either_case(label, side):
    leaf = Assessed(scales="truth-o-meter", supports=["true"], refutes=["False", "Pants on Fire"])

    assert side_of(leaf, item(None, value=label, scale="truth-o-meter")) is side


@pytest.mark.parametrize(
    "leaf",
    [
        launch(),
        Figure(fact="price", at="2019", test=AT_LEAST_10),
        Reaches(fact="height", window=Window("by", "2019"), test=AT_LEAST_10),
        Throughout(fact="price", over="2019", test=AT_LEAST_10),
        Judged(),
        Assessed(scales="fever", supports=["supports"], refutes=["refutes"]),
    ],
    ids=lambda leaf: type(leaf).__name__,
)
@pytest.mark.parametrize(
    ("rank", "counts"), [(0, True), (1, True), (2, True), (3, False), (5, False)]
)
def test_every_leaf_asks_for_a_tier_and_takes_that_tier_itself(leaf, rank, counts):
    value = "Supports" if isinstance(leaf, Assessed) else 10
    one = item("2019", value=value, stance=Stance.SUPPORTS, rank=rank, scale="fever")

    side = side_of(leaf, one, min_tier="press")

    assert side is (Side.FOR if counts else Side.BELOW_TIER)


def test_the_tier_of_a_leaf_goes_before_that_of_the_policy():
    leaf = Judged(min_tier="social")

    side = side_of(leaf, item(None, stance=Stance.SUPPORTS, rank=4), min_tier="primary")

    assert side is Side.FOR


@pytest.mark.parametrize(
    ("asked", "value", "expected"),
    [
        (True, True, Answer.YES),
        (True, False, Answer.NO),
        (True, "true", Answer.NO),
        # Two texts that are equal, and not one object.
        ("open", "".join("open"), Answer.YES),
        ("open", "Open", Answer.NO),
        ("open", "closed", Answer.NO),
        ("open", "opened", Answer.NO),
        ("open", True, Answer.NO),
        ("open", None, Answer.NO),
        (AT_LEAST_10, 10, Answer.YES),
        (AT_LEAST_10, Range(9, 10), Answer.MAYBE),
    ],
)
def test_a_state_matches_in_type_too(asked, value, expected):
    assert answer(asked, value) is expected


@pytest.mark.parametrize(
    ("witnesses", "needed", "expected"),
    [
        ([], 1, False),
        (["Post"], 1, True),
        (["Post"], 2, False),
        (["Post", "Post"], 2, False),
        (["Post", "Post", "Post"], 2, False),
        (["Post", "Times"], 2, True),
        (["Post", "Post", "Times"], 3, False),
        (["Post", "Times", "Wire"], 2, True),
    ],
)
def test_witnesses_are_counted_and_not_reports(witnesses, needed, expected):
    items = tuple(item("2019", witness=witness) for witness in witnesses)

    found = weigh_items(launch(), items, case(min_sources=needed))

    assert found.truth.shown is expected


DEADLINE = """
[registry]
policy = {{ {policy} }}
[[speaker]]
id = "ada"
[[fact]]
id = "launch"
kind = "event"
once = true
[[claim]]
id = "it"
speaker = "ada"
said = 2018-01-01
source = "source-primary"
quote = "It will fly."
criterion = {{ event = "launch", by = 2019-12-31 {leaf} }}
"""


def weighing(told, *, policy="", leaf=""):
    """Weigh reports of the launch: in time (+) or too late (-), each from a source of a tier."""
    text = DEADLINE.format(policy=policy, leaf=leaf and f", {leaf}")
    for tier in ("primary", "wire", "press"):
        text += f'[[source]]\nid = "source-{tier}"\ntier = "{tier}"\n'
    for number, (sign, tier) in enumerate(told):
        happened = "2019-06-01" if sign == "+" else "2020-06-01"
        text += (
            f'[[evidence]]\nid = "e{number}"\nsource = "source-{tier}"\nfact = "launch"\n'
            f"happened = {happened}\npublished = 2020-07-01\n"
        )
    audit = loads(text).audit("2021-01-01")
    claim = audit.records.claims["it"]
    return weigh(claim.criterion, audit.case(claim))


@pytest.mark.parametrize(
    ("told", "truth", "by_tier"),
    [
        pytest.param([], UNKNOWN, UNKNOWN, id="nothing"),
        pytest.param(["+press"], TRUE, TRUE, id="one side"),
        pytest.param(["-press"], FALSE, FALSE, id="the other side"),
        pytest.param(["+wire", "-press"], CONFLICTING, TRUE, id="the better for"),
        pytest.param(["+press", "-wire"], CONFLICTING, FALSE, id="the better against"),
        pytest.param(["+wire", "-wire"], CONFLICTING, CONFLICTING, id="equal tiers"),
        pytest.param(
            ["+press", "+primary", "-wire"], CONFLICTING, TRUE, id="the best of each side"
        ),
    ],
)
def test_a_conflict_stays_unless_the_policy_lets_the_better_tier_win(told, truth, by_tier):
    signs = [(one[0], one[1:]) for one in told]

    assert weighing(signs).truth == truth
    assert weighing(signs, policy='on_conflict = "higher_tier"').truth == by_tier


@pytest.mark.parametrize(
    ("policy", "leaf", "needed", "truth"),
    [
        pytest.param("", "", 1, TRUE, id="one by default"),
        pytest.param("min_sources = 3", "", 3, UNKNOWN, id="the policy's"),
        pytest.param("min_sources = 3", "min_sources = 2", 2, TRUE, id="else the leaf's"),
        pytest.param("", "min_sources = 3", 3, UNKNOWN, id="the leaf's alone"),
    ],
)
def test_a_bit_needs_as_many_witnesses_as_the_leaf_or_else_the_policy_says(
    policy, leaf, needed, truth
):
    found = weighing([("+", "press"), ("+", "wire")], policy=policy, leaf=leaf)

    assert (found.needed, found.truth) == (needed, truth)
    assert [one.id for one in found.supporting] == ["e0", "e1"]
    assert found.refuting == ()
