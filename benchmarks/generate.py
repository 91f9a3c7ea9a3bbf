"""
Make a registry of any size for the benchmarks: claims that an event happens by a day.

Each claim has a fact of its own and a few reports on it. The same seed gives the same records,
as JSON lines or as a folder of TOML files.

Usage: python benchmarks/generate.py PATH CLAIMS, where PATH ends in .jsonl or is a folder.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

ITEMS: Final = 3
SOURCES: Final = 2_000
SPEAKERS: Final = 300
AS_OF: Final = date(2019, 6, 1)
FILES: Final = 20

_START: Final = date(2016, 1, 1)
_WORDS: Final = """
we will have finished the new line by then and gas will flow to every village of the north before
winter comes because the work goes on day and night without a pause
""".split()  # noqa: SIM905 - it is a sentence


def records(claims: int, seed: int = 1) -> Iterator[tuple[str, dict[str, Any]]]:
    """Iterate over the records of a registry, each with its kind."""
    chance = random.Random(seed)

    def day(days: int) -> date:
        return _START + timedelta(days=chance.randrange(days))

    yield "registry", {"title": "Made for a benchmark"}
    for number in range(SPEAKERS):
        yield "speaker", {"id": f"speaker-{number}", "name": f"Speaker No. {number}"}
    tiers = ("primary", "wire", "press", "reference", "social")
    for number in range(SOURCES):
        yield (
            "source",
            {
                "id": f"source-{number}",
                "publisher": f"Paper {number % 80}",
                "published": day(700).isoformat(),
                "tier": tiers[number % 5],
            },
        )
    for number in range(claims):
        yield "fact", {"id": f"fact-{number}", "kind": "event"}
        by = day(1500)
        yield (
            "claim",
            {
                "id": f"claim-{number}",
                "speaker": f"speaker-{chance.randrange(SPEAKERS)}",
                "said": day(700).isoformat(),
                "source": f"source-{chance.randrange(SOURCES)}",
                "quote": " ".join(chance.choices(_WORDS, k=15)),
                "criterion": {"event": f"fact-{number}", "by": by.isoformat()},
            },
        )
        for place in range(ITEMS):
            happened = by + timedelta(days=chance.randrange(-400, 400))
            published = happened + timedelta(days=chance.randrange(60))
            yield (
                "evidence",
                {
                    "id": f"evidence-{number}-{place}",
                    "fact": f"fact-{number}",
                    "source": f"source-{chance.randrange(SOURCES)}",
                    "published": published.isoformat(),
                    "happened": happened.isoformat(),
                },
            )


def write_lines(path: Path, claims: int) -> None:
    """Write the records as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for kind, record in records(claims):
            file.write(json.dumps({"type": kind, **record}) + "\n")


def write_tables(folder: Path, claims: int) -> None:
    """Write the records as TOML, spread over a few files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [(folder / f"part-{number:02d}.toml").open("w") for number in range(FILES)]
    for number, (kind, record) in enumerate(records(claims)):
        file = files[number % FILES]
        file.write("[registry]\n" if kind == "registry" else f"[[{kind}]]\n")
        for key, value in record.items():
            file.write(f"{key} = {_toml(key, value)}\n")
        file.write("\n")
    for file in files:
        file.close()


def _toml(key: str, value: Any) -> str:  # noqa: ANN401 - whatever a record holds
    if isinstance(value, dict):
        pairs = (f"{name} = {_toml(name, inner)}" for name, inner in value.items())
        return f"{{ {', '.join(pairs)} }}"
    return str(value) if key in {"said", "published", "happened", "by"} else json.dumps(value)


if __name__ == "__main__":
    target, size = Path(sys.argv[1]), int(sys.argv[2])
    if target.suffix == ".jsonl":
        write_lines(target, size)
    else:
        write_tables(target, size)
