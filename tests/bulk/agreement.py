"""
Hold the bulk engine against the engine in Python.

Several registries go into one set of tables, because a database takes as long for one as for all
of them.
"""

from hypothesis import HealthCheck, Phase, given, settings

import claimtrack
from claimtrack.bulk import audit, tables_of
from claimtrack.strategies import registries
from tests.oracle.toml_writer import to_jsonl


def loaded(rows):
    return claimtrack.loads(to_jsonl(rows), "registry.jsonl")


def drawn(count):
    """Return as many drawn registries by number; the profile says whether the draws are new."""
    found = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(registries())
    def gather(registry):
        found.append(registry)

    gather()
    return {str(number): registry for number, registry in enumerate(found)}


def by_engine(registries, as_of, known_by):
    found = {}
    for name, registry in registries.items():
        for verdict in registry.audit(as_of, known_by=known_by):
            for reading in (verdict, *verdict.readings):
                key = (name, verdict.claim, getattr(reading, "name", None))
                found[key] = (
                    reading.status,
                    reading.late_days,
                    reading.late_days_min,
                    reading.due,
                )
    return found


def in_bulk(tables, as_of, known_by):
    rows = audit(tables, as_of=as_of, known_by=known_by).to_pyarrow().to_pylist()
    found = {
        (*row["claim"].split("/", 1), row["reading"]): tuple(
            row[column] for column in ("status", "late_days", "late_days_min", "due")
        )
        for row in rows
    }
    assert len(found) == len(rows)
    return found


def agree(registries, questions, connection=None):
    """
    Assert that both give the same statuses, and return which there were.

    Args:
        registries: Registries by name.
        questions: Days, each with the axis of knowledge.
        connection: Where the tables are put; DuckDB if None.
    """
    tables = tables_of(registries, connection)
    statuses = set()
    for as_of, known_by in questions:
        expected = by_engine(registries, as_of, known_by)
        found = in_bulk(tables, as_of, known_by)
        wrong = {
            key: (expected.get(key), found.get(key))
            for key in expected.keys() | found.keys()
            if expected.get(key) != found.get(key)
        }
        culprits = sorted({name for name, *_ in wrong})[:1]
        shown = [claimtrack.dumps(registries[name], form="jsonl") for name in culprits]
        assert wrong == {}, f"as of {as_of}, {known_by}, among others in:\n{''.join(shown)}"
        statuses |= {status for status, *_ in expected.values()}
    return statuses
