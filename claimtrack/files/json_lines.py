"""Read tables from numbered lines of JSON, one object a line."""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from claimtrack.errors import FieldError
from claimtrack.model.fields import shown


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise FieldError("CT201", f"the key {shown(twice)} stands twice in one object")
    return table


def _no_constant(name: str) -> Any:  # noqa: ANN401 - it never returns
    raise FieldError("CT104", f"{name} is not a number of JSON; expected a finite number")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_distinct, parse_float=Decimal, parse_constant=_no_constant
)


def tables_of_lines(
    lines: Iterable[tuple[int, str]],
) -> Iterator[tuple[int, dict[str, Any] | FieldError]]:
    """
    Read each of the numbered *lines* that is not blank.

    Yields:
        The number of the line, and its object or what is wrong with it.
    """
    for number, line in lines:
        if not line.isspace() and line:
            yield number, _table(line.rstrip("\r\n"))


def _table(line: str) -> dict[str, Any] | FieldError:
    try:
        value = _DECODER.decode(line)
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
