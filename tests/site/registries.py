"""Registries that sites are made of in tests: one of every sort of thing, and hostile ones."""

from claimtrack import (
    Claim,
    Evidence,
    Fact,
    FieldError,
    Reading,
    Registry,
    Role,
    Settings,
    Source,
    Speaker,
    judged,
    occurs,
    parts,
    reaches,
    stays,
)

DAY = "2020-06-01"


def one_of_everything() -> Registry:
    """A registry with every kind of fact, most statuses, and everything that a page shows."""
    said = {"speaker": "miller", "said": "2017-07-04", "source": "press"}
    return Registry.of(
        Speaker(
            id="miller",
            name="Alexei Miller",
            roles=[Role(title="Head of Gazprom", since="2001")],
            url="https://gazprom.example/miller",
            note="Speaks often.\nAnd at length.",
        ),
        Speaker(id="skeptic"),
        Source(
            id="press",
            title="On track",
            publisher="The Press",
            author="A. Writer",
            published="2017-07-06",
            tier="press",
            url="https://press.example/on-track?a=1&b=2",
            archived_url="https://archive.example/1",
        ),
        Source(id="wire", publisher="The Wire", published="2019-12-02", url="javascript:alert(1)"),
        Source(id="copy", publisher="A Copy", origin="The Wire", published="2019-12-03"),
        Source(id="blog"),
        Fact(id="siberia/first-gas", kind="event", title="First gas crosses", once=True),
        Fact(id="siberia/flow", kind="quantity", unit="bcm/year", note="By Gazprom."),
        Fact(id="open", kind="state", title="The border is open"),
        Fact(id="silence", kind="event", title="Nothing is told of it"),
        Evidence(id="gas-wire", fact="siberia/first-gas", source="wire", happened="2019-12-02"),
        Evidence(id="gas-copy", fact="siberia/first-gas", source="copy", happened="2019-12-02"),
        Evidence(id="gas-blog", fact="siberia/first-gas", source="blog", happened="2019"),
        Evidence(
            id="not-yet", fact="siberia/first-gas", source="press", not_happened="../2017-07-01"
        ),
        Evidence(id="flow", fact="siberia/flow", source="wire", value=[1, 4], when="2018"),
        Evidence(id="flow-2", fact="siberia/flow", source="copy", value=10, when="2019-12-02"),
        Evidence(
            id="flow-3",
            fact="siberia/flow",
            source="press",
            value=3,
            when="2016",
            withdrawn="2018-01-01",
            withdrawn_because="It was of another line.",
            note="A slip.",
        ),
        Evidence(id="closed", fact="open", source="wire", value=False, when="2019-12-01"),
        Evidence(id="agrees", claim="judged", stance="supports", source="wire", quote="Well said"),
        Claim(
            id="by-2019",
            **said,
            quote="gas will flow by the end of 2019",
            quote_kind="indirect",
            proposition="Gas flows to China by the end of 2019.",
            kind="promise",
            criterion=occurs("siberia/first-gas", by="2019-12-31"),
            readings=[
                Reading(
                    name="first promised", criterion=occurs("siberia/first-gas", by="2018-12-31")
                )
            ],
            topics=["energy"],
            appearances=["copy"],
            note="As he put it.",
        ),
        Claim(
            id="by-2018",
            **said,
            quote="by 2018",
            kind="promise",
            status="held",
            criterion=occurs("siberia/first-gas", by="2018-12-31"),
            repeats=["by-2019"],
            topics=["energy", "trade"],
        ),
        Claim(
            id="flow-of-38",
            **said,
            quote="and 38 bcm a year",
            kind="prediction",
            criterion=reaches("siberia/flow", by="2024-12-31", at_least=38)
            & ~occurs("silence", by="2024-12-31"),
        ),
        Claim(
            id="stays-open",
            **said,
            quote="stays open",
            criterion=parts(
                stays("open", throughout="2019", is_=True),
                occurs("siberia/first-gas", by="2019-12-31"),
            ),
        ),
        Claim(id="judged", **said, quote="a success", criterion=judged()),
        Claim(id="unheard", **said, quote="an echo", criterion=occurs("silence", by="2018-01-01")),
        Claim(
            id="called-off",
            **said,
            quote="called off",
            criterion=occurs("silence", by="2030"),
            annulled="2018-02-03",
            annulled_because="He took it back.",
        ),
        Claim(
            id="opinion",
            speaker="skeptic",
            said="2018",
            source="blog",
            quote="It was a mistake",
            kind="opinion",
            not_checkable="an opinion",
            contradicts=["by-2019"],
        ),
        settings=Settings(title="Pipelines & promises", note="Made for tests."),
    )


def _takes(make, text: str) -> bool:
    try:
        make(text)
    except FieldError:
        return False
    return True


def hostile(*texts: str) -> Registry:
    """
    A registry that says each of *texts* wherever it may.

    Each has three claims: one with a reading, one that cannot be checked, and one that waits.
    """
    settings = Settings(title=_words(texts[0]), note=_words(texts[0]))
    records = [one for n, text in enumerate(texts) for one in _saying(text, str(n) if n else "")]
    return Registry.of(*records, settings=settings)


def _words(text: str) -> str:
    return text if _takes(lambda value: Source(id="x", title=value), text) else "harmless"


def _saying(text: str, number: str) -> list[Speaker | Source | Fact | Evidence | Claim]:
    words = _words(text)
    name = text if _takes(lambda value: Source(id=value), text) else "harmless"
    name += number
    speaker, source, fact = f"{name}-s", f"{name}/o", f"{name}.f"
    said = {"speaker": speaker, "said": "2017-07-04", "source": source}
    return [
        Speaker(id=speaker, name=words, roles=[Role(title=words)], url=words, note=words),
        Source(
            id=source,
            title=words,
            publisher=words,
            author=words,
            published="2018-01-01",
            url=words,
            archived_url=words,
            origin=words,
            note=words,
        ),
        Fact(id=fact, kind="event", title=words, note=words),
        Fact(id=f"{name}q", kind="quantity", title=words, unit=words, note=words),
        Fact(id=f"{name}z", kind="state", title=words, values=[words]),
        Evidence(
            id=f"{name}1",
            fact=fact,
            source=source,
            happened="2017-12-01",
            quote=words,
            note=words,
            withdrawn="2020-01-01",
            withdrawn_because=words,
        ),
        Evidence(id=f"{name}2", fact=fact, source=source, happened="2017-12-01", quote=words),
        Evidence(id=f"{name}3", fact=f"{name}q", source=source, value=3, when="2017"),
        Evidence(id=f"{name}4", fact=f"{name}z", source=source, value=words, when="2017"),
        Evidence(id=f"{name}5", claim=f"{name}c", stance="context", source=source, note=words),
        Claim(
            id=f"{name}c",
            **said,
            quote=words,
            proposition=words,
            kind="promise",
            criterion=occurs(fact, by="2018-12-31")
            & stays(f"{name}z", throughout="2017-06", is_=words),
            readings=[Reading(name=words, criterion=occurs(fact, by="2017-08-01"), note=words)],
            topics=[words],
            note=words,
            annulled="2030-01-01",
            annulled_because=words,
            occasions=[{"said": "2017-07-05", "source": source, "quote": f"{words}."}],
            retracted="2017-08-01",
            retracted_words=words,
        ),
        Claim(id=f"{name}d", **said, quote=words, not_checkable=words, contradicts=[f"{name}c"]),
        Claim(
            id=f"{name}e",
            **said,
            quote=words,
            criterion=occurs(fact, by="2040") & reaches(f"{name}q", by="2040", at_least=4),
        ),
    ]


def long_words() -> Registry:
    """A registry whose words are longer than a line, and whose sentences are longer than a page."""
    word = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle" * 2
    sentence = f"It goes on and on, with {word}, and still it does not end. " * 6
    said = {"speaker": "speaker", "said": "2017-01-01", "source": "source", "topics": [word]}
    criterion = reaches("fact", by="2019-12-31", at_least=5)
    return Registry.of(
        Speaker(id="speaker", name=word, roles=[Role(title=sentence)], note=sentence),
        Source(
            id="source",
            title=sentence,
            publisher=word,
            author=word,
            published="2018-06-01",
            url=f"https://example.org/{word}/{word}",
        ),
        Fact(id="fact", kind="quantity", title=sentence, unit=word, note=sentence),
        Fact(id="event", kind="event", title=sentence),
        Evidence(
            id=f"e-{'long-' * 12}",
            fact="fact",
            source="source",
            value=12345678901234567890,
            when="2017",
            quote=sentence,
            note=sentence,
        ),
        Claim(id="quote-only", **said, quote=sentence, criterion=criterion),
        Claim(
            id="all",
            **said,
            quote=word,
            proposition=sentence,
            note=sentence,
            criterion=criterion & occurs("event", by="2099"),
            readings=[Reading(name=word, criterion=criterion)],
            appearances=["source"],
            repeats=["quote-only"],
        ),
        Claim(id="never", **said, quote=word, not_checkable=sentence),
        settings=Settings(title=word, note=sentence),
    )
