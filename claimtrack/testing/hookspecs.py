"""
The hooks that the plugin calls, and the name of its mark.

This module is a plugin of its own, so that pytest knows the hook of a ``conftest.py`` also where
``-p no:claimtrack`` disables the other plugin. It imports only pytest.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimtrack.engine.user_functions import Check
    from claimtrack.registry import Registry

WITNESS: Final = "claim"
"""The mark of tests that are witnesses for a claim."""


class Hooks:
    """The hooks that a project may implement."""

    @pytest.hookspec
    def pytest_claimtrack_registry(  # type: ignore[empty-body]  # pytest calls those of projects
        self, registry: "Registry", path: Path
    ) -> "Mapping[str, Check]":
        """
        Return the functions that decide claims of a registry, by the ids of the claims.

        It is called once for each registry, when it is loaded. Put it into a
        ``conftest.py`` in the root of the project or in the registry's folder.

        Args:
            registry: The registry.
            path: Its folder or file.
        """


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the hooks, once."""
    hook = getattr(pluginmanager.hook, Hooks.pytest_claimtrack_registry.__name__, None)
    if hook is None or not hook.has_spec():
        pluginmanager.add_hookspecs(Hooks)
