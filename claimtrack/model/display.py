"""
The methods by which ``print()`` and notebooks show a value.

They have to be methods of the value, but the report room, which writes text and HTML, may not be
imported here. This is the one place that names a later room by a text and loads it on first use;
no verdict depends on it.
"""

import importlib
from typing import Any, Final

REPORT: Final = "claimtrack.report.display"

WIDTH: Final = 120
"""Columns into which text is fitted if no other width is given."""


def _report() -> Any:  # noqa: ANN401 - a module, by its name
    return importlib.import_module(REPORT)


class Displayed:
    """A value that a notebook shows as a table."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        html: str = _report().html_of(self)
        return html


class Printed(Displayed):
    """A value that ``print()`` shows as the command of its name does."""

    __slots__ = ()

    def to_text(self, *, width: int | None = WIDTH) -> str:
        """
        Return what the command prints, without colour and without the last line end.

        Args:
            width: Display columns into which tables are fitted; None for no bound.
        """
        text: str = _report().text_of(self, "table", width)
        return text

    def to_markdown(self) -> str:
        """Return the same as Markdown; other people's text in it is escaped."""
        text: str = _report().text_of(self, "markdown", None)
        return text

    def to_json(self) -> str:
        """Return what the command prints with ``--format json``, without the last line end."""
        text: str = _report().text_of(self, "json", None)
        return text

    def __str__(self) -> str:
        return self.to_text()
