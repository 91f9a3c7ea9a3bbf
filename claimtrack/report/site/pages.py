"""What each template is given, and how templates are filled."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

import attrs

from claimtrack.engine.history import Change
from claimtrack.model.criterion import LEAVES
from claimtrack.model.explanation import Standing, Step, Use
from claimtrack.model.fact import Fact
from claimtrack.model.registry import Records
from claimtrack.model.verdict import ReadingVerdict, Status, Verdict
from claimtrack.report.because import because
from claimtrack.report.site.claim_review import claim_review
from claimtrack.report.site.contents import Contents
from claimtrack.report.site.effects import Effect, effects
from claimtrack.report.site.environment import environment, markup
from claimtrack.report.site.series import series
from claimtrack.report.site.timeline import timeline
from claimtrack.report.words import criterion_words, leaf_words

EVIDENCE_GROUPS: Final = ("What decides", "What also counts, here or for a reading", "Not counted")

ATOMS: Final = ("badge", "claim_link", "source", "speaker_link", "text", "web")
"""Macros that give the same for the same arguments wherever they stand, and so are asked once."""


class Templates:
    """
    The templates, each with what all of them need.

    Args:
        contents: What the pages show.
    """

    def __init__(self, contents: Contents) -> None:
        self.environment = environment()
        self.shared: dict[str, Any] = {
            "site": contents,
            "audit": contents.audit,
            "records": contents.records,
            "because": lambda verdict: _because(contents, verdict),
            "told": contents.told,
            "statuses": list(Status),
            "why": contents.why,
        }
        self.at_depth = cache(self._at_depth)

    def page(self, path: str, template: str, values: Callable[[], dict[str, Any]]) -> str:
        """Return the text of the page at *path*, from *template* and what *values* gives."""
        found = self.environment.get_template(template)
        return found.render(path=path, **self.at_depth(path.count("/")), **values())

    def _at_depth(self, depth: int) -> dict[str, Any]:
        """Return what pages share that stand so many folders down."""
        shared = {**self.shared, "root": "../" * depth}
        macros = self.environment.get_template("atoms.html").make_module(shared)
        shared["atoms"] = SimpleNamespace(**{name: cache(getattr(macros, name)) for name in ATOMS})
        shared["parts"] = self.environment.get_template("parts.html").make_module(shared)
        return shared


def claim_values(contents: Contents, verdict: Verdict) -> dict[str, Any]:
    """Return what the page of one claim shows."""
    claim, changes = contents.claim(verdict.claim), contents.changes(verdict.claim)
    explanation = contents.explanation(verdict.claim)
    told = [*effects(explanation)]
    pictured = attrs.evolve(explanation, items=tuple(one.item for one in told))
    records = contents.records
    return {
        "verdict": verdict,
        "claim": claim,
        "explanation": explanation,
        "answered": contents.audit.answers.get(claim.id),
        "changes": changes,
        "rows": list(_rows(changes)),
        "evidence": list(_evidence(told)),
        "picture": markup(timeline(contents.audit.day, pictured, changes)),
        "review": _review(contents, verdict, changes),
        "links": list(contents.links(claim)),
        "agreeing": 1 + sum(one.status is verdict.status for one in verdict.readings),
        "tree": explanation.steps and _tree(records, explanation.steps),
        "condition": explanation.condition and _tree(records, explanation.condition),
        "readings": [
            (reading, criterion_words(step.criterion, records.facts.by_id))
            for reading, (_, step) in zip(verdict.readings, explanation.readings, strict=True)
        ],
    }


def _because(contents: Contents, verdict: Verdict) -> str:
    """Say why a claim is what it is, as a sentence; of readings and marks the page says more."""
    words = because(contents.audit, attrs.evolve(verdict, readings=(), marks=()), titled=True)
    return words if not words or words.endswith((".", "!", "?")) else f"{words}."


def _review(contents: Contents, verdict: Verdict, changes: Sequence[Change]) -> dict[str, Any]:
    path = contents.claim_at[verdict.claim]
    url = contents.options.url
    return claim_review(
        contents.records,
        verdict,
        url=f"{url}{path}" if url else path.rpartition("/")[2],
        publisher=contents.publisher,
        # Not the day of the audit, with which every page would change every day.
        reviewed=changes[-1].day if changes else contents.audit.day,
    )


def _evidence(told: Sequence[Effect]) -> Iterator[tuple[str, list[Effect]]]:
    """Iterate over the reports by what they did, those that decided first."""
    groups: dict[str, list[Effect]] = {name: [] for name in EVIDENCE_GROUPS}
    decides, counts, left_out = groups.values()
    for one in told:
        is_left_out = one.item.use is Use.IGNORED
        (decides if one.item.decided else left_out if is_left_out else counts).append(one)
    yield from ((name, items) for name, items in groups.items() if items)


def _rows(changes: Sequence[Change]) -> Iterator[tuple[Change, list[ReadingVerdict]]]:
    """Iterate over changes with those readings that changed with each."""
    before: tuple[ReadingVerdict, ...] = ()
    for change in changes:
        yield change, [one for one in change.readings if before and one not in before]
        before = change.readings


def _tree(records: Records, step: Step) -> dict[str, Any]:
    """Return what the record makes of a criterion, node by node."""
    node = step.criterion
    if isinstance(node, LEAVES):
        words = leaf_words(node, records.facts.by_id)
    else:
        several = {"All": "all of", "AnyOf": "any of", "AtLeast": f"at least {step.needed} of"}
        words = several.get(type(node).__name__, "not" if len(step.members) == 1 else "each of")
    return {
        "words": words,
        "truth": "" if type(node).__name__ == "Parts" else step.truth.word,
        "fact": getattr(node, "fact", None),
        "members": [_tree(records, member) for member in step.members],
    }


def fact_values(contents: Contents, fact: Fact) -> dict[str, Any]:
    """Return what the page of one fact shows."""
    day = contents.audit.day
    reports = [(one, item, item.standing(day)) for one, item in contents.reports(fact.id)]
    usable = [(one, item) for one, item, standing in reports if standing is Standing.USABLE]
    return {
        "fact": fact,
        "reports": [(one, standing.value) for one, _, standing in reports],
        "picture": markup(series(fact, usable)),
        "verdicts": contents.by_fact.get(fact.id, []),
    }
