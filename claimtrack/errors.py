"""
Say what is wrong, where, and what to do about it.

A `Problem` is a value with a place. Whoever reads other people's files gathers all the problems
of a load in a `Problems` collector and raises one `LoadError` at the end, so that nobody has to
mend a registry one run at a time. Codes never change their meaning: 1xx values, 2xx references,
3xx the model, 4xx resolution, 5xx interchange, 6xx health of a registry, 9xx the environment.
"""

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from types import ModuleType
from typing import Final

import attrs

CODES: Final[Mapping[str, str]] = {
    "CT001": "A file or folder cannot be read, or holds no records.",
    "CT002": "A file is not well formed: TOML, JSON or gzip.",
    "CT003": "A file, a line or a nesting is larger than the limits allow.",
    "CT004": "A path leads out of the registry's folder.",
    "CT005": "A table is missing, or one of its columns does not fit.",
    "CT006": "More is wrong than is told: further problems are counted.",
    "CT101": "A value has the wrong type.",
    "CT102": "A date or span is not EDTF, or uses a part of EDTF that is not supported.",
    "CT103": "A word is not one of those allowed here.",
    "CT104": "A number is out of its bounds.",
    "CT105": "A text is empty, too long, or not an id.",
    "CT106": "A time zone is not known.",
    "CT107": "There is no time zone database.",
    "CT108": "A season stands in a registry that does not allow seasons.",
    "CT201": "An id is used twice.",
    "CT202": "An id is not defined in any loaded file.",
    "CT301": "A key is not known in this record.",
    "CT302": "A required key is missing.",
    "CT303": "Keys exclude each other, or a record says two kinds of thing.",
    "CT304": "A criterion is not well formed.",
    "CT305": "A criterion or a piece of evidence does not fit the kind of its fact.",
    "CT306": "A unit is not the fact's own.",
    "CT307": "Evidence reports what had not yet happened.",
    "CT308": "A span has no end, or a window holds no day.",
    "CT320": "Two forecasts of one claim by one person on one day do not tell which came later.",
    "CT321": "Something ends before it begins: a question, or a forecast that was taken back.",
    "CT322": "A distribution has fewer than two options.",
    "CT323": "A folder holds both a registry's files and Parquet tables.",
    "CT324": "A folder holds Parquet tables, which this command does not read.",
    "CT401": "A claim cannot be resolved on that day.",
    "CT402": "There is no such record in the registry.",
    "CT403": "A function that decides a claim failed to run.",
    "CT404": "The criteria of a claim, or of all claims, have too many reports to weigh.",
    "CT901": "An optional library is not installed.",
    "CT902": "A file or module with functions that decide claims cannot be used.",
    "CT910": "A folder for a site holds what claimtrack did not write.",
}
"""What each code of a problem means; the reference page is printed from it."""


_LONG: Final = 80

_BETWEEN: Final = re.compile(r"[-_/. ]")
"""What stands between the words of an id."""


def shortened(text: str) -> str:
    """Return *text* as an error quotes it: not longer than about a line."""
    return text if len(text) <= _LONG else f"{text[:60]}…{text[-10:]}"


def nearest_to(text: str, known: Iterable[str]) -> str | None:
    """
    Return the one of the *known* words that *text* most likely means, or None if none is like it.

    Of those that contain it, whatever the case, the one of the fewest words, and of these the
    shortest; else the most similar one.
    """
    import difflib  # noqa: PLC0415 - only who made a slip pays for it

    part, words = str(text).casefold(), list(known)
    containing = [word for word in words if part in word.casefold()] if len(part) > 1 else ()
    if containing:
        return min(containing, key=lambda word: (len(_BETWEEN.findall(word)), len(word)))
    return next(iter(difflib.get_close_matches(str(text), words, n=1)), None)


def did_you_mean(text: str, known: Iterable[str]) -> str | None:
    """Return the hint that names the nearest of the *known* words; None if none is like *text*."""
    nearest = nearest_to(text, known)
    return None if nearest is None else f"did you mean {nearest!r}?"


class ClaimTrackError(Exception):
    """Stand at the root of every error that this library raises on purpose."""


def _printable(character: str) -> str:
    # The name of a file may hold line ends, and what follows would look like another problem.
    return character if character.isprintable() else repr(character)[1:-1]


@attrs.frozen(order=True)
class Location:
    """Point at one place in a file; *line* and *column* count from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        name = self.file if self.file.isprintable() else "".join(map(_printable, self.file))
        return f"{name}:{self.line}:{self.column}"


@attrs.frozen(kw_only=True)
class Problem:
    """
    Tell one thing that is wrong with a registry.

    Args:
        code: A key of `CODES`.
        message: One line: subject, value, what is wrong, what is expected.
        location: Where it stands; None for records that were made in Python.
        hint: One thing to do now, or None.
    """

    code: str
    message: str
    location: Location | None = None
    hint: str | None = None

    def __str__(self) -> str:
        place = "" if self.location is None else f"{self.location}: "
        hint = "" if self.hint is None else f"\n    hint: {self.hint}"
        return f"{place}{self.code} {self.message}{hint}"


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for a note, 2 for an error."""
        return SEVERITIES.index(self)


SEVERITIES: Final = (Severity.NOTE, Severity.WARNING, Severity.ERROR)
"""From the mildest to the gravest."""


@attrs.frozen(kw_only=True)
class Record:
    """Name one record of a registry, as ``claim`` and its id."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@attrs.frozen(kw_only=True)
class Finding(Problem):
    """
    Tell one thing that a keeper of a registry should look at, though it can be read.

    Args:
        severity: How much it matters.
        record: What it is about, or None where it is about the registry or a file.
    """

    severity: Severity
    record: Record | None = None


class FieldError(ClaimTrackError, ValueError):
    """
    Refuse one value of one record.

    Args:
        code: A key of `CODES`.
        message: What is wrong with the value, and what is expected; it begins with the value.
        path: Keys and indexes that lead from the record to the value.
        hint: One thing to do now, or None.
        record: The record that was made of the value, as ``claim 'x'``; None if that is not known.
    """

    def __init__(
        self,
        code: str,
        message: str,
        path: tuple[str | int, ...] = (),
        hint: str | None = None,
        record: str | None = None,
    ) -> None:
        super().__init__(code, message, path, hint, record)
        self.code = code
        self.message = message
        self.path = path
        self.hint = hint
        self.record = record

    def __str__(self) -> str:
        hint = "" if self.hint is None else f"\n    hint: {self.hint}"
        record = "" if self.record is None else f"{self.record} "
        subject = f"{self.subject} " if self.path else ""
        return f"{self.code} {record}{subject}{self.message}{hint}"

    @property
    def subject(self) -> str:
        """The path as a person would write it: ``criterion.all[0].by``."""
        return path_text(self.path)

    def under(self, *keys: str | int) -> "FieldError":
        """Return the same error as seen from a record that holds the value under *keys*."""
        return type(self)(self.code, self.message, (*keys, *self.path), self.hint)

    def at(self, *keys: str | int) -> "FieldError":
        """Return the same error with *keys* in place of its path."""
        return type(self)(self.code, self.message, keys, self.hint)

    def of(self, kind: str, id: object) -> "FieldError":  # noqa: A002
        """Return the same error of the record *id* of *kind*; without what is no id."""
        record = f"{kind} {shortened(repr(id))}" if isinstance(id, str) else kind
        return type(self)(self.code, self.message, self.path, self.hint, record)


def path_text(path: tuple[str | int, ...]) -> str:
    """Return *path* as a person would write it: ``criterion.all[0].by``."""
    return "".join(map(_step, path)).removeprefix(".")


def _step(key: str | int) -> str:
    """Return one part of a path; a key that is no plain word stands in quotes."""
    if isinstance(key, int):
        return f"[{key}]"
    is_plain = key.isprintable() and " " not in key and 0 < len(key) < _LONG
    return f".{key if is_plain else shortened(repr(key))}"


class SpanError(FieldError):
    """Refuse a text that is not a day or a span of days in the supported part of EDTF."""


class LoadError(ClaimTrackError, ValueError):
    """
    Refuse a registry, with every problem that was found in it.

    Args:
        problems: At least one, in the order of their places.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class UnknownRecordError(ClaimTrackError, KeyError):
    """
    Say that a registry has no record of that *kind* and *id*.

    Args:
        kind: The kind of record, as in the file format: ``claim``, ``fact``.
        id: The id that was asked for.
        nearest: The most similar id that there is, or None.
    """

    def __init__(self, kind: str, id: str, nearest: str | None = None) -> None:  # noqa: A002
        super().__init__(kind, id, nearest)
        self.kind = kind
        self.id = id
        self.nearest = nearest

    def __str__(self) -> str:
        hint = "" if self.nearest is None else f"; did you mean {self.nearest!r}?"
        return f"CT402 {self.kind} {self.id!r} is not in this registry{hint}"


class NotYetSaidError(ClaimTrackError, ValueError):
    """Say that a claim had not been made by the day that was asked about."""

    def __init__(self, id: str, said: str, as_of: str) -> None:  # noqa: A002
        super().__init__(id, said, as_of)
        self.id = id
        self.said = said
        self.as_of = as_of

    def __str__(self) -> str:
        return (
            f"CT401 claim {self.id!r} cannot be resolved as of {self.as_of}: "
            f"it was said on {self.said}; expected a later day"
        )


class TooMuchToWeighError(ClaimTrackError, ValueError):
    """
    Say that criteria ask too often about too many reports.

    Args:
        claim: The id of the claim; None if it is all claims together.
        number: How often a report would be weighed.
        limit: How often it may be.
    """

    def __init__(self, claim: str | None, number: int, limit: int) -> None:
        super().__init__(claim, number, limit)
        self.claim = claim
        self.number = number
        self.limit = limit

    def __str__(self) -> str:
        return f"CT404 {self.message}"

    @property
    def message(self) -> str:
        """What is wrong, in one line."""
        who = "the claims together" if self.claim is None else f"claim {self.claim!r}"
        return (
            f"{who} would weigh a report {self.number} times, once for each question that "
            f"asks about it; expected at most {self.limit}"
        )

    def refusal(self, location: Location | None) -> LoadError:
        """Return the same as an error of a registry whose claim stands at *location*."""
        return LoadError((Problem(code="CT404", message=self.message, location=location),))


class MissingExtraError(ClaimTrackError, ImportError):
    """Say which extra brings the library that a feature needs."""

    def __init__(self, module: str, feature: str, extra: str) -> None:
        super().__init__(module, feature, extra)
        self.module = module
        self.feature = feature
        self.extra = extra

    def __str__(self) -> str:
        return (
            f"CT901 {self.feature} needs {self.module}, which is not installed; "
            f"run: pip install 'claimtrack[{self.extra}]'"
        )


def require(module: str, *, feature: str, extra: str) -> ModuleType:
    """
    Import an optional *module*.

    Raises:
        MissingExtraError: *module* is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != module.partition(".")[0]:
            raise
        raise MissingExtraError(module, feature, extra) from error


MOST_TOLD: Final = 1_000
"""Problems that are told at once; more help nobody, and a small file could hold millions."""

MOST_COUNTED: Final = 100_000
"""Problems that are counted before nothing more is looked at."""


class TooManyProblemsError(LoadError):
    """Refuse a registry that holds so many problems that the rest was not looked at."""


class Problems:
    """
    Gather problems, and raise them together.

    Args:
        most: How many are kept; further ones are counted.
        most_counted: How many are counted before `TooManyProblemsError` is raised.
    """

    def __init__(self, most: int = MOST_TOLD, most_counted: int = MOST_COUNTED) -> None:
        self._found: list[Problem] = []
        self._most = most
        self._most_counted = most_counted
        self._untold = 0

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def add(
        self, code: str, message: str, location: Location | None = None, hint: str | None = None
    ) -> None:
        """
        Note one problem.

        Raises:
            TooManyProblemsError: There are more than are counted.
        """
        if self.is_full:
            self.count()
        else:
            self._found.append(Problem(code=code, message=message, location=location, hint=hint))

    def extend(self, problems: Iterable[Problem]) -> None:
        """
        Note several problems.

        Raises:
            TooManyProblemsError: There are more than are counted.
        """
        for problem in problems:
            if self.is_full:
                self.count()
            else:
                self._found.append(problem)

    @property
    def is_full(self) -> bool:
        """Whether further problems are counted only, so that nothing else about them matters."""
        return len(self._found) >= self._most

    def count(self) -> None:
        """
        Count a problem that is not told.

        Raises:
            TooManyProblemsError: There are more than are counted.
        """
        self._untold += 1
        if len(self._found) + self._untold >= self._most_counted:
            raise TooManyProblemsError(self._all("the rest was not read"))

    def _all(self, rest: str) -> tuple[Problem, ...]:
        found = sorted(self._found, key=_place)
        if self._untold:
            message = (
                f"at least {self._untold:,} more problems are not told, {rest}; "
                f"expected at most {self._most:,}"
            )
            found.append(Problem(code="CT006", message=message))
        return tuple(found)

    def raise_if_any(self) -> None:
        """
        Raise what was gathered, in the order of files, lines and columns.

        Raises:
            LoadError: At least one problem was noted.
        """
        if self._found:
            raise LoadError(self._all("but counted"))


def _place(problem: Problem) -> tuple[bool, Location, str, str]:
    location = problem.location or Location("", 0, 0)
    return (problem.location is None, location, problem.code, problem.message)
