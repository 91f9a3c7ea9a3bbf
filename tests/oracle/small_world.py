"""
Build registries of one claim in a line, for tests that work a sentence of the rules by hand.

Each question is put to both programs: the naive one, whose answer the test compares with what
the sentence says, and claimtrack, which must give the same.
"""

from datetime import date
from typing import Any

import claimtrack
from tests.oracle.comparison import differences
from tests.oracle.known import Registry, Row
from tests.oracle.rules import audit
from tests.oracle.toml_writer import to_toml

FACTS: list[Row] = [
    {"id": "gas", "kind": "event", "once": True},
    {"id": "talks", "kind": "event"},
    {"id": "pipe", "kind": "quantity", "cumulative": True},
    {"id": "price", "kind": "quantity"},
    {"id": "border", "kind": "state"},
]
SOURCES: list[Row] = [
    {"id": "gov", "tier": "primary"},
    {"id": "agency", "tier": "wire", "publisher": "Agency"},
    {"id": "post", "tier": "press", "publisher": "Post"},
    {"id": "post-again", "tier": "press", "publisher": "Post"},
    {"id": "reprint", "tier": "press", "publisher": "Times", "origin": "Agency"},
    {"id": "blog", "tier": "social"},
    {"id": "leaflet"},
    {"id": "dated", "published": date(2019, 5, 1)},
]


def item(what: str, **keys: Any) -> Row:
    """Return an item of evidence on *what*, from the newspaper, on 1 March 2019."""
    about: Row = {"claim": "it"} if what == "it" else {"fact": what}
    defaults: Row = {"source": "post", "published": date(2019, 3, 1)}
    return about | defaults | keys


def registry(
    criterion: Row | None, *evidence: Row, policy: Row | None = None, **claim: Any
) -> Registry:
    """Return a registry whose claim *it* was said on 1 January 2019; *another* is an opinion."""
    defaults: Row = {
        "id": "it",
        "speaker": "ada",
        "said": date(2019, 1, 1),
        "source": "leaflet",
        "quote": "We shall see.",
        "quote_kind": "direct",
    }
    another = defaults | {"id": "another", "not_checkable": "opinion"}
    if "annulled" in claim:
        defaults["annulled_because"] = "The premise fell away."
    asked: Row = {} if criterion is None else {"criterion": criterion}
    settings: list[Row] = [] if policy is None else [{"policy": policy}]
    return {
        "registry": settings,
        "speaker": [{"id": "ada"}],
        "source": SOURCES,
        "fact": FACTS,
        "evidence": [{"id": f"e{number}"} | row for number, row in enumerate(evidence)],
        "claim": [defaults | asked | claim, another],
    }


def ask(criterion: Row | None, *evidence: Row, as_of: str = "2020-06-01", **more: Any) -> Row:
    """Return the verdict on the one claim."""
    known_by = more.pop("known_by", "published")
    day = date.fromisoformat(as_of)
    world = registry(criterion, *evidence, **more)
    answer = audit(world, day, known_by)
    found = differences(world, claimtrack.loads(to_toml(world)), day, known_by)
    assert not found, found
    verdict: Row = answer["claims"]["it"]
    return verdict


def says(criterion: Row | None, *evidence: Row, as_of: str = "2020-06-01", **more: Any) -> str:
    """Return the status of the one claim, with the days that it was late by."""
    verdict = ask(criterion, *evidence, as_of=as_of, **more)
    late = "" if verdict["late_days"] is None else f" {verdict['late_days']}"
    return f"{verdict['status']}{late}"
