"""
The verdicts on all claims of a registry, as of one day.

The statuses of all claims are computed in one pass; the deciding evidence of each is computed when
it is requested.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from claimtrack.collector import collector_paused
from claimtrack.engine.decide import (
    STATUS_OF,
    Outcome,
    by_age,
    case_of,
    deciding_items,
    due_day,
    evaluate,
    is_void,
    outcome_of_claim,
    outcome_of_reading,
    said_day,
    undecided,
)
from claimtrack.engine.evidence import (
    EvidenceIndex,
    Item,
    UsableEvidence,
    ZonedEvidence,
    facts_of_claim,
    items_on,
)
from claimtrack.engine.facts import Knowledge, knowledge
from claimtrack.engine.fast_path import FastPath
from claimtrack.engine.history import History, history
from claimtrack.engine.signature import SUSPECT, is_by_check, is_changed_by_rules, marks_of
from claimtrack.engine.timeline import timeline_of
from claimtrack.engine.user_functions import Check, CheckAnswer, CheckRunner, run_check
from claimtrack.engine.weigh import Case, items_in, weigh
from claimtrack.errors import NotYetSaidError, require
from claimtrack.model.claim import Claim, ClaimKind
from claimtrack.model.criterion import Assessed, Criterion, Event, Parts, leaves_of, scales_of
from claimtrack.model.display import Printed
from claimtrack.model.explanation import Side, Standing
from claimtrack.model.records import Assessment, Evidence, Forecast, Search
from claimtrack.model.registry import Records
from claimtrack.model.scales import in_parts, known_scale
from claimtrack.model.span import OPEN_START, CivilDay, Day
from claimtrack.model.verdict import (
    AFTER_THE_FACT,
    CAME_TRUE,
    DECIDED,
    RETRACTED,
    KnownBy,
    ReadingVerdict,
    Status,
    Truth,
    Verdict,
)

if TYPE_CHECKING:
    from claimtrack.engine.diff import Diff

_OPEN: Final = frozenset({Status.PENDING, Status.OVERDUE, Status.NOT_ENOUGH_EVIDENCE})
"""The statuses of claims that the evidence does not decide."""

_BEYOND_CHECKS: Final = frozenset({Status.ANNULLED, Status.NOT_CHECKABLE})
"""The statuses of claims for which no function is called."""


_ASKED: Final = Outcome(Status.PENDING)
"""Stands for the answer of a function until it is called."""

PlacedReports: TypeAlias = tuple[list[int], list[Evidence]]
"""Reports in the order of the registry, with their places in it."""

_FEW: Final = 16


def merged(groups: Iterable[PlacedReports]) -> list[Evidence]:
    """
    Merge *groups* of reports that share none into one list in the order of the registry.

    A few reports are inserted into a large group, so that its reports are not compared one by one.
    """
    (places, reports), *others = sorted(groups, key=lambda one: -len(one[0])) or [([], [])]
    rest = sorted((pair for one in others for pair in zip(*one, strict=True)), key=itemgetter(0))
    if len(rest) > _FEW:
        pairs = sorted([*zip(places, reports, strict=True), *rest], key=itemgetter(0))
        return [report for _, report in pairs]
    found = [*reports]
    for place, report in reversed(rest):
        found.insert(bisect(places, place), report)
    return found


class Audit(Printed):
    """
    The verdicts on all claims that had been made by a day.

    ``audit["claim-id"]`` is the `Verdict` on one claim; iterating gives all of them, in the order
    of the registry. Claims that had not yet been made are not in it, only counted.

    Args:
        index: The evidence of the registry.
        day: The day as an ordinal; what was published on it counts.
        checks: The functions that decide claims in place of their criteria, by claim.
        run: How they are called: `run_check` raises what a function raises, `try_check` keeps it.
    """

    def __init__(
        self,
        index: EvidenceIndex,
        day: Day,
        checks: Mapping[str, Check] | None = None,
        *,
        run: CheckRunner = run_check,
    ) -> None:
        self.index = index
        self.day = day
        self.checks = dict(checks or {})
        self.run = run
        self.answers: dict[str, CheckAnswer] = {}
        self._usable_in: dict[ZonedEvidence, UsableEvidence] = {}
        self._usable_on: dict[tuple[ZonedEvidence, str], PlacedReports] = {}
        self._verdicts: dict[str, Verdict] = {}

    def __repr__(self) -> str:
        return f"<Audit as of {self.as_of}, by what was {self.known_by}>"

    @property
    def records(self) -> Records:
        """The registry that was audited."""
        return self.index.records

    @property
    def known_by(self) -> KnownBy:
        """The day from which a report counted: of its publication, or of its entry."""
        return self.index.known_by

    @property
    def as_of(self) -> CivilDay:
        """The last day whose publications count."""
        return CivilDay(self.day)

    @cached_property
    def outcomes(self) -> Mapping[str, Outcome]:
        """The status of each claim that had been made, without what decided it."""
        with collector_paused():
            return self._outcomes()

    def _outcomes(self) -> dict[str, Outcome]:
        fast_path = FastPath.of(self.index)
        day = self.day
        outcomes: dict[str, Outcome] = {}
        for claim in self.records.claims.by_id.values():
            leaf = fast_path.leaf_of(claim)
            if leaf is not None:
                if claim.said.first <= day:
                    outcomes[claim.id] = fast_path.timeline(claim, leaf, day, day)[0][1]
            elif said_day(claim, self.index) <= day:
                outcomes[claim.id] = self._outcome(claim)
        for id_, check in self.checks.items():
            if id_ in outcomes and outcomes[id_].status not in _BEYOND_CHECKS:
                outcomes[id_] = self._outcome_of_check(self.records.claims[id_], check)
        return outcomes

    def _outcome(self, claim: Claim) -> Outcome:
        case = self.case(claim)
        if claim.id in self.checks and claim.criterion is not None and not is_void(claim, case):
            return _ASKED  # weighing the criterion, which may take long, would be in vain
        return outcome_of_claim(claim, case)

    def _outcome_of_check(self, claim: Claim, check: Check) -> Outcome:
        answer = self.run(check, claim, self.usable_evidence(claim))
        self.answers[claim.id] = answer
        status = STATUS_OF[answer.truth]
        if status is None:
            assert claim.criterion is not None  # noqa: S101 - else it is not checkable
            status = undecided(claim, claim.criterion, self.case(claim))
        return Outcome(status)

    def usable_evidence(self, claim: Claim) -> tuple[Evidence, ...]:
        """
        Return the reports usable on the day that name *claim* or a fact that it asks about.

        They come in the order of the registry. The facts are those of all its criteria.
        """
        usable, facts = self.usable(claim), facts_of_claim(claim)
        groups = [self._reports_on(usable, fact) for fact in facts]
        if own := usable.on_claim(claim.id):
            groups.append(self._in_order(own))
        return tuple(merged(groups))

    def _reports_on(self, usable: UsableEvidence, fact: str) -> PlacedReports:
        key = usable.zoned, fact
        reports = self._usable_on.get(key)
        if reports is None:  # many claims may ask about the same fact
            reports = self._usable_on[key] = self._in_order(usable.on_fact(fact))
        return reports

    def _in_order(self, items: Iterable[Item]) -> PlacedReports:
        places, evidence = self.index.places, self.records.evidence.by_id
        ids = sorted((item.id for item in items), key=places.__getitem__)
        return [places[id_] for id_ in ids], [evidence[id_] for id_ in ids]

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        """How many claims have each status; every status is there, in the order of `Status`."""
        # Hashing a member of an enum takes longer than hashing its identity.
        counts = Counter(id(outcome.status) for outcome in self.outcomes.values())
        return {status: counts[id(status)] for status in Status}

    @property
    def not_yet_said(self) -> int:
        """How many claims of the registry had not been made by that day."""
        return len(self.records.claims) - len(self.outcomes)

    def to_frame(self, *, backend: str = "pandas") -> Any:  # noqa: ANN401 - a class of the backend
        """
        Return the verdicts as a data frame: a row for each claim, in the order of the registry.

        Args:
            backend: The library that makes the frame, such as ``pandas`` or ``polars``.

        Raises:
            MissingExtraError: narwhals is not installed.
        """
        return frame_of(self, backend)

    def __getitem__(self, id: str) -> Verdict:  # noqa: A002
        verdict = self._verdicts.get(id)
        if verdict is None:
            claim = self.records.claims[id]
            if claim.id not in self.outcomes:
                raise NotYetSaidError(claim.id, claim.said.text, str(self.as_of))
            verdict = self._verdicts[claim.id] = self._verdict(claim)
        return verdict

    def __iter__(self) -> Iterator[Verdict]:
        return (self[id_] for id_ in self.outcomes)

    def items(self) -> Iterator[tuple[str, Verdict]]:
        """Iterate over the id of each claim that had been made, with its verdict."""
        return ((id_, self[id_]) for id_ in self.outcomes)

    def verdicts(self, claims: Iterable[str]) -> Iterator[Verdict]:
        """Iterate over the verdicts on *claims* that had been made, by id, and keep none."""
        by_id = self.records.claims.by_id
        return (self._verdict(by_id[id_]) for id_ in claims)

    def __len__(self) -> int:
        return len(self.outcomes)

    def __contains__(self, id: object) -> bool:  # noqa: A002
        return id in self.outcomes

    def diff(self, earlier: "Audit") -> "Diff":
        """
        Return what changed since the audit *earlier*, of the same registry or of another.

        Raises:
            FieldError: *earlier* is on a later day, or has another *known_by*.

        Example:
            >>> from claimtrack import Registry
            >>> registry = Registry()
            >>> registry.audit("2019-12-02").diff(registry.audit("2019-12-01")).changes
            ()
        """
        from claimtrack.engine.diff import Diff  # noqa: PLC0415 - it imports this module

        return Diff(earlier, self)

    def rests_on(self, id: str) -> tuple[str, ...] | None:  # noqa: A002
        """
        Return the ids of the evidence that decides a claim; None if a function of the user does.

        Raises:
            NotYetSaidError: It had not been made by that day.
            UnknownRecordError: There is no such claim.
        """
        used = self[id].used
        return None if id in self.answers else used

    def lacks_check(self, id: str) -> bool:  # noqa: A002
        """Say whether a claim was signed as decided by a function that was not called here."""
        claim = self.records.claims[id]
        if claim.signed is None or not is_by_check(claim) or id not in self.outcomes:
            return False
        return id not in self.answers and self.outcomes[id].status not in _BEYOND_CHECKS

    def usable(self, claim: Claim) -> UsableEvidence:
        """Return the evidence that was usable on the day, in the zone of *claim*."""
        zoned = self.index.in_zone(self.index.zone_of(claim))
        usable = self._usable_in.get(zoned)
        if usable is None:
            usable = self._usable_in[zoned] = UsableEvidence(zoned, self.day)
        return usable

    def case(self, claim: Claim) -> Case:
        """Return what the leaves of *claim* are weighed by on the day."""
        return case_of(claim, self.index, self.usable(claim))

    def zone_name(self, claim: Claim) -> str | None:
        """Return the name of the zone of *claim*, its own or the registry's; None for none."""
        return self.index.zone_of(claim)

    def zone(self, claim: Claim) -> ZoneInfo | None:
        """Return the zone in which *claim* is read; None for none."""
        return self.case(claim).zone

    def due(self, claim: Claim) -> Day | None:
        """Return the day on which *claim* is due under its main criterion; None if it never is."""
        return due_day(claim, claim.criterion, self.case(claim))

    def parts(self, claim: Claim) -> tuple[Truth, ...]:
        """Return the two bits of each part of *claim*; empty if its criterion has no parts."""
        if not isinstance(claim.criterion, Parts):
            return ()
        case = self.case(claim)
        return tuple(evaluate(part, case) for part in claim.criterion.parts)

    def progress(self, claim: Claim) -> Assessment | None:
        """
        Return the latest usable rating that tells the progress of *claim*, or None.

        Such a rating has a label such as "In the works", which its scale gives no side. Only an
        open claim whose main criterion asks for ratings has one.
        """
        is_open = self.outcomes[claim.id].status in _OPEN
        if not is_open or claim.criterion is None or claim.id in self.answers:
            return None
        return self.open_rating(claim, claim.criterion)

    def progress_label(self, claim: Claim) -> str | None:
        """Return how far an open *claim* has come, as the label of `progress` on its scale."""
        rating = self.progress(claim)
        if rating is None:
            return None
        return label_of(rating, self.records)

    def open_rating(self, claim: Claim, criterion: Criterion) -> Assessment | None:
        """
        Return the latest usable rating of *claim* that takes no side in *criterion*.

        It is None where *criterion* asks for no such rating.
        """
        if not scales_of(criterion):
            return None
        case = self.case(claim)
        criterion = in_parts(criterion, case.scales)
        leaves = [leaf for leaf in leaves_of(criterion) if isinstance(leaf, Assessed)]
        sided = [one for leaf in leaves for one in weigh(leaf, case).sided]
        taken = {item.id for item, side in sided if side is not Side.NEITHER_LABEL}
        found = [item for item, _ in sided if item.id not in taken]
        return self.records.assessments[max(found, key=by_age).id] if found else None

    def reports_on(self, claim: Claim) -> tuple[Item, ...]:
        """
        Return every report and rating on *claim*, or on what any of its criteria asks about.

        Those that were not known on the day are included.
        """
        return tuple(items_on(claim, self.usable(claim).zoned))

    def reports_on_fact(self, fact: str) -> tuple[Item, ...]:
        """Return every report on the fact of that id, known on the day or not, in no order."""
        return tuple(self.index.in_zone(self.records.settings.timezone).on_fact(fact))

    def history(self, claim: Claim) -> History:
        """Follow *claim* from the day on which it was said, also past the day of the audit."""
        return history(self.index, claim)

    def usable_reports(self, claim: Claim) -> tuple[Item, ...]:
        """Return the items usable on the day, on *claim* or on the leaves of its main criterion."""
        usable = self.usable(claim)
        leaves = () if claim.criterion is None else leaves_of(claim.criterion)
        items = [item for leaf in leaves for item in items_in(usable, leaf, claim.id)]
        return tuple({item.id: item for item in (*items, *usable.on_claim(claim.id))}.values())

    def usable_count(self, claim: Claim) -> int:
        """Return how many `usable_reports` there are."""
        fast_path = FastPath.of(self.index)
        leaf = fast_path.leaf_of(claim)
        if leaf is not None:
            return fast_path.known_count(leaf, self.day)
        return len(self.usable_reports(claim))

    def undated_reports(self, claim: Claim) -> tuple[Item, ...]:
        """Return the items without a day, on *claim* or on the leaves of its main criterion."""
        zoned = self.usable(claim).zoned
        leaves = () if claim.criterion is None else leaves_of(claim.criterion)
        items = [item for leaf in leaves for item in items_in(zoned, leaf, claim.id)]
        unique = {item.id: item for item in (*items, *zoned.on_claim(claim.id))}.values()
        return tuple(item for item in unique if item.standing(self.day) is Standing.UNDATED)

    @cached_property
    def _forecasts(self) -> Mapping[str, list[Forecast]]:
        """The forecasts by claim, oldest first."""
        found: dict[str, list[Forecast]] = {}
        for forecast in self.records.forecasts.by_id.values():
            found.setdefault(forecast.claim, []).append(forecast)
        for own in found.values():
            own.sort(key=lambda one: (one.made.last, one.made.text, one.id))
        return found

    def forecasts(self, claim: Claim) -> tuple[Forecast, ...]:
        """Return the forecasts of *claim* that were made by that day, oldest first."""
        made = self._forecasts.get(claim.id)
        if made is None:
            return ()
        zone = self.zone(claim)
        return tuple(one for one in made if one.made.days_in(zone)[1] <= self.day)

    @cached_property
    def _searches(self) -> Mapping[tuple[str, str | None], list[Search]]:
        """The searches made by the day, oldest first, by the claim or the fact that they are on."""
        found: dict[tuple[str, str | None], list[Search]] = {}
        searches = self.records.searches.by_id.values()
        for one in sorted(searches, key=lambda one: (one.searched.first, one.id)):
            if one.searched.first <= self.day:
                key = ("fact", one.fact) if one.claim is None else ("claim", one.claim)
                found.setdefault(key, []).append(one)
        return found

    def searches(self, claim: Claim) -> tuple[Search, ...]:
        """Return the searches made by the day for reports on *claim* or its facts, oldest first."""
        if not self._searches:
            return ()
        keys = [("claim", claim.id), *(("fact", fact) for fact in facts_of_claim(claim))]
        found = [one for key in keys for one in self._searches.get(key, ())]
        return tuple(sorted(found, key=lambda one: (one.searched.first, one.id)))

    def found_nothing_on(self, claim: Claim) -> Day | None:
        """
        Return the day after its due day on which reports on *claim* were last sought in vain.

        Either the claim was searched for, or each fact of its main criterion; then it is the day
        of the oldest of the last searches for these. None if not everything was searched for.
        """
        due = self.due(claim)
        if due is None or claim.criterion is None or not self._searches:
            return None
        facts = [getattr(leaf, "fact", None) for leaf in leaves_of(claim.criterion)]
        of_facts = min(self._last_search("fact", fact) for fact in facts)
        last = max(self._last_search("claim", claim.id), of_facts)
        return last if last > due else None

    def _last_search(self, kind: str, id_: str | None) -> Day:
        """Return the day of the last search; before all days for none, and for no fact."""
        searches = self._searches.get((kind, id_))
        return searches[-1].searched.first if searches else OPEN_START

    def known_from(self, claim: Claim, evidence: Evidence) -> Day:
        """Return the first day on which *evidence* is known, in the zone of *claim*."""
        if self.known_by is KnownBy.PUBLISHED:
            published = evidence.published or self.records.sources.by_id[evidence.source].published
            if published is not None and published.moment is None:  # the same day in every zone
                return published.last
        return self.index.in_zone(self.index.zone_of(claim)).known_from(evidence)

    def superseders(self, claim: Claim, evidence: str) -> tuple[str, ...]:
        """Return the ids of the reports that supersede the report *evidence* on the day."""
        return tuple(
            other.id
            for other in self.index.superseders.get(evidence, ())
            if self.known_from(claim, other) <= self.day
            and (other.withdrawn is None or self.day < other.withdrawn.first)
        )

    def deciding_reports(self, claim: Claim, day: Day) -> tuple[Item, ...]:
        """Return the items that decided *claim*, also one of another registry, oldest first."""
        zoned = self.index.in_zone(self.index.zone_of(claim))
        case = case_of(claim, self.index, UsableEvidence(zoned, day))
        return deciding_items(claim, outcome_of_claim(claim, case), case)

    def knowledge(self) -> Iterator[Knowledge]:
        """Iterate over the knowledge of each fact on the day, in the order of the registry."""
        return knowledge(self.index, self.day)

    def _verdict(self, claim: Claim) -> Verdict:
        outcome = self.outcomes[claim.id]
        by_check = claim.id in self.answers
        fast_path = FastPath.of(self.index)
        leaf = fast_path.leaf_of(claim)
        used: tuple[str, ...] = ()
        if leaf is not None:
            due = fast_path.due_day(claim, leaf)
            if not by_check:
                used = fast_path.deciding(leaf, outcome, self.day)
        else:
            due = self.due(claim)
            if not by_check:
                items = deciding_items(claim, outcome, self.case(claim))
                used = tuple([item.id for item in items])
        decided_on = None if by_check else self._decided_on(claim, leaf, outcome)
        marks = self._marks(claim, None if by_check else used)
        if _is_after_the_fact(claim, outcome.status, decided_on):
            marks = (*marks, AFTER_THE_FACT)
        if claim.is_retracted_by(self.day):
            marks = (*marks, RETRACTED)
        return Verdict(
            claim=claim.id,
            status=outcome.status,
            late_days=outcome.late_days,
            late_days_min=outcome.late_days_min,
            due=due,
            decided_on=decided_on,
            readings=tuple(self._readings(claim, self.case(claim))) if claim.readings else (),
            used=used,
            marks=marks,
        )

    def _marks(self, claim: Claim, used: tuple[str, ...] | None) -> tuple[str, ...]:
        marks = marks_of(claim, used, self.records, self.day)
        by_rules = SUSPECT not in marks and self.is_changed_by_rules(claim)
        return (SUSPECT, *marks) if by_rules else marks

    def is_changed_by_rules(self, claim: Claim) -> bool:
        """Say whether only the rules changed since *claim* was signed with another status."""
        if claim.id in self.answers:
            return False
        status = self.outcomes[claim.id].status
        reports = partial(self.reports_on, claim)
        return is_changed_by_rules(claim, status, reports, self.records, self.day)

    def _readings(self, claim: Claim, case: Case) -> Iterator[ReadingVerdict]:
        for reading in claim.readings:
            outcome = outcome_of_reading(claim, reading, case)
            yield ReadingVerdict(
                name=reading.name,
                status=outcome.status,
                late_days=outcome.late_days,
                late_days_min=outcome.late_days_min,
                due=due_day(claim, reading.criterion, case),
            )

    def _decided_on(self, claim: Claim, leaf: Event | None, outcome: Outcome) -> Day | None:
        status = outcome.status
        if status not in DECIDED and status is not Status.ANNULLED:
            return None
        if leaf is None:
            timeline = timeline_of(claim, self.index, self.day)
        else:
            timeline = FastPath.of(self.index).timeline(claim, leaf, claim.said.first, self.day)
        decided = None
        # Only the timeline of an undecided claim can contain days after this one.
        for day, earlier in reversed(timeline):
            if earlier.status is not status:
                break
            decided = day
        return decided


def label_of(rating: Assessment, records: Records) -> str:
    """Return the label of *rating* as its scale writes it."""
    scale = known_scale(rating.scale, records.scales.by_id)
    found = None if scale is None else scale.find(rating.rating)
    return rating.rating if found is None else found.name


def _is_after_the_fact(claim: Claim, status: Status, decided_on: Day | None) -> bool:
    """
    Say whether the outcome of *claim* was already known when it was made.

    Never so for claims of kind ``fact``, which are about what is known, and for those that failed.
    """
    if decided_on is None or status not in CAME_TRUE or claim.kind is ClaimKind.FACT:
        return False
    # Days have no times: what was published on the day of the claim counts as known.
    return decided_on <= claim.said.last


COLUMNS: Final = (
    *(
        "claim",
        "speaker",
        "said",
        "kind",
        "status",
        "late_days",
        "late_days_min",
        "due",
        "decided_on",
    ),
    *("robust", "recorded_status", "progress_label", "times_said", "retracted"),
)


def frame_of(audit: "Audit", backend: str) -> Any:  # noqa: ANN401 - a class of the backend
    """Return *audit* as `Audit.to_frame` does."""
    narwhals = require("narwhals", feature="data frames", extra="frames")
    rows = _rows(audit)
    data = {name: [row[name] for row in rows] for name in COLUMNS}
    return narwhals.from_dict(data, backend=backend).to_native()


def _rows(audit: "Audit") -> Sequence[Mapping[str, Any]]:
    claims = audit.records.claims
    return [
        {
            "claim": verdict.claim,
            "speaker": claims[verdict.claim].speaker,
            "said": claims[verdict.claim].said.text,
            "kind": _value(claims[verdict.claim].kind),
            "status": verdict.status.value,
            "late_days": verdict.late_days,
            "late_days_min": verdict.late_days_min,
            "due": _date(verdict.due),
            "decided_on": _date(verdict.decided_on),
            "robust": verdict.robust,
            "recorded_status": _value(claims[verdict.claim].status),
            "progress_label": audit.progress_label(claims[verdict.claim]),
            "times_said": 1 + len(claims[verdict.claim].occasions_by(audit.day)),
            "retracted": RETRACTED in verdict.marks,
        }
        for verdict in audit
    ]


def _value(word: Any) -> str | None:  # noqa: ANN401 - any enumeration
    return None if word is None else str(word.value)


def _date(day: Day | None) -> date | None:
    """Return a day as a date; None for none, and for one that a date cannot hold."""
    if day is None or not date.min.toordinal() <= day <= date.max.toordinal():
        return None
    return date.fromordinal(int(day))
