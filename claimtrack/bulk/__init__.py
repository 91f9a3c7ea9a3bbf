"""
The rules inside a database engine, for more claims than fit into one Python process.

Needs the extra ``bulk``: Ibis with DuckDB, the default engine.
"""

from claimtrack.bulk.audit import audit
from claimtrack.bulk.tables import Tables, connect, tables_of
from claimtrack.bulk.warehouse import read_parquet, tables_in, write_parquet

__all__ = ["Tables", "audit", "connect", "read_parquet", "tables_in", "tables_of", "write_parquet"]
