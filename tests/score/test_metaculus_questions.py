"""
Baseline and peer scores of the questions of a registry, against the published definitions.

`published_scores` is written from the definitions and shares nothing with the library: it goes
through time second by second of change, in seconds since 1970, and takes the peer score in the form
with the geometric mean. A question is open from its opening to its scheduled close; it ends early
when its outcome is known; the score is the mean over the whole of that time, in which time without
a forecast counts 0.
"""

import itertools
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import LoadError, loads
from claimtrack.score.forecasts import score_forecasts

REGISTRY = """
[[speaker]]
id = "ann"
[[speaker]]
id = "bob"
[[speaker]]
id = "eve"
[[source]]
id = "paper"
published = 2019-02-01
[[fact]]
id = "rain"
kind = "event"
once = true
[[claim]]
id = "soon"
speaker = "ann"
said = 2018-03-01
source = "paper"
quote = "Soon."
opens = 2018-03-01T09:30:00Z
closes = 2018-06-01T21:15:00Z
criterion = { event = "rain", by = 2018-06-01 }
[[evidence]]
id = "report"
fact = "rain"
source = "paper"
"""
OPENS, CLOSES = "2018-03-01T09:30:00Z", "2018-06-01T21:15:00Z"
HAPPENED = "2018-05-20T16:45:30Z"
HELD = f"happened = {HAPPENED}\n"
FAILED = 'not_happened = "../2018-06-01"\n'


def seconds(text):
    return datetime.fromisoformat(text).timestamp()


def published_scores(forecasts, *, held, end):
    """Return the baseline and the peer score and the coverage of each forecaster."""
    start, scheduled = seconds(OPENS), seconds(CLOSES)
    total = scheduled - start

    def standing(who, at):
        """Return what *who* gives to the outcome at that time."""
        before = [f for f in forecasts if f["by"] == who and seconds(f["made"]) <= at]
        if not before:
            return None
        last = max(before, key=lambda f: seconds(f["made"]))
        if "withdrawn" in last and seconds(last["withdrawn"]) <= at:
            return None
        return last["probability"] if held else 1 - last["probability"]

    turns = {seconds(f[key]) for f in forecasts for key in ("made", "withdrawn") if key in f}
    cuts = sorted({start, end, *(t for t in turns if start < t < end)})
    people = {f["by"] for f in forecasts}
    found = {who: [0.0, 0.0, 0.0] for who in people}
    for begin, until in itertools.pairwise(cuts):
        given_now = {who: standing(who, begin) for who in people}
        given_now = {who: p for who, p in given_now.items() if p is not None}
        n = len(given_now)
        middle = math.exp(math.fsum(map(math.log, given_now.values())) / n) if n else 0.0
        for who, p in given_now.items():
            share = (until - begin) / total
            found[who][0] += 100 * (math.log(p) - math.log(0.5)) / math.log(2) * share
            found[who][1] += 100 * n / (n - 1) * math.log(p / middle) * share if n > 1 else 0.0
            found[who][2] += (until - begin) / (end - start)
    return found


def scores(forecasts, report):
    made = [
        f'[[forecast]]\nid = "f{n}"\nby = "{f["by"]}"\nclaim = "soon"\nmade = {f["made"]}\n'
        f"probability = {f['probability']}\n"
        + (f"withdrawn = {f['withdrawn']}\n" if "withdrawn" in f else "")
        for n, f in enumerate(forecasts)
    ]
    audit = loads(REGISTRY + report + "".join(made)).audit("2020-01-01")
    return {
        one.by: (score.baseline, score.peer, score.coverage)
        for one in score_forecasts(audit).forecasters
        for score in one.claims
    }


WORKED = [
    {"by": "ann", "made": "2018-02-20T00:00:00Z", "probability": 0.6},
    {"by": "ann", "made": "2018-04-10T06:20:10.5Z", "probability": 0.85},
    {"by": "bob", "made": "2018-03-15T12:00:00+03:00", "probability": 0.3},
    {"by": "bob", "made": "2018-03-15T18:00:00+03:00", "probability": 0.4},
    {
        "by": "eve",
        "made": "2018-03-01T09:30:00Z",
        "probability": 0.95,
        "withdrawn": "2018-05-01T00:00:00Z",
    },
]


@pytest.mark.parametrize(
    ("report", "held", "end"), [(HELD, True, HAPPENED), (FAILED, False, CLOSES)]
)
def test_a_worked_example_has_the_published_scores(report, held, end):
    expected = published_scores(WORKED, held=held, end=seconds(end))

    found = scores(WORKED, report)

    assert set(found) == {"ann", "bob", "eve"}
    for who, score in found.items():
        assert score == pytest.approx(expected[who], abs=1e-6)


def test_one_forecaster_alone_has_the_score_that_a_pocket_calculator_gives():
    # Open for 92 days, 11 hours and 45 minutes; it happened after 80 days, 7:15:30; the forecast
    # was made ten days after the opening.
    made = [{"by": "bob", "made": "2018-03-11T09:30:00Z", "probability": 0.75}]
    stood = (80 - 10) * 86_400 + 7 * 3_600 + 15 * 60 + 30
    total = 92 * 86_400 + 11 * 3_600 + 45 * 60

    ((baseline, peer, coverage),) = scores(made, HELD).values()

    assert baseline == pytest.approx(100 * (1 + math.log2(0.75)) * stood / total, abs=1e-9)
    assert peer == 0
    assert coverage == pytest.approx(stood / (stood + 10 * 86_400), abs=1e-9)


FORECASTS = st.lists(
    st.fixed_dictionaries(
        {
            "by": st.sampled_from(["ann", "bob", "eve"]),
            "made": st.integers(0, 8_000).map(
                lambda n: datetime.fromtimestamp(
                    seconds("2018-02-20T00:00:00Z") + n * 907, UTC
                ).isoformat()
            ),
            "probability": st.integers(1, 99).map(lambda n: n / 100),
        }
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda f: (f["by"], f["made"]),
)


@given(FORECASTS, st.booleans(), st.randoms())
def test_whatever_was_forecast_has_the_published_scores_in_whatever_order(made, held, order):
    end = seconds(HAPPENED if held else CLOSES)
    counted = [f for f in made if seconds(f["made"]) < end]
    expected = published_scores(counted, held=held, end=end)
    shuffled = list(made)
    order.shuffle(shuffled)

    found = scores(shuffled, HELD if held else FAILED)

    assert set(found) == set(expected)
    for who, score in found.items():
        assert score == pytest.approx(expected[who], abs=1e-6)
    assert found == scores(made, HELD if held else FAILED)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "closes = 2018-06-01T21:15:00Z",
            "closes = 2018-02-27",
            (
                "registry.toml:22:1: CT321 claim 'soon' closes '2018-02-27' is not after it opens, "
                "'2018-03-01T09:30:00+00:00'; expected a later day or time"
            ),
        ),
        (
            "opens = 2018-03-01T09:30:00Z\ncloses = 2018-06-01T21:15:00Z",
            "closes = 2018-02-28",
            (
                "registry.toml:21:1: CT321 claim 'soon' closes '2018-02-28' is not after it was "
                "said, '2018-03-01'; expected a later day or time"
            ),
        ),
        (
            "closes = 2018-06-01T21:15:00Z",
            "closes = 2018-03-01T09:30:00Z",
            (
                "registry.toml:22:1: CT321 claim 'soon' closes '2018-03-01T09:30:00+00:00' is not "
                "after it opens, '2018-03-01T09:30:00+00:00'; expected a later day or time"
            ),
        ),
        (
            "opens = 2018-03-01T09:30:00Z",
            'opens = "2018-03"',
            (
                "registry.toml:21:1: CT102 claim 'soon' opens '2018-03' is neither one full day "
                "nor a date-time; expected YYYY-MM-DD or YYYY-MM-DDThh:mm:ss"
            ),
        ),
    ],
)
def test_a_question_that_is_never_open_is_refused(old, new, message):
    with pytest.raises(LoadError) as caught:
        loads(REGISTRY.replace(old, new) + HELD)

    assert str(caught.value) == message
