"""A page is made again if anything changed that it shows: equal inputs, equal texts."""

from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

import attrs
import pytest

import claimtrack
from claimtrack import Assessment, LoadError, Registry, Settings, assessed, judged
from claimtrack.model.registry import KINDS
from claimtrack.report.site.build import site_pages
from claimtrack.report.site.contents import Options, TrackRecord
from tests.oracle.random_registries import days_that_tell, make
from tests.oracle.toml_writer import to_toml
from tests.site.registries import DAY, one_of_everything

TRACK = TrackRecord(held=1, decided=2, low=0.1, high=0.9, is_enough=True)


def pages(audit, options=None):
    return {page.path: page for page in site_pages(audit, options or Options())}


def stale(before, after):
    """Return the pages that would be kept, and should not; and how many would be kept."""
    kept = [
        (page, before[path])
        for path, page in after.items()
        if path in before and before[path].inputs == page.inputs
    ]
    return [new.path for new, old in kept if new.text() != old.text()], len(kept)


def everything() -> Registry:
    """One of everything, with ratings by others and all that a field may hold."""
    records = [record for shelf in one_of_everything().shelves() for record in shelf.values()]
    rating = {"claim": "opinion-rated", "scale": "truth-o-meter", "rating": "True"}
    rated = attrs.evolve(
        one_of_everything().claims["judged"],
        id="opinion-rated",
        criterion=assessed("truth-o-meter"),
        timezone="Europe/Moscow",
    )
    return Registry.of(
        *records,
        rated,
        Assessment(id="rated", by="Alice", published="2018-01-01", **rating),
        Assessment(id="rated-late", by="Alice", source="wire", **rating),
        settings=one_of_everything().settings,
    )


OTHERS: dict[str, list[Any]] = {
    "title": ["Another title", None],
    "name": ["Another Name"],
    "publisher": ["Another House", "The Wire"],
    "author": ["B. Writer"],
    "origin": ["The Press"],
    "published": ["2019-12-04", "2025-01-01", None],
    "recorded": ["2019-12-05"],
    "tier": ["social", "primary"],
    "url": ["https://other.example/", "no address"],
    "archived_url": ["https://other.example/archived"],
    "note": ["Another note"],
    "roles": [[]],
    "unit": [None],
    "once": [False],
    "happened": ["2019-12-03", "2019-11"],
    "not_happened": ["../2017-06-01"],
    "value": [7, True],
    "when": ["2019-11-30"],
    "stance": ["refutes", "context"],
    "quote": ["other words"],
    "withdrawn": ["2020-01-01", None],
    "withdrawn_because": ["No reason"],
    "supersedes": [["gas-copy"], ["gas-wire"], ["flow"]],
    "claim": ["by-2018"],
    "fact": ["silence"],
    "source": ["copy", "blog"],
    "speaker": ["skeptic"],
    "said": ["2017-07-05", "2017", "2026-01-01"],
    "quote_kind": ["own"],
    "proposition": ["Another proposition."],
    "kind": ["demand"],
    "criterion": [None],
    "not_checkable": ["It is a taste."],
    "due": ["2018-03-03"],
    "grace": [400],
    "timezone": ["Asia/Tokyo"],
    "annulled": ["2019-01-01", "2020-06-02", None],
    "annulled_because": ["It was a joke."],
    "topics": [["trade"], []],
    "appearances": [["wire"], []],
    "repeats": [["judged"], []],
    "contradicts": [["judged"]],
    "refines": [["judged"]],
    "depends_on": [["judged"]],
    "part_of": [["judged"]],
    "readings": [[]],
    "status": ["failed", None],
    "review_by": ["2019-01-01"],
    "review_every": ["P1Y"],
    "requires_tiers": [["primary"]],
    "retrieved": ["2020-01-01"],
    "language": ["ru"],
    "condition": [judged()],
    "cumulative": [True],
    "by": ["Bob"],
    "scale": ["other-scale"],
    "rating": ["False"],
}


def edits():
    """Iterate over registries in which one field of one record differs, and what differs."""
    registry = everything()
    records = [record for shelf in registry.shelves() for record in shelf.values()]
    for place, record in enumerate(records):
        for field in attrs.fields(type(record)):
            for value in OTHERS.get(field.name, ()):
                try:
                    edited = attrs.evolve(record, **{field.name: value})
                    others = [*records[:place], edited, *records[place + 1 :]]
                    if edited != record:
                        what = f"{type(record).__name__} {record.id}: {field.name} = {value!r}"
                        yield what, Registry.of(*others, settings=registry.settings)
                except (LoadError, claimtrack.FieldError, TypeError):
                    continue  # it may not stand so


@pytest.mark.slow
def test_an_edit_of_any_field_makes_each_page_again_that_shows_it():
    before = pages(everything().audit(DAY))
    told = {}
    kept = 0
    for what, registry in edits():
        wrong, number = stale(before, pages(registry.audit(DAY)))
        told[what] = wrong
        kept += number

    assert {what: wrong for what, wrong in told.items() if wrong} == {}
    assert len(told) > 200
    assert kept > 5 * len(told)  # and most pages are kept


def test_the_edits_try_every_field_that_a_page_can_show():
    fields = {field.name for kind in KINDS.values() for field in attrs.fields(kind)}
    of_forecasts = {"distribution", "probability", "made", "forecaster", "requires"}
    unseen = {"id", "silenced", "signed", "snapshot", "values", *of_forecasts}

    assert fields - unseen <= set(OTHERS), fields - unseen - set(OTHERS)


@pytest.mark.parametrize(
    "options",
    [
        Options(title="Another"),
        Options(publisher="Another"),
        Options(url="https://news.example/"),
        Options(records={"miller": TRACK}),
    ],
    ids=["title", "publisher", "url", "records"],
)
def test_an_option_makes_each_page_again_that_shows_it(options):
    before = pages(everything().audit(DAY))

    wrong, _ = stale(before, pages(everything().audit(DAY), options))

    assert wrong == []


@pytest.mark.parametrize(
    "settings",
    [
        Settings(title="Another", note="Made for tests."),
        Settings(title="Pipelines & promises", note="Another note"),
        Settings(title="Pipelines & promises", policy={"grace": 5000}),
        Settings(title="Pipelines & promises", policy={"min_sources": 2}),
        Settings(title="Pipelines & promises", timezone="Asia/Tokyo"),
    ],
    ids=["title", "note", "grace", "sources", "zone"],
)
def test_a_setting_makes_each_page_again_that_shows_it(settings):
    registry = everything()
    records = [record for shelf in registry.shelves() for record in shelf.values()]
    before = pages(registry.audit(DAY))

    wrong, _ = stale(before, pages(Registry.of(*records, settings=settings).audit(DAY)))

    assert wrong == []


@pytest.mark.parametrize("known_by", ["published", "recorded"])
def test_each_day_makes_the_pages_again_on_which_something_came_about(known_by):
    registry = everything()
    days = ["2017-07-04", "2017-07-06", "2018-01-01", "2019-01-01", "2019-12-02", "2020-01-01"]
    days += ["2020-02-01", "2024-12-31", "2025-02-01", "2031-01-01"]
    seen = [pages(registry.audit(day, known_by=known_by)) for day in days]
    for before, after in pairwise(seen):
        wrong, _ = stale(before, after)

        assert wrong == []


def test_a_day_on_which_nothing_comes_about_is_only_on_the_pages_of_everything():
    before = pages(everything().audit("2020-06-01"))
    after = pages(everything().audit("2020-06-02"))

    changed = {path for path, page in after.items() if page.inputs != before[path].inputs}

    assert changed == {path for path in after if "/" not in path}
    assert {path for path in changed if after[path].text() != before[path].text()} == {
        *("index.html", "due.html", "method.html", "due.ics", "audit.json"),
    }


def test_what_a_function_says_is_of_its_day_and_what_it_rests_on_of_any():
    def audit(day, answer):
        registry = everything()
        registry.check("judged")(lambda evidence: answer)
        return registry.audit(day)

    before = pages(audit(DAY, None))
    for day, answer in ((DAY, True), (DAY, False), ("2020-06-02", None)):
        after = pages(audit(day, answer))

        assert stale(before, after)[0] == []
        assert after["claims/judged.html"].inputs != before["claims/judged.html"].inputs


def test_no_history_is_told_of_a_claim_that_a_function_decides():
    registry = everything()
    followed = pages(registry.audit(DAY))
    registry.check("by-2018")(lambda evidence: False)

    decided = pages(registry.audit(DAY))

    for path, words in (("claims/by-2018.html", "Through time"), ("changes.atom", "late: by 2018")):
        assert words in followed[path].text()
        assert words not in decided[path].text()
    assert "A function of those who keep this registry" in decided["claims/by-2018.html"].text()


def mixed(seed):
    """Return a registry and one in which some records are those of another."""
    first, third = make(seed), make(seed + 10_000)
    chance = Random(seed)
    second = {}
    for kind in sorted({*first, *third}):
        rows = {row.get("id", ""): row for row in first.get(kind, [])}
        others = {row.get("id", ""): row for row in third.get(kind, [])}
        picked = [
            (others if chance.random() < 0.1 else rows).get(id_) for id_ in {**rows, **others}
        ]
        kept = [row for row in picked if row and chance.random() > 0.03]
        if kept:
            second[kind] = kept
    return first, second


@pytest.mark.slow
def test_random_edits_and_days_keep_no_page_that_differs():
    kept = compared = 0
    for seed in range(30):
        first, second = mixed(seed)
        try:
            registries = [claimtrack.loads(to_toml(one)) for one in (first, second)]
        except LoadError:
            continue
        chance = Random(seed)
        day = chance.choice(days_that_tell(first, seed, 10))
        later = day + timedelta(days=chance.choice((0, 0, 1, 40)))
        compared += 1

        before, after = pages(registries[0].audit(day)), pages(registries[1].audit(later))

        wrong, number = stale(before, after)
        assert (seed, wrong) == (seed, [])
        kept += number
    assert compared > 7
    assert kept > compared
