"""
Decide "the event happens by a day" in SQL by hand: the yardstick of the bulk engine.

It reads the same Parquet files as `claimtrack audit --engine duckdb`, knows that one rule with
conflict, lateness and grace, and nothing else: no other leaf, no composites, readings, tiers,
witnesses, conditions or zones, and it looks at no schema. Nobody may make it slower.

Usage: python benchmarks/bulk_sql.py FOLDER DAY
"""

import sys
from datetime import date

import duckdb

QUERY = """
WITH known AS (
    SELECT * FROM '{folder}/evidence.parquet'
    WHERE published <= {day} AND (withdrawn IS NULL OR withdrawn > {day})
),
decided AS (
    SELECT
        claims.id, any_value(criteria.high) AS due, any_value(claims.grace) AS grace,
        count(known.id) AS heard,
        min(CASE WHEN NOT known.denies AND criteria.low <= known.first
            THEN known.last - criteria.high END) AS shown_from,
        max(CASE WHEN known.denies AND known.first <= criteria.low
            THEN known.last - criteria.high END) AS refuted_to
    FROM '{folder}/claims.parquet' AS claims
    JOIN '{folder}/criteria.parquet' AS criteria ON criteria.claim = claims.id
    LEFT JOIN known ON known.fact = criteria.fact
    WHERE claims.said <= {day}
    GROUP BY claims.id
),
statuses AS (
    SELECT id, CASE
        WHEN shown_from <= 0 AND refuted_to >= 0 THEN 'conflicting'
        WHEN shown_from <= 0 THEN 'held'
        WHEN refuted_to >= 0 AND shown_from IS NOT NULL THEN 'late'
        WHEN refuted_to >= 0 THEN 'failed'
        WHEN {day} <= due + grace THEN 'pending'
        WHEN heard > 0 THEN 'not-enough-evidence'
        ELSE 'overdue'
    END AS status FROM decided
)
SELECT status, count(*) FROM statuses GROUP BY status ORDER BY status
"""

if __name__ == "__main__":
    folder, as_of = sys.argv[1:]
    day = date.fromisoformat(as_of).toordinal()
    for status, count in duckdb.execute(QUERY.format(folder=folder, day=day)).fetchall():
        print(status, count)
