"""
Questions of Metaculus as its site gives them (posts as JSON), in and out.

A question is a claim: its title the words, its resolution criteria a note, its opening and closing
times those of forecasts. A resolution is a rating by Metaculus on its own scale. The forecasts of
the community and one's own on questions of yes or no are forecasts.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from claimtrack.exchange import cells
from claimtrack.exchange.documents import NO_PLACE, Item, documents_of, items_in, read_item, span
from claimtrack.exchange.ledger import COLUMN, FIELD, ROW, Loss, unsaid_of_claims
from claimtrack.exchange.names import Table
from claimtrack.exchange.rows import Incoming
from claimtrack.files.toml_writer import SpanText
from claimtrack.model.claim import Claim
from claimtrack.model.records import Forecast
from claimtrack.model.registry import Records
from claimtrack.model.scales import shipped_scale
from claimtrack.model.span import Span

SCALE: Final = "metaculus"
_BY: Final = "Metaculus"
_ADDRESS: Final = "https://www.metaculus.com/questions/{}/"
_POST: Final = re.compile(r"https://www\.metaculus\.com/questions/(\d+)/")
_ID: Final = re.compile(r"metaculus-(\d+)")
_COMMUNITY: Final = "Metaculus community"
_SELF: Final = "Myself on Metaculus"
_MOST_FORECASTS: Final = 10_000
_HISTORIES: Final = {
    _COMMUNITY: ("aggregations.recency_weighted.history", "centers", 0),
    _SELF: ("my_forecasts.history", "forecast_values", 1),
}
"""By forecaster, where a question has the forecasts, and where in each the probability of yes."""


def read_metaculus(content: bytes, incoming: Incoming) -> None:
    """
    Read posts: one, a list of them, or a page of the list of posts.

    Raises:
        LoadError: It holds no JSON (CT373).
    """
    posts = items_in(documents_of(content, incoming.name), _is_post, incoming.name)
    number = 0
    for post in posts:
        if isinstance(post.get("question"), Mapping):
            number += 1
            read_item(Item(incoming, number, f"post {post.get('id')}", post), _read_question)
            continue
        group = post.get("group_of_questions")
        questions = group.get("questions") if isinstance(group, Mapping) else None
        for question in questions if isinstance(questions, list) else [post]:
            number += 1
            if question is post or not isinstance(question, Mapping):
                item = Item(incoming, number, f"post {post.get('id')}", post)
                item.refuse("it is no question or group of questions; a condition has no place")
                continue
            kept = ("id", "published_at", "author_username")
            alone = {key: post[key] for key in kept if key in post} | {"question": question}
            item = Item(incoming, number, f"question {question.get('id')}", alone)
            item.change("question", "it is taken out of its group, and written by itself")
            read_item(item, _read_question)


def _is_post(value: Mapping[str, Any]) -> bool:
    parts = ("question", "group_of_questions", "conditional")
    return any(isinstance(value.get(part), Mapping) for part in parts)


def _read_question(item: Item) -> None:
    at = "question."
    number, post = item.text(f"{at}id"), item.text("id")
    words = item.text(f"{at}title") or item.text("title")
    said = item.day("published_at") or item.day(f"{at}open_time") or item.day("created_at")
    if number is None or words is None or said is None:
        item.refuse("it lacks the id, the title, or the day on which it was asked")
        return
    for path in ("id", f"{at}id"):
        if isinstance(item.get(path), int):
            item.accept(path)
    if item.get("title") == words:
        item.take("title")
    for path in ("title", f"{at}title"):
        if item.get(path) != words:
            item.change(path, f"both titles are {words[:60]!r}")
    names = item.incoming.names
    id_ = f"metaculus-{number}"
    criteria = item.text(f"{at}resolution_criteria")
    claim: Table = {
        "speaker": names.speaker(item.text("author_username") or _BY),
        "said": span(said),
        "source": names.source(_ADDRESS.format(post or number), "Metaculus"),
        "quote": words,
        "quote_kind": "own",
        "criterion": {"assessed": SCALE},
        "due": span(item.day(f"{at}scheduled_resolve_time")),
        "opens": item.time(f"{at}open_time"),
        "closes": item.time(f"{at}scheduled_close_time"),
        "note": criteria,
    }
    ratings = list(_resolution(item, at))
    is_binary = item.text(f"{at}type") == "binary"
    if not is_binary:
        item.change(f"{at}type", "questions other than of yes or no are kept in words alone")
    forecasts = list(_forecasts(item, at, id_)) if is_binary else []
    item.keep(f"question {number}", id_, claim, ratings, forecasts)


def _resolution(item: Item, at: str) -> Iterator[Table]:
    label = item.text(f"{at}resolution")
    if label is None:
        return
    scale = shipped_scale(SCALE)
    known = None if scale is None else scale.find(label)
    if known is None:
        item.change(f"{at}resolution", f"{label!r} is no label; numbers and options have no place")
        return
    on = item.day(f"{at}actual_resolve_time") or item.day(f"{at}resolution_set_time")
    yield {"by": _BY, "scale": SCALE, "rating": known.name, "published": span(on)}


def _forecasts(item: Item, at: str, claim: str) -> Iterator[tuple[str, Table]]:
    for by, (path, key, place) in _HISTORIES.items():
        history = item.get(f"{at}{path}")
        if not isinstance(history, list) or not history:
            continue
        item.take(f"{at}{path}")
        if not all(_is_plain(one, key, place) for one in history[: _MOST_FORECASTS + 1]):
            why = "of forecasts the probability and the beginning, to the second, are kept"
            item.change(f"{at}{path}", why)
        for one in history[:_MOST_FORECASTS]:
            made = _forecast(one, key, place)
            if made is None:
                continue
            when, probability = made
            id_ = f"{claim}-{cells.slug(by)}-{when:%Y%m%dt%H%M%S}"
            yield (
                "forecast",
                {
                    "id": id_,
                    "by": item.incoming.names.speaker(by),
                    "made": SpanText(f"{when:%Y-%m-%dT%H:%M:%S}Z"),
                    "probability": probability,
                },
            )


def _forecast(value: object, key: str, place: int) -> tuple[datetime, float] | None:
    if not isinstance(value, Mapping):
        return None
    values = value.get(key)
    try:
        probability = float(values[place])  # type: ignore[index]
        when = datetime.fromtimestamp(int(value["start_time"]), UTC)
    except (TypeError, ValueError, KeyError, IndexError, OverflowError, OSError):
        return None
    return (when, probability) if 0 <= probability <= 1 else None


def _is_plain(value: object, key: str, place: int) -> bool:
    """Say whether a forecast comes out of an export as it went in."""
    made = _forecast(value, key, place)
    return made is not None and value == _values(*made, key, place)


def write_metaculus(registry: Records) -> tuple[str, tuple[Loss, ...]]:
    """Return the questions of *registry* as posts, and what those do not say."""
    losses: list[Loss] = []
    posts = []
    for claim in registry.claims.values():
        found = _ID.fullmatch(claim.id)
        if found is None:
            losses.append(Loss(what=ROW, at=claim.id, why="it is no question of Metaculus"))
            continue
        posts.append(_post(registry, claim, int(found[1]), losses))
    for field, number in {"evidence": len(registry.evidence), "facts": len(registry.facts)}.items():
        if number:
            losses.append(Loss(what=COLUMN, field=field, why=f"{number} not said in questions"))
    losses += unsaid_of_claims(registry, "questions")
    return json.dumps(posts, ensure_ascii=False, indent=1) + "\n", tuple(losses)


def _post(registry: Records, claim: Claim, number: int, losses: list[Loss]) -> dict[str, Any]:
    post = _POST.fullmatch(registry.sources[claim.source].url or "")
    speaker = registry.speakers[claim.speaker].label
    question: dict[str, Any] = {
        "id": number,
        "title": claim.quote,
        "type": "binary",
        "resolution_criteria": claim.note,
        "open_time": _text(claim.opens),
        "scheduled_close_time": _text(claim.closes),
        "scheduled_resolve_time": _text(claim.due),
    }
    for rating in registry.assessments.values():
        if rating.claim == claim.id and rating.scale == SCALE:
            question["resolution"] = rating.rating
            question["actual_resolve_time"] = _text(rating.published)
    for by, (path, key, place) in _HISTORIES.items():
        history = [
            _written(one, key, place)
            for one in registry.forecasts.values()
            if one.claim == claim.id and registry.speakers[one.by].label == by
        ]
        if history:
            _put(question, path, history)
    own = sum(
        one.claim == claim.id and registry.speakers[one.by].label not in _HISTORIES
        for one in registry.forecasts.values()
    )
    if own:
        losses.append(Loss(what=FIELD, at=claim.id, field="forecasts", why=NO_PLACE))
    whole = {
        "id": int(post[1]) if post else number,
        "title": claim.quote,
        "published_at": claim.said.text,
        "author_username": None if speaker == _BY else speaker,
        "question": {key: value for key, value in question.items() if value is not None},
    }
    return {key: value for key, value in whole.items() if value is not None}


def _text(days: Span | None) -> str | None:
    return None if days is None else days.text


def _written(one: Forecast, key: str, place: int) -> dict[str, Any]:
    assert one.probability is not None  # noqa: S101 - of yes or no
    when = datetime.fromisoformat(one.made.text)
    return _values(when.replace(tzinfo=when.tzinfo or UTC), one.probability, key, place)


def _values(when: datetime, probability: float, key: str, place: int) -> dict[str, Any]:
    values = [1 - probability, probability][1 - place :]
    return {"start_time": when.timestamp(), key: values}


def _put(table: dict[str, Any], path: str, value: object) -> None:
    *above, last = path.split(".")
    for key in above:
        table = table.setdefault(key, {})
    table[last] = value
