"""
What the content of each page depends on, as a digest that can be kept.

A page whose digest is what it was need not be rendered again. So a digest may cover more than its
page shows, which costs a little time, and never less. It covers the records themselves, with all
their fields; the verdicts, which the audit has computed anyway; and where days decide what is
shown, how many of the days on which that can change have passed. The day of the audit itself is
on the pages that say it and on no other, so that a new day alone changes few pages.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from platform import python_version
from typing import TYPE_CHECKING, Final

from claimtrack.engine.evidence import facts_of_claim, scales_of_claim
from claimtrack.engine.timeline import turning_days
from claimtrack.model.claim import Claim
from claimtrack.model.evidence import Evidence
from claimtrack.model.registry import PLURALS
from claimtrack.model.verdict import Verdict
from claimtrack.report.site.contents import Contents

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_BYTES: Final = 20
"""Of each digest: 160 bits, so that no two different inputs ever share one."""


class Inputs:
    """
    The digests of the pages that show *contents*.

    Args:
        contents: What the pages show.
    """

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.records = contents.records
        options, settings = contents.options, contents.records.settings
        audit = contents.audit
        self._shared = (contents.title, contents.publisher, options.url, settings, audit.known_by)
        self._of_record: dict[tuple[str, str], bytes] = {}
        self._of_fact: dict[str, bytes] = {}
        self._rows: dict[str, bytes] = {}

    def whole(self) -> str:
        """Return the digest of a page that says something of the whole registry and its day."""
        records = self.records
        listed = [self._record(shelf.kind, id_) for shelf in records.shelves() for id_ in shelf]
        rows = [self._row(verdict) for verdict in self.contents.verdicts]
        audit = self.contents.audit
        return self._page("whole", audit.day, audit.answers, b"".join(listed), b"".join(rows))

    def claim(self, verdict: Verdict) -> str:
        """Return the digest of the page of one claim."""
        contents = self.contents
        claim = contents.claim(verdict.claim)
        day = contents.audit.day
        turned = bisect_right(turning_days(claim, contents.audit.index), day)
        answered = contents.audit.answers.get(claim.id)
        linked = [(how, self._row(contents.verdict[other])) for how, other in contents.links(claim)]
        return self._page(
            "claim",
            self._row(verdict),
            # A function looks at what it likes, and what it says is of the day.
            turned if contents.is_followed(claim.id) else (day, answered),
            self._sources((claim.source, *claim.appearances)),
            [self._evidence_on(fact) for fact in facts_of_claim(claim)],
            self._told(self._about(claim)),
            linked,
        )

    def _about(self, claim: Claim) -> Iterator[tuple[str, str, str | None]]:
        index = self.contents.audit.index
        yield from _named(index.by_claim.get(claim.id, ()))
        for scale in scales_of_claim(claim):
            for rating in index.by_scale.get((claim.id, scale), ()):
                yield "assessment", rating.id, rating.source

    def speaker(self, id: str, verdicts: Sequence[Verdict]) -> str:  # noqa: A002
        """Return the digest of the page of a speaker with these *verdicts*."""
        rows = b"".join(map(self._row, verdicts))
        record = self.contents.options.records.get(id)
        return self._page("speaker", self._record("speaker", id), record, rows)

    def fact(self, id: str) -> str:  # noqa: A002
        """Return the digest of the page of a fact."""
        day = self.contents.audit.day
        standing = [(item.id, item.standing(day)) for _, item in self.contents.reports(id)]
        rows = b"".join(map(self._row, self.contents.by_fact.get(id, ())))
        return self._page("fact", self._evidence_on(id), standing, rows)

    def _page(self, *parts: object) -> str:
        return _digest(self._shared, *parts).hex()

    def _row(self, verdict: Verdict) -> bytes:
        """Return the digest of what any page may show of a claim without its evidence."""
        found = self._rows.get(verdict.claim)
        if found is None:
            contents, id_ = self.contents, verdict.claim
            speaker = contents.claim(id_).speaker
            found = self._rows[id_] = _digest(
                verdict,
                contents.claim_at[id_],
                contents.speaker_at[speaker],
                self._record("claim", id_),
                self._record("speaker", speaker),
            )
        return found

    def _evidence_on(self, fact: str) -> bytes:
        """Return the digest of a fact with all that is reported of it."""
        found = self._of_fact.get(fact)
        if found is None:
            found = self._of_fact[fact] = _digest(
                self._record("fact", fact),
                self.contents.fact_at[fact],
                self._told(_named(self.contents.audit.index.by_fact.get(fact, ()))),
            )
        return found

    def _told(self, reports: Iterable[tuple[str, str, str | None]]) -> bytes:
        """Return the digest of reports, of their sources, and of what supersedes them."""
        superseders = self.contents.audit.index.superseders
        parts = []
        for kind, id_, source in reports:
            parts.append(self._record(kind, id_))
            parts.append(b"" if source is None else self._record("source", source))
            for other in superseders.get(id_, ()):
                parts.append(self._record("evidence", other.id))
                parts.append(self._record("source", other.source))
        return b"".join(parts)

    def _sources(self, ids: Iterable[str]) -> bytes:
        return b"".join(self._record("source", id_) for id_ in ids)

    def _record(self, kind: str, id_: str) -> bytes:
        """Return the digest of one record: of every field, and of the kind of each value."""
        key = kind, id_
        found = self._of_record.get(key)
        if found is None:
            found = self._of_record[key] = _digest(getattr(self.records, PLURALS[kind]).by_id[id_])
        return found


def _named(reports: Iterable[Evidence]) -> Iterator[tuple[str, str, str | None]]:
    return (("evidence", one.id, one.source) for one in reports)


def _digest(*parts: object) -> bytes:
    # What a record shows of itself for programmers names each field, and tells 1 from "1".
    text = repr(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=_BYTES).digest()


@lru_cache(maxsize=1)
def maker() -> str:
    """Return the digest of all that makes pages of inputs: this package, and what it rests on."""
    found = hashlib.blake2b(digest_size=_BYTES)
    for name in ("jinja2", "markupsafe"):
        found.update(f"{name} {version(name)}\n".encode())
    found.update(f"python {python_version()}\n".encode())
    for name, content in sorted(_package(files("claimtrack"), "")):
        found.update(f"{name} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


def _package(folder: "Traversable", above: str) -> Iterator[tuple[str, bytes]]:
    for one in folder.iterdir():
        name = f"{above}/{one.name}"
        if one.is_dir():
            yield from _package(one, name)
        elif one.name.endswith((".py", ".html", ".css", ".js")):
            yield name, one.read_bytes()
