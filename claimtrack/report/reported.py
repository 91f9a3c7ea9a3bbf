"""What one report, or one published rating, tells in a few words."""

from claimtrack.model.evidence import Evidence
from claimtrack.model.fact import Fact
from claimtrack.model.forecast import Assessment
from claimtrack.model.registry import Records
from claimtrack.model.span import Span
from claimtrack.report.words import span_words, value_words


def report_words(records: Records, id_: str) -> str:
    """Say in a few words what one piece of evidence, or one published rating, tells."""
    evidence = records.evidence.by_id.get(id_)
    if evidence is None:
        return rating_words(records.assessments[id_])
    if evidence.fact is None:
        return f"judged: {evidence.stance.value}" if evidence.stance else ""
    fact = records.facts[evidence.fact]
    told = told_words(evidence, fact.unit)
    if evidence.value is not None:
        return f"{short_name(fact)} {told}"
    happened = evidence.happened
    if happened is None:
        return f"{short_name(fact)} {told}"
    return f"{short_name(fact)} {_in(happened)}"


def titled_words(records: Records, id_: str) -> str:
    """
    Say what `report_words` says as part of a sentence, with the title of the fact if it has one.

    A denial is said to be one: ``“BER opens” did not happen up to 5 Dec 2024``.
    """
    evidence = records.evidence.by_id.get(id_)
    fact = None if evidence is None else records.facts.by_id.get(evidence.fact or "")
    if evidence is None or fact is None:
        return report_words(records, id_)
    name = f"“{fact.title}”" if fact.title else short_name(fact)
    if evidence.not_happened is not None:
        return f"{name} {denial_words(evidence.not_happened)}"
    if evidence.happened is not None:
        return f"{name} {_in(evidence.happened)}"
    return f"{name}{':' if fact.title else ''} {told_words(evidence, fact.unit)}"


def sourced_words(records: Records, id_: str) -> str:
    """Say in a few words what one report or published rating tells, and who vouches for it."""
    evidence = records.evidence.by_id.get(id_)
    if evidence is None:
        rating = records.assessments[id_]
        return f"{rating_words(rating)} ({rating.by})"
    source = records.sources[evidence.source]
    where = source.origin or source.publisher or source.id
    if evidence.fact is None:
        stance = "" if evidence.stance is None else evidence.stance.value
        return f"{stance} the claim ({where})"
    fact = records.facts[evidence.fact]
    return f"{short_name(fact)} {told_words(evidence, fact.unit)} ({where})"


def denial_words(days: Span) -> str:
    """Say that something did not happen on these days."""
    return f"did not happen {_in(days)}"


def rating_words(rating: Assessment) -> str:
    """Say how somebody rated a claim."""
    return f"rated “{rating.rating}” on {rating.scale}"


def _in(span: Span) -> str:
    """Return *span* in words after the preposition that goes with it."""
    words = span_words(span)
    if "/" in span.text:
        return words if words.startswith(("up to", "from")) else f"from {words}"
    return f"{'on' if span.is_day or span.moment else 'in'} {words}"


def short_name(fact: Fact) -> str:
    """Return the last part of the id of *fact* in words: ``power-of-siberia/first-gas``."""
    return fact.id.rpartition("/")[2].replace("-", " ").replace("_", " ")


def told_words(evidence: Evidence, unit: str | None) -> str:
    """Say what *evidence* tells of its fact: a day, a denial, or a value with its period."""
    if evidence.happened is not None:
        return span_words(evidence.happened)
    if evidence.not_happened is not None:
        return f"not {_in(evidence.not_happened)}"
    period = "" if evidence.when is None else f" ({span_words(evidence.when)})"
    return f"{value_words(evidence.value, unit)}{period}"
