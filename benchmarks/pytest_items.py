"""
Write what pytest is measured with: a registry of claims, and as many trivial items of its own.

The second is what the plugin is held against: a `pytest_collect_file` hook that makes items whose
`runtest` does nothing, for a file with the suffix ``.trivial``. There are as many as the plugin
makes, one for each claim and each fact. All of them pass, while of the registry's items one in
twenty fails: pytest takes much longer over a failure, so this favours the trivial ones.

Usage: python benchmarks/pytest_items.py FOLDER CLAIMS
"""

import sys
from pathlib import Path

from generate import write_lines

TRIVIAL = '''
"""Trivial items, one for each line of a file."""

import pytest


class Item(pytest.Item):
    def runtest(self):
        pass

    def reportinfo(self):
        return self.path, 0, self.name


class File(pytest.File):
    def collect(self):
        for line in self.path.read_text().splitlines():
            yield Item.from_parent(self, name=line)


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".trivial":
        return File.from_parent(parent, path=file_path)
'''


def write(folder: Path, claims: int) -> None:
    """Write both folders, ``ours`` and ``theirs``."""
    for name in ("ours", "theirs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "pytest.ini").write_text("[pytest]\n")
    write_lines(folder / "ours" / "registry.jsonl", claims)
    (folder / "theirs" / "conftest.py").write_text(TRIVIAL)
    names = "".join(f"item-{number}\n" for number in range(2 * claims))
    (folder / "theirs" / "claims.trivial").write_text(names)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
