"""Claims: what a speaker said, the criterion by which it is decided, and a signed status."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

import attrs

from claimtrack.errors import FieldError
from claimtrack.model import fields
from claimtrack.model.criterion import MAX_DEPTH, Criterion, Parts, criterion, depth_of
from claimtrack.model.instant import may_follow
from claimtrack.model.records import Anchor, Selection, Silence, optional_anchor, silences
from claimtrack.model.span import Day, Span
from claimtrack.model.verdict import Status


class QuoteKind(StrEnum):
    """Whose words a quote is in; a paraphrase is never printed in quotation marks."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    OWN = "own"
    PARAPHRASE = "paraphrase"


class ClaimKind(StrEnum):
    """What a speaker did with the words."""

    PREDICTION = "prediction"
    PROMISE = "promise"
    FACT = "fact"
    DEMAND = "demand"
    OPINION = "opinion"


class AnnulledKind(StrEnum):
    """Why a claim no longer stands; whichever it is, it is not scored."""

    AMBIGUOUS = "ambiguous"
    PREMISE_VOID = "premise-void"
    QUESTION_WITHDRAWN = "question-withdrawn"


LINKS = ("repeats", "contradicts", "refines", "depends_on", "part_of")
"""The fields of a claim that name other claims."""


def _quote_kind(value: QuoteKind | str | None) -> QuoteKind | None:
    return None if value is None else fields.word(QuoteKind, value)


def _claim_kind(value: ClaimKind | str | None) -> ClaimKind | None:
    return None if value is None else fields.word(ClaimKind, value)


def _annulled_kind(value: AnnulledKind | str | None) -> AnnulledKind | None:
    return None if value is None else fields.word(AnnulledKind, value)


def _status(value: Status | str | None) -> Status | None:
    return None if value is None else fields.word(Status, value)


def _not_too_deep(value: Criterion) -> Criterion:
    if isinstance(value, Criterion) and depth_of(value) > MAX_DEPTH:
        message = f"nests {depth_of(value)} deep; expected at most {MAX_DEPTH}"
        raise FieldError("CT003", message)
    return value


def _condition(value: Criterion | None) -> Criterion | None:
    return None if value is None else criterion(_not_too_deep(value))


def _top(value: Criterion) -> Criterion:
    return _not_too_deep(value) if isinstance(value, Parts) else criterion(_not_too_deep(value))


def _optional_top(value: Criterion | None) -> Criterion | None:
    return None if value is None else _top(value)


EDITION: Final = 2
"""The edition of the rules of resolution by which this version of the library decides."""


def _edition(value: int | None) -> int | None:
    number = fields.optional_count(value)
    if number is not None and number > EDITION:
        message = f"{number} is no edition of the rules that is known here; expected 1 to {EDITION}"
        hint = "it was signed with a later version of claimtrack: update this one"
        raise FieldError("CT342", message, hint=hint)
    return number


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Signature:
    """
    Who signed a status, when and why.

    Args:
        fingerprint: A digest of the claim and its evidence when it was signed.
        edition: The edition of the rules by which the status was decided; None for the first,
            since signatures of that time do not say it.
    """

    on: Span = attrs.field(converter=fields.day)
    by: str | None = attrs.field(default=None, converter=fields.optional_text)
    because: str | None = attrs.field(default=None, converter=fields.optional_text)
    fingerprint: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    edition: int | None = attrs.field(default=None, converter=_edition)


def _signature(value: Signature | Mapping[str, object] | None) -> Signature | None:
    return None if value is None else fields.record(Signature, value)


@fields.named("reading", "name")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Reading:
    """
    Another plausible reading of a claim's words, with its own criterion.

    Args:
        status: What an editor signed for this reading; it is compared with the computed status.
    """

    name: str = attrs.field(converter=fields.name)
    criterion: Criterion = attrs.field(converter=_top)
    status: Status | None = attrs.field(default=None, converter=_status)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    internal: str | None = attrs.field(default=None, converter=fields.optional_internal, repr=False)


def _readings(value: Iterable[Reading]) -> tuple[Reading, ...]:
    readings = fields.each(lambda item: fields.record(Reading, item), value, "a list of tables")
    names: set[str] = set()
    for index, reading in enumerate(readings):
        if reading.name in names:
            raise FieldError("CT201", f"{reading.name!r} names two readings", (index, "name"))
        names.add(reading.name)
    return readings


@attrs.frozen(kw_only=True, field_transformer=fields.keyed)
class Occasion:
    """
    One more time that the same words were said: a claim said on five days is one claim.

    Args:
        said: The day, or a span with both ends in which the day lies.
        source: The id of where that was read.
        quote: The words of that time, if they differ.
    """

    said: Span = attrs.field(converter=fields.closed_span)
    source: str = attrs.field(converter=fields.identifier)
    quote: str | None = attrs.field(default=None, converter=fields.optional_text)


def _occasions(value: Iterable[Occasion | Mapping[str, object]]) -> tuple[Occasion, ...]:
    return fields.each(lambda item: fields.record(Occasion, item), value, "a list of tables")


@fields.named("claim")
@attrs.frozen(kw_only=True, field_transformer=fields.keyed, weakref_slot=False)
class Claim:
    """
    One checkable statement by one speaker on one day.

    Args:
        speaker: The id of the speaker, according to *source*.
        said: The day, or a span with both ends in which the day lies.
        quote: The words; *quote_kind* says whose they are. Those of a paraphrase are the keeper's.
        proposition: The statement that is checked, if the quote alone does not say it.
        criterion: What would make it hold. A claim has this or *not_checkable*, a reason.
        due: When it ought to be decided, if the windows of the criterion do not say so.
        grace: Days after the due day in which missing evidence does not make it overdue.
        timezone: The IANA zone in which its deadlines and the date-times of evidence are read.
        condition: A criterion; if it does not hold, the claim is void.
        annulled: The first day on which it no longer stands, with *annulled_because* and, if it
            is known, *annulled_kind*.
        status: What an editor signed; it is compared with the computed status.
        reviewed: Who looked at what was signed, and signed it too.
        appearances: Ids of further sources that carry it.
        occasions: When the same words were said again, none of them before *said*.
        retracted: The day on which the speaker took the words back, with *retracted_words*; the
            verdict stays.
        retracted_source: The id of where that was read.
        opens: When forecasts of it begin to count, if not when it was said.
        closes: When they cease to count, if not at the end of the due day.
        publish_after: The first day on which a site may have it.
        internal: A note for the desk, which is never published.
    """

    id: str = attrs.field(converter=fields.identifier)
    speaker: str = attrs.field(converter=fields.identifier)
    said: Span = attrs.field(converter=fields.closed_span)
    source: str = attrs.field(converter=fields.identifier)
    quote: str = attrs.field(converter=fields.text)
    quote_kind: QuoteKind | None = attrs.field(default=None, converter=_quote_kind)
    anchor: Anchor | None = attrs.field(default=None, converter=optional_anchor)
    proposition: str | None = attrs.field(default=None, converter=fields.optional_text)
    kind: ClaimKind | None = attrs.field(default=None, converter=_claim_kind)
    criterion: Criterion | None = attrs.field(default=None, converter=_optional_top)
    not_checkable: str | None = attrs.field(default=None, converter=fields.optional_text)
    due: Span | None = attrs.field(default=None, converter=fields.optional_ended_span)
    grace: int | None = attrs.field(default=None, converter=fields.optional_days)
    timezone: str | None = attrs.field(default=None, converter=fields.zone)
    condition: Criterion | None = attrs.field(default=None, converter=_condition)
    annulled: Span | None = attrs.field(default=None, converter=fields.optional_day)
    annulled_because: str | None = attrs.field(default=None, converter=fields.optional_text)
    annulled_kind: AnnulledKind | None = attrs.field(default=None, converter=_annulled_kind)
    retracted: Span | None = attrs.field(default=None, converter=fields.optional_day)
    retracted_words: str | None = attrs.field(default=None, converter=fields.optional_text)
    retracted_source: str | None = attrs.field(default=None, converter=fields.optional_identifier)
    status: Status | None = attrs.field(default=None, converter=_status)
    signed: Signature | None = attrs.field(default=None, converter=_signature)
    reviewed: Signature | None = attrs.field(default=None, converter=_signature)
    topics: tuple[str, ...] = attrs.field(default=(), converter=fields.names)
    appearances: tuple[str, ...] = attrs.field(default=(), converter=fields.identifiers)
    occasions: tuple[Occasion, ...] = attrs.field(default=(), converter=_occasions)
    repeats: tuple[str, ...] = attrs.field(default=(), converter=fields.identifiers)
    contradicts: tuple[str, ...] = attrs.field(default=(), converter=fields.identifiers)
    refines: tuple[str, ...] = attrs.field(default=(), converter=fields.identifiers)
    depends_on: tuple[str, ...] = attrs.field(default=(), converter=fields.identifiers)
    part_of: tuple[str, ...] = attrs.field(default=(), converter=fields.identifiers)
    review_by: Span | None = attrs.field(default=None, converter=fields.optional_day)
    publish_after: Span | None = attrs.field(default=None, converter=fields.optional_day)
    opens: Span | None = attrs.field(default=None, converter=fields.optional_time)
    closes: Span | None = attrs.field(default=None, converter=fields.optional_time)
    note: str | None = attrs.field(default=None, converter=fields.optional_text)
    internal: str | None = attrs.field(default=None, converter=fields.optional_internal, repr=False)
    readings: tuple[Reading, ...] = attrs.field(
        default=(), converter=_readings, metadata={"key": "reading"}
    )
    silenced: tuple[Silence, ...] = attrs.field(default=(), converter=silences)

    def __attrs_post_init__(self) -> None:  # noqa: C901 - one after the other
        if (self.criterion is None) is (self.not_checkable is None):
            given = "neither" if self.criterion is None else "both"
            message = f"has {given} of 'criterion' and 'not_checkable'; expected exactly one"
            raise FieldError("CT303", message)
        if (self.annulled is None) is not (self.annulled_because is None):
            message = "'annulled' and 'annulled_because' go together; expected both or none"
            raise FieldError("CT303", message)
        if self.annulled_kind is not None and self.annulled is None:
            raise FieldError("CT303", "goes with 'annulled'", ("annulled_kind",))
        if self.occasions or self.retracted or self.retracted_words or self.retracted_source:
            self._check_later_words()
        if self.readings and self.criterion is None:
            message = "goes with a criterion; this claim is not checkable"
            raise FieldError("CT303", message, ("reading",))
        if self.signed is not None and self.status is None:
            raise FieldError("CT303", "goes with 'status'", ("signed",))
        if self.reviewed is not None and self.signed is None:
            raise FieldError("CT303", "goes with 'signed'", ("reviewed",))
        opens = self.opens or self.said
        if self.closes is not None and not may_follow(self.closes, opens):
            which = "it was said" if self.opens is None else "it opens"
            message = f"{self.closes.text!r} is not after {which}, {opens.text!r}"
            raise FieldError("CT321", f"{message}; expected a later day or time", ("closes",))
        for link in LINKS:
            if self.id in getattr(self, link):
                raise FieldError("CT303", f"{self.id!r} is the claim itself", (link,))

    def _check_later_words(self) -> None:
        """Refuse words said again, or taken back, before they were said."""
        if (self.retracted is None) is not (self.retracted_words is None):
            message = "'retracted' and 'retracted_words' go together; expected both or none"
            raise FieldError("CT303", message)
        if self.retracted is None and self.retracted_source is not None:
            raise FieldError("CT303", "goes with 'retracted'", ("retracted_source",))
        if self.retracted is not None and self.retracted.last < self.said.first:
            message = f"{self.retracted.text!r} is before it was said, {self.said.text!r}"
            raise FieldError("CT421", f"{message}; expected a later day", ("retracted",))
        for index, occasion in enumerate(self.occasions):
            if occasion.said.last < self.said.first:
                message = (
                    f"{occasion.said.text!r} is before {self.said.text!r}, when it was said; "
                    "expected 'said' to be the first day"
                )
                raise FieldError("CT420", message, ("occasions", index, "said"))

    def is_among(self, selection: Selection) -> bool:
        """Say whether it is one of the claims of which *selection* says how they were chosen."""
        return (
            selection.speaker in {None, self.speaker}
            and selection.source in {None, self.source}
            and (selection.topic is None or selection.topic in self.topics)
        )

    def occasions_by(self, day: Day) -> tuple[Occasion, ...]:
        """Return when the same words were said again, as of *day*, an ordinal."""
        return tuple(one for one in self.occasions if one.said.first <= day)

    def is_retracted_by(self, day: Day) -> bool:
        """Say whether the speaker had taken the words back by *day*, an ordinal."""
        return self.retracted is not None and self.retracted.first <= day

    @property
    def words(self) -> str:
        """What is checked: the proposition, else the quote."""
        return self.proposition or self.quote

    @property
    def can_be_late(self) -> bool:
        """Whether it can be late: of the past or the present, words are true or false."""
        return self.kind is not ClaimKind.FACT and self.kind is not ClaimKind.OPINION

    @property
    def is_paraphrase(self) -> bool:
        """Whether *quote* holds the keeper's words, and not those of the speaker or a reporter."""
        return self.quote_kind is QuoteKind.PARAPHRASE


def criteria_of(claim: Claim) -> Iterator[Criterion]:
    """Iterate over the main criterion, the condition and the criteria of the readings."""
    if claim.criterion is not None:
        yield claim.criterion
    if claim.condition is not None:
        yield claim.condition
    for reading in claim.readings:
        yield reading.criterion
