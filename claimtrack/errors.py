"""
Problems, findings and exceptions: what is wrong, where, and what to do about it.

A `Problem` is a value with a location. A loader gathers all problems in a `Problems` collector and
raises one `LoadError` at the end, so that a registry can be corrected in one pass. Codes never
change their meaning: 1xx values, 2xx references, 3xx the model, 4xx resolution, 5xx interchange,
6xx findings, 9xx the environment.
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
    "CT006": "There are more problems than are listed; the others are only counted.",
    "CT101": "A value has the wrong type.",
    "CT102": "A date or span is not EDTF, or uses a part of EDTF that is not supported.",
    "CT103": "A word is not one of those allowed here.",
    "CT104": "A number is out of its bounds.",
    "CT105": "A text is empty, too long, or not an id.",
    "CT106": "A time zone is not known.",
    "CT107": "There is no time zone database.",
    "CT108": "A span is a season, and the registry does not allow seasons.",
    "CT201": "An id is used twice.",
    "CT202": "An id is not defined in any loaded file.",
    "CT301": "A key is not known in this record.",
    "CT302": "A required key is missing.",
    "CT303": "Keys exclude each other, or a record says two kinds of thing.",
    "CT304": "A criterion is not well formed.",
    "CT305": "A criterion or a piece of evidence does not fit the kind of its fact.",
    "CT306": "A unit is not the unit of the fact.",
    "CT307": "Evidence reports what had not yet happened.",
    "CT308": "A span has no end, or a window holds no day.",
    "CT320": "Which of two forecasts of one claim by one person on one day is later is not known.",
    "CT321": "Something ends before it begins: a question, or a forecast that was taken back.",
    "CT322": "A distribution has fewer than two options.",
    "CT323": "A folder holds both a registry's files and Parquet tables.",
    "CT324": "A folder holds Parquet tables, which this command does not read.",
    "CT330": "A scale of the registry has the id of one that is shipped.",
    "CT340": "A selection keeps more claims than there were to choose from.",
    "CT341": "A probability is not the number of the hedge that stands beside it.",
    "CT342": "A signature is of an edition of the rules that this version does not know.",
    "CT350": "A copy of a source cannot be read, so it is not pinned.",
    "CT351": "A source has another pinned copy already.",
    "CT352": "A copy was captured on a day that is still to come.",
    "CT353": "A private copy would lie in the registry, or in its repository.",
    "CT360": "A sheet cannot be read: its encoding, its quotation marks, its size.",
    "CT361": "Something that every row needs stands in no column, and is not said for all rows.",
    "CT362": "The mapping of a sheet is not well formed, or does not fit the sheet.",
    "CT363": "A cell of a sheet is no day.",
    "CT364": "A day in a sheet may be one of two, since the order of day and month is not said.",
    "CT365": "A cell of a sheet is no number, or may be one of two.",
    "CT366": "A status in a sheet is not a label of the scale.",
    "CT367": "A cell of a sheet is empty that may not be.",
    "CT368": "A cell or a row of a sheet cannot be read.",
    "CT369": "Two rows of a sheet have one key and say different things.",
    "CT370": "A sheet and the registry both changed a value since the last import.",
    "CT371": "A row is no longer in a sheet.",
    "CT372": "A record that was imported has been taken out of the registry.",
    "CT373": "A format of other people is not known, or a file is not in it.",
    "CT374": "The state of the last import cannot be read.",
    "CT390": "The pinned copy of a source on which an answer rests cannot be read.",
    "CT391": "The days on which copies were captured are needed, and not given.",
    "CT401": "A claim cannot be resolved on that day.",
    "CT402": "There is no such record in the registry.",
    "CT403": "A function that decides a claim failed to run.",
    "CT404": "The criteria of a claim, or of all claims, have too many reports to weigh.",
    "CT420": "A claim was said again before it was said.",
    "CT421": "A claim was retracted before it was said.",
    "CT901": "An optional library is not installed.",
    "CT902": "A file or module with functions that decide claims cannot be used.",
    "CT910": "A folder for a site holds what claimtrack did not write.",
}
"""What each code of a problem means; the table of the reference page is generated from it."""


_MAX_QUOTED: Final = 80

_ID_SEPARATOR: Final = re.compile(r"[-_/. ]")


def shortened(text: str) -> str:
    """Return *text* as an error quotes it: at most about a line."""
    return text if len(text) <= _MAX_QUOTED else f"{text[:60]}…{text[-10:]}"


def nearest_to(text: str, known: Iterable[str]) -> str | None:
    """
    Return the one of the *known* words that *text* most likely means, or None if none is similar.

    Words that contain *text*, in upper or lower case, come first: the one with the fewest parts,
    and of these the shortest. Otherwise it is the most similar word.
    """
    import difflib  # noqa: PLC0415 - needed only for hints

    part, words = str(text).casefold(), list(known)
    containing = [word for word in words if part in word.casefold()] if len(part) > 1 else ()
    if containing:
        return min(containing, key=lambda word: (len(_ID_SEPARATOR.findall(word)), len(word)))
    return next(iter(difflib.get_close_matches(str(text), words, n=1)), None)


def did_you_mean(text: str, known: Iterable[str]) -> str | None:
    """Return a hint that names the nearest of the *known* words; None if none is similar."""
    nearest = nearest_to(text, known)
    return None if nearest is None else f"did you mean {nearest!r}?"


class ClaimTrackError(Exception):
    """The root of every error that this library raises on purpose."""


def _printable(character: str) -> str:
    # A file name may hold line ends, and the text after one would look like another problem.
    return character if character.isprintable() else repr(character)[1:-1]


@attrs.frozen(order=True)
class Location:
    """A place in a file; *line* and *column* count from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        name = self.file if self.file.isprintable() else "".join(map(_printable, self.file))
        return f"{name}:{self.line}:{self.column}"


@attrs.frozen(kw_only=True)
class Problem:
    """
    One thing that is wrong with a registry.

    Args:
        code: A key of `CODES`.
        message: One line: subject, value, what is wrong, what is expected.
        location: Where it is; None for records that were made in Python.
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
"""From the least to the most severe."""


@attrs.frozen(kw_only=True)
class Record:
    """The kind and the id of a record, as in ``claim x``."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@attrs.frozen(kw_only=True)
class Finding(Problem):
    """
    One thing that a keeper of a registry should look at, although the registry can be read.

    Args:
        severity: How much it matters.
        record: The record that it is about; None if it is about the registry or a file.
    """

    severity: Severity
    record: Record | None = None


class FieldError(ClaimTrackError, ValueError):
    """
    One value of one record is not accepted.

    Args:
        code: A key of `CODES`.
        message: What is wrong with the value, and what is expected; it begins with the value.
        path: Keys and indexes that lead from the record to the value.
        hint: One thing to do now, or None.
        record: The record that the value is part of, as ``claim 'x'``; None if not known.
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
        """Return the same error with *keys* put before its path."""
        return type(self)(self.code, self.message, (*keys, *self.path), self.hint)

    def at(self, *keys: str | int) -> "FieldError":
        """Return the same error with *keys* in place of its path."""
        return type(self)(self.code, self.message, keys, self.hint)

    def of(self, kind: str, id: object) -> "FieldError":  # noqa: A002
        """Return the same error, which names the record; *id* is left out if it is not a text."""
        record = f"{kind} {shortened(repr(id))}" if isinstance(id, str) else kind
        return type(self)(self.code, self.message, self.path, self.hint, record)


def path_text(path: tuple[str | int, ...]) -> str:
    """Return *path* as a person would write it: ``criterion.all[0].by``."""
    return "".join(map(_path_part, path)).removeprefix(".")


def _path_part(key: str | int) -> str:
    """Return one part of a path; a key that is not a plain word is quoted."""
    if isinstance(key, int):
        return f"[{key}]"
    is_plain = key.isprintable() and " " not in key and 0 < len(key) < _MAX_QUOTED
    return f".{key if is_plain else shortened(repr(key))}"


class SpanError(FieldError):
    """A text is not a day or a span of days in the supported part of EDTF."""


class LoadError(ClaimTrackError, ValueError):
    """
    A registry cannot be loaded; every problem that was found in it.

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
    A registry has no record of that *kind* and *id*.

    Args:
        kind: The kind of record, as in the file format: ``claim``, ``fact``.
        id: The id that was asked for.
        nearest: The most similar id of the registry, or None.
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
    """A claim had not been made by the day of the audit."""

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
    The criteria of a claim, or of all claims, have too many reports to weigh.

    Args:
        claim: The id of the claim; None for all claims together.
        number: The reports of each leaf of the criteria, summed.
        limit: The largest sum that is allowed.
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
            f"{who} would weigh {self.number} reports, each counted once for every leaf that asks "
            f"about it; expected at most {self.limit}"
        )

    def refusal(self, location: Location | None) -> LoadError:
        """Return the same as an error of loading a registry whose claim is at *location*."""
        return LoadError((Problem(code="CT404", message=self.message, location=location),))


class MissingExtraError(ClaimTrackError, ImportError):
    """The library that a feature needs is not installed; *extra* installs it."""

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


MAX_LISTED: Final = 1_000
"""Problems that are listed; more are of no help, and a small file could hold millions."""

MAX_COUNTED: Final = 100_000
"""Problems that are counted before loading stops."""


class TooManyProblemsError(LoadError):
    """A registry has so many problems that loading stopped before its end."""


class Problems:
    """
    Gather problems, and raise them together.

    Args:
        max_listed: How many are kept; further ones are only counted.
        max_counted: How many are counted before `TooManyProblemsError` is raised.
    """

    def __init__(self, max_listed: int = MAX_LISTED, max_counted: int = MAX_COUNTED) -> None:
        self._listed: list[Problem] = []
        self._max_listed = max_listed
        self._max_counted = max_counted
        self._unlisted = 0

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    def add(
        self, code: str, message: str, location: Location | None = None, hint: str | None = None
    ) -> None:
        """
        Add one problem.

        Raises:
            TooManyProblemsError: The limit of counted problems is reached.
        """
        if self.is_full:
            self.count()
        else:
            self._listed.append(Problem(code=code, message=message, location=location, hint=hint))

    def extend(self, problems: Iterable[Problem]) -> None:
        """
        Add several problems.

        Raises:
            TooManyProblemsError: The limit of counted problems is reached.
        """
        for problem in problems:
            if self.is_full:
                self.count()
            else:
                self._listed.append(problem)

    @property
    def is_full(self) -> bool:
        """Whether further problems are only counted, so that their texts are not needed."""
        return len(self._listed) >= self._max_listed

    def count(self) -> None:
        """
        Count a problem that is not listed.

        Raises:
            TooManyProblemsError: The limit of counted problems is reached.
        """
        self._unlisted += 1
        if len(self._listed) + self._unlisted >= self._max_counted:
            raise TooManyProblemsError(self._all(", and the rest was not read"))

    def _all(self, rest: str) -> tuple[Problem, ...]:
        problems = sorted(self._listed, key=_sort_key)
        if self._unlisted:
            message = (
                f"at least {self._unlisted:,} more problems are not listed{rest}; "
                f"expected at most {self._max_listed:,}"
            )
            problems.append(Problem(code="CT006", message=message))
        return tuple(problems)

    def raise_if_any(self) -> None:
        """
        Raise all problems in one error, in the order of files, lines and columns.

        Raises:
            LoadError: At least one problem was added.
        """
        if self._listed:
            raise LoadError(self._all(""))


def _sort_key(problem: Problem) -> tuple[bool, Location, str, str]:
    location = problem.location or Location("", 0, 0)
    return (problem.location is None, location, problem.code, problem.message)
