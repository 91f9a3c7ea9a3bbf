"""
What Hypothesis calls when it starts, so that ``st.from_type(Claim)`` works without an import.

It may start because the strategies are just being imported, so that nothing of them is touched
before something is drawn.
"""

import importlib
from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st

STRATEGIES: Final = {
    "claimtrack.model.claim": {"Claim": "claims"},
    "claimtrack.model.criterion": {"Criterion": "criteria", "Window": "windows"},
    "claimtrack.model.quantity": {"Test": "tests"},
    "claimtrack.model.records": {
        "Assessment": "assessments",
        "Evidence": "evidence",
        "Fact": "facts",
        "Forecast": "forecasts",
        "Search": "searches",
        "Selection": "selections",
        "Source": "sources",
        "Speaker": "speakers",
    },
    "claimtrack.model.registry": {"Policy": "policies", "Settings": "settings"},
    "claimtrack.model.scales": {"Scale": "scales"},
    "claimtrack.model.span": {"Span": "spans"},
    "claimtrack.registry": {"Registry": "registries"},
}
"""The strategy that draws each class, by the module in which the class lives."""


def register() -> None:
    """Tell Hypothesis which strategy draws which class."""
    for module, names in STRATEGIES.items():
        for name, strategy in names.items():
            cls: Any = getattr(importlib.import_module(module), name)
            st.register_type_strategy(cls, _drawn_by(strategy))


def _drawn_by(strategy: str) -> Callable[[type[Any]], st.SearchStrategy[Any]]:
    def draw(_: type[Any]) -> st.SearchStrategy[Any]:
        found: st.SearchStrategy[Any] = getattr(
            importlib.import_module("claimtrack.strategies"), strategy
        )()
        return found

    return draw
