"""
Make the tables of very many claims with DuckDB, without a registry.

Each claim is that an event happens by a day, with three items on it; one in thirty is a denial.

Usage: python benchmarks/bulk_data.py FOLDER CLAIMS
"""

import sys
from pathlib import Path

import duckdb

from claimtrack.bulk.schema import CRITERIA, EVIDENCE, OPEN

_TYPES = {"text": "VARCHAR", "order": "VARCHAR", "day": "BIGINT", "count": "BIGINT"}


def tables(claims: int) -> dict[str, str]:
    """Return a query for each table."""
    base = (
        f"SELECT i, 735964 + (hash(i) % 700)::BIGINT AS said, "  # noqa: S608 - our own numbers
        f"736400 + (hash(i * 7 + 1) % 1500)::BIGINT AS due FROM range({claims}) t(i)"
    )
    criteria = {
        **_empty(CRITERIA),
        "node": "i + 1",
        "tree": "i + 1",
        "depth": "0",
        "claim": "'claim-' || i",
        "role": "'main'",
        "kind": "'event'",
        "needed": "1",
        "members": "0",
        "fact": "'fact-' || i",
        "zone": "''",
        "low": str(-OPEN),
        "high": "due",
        "worst_rank": "5",
        "by_tier": "false",
        "once": "false",
        "grows": "false",
        "test_open": "false",
    }
    evidence = {
        **_empty(EVIDENCE),
        "id": "'evidence-' || i || '-' || k",
        "zone": "''",
        "fact": "'fact-' || i",
        "source": "'source-' || hash(i + k) % 2000",
        "published": "day + (hash(i * k) % 60)::BIGINT",
        "denies": "k = 2 AND hash(i * 11) % 10 = 0",
        "last": "day",
        "first": f"CASE WHEN k = 2 AND hash(i * 11) % 10 = 0 THEN {-OPEN} ELSE day END",
    }
    items = (
        f"SELECT i, k, 736400 + (hash(i * 5 + k * 17) % 1600)::BIGINT AS day "  # noqa: S608
        f"FROM range({claims}) t(i), range(3) u(k)"
    )
    return {
        "claims": f"SELECT 'claim-' || i AS id, said, said AS said_last, NULL::BIGINT AS due, "  # noqa: S608
        f"0::BIGINT AS grace, NULL::BIGINT AS annulled FROM ({base})",
        "criteria": f"SELECT {_columns(criteria, CRITERIA)} FROM ({base})",  # noqa: S608
        "evidence": f"SELECT {_columns(evidence, EVIDENCE)} FROM ({items})",  # noqa: S608
        "sources": "SELECT 'source-' || i AS id, 'paper-' || i % 80 AS witness, "
        "(i % 6)::BIGINT AS rank FROM range(2000) t(i)",
        "supersedes": "SELECT '' AS superseded, '' AS superseding, '' AS zone, "
        "NULL::BIGINT AS published, NULL::BIGINT AS recorded, NULL::BIGINT AS withdrawn LIMIT 0",
    }


def _empty(columns: object) -> dict[str, str]:
    assert isinstance(columns, dict)  # noqa: S101 - it is a table of the schema
    return dict.fromkeys(columns, "NULL")


def _columns(values: dict[str, str], columns: object) -> str:
    assert isinstance(columns, dict)  # noqa: S101 - it is a table of the schema
    return ", ".join(
        f"({value})::{_TYPES.get(columns[name].type, 'BOOLEAN')} AS {name}"
        for name, value in values.items()
    )


def write(folder: Path, claims: int) -> None:
    """Write the tables as Parquet files."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    for name, query in tables(claims).items():
        connection.execute(f"COPY ({query}) TO '{folder / name}.parquet' (FORMAT parquet)")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
