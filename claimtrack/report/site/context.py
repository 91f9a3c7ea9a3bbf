"""What the pages of a site show, and the addresses of the pages."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, NamedTuple

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.evidence import Item, facts_of_claim
from claimtrack.engine.explain import explain
from claimtrack.engine.history import Change
from claimtrack.engine.timeline import Cause
from claimtrack.model.claim import LINKS, Claim
from claimtrack.model.explanation import Explanation
from claimtrack.model.records import Evidence, Forecast
from claimtrack.model.registry import Records
from claimtrack.model.span import Day, civil
from claimtrack.model.verdict import Status, Verdict
from claimtrack.report.forecasts import OUTCOMES, own_forecast
from claimtrack.report.history import CAUSE_WORDS
from claimtrack.report.reasons import evidence_words, titled_words
from claimtrack.report.site.theme import PLAIN, House
from claimtrack.report.words import MONTHS, counted, denial_words, witness_words
from claimtrack.score.track_record import TrackRecord, track_records

_PLAIN: Final = re.compile(r"[a-z0-9]+(?:[-/][a-z0-9]+)*")
_LONGEST: Final = 80
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", "index"}
    | {f"{name}{number}" for name in ("com", "lpt") for number in range(10)}
)
"""Names with a meaning of their own on some system or server."""


def slug(id: str) -> str:  # noqa: A002
    """
    Return the file name of the page for *id*, valid on any file system and server.

    A plain id is its own name, with a full stop for each slash; any other gets a digest at its
    end. Names of different ids differ, also on file systems that ignore case.

    Example:
        >>> slug("gas-by-2019"), slug("power-of-siberia/first-gas")
        ('gas-by-2019', 'power-of-siberia.first-gas')
        >>> slug("Gas.2019")
        'gas-2019~4c9ec03a'
    """
    if _PLAIN.fullmatch(id) and len(id) <= _LONGEST and not _RESERVED & {*id.split("/")}:
        return id.replace("/", ".")
    readable = re.sub(r"[^a-z0-9]+", "-", id.lower())[:_LONGEST].strip("-")
    digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()
    # A plain id has no tilde, so the two kinds of name never collide.
    return f"{readable or 'x'}~{digest[:8]}"


def addresses(folder: str, ids: Iterable[str]) -> dict[str, str]:
    """Return the path of the page of each of *ids* in *folder*, from the top of the site."""
    paths: dict[str, str] = {}
    taken: set[str] = set()
    for id_ in ids:
        name = slug(id_)
        if name in taken:  # two digests with the same beginning, which takes intent
            name = f"{name}~{hashlib.sha256(id_.encode('utf-8', 'surrogatepass')).hexdigest()}"
        taken.add(name)
        paths[id_] = f"{folder}/{name}.html"
    return paths


FORECAST: Final = "forecast"
"""What a decided claim is shown as of which its speaker gave a probability."""

SHOWN: Final = (*(status.value for status in Status), FORECAST)
"""The names under which a claim is shown: its status, or that it is a forecast."""

_PLACES: Final = {name: place for place, name in enumerate(SHOWN)}
_LAST_DAY: Final = 3_652_059
"""31 Dec 9999, the last day of a date field."""

LATEST: Final = 8
"""Changes on the front page."""

LINK_WORDS: Final = {
    "repeats": "repeats",
    "contradicts": "contradicts",
    "refines": "refines",
    "depends_on": "depends on",
    "part_of": "is part of",
}
BACK_WORDS: Final = {
    "repeats": "is repeated by",
    "contradicts": "is contradicted by",
    "refines": "is refined by",
    "depends_on": "is needed by",
    "part_of": "has as a part",
}


@attrs.frozen(kw_only=True)
class Options:
    """
    The title, publisher and address of a site.

    Args:
        awaiting: Claims that wait for signatures, which are not in the audit.
        cards: Whether there are cards for sharing as PNG, which need Pillow, beside those as SVG.
        title: Of the site; the registry's title if None.
        publisher: Who is responsible for it; the title if None.
        house: The house style.
        url: The address of the site, with a slash at the end, or None.
        identity: Identifies a registry without an id among all others; its title if None.
    """

    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    identity: str | None = None
    cards: bool = False
    house: House = PLAIN
    awaiting: tuple[Claim, ...] = ()


class ClaimStatusChange(NamedTuple):
    """One change of the status of a claim, with the status before."""

    claim: Claim
    before: Status | None
    change: Change


class Contents:
    """
    Everything that pages show of *audit*.

    Args:
        audit: As of the day of the site.
        options: Of the site.
    """

    def __init__(self, audit: Audit, options: Options) -> None:
        self.audit = audit
        self.options = options
        self.records: Records = audit.records
        self.title = options.title or audit.records.settings.title or "Claims on record"
        self.publisher = options.publisher or self.title
        settings = audit.records.settings
        self.identity = settings.id or options.identity or settings.title or self.title
        self.verdicts: tuple[Verdict, ...] = tuple(audit)
        self.verdict = {verdict.claim: verdict for verdict in self.verdicts}
        shown = [claim for claim in self.records.claims if claim in self.verdict]
        speakers = dict.fromkeys(self.records.claims[claim].speaker for claim in shown)
        self.claim_at = addresses("claims", shown)
        self.speaker_at = addresses("speakers", speakers)
        self.fact_at = addresses("facts", self.records.facts)
        self.topic_at = addresses("topics", self.by_topic)
        self._changes: dict[str, tuple[Change, ...]] = {}

    def claim(self, id: str) -> Claim:  # noqa: A002
        """Return a claim by its id."""
        return self.records.claims[id]

    def speaker_of(self, claim: Claim) -> str:
        """Return the label of the speaker of *claim*."""
        return self.records.speakers[claim.speaker].label

    def explanation(self, id: str) -> Explanation:  # noqa: A002
        """Explain one verdict."""
        return explain(self.audit, id)

    def evidence_words(self, evidence: Evidence) -> str:
        """Return a report in a few words."""
        if evidence.fact is None:
            return f"{evidence.stance.value if evidence.stance else 'judges'} the claim"
        if evidence.not_happened is not None:
            return denial_words(evidence.not_happened)
        return evidence_words(evidence, self.records.facts[evidence.fact].unit)

    def why(self, cause: Cause) -> str:
        """Return the words for *cause*, with reports in words in place of ids."""
        named = attrs.evolve(cause, evidence=self._named(cause.evidence), by=self._named(cause.by))
        return CAUSE_WORDS[cause.kind](named)

    def _named(self, id_: str | None) -> str | None:
        if id_ is None:
            return None
        words = titled_words(self.records, id_)
        evidence = self.records.evidence.by_id.get(id_)
        if evidence is None:
            return f"“{words}” by {self.records.assessments.by_id[id_].by}"
        return f"{words} ({witness_words(self.records.sources.by_id[evidence.source])})"

    def changes(self, id: str) -> tuple[Change, ...]:  # noqa: A002
        """
        Return the changes of a claim up to the day of the site, oldest first.

        None where a function decides the claim.
        """
        changes = self._changes.get(id)
        if changes is None:
            changes = tuple(self._until_now(id)) if self.has_history(id) else ()
            self._changes[id] = changes
        return changes

    @cached_property
    def first_day(self) -> Day | None:
        """The first day on which a claim was said and that a date field knows; None without one."""
        days = [changes[0].day for id_ in self.claim_at if (changes := self.changes(id_))]
        first = max(min(days), 1) if days else self.audit.day
        return int(first) if first < self.audit.day <= _LAST_DAY else None

    def turns(self, id: str) -> str:  # noqa: A002
        """
        Return the statuses of a claim for the script of the front page.

        Each is the day, the place of the status and, if it is late, by how many days at most and
        at least: ``737395.5 737790.1.336.336``.
        """
        turns: list[str] = []
        before = None
        for change in self.changes(id):
            late = f".{change.late_days}.{change.late_days_min}" if change.late_days else ""
            name = self.shown(id, change.status)
            now = f"{_PLACES[name]}{late if name == Status.LATE else ''}"
            if now != before:
                turns.append(f"{int(change.day)}.{now}")
            before = now
        return " ".join(turns)

    @cached_property
    def ever(self) -> tuple[str, ...]:
        """What a claim is shown as or ever was."""
        now = {self.shown(verdict.claim, verdict.status) for verdict in self.verdicts}
        past = {
            self.shown(id_, change.status) for id_ in self.claim_at for change in self.changes(id_)
        }
        return tuple(name for name in SHOWN if name in now | past)

    @cached_property
    def _own_forecasts(self) -> Mapping[str, Forecast]:
        """The probability that a speaker gave of a claim, by claim."""
        if not self.records.forecasts.by_id:
            return {}
        found = ((id_, own_forecast(self.audit, self.claim(id_))) for id_ in self.claim_at)
        return {id_: own for id_, own in found if own is not None}

    def own_forecast(self, id: str) -> Forecast | None:  # noqa: A002
        """Return the probability that the speaker of a claim gave of it; None without one."""
        return self._own_forecasts.get(id)

    def shown(self, id: str, status: Status) -> str:  # noqa: A002
        """Return the name under which a status is shown: a forecast neither holds nor fails."""
        is_forecast = status in OUTCOMES and id in self._own_forecasts
        return FORECAST if is_forecast else status.value

    def has_history(self, id: str) -> bool:  # noqa: A002
        """Whether evidence decides a claim; the answer of a function is for one day only."""
        return id not in self.audit.answers and not self.audit.lacks_check(id)

    def _until_now(self, id_: str) -> Iterator[Change]:
        changes = self.audit.history(self.records.claims[id_]).changes
        return (change for change in changes if change.day <= self.audit.day)

    @cached_property
    def status_changes(self) -> tuple[ClaimStatusChange, ...]:
        """Every change of a status after a claim was said, newest first."""
        found = [
            ClaimStatusChange(self.claim(id_), before.status, after)
            for id_ in self.claim_at
            for before, after in pairwise(self.changes(id_))
            if self.shown(id_, before.status) != self.shown(id_, after.status)
        ]
        return tuple(sorted(found, key=lambda one: (-one.change.day, one.claim.id)))

    @cached_property
    def changes_by_speaker(self) -> Mapping[str, list[ClaimStatusChange]]:
        """The changes of statuses by speaker, newest first."""
        found: dict[str, list[ClaimStatusChange]] = {}
        for one in self.status_changes:
            found.setdefault(one.claim.speaker, []).append(one)
        return found

    @cached_property
    def changes_by_topic(self) -> Mapping[str, list[ClaimStatusChange]]:
        """The changes of statuses by topic, newest first."""
        found: dict[str, list[ClaimStatusChange]] = {}
        for one in self.status_changes:
            for topic in one.claim.topics:
                found.setdefault(topic, []).append(one)
        return found

    @cached_property
    def latest(self) -> tuple[ClaimStatusChange, ...]:
        """The newest changes."""
        return self.status_changes[:LATEST]

    @cached_property
    def waiting(self) -> tuple[Verdict, ...]:
        """Pending claims with a due day, the next first."""
        found = [
            one for one in self.verdicts if one.status is Status.PENDING and one.due is not None
        ]
        return tuple(sorted(found, key=lambda one: (one.due or 0, one.claim)))

    @cached_property
    def behind(self) -> tuple[Verdict, ...]:
        """Claims that are due and not decided, the longest due first."""
        statuses = {Status.OVERDUE, Status.NOT_ENOUGH_EVIDENCE}
        found = [one for one in self.verdicts if one.status in statuses]
        return tuple(sorted(found, key=lambda one: (one.due or 0, one.claim)))

    @cached_property
    def by_said(self) -> tuple[Verdict, ...]:
        """All verdicts, the newest claim first."""
        return tuple(
            sorted(
                self.verdicts,
                key=lambda one: (-self.claim(one.claim).said.first, one.claim),
            )
        )

    @cached_property
    def by_speaker(self) -> dict[str, list[Verdict]]:
        """Verdicts by speaker, those with most claims first."""
        found: dict[str, list[Verdict]] = {}
        for verdict in self.by_said:
            found.setdefault(self.claim(verdict.claim).speaker, []).append(verdict)
        return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))

    @cached_property
    def track_records(self) -> Mapping[str, TrackRecord]:
        """Track records of the speakers with a claim that counts, by speaker."""
        return {
            record.key: record
            for record in track_records(self.audit, by="speaker")
            if record.key is not None and any(record.counts[status] for status in Status)
        }

    @cached_property
    def by_fact(self) -> dict[str, list[Verdict]]:
        """Verdicts by each fact in the criteria of their claims."""
        found: dict[str, list[Verdict]] = {}
        for verdict in self.verdicts:
            for fact in facts_of_claim(self.claim(verdict.claim)):
                found.setdefault(fact, []).append(verdict)
        return found

    @cached_property
    def by_topic(self) -> dict[str, list[Verdict]]:
        """Verdicts by topic, by its name."""
        found: dict[str, list[Verdict]] = {}
        for verdict in self.by_said:
            for topic in self.claim(verdict.claim).topics:
                found.setdefault(topic, []).append(verdict)
        return dict(sorted(found.items()))

    def embed_at(self, claim: str) -> str:
        """Return the path of the page of a claim for the pages of others."""
        return f"embed/{self.claim_at[claim].partition('/')[2]}"

    def card_at(self, claim: str) -> str:
        """Return the path of the picture of a claim for sharing."""
        name = self.claim_at[claim].partition("/")[2].removesuffix(".html")
        return f"cards/{name}.{'png' if self.options.cards else 'svg'}"

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """Every topic, by name."""
        return tuple(sorted({topic for id_ in self.claim_at for topic in self.claim(id_).topics}))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of claim, by name."""
        kinds = {self.claim(id_).kind for id_ in self.claim_at}
        return tuple(sorted(kind.value for kind in kinds if kind is not None))

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years in which claims were said, the newest first."""
        return tuple(sorted({self.year(self.claim(id_)) for id_ in self.claim_at}, reverse=True))

    def year(self, claim: Claim) -> int:
        """Return the year in which *claim* was said, the earliest possible."""
        return civil(int(claim.said.first))[0]

    def reports(self, fact: str) -> list[tuple[Evidence, Item]]:
        """Return the evidence on *fact* with its item, the newest first."""
        items = sorted(
            self.audit.reports_on_fact(fact), key=lambda item: (-item.known_from, item.id)
        )
        return [(self.records.evidence[item.id], item) for item in items]

    @cached_property
    def _backlinks(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for id_ in self.claim_at:
            for link in LINKS:
                for other in getattr(self.claim(id_), link):
                    found.setdefault(other, []).append((BACK_WORDS[link], id_))
        return found

    def links(self, claim: Claim) -> Iterator[tuple[str, str]]:
        """Iterate over the links of *claim* in both directions: the words, and the other claim."""
        for link in LINKS:
            for other in getattr(claim, link):
                if other in self.claim_at:
                    yield LINK_WORDS[link], other
        yield from self._backlinks.get(claim.id, ())

    def counts(self, verdicts: Sequence[Verdict]) -> list[tuple[str, int]]:
        """Count *verdicts* by what they are shown as; what no claim is shown as is left out."""
        found = dict.fromkeys(SHOWN, 0)
        for verdict in verdicts:
            found[self.shown(verdict.claim, verdict.status)] += 1
        return [(name, number) for name, number in found.items() if number]


def headline(counts: Mapping[str, int]) -> list[str]:
    """
    Say how many claims held: a headline, and the sentences below it.

    The script of the front page does the same for other days.

    Args:
        counts: How many claims are shown as what.

    Example:
        >>> for sentence in headline({Status.HELD: 2, Status.FAILED: 1, Status.PENDING: 1}):
        ...     print(sentence)
        2 of 3 decided claims held up, 1 failed
        1 claim of 4 is not decided: 1 is not yet due.
    """
    forecasts = counts.get(FORECAST, 0)
    total = sum(counts.values()) - forecasts
    numbers: dict[str, int] = {one: counts.get(one, 0) for one in Status}
    decided = {one: numbers[one] for one in _DECIDED}
    number = sum(decided.values())
    more = [f"{_phrases({FORECAST: forecasts})}."] if forecasts else []
    if not total:
        return [more.pop().removesuffix(".") if more else "Nothing had been said by this day"]
    if not number:
        sentences = ["No claim is decided yet"]
    elif number == 1:
        (status,) = (one for one, count in decided.items() if count)
        sentences = [f"The one decided claim {PHRASES[status][0]}"]
    else:
        held, failed = numbers[Status.HELD], numbers[Status.FAILED]
        failing = f", {failed:,} failed" if failed else ""
        sentences = [
            f"{f'{held:,}' if held else 'None'} of {number:,} decided claims held up{failing}"
        ]
        between: dict[str, int] = {one: numbers[one] for one in _BETWEEN}
        if any(between.values()):
            sentences.append(f"{_phrases(between)}.")
    if total > number:
        left = total - number
        still_open: dict[str, int] = {one: numbers[one] for one in _OPEN}
        are = f"{counted(left, 'claim')} of {total:,} {'is' if left == 1 else 'are'} not decided"
        sentences.append(f"{are}: {_phrases(still_open)}.")
    return sentences + more


PHRASES: Final[Mapping[str, tuple[str, str]]] = {
    Status.HELD: ("held up", "held up"),
    Status.LATE: ("came true late", "came true late"),
    Status.PARTLY: ("held in part", "held in part"),
    Status.FAILED: ("failed", "failed"),
    Status.CONFLICTING: ("meets reports that conflict", "meet reports that conflict"),
    Status.PENDING: ("is not yet due", "are not yet due"),
    Status.OVERDUE: ("is due with nothing on record", "are due with nothing on record"),
    Status.NOT_ENOUGH_EVIDENCE: (
        "is due with too little on record",
        "are due with too little on record",
    ),
    Status.NOT_CHECKABLE: ("cannot be checked", "cannot be checked"),
    Status.ANNULLED: ("no longer stands", "no longer stand"),
    FORECAST: ("is a forecast, which has a score", "are forecasts, which have scores"),
}
"""What is said of one claim, and of several, with each status."""


def script_words(house: House = PLAIN) -> dict[str, Any]:
    """Return the words with which the script of the front page tells of other days."""
    return {
        "statuses": [{"name": one, "words": house.word(one)} for one in SHOWN],
        "phrases": {str(name): phrases for name, phrases in PHRASES.items()},
        "decided": [status.value for status in _DECIDED],
        "between": [status.value for status in _BETWEEN],
        "months": MONTHS,
    }


_DECIDED: Final = (Status.HELD, Status.LATE, Status.PARTLY, Status.FAILED)
_BETWEEN: Final = (Status.LATE, Status.PARTLY)
_OPEN: Final[tuple[Status, ...]] = tuple(status for status in Status if status not in _DECIDED)


def _phrases(numbers: Mapping[str, int]) -> str:
    """Return the phrases for the numbers above 0, of which there is one at least."""
    phrases = [
        f"{count:,} {PHRASES[status][count > 1]}" for status, count in numbers.items() if count
    ]
    *first, last = phrases
    return f"{', '.join(first)} and {last}" if first else last
