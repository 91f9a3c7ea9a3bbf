"""What is done for n reports and n questions grows no faster than they do, or is refused."""

from datetime import date, timedelta

import attrs
import pytest

from claimtrack import (
    Assessment,
    Claim,
    Evidence,
    Fact,
    Policy,
    Reading,
    Registry,
    Settings,
    Source,
    Speaker,
    all_of,
    assessed,
    occurs,
    stays,
)
from claimtrack.engine import explain as explaining
from claimtrack.engine import fast_path, weigh
from claimtrack.errors import TooMuchToWeighError
from claimtrack.model.criterion import Throughout
from tests.counting import grows_in_step

FIRST = date(2010, 1, 1)
LATER = "2030-01-01"


def day(number):
    return FIRST + timedelta(days=number)


def claim(criterion, *, name="it", readings=()):
    return Claim(
        id=name,
        speaker="ada",
        said="2009-01-01",
        source="post-0",
        quote="It will.",
        criterion=criterion,
        readings=readings,
    )


def registry(number, *claims, policy=None, state=False):
    """Return a registry with as many reports on one fact, one a day, by seven sources."""
    told = {"value": True} if state else {}
    return Registry.of(
        Speaker(id="ada"),
        *(Source(id=f"post-{place}", tier=("wire", "press")[place % 2]) for place in range(7)),
        Fact(id="fact", kind="state" if state else "event", **({} if state else {"once": True})),
        *claims,
        *(
            Evidence(
                id=f"report-{place}",
                fact="fact",
                source=f"post-{place % 7}",
                published=day(place + 1),
                **told,
                **{"when" if state else "happened": day(place)},
            )
            for place in range(number)
        ),
        settings=Settings(policy=policy or Policy()),
    )


def counting(monkeypatch, module, name):
    """Count the calls of a function."""
    calls, function = [0], getattr(module, name)

    def counted(*args, **kwargs):
        calls[0] += 1
        return function(*args, **kwargs)

    monkeypatch.setattr(module, name, counted)
    return calls


def test_claims_with_deadlines_share_what_the_reports_on_their_event_say(monkeypatch):
    calls = counting(monkeypatch, fast_path, "event_vote")
    claims = [claim(occurs("fact", by=day(place)), name=f"it-{place}") for place in range(50)]

    registry(40, *claims).audit(LATER).outcomes  # noqa: B018 - decides them

    assert calls == [40]


def test_an_audit_skips_the_reports_that_tell_it_nothing_new():
    told = registry(100, claim(occurs("fact", by="2020-01-01")))
    path = fast_path.FastPath.of(told.index())

    cast = path._votes("fact", weigh.NEVER_REFUTES, 0)

    assert len(cast) == 101  # each report tells of a later day, and so refutes more
    plain = fast_path._accumulated([(1, 5, 0), (2, 6, 0), (3, 4, 0), (4, 4, 1), (5, 9, 1)])
    assert list(plain) == [(1, 5, 0), (3, 4, 0), (4, 4, 1)]


@pytest.mark.parametrize(
    ("criterion", "policy"),
    [
        pytest.param(occurs("fact", by=LATER), Policy(on_conflict="higher_tier"), id="tiers"),
        pytest.param(occurs("fact", by=LATER), Policy(min_sources=3), id="witnesses"),
        pytest.param(occurs("fact", by="2009-06-01"), Policy(), id="late"),
        pytest.param(all_of(*[occurs("fact", by=LATER)] * 9), Policy(), id="equal leaves"),
        pytest.param(
            stays("fact", throughout="2010-01-01/2020-01-01", is_=True, samples=30),
            Policy(),
            id="samples",
        ),
    ],
)
@pytest.mark.parametrize("way", ["history", "explain", "audit"])
def test_twice_the_reports_are_twice_the_work(monkeypatch, criterion, policy, way):
    found = []
    for number in (100, 200):
        is_state = isinstance(criterion, Throughout)
        told = registry(number, claim(criterion), policy=policy, state=is_state)
        with monkeypatch.context() as patched:
            calls = [
                counting(patched, weigh.Balance, "truth_by_extension"),
                counting(patched, weigh.Balance, "enter"),
                counting(patched, weigh, "insort"),
            ]
            if way == "history":
                told.history("it")
            elif way == "explain":
                told.explain("it", LATER)
            else:
                list(told.audit(LATER))
        found.append([one[0] for one in calls])

    few, many = found
    assert all(more <= 2 * less + 8 for less, more in zip(few, many, strict=True))


def test_a_rating_keeps_only_the_next_one_of_its_assessor():
    ratings = [
        Assessment(
            id=f"rating-{place}",
            claim="it",
            scale="truth-o-meter",
            rating="True" if place % 2 else "False",
            by="the desk",
            published=day(place // 2),
            source="post-0",
        )
        for place in range(40)
    ]
    told = registry(
        0, claim(assessed("truth-o-meter", supports=["True"], refutes=["False"])), *ratings
    )

    items = told.index().in_zone(None).on_scale("it", "truth-o-meter")

    assert [len(item.superseders) for item in items] == [1] * 38 + [0, 0]
    history = told.history("it").changes
    assert [change.cause.by for change in history[1:3]] == [None, None]


@pytest.fixture
def _few_are_listed(monkeypatch):
    monkeypatch.setattr(explaining, "MAX_EXHIBITS", 25)


@pytest.mark.usefixtures("_few_are_listed")
def test_an_explanation_lists_so_many_items_and_counts_the_rest():
    criterion = all_of(occurs("fact", by=LATER), occurs("fact", by="2029-01-01"))
    reading = Reading(name="soon", criterion=occurs("fact", by="2028-01-01"))

    found = registry(20, claim(criterion, readings=[reading])).explain("it", LATER)

    first, second = found.steps.members
    ((_, third),) = found.readings
    listed = [(len(step.exhibits), step.unlisted) for step in (first, second, third)]
    assert listed == [(20, 0), (5, 15), (0, 20)]
    assert all(one.counts for one in second.exhibits)
    assert sorted(item.id for item in found.items) == sorted(
        f"report-{place}" for place in range(20)
    )


def refused(monkeypatch, limit, number, told):
    monkeypatch.setattr(fast_path, "_FEW", 9)
    monkeypatch.setattr(fast_path, limit, number)
    with pytest.raises(TooMuchToWeighError) as caught:
        told.audit(LATER).outcomes  # noqa: B018 - decides them
    return str(caught.value)


def test_a_claim_that_asks_very_often_about_very_many_reports_is_refused(monkeypatch):
    told = registry(10, claim(all_of(*(occurs("fact", by=day(place)) for place in range(3)))))

    assert refused(monkeypatch, "MAX_WEIGHED", 29, told) == (
        "CT404 claim 'it' would weigh 30 reports, each counted once for every leaf that asks about "
        "it; expected at most 29"
    )


def test_claims_that_do_so_together_are_refused(monkeypatch):
    during = [
        claim(occurs("fact", during=f"{day(place)}/{LATER}"), name=f"it-{place}")
        for place in range(3)
    ]
    told = registry(10, *during, claim(occurs("fact", by=LATER)))

    assert refused(monkeypatch, "MAX_WEIGHED_IN_ALL", 29, told) == (
        "CT404 the claims together would weigh 30 reports, each counted once for every leaf "
        "that asks about it; expected at most 29"
    )


def test_claims_with_one_deadline_are_not_held_against_each_report_once_every_witness_spoke():
    def made(number):
        told = registry(number)
        return Registry.of(
            *told.sources.values(),
            *told.speakers.values(),
            *told.facts.values(),
            *(claim(occurs("fact", by=FIRST), name=f"it-{place}") for place in range(number)),
            *(
                attrs.evolve(report, happened=day(9), published=LATER)
                for report in told.evidence.values()
            ),
        )

    registries = {number: made(number) for number in (2, 100, 200)}

    def work(number):
        audit = registries[number].audit("2031-01-01")
        used = {len(audit[f"it-{place}"].used) for place in range(number)}
        assert used == {min(number, 7)}

    assert grows_in_step(work, 100)


@pytest.mark.parametrize(("limit", "number"), [("MAX_WEIGHED", 30), ("MAX_WEIGHED_IN_ALL", 30)])
def test_the_limits_are_inclusive(monkeypatch, limit, number):
    monkeypatch.setattr(fast_path, "_FEW", 9)
    monkeypatch.setattr(fast_path, limit, number)
    told = registry(10, claim(all_of(*(occurs("fact", by=day(place)) for place in range(3)))))

    assert len(told.audit(LATER).outcomes) == 1
