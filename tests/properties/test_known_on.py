"""What was known of a registry on a day, as `Registry.known_on` gives it."""

from datetime import timedelta

import attrs
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import (
    Claim,
    Fact,
    Forecast,
    KnownBy,
    Registry,
    Search,
    Selection,
    Source,
    Speaker,
    occurs,
    parse_span,
)
from claimtrack.files.write import folder_files
from claimtrack.strategies import assessments, evidence, worlds
from claimtrack.strategies.criteria import SCALES, labels
from claimtrack.strategies.records import ripe
from tests.properties.asking import rebuilt, records


def verdicts(registry, day, known_by):
    """Return the verdicts without the mark that compares with the whole of the present records."""
    return [
        attrs.evolve(one, marks=[mark for mark in one.marks if mark != "suspect"])
        for one in registry.audit(day, known_by=known_by)
    ]


def learnt_later(data, registry, known):
    """Return the records of *registry* with what was written into them on the day *known*."""
    for record in records(registry):
        changes = {}
        if data.draw(st.booleans()):
            changes["note"] = "it came true"
        if isinstance(record, Claim):
            changes |= {"status": "held", "signed": {"on": known, "by": "ed"}}
            if record.said.first <= parse_span(known).first:
                again = {"said": known, "source": record.source, "quote": "Once more."}
                changes["occasions"] = [*record.occasions, again]
                if record.retracted is None:
                    changes |= {"retracted": known, "retracted_words": "I take it back."}
            if record.annulled is None:
                changes |= {"annulled": known, "annulled_because": "it fell through"}
        elif isinstance(record, Source):
            changes["archived_url"] = f"https://archive.example/{known}"
            changes["retrieved"] = record.retrieved or known
            changes["snapshot"] = record.snapshot or {
                "path": "snapshots/later.html",
                "sha256": "ab" * 32,
                "captured": known,
            }
        elif isinstance(record, Speaker):
            changes["roles"] = [*record.roles, {"title": "King", "since": known}]
        elif hasattr(record, "withdrawn") and record.withdrawn is None:
            may_be = not hasattr(record, "made") or record.made.last < parse_span(known).first
            changes |= {"withdrawn": known} if may_be else {}
        yield attrs.evolve(record, **changes)


class TestWhatWasKnownOnADay:
    """Its audit is that of the whole, and nothing that was known later changes a byte of it."""

    @given(worlds(known_by=list(KnownBy)))
    def test_the_audit_of_what_was_known_is_the_audit_of_the_whole(self, world):
        registry, known_by = world.registry, world.known_by

        for day in world.days:
            known = registry.known_on(day, known_by=known_by)

            assert verdicts(known, day, known_by) == verdicts(registry, day, known_by)

    @given(worlds(known_by=list(KnownBy)))
    def test_what_was_known_of_what_was_known_is_the_same(self, world):
        day, known_by = world.days[-1], world.known_by
        once = world.registry.known_on(day, known_by=known_by)

        twice = once.known_on(day, known_by=known_by)

        assert folder_files(twice) == folder_files(once)
        assert twice == once

    @given(st.data(), worlds(known_by=list(KnownBy)))
    def test_nothing_known_later_changes_a_byte(self, data, world):
        registry, day, known_by = world.registry, world.days[-1], world.known_by
        known = (day + timedelta(days=data.draw(st.integers(1, 40)))).isoformat()
        later = [
            Speaker(id="later-speaker"),
            Source(id="later-source", published=known, publisher="Later"),
            Fact(id="later-fact", kind="event"),
            Claim(
                id="later-claim",
                speaker="later-speaker",
                said=known,
                source="later-source",
                quote="It came.",
                criterion=occurs("later-fact", by="2030"),
                timezone=data.draw(st.sampled_from([None, "Pacific/Kiritimati", "Asia/Tokyo"])),
            ),
            Search(id="later-search", fact="later-fact", searched=known, where="the archive"),
            Selection(id="later-selection", rule="all of them"),
            Forecast(
                id="later-forecast",
                by="later-speaker",
                claim="later-claim",
                made=known,
                probability=0.9,
            ),
        ]
        drawn = evidence(
            facts=[*registry.facts.values(), later[2]],
            claims=[*registry.claims, "later-claim"],
            sources=st.sampled_from([*registry.sources, "later-source"]),
        )
        for number, item in enumerate(data.draw(st.lists(drawn, max_size=4))):
            told = attrs.asdict(item, recurse=False, filter=lambda _, value: value is not None)
            later.append(
                attrs.evolve(
                    item,
                    id=f"later-{number}",
                    published=ripe(told, parse_span(known)),
                    recorded=known,
                    supersedes=[*registry.evidence][:1],
                )
            )
        ratings = assessments(
            claims=st.sampled_from([*registry.claims, "later-claim"]),
            assessors=st.just("checker"),
            scales=st.sampled_from(SCALES),
            labels=labels(),
            spans=st.just(parse_span(known)),
        )
        for number, rating in enumerate(data.draw(st.lists(ratings, max_size=2))):
            later.append(attrs.evolve(rating, id=f"later-rating-{number}", published=known))
        changed = list(learnt_later(data, registry, known))
        place = data.draw(st.integers(0, len(changed)))
        hindsight = rebuilt(registry, [*changed[:place], *later, *changed[place:]])
        before = unsigned(registry)
        if registry.captured is not None:
            new = {id_: known for id_ in hindsight.evidence if id_ not in registry.captured}
            hindsight = hindsight.with_captured({**registry.captured, **new})
            before = before.with_captured(registry.captured)

        after = folder_files(hindsight.known_on(day, known_by=known_by))

        assert after == folder_files(before.known_on(day, known_by=known_by))


def unsigned(registry):
    """Return *registry* without signatures, in place of which the other one has later ones."""
    return Registry.of(
        *(
            attrs.evolve(
                one, status=None, signed=None, readings=map(unsigned_reading, one.readings)
            )
            if isinstance(one, Claim)
            else one
            for one in records(registry)
        ),
        settings=registry.settings,
    )


def unsigned_reading(reading):
    return attrs.evolve(reading, status=None)
