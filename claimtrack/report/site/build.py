"""Every file of a site, as text by its path."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from claimtrack.engine.audit import Audit
from claimtrack.engine.explain import Explanation, ItemUse, Step, Use
from claimtrack.engine.history import Change
from claimtrack.model.criterion import LEAVES
from claimtrack.model.evidence import Evidence
from claimtrack.model.fact import Fact
from claimtrack.model.registry import Records
from claimtrack.model.span import Span, day_text
from claimtrack.model.verdict import MEANINGS, ReadingVerdict, Status, Verdict
from claimtrack.report.atom import Entry, feed
from claimtrack.report.audit_json import audit_object
from claimtrack.report.audit_table import because, told_words
from claimtrack.report.calendar import calendar
from claimtrack.report.due_table import due_within
from claimtrack.report.escape import for_json
from claimtrack.report.history_table import CAUSE_WORDS
from claimtrack.report.site.claim_review import claim_review
from claimtrack.report.site.contents import Contents, Options, headline
from claimtrack.report.site.environment import environment, markup
from claimtrack.report.site.series import series
from claimtrack.report.site.timeline import timeline
from claimtrack.report.words import criterion_words, leaf_words

NEWEST: Final = 100
"""Entries of the feed."""

EVIDENCE_GROUPS: Final = ("What decides", "What also counts, here or for a reading", "Not counted")

_EVER: Final = 4_000_000
"""Days to look ahead: past the last day of any calendar."""

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
    dues = due_within(audit, _EVER)
    yield "due.ics", calendar(dues, name=contents.title, as_of=audit.as_of)
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


def _told(records: Records, evidence: Evidence) -> str:
    if evidence.fact is None:
        return f"{evidence.stance.value if evidence.stance else 'judges'} the claim"
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


def site_object(contents: Contents) -> dict[str, Any]:
    """Return the whole site for programs: the audit, and what it rests on, with their pages."""
    found = audit_object(contents.audit, contents.verdicts)
    records = contents.records
    for one in found["claims"]:
        one.update(_claim_object(contents, one["id"]))
    found["speakers"] = [
        {"id": id_, "name": records.speakers[id_].label, "page": page}
        for id_, page in contents.speaker_at.items()
    ]
    found["facts"] = [
        {
            "id": fact.id,
            "kind": fact.kind.value,
            "title": fact.title,
            "unit": fact.unit,
            "page": contents.fact_at[fact.id],
        }
        for fact in records.facts.values()
    ]
    found["evidence"] = [_evidence_object(records, one) for one in records.evidence.values()]
    found["sources"] = [
        {
            "id": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "author": source.author,
            "origin": source.origin,
            "tier": source.tier.value if source.tier else None,
            "published": _span_text(source.published),
            "url": source.url,
            "archived_url": source.archived_url,
        }
        for source in records.sources.values()
    ]
    return found


def _claim_object(contents: Contents, id_: str) -> dict[str, Any]:
    claim = contents.claim(id_)
    criterion = claim.criterion
    return {
        "page": contents.claim_at[id_],
        "quote": claim.quote,
        "proposition": claim.proposition,
        "topics": list(claim.topics),
        "criterion": None
        if criterion is None
        else criterion_words(criterion, contents.records.facts),
        "because": because(contents.audit, contents.verdict[id_]),
        "history": [
            {
                "day": day_text(change.day),
                "status": change.status.value,
                "because": CAUSE_WORDS[change.cause.kind](change.cause),
            }
            for change in contents.histories[id_]
        ],
    }


def _evidence_object(records: Records, evidence: Evidence) -> dict[str, Any]:
    source = records.sources[evidence.source]
    return {
        "id": evidence.id,
        "fact": evidence.fact,
        "claim": evidence.claim,
        "source": evidence.source,
        "published": _span_text(evidence.published or source.published),
        "says": _told(records, evidence),
        "quote": evidence.quote,
        "withdrawn": _span_text(evidence.withdrawn),
        "supersedes": list(evidence.supersedes),
    }


def _span_text(span: Span | None) -> str | None:
    return None if span is None else span.text
