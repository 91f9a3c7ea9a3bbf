"""Read the survivors that make no difference, with the reasons, from `explained.toml`."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def reasons():
    """Return the reason for each survivor that is explained, by its module and its lines."""
    text = Path(__file__).with_name("explained.toml").read_text(encoding="utf-8")
    return {
        (module, was, now): group["because"]
        for group in tomllib.loads(text).get("group", ())
        for module, changes in group["changes"].items()
        for was, now in changes
    }


def stale():
    """Return the modules and lines in `explained.toml` that are no longer in the source code."""
    return sorted(
        {(module, was) for module, was, _ in reasons() if was not in _joined(ROOT / module)}
    )


def _joined(module):
    if not module.exists():
        return ""
    return " ".join(line.strip() for line in module.read_text(encoding="utf-8").splitlines())
