"""An explanation as one JSON object, for programs; its keys are stable."""

from typing import Any, Final

from claimtrack.engine.audit import Audit
from claimtrack.model.explanation import Exhibit, Explanation, ItemUse, Side, Step
from claimtrack.model.source import TIER_RANKS
from claimtrack.model.span import OPEN_END, day_text
from claimtrack.report.audit_json import claim_object
from claimtrack.report.reported import sourced_words
from claimtrack.report.words import criterion_words

_ON_A_SIDE: Final = frozenset({Side.FOR, Side.AGAINST})
_TIER_OF: Final = {rank: None if tier is None else tier.value for tier, rank in TIER_RANKS.items()}


def explanation_object(audit: Audit, explanation: Explanation) -> dict[str, Any]:
    """
    Return *explanation* with everything that it rests on.

    Days are ISO 8601 text, ``..`` where they are open, or None.
    """
    condition, later = explanation.condition, explanation.later
    verdict = claim_object(audit, explanation.verdict)
    verdict["readings"] = [
        {**told, "criterion": _tree(audit, step)}
        for told, (_, step) in zip(verdict["readings"], explanation.readings, strict=True)
    ]
    return {
        "title": audit.records.settings.title,
        "as_of": day_text(explanation.as_of),
        "known_by": explanation.known_by.value,
        "decided_by_function": explanation.by_function,
        "claim": verdict,
        "criterion": None if explanation.steps is None else _tree(audit, explanation.steps),
        "criterion_put_off": None if later is None else _tree(audit, later),
        "condition": None if condition is None else _tree(audit, condition),
        "items": [_item(audit, one) for one in explanation.items],
    }


def _tree(audit: Audit, step: Step) -> dict[str, Any]:
    node = {
        "rule": step.rule,
        "words": criterion_words(step.criterion, audit.records.facts.by_id),
        "shown": step.shown,
        "refuted": step.refuted,
        "needed": step.needed,
    }
    if step.members:
        return {**node, "members": [_tree(audit, member) for member in step.members]}
    return {
        **node,
        "fact": getattr(step.criterion, "fact", None),
        "first_day": day_text(step.low),
        "last_day": day_text(step.high),
        "items": [_exhibit(one) for one in step.exhibits],
        **({"unlisted": step.unlisted} if step.unlisted else {}),
    }


def _exhibit(exhibit: Exhibit) -> dict[str, Any]:
    has_side = exhibit.side in _ON_A_SIDE
    return {
        "id": exhibit.id,
        "side": exhibit.side.value if has_side else None,
        "because": None if has_side else exhibit.side.value,
        "counts": exhibit.counts,
        "witness": exhibit.witness,
        "tier": _TIER_OF[exhibit.rank],
        "known_from": day_text(exhibit.known_from),
    }


def _item(audit: Audit, item: ItemUse) -> dict[str, Any]:
    records = audit.records
    told = records.evidence.by_id.get(item.id) or records.assessments[item.id]
    return {
        "id": item.id,
        "source": told.source,
        "fact": getattr(told, "fact", None),
        "reports": sourced_words(records, item.id),
        "use": item.use.value,
        "because": item.because or None,
        "decided": item.decided,
        "known_from": None if item.known_from == OPEN_END else day_text(item.known_from),
    }
