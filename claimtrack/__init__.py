"""
Keep sourced claims, hold them against dated evidence, and see which ones held up.

The names below are the whole public door. Each is loaded when it is first used, so that importing
the package costs next to nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from claimtrack.engine.audit import Audit as Audit
    from claimtrack.engine.decide import Outcome as Outcome
    from claimtrack.engine.diff import Diff as Diff
    from claimtrack.engine.diff import StatusChange as StatusChange
    from claimtrack.engine.diff import Why as Why
    from claimtrack.engine.edits import Edit as Edit
    from claimtrack.engine.edits import WhyKind as WhyKind
    from claimtrack.engine.evidence import Item as Item
    from claimtrack.engine.facts import Knowledge as Knowledge
    from claimtrack.engine.history import Change as Change
    from claimtrack.engine.history import DayCounts as DayCounts
    from claimtrack.engine.history import History as History
    from claimtrack.engine.history import Replay as Replay
    from claimtrack.engine.timeline import Cause as Cause
    from claimtrack.engine.timeline import CauseKind as CauseKind
    from claimtrack.errors import ClaimTrackError as ClaimTrackError
    from claimtrack.errors import FieldError as FieldError
    from claimtrack.errors import Finding as Finding
    from claimtrack.errors import LoadError as LoadError
    from claimtrack.errors import Location as Location
    from claimtrack.errors import MissingExtraError as MissingExtraError
    from claimtrack.errors import NotYetSaidError as NotYetSaidError
    from claimtrack.errors import Problem as Problem
    from claimtrack.errors import Record as Record
    from claimtrack.errors import Severity as Severity
    from claimtrack.errors import SpanError as SpanError
    from claimtrack.errors import UnknownRecordError as UnknownRecordError
    from claimtrack.files.load import load as load
    from claimtrack.files.load import load_rows as load_rows
    from claimtrack.files.load import loads as loads
    from claimtrack.files.write import dump as dump
    from claimtrack.files.write import dumps as dumps
    from claimtrack.hindsight import GivenPage as GivenPage
    from claimtrack.hindsight import Leak as Leak
    from claimtrack.hindsight import LeakReason as LeakReason
    from claimtrack.hindsight import LeakReport as LeakReport
    from claimtrack.hindsight import Question as Question
    from claimtrack.hindsight import leaks as leaks
    from claimtrack.lint.run import examine as examine
    from claimtrack.model.calendar import Moment as Moment
    from claimtrack.model.claim import AnnulledKind as AnnulledKind
    from claimtrack.model.claim import Claim as Claim
    from claimtrack.model.claim import ClaimKind as ClaimKind
    from claimtrack.model.claim import Occasion as Occasion
    from claimtrack.model.claim import QuoteKind as QuoteKind
    from claimtrack.model.claim import Reading as Reading
    from claimtrack.model.claim import Signature as Signature
    from claimtrack.model.compose import all_of as all_of
    from claimtrack.model.compose import any_of as any_of
    from claimtrack.model.compose import assessed as assessed
    from claimtrack.model.compose import at_least as at_least
    from claimtrack.model.compose import figure as figure
    from claimtrack.model.compose import judged as judged
    from claimtrack.model.compose import occurs as occurs
    from claimtrack.model.compose import parts as parts
    from claimtrack.model.compose import reaches as reaches
    from claimtrack.model.compose import stays as stays
    from claimtrack.model.criterion import Criterion as Criterion
    from claimtrack.model.explanation import Exhibit as Exhibit
    from claimtrack.model.explanation import Explanation as Explanation
    from claimtrack.model.explanation import ItemUse as ItemUse
    from claimtrack.model.explanation import Proof as Proof
    from claimtrack.model.explanation import Side as Side
    from claimtrack.model.explanation import Standing as Standing
    from claimtrack.model.explanation import Step as Step
    from claimtrack.model.explanation import Use as Use
    from claimtrack.model.quantity import Range as Range
    from claimtrack.model.records import Anchor as Anchor
    from claimtrack.model.records import Assessment as Assessment
    from claimtrack.model.records import Evidence as Evidence
    from claimtrack.model.records import Fact as Fact
    from claimtrack.model.records import FactKind as FactKind
    from claimtrack.model.records import Forecast as Forecast
    from claimtrack.model.records import RecordMap as RecordMap
    from claimtrack.model.records import Role as Role
    from claimtrack.model.records import Search as Search
    from claimtrack.model.records import Selection as Selection
    from claimtrack.model.records import Silence as Silence
    from claimtrack.model.records import Snapshot as Snapshot
    from claimtrack.model.records import Source as Source
    from claimtrack.model.records import Speaker as Speaker
    from claimtrack.model.records import SpeakerKind as SpeakerKind
    from claimtrack.model.records import Stance as Stance
    from claimtrack.model.records import Tier as Tier
    from claimtrack.model.registry import OnConflict as OnConflict
    from claimtrack.model.registry import Policy as Policy
    from claimtrack.model.registry import Publish as Publish
    from claimtrack.model.registry import QuotePolicy as QuotePolicy
    from claimtrack.model.registry import Records as Records
    from claimtrack.model.registry import Settings as Settings
    from claimtrack.model.scales import Label as Label
    from claimtrack.model.scales import Says as Says
    from claimtrack.model.scales import Scale as Scale
    from claimtrack.model.span import Answer as Answer
    from claimtrack.model.span import CivilDay as CivilDay
    from claimtrack.model.span import Span as Span
    from claimtrack.model.span import parse_span as parse_span
    from claimtrack.model.verdict import KnownBy as KnownBy
    from claimtrack.model.verdict import ReadingVerdict as ReadingVerdict
    from claimtrack.model.verdict import Status as Status
    from claimtrack.model.verdict import Truth as Truth
    from claimtrack.model.verdict import Verdict as Verdict
    from claimtrack.quotes.answers import DifferenceKind as DifferenceKind
    from claimtrack.quotes.answers import NearestPassage as NearestPassage
    from claimtrack.quotes.answers import QuoteAnswer as QuoteAnswer
    from claimtrack.quotes.answers import QuoteCheck as QuoteCheck
    from claimtrack.quotes.answers import Quoted as Quoted
    from claimtrack.quotes.answers import QuoteDifference as QuoteDifference
    from claimtrack.quotes.answers import QuotePlace as QuotePlace
    from claimtrack.quotes.answers import QuoteReport as QuoteReport
    from claimtrack.quotes.answers import SnapshotFault as SnapshotFault
    from claimtrack.quotes.answers import SnapshotFaultKind as SnapshotFaultKind
    from claimtrack.quotes.check import captured_days as captured_days
    from claimtrack.quotes.check import check_quotes as check_quotes
    from claimtrack.registry import Registry as Registry

__version__: Final = "0.1.0"

_HOMES: Final = {
    "claimtrack.model.calendar": ("Moment",),
    "claimtrack.engine.facts": ("Knowledge",),
    "claimtrack.engine.evidence": ("Item",),
    "claimtrack.engine.decide": ("Outcome",),
    "claimtrack.engine.audit": ("Audit",),
    "claimtrack.engine.diff": ("Diff", "StatusChange", "Why"),
    "claimtrack.engine.edits": ("Edit", "WhyKind"),
    "claimtrack.engine.history": ("Change", "DayCounts", "History", "Replay"),
    "claimtrack.engine.timeline": ("Cause", "CauseKind"),
    "claimtrack.errors": (
        "ClaimTrackError",
        "FieldError",
        "Finding",
        "LoadError",
        "Location",
        "MissingExtraError",
        "NotYetSaidError",
        "Problem",
        "Record",
        "Severity",
        "SpanError",
        "UnknownRecordError",
    ),
    "claimtrack.files.load": ("load", "load_rows", "loads"),
    "claimtrack.files.write": ("dump", "dumps"),
    "claimtrack.hindsight": (
        "GivenPage",
        "Leak",
        "LeakReason",
        "LeakReport",
        "Question",
        "leaks",
    ),
    "claimtrack.lint.run": ("examine",),
    "claimtrack.model.claim": (
        "AnnulledKind",
        "Claim",
        "ClaimKind",
        "Occasion",
        "QuoteKind",
        "Reading",
        "Signature",
    ),
    "claimtrack.model.compose": (
        "all_of",
        "any_of",
        "assessed",
        "at_least",
        "figure",
        "judged",
        "occurs",
        "parts",
        "reaches",
        "stays",
    ),
    "claimtrack.model.criterion": ("Criterion",),
    "claimtrack.model.explanation": (
        "Exhibit",
        "Explanation",
        "ItemUse",
        "Proof",
        "Side",
        "Standing",
        "Step",
        "Use",
    ),
    "claimtrack.model.quantity": ("Range",),
    "claimtrack.model.records": (
        "Anchor",
        "Assessment",
        "Evidence",
        "Fact",
        "FactKind",
        "Forecast",
        "RecordMap",
        "Role",
        "Search",
        "Selection",
        "Silence",
        "Snapshot",
        "Source",
        "Speaker",
        "SpeakerKind",
        "Stance",
        "Tier",
    ),
    "claimtrack.model.registry": (
        "OnConflict",
        "Policy",
        "Publish",
        "QuotePolicy",
        "Records",
        "Settings",
    ),
    "claimtrack.model.scales": ("Label", "Says", "Scale"),
    "claimtrack.model.span": ("Answer", "CivilDay", "Span", "parse_span"),
    "claimtrack.model.verdict": ("KnownBy", "ReadingVerdict", "Status", "Truth", "Verdict"),
    "claimtrack.quotes.answers": (
        "DifferenceKind",
        "NearestPassage",
        "QuoteAnswer",
        "QuoteCheck",
        "QuoteDifference",
        "QuotePlace",
        "QuoteReport",
        "Quoted",
        "SnapshotFault",
        "SnapshotFaultKind",
    ),
    "claimtrack.quotes.check": ("captured_days", "check_quotes"),
    "claimtrack.registry": ("Registry",),
}
"""The module that each public name lives in."""

_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [  # noqa: PLE0604 - every name is a text of the table above
    *sorted(_HOME_OF),
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    try:
        home = _HOME_OF[name]
    except KeyError:
        message = f"module 'claimtrack' has no attribute {name!r}"
        raise AttributeError(message) from None
    found = getattr(importlib.import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
