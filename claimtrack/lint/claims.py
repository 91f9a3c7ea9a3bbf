"""Findings on claims: recorded statuses that are not the computed ones, and links of claims."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from claimtrack.engine.evidence import Item
from claimtrack.engine.signature import RULES_CHANGED, SUSPECT, is_of_this_form, is_stale, suspected
from claimtrack.errors import Finding, Record
from claimtrack.lint.context import Context, Path, claim_record
from claimtrack.model.claim import Claim, ClaimKind
from claimtrack.model.criterion import Assessed, Criterion, leaves_of, scales_of
from claimtrack.model.fields import shown
from claimtrack.model.records import RecordMap
from claimtrack.model.span import day_text
from claimtrack.model.verdict import DECIDED, Status

UNSETTLED: Final = frozenset({Status.OVERDUE, Status.CONFLICTING, Status.NOT_ENOUGH_EVIDENCE})
"""The statuses that a keeper has to record, or else they are findings."""

_DATED: Final = frozenset({ClaimKind.PREDICTION, ClaimKind.PROMISE})


def check_statuses(context: Context) -> Iterator[Finding]:
    """Find CT601 to CT608, CT611, CT644 to CT646 and CT730."""
    for id_ in context.audit.outcomes:
        claim = context.registry.claims[id_]
        yield from faults_of_claim(context, claim)
        for number in range(len(claim.readings)):
            yield from faults_of_reading(context, claim, number)
        yield from _due(context, claim)
        yield from _signed_by(context, claim)
    for evidence in context.registry.evidence.values():
        if evidence.stance is not None and evidence.quote is None and evidence.note is None:
            message = f"judges claim {evidence.claim!r}, and has neither a quote nor a note"
            record = Record(kind="evidence", id=evidence.id)
            yield context.finding("CT645", record, message, path=("stance",))


def _is_unfounded(context: Context, claim: Claim) -> bool:
    """Say whether *claim* was signed as what its evidence does not say, and not why."""
    if claim.status is context.audit.outcomes[claim.id].status or context.audit.lacks_check(
        claim.id
    ):
        return False
    return claim.signed is not None and claim.signed.because is None


def _signed_by(context: Context, claim: Claim) -> Iterator[Finding]:
    """Find CT644 to CT646: what is not signed, or not by anybody, or as what it cannot be."""
    record = claim_record(claim.id)
    computed = context.audit.outcomes[claim.id].status
    if claim.status is None:
        if computed in DECIDED and not is_rated(claim.criterion):
            hint = f"sign: {context.command('accept', claim.id)}"
            yield context.finding("CT644", record, f"is {computed}, and is not signed", hint=hint)
    elif claim.signed is None:
        message = f"is recorded as {claim.status}, and is signed by nobody"
        yield context.finding("CT645", record, message, path=("status",))
    elif claim.signed.by is None:
        message = f"was signed on {claim.signed.on.text}, and not by whom"
        yield context.finding("CT645", record, message, path=("signed",))
    elif _is_unfounded(context, claim):
        message = f"was signed as {claim.status}, which is not computed, and not why"
        yield context.finding("CT645", record, message, path=("signed",))
    if claim.kind is not None and not claim.can_be_late:
        recorded: list[tuple[Path, Status | None]] = [((), claim.status)]
        recorded += [(("reading", n), one.status) for n, one in enumerate(claim.readings)]
        for path, status in recorded:
            if status is Status.LATE:
                message = f"is a claim of kind {claim.kind.value!r}, and is recorded as late"
                yield context.finding("CT646", record, message, path=(*path, "status"))


def faults_of_claim(context: Context, claim: Claim) -> Iterator[Finding]:
    """
    Iterate over what is wrong with the status of *claim*, which was said.

    They are CT601 to CT608 and CT730.
    """
    status = context.audit.outcomes[claim.id].status
    answered = context.audit.answers.get(claim.id)
    record = claim_record(claim.id)
    if answered is not None and answered.error is not None:
        yield context.finding("CT607", record, f"has a check that {answered.because}")
    elif context.audit.lacks_check(claim.id):
        message = "was signed as decided by a function, which was not asked"
        hint = "name the file that holds it: --checks FILE"
        yield context.finding("CT608", record, message, path=("signed",), hint=hint)
    elif _lacks_all_evidence(context, claim, status):
        message = f"is recorded as {claim.status}, and there is no evidence on it"
        yield context.finding("CT606", record, message, path=("status",))
    else:
        yield from _held_against(context, claim, status, claim.status, ())
    yield from _signature(context, claim)


def _lacks_all_evidence(context: Context, claim: Claim, computed: Status) -> bool:
    if claim.status not in DECIDED or claim.status is computed:
        return False
    return not context.audit.reports_on(claim)


def faults_of_reading(context: Context, claim: Claim, number: int) -> Iterator[Finding]:
    """
    Iterate over what is wrong with the status of one of its readings, from 0.

    They are CT601, CT602 and CT730.
    """
    told = context.audit[claim.id].readings[number]
    recorded = claim.readings[number].status
    yield from _held_against(context, claim, told.status, recorded, ("reading", number))


def _held_against(
    context: Context, claim: Claim, computed: Status, recorded: Status | None, where: Path
) -> Iterator[Finding]:
    """Compare the *computed* status with the *recorded* one, of the claim or the reading there."""
    if recorded is computed:
        return
    subject = "" if not where else f"reading {shown(claim.readings[int(where[1])].name)} "
    day = context.audit.as_of
    if recorded is not None:
        yield context.finding(
            "CT601",
            claim_record(claim.id),
            f"{subject}is recorded as {recorded}, and is {computed} as of {day}",
            path=(*where, "status"),
            hint=_hint(context, claim, f"see: {context.command('explain', claim.id)}; sign: "),
        )
    elif computed in UNSETTLED and _waits_for_a_rating(context, claim, computed, where):
        yield from _rating_to_come(context, claim, where, subject)
    elif computed in UNSETTLED:
        yield context.finding(
            "CT602",
            claim_record(claim.id),
            f"{subject}is {computed} as of {day}, which is not recorded",
            path=where,
            hint=_hint(context, claim, "add evidence, or sign: "),
        )


def is_rated(criterion: Criterion | None) -> bool:
    """Say whether *criterion* asks for nothing but the ratings of others, who sign for them."""
    return criterion is not None and all(
        isinstance(leaf, Assessed) for leaf in leaves_of(criterion)
    )


def _criterion_at(claim: Claim, where: Path) -> Criterion | None:
    return claim.readings[int(where[1])].criterion if where else claim.criterion


def _waits_for_a_rating(context: Context, claim: Claim, computed: Status, where: Path) -> bool:
    """
    Say whether it is open only because whoever rates it has not yet rated it for good.

    Whoever keeps a tracker rates when there is something to say, so an open rating, or none, is
    nothing that the keeper of the registry has overlooked. Ratings that say something and do not
    suffice, as where two witnesses are asked for, are.
    """
    criterion = _criterion_at(claim, where)
    if criterion is None or not is_rated(criterion) or computed is Status.CONFLICTING:
        return False
    return computed is Status.OVERDUE or context.audit.open_rating(claim, criterion) is not None


def _rating_to_come(context: Context, claim: Claim, where: Path, subject: str) -> Iterator[Finding]:
    """Find CT730: no rating at all, or one that is still open after the claim's own due day."""
    criterion, record = _criterion_at(claim, where), claim_record(claim.id)
    assert criterion is not None  # noqa: S101 - see `_waits_for_a_rating`
    rating = context.audit.open_rating(claim, criterion)
    if rating is None:
        scales = " or ".join(repr(scale) for scale in sorted(scales_of(criterion)))
        yield context.finding("CT730", record, f"{subject}is not rated yet on {scales}", path=where)
    elif claim.due is not None and claim.due.last < context.audit.day:
        message = f"{subject}was due on {claim.due.text}, and is still rated {rating.rating!r}"
        yield context.finding("CT730", record, message, path=("due",))


def _hint(context: Context, claim: Claim, before_signing: str) -> str:
    """Return what to do: what stands *before_signing*, and the command that signs *claim*."""
    signed, day = claim.signed, context.audit.as_of
    if signed is None or signed.on.first <= context.audit.day:
        return before_signing + context.command("accept", claim.id)
    # What was signed since rests on more than was known by then: it is not to be signed over.
    seen = context.command("explain", claim.id, "--as-of", str(day))
    return f"it was signed on a later day, {signed.on.text}; see: {seen}"


def _signature(context: Context, claim: Claim) -> Iterator[Finding]:
    day = context.audit.day
    if claim.signed is not None:
        yield from _suspicion(context, claim)
    if is_stale(claim, day):
        assert claim.review_by is not None  # noqa: S101 - without one it is never stale
        message = f"was to be looked at again by {claim.review_by.text}"
        yield context.finding("CT604", claim_record(claim.id), message, path=("review_by",))


def _suspicion(context: Context, claim: Claim) -> Iterator[Finding]:
    assert claim.signed is not None  # noqa: S101 - only what was signed is suspect
    if context.audit.lacks_check(claim.id):
        return  # that it was not asked is a finding of its own
    if SUSPECT not in context.audit[claim.id].marks:
        return
    if context.audit.is_changed_by_rules(claim):
        computed = context.audit.outcomes[claim.id].status
        message = (
            f"is suspect: {RULES_CHANGED} since it was signed on {claim.signed.on.text}, "
            f"as {claim.status}; it is {computed} now"
        )
        hint = _hint(context, claim, "look at it, then sign: ")
        yield context.finding("CT603", claim_record(claim.id), message, path=("signed",), hint=hint)
        return
    used = context.audit.rests_on(claim.id)
    if used is not None:  # what tests testify in a run is no part of the registry that was signed
        used = tuple(id_ for id_ in used if _is_recorded(context, id_))
    parts = suspected(claim, used, context.registry, context.audit.day)
    if not parts:
        return
    record, on = claim_record(claim.id), claim.signed.on.text
    asked = [part for part in parts if part in ("words", "criterion")]
    first = _first_known(context, claim, used or ()) if claim.status in DECIDED else None
    if asked and first is not None and is_of_this_form(claim.signed.fingerprint or ""):
        message = (
            f"had its {' and '.join(asked)} edited after it was signed on {on}, when "
            f"evidence {first.id!r} of {day_text(first.known_from)} had decided it"
        )
        yield context.finding("CT605", record, message, path=("criterion",))
        return
    message = f"is suspect: its {', '.join(parts)} changed since it was signed on {on}"
    hint = _hint(context, claim, "look at it, then sign: ")
    yield context.finding("CT603", record, message, path=("signed",), hint=hint)


def _is_recorded(context: Context, id: str) -> bool:  # noqa: A002
    return id in context.registry.evidence or id in context.registry.assessments


def _first_known(context: Context, claim: Claim, used: tuple[str, ...]) -> Item | None:
    """Return the oldest deciding item that was known when *claim* was signed, or any on it."""
    assert claim.signed is not None  # noqa: S101 - see above
    reports, signed = context.audit.reports_on(claim), claim.signed.on.first
    known = [item for item in reports if item.known_from <= signed]
    deciding = [item for item in known if item.id in used]
    return min(deciding or known, key=lambda item: (item.known_from, item.id), default=None)


def _due(context: Context, claim: Claim) -> Iterator[Finding]:
    if claim.kind not in _DATED or claim.criterion is None:
        return
    if context.audit.due(claim) is None:
        message = f"is a {claim.kind} that is never due; expected a window with an end, or a 'due'"
        yield context.finding("CT611", claim_record(claim.id), message, path=("criterion",))


DIRECTED: Final = ("part_of", "depends_on", "refines", "repeats")
"""The links that may not lead back to where they began."""

_VOID: Final = (Status.FAILED, Status.ANNULLED)

Clash = Callable[[Status, Status], bool]

CLASHES: Final[Mapping[str, tuple[str, Clash, str]]] = {
    # link: (code, whether the statuses of the claim and of the other clash, the message)
    "contradicts": (
        "CT631",
        lambda here, there: here is there is Status.HELD,
        "contradicts {there_id!r}, and both are held",
    ),
    "repeats": (
        "CT632",
        lambda here, there: here is not there,
        "repeats {there_id!r}, and is {here} where that is {there}",
    ),
    "depends_on": (
        "CT634",
        lambda here, there: here in {Status.HELD, Status.PENDING} and there in _VOID,
        "depends on {there_id!r}, and is {here} where that is {there}",
    ),
    "part_of": (
        "CT635",
        lambda here, there: here is Status.FAILED and there is Status.HELD,
        "is part of {there_id!r}, which is held, and itself failed",
    ),
    "refines": (
        "CT636",
        lambda here, there: here is Status.HELD and there is Status.FAILED,
        "refines {there_id!r}, which failed, and itself holds",
    ),
}
"""What each link forbids, as of one day."""


def check_links(context: Context) -> Iterator[Finding]:
    """Find CT631 to CT636."""
    claims = context.registry.claims
    for link in DIRECTED:
        for id_ in in_circles(claims, link):
            message = f"is reached again by following {link!r}"
            yield context.finding("CT633", claim_record(id_), message, path=(link,))
    back = {(there, claim.id) for claim in claims.values() for there in claim.contradicts}
    for claim in claims.values():
        for link in CLASHES:
            if getattr(claim, link):
                yield from _clashes(context, claim, link, back)


def _clashes(
    context: Context, claim: Claim, link: str, back: AbstractSet[tuple[str, str]]
) -> Iterator[Finding]:
    """Find clashes; *back* has each claim that another contradicts, with that other."""
    code, clash, told = CLASHES[link]
    outcomes = context.audit.outcomes
    here = outcomes.get(claim.id)
    for number, id_ in enumerate(getattr(claim, link)):
        there = outcomes.get(id_)
        if here is None or there is None or not clash(here.status, there.status):
            continue
        if link == "contradicts" and id_ < claim.id and (claim.id, id_) in back:
            continue  # told of the other, which comes first by its id
        message = told.format(there_id=id_, here=here.status, there=there.status)
        yield context.finding(code, claim_record(claim.id), message, path=(link, number))


def in_circles(claims: RecordMap[Claim], link: str) -> list[str]:
    """Return the ids of the claims that *link*, followed on and on, leads back to."""
    ahead = {id_: tuple(getattr(claim, link)) for id_, claim in claims.items()}
    ahead = {id_: links for id_, links in ahead.items() if links}
    found = set(_in_cycles(ahead))
    return [id_ for id_ in ahead if id_ in found]


def _in_cycles(ahead: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """
    Iterate over the ids from which a path leads back to themselves.

    They are in the strongly connected components of more than one id, found by Kosaraju's
    algorithm: each link is followed once in each direction.
    """
    back: dict[str, list[str]] = {}
    for here, links in ahead.items():
        for there in links:
            back.setdefault(there, []).append(here)
    seen: set[str] = set()
    for start in reversed(_finished(ahead)):
        if start in seen:
            continue
        seen.add(start)
        component = [start]
        for here in component:  # it grows meanwhile
            new = [there for there in back.get(here, ()) if there not in seen]
            seen.update(new)
            component += dict.fromkeys(new)
        if len(component) > 1:
            yield from component


def _finished(ahead: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return all ids in the order in which a walk in depth, link by link, is done with them."""
    met: set[str] = set()
    done: list[str] = []
    for start in ahead:
        walk = [] if start in met else [(start, iter(ahead[start]))]
        met.add(start)
        while walk:
            here, links = walk[-1]
            there = next((id_ for id_ in links if id_ not in met), None)
            if there is None:
                walk.pop()
                done.append(here)
            else:
                met.add(there)
                walk.append((there, iter(ahead.get(there, ()))))
    return done
