"""
Bring a sheet together with a registry: three ways, value by value.

For each value there is what the sheet said at the last import, what it says now, and what the
registry says now. What the sheet did not change stays as the registry has it. What only the sheet
changed is set. Where both changed, the registry is left as it is, and the conflict is told again at
each import until they agree.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from claimtrack.errors import FieldError, LoadError
from claimtrack.exchange import cells
from claimtrack.exchange.names import Table
from claimtrack.exchange.rows import Entry, Incoming, Made, ordered
from claimtrack.exchange.sheets import CellProblem, printed
from claimtrack.exchange.state import KnownEntry, KnownRecord, State
from claimtrack.files.records import record_of, record_table
from claimtrack.model.claim import LINKS
from claimtrack.model.fields import shown
from claimtrack.model.registry import KINDS, PLURALS, InconsistentRecordsError
from claimtrack.model.scales import spelling
from claimtrack.registry import Registry

SIGNED = frozenset({"status", "signed", "reviewed"})
"""Keys that no sheet gives, and that do not keep a claim from being removed with its row."""


@attrs.define
class Plan:
    """
    What an import would do to a registry.

    Args:
        keys: The keys to set, by kind and id of their record; None takes a key out.
        added: New records: their kinds and tables.
        removed: The kinds and ids of records to take out.
        conflicts: Values that both sides changed, which are left (CT370).
        gone: Rows and ratings that are no longer in the sheet (CT371).
        missing: Records that somebody took out of the registry, which are not put back (CT372).
        state: What is known from now on.
        new: How many keys of the sheet are new, *changed* how many have another value.
    """

    state: State
    keys: dict[tuple[str, str], dict[str, Any]] = attrs.Factory(dict)
    added: list[tuple[str, Table]] = attrs.Factory(list)
    removed: set[tuple[str, str]] = attrs.Factory(set)
    conflicts: list[CellProblem] = attrs.Factory(list)
    gone: list[CellProblem] = attrs.Factory(list)
    missing: list[CellProblem] = attrs.Factory(list)
    places: dict[tuple[str, str], Made] = attrs.Factory(dict)
    new: int = 0
    changed: int = 0
    unchanged: int = 0


def merged(reader: Incoming, registry: Registry, state: State, *, remove: bool) -> Plan:
    """
    Return what is to be done so that *registry* says what the sheet says.

    Args:
        reader: The sheet, read.
        registry: As it is.
        state: What the last import said.
        remove: Whether records of rows that are gone are to be taken out.
    """
    return _Merge(reader, registry, state, remove=remove).plan()


def _whole(kind: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """Return *table* as it is written after a load, so that two ways to say one thing are equal."""
    return record_table(record_of(KINDS[kind], table))


class _Merge:
    def __init__(self, reader: Incoming, registry: Registry, state: State, *, remove: bool) -> None:
        self.reader = reader
        self.registry = registry
        self.before = state
        self.remove = remove
        self.result = Plan(State(names={**state.names, **reader.names.used}))
        self.ratings = {
            (one.claim, one.by, None if one.published is None else one.published.text): one.id
            for one in registry.assessments.values()
        }

    def plan(self) -> Plan:
        # Speakers and sources first: the records that name them are below.
        self.result.added += sorted(self.reader.names.made, key=lambda one: one[0] != "speaker")
        for id_, (publisher, labels) in self.reader.names.scales.items():
            self._scale(id_, publisher, {spelling(one): one for one in reversed(labels)})
        for entry in self.reader.entries.values():
            self._entry(entry)
        for key, known in self.before.entries.items():
            if key not in self.reader.entries:
                self._gone(known)
        needed = {
            str(table[key])
            for _, table in self.result.added
            for key in ("speaker", "source", "by")
            if key in table
        }
        needed |= {
            str(one) for _, table in self.result.added for one in table.get("appearances", ())
        }
        needed |= {
            str(one)
            for keys in self.result.keys.values()
            for key in ("speaker", "source", "appearances")
            for one in _listed(keys.get(key))
        }
        self.result.added = [
            (kind, table)
            for kind, table in self.result.added
            if kind not in {"speaker", "source"} or table["id"] in needed
        ]
        made = {(kind, table["id"]) for kind, table in self.result.added}
        names = self.result.state.names
        self.result.state.names = {
            (kind, text): id_
            for (kind, text), id_ in names.items()
            if self._has(kind, id_) or (kind, id_) in made
        }
        return self.result

    def _entry(self, entry: Entry) -> None:
        known = self.before.entries.get(entry.key)
        changes = len(self.result.keys), len(self.result.added), len(self.result.conflicts)
        records: list[KnownRecord] = []
        old = None if known is None else known.records[0]
        if old is not None and not self._has(old.kind, str(old.table["id"])):
            self._missing(entry, old)
            assert known is not None  # noqa: S101 - it has an old record
            self.result.state.entries[entry.key] = known
            return
        records.append(self._record(entry.main, old))
        before = [] if known is None else known.records[1:]
        records += self._ratings(entry, [one for one in before if one.kind == "assessment"])
        records += self._others(entry, [one for one in before if one.kind != "assessment"])
        self.result.state.entries[entry.key] = KnownEntry(entry.key, records, entry.cells)
        if old is None:
            self.result.new += 1
        elif changes != (
            len(self.result.keys),
            len(self.result.added),
            len(self.result.conflicts),
        ):
            self.result.changed += 1
        else:
            self.result.unchanged += 1

    def _scale(self, id_: str, publisher: str, found: Mapping[str, str]) -> None:
        """Add a publisher's own scale, or its new labels; an editor says what they say."""
        labels = [*found.values()][::-1]
        there = self.registry.scales.get(id_)
        if there is None:
            table = {"id": id_, "title": publisher, "label": [{"name": one} for one in labels]}
            self.result.added.append(("scale", table))
            return
        missing = [{"name": one} for one in labels if there.find(one) is None]
        if missing:
            known = record_table(there)["label"]
            self.result.keys["scale", id_] = {"label": [*known, *missing]}

    def _has(self, kind: str, id_: str) -> bool:
        return id_ in getattr(self.registry, PLURALS[kind])

    def _missing(self, entry: Entry, old: KnownRecord) -> None:
        name = f"{old.kind} {old.table['id']}"
        message = f"{name} has been taken out of the registry since it was imported; left out"
        self.result.missing.append(self.reader.problem("CT372", message, entry.row, None))

    def _record(self, made: Made, old: KnownRecord | None) -> KnownRecord:
        """Merge one record, and return what is known of it from now on."""
        self.result.places[made.kind, made.id] = made
        if not self._has(made.kind, made.id):
            self.result.added.append((made.kind, ordered(made.kind, made.table)))
            return KnownRecord(made.kind, dict(made.table))
        then = {} if old is None else _whole(made.kind, old.table)
        now = _whole(made.kind, made.table)
        here = record_table(getattr(self.registry, PLURALS[made.kind])[made.id])
        table = dict(made.table)
        for key in dict.fromkeys((*then, *now)):
            if then.get(key) == now.get(key) or here.get(key) == now.get(key):
                continue
            if here.get(key) == then.get(key):
                self.result.keys.setdefault((made.kind, made.id), {})[key] = made.table.get(key)
                continue
            self._conflict(made, key, then.get(key), now.get(key), here.get(key))
            # So that the same is told the next time.
            table.pop(key, None)
            if old is not None and key in old.table:
                table[key] = old.table[key]
        return KnownRecord(made.kind, table)

    def _conflict(self, made: Made, key: str, then: object, now: object, here: object) -> None:
        row, head = made.places.get(key, _first_place(made))
        location = None
        if self.registry.locations is not None:
            location = self.registry.locations.of(made.kind, made.id, (key,))
        where = f" ({location})" if location is not None else ""
        was = "" if then is None else f"was {_told(then)} and "
        message = (
            f"{was}is now {_told(now)}, but {made.kind} {made.id} has {key} = {_told(here)}"
            f"{where}; it is left as it is"
        )
        self.result.conflicts.append(self.reader.problem("CT370", message, row, head))

    def _ratings(self, entry: Entry, known: list[KnownRecord]) -> Iterator[KnownRecord]:
        pairs, left = _paired(entry.ratings, known)
        for made, old in pairs:
            if old is None:
                made.table = {"id": self._rating_id(made), **made.table}
            else:
                made.table = {"id": old.table["id"], **made.table}
                says_the_same = old.table.get("rating") == made.table["rating"]
                if made.is_dated_by_constant and says_the_same and "published" in old.table:
                    made.table["published"] = old.table["published"]
                if not self._has("assessment", made.id):
                    self._missing(entry, old)
                    yield old
                    continue
            yield self._record(made, old)
        replaced = {made.table["by"] for made, old in pairs if old is None}
        for old in left:
            if old.is_past or old.table.get("by") in replaced:
                old.is_past = True
                yield old
                continue
            kept = self._gone_record(old, entry.row)
            if kept is not None:
                yield kept

    def _others(self, entry: Entry, known: list[KnownRecord]) -> Iterator[KnownRecord]:
        """Merge the records whose ids the format gives."""
        left = {(one.kind, one.table["id"]): one for one in known}
        for made in entry.others:
            old = left.pop((made.kind, made.id), None)
            if old is not None and not self._has(made.kind, made.id):
                self._missing(entry, old)
                yield old
            else:
                yield self._record(made, old)
        for old in left.values():
            kept = self._gone_record(old, entry.row)
            if kept is not None:
                yield kept

    def _rating_id(self, made: Made) -> str:
        table = made.table
        published = table.get("published")
        there = self.ratings.get((table["claim"], table["by"], published))
        if there is not None:
            return there
        wanted = f"{table['claim']}-{cells.slug(table['by'], 40)}"
        dated = f"{wanted}-{cells.slug(published or table['rating'])}"
        names = self.reader.names
        if self._has("assessment", wanted) or names.is_taken("assessment", wanted):
            wanted = dated
        return names.new_id("assessment", wanted, f"{table['rating']} {dated}")

    def _gone(self, known: KnownEntry) -> None:
        """Tell of a row that is no longer there, or take its records out."""
        if known.key in self.reader.unread_keys:
            self.result.state.entries[known.key] = known
            return
        main, *others = known.records
        kept = [self._gone_record(main, None)]
        if kept == [None]:
            kept += [self._gone_record(one, None, quiet=True) for one in others]
        else:
            kept += others
        left = [one for one in kept if one is not None]
        if left:
            self.result.state.entries[known.key] = KnownEntry(known.key, left, known.cells)

    def _gone_record(
        self, old: KnownRecord, row: int | None, *, quiet: bool = False
    ) -> KnownRecord | None:
        id_ = str(old.table["id"])
        if not self._has(old.kind, id_):
            return None
        name = f"{old.kind} {id_}"
        if not self.remove:
            message = f"{name} is no longer in the sheet; it is left, --remove takes it out"
            self.result.gone.append(self._told_of_sheet("CT371", message, row))
            return old
        why = self._why_not_removed(old.kind, id_, old.table)
        if why is not None:
            message = f"{name} is no longer in the sheet, but {why}; it is left"
            self.result.conflicts.append(self._told_of_sheet("CT370", message, row))
            return old
        self.result.removed.add((old.kind, id_))
        if not quiet:
            message = f"{name} is no longer in the sheet; it is taken out"
            self.result.gone.append(self._told_of_sheet("CT371", message, row))
        return None

    def _told_of_sheet(self, code: str, message: str, row: int | None) -> CellProblem:
        name = self.reader.name
        return CellProblem(code=code, message=message, sheet=name, row=row)

    def _why_not_removed(self, kind: str, id_: str, table: Table) -> str | None:
        here = record_table(getattr(self.registry, PLURALS[kind])[id_])
        then = _whole(kind, table)
        keys = {key for key in (*here, *then) if here.get(key) != then.get(key)} - SIGNED
        if keys:
            return f"its {min(keys)} has been changed in the registry"
        if kind != "claim":
            return None
        return self._named_by.get(id_)

    @cached_property
    def _named_by(self) -> dict[str, str]:
        """The claims that records name which no import made, each with why it has to stay."""
        own = {
            (one.kind, str(one.table["id"]))
            for entry in self.before.entries.values()
            for one in entry.records
        }
        found: dict[str, str] = {}
        for kind in ("evidence", "forecast", "assessment"):
            for one in getattr(self.registry, PLURALS[kind]).values():
                if one.claim is not None and (kind, one.id) not in own:
                    found.setdefault(one.claim, f"{kind} {one.id} names it")
        for claim in self.registry.claims.values():
            for link in LINKS:
                for named in getattr(claim, link):
                    found.setdefault(named, f"claim {claim.id} names it")
        return found


def _listed(value: object) -> list[object]:
    return [] if value is None else list(value) if isinstance(value, list) else [value]


def _first_place(made: Made) -> "tuple[int, str | None]":
    row = next((place[0] for place in made.places.values()), 1)
    return row, None


def _told(value: object) -> str:
    return "nothing" if value is None else printed(shown(value))


def _paired(
    new: list[Made], known: list[KnownRecord]
) -> tuple[list[tuple[Made, KnownRecord | None]], list[KnownRecord]]:
    """
    Pair ratings of the sheet with those of the last import.

    The same assessor and day are the same rating; else the same assessor and label, whose day was
    mended. A new label on a new day is a new rating, and what it follows stays as history.
    """
    left = [*known]
    found: dict[int, KnownRecord] = {}
    for keys, past in ((("by", "published"), True), (("by", "rating"), False)):
        for place, made in enumerate(new):
            if place in found:
                continue
            for old in left:
                if (past or not old.is_past) and all(
                    old.table.get(key) == made.table.get(key) for key in keys
                ):
                    found[place] = old
                    left.remove(old)
                    old.is_past = False
                    break
    return [(made, found.get(place)) for place, made in enumerate(new)], left


def consistent(plan: Plan, registry: Registry, reader: Incoming) -> Registry:
    """
    Return *registry* as the plan makes it.

    Raises:
        LoadError: Its records would not go together; each problem names its cell.
    """
    problems: list[CellProblem] = []
    records = []
    tables = [*plan.added]
    for (kind, id_), keys in plan.keys.items():
        table = {**record_table(getattr(registry, PLURALS[kind])[id_]), **keys}
        tables.append((kind, {key: value for key, value in table.items() if value is not None}))
    for kind, table in tables:
        try:
            records.append(record_of(KINDS[kind], table))
        except FieldError as error:
            problems.append(_at_cell(plan, reader, kind, str(table["id"]), error))
    if problems:
        raise LoadError(tuple(problems))
    gone = [getattr(registry, PLURALS[kind])[id_] for kind, id_ in plan.removed]
    try:
        return registry.without(*gone).with_records(*records)
    except InconsistentRecordsError as error:
        found = tuple(
            _at_cell(plan, reader, one.kind, one.id, one.error) for one in error.reference_problems
        )
        raise LoadError(found) from None


def _at_cell(plan: Plan, reader: Incoming, kind: str, id_: str, error: FieldError) -> CellProblem:
    made = plan.places.get((kind, id_))
    key = str(error.path[0]) if error.path else ""
    place: tuple[int | None, str | None] = (None, None)
    if made is not None:
        place = made.places.get(key, _first_place(made))
    subject = f"{kind} {id_}: " if made is None or place[1] is None else ""
    return CellProblem(
        code=error.code,
        message=f"{subject}{error.message}",
        sheet=reader.name,
        row=place[0],
        column=place[1],
    )
