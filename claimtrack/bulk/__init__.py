"""
The rules inside a database engine, for more claims than one process should hold.

Needs the extra ``bulk``: Ibis with DuckDB, which is the engine where no other is named.
"""

from claimtrack.bulk.audit import audit
from claimtrack.bulk.tables import Tables, connect, tables_of
from claimtrack.bulk.warehouse import read_parquet, tables_in, write_parquet

__all__ = ["Tables", "audit", "connect", "read_parquet", "tables_in", "tables_of", "write_parquet"]
