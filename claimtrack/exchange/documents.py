"""
What formats made of JSON have in common: finding the items, and saying what of each is not taken.

Every value of an item is either taken, or taken in another form, or not taken; the last two have a
line in the ledger under the path of the value. So whatever is exported again is the item without
the values of the ledger.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any, Final

from claimtrack.errors import FieldError
from claimtrack.exchange import cells
from claimtrack.exchange.ledger import FIELD, ROW, Loss
from claimtrack.exchange.names import Table
from claimtrack.exchange.rows import Entry, Incoming, Made, ordered
from claimtrack.exchange.sheets import MAX_BYTES, MAX_CELLS, MAX_ROWS, refusal
from claimtrack.files.folder import LIMITS, too_deep
from claimtrack.files.jsonl import STRING
from claimtrack.files.records import faults
from claimtrack.files.toml_writer import SpanText
from claimtrack.model.registry import KINDS

NO_PLACE: Final = "there is no place for it"
NOT_NAMED: Final = "Not named"
"""The name of a speaker whom a format does not name."""

_DAY: Final = re.compile(r"(\d{4}-\d{2}(?:-\d{2})?)(T.*)?")
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)")
_MAX_FIELDS: Final = 2_000
"""Values of one item that are told one by one."""


class _Scripts(HTMLParser):
    """Gathers the JSON-LD of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = dict(attrs).get("type") or ""
        self._inside = tag == "script" and kind.partition(";")[0].strip() == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found.append(data)


def documents_of(content: bytes, name: str) -> list[Any]:
    """
    Return the JSON values of a file: of JSON, of lines of JSON, or of a page with JSON-LD.

    Raises:
        LoadError: It holds none (CT373).
    """
    if len(content) > MAX_BYTES:
        raise refusal(name, "CT373", f"the file has more than {MAX_BYTES} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal(
            name, "CT373", f"the byte 0x{content[error.start]:02x} is not UTF-8"
        ) from None
    if text.lstrip().startswith("<"):
        return _of_page(text, name)
    try:
        return [_parsed(text)]
    except ValueError as error:
        if "\n" not in text.strip():  # one line has been tried
            raise refusal(name, "CT373", f"the file is not JSON: {error}") from None
    if text.count("\n") > MAX_ROWS:
        raise refusal(name, "CT373", f"the file holds more than {MAX_ROWS} lines")
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            found += [_parsed(line)] if line.strip() else []
        except ValueError as error:
            raise refusal(name, "CT373", f"the line is not JSON: {error}", number) from None
    return found


def _of_page(text: str, name: str) -> list[Any]:
    scripts = _Scripts()
    scripts.feed(text)
    found = []
    for script in scripts.found:
        try:
            found.append(_parsed(script))
        except ValueError as error:
            raise refusal(name, "CT373", f"the JSON-LD of the page is not JSON: {error}") from None
    if not found:
        raise refusal(name, "CT373", "the page holds no JSON-LD")
    return found


def _parsed(text: str) -> Any:  # noqa: ANN401 - any JSON
    """
    Return the value of a JSON text.

    Raises:
        ValueError: It is not JSON, or it would take too much memory or too deep a stack.
    """
    opening = text.count("[") + text.count("{")
    if opening > LIMITS.nesting and too_deep(text, STRING, LIMITS.nesting) is not None:
        message = f"it nests deeper than {LIMITS.nesting} levels"
        raise ValueError(message)
    if opening > MAX_CELLS:
        message = f"it has more than {MAX_CELLS} lists and objects"
        raise ValueError(message)
    return json.loads(text)


def first(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the first of a list, or what is no list."""
    while isinstance(value, list):
        value = value[0] if value else None
    return value


def leaves(value: object, path: str = "") -> Iterator[str]:
    """Iterate over the paths of the values in *value* that say something, such as ``a.b[1]``."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{number}]")
    elif value is not None and value != "":
        yield path


class Item:
    """
    One item of a document, of which values are taken by their paths.

    Args:
        incoming: What it becomes part of.
        number: Its number in the file, from 1.
        at: What it is known by in the ledger.
        value: The item itself.
    """

    def __init__(self, incoming: Incoming, number: int, at: str, value: Mapping[str, Any]) -> None:
        self.incoming = incoming
        self.number = number
        self.at = at
        self.value = value
        self._taken: set[str] = set()
        self._changed: dict[str, str] = {}
        incoming.rows += 1

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """Return the value at *path*, keys joined by dots; of lists, the first element."""
        value: Any = self.value
        for key in path.split("."):
            value = first(value)
            if not isinstance(value, Mapping):
                return None
            value = value.get(key)
        return value

    def text(self, path: str) -> str | None:
        """Take a text, or a number as a text; what has another form has a line in the ledger."""
        whole = self.get(path)
        value = first(whole)
        if isinstance(value, Mapping):
            value = next((value[key] for key in ("@value", "name", "url") if key in value), None)
        if isinstance(value, bool | float | int):
            value = json.dumps(value)
        if not isinstance(value, str) or not value.strip():
            return None
        taken = value.strip()
        self.take(path)
        parts = path.split(".")
        for number in range(1, len(parts)):
            above = ".".join(parts[:number])
            if isinstance(self.get(above), list):
                self.change(above, "it is a list, of which the first is taken")
        if whole != taken:
            self.change(path, f"it is taken as {taken[:60]!r}")
        return taken

    def day(self, path: str) -> str | None:
        """Take a day; a time of the day is left out, with a line in the ledger."""
        value = self.text(path)
        if value is None:
            return None
        found = _DAY.fullmatch(value)
        try:
            made = cells.day(found[1] if found else value)
        except FieldError as error:
            self.change(path, error.message)
            return None
        if made != value:
            self.change(path, f"it is taken as {made}")
        return made

    def time(self, path: str) -> SpanText | None:
        """Take a date-time to the second, or a day; milliseconds since 1970 are one too."""
        milliseconds = first(self.get(path))
        if isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool):
            self.take(path)
            try:
                moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
            except (ValueError, OverflowError, OSError):
                self.change(path, "it is no time")
                return None
            return SpanText(f"{moment:%Y-%m-%dT%H:%M:%S}Z")
        value = self.text(path)
        if value is None:
            return None
        found = _TIME.fullmatch(value)
        if not found:
            return span(self.day(path))
        made = f"{found[1]}{found[3]}"
        if made == value == self.get(path):
            self.accept(path)
        else:
            self.change(path, f"it is taken as {made}")
        return SpanText(made)

    def take(self, path: str) -> None:
        """Say that what stands at *path*, and below it, is taken."""
        self._taken.add(path)

    def accept(self, path: str) -> None:
        """Say that what stands at *path* is taken as it stands after all."""
        self.take(path)
        self._changed.pop(path, None)

    def change(self, path: str, why: str) -> None:
        """Say that what stands at *path* is not taken as it stands."""
        self._changed.setdefault(path, why)

    def refuse(self, why: str) -> None:
        """Say that the whole item is not taken."""
        self.incoming.losses.append(Loss(what=ROW, at=self.at, why=why))

    def keep(
        self,
        key: str,
        wanted_id: str,
        claim: Table,
        ratings: Iterable[Table] = (),
        others: Iterable[tuple[str, Table]] = (),
    ) -> str | None:
        """
        Keep the claim that the item became, and tell of the values that were not taken.

        Args:
            key: What it is known by from import to import.
            wanted_id: The id of the claim, if that is free.
            claim: Its keys but the id.
            ratings: Assessments without id and claim.
            others: Kinds and tables of further records; those without a claim get this one.

        Returns:
            The id of the claim; None if the item is not taken.
        """
        incoming = self.incoming
        if key in incoming.entries:
            row = incoming.entries[key].row
            self.refuse(f"it says what item {row} says")
            return None
        id_ = incoming.known_ids.get(key)
        if id_ is None and incoming.names.is_there("claim", wanted_id):
            id_ = wanted_id
        if id_ is None:
            id_ = incoming.names.new_id("claim", wanted_id, key)
        main = self._made("claim", {"id": id_, **claim})
        made = [self._made("assessment", {"claim": id_, **one}) for one in ratings]
        further = [self._made(kind, {"claim": id_, **table}) for kind, table in others]
        wrong = [error for one in (main, *made, *further) for error in _faults(one)]
        if wrong:
            self.refuse("; ".join(f"{one.code} {one.subject} {one.message}" for one in wrong))
            return None
        incoming.entries[key] = Entry(key, [self.number], main, made, [], further)
        self._tell()
        return id_

    def _made(self, kind: str, table: Table) -> Made:
        kept = {key: value for key, value in table.items() if value is not None and value != []}
        return Made(kind, ordered(kind, kept), {})

    def _tell(self) -> None:
        losses = [
            Loss(what=FIELD, at=self.at, field=path, why=why) for path, why in self._changed.items()
        ]
        told = 0
        for path in leaves(self.value):
            plain = re.sub(r"\[\d+\]", "", path)
            parts = plain.split(".")
            above = {".".join(parts[:number]) for number in range(1, len(parts) + 1)}
            if above & self._taken or above & self._changed.keys():
                continue
            told += 1
            if told > _MAX_FIELDS:
                break
            losses.append(Loss(what=FIELD, at=self.at, field=path, why=NO_PLACE))
        self.incoming.losses += losses


def read_item(item: Item, read: Callable[[Item], None]) -> None:
    """Read one *item*; what cannot be told apart, such as two speakers of one name, refuses it."""
    try:
        read(item)
    except FieldError as error:
        item.refuse(error.message)


def _faults(made: Made) -> Iterator[FieldError]:
    kept = {"id": "x", **made.table}
    return faults(KINDS[made.kind], kept)


def span(day: str | None) -> SpanText | None:
    """Return a day as the text of a span."""
    return None if day is None else SpanText(day)


def items_in(value: Any, is_item: Any, name: str) -> list[Mapping[str, Any]]:  # noqa: ANN401
    """
    Return the mappings in *value*, however deep, that are items; those within an item are not.

    Raises:
        LoadError: There are too many (CT373).
    """
    found: list[Mapping[str, Any]] = []
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Mapping):
            if is_item(here):
                found.append(here)
                if len(found) > MAX_ROWS:
                    raise refusal(name, "CT373", f"the file holds more than {MAX_ROWS} items")
                continue
            waiting += reversed([*here.values()])
        elif isinstance(here, list):
            waiting += reversed(here)
    return found
