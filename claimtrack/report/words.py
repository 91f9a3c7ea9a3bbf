"""
Spans, values and criteria in plain English.

The texts are not escaped; that is for the renderer.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Protocol
from urllib.parse import urlsplit

from claimtrack.escape import safe_url
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import (
    All,
    AnyOf,
    Assessed,
    AtLeast,
    Criterion,
    Event,
    Figure,
    Judged,
    Leaf,
    Not,
    PartlyCounts,
    Parts,
    Reaches,
    Throughout,
    Window,
    WindowKind,
)
from claimtrack.model.quantity import Comparison, Number, Range, Test
from claimtrack.model.records import Fact, Source, Value
from claimtrack.model.registry import Records
from claimtrack.model.span import OPEN_END, OPEN_START, Day, Span, civil, parse_span
from claimtrack.model.verdict import KnownBy, lateness_text

NONE: Final = "\N{EN DASH}"
"""The cell for no value."""

MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)

_OPEN: Final = ("", "..")


@lru_cache(maxsize=4096)
def day_words(day: Day | None) -> str:
    """
    Return a day, an ordinal, as people write it; a dash for None.

    Example:
        >>> day_words(737395)
        '2 Dec 2019'
    """
    if day is None:
        return NONE
    if day in (OPEN_START, OPEN_END):
        return "open"
    year, month, number = civil(int(day))
    return f"{number} {MONTHS[month - 1]} {year}"


def known_by_words(known_by: KnownBy) -> str:
    """Return what to add to a day where the audit is not by the days of publication."""
    return _KNOWN_BY_WORDS[known_by]


_KNOWN_BY_WORDS: Final = {
    KnownBy.PUBLISHED: "",
    KnownBy.RECORDED: ", by what the registry had recorded",
    KnownBy.CAPTURED: ", by what copies captured by then show",
}


def span_words(span: Span) -> str:
    """
    Return *span* as people write it; its EDTF text only for years beyond four digits.

    Example:
        >>> from claimtrack.model.span import parse_span
        >>> texts = ("2019-12-02", "2019-12", "../2019~", "2019-36", "201X", "2019-21?")
        >>> for text in texts:
        ...     print(span_words(parse_span(text)))
        2 Dec 2019
        Dec 2019
        up to about 2019
        the fourth quarter of 2019
        the 2010s
        perhaps spring 2019
    """
    if span.moment is None and span.is_day and len(span.text) == len("2019-12-02"):
        return day_words(span.first)
    return _text_words(span.text)


@lru_cache(maxsize=4096)
def _text_words(text: str) -> str:
    """Return the EDTF *text* of a span in words."""
    start, slash, end = text.partition("/")
    if slash:
        return _interval_words(start, end)
    if text.startswith("["):
        return _one_of_words(text[1:-1])
    if text[-1] in _QUALIFIERS:
        return f"{_QUALIFIERS[text[-1]]} {_text_words(text[:-1])}"
    return _time_words(text) if "T" in text else _date_words(text)


def _date_words(text: str) -> str:
    part = _PART.fullmatch(text)
    if part is None:
        return day_words(parse_span(text).first) if _DAY.fullmatch(text) else text
    year, _, of_year, _, day = (group or "" for group in part.group(1, 2, 3, 4, 5))
    if of_year == "XX":
        return f"some {'day' if day else 'month'} of {_year_words(year)}"
    if day:
        return f"some day in {_text_words(text[: -len('-XX')])}"
    if of_year == _WINTER:  # which ends in the next year
        return f"winter {year}/{(int(year) + 1) % 100:02}"
    return _PARTS[of_year].format(year=year) if of_year else _year_words(year)


_QUALIFIERS: Final = {"?": "perhaps", "~": "about", "%": "perhaps about"}
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PART: Final = re.compile("([0-9]{2}[0-9X]{2})(-([0-9]{2}|XX)(-(XX))?)?")
_WINTER: Final = "24"
_PARTS: Final[Mapping[str, str]] = {
    **{f"{number:02}": f"{name} {{year}}" for number, name in enumerate(MONTHS, 1)},
    "21": "spring {year}",
    "22": "summer {year}",
    "23": "autumn {year}",
    "33": "the first quarter of {year}",
    "34": "the second quarter of {year}",
    "35": "the third quarter of {year}",
    "36": "the fourth quarter of {year}",
    "37": "the first third of {year}",
    "38": "the second third of {year}",
    "39": "the last third of {year}",
    "40": "the first half of {year}",
    "41": "the second half of {year}",
}
"""The words for each code that EDTF has for a part of a year."""


def _year_words(year: str) -> str:
    if year.endswith("XX"):
        return f"the years {year[:2]}00 to {year[:2]}99"
    return f"the {year[:3]}0s" if year.endswith("X") else year


def _time_words(text: str) -> str:
    """Return a date-time in words: its day, its time without seconds, and its offset."""
    day, _, time = text.partition("T")
    zone = re.search("(Z|[+-][0-9:]+)$", time)
    offset = "" if zone is None else f" UTC{'' if zone[0] == 'Z' else zone[0]}"
    return f"{_text_words(day)}, {time[: len('14:30')]}{offset}"


def _one_of_words(members: str) -> str:
    """Return the words for the *members* of a set, of which one is meant."""
    words = []
    for member in members.split(","):
        start, dots, end = member.strip().partition("..")
        is_closed = dots and start and end
        days = _interval_words(start, end) if dots else _text_words(start)
        words.append(f"from {days}" if is_closed else days)
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else f"some day {last}"


def _interval_words(start: str, end: str) -> str:
    if start in _OPEN and end in _OPEN:
        return "any day"
    if start in _OPEN:
        return f"up to {_text_words(end)}"
    if end in _OPEN:
        return f"from {_text_words(start)} on"
    return f"{_text_words(start)} to {_text_words(end)}"


def on_words(span: Span) -> str:
    """
    Return *span* in words after the preposition that goes with it.

    Example:
        >>> from claimtrack.model.span import parse_span
        >>> [on_words(parse_span(text)) for text in ("2019-12-02", "2019-36", "../2019")]
        ['on 2 Dec 2019', 'in the fourth quarter of 2019', 'by the end of 2019']
    """
    words = span_words(span)
    start, slash, end = span.text.partition("/")
    if slash:
        if start in _OPEN and end not in _OPEN:
            return f"by {end_words(parse_span(end))}"
        return words if start in _OPEN or end in _OPEN else f"from {words}"
    if span.text.startswith("["):
        return f"on {words}"
    return f"{'on' if span.is_day or span.moment else 'in'} {words}"


def end_words(span: Span) -> str:
    """Return the last day of *span* in words: ``31 Dec 2019``, ``the end of 2019``."""
    words = span_words(span)
    return words if span.is_day or span.moment else f"the end of {words}"


def happening_words(days: Span) -> str:
    """Return the words for a report of an event on *days*: ``happened on 2 Dec 2019``."""
    return f"happened {on_words(days)}"


def denial_words(days: Span) -> str:
    """Return the words for a denial for *days*: ``had not happened by 2 Dec 2019``."""
    words = on_words(days)
    return f"{'had not happened' if words.startswith('by ') else 'did not happen'} {words}"


def value_words(value: Value | None, unit: str | None = None) -> str:
    """Return an observed value in words, with its unit."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case _:
            ends = (value.low, value.high) if isinstance(value, Range) else (value,)
            number = " to ".join(number_words(end, unit) for end in ends)
            return f"{number} {unit}" if unit else number


def number_words(number: Number, unit: str | None) -> str:
    """
    Return *number* with its thousands set apart, unless it may be a year.

    Example:
        >>> number_words(11800, None), number_words(1345, "km"), number_words(2017, None)
        ('11,800', '1,345', '2017')
    """
    least = _THOUSAND if unit else 10 * _THOUSAND
    return f"{number}" if -least < number < least else f"{number:,}"


_THOUSAND: Final = 1000


def window_words(window: Window) -> str:
    """Return *window* in words: ``by 31 Dec 2019``."""
    return f"{window.kind.value} {span_words(window.span)}"


def test_words(test: Test | str | bool, unit: str | None) -> str:  # noqa: FBT001 - a state
    """Return a test in words: ``at least 38 bcm/year``."""
    if not isinstance(test, Test):
        return f"is {value_words(test)!r}" if isinstance(test, str) else f"is {value_words(test)}"
    after = f" {unit}" if unit else ""
    match test.comparison:
        case Comparison.BETWEEN:
            value = test.value
            assert isinstance(value, Range)  # noqa: S101 - a test holds one exactly there
            low, high = (number_words(end, unit) for end in (value.low, value.high))
            return f"is between {low} and {high}{after}"
        case Comparison.EQUALS:
            tolerance = f" (± {number_words(test.tolerance, unit)})" if test.tolerance else ""
            return f"equals {_tested(test, unit)}{after}{tolerance}"
        case Comparison.ABOVE | Comparison.BELOW:
            return f"is {test.comparison.value} {_tested(test, unit)}{after}"
        case _:
            return f"is {test.comparison.value.replace('_', ' ')} {_tested(test, unit)}{after}"


def _tested(test: Test, unit: str | None) -> str:
    assert not isinstance(test.value, Range)  # noqa: S101 - only `BETWEEN` holds one
    return number_words(test.value, unit)


test_words.__test__ = False  # type: ignore[attr-defined]


def criterion_words(node: Criterion, facts: Mapping[str, Fact]) -> str:
    """
    Return a criterion as a sentence without its full stop.

    Args:
        node: The criterion.
        facts: Where the titles of facts are looked up.
    """
    match node:
        case Not():
            return f"not: {criterion_words(node.member, facts)}"
        case All():
            return _members_words("all of", node.members, facts)
        case AnyOf():
            return _members_words("any of", node.members, facts)
        case AtLeast():
            return _members_words(f"at least {node.needed} of", node.members, facts)
        case Parts():
            return _members_words("each in its own right", node.parts, facts)
        case _:
            return leaf_words(node, facts)  # type: ignore[arg-type]


def _members_words(how: str, members: tuple[Criterion, ...], facts: Mapping[str, Fact]) -> str:
    if len(members) == 1:
        return criterion_words(members[0], facts)
    inner = "; ".join(criterion_words(member, facts) for member in members)
    return f"{how} ({inner})"


def leaf_words(leaf: Leaf, facts: Mapping[str, Fact]) -> str:
    """Return a leaf in words, with the sources that it requires."""
    return f"{_condition_words(leaf, facts)}{_required_sources(leaf)}"


def _condition_words(leaf: Leaf, facts: Mapping[str, Fact]) -> str:
    if isinstance(leaf, Judged):
        when = "" if leaf.window is None else f", of what happened {window_words(leaf.window)}"
        return f"people who judged the claim agree with it{when}"
    if isinstance(leaf, Assessed):
        return _assessed_words(leaf)
    fact = facts[leaf.fact]
    match leaf:
        case Event():
            return f"“{fact.label}” happens {_event_window(leaf.window)}"
        case Figure():
            return f"“{fact.label}” {test_words(leaf.test, fact.unit)} for {span_words(leaf.at)}"
        case Reaches():
            test = test_words(leaf.test, fact.unit)
            return f"“{fact.label}” {test} at some time {window_words(leaf.window)}"
        case Throughout():
            test = test_words(leaf.test, fact.unit)
            return f"“{fact.label}” {test} all through {span_words(leaf.over)}"


def _assessed_words(leaf: Assessed) -> str:
    on = f"on the scale{'s' if len(leaf.scales) > 1 else ''} {' and '.join(leaf.scales)}"
    if not leaf.names_labels:
        return f"others rate it as holding{_HOW_FAR[leaf.partly_counts]} {on}"
    good, part, bad = leaf.supports, leaf.partly, leaf.refutes
    if leaf.partly_counts is PartlyCounts.SUPPORTS:
        good = (*good, *part)
    elif leaf.partly_counts is PartlyCounts.REFUTES:
        bad = (*part, *bad)
    elif part:
        return f"{_rated_words(good, bad)}, in part {_alternatives(part)}, {on}"
    return f"{_rated_words(good, bad)}{',' if good and bad else ''} {on}"


_HOW_FAR: Final = {
    PartlyCounts.NEITHER: "",
    PartlyCounts.SUPPORTS: ", at least in part,",
    PartlyCounts.REFUTES: " in full",
}
"""What a leaf without labels of its own asks, by what those that say "partly" count for."""


def _rated_words(good: tuple[str, ...], bad: tuple[str, ...]) -> str:
    rated = f"others rate it {_alternatives(good)}" if good else "others do not rate it"
    return rated + (f"{', not' if good else ''} {_alternatives(bad)}" if bad else "")


def _alternatives(labels: tuple[str, ...]) -> str:
    return " or ".join(f"“{label}”" for label in labels)


def _event_window(window: Window) -> str:
    if window.kind is WindowKind.DURING and window.span.is_day:
        return f"on {span_words(window.span)}"
    return window_words(window)


def _required_sources(leaf: Leaf) -> str:
    required = []
    if leaf.min_sources is not None and leaf.min_sources > 1:
        required.append(f"at least {leaf.min_sources} independent sources")
    if leaf.min_tier is not None:
        required.append(f"tier {leaf.min_tier.value} or better")
    return f" ({', '.join(required)})" if required else ""


class Delayed(Protocol):
    """What has a status that may be late."""

    @property
    def late_days(self) -> int | None:
        """By how many days it came late at most."""

    @property
    def late_days_min(self) -> int | None:
        """By how many days it came late at least."""


def late_words(verdict: Delayed) -> str:
    """Say by how many days it came late: ``by at most 302 days``; the empty text if it is not."""
    most, least = verdict.late_days, verdict.late_days_min
    if most is None or least is None:
        return ""
    return f"by {lateness_text(most, least)} {'day' if most == 1 else 'days'}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: ``1 source``, ``3,000 sources``."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def quote_words(claim: Claim, records: Records) -> str:
    """
    Return the quote of *claim* in quotation marks.

    A paraphrase, which is in the keeper's words, has none: ``gas comes soon (as told by TASS)``.
    """
    if claim.is_paraphrase:
        source = records.sources.by_id.get(claim.source)
        by = claim.source if source is None else teller(source)
        return f"{claim.quote} (as told by {by})"
    return f"“{claim.quote}”"


def checked_words(claim: Claim, records: Records) -> str:
    """Return what is checked of *claim*, without quotation marks: its proposition, or its quote."""
    is_told = claim.is_paraphrase and claim.proposition is None
    return quote_words(claim, records) if is_told else claim.words


def teller(source: Source) -> str:
    """Return who tells what stands in *source*: publisher, author, title, host or id."""
    return source.publisher or source.author or source.title or _host_or_id(source)


def source_words(source: Source) -> str:
    """Return the name of *source* for readers: its title, publisher, the host of its page or id."""
    return source.title or source.publisher or _host_or_id(source)


def witness_words(source: Source) -> str:
    """Return the name of the witness of *source*, with the host of its page in place of its id."""
    return source.origin or source.publisher or _host_or_id(source)


def _host_or_id(source: Source) -> str:
    url = safe_url(source.url) if source.url else None
    host = urlsplit(url).hostname if url else None
    return host.removeprefix("www.") if host else source.id
