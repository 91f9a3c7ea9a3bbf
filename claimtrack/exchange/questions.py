"""Questions of Manifold and Fatebook, and the claims of FEVER: formats that only come in."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from claimtrack.exchange import cells
from claimtrack.exchange.documents import Item, documents_of, items_in, read_item, span
from claimtrack.exchange.names import Table
from claimtrack.exchange.rows import Incoming
from claimtrack.exchange.sheets import read_sheet, refusal
from claimtrack.files.toml_writer import SpanText
from claimtrack.model.scales import shipped_scale

_FEVER_SAID: Final = "2018~"
"""FEVER dates no claim; the corpus was published in 2018."""


def _rating(item: Item, path: str, scale_id: str, by: str, on: SpanText | None) -> Iterator[Table]:
    """Return the rating at *path*, if it is a label of a shipped scale."""
    label = item.text(path)
    if label is None:
        return
    scale = shipped_scale(scale_id)
    known = None if scale is None else scale.find(label)
    if known is None:
        item.change(path, f"{label!r} is no label of the scale {scale_id!r}")
        return
    if known.name != label:
        item.change(path, f"it is taken as {known.name!r}")
    yield {"by": by, "scale": scale_id, "rating": known.name, "published": on}


def _day_of(time: SpanText | None) -> SpanText | None:
    return None if time is None else span(time[:10])


def read_manifold(content: bytes, incoming: Incoming) -> None:
    """
    Read markets as the API of Manifold gives them: one, a list, or lines.

    Raises:
        LoadError: It holds no JSON (CT373).
    """
    found = items_in(
        documents_of(content, incoming.name),
        lambda one: "question" in one and "id" in one,
        incoming.name,
    )
    for number, value in enumerate(found, 1):
        read_item(Item(incoming, number, f"market {value.get('id')}", value), _read_market)


def _read_market(item: Item) -> None:
    id_, words, created = item.text("id"), item.text("question"), item.time("createdTime")
    if id_ is None or words is None or created is None:
        item.refuse("it lacks the id, the question, or the time at which it was asked")
        return
    item.accept("id")
    names = item.incoming.names
    url = item.text("url")
    if url is not None and not cells.host_of(url):
        item.change("url", "it is no address of a page")
        url = None
    claim: Table = {
        "speaker": names.speaker(item.text("creatorName") or "Manifold"),
        "said": _day_of(created),
        "source": names.source(url or f"Manifold market {id_}", "Manifold"),
        "quote": words,
        "quote_kind": "own",
        "criterion": {"assessed": "manifold"},
        "closes": item.time("closeTime"),
        "note": item.text("textDescription"),
    }
    resolved = item.time("resolutionTime")
    ratings = list(_rating(item, "resolution", "manifold", "Manifold", _day_of(resolved)))
    item.take("isResolved")
    claim_id = f"manifold-{cells.slug(id_)}"
    forecasts = list(_market_forecast(item, claim_id)) if not ratings else []
    item.keep(f"market {id_}", claim_id, claim, ratings, forecasts)


def _market_forecast(item: Item, claim: str) -> Iterator[tuple[str, Table]]:
    probability, made = item.get("probability"), item.time("lastUpdatedTime")
    if isinstance(probability, int | float) and 0 <= probability <= 1 and made is not None:
        item.take("probability")
        by = item.incoming.names.speaker("Manifold")
        id_ = f"{claim}-{cells.slug(made)}"
        yield "forecast", {"id": id_, "by": by, "made": made, "probability": float(probability)}


_FATEBOOK: Final = {
    "title": "Question title",
    "option": "Multiple choice option",
    "by": "Forecast created by",
    "probability": "Forecast (scale = 0-1)",
    "made": "Forecast created at",
    "asked_by": "Question created by",
    "asked": "Question created at",
    "due": "Question resolve by",
    "resolution": "Resolution",
    "resolved": "Resolved at",
    "notes": "Question notes",
}
"""The heads of Fatebook's CSV that have a place."""


def read_fatebook(content: bytes, incoming: Incoming) -> None:
    """
    Read the CSV that Fatebook exports: a row for each forecast.

    Raises:
        LoadError: It is no CSV (CT360), or of another kind (CT373).
    """
    sheet = read_sheet(content, incoming.name)
    lacking = [head for head in list(_FATEBOOK.values())[0:1] if head not in sheet.heads]
    if lacking:
        message = f"there is no column {lacking[0]!r}; expected the CSV of Fatebook"
        raise refusal(incoming.name, "CT373", message)
    questions: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in sheet.rows:
        value = dict(zip(sheet.heads, row.cells, strict=False))
        keys = ("title", "option", "asked")
        key = tuple(value.get(_FATEBOOK[one], "") for one in keys)
        questions.setdefault(key, []).append(value)  # type: ignore[arg-type]
    for number, rows in enumerate(questions.values(), 1):
        item = Item(incoming, number, f"#{number}", {**rows[0]})
        read_item(item, partial(_read_fatebook, rows=rows))


def _read_fatebook(item: Item, rows: list[dict[str, str]]) -> None:
    at = _FATEBOOK
    words, option = item.text(at["title"]), item.text(at["option"])
    asked = item.day(at["asked"])
    if words is None or asked is None:
        item.refuse("it lacks the title, or the day on which it was asked")
        return
    names = item.incoming.names
    if option is not None:
        words = f"{words} {option}"
    asker = item.text(at["asked_by"]) or "Fatebook"
    key = f"{asked} {cells.tidy(words)}"
    id_ = f"fatebook-{cells.slug(words, 50)}-{cells.digest(key)}"
    claim: Table = {
        "speaker": names.speaker(asker),
        "said": span(asked),
        "source": names.source("Fatebook", "Fatebook"),
        "quote": words,
        "quote_kind": "own",
        "criterion": {"assessed": "fatebook"},
        "due": span(item.day(at["due"])),
        "note": item.text(at["notes"]),
    }
    on = span(item.day(at["resolved"]))
    ratings = list(_rating(item, at["resolution"], "fatebook", asker, on))
    forecasts = [
        made
        for number, row in enumerate(rows)
        if (made := _fatebook_forecast(item, row, id_, number)) is not None
    ]
    for path in ("by", "probability", "made"):
        item.take(at[path])
    item.keep(key, id_, claim, ratings, forecasts)


def _fatebook_forecast(
    item: Item, row: Mapping[str, str], claim: str, number: int
) -> tuple[str, Table] | None:
    one = Item(Incoming("", item.incoming.names, {}), number, "", row)
    at = _FATEBOOK
    by, made = one.text(at["by"]), one.time(at["made"])
    try:
        probability: Any = float(row.get(at["probability"], ""))
    except ValueError:
        probability = None
    if by is None or made is None or probability is None or not 0 <= probability <= 1:
        item.change(at["probability"], f"forecast {number + 1} lacks a person, a time or a number")
        return None
    id_ = f"{claim}-{cells.slug(by, 30)}-{cells.slug(made)}"
    speaker = item.incoming.names.speaker(by)
    return "forecast", {"id": id_, "by": speaker, "made": made, "probability": probability}


def read_fever(content: bytes, incoming: Incoming) -> None:
    """
    Read the lines of FEVER.

    Raises:
        LoadError: It holds no JSON (CT373).
    """
    found = items_in(
        documents_of(content, incoming.name), lambda one: "claim" in one, incoming.name
    )
    for number, value in enumerate(found, 1):
        item = Item(incoming, number, f"claim {value.get('id', number)}", value)
        words, id_ = item.text("claim"), item.text("id") or str(number)
        if words is None:
            item.refuse("it lacks the claim")
            continue
        item.accept("id")
        names = incoming.names
        claim: Table = {
            "speaker": names.speaker("FEVER annotators"),
            "said": SpanText(_FEVER_SAID),
            "source": names.source("https://fever.ai/dataset/fever.html"),
            "quote": words,
            "criterion": {"assessed": "fever"},
        }
        ratings = list(_rating(item, "label", "fever", "FEVER", None))
        item.keep(f"claim {id_}", f"fever-{cells.slug(id_)}", claim, ratings)
