"""Law 8."""

import pytest
from hypothesis import given

from claimtrack import dumps, loads
from claimtrack.strategies import registries, spans

FORMS = {"toml": "registry.toml", "jsonl": "registry.jsonl"}


class TestRoundTrip:
    """
    Round trip. What is dumped and loaded again is equal, and dumping twice gives the same bytes.
    """

    @pytest.mark.parametrize("form", FORMS)
    @given(registries(spans=spans()))
    def test_what_is_dumped_and_loaded_is_equal(self, form, registry):
        text = dumps(registry, form)

        loaded = loads(text, FORMS[form])

        assert loaded == registry
        assert dumps(loaded, form) == text
