"""The public door: no name appears or vanishes by accident."""

import importlib
import inspect
import re
import subprocess
import sys
import typing
from functools import cached_property
from pathlib import Path

import attrs
import pytest

import claimtrack
from claimtrack import score

ROOT = Path(__file__).parents[1]

PUBLIC = [
    "Anchor",
    "AnnulledKind",
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
    "DifferenceKind",
    "Edit",
    "Evidence",
    "Exhibit",
    "Explanation",
    "Fact",
    "FactKind",
    "FieldError",
    "Finding",
    "Forecast",
    "GivenPage",
    "History",
    "Item",
    "ItemUse",
    "Knowledge",
    "KnownBy",
    "Label",
    "Leak",
    "LeakReason",
    "LeakReport",
    "LoadError",
    "Location",
    "MissingExtraError",
    "Moment",
    "NearestPassage",
    "NotYetSaidError",
    "Occasion",
    "OnConflict",
    "Outcome",
    "Policy",
    "Problem",
    "Proof",
    "Publish",
    "Question",
    "QuoteAnswer",
    "QuoteCheck",
    "QuoteDifference",
    "QuoteKind",
    "QuotePlace",
    "QuotePolicy",
    "QuoteReport",
    "Quoted",
    "Range",
    "Reading",
    "ReadingVerdict",
    "Record",
    "RecordMap",
    "Records",
    "Registry",
    "Replay",
    "Role",
    "Says",
    "Scale",
    "Search",
    "Selection",
    "Settings",
    "Severity",
    "Side",
    "Signature",
    "Silence",
    "Snapshot",
    "SnapshotFault",
    "SnapshotFaultKind",
    "Source",
    "Span",
    "SpanError",
    "Speaker",
    "SpeakerKind",
    "Stance",
    "Standing",
    "Status",
    "StatusChange",
    "Step",
    "Tier",
    "Truth",
    "UnknownRecordError",
    "Use",
    "Verdict",
    "Why",
    "WhyKind",
    "all_of",
    "any_of",
    "assessed",
    "at_least",
    "captured_days",
    "check_quotes",
    "dump",
    "dumps",
    "examine",
    "figure",
    "judged",
    "leaks",
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


FOR_OTHER_ROOMS = {"Registry.index", "Registry.locations", "Audit.usable", "Audit.case"}
"""What is no part of the interface, though its name has no underscore: other rooms use it."""


def classes_in(annotation):
    """Iterate over the classes that *annotation* names, however deep."""
    for inner in typing.get_args(annotation):
        yield from classes_in(inner)
    if isinstance(annotation, list):  # the arguments of a callable
        for inner in annotation:
            yield from classes_in(inner)
    elif inspect.isclass(annotation) or annotation is typing.Any:
        yield annotation


def members_of(cls):
    """Iterate over the functions behind the public methods and properties of *cls*."""
    for name in dir(cls):
        member = inspect.getattr_static(cls, name)
        if isinstance(member, property):
            member = member.fget
        elif isinstance(member, cached_property):
            member = member.func
        elif isinstance(member, classmethod | staticmethod):
            member = member.__func__
        is_public = not name.startswith("_") or name in {"__getitem__", "__iter__"}
        if is_public and inspect.isfunction(member):
            yield name, member


def given_out(name, found):
    """Iterate over what a public name gives out, each with its annotation."""
    known = {public: getattr(claimtrack, public) for public in claimtrack.__all__}
    if not inspect.isclass(found):
        yield name, typing.get_type_hints(found, localns=known).get("return")
        return
    if attrs.has(found):
        hints = typing.get_type_hints(found, localns=known)
        for field in attrs.fields(found):
            if not field.name.startswith("_"):
                yield f"{name}.{field.name}", hints[field.name]
    for member, function in members_of(found):
        hints = typing.get_type_hints(function, localns=known)
        yield f"{name}.{member}", hints.get("return")


PUBLIC_CLASSES = {getattr(room, name) for room in (claimtrack, score) for name in room.__all__}


@pytest.mark.parametrize(
    "name",
    [*claimtrack.__all__, *(f"score.{name}" for name in score.__all__)],
)
def test_what_a_public_name_gives_out_is_of_public_types(name):
    room, _, own = name.rpartition(".")
    found = getattr(score if room else claimtrack, own)

    missing = [
        f"{where} gives {cls.__module__}.{cls.__name__}"
        for where, annotation in given_out(own, found)
        for cls in classes_in(annotation)
        if cls is not typing.Any
        and cls.__module__.startswith("claimtrack.")
        and cls not in PUBLIC_CLASSES
        and where not in FOR_OTHER_ROOMS
    ]

    assert missing == []


OF_ANY_RECORD = {"Edit.record", "Edit.earlier", "Records.record_maps", "Registry.record_maps"}


def test_only_a_data_frame_is_of_any_type():
    untyped = [
        where
        for name in claimtrack.__all__
        for where, annotation in given_out(name, getattr(claimtrack, name))
        if typing.Any in classes_in(annotation)
        and not where.endswith("to_frame")
        and where not in OF_ANY_RECORD
    ]

    assert untyped == []
