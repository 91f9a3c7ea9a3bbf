"""
Write what pytest is measured with: a registry of claims, and as many trivial items of its own.

The second is what the plugin is held against: a `pytest_collect_file` hook that makes items whose
`runtest` does nothing, for a file with the suffix ``.trivial``. There are as many as the plugin
makes, one for each claim and each fact. All of them pass, while every twentieth claim is signed
with a wrong status and fails: pytest takes much longer over a failure, so this favours the trivial
ones.

Usage: python benchmarks/pytest_items.py FOLDER CLAIMS
"""

import json
import sys
from pathlib import Path

from generate import write_lines

import claimtrack

DAY = "2019-06-01"

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
    registry = folder / "ours" / "registry.jsonl"
    write_lines(registry, claims)
    sign(registry)
    (folder / "theirs" / "conftest.py").write_text(TRIVIAL)
    names = "".join(f"item-{number}\n" for number in range(2 * claims))
    (folder / "theirs" / "claims.trivial").write_text(names)


def sign(registry: Path) -> None:
    """Sign each claim of a registry with its status, and every twentieth with another one."""
    statuses = {
        id_: verdict.status for id_, verdict in claimtrack.load(registry).audit(DAY).items()
    }
    signed = []
    for line in registry.read_text().splitlines():
        record = json.loads(line)
        if record["type"] == "claim" and record["id"] in statuses:
            is_wrong = int(record["id"].rpartition("-")[2]) % 20 == 0
            status = statuses[record["id"]].value
            record["status"] = ("failed" if status != "failed" else "held") if is_wrong else status
        signed.append(f"{json.dumps(record)}\n")
    registry.write_text("".join(signed))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
