"""
Look for 10,000 quotes in 100 MB of pinned copies, and print the time and the most memory.

The copies are pages of HTML and plain texts of invented words; nine quotes in ten stand in their
copy, and every tenth has one word changed, so that its nearest passage is looked for too. The
target is 60 seconds on two cores, and memory that does not grow with the number of copies.

``--share`` takes a part of both, such as 0.1, to see that time grows with the size.
"""

import argparse
import hashlib
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

from claimtrack import Claim, QuoteReport, Registry, Snapshot, Source, Speaker, check_quotes

QUOTES: Final = 10_000
BYTES: Final = 100_000_000
COPIES: Final = 200
TARGET: Final = 60.0


class Writer:
    """Writes invented pages with the same words in every run."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        letters = "etaoinshrdlucmfw"
        self.words = [
            "".join(self.chance.choices(letters, k=self.chance.randint(2, 10)))
            for _ in range(20_000)
        ]

    def paragraph(self) -> list[str]:
        """Return the words of one paragraph."""
        return self.chance.choices(self.words, k=self.chance.randint(30, 120))

    def page(self, size: int, *, is_html: bool) -> tuple[bytes, list[list[str]]]:
        """Return a page of about *size* bytes, and its paragraphs."""
        parts, paragraphs, written = ["<!doctype html><title>x</title>\n" if is_html else ""], [], 0
        while written < size:
            words = self.paragraph()
            text = " ".join(words)
            parts.append(f"<p>{text}.</p>\n" if is_html else f"{text}.\n\n")
            paragraphs.append(words)
            written += len(parts[-1])
        return "".join(parts).encode(), paragraphs

    def quote(self, paragraphs: list[list[str]], *, is_wrong: bool) -> str:
        """Return some words of one of the paragraphs, with one of them changed if it is wrong."""
        words = self.chance.choice(paragraphs)
        start = self.chance.randrange(len(words) - 12)
        found = words[start : start + self.chance.randint(6, 12)]
        if is_wrong:
            found[len(found) // 2] = "not"
        return " ".join(found)


def registry(folder: Path, share: float) -> Registry:
    """Write copies into *folder*, and return a registry that quotes them."""
    writer = Writer(1)
    copies, quotes = max(1, round(COPIES * share)), max(1, round(QUOTES * share))
    (folder / "snapshots").mkdir()
    records: list[Source | Claim | Speaker] = [Speaker(id="speaker")]
    pages = []
    for number in range(copies):
        is_html = number % 2 == 0
        content, paragraphs = writer.page(BYTES // COPIES, is_html=is_html)
        path = f"snapshots/{number}.{'html' if is_html else 'txt'}"
        (folder / path).write_bytes(content)
        snapshot = Snapshot(path=path, sha256=hashlib.sha256(content).hexdigest())
        records.append(Source(id=f"source-{number}", snapshot=snapshot))
        pages.append(paragraphs)
    for number in range(quotes):
        of = number % copies
        quote = writer.quote(pages[of], is_wrong=number % 10 == 0)
        records.append(
            Claim(
                id=f"claim-{number}",
                speaker="speaker",
                said="2019-01-01",
                source=f"source-{of}",
                quote=quote,
                not_checkable="-",
            )
        )
    return Registry().with_records(*records)


def main() -> int:
    """Run the benchmark, and return 1 if the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 2)[1])
    parser.add_argument("--share", type=float, default=1.0, help="a part of the full size")
    share = parser.parse_args().share
    with tempfile.TemporaryDirectory() as name:
        held = registry(Path(name), share)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        processor, clock = time.process_time(), time.perf_counter()
        report: QuoteReport = check_quotes(held, name)
        processor, clock = time.process_time() - processor, time.perf_counter() - clock
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    counts = Counter(check.answer.value for check in report.checks)
    print(f"{len(report.checks)} quotes in {report.pinned} copies: {dict(counts)}")
    print(f"{clock:.1f} s on the clock, {processor:.1f} s of processor time")
    print(f"{after / 1024:.0f} MB at most, {(after - before) / 1024:.0f} MB more than before")
    return int(clock > TARGET * share)


if __name__ == "__main__":
    sys.exit(main())
