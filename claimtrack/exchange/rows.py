"""
Make records of the rows of a sheet, and name every bad cell at once.

Rows with one key are one *entry*: a claim with the ratings that each of its rows gives, or a piece
of evidence. Speakers and sources are looked for among those that are there, and made once if they
are not.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

import attrs

from claimtrack.errors import FieldError, did_you_mean
from claimtrack.exchange import cells
from claimtrack.exchange.ledger import COLUMN, ROW, Loss
from claimtrack.exchange.mapping import CLAIMS, Column, ColumnMapping
from claimtrack.exchange.names import Names, Table, folded, map_of
from claimtrack.exchange.sheets import CellProblem, Row, Sheet, printed, row_problems
from claimtrack.files.records import faults, fields_by_key
from claimtrack.files.toml_writer import SpanText
from claimtrack.model.claim import ClaimKind, QuoteKind
from claimtrack.model.records import FactKind, Stance
from claimtrack.model.registry import KINDS, Records
from claimtrack.model.scales import Scale

Cell: TypeAlias = tuple[int, str]
"""The number of a row and the head of a column."""

Scales: TypeAlias = Callable[[str], Scale | None]
"""Finds a scale by its id."""


@attrs.define
class Made:
    """
    A record that a row asks for.

    Args:
        kind: Of the record.
        table: Its keys as in files, in their order.
        places: The cell that each key comes from.
        is_dated_by_constant: For ratings: whether no cell says when they were given.
    """

    kind: str
    table: Table
    places: dict[str, Cell]
    is_dated_by_constant: bool = False

    @property
    def id(self) -> str:
        """The id of the record."""
        return str(self.table["id"])


@attrs.define
class Entry:
    """
    What all rows with one key ask for.

    Args:
        key: What the rows are known by.
        rows: Their numbers, the first of which gives the claim.
        main: The claim or the evidence; ratings are beside it.
        others: Further records, whose ids the format gives.
        cells: The cells of each row, by head.
    """

    key: str
    rows: list[int]
    main: Made
    ratings: list[Made] = attrs.Factory(list)
    cells: list[dict[str, str]] = attrs.Factory(list)
    others: list[Made] = attrs.Factory(list)

    @property
    def row(self) -> int:
        """The number of the first row."""
        return self.rows[0]


class Incoming:
    """
    What was read of one file, a sheet or another format: the entries, and what is not taken.

    Args:
        name: The name of the file, as problems show it.
        names: The speakers and sources.
        known_ids: The ids of claims and evidence by their keys, from the last import.
    """

    def __init__(self, name: str, names: Names, known_ids: Mapping[str, str]) -> None:
        self.name = name
        self.names = names
        self.known_ids = known_ids
        self.rows = 0
        self.problems: dict[int, list[CellProblem]] = {}
        self.losses: list[Loss] = []
        self.entries: dict[str, Entry] = {}
        self.unread_keys: set[str] = set()

    def problem(self, code: str, message: str, row: int | None, column: str | None) -> CellProblem:
        """Return a problem of this file."""
        return CellProblem(code=code, message=message, sheet=self.name, row=row, column=column)


class SheetReader(Incoming):
    """
    Reads the rows of one sheet.

    Args:
        sheet: What is read.
        mapping: What its columns mean, checked.
        names: The speakers and sources.
        scales: Finds scales.
        known_ids: The ids of claims and evidence by their keys, from the last import.
    """

    def __init__(
        self,
        sheet: Sheet,
        mapping: ColumnMapping,
        names: Names,
        scales: Scales,
        known_ids: Mapping[str, str],
    ) -> None:
        super().__init__(sheet.name, names, known_ids)
        self.sheet = sheet
        self.mapping = mapping
        self.rows = len(sheet.rows) + len(sheet.empty)
        self._columns = {
            one.target: (sheet.column(one.head), one)
            for one in mapping.columns
            if one.target != "status"
        }
        self._statuses = [
            (sheet.column(one.head), one) for one in mapping.columns if one.target == "status"
        ]
        scale = mapping.constants.get("scale")
        self.scale = None if scale is None else scales(scale)

    def read(self) -> None:
        """Read all rows into entries, problems and losses."""
        mapped = {one.head for one in self.mapping.columns}
        for head in self.sheet.heads:
            if head not in mapped:
                self.losses.append(Loss(what=COLUMN, field=head, why="no part of the mapping"))
        for number in self.sheet.empty:
            self.losses.append(Loss(what=ROW, at=str(number), why="the row is empty"))
        for row in self.sheet.rows:
            found = list(row_problems(self.sheet, row))
            reading = _RowReading(self, row)
            if not found:
                entry = reading.claim() if self.mapping.holds == CLAIMS else reading.evidence()
                found = reading.problems
                if not found and entry is not None:
                    self._keep(entry, row, found)
            if found:
                self.problems[row.number] = found
                self.unread_keys |= reading.keys()
        for number, problems in self.problems.items():
            self.losses.append(Loss(what=ROW, at=str(number), why="; ".join(map(str, problems))))

    def _keep(self, entry: Entry, row: Row, problems: list[CellProblem]) -> None:
        """Keep what a row says, together with other rows of its key."""
        wanted = entry.key
        ordinal = 1
        while (before := self.entries.get(entry.key)) is not None:
            if not _differing(before.main, entry.main):
                self._join(before, entry, row)
                return
            if "key" in self._columns:
                field = _differing(before.main, entry.main)
                message = (
                    f"the key {printed(wanted)!r} is that of row {before.row}, which has another "
                    f"{field}; expected a key for each claim"
                )
                head = self._columns["key"][1].head
                problems.append(self.problem("CT369", message, row.number, head))
                return
            ordinal += 1
            entry.key = f"{wanted} ({ordinal})"
        entry.main.table = {"id": self._id(entry), **entry.main.table}
        if "words" in self._columns or self.mapping.holds == CLAIMS:
            for rating in entry.ratings:
                rating.table["claim"] = entry.main.id
        self.entries[entry.key] = entry

    def _join(self, before: Entry, entry: Entry, row: Row) -> None:
        """Add the ratings of a further row of a key."""
        known = [_rating_of(one) for one in before.ratings]
        new = [one for one in entry.ratings if _rating_of(one) not in known]
        if not new:
            before.rows += entry.rows
            why = f"it says nothing that row {before.row} does not say"
            self.losses.append(Loss(what=ROW, at=str(row.number), why=why))
            return
        for rating in new:
            rating.table["claim"] = before.main.id
            before.ratings.append(rating)
        before.cells += entry.cells
        before.rows += entry.rows

    def _id(self, entry: Entry) -> str:
        kind = entry.main.kind
        known = self.known_ids.get(entry.key)
        if known is not None:
            return self.names.take(kind, known)
        is_keyed = "key" in self._columns
        if is_keyed and self.names.is_there(kind, entry.key):
            return entry.key
        wanted = self._wanted_id(entry, is_keyed=is_keyed)
        if self.names.is_there(kind, wanted) and self._is_same(kind, wanted, entry):
            return wanted
        return self.names.new_id(kind, wanted, entry.key)

    def _wanted_id(self, entry: Entry, *, is_keyed: bool) -> str:
        if not is_keyed:
            return cells.slug(entry.key)
        if cells.host_of(entry.key):
            parts = [part for part in entry.key.partition("://")[2].split("/") if part]
            return cells.slug(parts[-1])
        made = cells.slug(entry.key)
        return f"{entry.main.kind}-{made}" if made.isdigit() else made

    def _is_same(self, kind: str, id_: str, entry: Entry) -> bool:
        """Say whether a record that no import made is what a row asks for."""
        if any(one.main.id == id_ for one in self.entries.values()):
            return False
        there = None if self.names.records is None else map_of(self.names.records, kind)[id_]
        if kind == "claim":
            return cells.tidy(there.quote) == cells.tidy(entry.main.table["quote"])  # type: ignore[union-attr]
        return False


def _differing(one: Made, other: Made) -> str | None:
    """Return a key of two records, but the id, that differs; None if they are equal."""
    for key in {**one.table, **other.table}:
        if key != "id" and one.table.get(key) != other.table.get(key):
            return key
    return None


def _rating_of(made: Made) -> tuple[object, ...]:
    return tuple(made.table.get(key) for key in ("by", "scale", "rating", "published"))


class _RowReading:
    """Reads one row; what is wrong with it is gathered."""

    def __init__(self, reader: SheetReader, row: Row) -> None:
        self.reader = reader
        self.row = row
        self.problems: list[CellProblem] = []
        self.places: dict[str, Cell] = {}

    def _cell(self, target: str) -> tuple[str, str | None]:
        """Return what a column says of *target*, else the constant, and the column's head."""
        text, head = "", None
        if target in self.reader._columns:  # noqa: SLF001 - of this module
            place, column = self.reader._columns[target]  # noqa: SLF001
            head = column.head
            text = cells.words(self._at(place))
        if not cells.tidy(text):
            text = self.reader.mapping.constants.get(target, "")
        return text, head

    def _at(self, place: int) -> str:
        return self.row.cells[place] if place < len(self.row.cells) else ""

    def _refuse(self, error: FieldError, column: str | None) -> None:
        self.problems.append(
            self.reader.problem(error.code, error.message, self.row.number, column)
        )

    def _value(
        self, target: str, convert: Callable[[str], Any] = cells.words, *, is_needed: bool = False
    ) -> Any:  # noqa: ANN401 - whatever *convert* makes
        """Return what the row says of *target*; None if it says nothing or something bad."""
        text, head = self._cell(target)
        if not text:
            if is_needed:
                message = f"is empty; expected a value, or one for all rows: --set {target}=..."
                self._refuse(FieldError("CT367", message), head or target)
            return None
        try:
            return convert(text)
        except FieldError as error:
            self._refuse(error, head or target)
            return None

    def _put(self, table: Table, key: str, target: str, value: object) -> None:
        if value is None or value == []:
            return
        table[key] = value
        head = self.reader._columns[target][1].head if target in self.reader._columns else target  # noqa: SLF001
        self.places[key] = (self.row.number, head)

    def _day(self, text: str) -> SpanText:
        return SpanText(cells.day(text, self.reader.mapping.date_order))

    def _sources(self) -> list[str]:
        text, head = self._cell("address")
        publisher = self._value("publisher", cells.tidy)
        if not cells.tidy(text):
            self._value("address", is_needed=True)
            return []
        try:
            found = cells.addresses(text)
        except FieldError as error:
            self._refuse(error, head or "address")
            return []
        names = self.reader.names
        if not found:
            title = cells.tidy(text)
            return [names.source(title, publisher)]
        return [names.source(address, publisher) for address in found]

    def claim(self) -> Entry | None:
        """Return the claim and the ratings of the row; None if it has problems."""
        words = self._value("words", is_needed=True)
        said = self._value("said", self._day, is_needed=True)
        due = self._value("due", self._day)
        kind = self._value("kind", lambda text: _word(ClaimKind, text))
        quote_kind = self._value("quote_kind", lambda text: _word(QuoteKind, text))
        who = self._value("speaker", self.reader.names.speaker, is_needed=True)
        ratings = list(self._ratings())
        if self.problems:
            return None
        sources = self._sources()
        if self.problems:
            return None
        table: Table = {}
        self._put(table, "speaker", "speaker", who)
        self._put(table, "said", "said", said)
        self._put(table, "source", "address", sources[0])
        self._put(table, "quote", "words", words)
        self._put(table, "quote_kind", "quote_kind", quote_kind)
        self._put(table, "proposition", "proposition", self._value("proposition"))
        self._put(table, "kind", "kind", kind)
        if self.reader.scale is not None and self.reader._statuses:  # noqa: SLF001
            table["criterion"] = {"assessed": self.reader.scale.id}
            self._put(table, "due", "due", due)
        elif due is not None:
            self._put(table, "criterion", "due", {"judged": True, "by": due})
        else:
            table["criterion"] = {"judged": True}
        self._put(table, "topics", "topic", self._value("topic", _topics))
        self._put(table, "appearances", "address", sources[1:])
        self._put(table, "note", "note", self._value("note"))
        main = Made("claim", ordered("claim", table), self.places)
        self._check(main)
        for rating in ratings:
            self._check(rating)
        key = self._value("key", cells.tidy) or cells.tidy(words)
        return (
            None if self.problems else Entry(key, [self.row.number], main, ratings, [self._told()])
        )

    def _ratings(self) -> Iterator[Made]:
        for place, column in self.reader._statuses:  # noqa: SLF001
            text = cells.tidy(self._at(place))
            if text:
                yield from self._rating(text, column)

    def _rating(self, text: str, column: Column) -> Iterator[Made]:
        scale = self.reader.scale
        label = None if scale is None else scale.find(text)
        if scale is None or label is None:
            names = () if scale is None else tuple(one.name for one in scale.labels)
            hint = did_you_mean(text, names) or f"expected one of {', '.join(names)}"
            id_ = "" if scale is None else scale.id
            message = f"{printed(text)!r} is not a label of the scale {id_!r}; {hint}"
            self._refuse(FieldError("CT366", message), column.head)
            return
        by = self._value("by", cells.tidy, is_needed=True)
        if column.rated_on is not None:
            on: SpanText | None = SpanText(column.rated_on)
        else:
            on = self._value("rated_on", self._day, is_needed=True)
        table: Table = {"by": by, "scale": scale.id, "rating": label.name, "published": on}
        found = self._value("status_address", cells.addresses)
        if found:
            table["url"] = found[0]
        note = self._value("status_note")
        if note:
            table["note"] = note
        places = dict.fromkeys(table, (self.row.number, column.head))
        for key, target in {
            "published": "rated_on",
            "url": "status_address",
            "note": "status_note",
            "by": "by",
        }.items():
            if target in self.reader._columns:  # noqa: SLF001
                places[key] = (self.row.number, self.reader._columns[target][1].head)  # noqa: SLF001
        is_constant = column.rated_on is None and "rated_on" not in self.reader._columns  # noqa: SLF001
        yield Made("assessment", table, places, is_constant)

    def keys(self) -> set[str]:
        """Return what the row may be known by, whatever is wrong with it."""
        found = {cells.tidy(self._cell(target)[0]) for target in ("key", "words")}
        return found - {""}

    def evidence(self) -> Entry | None:
        """Return the piece of evidence of the row; None if it has problems."""
        records = self.reader.names.records
        table: Table = {}
        fact = self._value("fact", lambda text: _reference(records, "fact", text))
        claim = self._value("claim", lambda text: _reference(records, "claim", text))
        if fact is None and claim is None and not self.problems:
            target = "fact" if self.reader.mapping.has("fact") else "claim"
            self._value(target, is_needed=True)
        kind = None if fact is None or records is None else records.facts[fact].kind
        happened = self._value("happened", self._day)
        when = self._value("when", self._day)
        if kind in {FactKind.QUANTITY, FactKind.STATE} and when is None:
            happened, when = None, happened
        value = self._value("value", lambda text: self._fact_value(kind, text))
        published = self._value("published", self._day, is_needed=True)
        stance = self._value("stance", lambda text: _word(Stance, text))
        not_happened = self._value("not_happened", self._day)
        if self.problems:
            return None
        sources = self._sources()
        if self.problems:
            return None
        self._put(table, "source", "address", sources[0])
        self._put(table, "fact", "fact", fact)
        self._put(table, "claim", "claim", claim)
        self._put(table, "stance", "stance", stance)
        self._put(table, "happened", "happened", happened)
        self._put(table, "not_happened", "not_happened", not_happened)
        self._put(table, "value", "value", value)
        self._put(table, "when", "when" if self.reader.mapping.has("when") else "happened", when)
        self._put(table, "unit", "unit", self._value("unit"))
        self._put(table, "published", "published", published)
        self._put(table, "quote", "quote", self._value("quote"))
        self._put(table, "note", "note", self._value("note"))
        main = Made("evidence", ordered("evidence", table), self.places)
        self._check(main)
        key = self._value("key", cells.tidy) or f"{fact or claim} {sources[0]}"
        return None if self.problems else Entry(key, [self.row.number], main, [], [self._told()])

    def _fact_value(self, kind: FactKind | None, text: str) -> Decimal | str | bool:
        if kind is FactKind.STATE:
            return {"true": True, "false": False}.get(text.casefold(), text)
        return cells.number(text, self.reader.mapping.decimal)

    def _told(self) -> dict[str, str]:
        """Return the cells of the mapped columns that are not empty."""
        heads = [one.head for one in self.reader.mapping.columns]
        told = {head: cells.words(self._at(self.reader.sheet.column(head))) for head in heads}
        return {head: text for head, text in told.items() if text}

    def _check(self, made: Made) -> None:
        """Check the values of a record as a load does; ids are made later."""
        table = {"id": "x", **made.table}
        if made.kind == "assessment":
            table["claim"] = "x"
        for error in faults(KINDS[made.kind], table):
            key = str(error.path[0]) if error.path else None
            _, head = made.places.get(key or "", (0, None))
            message = error.message if head is not None else f"{error.subject} {error.message}"
            self._refuse(FieldError(error.code, message.strip()), head)


def _word(words: Any, text: str) -> str:  # noqa: ANN401 - an enumeration
    known = [one.value for one in words]
    folded = cells.tidy(text).casefold()
    if folded not in known:
        hint = did_you_mean(folded, known) or f"expected one of {', '.join(known)}"
        raise FieldError("CT103", f"{printed(text)!r} is not known; {hint}")
    return str(folded)


def _topics(text: str) -> list[str]:
    parts = text.replace("|", ";").replace("\n", ";").split(";")
    return list(dict.fromkeys(part for part in map(cells.tidy, parts) if part))


def _reference(records: Records | None, kind: str, text: str) -> str:
    plain = cells.tidy(text)
    found: Mapping[str, Any] = {} if records is None else map_of(records, kind)
    if plain in found:
        return plain
    for one in found.values():
        words = one.title if kind == "fact" else one.words
        if words is not None and folded(words) == folded(plain):
            return str(one.id)
    hint = did_you_mean(plain, found) or f"expected the id of a {kind} of the registry"
    raise FieldError("CT202", f"{kind} {printed(plain)!r} is not defined; {hint}")


def ordered(kind: str, table: Table) -> Table:
    """Return *table* with its keys in the order of files."""
    cls: Any = KINDS[kind]
    return {key: table[key] for key in fields_by_key(cls) if key in table}
