"""Each folder under ``tests/broken`` is a registry with a slip, and the whole text of its error."""

from pathlib import Path

import pytest

from claimtrack import LoadError, load

BROKEN = Path(__file__).parent.parent / "broken"
FOLDERS = sorted(folder for folder in BROKEN.iterdir() if folder.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_broken_registry_is_refused_with_every_problem_and_its_place(folder):
    with pytest.raises(LoadError) as caught:
        load(folder)

    told = str(caught.value).replace(f"{folder}/", "").replace(str(folder), "the-folder")
    assert f"{told}\n" == (folder / "expected.txt").read_text("utf-8")
