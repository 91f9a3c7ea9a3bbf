"""
Count the claims in a folder of Parquet files by status, as `claimtrack audit` does.

Usage: python benchmarks/bulk_ours.py FOLDER DAY [MEMORY]
"""

import sys

from claimtrack.bulk import audit, connect, read_parquet
from claimtrack.bulk.engines import rows

if __name__ == "__main__":
    folder, as_of, *memory = sys.argv[1:]
    connection = connect(memory=memory[0] if memory else None, folder=f"{folder}/spilled")
    statuses = audit(read_parquet(folder, connection), as_of=as_of)
    counted = statuses.group_by("status").agg(claims=statuses.count())
    for row in sorted(rows(counted), key=lambda row: str(row["status"])):
        print(row["status"], row["claims"])
