"""What ``claimtrack audit`` prints, unless a database engine is asked."""

from collections.abc import Callable, Iterable
from functools import cache

from claimtrack.cli.audit import Asked, Form
from claimtrack.cli.looking import Look
from claimtrack.cli.part import audit_of_speakers
from claimtrack.collector import at_rest
from claimtrack.engine.audit import Audit
from claimtrack.errors import UnknownRecordError
from claimtrack.model.claim import Claim
from claimtrack.model.shelf import nearest_to
from claimtrack.model.verdict import Verdict
from claimtrack.report.audit_text import Layout, audit_text


def writer(look: Look | None, asked: Asked) -> Callable[[Form], str]:
    """Return what writes the answer; it reads the registry once, when it first writes."""

    @cache
    def found() -> tuple[Audit, list[Verdict]]:
        audit = _audit(look, asked)
        _check_topics(audit, asked)
        return audit, _wanted(audit, asked)

    def write(form: Form) -> str:
        layout = Layout(by=asked.by, counts=asked.counts, width=form.width, colour=form.colour)
        with at_rest():  # a verdict on each of very many claims
            return audit_text(*found(), form.name, layout)

    return write


def _audit(look: Look | None, asked: Asked) -> Audit:
    if asked.speakers and not asked.checks:
        speakers = asked.speakers
        return audit_of_speakers(asked.path, look, speakers, asked.as_of, asked.known_by)
    from claimtrack.cli.checks import add_checks, audited  # noqa: PLC0415 - not for a part
    from claimtrack.cli.reading import registry_at  # noqa: PLC0415

    registry = registry_at(asked.path)
    add_checks(registry, asked.path, asked.checks)
    for id_ in asked.speakers:
        registry.speakers[id_]
    return audited(registry, asked.as_of, asked.known_by)


def _check_topics(audit: Audit, asked: Asked) -> None:
    """
    See that there is a claim on each topic that is *asked* for, said by that day or not.

    Raises:
        UnknownRecordError: There is none.
    """
    if set(asked.topics) <= _topics(audit.records.claims.values()):
        return
    from claimtrack.cli.reading import registry_at  # noqa: PLC0415 - what was read may be a part

    known = _topics(registry_at(asked.path).claims.values())
    for topic in asked.topics:
        if topic not in known:
            raise UnknownRecordError("topic", topic, nearest_to(topic, sorted(known)))


def _topics(claims: Iterable[Claim]) -> set[str]:
    return {topic for claim in claims for topic in claim.topics}


def _wanted(audit: Audit, asked: Asked) -> list[Verdict]:
    found = []
    for id_, outcome in audit.outcomes.items():
        claim = audit.records.claims[id_]
        if asked.speakers and claim.speaker not in asked.speakers:
            continue
        if asked.topics and not set(asked.topics) & set(claim.topics):
            continue
        if asked.statuses and outcome.status.value not in asked.statuses:
            continue
        found.append(audit[id_])
    return found
