"""Entering a record step by step: each answer is checked, and kept if the work is interrupted."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import click

from claimtrack.cli.entry import (
    add_records,
    given_values,
    load_for_entry,
    toml_value,
    write_changes,
)
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.printing import print_text
from claimtrack.edit.append import reading_from, record_from, with_reading
from claimtrack.edit.change import FileChange, write_all
from claimtrack.errors import ClaimTrackError, FieldError, nearest_to
from claimtrack.escape import for_log_line
from claimtrack.exchange.cells import archived, host_of, slug, tidy
from claimtrack.files.broken import errors_of_broken
from claimtrack.files.locations import Locations
from claimtrack.files.records import faults
from claimtrack.model.fields import identifier
from claimtrack.model.records import FactKind
from claimtrack.model.registry import KINDS, PLURALS
from claimtrack.model.span import parse_span
from claimtrack.registry import Registry

LISTED: Final = 12
"""Records of a kind that are named before a question; of more, these are the last ones."""

MAX_DRAFT: Final = 1_000_000
"""Bytes of a draft that are read."""

NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "speaker": ("name", "aliases"),
    "source": ("title", "url", "archived_url"),
    "fact": ("title",),
    "claim": ("quote", "proposition"),
}
"""The fields by which people call a record of each kind, besides its id."""

REFERENCES: Final = {"speaker": "speaker", "source": "source", "fact": "fact", "claim": "claim"}
"""The kinds of the records that keys of records name; ``by`` of a forecast is a speaker."""


def ask(option: str, words: str, **prompt: Any) -> Any:  # noqa: ANN401 - as click has it
    """
    Return the answer to a question in place of *option*.

    Raises:
        Abort: The user aborted.
        UsageError: The standard input is at its end.
    """
    try:
        return click.prompt(words, **prompt)
    except click.Abort as error:
        if not isinstance(error.__context__, EOFError):
            raise
        print_text()
        message = f"{option} is missing."
        raise click.UsageError(message) from error


class Entry:
    """
    One record that is being entered, with those that are made on the way.

    Args:
        path: Of the registry, which may not be there yet.
        kind: The kind of the record.
        given: The values of the options.
        file: The file to put it in, or None.
        yes: Whether to write without asking.
        makes: Whether to make, without asking, what the options name and is not there.
    """

    def __init__(
        self,
        path: str,
        kind: str,
        given: Mapping[str, object],
        *,
        file: str | None,
        yes: bool,
        makes: bool = False,
    ) -> None:
        self.path = path
        self.kind = kind
        self.file = file
        self.yes = yes
        self.makes = makes
        self.seen, self.registry = load_for_entry(path)
        self.begun_with: Registry = self.registry
        self.table: dict[str, Any] = given_values(given)
        self.made: list[tuple[str, dict[str, Any]]] = []
        self._typed: dict[str, str] = {}
        self._draft = _draft_of(path, kind)
        self._kept = {} if yes else _read_draft(self._draft)
        self._is_told = False

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep what was typed in a file if the work ends before the record is written."""
        try:
            yield
        except (click.ClickException, click.Abort, ClaimTrackError, OSError):
            self._keep()
            raise

    def add(self) -> ExitStatus:
        """
        Check the record and those made on the way as a load would, show them, and write them.

        Raises:
            LoadError: It is not valid in the registry.
            ChangedMeanwhileError: A file of the registry was changed since it was loaded.
            OSError: A file or its folder cannot be written.
        """
        records = [*self.made, (self.kind, self.table)]
        status = add_records(
            self.begun_with, self.path, records, seen=self.seen, file=self.file, yes=self.yes
        )
        self._end(status)
        return status

    def add_reading(self) -> ExitStatus:
        """
        Check the reading as a load would, show it, and write it below its claim.

        Raises:
            UnknownRecordError: There is no such claim.
            LoadError: The reading is not valid in the registry.
            ChangedMeanwhileError: A file of the registry was changed since it was loaded.
            EditError: The file is written in a way that cannot be changed safely.
            OSError: It cannot be written.
        """
        table = dict(self.table)
        claim = self.begun_with.claims[str(table.pop("claim"))]
        locations = self.begun_with.locations
        assert isinstance(locations, Locations)  # noqa: S101 - as of any loaded registry
        file = locations.file_of("claim", claim.id) or self.path
        change = with_reading(Path(file), claim, reading_from(self.begun_with, claim, table))
        status = write_changes(
            self.path,
            [change],
            question="add it?",
            done=[f"added a reading of claim {claim.id} to {file}"],
            seen=self.seen,
            yes=self.yes,
        )
        self._end(status)
        return status

    def _end(self, status: ExitStatus) -> None:
        """Delete the draft if the record is written, and otherwise keep what was typed."""
        if status is not ExitStatus.DONE:
            self._keep()
        elif self._kept or self._typed:
            self._draft.unlink(missing_ok=True)

    def complete(
        self, questions: Mapping[str, str], optional: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """
        Ask for the values that are not given.

        Args:
            questions: The questions for required values, by key.
            optional: The questions for values that may be left empty.
        """
        for key, words in questions.items():
            if key not in self.table:
                self.table[key] = self.answer(key, words)
        for key, words in optional.items():
            if key not in self.table and not self.yes:
                value = self.answer(key, f"{words}, or nothing", is_needed=False)
                self.table |= {} if value is None else {key: value}

    def answer(
        self,
        key: str,
        words: str,
        *,
        option: str | None = None,
        default: str | None = None,
        is_needed: bool = True,
        read: Callable[[str], Any] | None = None,
        **prompt: Any,  # noqa: ANN401 - as click has it
    ) -> Any:  # noqa: ANN401 - of any type that a record holds
        """
        Return the answer to the question for the value of *key*, asked until it is right.

        Args:
            key: The key of the record, under which what is typed is kept.
            words: The question.
            option: What is missing if there is no answer; the option of *key* if None.
            default: The answer if nothing is typed, where nothing was typed before.
            is_needed: Whether there has to be one; otherwise None is returned for none.
            read: Makes a value of a text, or raises a `FieldError`; as the field does if None.
            prompt: Passed on to the prompt.
        """
        kind = self._refers_to(key) if read is None else None
        if kind is not None:
            self._offer(kind)
        self._tell_of_draft()
        option = option or f"--{key.replace('_', '-')}"
        default = self._kept.get(key, default)
        if default is None and not is_needed:
            default, prompt = "", {"show_default": False, **prompt}
        while True:
            text = ask(option, words, default=default, **prompt)
            if text == "" and not is_needed:
                return None
            try:
                value = (read or self._reader(key))(text)
            except FieldError as error:
                _print_error(error)
            else:
                self._typed[key] = text
                return value

    def resolve(self, key: str, **values: Any) -> None:  # noqa: ANN401 - of any type
        """
        Put the id of the record that the option of *key* names in place of its name.

        Args:
            key: The key, which names a record.
            values: What else is known of it, if it has to be made.

        Raises:
            FieldError: It names none that is there, or several.
        """
        text, kind = self.table.get(key), self._refers_to(key)
        if kind is None or not isinstance(text, str) or text in self._map(kind):
            return
        found = self._called(kind, text)
        if len(found) == 1:
            self.table[key] = found[0]
        elif self.makes and not found:
            self.table[key] = self.make(kind, text, **values)
        elif found or not _is_identifier(text):
            raise self._unclear(kind, text, found)

    def resolve_all(self, *keys: str) -> None:
        """Put ids in place of the names of records that the options of *keys* hold."""
        for key in keys:
            self.resolve(key)

    def make(self, kind: str, text: str, /, **values: Any) -> str:  # noqa: ANN401 - of any type
        """
        Make a record that is not there, called *text*, and return its id.

        A source of which *text* is the address has its host as the publisher.

        Raises:
            LoadError: It would not be valid.
        """
        table = {"id": self._new_id(kind, text), **_first_values(kind, text), **values}
        _, self.registry = record_from(self.registry, kind, table)
        self.made.append((kind, table))
        return str(table["id"])

    def name(self, text: str) -> None:
        """Give the record an id if it has none: one from *text*, or another that is typed."""
        if "id" in self.table:
            return
        made = self._new_id(self.kind, text)
        id_ = made if self.yes else self.answer("id", f"id of the {self.kind}", default=made)
        self.table = {"id": id_, **self.table}

    def check(self, key: str, value: object) -> object:
        """
        Return *value*, which is right for *key* beside what is known of the record.

        Raises:
            FieldError: It is not.
        """
        kind = "claim" if self.kind == "reading" else self.kind
        table = {**self.table, key: value}
        for error in (*faults(KINDS[kind], table), *errors_of_broken(kind, table, self.registry)):
            if error.path[:1] == (key,) and error.code != "CT302":
                raise error
        if key == "id" and str(value) in self._map(self.kind):
            raise FieldError("CT201", f"{value!r} is taken; expected another id", (key,))
        return value

    def criterion(self, *, is_needed: bool = True) -> Any:  # noqa: ANN401 - a table
        """Return the table of a criterion that is asked for; None if none is given or needed."""
        words = "criterion (a fact by id or title, or TOML in braces{})"
        return self.answer(
            "criterion",
            words.format("" if is_needed else "; empty if none"),
            option="--criterion" if is_needed else "--criterion or --not-checkable",
            is_needed=is_needed,
            read=self._criterion,
        )

    def event_criterion(self, name: str, by: str) -> dict[str, Any]:
        """Return the criterion that the event called *name* happens by a day, for options."""
        found = [name] if name in self._map("fact") else self._called("fact", name)
        if self.makes and not found:
            found = [self.make("fact", name, kind=FactKind.EVENT.value)]
        return {"event": found[0] if len(found) == 1 else name, "by": by}

    def _criterion(self, text: str) -> Any:  # noqa: ANN401 - a table
        if text.lstrip().startswith("{") or ("=" in text and not self._called("fact", text)):
            return self.check("criterion", criterion_table(text))
        fact = self._reference("fact", text)
        kind = self._map("fact")[fact].kind
        return self.check("criterion", {kind.value: fact, **self._asked_of(kind)})

    def _asked_of(self, kind: FactKind) -> dict[str, Any]:
        """Ask what a fact of *kind* has to be, and when."""

        def ask_for(key: str, words: str, **prompt: Any) -> Any:  # noqa: ANN401 - see `answer`
            return self.answer(f"criterion.{key}", words, option="--criterion", **prompt)

        if kind is FactKind.STATE:
            value = ask_for("is", "is (a text, true or false)", read=_word)
            over = ask_for("throughout", "on all days of (a span)", read=_span)
            return {"is": value, "throughout": over}
        if kind is FactKind.EVENT:
            return {"by": ask_for("by", "happens by (YYYY-MM-DD, or a span)", read=_span)}
        test: dict[str, Any] = ask_for(
            "test", "has to be (such as >= 38, at_most 5, or 0.3)", read=_test
        )
        by = ask_for(
            "by", "by (YYYY-MM-DD), or nothing for one period", read=_span, is_needed=False
        )
        return test | ({"by": by} if by else {"at": ask_for("at", "in the period", read=_span)})

    def _refers_to(self, key: str) -> str | None:
        if key == "by" and self.kind == "forecast":
            return "speaker"
        return REFERENCES.get(key)

    def _reader(self, key: str) -> Callable[[str], Any]:
        kind = self._refers_to(key)
        if kind is not None:
            return lambda text: self._reference(kind, text)
        return lambda text: self.check(key, text)

    def _reference(self, kind: str, text: str) -> str:
        """Return the id of the record called *text*; make it if the user wants that."""
        if text in self._map(kind):
            return text
        found = self._called(kind, text) or self._parts_called(kind, text)
        if len(found) == 1:
            print_text(for_log_line(f"{kind}: {self._label(kind, found[0])}"))
            return found[0]
        if found or kind == "claim" or not self._is_to_be_made(kind, text):
            raise self._unclear(kind, text, found)
        return self._made_by_answers(kind, text)

    def _unclear(self, kind: str, text: str, found: list[str]) -> FieldError:
        """Return the error of a name that is that of no record, or of several."""
        if found:
            names = ", ".join(self._label(kind, one) for one in found[:LISTED])
            return FieldError("CT402", f"{text!r} may be {names}; expected the id of one", (kind,))
        return FieldError(
            "CT402", f"{text!r} is no {kind} of this registry", (kind,), self._hint(kind, text)
        )

    def _hint(self, kind: str, text: str) -> str | None:
        """Return a hint that names the record with the nearest id or name, if one is like it."""
        ids = {name: id_ for id_, one in self._map(kind).items() for name in _names(kind, one)}
        ids |= {id_: id_ for id_ in self._map(kind)}
        nearest = nearest_to(text, ids)
        return None if nearest is None else f"did you mean {self._label(kind, ids[nearest])}?"

    def _is_to_be_made(self, kind: str, text: str) -> bool:
        if self.kind == "reading":
            return False
        if kind == "source" and host_of(text):
            return True  # an address is no slip
        nearest = self._hint(kind, text)
        like = "" if nearest is None else f" ({nearest})"
        question = f"there is no {kind} {text!r}{like}; make one?"
        return click.confirm(for_log_line(question), default=False)

    def _made_by_answers(self, kind: str, text: str) -> str:
        values: dict[str, Any] = {}
        if kind == "source":
            words = "published on (YYYY-MM-DD, or a span), or nothing"
            read = _reader_of("source", "published")
            published = self.answer("source.published", words, is_needed=False, read=read)
            values = {} if published is None else {"published": published}
        if kind == "fact":
            kinds = click.Choice([one.value for one in FactKind])
            read = _reader_of("fact", "kind")
            values["kind"] = self.answer("fact.kind", "kind of fact", type=kinds, read=read)
        id_ = self.make(kind, text, **values)
        print_text(for_log_line(f"new {kind}: {id_}"))
        return id_

    def _map(self, kind: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = getattr(self.registry, PLURALS[kind])
        return found

    def _called(self, kind: str, text: str) -> list[str]:
        """Return the ids of the records that people call *text*."""
        wanted = tidy(text).casefold()
        return [
            id_
            for id_, record in self._map(kind).items()
            if any(wanted == tidy(name).casefold() for name in _names(kind, record))
        ]

    def _parts_called(self, kind: str, text: str) -> list[str]:
        """Return the ids of the records with *text* in the id or a name; none for an address."""
        part = tidy(text).casefold()
        if len(part) < 3 or host_of(text):  # noqa: PLR2004 - shorter ones are in everything
            return []
        return [
            id_
            for id_, record in self._map(kind).items()
            if any(part in name.casefold() for name in (id_, *_names(kind, record)))
        ]

    def _label(self, kind: str, id_: str) -> str:
        record = self._map(kind)[id_]
        name = next(iter(_names(kind, record)), None)
        return id_ if name is None or name == id_ else f"{id_} ({_short(name)})"

    def _offer(self, kind: str) -> None:
        """Print the records of *kind*, so that one need not remember their ids."""
        ids = list(self._map(kind))
        if not ids:
            return
        left = len(ids) - LISTED
        shown = ", ".join(self._label(kind, one) for one in ids[-LISTED:])
        more = f"; and {left} more, found by a part of the name" if left > 0 else ""
        print_text(for_log_line(f"{PLURALS[kind]}: {shown}{more}"))

    def _new_id(self, kind: str, text: str) -> str:
        address = archived(text) or text
        host, path = host_of(address), address.partition("://")[2].partition("/")[2]
        wanted = slug(f"{host} {path}" if host else text)
        taken = {*self._map(kind), *(str(table["id"]) for _, table in self.made)}
        number, made = 1, wanted
        while made in taken:
            number += 1
            made = f"{wanted}-{number}"
        return made

    def _tell_of_draft(self) -> None:
        if self._kept and not self._is_told:
            self._is_told = True
            print_text(
                for_log_line(
                    f"what was typed before stands in brackets, from {self._draft}; "
                    "press Enter to keep it"
                )
            )

    def _keep(self) -> None:
        typed = {**self._kept, **self._typed}
        if self.yes or not self._typed or not self._draft.parent.is_dir():
            return
        text = json.dumps(typed, ensure_ascii=False, indent=1) + "\n"
        content = self._draft.read_bytes() if self._draft.is_file() else None
        before = "" if content is None else content.decode("utf-8", "replace")
        root = Path(self.path)
        change = FileChange(self._draft, content, before, text)
        try:
            write_all([change], root if root.is_dir() else None, {})
        except (OSError, ClaimTrackError):
            return  # what ended the work is told, and not this
        print_text(for_log_line(f"what was typed is kept in {self._draft}"), err=True)


def _names(kind: str, record: Any) -> Iterator[str]:  # noqa: ANN401 - of any kind
    for field in NAMED[kind]:
        value = getattr(record, field)
        yield from (value if isinstance(value, tuple) else () if value is None else (value,))


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:39]}…"  # noqa: PLR2004 - some words


def _first_values(kind: str, text: str) -> dict[str, Any]:
    """Return what the name of a new record says of it."""
    if kind == "speaker":
        return {"name": text}
    host = host_of(text) if kind == "source" else None
    if host is None:
        return {"title": text}
    original = archived(text)
    if original is not None:
        return {"publisher": host_of(original), "url": original, "archived_url": text}
    return {"publisher": host, "url": text}


BRACES: Final = 'a criterion is written in braces: { event = "f", by = "2020" }'

SIGNS: Final = {">=": "at_least", "<=": "at_most", ">": "above", "<": "below", "=": "equals"}
"""The keys of tests by the signs that people write, the longer ones first."""


def criterion_table(text: str) -> object:
    """
    Return the value of a criterion that is written as TOML.

    Raises:
        FieldError: It is no TOML.
    """
    hint = None if text.lstrip().startswith("{") else BRACES
    return toml_value("criterion", text, hint=hint)


def _test(text: str) -> dict[str, Any]:
    """Read a test of a quantity, such as ``>= 38`` or ``at_least 38``."""
    names = {**SIGNS, **{key: key for key in SIGNS.values()}}
    sign = next((sign for sign in names if text.strip().startswith(sign)), "")
    number = toml_value("criterion", text.strip().removeprefix(sign).strip() or "nothing")
    return {names[sign or "="]: number}


def _span(text: str) -> str:
    return parse_span(text).text


def _word(text: str) -> object:
    return {"true": True, "false": False}.get(text, text)


def _is_identifier(text: str) -> bool:
    """Say whether *text* can be an id."""
    try:
        identifier(text)
    except FieldError:
        return False
    return True


def _reader_of(kind: str, key: str) -> Callable[[str], str]:
    """Return what checks a text for *key* of a record of *kind*, which is made on the way."""

    def read(text: str) -> str:
        for error in faults(KINDS[kind], {key: text}):
            if error.path[:1] == (key,) and error.code != "CT302":
                raise error
        return text

    return read


def _print_error(error: FieldError) -> None:
    for line in str(error).split("\n"):
        print_text(for_log_line(line.strip()))


def _draft_of(path: str, kind: str) -> Path:
    """Return the file for what was typed: a hidden one, which no registry is read from."""
    root = Path(path)
    if root.is_dir():
        return root / f".{kind}.draft.json"
    return root.parent / f".{root.name}.{kind}.draft.json"


def _read_draft(file: Path) -> dict[str, str]:
    """
    Return what was typed before; nothing if there is no draft that can be read.

    It may be other people's text, so only what a terminal shows as it is can stand in brackets.
    """
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > MAX_DRAFT:
            return {}
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    items = found.items() if isinstance(found, dict) else ()
    return {
        key: value
        for key, value in islice(items, 100)
        if isinstance(value, str) and for_log_line(value) == value
    }
