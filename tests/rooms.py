"""
The rooms of the package, each with what stands in it.

Imports only point up this list, and rooms in one row never import each other:
`tests/test_architecture.py` holds that, and `docs/tables.py` prints the list for
`docs/contributing.md`.
"""

from collections.abc import Mapping
from typing import Final

ROOMS: Final[tuple[Mapping[str, str], ...]] = (
    {
        "collector": "pauses the cyclic garbage collector while many objects are made",
        "errors": "exceptions, problems with their places, and the codes of problems",
        "escape": "escapes other people's text for terminals, logs, HTML, CSV and so on",
    },
    {
        "atomic": "writes files whole or not at all",
        "git": "asks git, and runs nothing that a repository names",
    },
    {"model": "records, spans of days and criteria: immutable values that check themselves"},
    {"engine": "decides claims from what was known on a day; pure functions"},
    {"registry": "the class `Registry`: records, and the questions that can be asked of them"},
    {
        "files": "reads and writes registries as TOML and JSON lines",
        "score": "track records, scores of forecasts, agreement, other people's scales",
        "bulk": "the rules as a query for DuckDB, Spark and other database engines",
        "strategies": "Hypothesis strategies for records and registries",
    },
    {"quotes": "looks for the words of a registry in pinned copies of its sources"},
    {"hindsight": "what a question was given that nobody could have known on its day"},
    {
        "lint": "findings: what the keeper of a registry should look at",
        "report": "tables, formats, explanations in words, pictures and the static site",
    },
    {
        "capture": "fetches the pages of sources: the one place that opens a socket",
        "revisions": "earlier versions of a registry, as git keeps them",
        "edit": "changes files of a registry and keeps their layout",
        "testing": "claims, readings and facts as test items of pytest",
    },
    {"exchange": "other people's formats, sheets among them, and what is lost on the way"},
    {"__init__": "the public names, each imported when it is first used"},
    {
        "cli": "the command line: a module for each command",
        "pytest_plugin": "the hooks of the pytest plugin",
    },
    {"__main__": "runs the command line as `python -m claimtrack`"},
)
