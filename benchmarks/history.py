"""
What a history over 1,000 days costs, beside one audit of the same registry.

10,000 claims with 30,000 pieces of evidence. In the first registry every claim asks for one event
by a day. In the second three in ten ask for quantities, states, judgement and composites, some
with readings, and one item in fifty is withdrawn or superseded. Audit and replay run in turn, each
on a registry as it is just after loading, and the median of the ratios of neighbours counts.
"""

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from claimtrack import (
    Claim,
    Evidence,
    Fact,
    Reading,
    Registry,
    Source,
    Speaker,
    all_of,
    any_of,
    at_least,
    judged,
    occurs,
    reaches,
    stays,
)

CLAIMS = 10_000
RUNS = 7
DAYS = [date(2017, 1, 1) + timedelta(days=day) for day in range(1000)]
START, SPAN = date(2016, 1, 1), 2000


class Draw:
    """A source of chance with the days and ids that it likes."""

    def __init__(self, seed: int, *, is_mixed: bool) -> None:
        self.chance = random.Random(seed)
        self.is_mixed = is_mixed

    def day(self) -> date:
        """Return a day of five and a half years."""
        return START + timedelta(days=self.chance.randrange(SPAN))

    def two_days(self) -> tuple[date, date]:
        """Return two days in order."""
        first, last = sorted((self.day(), self.day()))
        return first, last

    def records(self) -> Iterator[Any]:
        """Iterate over the records of a registry."""
        yield Speaker(id="speaker")
        for number in range(500):
            yield Source(
                id=f"source-{number}", publisher=f"paper {number % 80}", published=self.day()
            )
        for number in range(CLAIMS):
            yield Fact(id=f"event-{number}", kind="event", once=self.chance.random() < 0.7)
            if self.is_mixed and number % 10 > 6:
                yield Fact(id=f"quantity-{number}", kind="quantity", cumulative=True)
                yield Fact(id=f"state-{number}", kind="state")
            yield self.claim(number)
            for place in range(3):
                yield self.evidence(number, place)

    def claim(self, number: int) -> Claim:
        """Return a claim on the facts of that number."""
        event = occurs(f"event-{number}", by=self.day())
        kinds = number % 10 if self.is_mixed else 0
        criterion: Any = event
        readings: tuple[Reading, ...] = ()
        if kinds == 7:
            criterion = reaches(f"quantity-{number}", by=self.day(), at_least=5)
            readings = (Reading(name="all the same", criterion=event),)
        elif kinds == 8:
            first, last = self.two_days()
            state = stays(f"state-{number}", throughout=f"{first}/{last}", is_=True, samples=2)
            criterion = any_of(event, all_of(state, ~judged()))
        elif kinds == 9:
            later = reaches(f"quantity-{number}", during=f"2017/{self.day().year + 2}", above=3)
            criterion = at_least(2, event, later, judged())
        return Claim(
            id=f"claim-{number}",
            speaker="speaker",
            said=self.day() if number % 4 == 0 else START,
            source="source-0",
            quote="It will be done.",
            criterion=criterion,
            readings=readings,
        )

    def evidence(self, number: int, place: int) -> Evidence:
        """Return one of the items on the facts of that number."""
        first, published = self.two_days()
        told: dict[str, Any] = {"fact": f"event-{number}", "happened": first}
        if self.is_mixed and number % 10 > 6 and place:
            told = {"fact": f"state-{number}", "when": first, "value": self.chance.random() < 0.8}
            if number % 10 != 8:
                told = {"fact": f"quantity-{number}", "when": first, "value": published.day % 9}
        elif self.chance.random() < 0.2:
            told = {"fact": f"event-{number}", "not_happened": f"../{first}"}
        taken_back = self.chance.random() if self.is_mixed else 0.5
        if place and taken_back < 0.01:
            told["supersedes"] = [f"evidence-{number}-{place - 1}"]
        elif taken_back > 0.99:
            told["withdrawn"] = published + timedelta(days=100)
        return Evidence(
            id=f"evidence-{number}-{place}",
            source=f"source-{self.chance.randrange(500)}",
            published=published,
            **told,
        )


def seconds(work: Callable[[Registry], object], records: list[Any]) -> float:
    """Return the processor's time for *work* on a registry as it is just after loading."""
    registry = Registry.of(*records)
    gc.collect()
    start = time.process_time()
    work(registry)
    return time.process_time() - start


def audit(registry: Registry) -> object:
    """Count the statuses on one day."""
    return registry.audit(DAYS[-1]).counts


def verdicts(registry: Registry) -> object:
    """Give the verdict on every claim, with what decided it."""
    return list(registry.audit(DAYS[-1]))


def replay(registry: Registry) -> object:
    """Count the statuses on each of 1,000 days."""
    return list(registry.replay(DAYS))


def histories(registry: Registry) -> object:
    """Tell the dated changes of every claim, each with its cause."""
    return [registry.history(claim) for claim in registry.claims]


def measure(name: str, *, is_mixed: bool) -> None:
    """Print medians and ratios for one registry."""
    records = list(Draw(0, is_mixed=is_mixed).records())
    works = (audit, replay, verdicts, histories)
    taken: dict[str, list[float]] = {work.__name__: [] for work in works}
    for _ in range(RUNS):
        for work in works:
            taken[work.__name__].append(seconds(work, records))
    print(name)
    for label, times in taken.items():
        print(f"{statistics.median(times):8.3f} s  {label}")
    ratios = {
        (many, one): statistics.median(
            top / bottom for top, bottom in zip(taken[many], taken[one], strict=True)
        )
        for many, one in (("replay", "audit"), ("replay", "verdicts"), ("histories", "verdicts"))
    }
    for (many, one), ratio in ratios.items():
        print(f"{ratio:8.2f} times  {many} / {one}")


def main() -> None:
    """Print what was measured for both registries."""
    measure("claims on one event each", is_mixed=False)
    measure("claims of every kind", is_mixed=True)


if __name__ == "__main__":
    main()
