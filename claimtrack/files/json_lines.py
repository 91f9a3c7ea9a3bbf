"""
Read a table from a line of JSON.

JSON lets an object hold the same key twice, and Python's decoder then silently keeps one of the
values. Asking it for the pairs of each object costs half as much as the whole decoding; but a line
that has as many colons as its table has keys can hold no key twice. Only the others, where a text
holds a colon too, are decoded once more with care.
"""

import json
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from claimtrack.errors import FieldError
from claimtrack.model.fields import shown


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise FieldError("CT201", f"the key {shown(twice)} stands twice in one object")
    return table


def _no_constant(name: str) -> Any:  # noqa: ANN401 - it never returns
    raise FieldError("CT104", f"{name} is not a number of JSON; expected a finite number")


scan: Final[Callable[[str, int], tuple[Any, int]]] = json.JSONDecoder(
    parse_float=Decimal, parse_constant=_no_constant
).scan_once  # type: ignore[attr-defined]  # the stubs do not know it
"""Return the value that begins at a place of a text, and where it ends; keys may stand twice."""
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_distinct, parse_float=Decimal, parse_constant=_no_constant
)


def careful_table(line: str) -> dict[str, Any] | FieldError | None:  # noqa: PLR0911
    """Return the object on *line*, or what is wrong with it; None if it is blank."""
    text = line.strip(" \t\r\n")
    if not text:
        return None
    try:
        value = _DECODER.decode(text)
    except FieldError as error:
        return error
    except json.JSONDecodeError as error:
        return FieldError("CT002", f"is not JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        return FieldError("CT003", "nests deeper than the limit")
    except ValueError:  # more digits than Python turns into a number
        return FieldError("CT104", "holds a number of too many digits")
    if not isinstance(value, dict):
        return FieldError("CT101", f"{shown(value)} has the wrong type; expected an object")
    return value
