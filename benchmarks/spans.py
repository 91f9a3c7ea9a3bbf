"""
How long a plain day takes to read, beside `datetime.date.fromisoformat`.

Every day of forty years is read in random order, so that a memo of texts is neither always cold
nor always warm. The best of seven runs counts: whatever else the machine did only adds.
"""

import random
import timeit
from collections.abc import Callable
from datetime import date, timedelta

from claimtrack.model.span import parse_span

RUNS = 7
DAYS = 40 * 365


def best(read: Callable[[str], object], texts: list[str]) -> float:
    """Return nanoseconds for each of *texts*."""
    seconds = min(timeit.repeat(lambda: [read(text) for text in texts], number=1, repeat=RUNS))
    return seconds / len(texts) * 1e9


def main() -> None:
    """Print nanoseconds for each reader."""
    texts = [(date(1990, 1, 1) + timedelta(days=day)).isoformat() for day in range(DAYS)]
    random.Random(0).shuffle(texts)
    reference = best(date.fromisoformat, texts)
    for name, read in (
        ("date.fromisoformat", date.fromisoformat),
        ("parse_span, each text again", parse_span),
        ("parse_span, each text for the first time", parse_span.__wrapped__),
    ):
        nanoseconds = best(read, texts)
        print(f"{nanoseconds:8.0f} ns  {nanoseconds / reference:5.1f} times  {name}")


if __name__ == "__main__":
    main()
