"""The functions that Python code calls: read a format, write a format."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from claimtrack.errors import ClaimTrackError, LoadError, did_you_mean
from claimtrack.exchange.averitec import read_averitec, write_averitec
from claimtrack.exchange.claimreview import (
    read_claimreview,
    read_factcheck_tools,
    write_claimreview,
)
from claimtrack.exchange.imports import read_rows
from claimtrack.exchange.ledger import Loss
from claimtrack.exchange.mapping import CLAIMS, ColumnMapping, guessed, refuse_constants
from claimtrack.exchange.merge import merged
from claimtrack.exchange.metaculus import read_metaculus, write_metaculus
from claimtrack.exchange.names import Names
from claimtrack.exchange.questions import read_fatebook, read_fever, read_manifold
from claimtrack.exchange.rows import Incoming
from claimtrack.exchange.sheets import read_sheet
from claimtrack.exchange.state import State
from claimtrack.files.records import record_of
from claimtrack.model.registry import KINDS, Records, Settings
from claimtrack.registry import Registry


class UnknownFormatError(ClaimTrackError, LookupError):
    """There is no such format, or it cannot be read or written."""

    def __init__(self, format: str, known: tuple[str, ...]) -> None:  # noqa: A002
        super().__init__(format, known)
        self.format = format
        self.known = known

    def __str__(self) -> str:
        hint = did_you_mean(self.format, self.known) or f"expected one of {', '.join(self.known)}"
        return f"CT373 format {self.format!r} is not known; {hint}"


@attrs.frozen(kw_only=True)
class Exchanged:
    """
    What was read from another format.

    Args:
        records: Of all kinds; speakers and sources come before the claims that name them.
        losses: What was not taken, and why.
    """

    records: tuple[Any, ...]
    losses: tuple[Loss, ...]

    def registry(self, settings: Settings | None = None) -> Registry:
        """
        Return a registry of the records.

        Raises:
            LoadError: They do not go together; it names every problem.
        """
        return Registry.of(*self.records, settings=settings)


def read(format: str, data: bytes | str, **options: Any) -> Exchanged:  # noqa: A002, ANN401
    r"""
    Read records from *data* in another format.

    Args:
        format: ``csv``, also for the bytes of a TSV or a workbook if *name* ends so; or
            ``averitec``, ``claimreview``, ``factcheck-tools``, ``fatebook``, ``fever``,
            ``manifold`` or ``metaculus``.
        data: The content of the file.
        options: For ``csv``: *name*, the name of the file; *holds*, ``claims`` or ``evidence``;
            *constants*, what no column says, by target; *mapping*, a `ColumnMapping` in place of
            the guess from the heads.

    Raises:
        LoadError: It cannot be read; it names every bad cell or record.
        MappingError: Something that every claim needs is in no column and no constant.
        UnknownFormatError: There is no such format.

    Example:
        >>> from claimtrack import exchange
        >>> sheet = "who,promise,when,url\nAnna,Taxes fall,2020-01-05,https://a.example/1\n"
        >>> read = exchange.read("csv", sheet)
        >>> [type(one).__name__ for one in read.records], read.losses
        (['Speaker', 'Source', 'Claim'], ())
    """
    if format not in READERS:
        raise UnknownFormatError(format, tuple(READERS))
    content = data.encode() if isinstance(data, str) else bytes(data)
    return READERS[format](content, **options)


def _read_csv(
    content: bytes,
    *,
    name: str = "sheet.csv",
    holds: str = CLAIMS,
    constants: Mapping[str, str] | None = None,
    mapping: ColumnMapping | None = None,
) -> Exchanged:
    settings = {"encoding": None, "delimiter": None, "tab": None}
    if mapping is not None:
        settings = {key: getattr(mapping, key) for key in settings}
        holds = mapping.holds
    constants = {key: str(value) for key, value in (constants or {}).items()}
    refuse_constants(constants, holds)
    sheet = read_sheet(content, name, **settings)
    if mapping is None:
        mapping = guessed(sheet, holds=holds, constants=constants)
    else:
        mapping = mapping.with_constants(constants)
    tables, losses, problems = read_rows(sheet, mapping)
    if problems:
        raise LoadError(problems)
    records = tuple(record_of(KINDS[kind], table) for kind, table in tables)
    return Exchanged(records=records, losses=losses)


def _read_documents(format_: str) -> Callable[..., Exchanged]:
    def read_format(content: bytes, *, name: str = "data") -> Exchanged:
        incoming = incoming_of(format_, content, name)
        tables = merged(incoming, Registry(), State(), remove=False).added
        records = tuple(record_of(KINDS[kind], table) for kind, table in tables)
        return Exchanged(records=records, losses=tuple(incoming.losses))

    return read_format


def incoming_of(
    format: str,  # noqa: A002
    content: bytes,
    name: str,
    records: Records | None = None,
    state: State | None = None,
) -> Incoming:
    """
    Return what a file in *format* holds.

    Args:
        format: One of `DOCUMENTS`.
        content: The bytes of the file.
        name: Its name, as problems show it.
        records: Those that it goes into.
        state: What the last import said.

    Raises:
        LoadError: It is not in the format (CT373).
    """
    state = State() if state is None else state
    incoming = Incoming(name, Names(records, state.names), state.ids())
    DOCUMENTS[format](content, incoming)
    return incoming


DOCUMENTS: Final[Mapping[str, Callable[[bytes, Incoming], None]]] = {
    "averitec": read_averitec,
    "claimreview": read_claimreview,
    "factcheck-tools": read_factcheck_tools,
    "fatebook": read_fatebook,
    "fever": read_fever,
    "manifold": read_manifold,
    "metaculus": read_metaculus,
}
"""By format that needs no mapping, what reads it."""

READERS: Final[Mapping[str, Callable[..., Exchanged]]] = {
    "csv": _read_csv,
    **{format_: _read_documents(format_) for format_ in DOCUMENTS},
}
"""By format, what reads it."""

WRITERS: Final[Mapping[str, Callable[[Records], tuple[str, tuple[Loss, ...]]]]] = {
    "averitec": write_averitec,
    "claimreview": write_claimreview,
    "metaculus": write_metaculus,
}
"""By format, what writes it."""


def write(format: str, registry: Records) -> tuple[str, tuple[Loss, ...]]:  # noqa: A002
    """
    Write *registry* in another format.

    Args:
        format: ``averitec``, ``claimreview`` or ``metaculus``.
        registry: What is written.

    Returns:
        The text of a file, and what it does not say.

    Raises:
        UnknownFormatError: There is no such format.
    """
    if format not in WRITERS:
        raise UnknownFormatError(format, tuple(WRITERS))
    return WRITERS[format](registry)
