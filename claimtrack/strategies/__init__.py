"""Hypothesis strategies that draw legal records, registries, and days to ask them."""

from claimtrack.strategies.criteria import criteria, quantities, tests, windows
from claimtrack.strategies.records import (
    assessments,
    claims,
    evidence,
    facts,
    forecasts,
    policies,
    scales,
    searches,
    selections,
    settings,
    sources,
    speakers,
)
from claimtrack.strategies.registries import World, registries, worlds
from claimtrack.strategies.values import identifiers, spans, texts

__all__ = [
    "World",
    "assessments",
    "claims",
    "criteria",
    "evidence",
    "facts",
    "forecasts",
    "identifiers",
    "policies",
    "quantities",
    "registries",
    "scales",
    "searches",
    "selections",
    "settings",
    "sources",
    "spans",
    "speakers",
    "tests",
    "texts",
    "windows",
    "worlds",
]
