"""AVeriTeC, a corpus of real claims with verdicts of fact-checkers, in and out, label by label."""

import json
import re
from typing import Any, Final

from claimtrack.exchange import cells
from claimtrack.exchange.documents import NOT_NAMED, Item, documents_of, items_in, read_item, span
from claimtrack.exchange.ledger import COLUMN, ROW, Loss, unsaid_of_claims
from claimtrack.exchange.names import Table
from claimtrack.exchange.rows import Incoming
from claimtrack.model.registry import Records
from claimtrack.model.scales import shipped_scale
from claimtrack.model.span import Span

SCALE: Final = "averitec"
_BY: Final = "AVeriTeC"
_DAY: Final = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")
_CAPTURED: Final = re.compile(r"web\.archive\.org/web/(\d{4})(\d{2})(\d{2})")
_SINCE: Final = "1900"
"""Where the span of a day begins of which only the last possible one is known."""


def read_averitec(content: bytes, incoming: Incoming) -> None:
    """
    Read the items of a file of AVeriTeC.

    Raises:
        LoadError: It holds no JSON (CT373).
    """
    found = items_in(
        documents_of(content, incoming.name), lambda one: "claim" in one, incoming.name
    )
    for number, value in enumerate(found, 1):
        read_item(Item(incoming, number, f"#{number}", value), _read_item)


def _read_item(item: Item) -> None:
    words = item.text("claim")
    label = item.text("label")
    scale = shipped_scale(SCALE)
    assert scale is not None  # noqa: S101 - it is shipped
    known = None if label is None else scale.find(label)
    article = item.text("fact_checking_article")
    original = item.text("original_claim_url")
    said = _said(item, article, original)
    if words is None or said is None:
        item.refuse("it lacks the claim" if words is None else "nothing says when it was said")
        return
    if label is not None and known is None:
        item.change("label", f"{label!r} is no label of AVeriTeC")
    elif known is not None and known.name != label:
        item.change("label", f"it is taken as {known.name!r}")
    names = item.incoming.names
    where = next((one for one in (original, article) if one and cells.host_of(one)), None)
    if original is not None and where != original:
        item.change("original_claim_url", "it is no address of a page")
    claim: Table = {
        "speaker": names.speaker(item.text("speaker") or NOT_NAMED),
        "said": span(said),
        "source": names.source(where or "AVeriTeC"),
        "quote": words,
        "criterion": {"assessed": SCALE} if known is not None else {"judged": True},
    }
    ratings = []
    if known is not None:
        note = item.text("justification")
        ratings = [{"by": _BY, "scale": SCALE, "rating": known.name, "url": article, "note": note}]
    item.keep(f"{item.number} {cells.tidy(words)}", cells.slug(words), claim, ratings)


def _said(item: Item, article: str | None, original: str | None) -> str | None:
    written = item.text("claim_date")
    found = None if written is None else _DAY.fullmatch(written)
    if found:
        day = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
        if written != _written(day):
            item.change("claim_date", f"it is taken as {_written(day)}")
        return day
    if written is not None:
        item.change("claim_date", "it is no day")
    for address in (article, original):
        captured = _CAPTURED.search(address or "")
        if captured:
            return f"{_SINCE}/{captured[1]}-{captured[2]}-{captured[3]}"
    return None


def _written(day: str) -> str:
    year, month, number = day.split("-")
    return f"{int(number)}-{int(month)}-{year}"


def _day(said: Span) -> str | None:
    return _written(said.text) if re.fullmatch(r"\d{4}-\d\d-\d\d", said.text) else None


def write_averitec(registry: Records) -> tuple[str, tuple[Loss, ...]]:
    """Return the claims that AVeriTeC's labels rate as a file of it, and what that does not say."""
    losses = []
    ratings = {one.claim: one for one in registry.assessments.values() if one.scale == SCALE}
    items: list[dict[str, Any]] = []
    for claim in registry.claims.values():
        rating = ratings.get(claim.id)
        if rating is None:
            losses.append(Loss(what=ROW, at=claim.id, why="no label of AVeriTeC rates it"))
            continue
        speaker = registry.speakers[claim.speaker]
        source = registry.sources[claim.source]
        url = source.archived_url or source.url
        items.append(
            {
                "claim": claim.quote,
                "label": rating.rating,
                "justification": rating.note,
                "claim_date": _day(claim.said),
                "speaker": None if speaker.name == NOT_NAMED else speaker.label,
                "original_claim_url": None if url == rating.url else url,
                "fact_checking_article": rating.url,
            }
        )
    for field, number in {"evidence": len(registry.evidence), "facts": len(registry.facts)}.items():
        if number:
            losses.append(Loss(what=COLUMN, field=field, why=f"{number} not said in AVeriTeC"))
    losses += unsaid_of_claims(registry, "AVeriTeC")
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n", tuple(losses)
