"""Texts and ids."""

from functools import lru_cache
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from claimtrack.model.fields import MAX_ID, MAX_TEXT

Drawn = TypeVar("Drawn")


@st.composite
def rarely(draw: st.DrawFn, drawn: st.SearchStrategy[Drawn], *, one_in: int = 6) -> Drawn | None:
    """Draw None, and once in *one_in* times something *drawn*; `one_of` weighs by its branches."""
    return draw(drawn) if draw(st.integers(1, one_in)) == one_in else None


@st.composite
def dress(draw: st.DrawFn, /, **options: st.SearchStrategy[Any]) -> dict[str, Any]:
    """
    Draw what a record may carry that decides nothing: mostly nothing at all, to save time.

    Each of *options* is a key with what to draw for it.
    """
    return {key: draw(drawn) for key, drawn in options.items()} if not draw(_BARE) else {}


_BARE = st.integers(0, 3).map(lambda number: number < 3)  # noqa: PLR2004 - three in four are bare


def checked_size(name: str, min_size: int, max_size: int, least: int, most: int) -> None:
    """Refuse bounds on the size of *name* that no legal value can have."""
    if not least <= min_size <= max_size <= most:
        message = (
            f"min_size={min_size!r} and max_size={max_size!r} leave no {name}; "
            f"expected {least} <= min_size <= max_size <= {most}"
        )
        raise InvalidArgument(message)


@lru_cache(maxsize=64)
def texts(*, min_size: int = 1, max_size: int = 40) -> st.SearchStrategy[str]:
    """
    Draw texts that say something: not only white space, and no half of a surrogate pair.

    Args:
        min_size: The least number of characters, 1 or more.
        max_size: The greatest, at most what a field can hold.
    """
    checked_size("text", min_size, max_size, 1, MAX_TEXT)
    first = st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"))
    others = st.characters(exclude_categories=["Cs"])
    rest = st.text(others, min_size=min_size - 1, max_size=max_size - 1)
    return st.tuples(first, rest).map("".join)


@lru_cache(maxsize=64)
def identifiers(*, min_size: int = 1, max_size: int = 20) -> st.SearchStrategy[str]:
    """
    Draw ids: printable characters without white space.

    Args:
        min_size: The least number of characters, 1 or more.
        max_size: The greatest, at most 200.
    """
    checked_size("id", min_size, max_size, 1, MAX_ID)
    letters = st.characters(categories=("L", "M", "N", "P", "S")).filter(str.isprintable)
    return st.text(letters, min_size=min_size, max_size=max_size)
