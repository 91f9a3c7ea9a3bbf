"""
A house style: the words, colours and pieces of HTML that a publisher gives the site.

It comes from a file that is named on the command line and never from a registry, which is other
people's: a header, a footer, a style sheet and templates act in the pages as they are. The
Content-Security-Policy stays; whatever they ask for from elsewhere is not loaded.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any, Final

from claimtrack.errors import ClaimTrackError
from claimtrack.report.site.theme import (
    DARK,
    LIGHT,
    LINE_PAIRS,
    STATUSES,
    TEXT_PAIRS,
    House,
    contrast,
)

_COLOUR: Final = re.compile("#[0-9a-f]{6}")
_TEXT_CONTRAST: Final = 4.5
_LINE_CONTRAST: Final = 3.0
_TEXTS: Final = ("contact", "title", "publisher")
_FILES: Final = ("stylesheet", "header", "footer")
_KEYS: Final = (*_TEXTS, *_FILES, "templates", "words", "light", "dark")


class HouseError(ClaimTrackError):
    """
    A house style cannot be used.

    Args:
        path: Its file.
        message: What is wrong, and what was expected.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(path, message)
        self.path = path
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def house_of(path: str, text: str, read: Callable[[str], str]) -> House:
    """
    Return the house style in *text*, a TOML file.

    Args:
        path: The file, for messages.
        text: Its content.
        read: Returns the text of a file that it names.

    Raises:
        HouseError: A key, a colour or a status is unknown, or a colour is hard to read.
    """
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HouseError(path, f"{error}; expected TOML") from error
    for key, value in values.items():
        if key not in _KEYS:
            raise HouseError(path, f"{key!r} is unknown; expected one of {', '.join(_KEYS)}")
        is_table = key in {"words", "light", "dark"}
        if not isinstance(value, dict if is_table else str):
            raise HouseError(path, f"{key!r} has the wrong type; expected a {_kind(is_table)}")
    words = _words(path, values.get("words", {}))
    light, dark = (
        _colours(path, name, values.get(name, {}), colours)
        for name, colours in (("light", LIGHT), ("dark", DARK))
    )
    return House(
        **{key: values[key] for key in (*_TEXTS, "templates") if key in values},
        **{key: read(values[key]) for key in _FILES if key in values},
        words=words,
        light=light,
        dark=dark,
    )


def _kind(is_table: bool) -> str:  # noqa: FBT001 - it is the question
    return "table" if is_table else "text"


def _words(path: str, words: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    for name, value in words.items():
        if name not in STATUSES:
            known = ", ".join(STATUSES)
            raise HouseError(path, f"status {name!r} is unknown; expected one of {known}")
        if not isinstance(value, str) or not value.strip():
            raise HouseError(path, f"the word for {name!r} is {value!r}; expected a text")
    return tuple(words.items())


def _colours(
    path: str, mode: str, given: Mapping[str, Any], colours: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    for name, value in given.items():
        if name not in colours:
            known = ", ".join(colours)
            raise HouseError(path, f"colour {name!r} is unknown; expected one of {known}")
        if not isinstance(value, str) or not _COLOUR.fullmatch(value):
            raise HouseError(path, f"{mode} {name} is {value!r}; expected one such as '#1a6a3a'")
    both = {**colours, **given}
    pairs = [(*pair, _TEXT_CONTRAST) for pair in TEXT_PAIRS]
    pairs += [(*pair, _LINE_CONTRAST) for pair in LINE_PAIRS]
    for one, ground, least in pairs:
        found = contrast(both[one], both[ground])
        if found < least:
            message = (
                f"{mode} {one} {both[one]!r} on {ground} {both[ground]!r} has a contrast of "
                f"{found:.1f}; expected at least {least:g}, so that people can read it"
            )
            raise HouseError(path, message)
    return tuple(given.items())
