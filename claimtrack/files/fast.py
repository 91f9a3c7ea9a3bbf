"""The libraries of the extra ``fast``: used where they are installed, missed nowhere."""

from importlib import import_module
from typing import Any


def installed(module: str) -> Any:  # noqa: ANN401 - a module whose types are not known here
    """Return *module*, or None if it is not installed."""
    try:
        return import_module(module)
    except ImportError:
        return None
