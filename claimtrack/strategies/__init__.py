"""Hypothesis strategies that draw legal records, registries, and days to ask them."""

from claimtrack.strategies.claims import claims
from claimtrack.strategies.criteria import criteria, quantities, tests, windows
from claimtrack.strategies.days import spans
from claimtrack.strategies.records import (
    assessments,
    evidence,
    facts,
    forecasts,
    policies,
    settings,
    sources,
    speakers,
)
from claimtrack.strategies.registries import World, registries, worlds
from claimtrack.strategies.words import identifiers, texts

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
    "settings",
    "sources",
    "spans",
    "speakers",
    "tests",
    "texts",
    "windows",
    "worlds",
]
