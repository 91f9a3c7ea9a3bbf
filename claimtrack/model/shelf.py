"""Records of one kind, by id."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol, TypeVar
from unicodedata import normalize

from claimtrack.errors import UnknownRecordError, nearest_to


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """The id, unique on its shelf."""


Kept = TypeVar("Kept", bound=Identified)

MAX_NEAREST: Final = 20_000
"""Above so many ids no nearest one is looked for: it would take longer than the load."""


class Shelf(Mapping[str, Kept]):
    """
    An immutable mapping from id to record, in the order in which the records were given.

    Two shelves are equal if they hold equal records, in whatever order.

    Args:
        kind: What an error calls one of the records: ``claim``, ``fact``.
        records: By id.
    """

    __slots__ = ("_records", "kind")

    def __init__(self, kind: str, records: dict[str, Kept]) -> None:
        self.kind = kind
        self._records = records

    def __getitem__(self, id: str) -> Kept:  # noqa: A002
        try:
            return self._records[id]
        except KeyError:
            other = normalize("NFC", id) if isinstance(id, str) else id
            if other in self._records:
                return self._records[other]
            raise UnknownRecordError(self.kind, id, self.nearest(id)) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, id: object) -> bool:  # noqa: A002
        return id in self._records or (
            isinstance(id, str) and not id.isascii() and normalize("NFC", id) in self._records
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Shelf):
            return NotImplemented
        return self._records == other._records

    def __hash__(self) -> int:
        return hash(frozenset(self._records.items()))

    def __repr__(self) -> str:
        return f"<Shelf of {self.kind}: {len(self)}>"

    def __reduce__(self) -> tuple[type["Shelf[Kept]"], tuple[str, dict[str, Kept]]]:
        return type(self), (self.kind, self._records)

    @property
    def by_id(self) -> Mapping[str, Kept]:
        """The plain mapping underneath, for loops that look up very often."""
        return self._records

    def nearest(self, id: str) -> str | None:  # noqa: A002
        """Return the id on the shelf that is most like *id*, or None if none is like it."""
        return None if len(self) > MAX_NEAREST else nearest_to(id, self._records)


def shelve(kind: str, records: Iterable[Kept]) -> tuple[Shelf[Kept], tuple[str, ...]]:
    """Return a shelf of *records*, and the ids that more than one of them claimed."""
    by_id: dict[str, Kept] = {}
    taken = [record.id for record in records if by_id.setdefault(record.id, record) is not record]
    return Shelf(kind, by_id), tuple(taken)
