"""Records that were frozen thaw as they were, and nothing else is made from what is read."""

import os
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimtrack.files import cache_cells
from claimtrack.files.cache_cells import CELL, Cell, frozen, unpickled
from claimtrack.files.load import load
from claimtrack.model.registry import KINDS, PLURALS
from claimtrack.strategies import registries
from tests.oracle.random_registries import make, write

FEW = settings(max_examples=max(settings().max_examples // 5, 5))
"""Registries take long to draw."""


def thawed(kind, records):
    columns, cells = frozen(KINDS[kind], records)
    found = [Cell(KINDS[kind], columns, cell) for cell in cells]
    return [found[at // CELL].record(at % CELL) for at in range(len(records))]


def shelves(registry):
    return {kind: list(getattr(registry, PLURALS[kind]).values()) for kind in KINDS}


@FEW
@given(registries())
def test_drawn_records_thaw_as_they_were(registry):
    for kind, records in shelves(registry).items():
        found = thawed(kind, records)
        assert found == records
        assert list(map(repr, found)) == list(map(repr, records))


@FEW
@given(registries(), st.integers(1, 3))
def test_a_record_thaws_alone_wherever_it_stands(registry, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache_cells, "CELL", size)
        for kind, records in shelves(registry).items():
            columns, cells = frozen(KINDS[kind], records)
            for at, record in reversed([*enumerate(records)]):
                assert Cell(KINDS[kind], columns, cells[at // size]).record(at % size) == record


@pytest.mark.parametrize("seed", range(10))
def test_records_of_files_thaw_as_they_were(tmp_path, seed):
    write(make(seed), tmp_path / "registry", seed)

    for kind, records in shelves(load(tmp_path / "registry")).items():
        assert thawed(kind, records) == records


class _Evil:
    def __reduce__(self):
        return os.getcwd, ()


@pytest.mark.parametrize(
    "content",
    [
        pickle.dumps(os.getcwd),
        pickle.dumps(_Evil()),
        pickle.dumps(print),
        b"cclaimtrack.model.fields\nzoneinfo\n.",
        b"\x80\x04cclaimtrack.model.fields\nzoneinfo.ZoneInfo\n.",
        b"cclaimtrack.model.fields\ntext\n.",
        b"cclaimtrack.files.cache_cells\nunpickled\n.",
    ],
)
def test_only_records_are_made_from_what_is_read(content):
    with pytest.raises(pickle.UnpicklingError, match="is not part of a record"):
        unpickled(content)
