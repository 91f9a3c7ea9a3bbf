"""Small registries whose claims come out as one says."""

from datetime import date, timedelta

import attrs

from claimtrack import Claim, Evidence, Fact, Registry, Source, Speaker, judged, occurs, parts

SAID = "2018-01-10"
DUE = "2018-12-31"
REPORTED = "2019-01-15"
AS_OF = "2020-01-01"

SOURCE = Source(id="paper", title="A newspaper", published="2018-01-10")
LATER = Source(id="yearbook", title="A yearbook", published=REPORTED)


@attrs.frozen
class World:
    """Records of one registry, which can be added to."""

    records: tuple[object, ...] = ()

    def __add__(self, other: "World") -> "World":
        return World(self.records + other.records)

    def audit(self, as_of=AS_OF):
        speakers = {r.speaker for r in self.records if isinstance(r, Claim)}
        named = [Speaker(id=id_, name=id_.title()) for id_ in sorted(speakers)]
        return Registry.of(SOURCE, LATER, *named, *self.records).audit(as_of)


def claim(id_, outcome, *, speaker="ann", said=SAID, published=None, **options):
    """Make one claim on a fact of its own, with the evidence that gives it *outcome*."""
    fact = f"fact-of-{id_}"
    given = {
        "quote": f"What {id_} says in words of its own.",
        "kind": "prediction",
        "source": "paper",
        "criterion": occurs(fact, by="2030" if outcome == "pending" else DUE),
    } | options
    records = [Fact(id=fact, kind="event", title=fact, once=True)]
    if outcome == "not-checkable":
        given |= {"not_checkable": "It is a matter of taste.", "criterion": None}
    if outcome == "partly":
        other = f"other-{fact}"
        records.append(Fact(id=other, kind="event", title=other))
        given["criterion"] = parts(occurs(fact, by=DUE), occurs(other, by=DUE))
        records += evidence(id_, "held", fact, published) + evidence(
            f"{id_}-not", "failed", other, published
        )
    elif outcome != "not-checkable":
        records += evidence(id_, outcome, fact, published)
    if outcome == "annulled":
        given |= {"annulled": "2019-06-01", "annulled_because": "Called off."}
    made = Claim(id=id_, speaker=speaker, said=said, **given)
    return World((made, *records))


def evidence(id_, outcome, fact, published=None):
    """Return what was reported of *fact*, so that a claim on it has *outcome*."""
    tell = {
        "held": [{"happened": "2018-06-01"}],
        "late": [{"happened": "2019-01-10"}],
        "failed": [{"not_happened": "../2018-12-31"}],
        "conflicting": [{"happened": "2018-06-01"}, {"not_happened": "../2018-12-31"}],
        "not-enough-evidence": [{"not_happened": "2018-01-01/2018-03-01"}],
    }.get(outcome, [])
    return [
        Evidence(
            id=f"on-{id_}-{number}",
            fact=fact,
            source="yearbook",
            published=published or REPORTED,
            **what,
        )
        for number, what in enumerate(tell)
    ]


def judged_claim(id_, **options):
    return claim(id_, "overdue", criterion=judged(by=DUE), **options)


def days_after(day, days):
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
