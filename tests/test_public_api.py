"""The public door: no name appears or vanishes by accident."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import claimtrack

ROOT = Path(__file__).parents[1]

PUBLIC = [
    "Answer",
    "Assessment",
    "Audit",
    "Cause",
    "CauseKind",
    "Change",
    "CivilDay",
    "Claim",
    "ClaimKind",
    "ClaimTrackError",
    "Criterion",
    "DayCounts",
    "Diff",
    "Evidence",
    "Explanation",
    "Fact",
    "FactKind",
    "FieldError",
    "Finding",
    "Forecast",
    "History",
    "KnownBy",
    "LoadError",
    "Location",
    "MissingExtraError",
    "NotYetSaidError",
    "OnConflict",
    "Policy",
    "Problem",
    "QuoteKind",
    "Range",
    "Reading",
    "ReadingVerdict",
    "Registry",
    "Replay",
    "Role",
    "Settings",
    "Severity",
    "Signature",
    "Silence",
    "Snapshot",
    "Source",
    "Span",
    "SpanError",
    "Speaker",
    "SpeakerKind",
    "Stance",
    "Status",
    "StatusChange",
    "Tier",
    "UnknownRecordError",
    "Verdict",
    "Why",
    "WhyKind",
    "all_of",
    "any_of",
    "assessed",
    "at_least",
    "dump",
    "dumps",
    "examine",
    "figure",
    "judged",
    "load",
    "load_rows",
    "loads",
    "occurs",
    "parse_span",
    "parts",
    "reaches",
    "stays",
]


def test_the_public_names_are_these():
    assert claimtrack.__all__ == PUBLIC


def test_the_public_names_are_sorted():
    assert sorted(claimtrack.__all__) == claimtrack.__all__


def test_dir_shows_the_public_names_and_the_version():
    assert dir(claimtrack) == sorted([*PUBLIC, "__version__"])


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_can_be_had_and_is_described(name):
    found = getattr(claimtrack, name)

    assert found.__name__ == name
    assert found.__doc__


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_what_type_checkers_are_told(name):
    text = Path(claimtrack.__file__).read_text(encoding="utf-8")
    home = re.search(rf"^    from (\S+) import {name} as {name}$", text, re.MULTILINE)

    assert home, f"{name} is not imported for type checkers"
    assert getattr(importlib.import_module(home[1]), name) is getattr(claimtrack, name)


def test_every_public_name_is_on_the_page_of_the_interface():
    page = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")

    listed = re.findall(r"^\.\. auto\w+:: claimtrack\.(\w+)$", page, re.MULTILINE)

    assert sorted(listed) == PUBLIC


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError) as caught:
        claimtrack.nothing  # noqa: B018

    assert str(caught.value) == "module 'claimtrack' has no attribute 'nothing'"


def test_everything_public_can_be_imported_at_once():
    program = "from claimtrack import *; print(Registry.__name__, load.__name__)"

    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )

    assert run.stdout == "Registry load\n"


def test_the_version_is_that_of_the_package():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert f'\nversion = "{claimtrack.__version__}"\n' in text


def test_the_package_says_that_it_is_typed():
    assert (Path(claimtrack.__file__).parent / "py.typed").is_file()
