"""Read the survivors that make no difference, with the reasons, from `explained.toml`."""

import tomllib
from pathlib import Path


def reasons():
    """Return the reason for each survivor that is explained, by its module and its lines."""
    text = Path(__file__).with_name("explained.toml").read_text(encoding="utf-8")
    return {
        (module, was, now): group["because"]
        for group in tomllib.loads(text).get("group", ())
        for module, changes in group["changes"].items()
        for was, now in changes
    }
