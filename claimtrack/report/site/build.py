"""Every file of a site, as text by its path."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from claimtrack.engine.audit import Audit
from claimtrack.engine.explain import Explanation, ItemUse, Step, Use
from claimtrack.engine.history import Change
from claimtrack.model.criterion import LEAVES
from claimtrack.model.fact import Fact
from claimtrack.model.registry import Records
from claimtrack.model.verdict import MEANINGS, ReadingVerdict, Status, Verdict
from claimtrack.report.atom import Entry, feed
from claimtrack.report.audit_json import audit_object
from claimtrack.report.audit_table import because, told_words
from claimtrack.report.escape import for_json
from claimtrack.report.history_table import CAUSE_WORDS
from claimtrack.report.ics import DayEvent, calendar
from claimtrack.report.site.claim_review import claim_review
from claimtrack.report.site.contents import Contents, Options, headline
from claimtrack.report.site.environment import environment, markup
from claimtrack.report.site.series import series
from claimtrack.report.site.timeline import timeline
from claimtrack.report.words import criterion_words, leaf_words

NEWEST: Final = 100
"""Entries of the feed."""

EVIDENCE_GROUPS: Final = ("What decides", "What also counts, here or for a reading", "Not counted")

File = tuple[str, str]


def site_files(audit: Audit, options: Options) -> Iterator[File]:
    """
    Iterate over the files of the site of *audit*: the path from its top, and the text.

    Equal arguments give equal texts.

    Args:
        audit: The audit, whose day is that of the site.
        options: What the site is called and where it stands.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    contents = Contents(audit, options)
    page = _Pages(contents)
    yield page("index.html", "index.html", headline=list(headline(contents)))
    yield page("speakers.html", "speakers.html")
    yield page("facts.html", "facts.html")
    yield page("due.html", "due.html")
    yield page("method.html", "method.html", meanings=MEANINGS)
    for verdict in contents.verdicts:
        yield page(contents.claim_at[verdict.claim], "claim.html", **_claim(contents, verdict))
    for id_, verdicts in contents.by_speaker.items():
        speaker = audit.records.speakers[id_]
        record = options.records.get(id_)
        path = contents.speaker_at[id_]
        yield page(path, "speaker.html", speaker=speaker, verdicts=verdicts, record=record)
    for fact in audit.records.facts.values():
        yield page(contents.fact_at[fact.id], "fact.html", **_fact(contents, fact))
    yield "changes.atom", _feed(contents)
    yield "due.ics", _calendar(contents)
    yield "audit.json", f"{for_json(site_object(contents), indent=1)}\n"


class _Pages:
    """Renders templates, each with what all of them need."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.environment = environment()
        self.shared: dict[str, Any] = {
            "site": contents,
            "audit": contents.audit,
            "records": contents.records,
            "because": lambda verdict: because(contents.audit, verdict),
            "criterion_words": lambda node: criterion_words(node, contents.records.facts),
            "told": lambda evidence: _told(contents.records, evidence),
            "statuses": list(Status),
            "why": lambda cause: CAUSE_WORDS[cause.kind](cause),
        }

    def __call__(self, path: str, template: str, **values: Any) -> File:  # noqa: ANN401
        root = "../" * path.count("/")
        found = self.environment.get_template(template)
        return path, found.render(root=root, path=path, **self.shared, **values)


def _told(records: Records, evidence: Any) -> str:  # noqa: ANN401
    if evidence.fact is None:
        return f"{evidence.stance.value} the claim"
    return told_words(evidence, records.facts[evidence.fact].unit)


def _claim(contents: Contents, verdict: Verdict) -> dict[str, Any]:
    explanation = contents.explanation(verdict.claim)
    changes = contents.histories[verdict.claim]
    path = contents.claim_at[verdict.claim]
    here = f"{contents.options.url}{path}" if contents.options.url else path.rpartition("/")[2]
    review = claim_review(contents.audit, verdict, url=here, publisher=contents.publisher)
    steps = [] if explanation.steps is None else [("", explanation.steps)]
    return {
        "verdict": verdict,
        "claim": contents.claim(verdict.claim),
        "explanation": explanation,
        "changes": changes,
        "rows": list(_rows(changes)),
        "evidence": list(_evidence(explanation)),
        "picture": markup(timeline(contents.audit, explanation, changes)),
        "review": review,
        "links": list(contents.links(contents.claim(verdict.claim))),
        "trees": [(name, _tree(contents.records, step)) for name, step in steps],
        "condition": None
        if explanation.condition is None
        else _tree(contents.records, explanation.condition),
        "readings": [
            (reading, criterion_words(step.criterion, contents.records.facts))
            for reading, (_, step) in zip(verdict.readings, explanation.readings, strict=True)
        ],
    }


def _evidence(explanation: Explanation) -> Iterator[tuple[str, list[ItemUse]]]:
    """Iterate over the reports by what they did, those that decided first."""
    groups: dict[str, list[ItemUse]] = {name: [] for name in EVIDENCE_GROUPS}
    decides, counts, left_out = groups.values()
    for item in explanation.items:
        is_left_out = item.use is Use.IGNORED
        (decides if item.decided else left_out if is_left_out else counts).append(item)
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
        words = leaf_words(node, records.facts)
    else:
        several = {"All": "all of", "AnyOf": "any of", "AtLeast": f"at least {step.needed} of"}
        words = several.get(type(node).__name__, "not" if len(step.members) == 1 else "each of")
    return {
        "words": words,
        "truth": "" if type(node).__name__ == "Parts" else step.truth.word,
        "fact": getattr(node, "fact", None),
        "members": [_tree(records, member) for member in step.members],
    }


def _fact(contents: Contents, fact: Fact) -> dict[str, Any]:
    reports = contents.reports(fact.id)
    standing: Callable[[Any], str] = lambda item: item.standing(contents.audit.day).value  # noqa: E731
    usable = [(one, item) for one, item in reports if standing(item) == "usable"]
    return {
        "fact": fact,
        "reports": [(one, item, standing(item)) for one, item in reports],
        "picture": markup(series(fact, usable)),
        "verdicts": contents.by_fact.get(fact.id, []),
    }


def _feed(contents: Contents) -> str:
    base = contents.options.url or ""
    entries = [
        Entry(
            key=f"{contents.title}\n{turn.claim.id}\n{turn.change.day}\n{turn.change.status.value}",
            day=turn.change.day,
            title=f"{turn.before.value if turn.before else ''} \u2192 {turn.change.status.value}: "
            f"{turn.claim.words}",
            text=f"{contents.speaker_of(turn.claim)}: \u201c{turn.claim.quote}\u201d. {turn.why}.",
            link=f"{base}{contents.claim_at[turn.claim.id]}",
        )
        for turn in contents.turns[:NEWEST]
    ]
    return feed(
        entries,
        title=f"{contents.title}: changes",
        author=contents.publisher,
        link=f"{base}index.html",
        empty=contents.audit.day,
    )


def _calendar(contents: Contents) -> str:
    base = contents.options.url
    events = [
        DayEvent(
            key=f"{contents.title}\n{verdict.claim}",
            day=verdict.due,
            title=f"Due: {contents.claim(verdict.claim).words}",
            text=f"{contents.speaker_of(contents.claim(verdict.claim))}: "
            f"\u201c{contents.claim(verdict.claim).quote}\u201d",
            link=f"{base}{contents.claim_at[verdict.claim]}" if base else None,
        )
        for verdict in contents.waiting
        if verdict.due is not None
    ]
    return calendar(events, title=f"{contents.title}: due", stamp=contents.audit.day)


def site_object(contents: Contents) -> dict[str, Any]:
    """Return the whole site for programs: the audit, with the words and the page of each claim."""
    found = audit_object(contents.audit, contents.verdicts)
    for one in found["claims"]:
        claim = contents.claim(one["id"])
        one |= {
            "page": contents.claim_at[claim.id],
            "quote": claim.quote,
            "proposition": claim.proposition,
            "topics": list(claim.topics),
            "criterion": None
            if claim.criterion is None
            else criterion_words(claim.criterion, contents.records.facts),
            "because": because(contents.audit, contents.verdict[claim.id]),
        }
    found["speakers"] = [
        {"id": id_, "name": contents.records.speakers[id_].label, "page": page}
        for id_, page in contents.speaker_at.items()
    ]
    found["facts"] = [
        {"id": id_, "title": contents.records.facts[id_].title, "page": page}
        for id_, page in contents.fact_at.items()
    ]
    return found
