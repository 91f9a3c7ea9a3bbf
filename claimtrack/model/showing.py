"""
How values show themselves in a notebook.

Notebooks ask a value for ``_repr_html_``, so the value has to have it; what HTML is, is the
business of the report room, which stands below. This is the one place where a room is named by a
text and loaded when it is asked for; nothing that is decided depends on it.
"""

import importlib
from typing import Final

NOTEBOOK: Final = "claimtrack.report.notebook"


class Shown:
    """A value that a notebook shows as a table."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        html: str = importlib.import_module(NOTEBOOK).html_of(self)
        return html
