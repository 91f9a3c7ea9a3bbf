"""
Other people's formats: what comes in, what goes out, and what is lost on the way.

A spreadsheet goes through these modules in order: `sheets` reads it as texts with rows and columns,
`mapping` says what each column means, `rows` makes records and names the bad cells, with the
speakers and sources that `names` finds or makes, `merge` holds them
against the registry and against the `state` of the last import, and `imports` turns that into
changes of files, which it checks by loading them before anything is written. `ledger` has the
losses of all formats. Formats made of JSON (`claimreview`, `averitec`, `metaculus`) become the same
entries through `documents`, and are merged in the same way.
"""

from claimtrack.exchange.door import Exchanged, UnknownFormatError, read, write
from claimtrack.exchange.ledger import Loss
from claimtrack.exchange.mapping import ColumnMapping, MappingError

__all__ = [
    "ColumnMapping",
    "Exchanged",
    "Loss",
    "MappingError",
    "UnknownFormatError",
    "read",
    "write",
]
