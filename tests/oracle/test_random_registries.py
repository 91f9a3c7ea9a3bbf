import tomllib
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.oracle.known import Registry
from tests.oracle.random_registries import days_that_tell, make, spans_in, write
from tests.oracle.rules import audit, leaves
from tests.oracle.toml_writer import to_toml

SEEDS = range(100)


def as_rows(data: dict[str, Any]) -> Registry:
    """Return what the standard library read, with the one table of settings as a row too."""
    return {kind: rows if isinstance(rows, list) else [rows] for kind, rows in data.items()}


def test_the_same_seed_gives_the_same_registry() -> None:
    assert make(7) == make(7)
    assert make(7) != make(8)


def test_the_standard_library_reads_back_what_was_written() -> None:
    for seed in SEEDS:
        registry = make(seed)

        assert as_rows(tomllib.loads(to_toml(registry), parse_float=Decimal)) == registry


def test_a_folder_holds_every_record_once(tmp_path: Path) -> None:
    registry = make(3)

    write(registry, tmp_path, 3)

    text = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    for kind in ("source", "fact", "evidence", "claim", "assessment"):
        headers = text.count(f"[[{kind}]]\n") + text.count(f'{{"type": "{kind}", ')
        assert headers == len(registry[kind])


def test_every_status_and_every_form_comes_up() -> None:
    statuses: Counter[str] = Counter()
    kinds: Counter[tuple[str, ...]] = Counter()
    moments = 0
    for seed in SEEDS:
        registry = make(seed)
        moments += sum(isinstance(value, datetime) for value in spans_in(registry))
        for claim in registry["claim"]:
            for leaf in leaves(claim.get("criterion", {"all": []})):
                kinds[tuple(key for key in leaf if key in FORMS)] += 1
        for as_of in days_that_tell(registry, seed, 4):
            verdicts = audit(registry, as_of)["claims"].values()
            statuses.update(verdict["status"] for verdict in verdicts)

    assert set(statuses) == STATUSES
    assert len(kinds) >= 30
    assert moments > 50


def test_the_days_to_ask_about_are_ordinary_days() -> None:
    assert all(isinstance(day, date) for day in days_that_tell(make(1), 1, 5))


FORMS = {"event", "quantity", "state", "judged", "by", "before", "after", "during", "throughout"}
FORMS |= {"assessed", "supports", "refutes"}
FORMS |= {"at", "at_least", "at_most", "above", "below", "equals", "between", "is", "samples"}
STATUSES = {"held", "late", "partly", "failed", "conflicting", "pending", "overdue"}
STATUSES |= {"not-enough-evidence", "not-checkable", "annulled"}
