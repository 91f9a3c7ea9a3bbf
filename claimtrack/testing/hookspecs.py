"""The hooks that this plugin calls."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from claimtrack.registry import Registry


@pytest.hookspec
def pytest_claimtrack_registry(registry: "Registry", path: Path) -> None:
    """
    See each registry as soon as it is loaded, and give it checks with ``registry.check``.

    Put it into a ``conftest.py`` in the root of the project or in the registry's folder.

    Args:
        registry: The registry.
        path: Its folder or file.
    """
