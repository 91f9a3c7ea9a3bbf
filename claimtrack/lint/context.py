"""What each check of a registry is given: the registry, its audit, and the day."""

import shlex
from collections.abc import Callable, Iterable
from typing import TypeAlias

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.engine.fast_path import FastPath
from claimtrack.errors import Finding, Location, Record, Severity, TooMuchToWeighError
from claimtrack.lint.codes import FINDING_CODES
from claimtrack.model.span import Day
from claimtrack.model.verdict import KnownBy
from claimtrack.registry import Registry

Path: TypeAlias = tuple[str | int, ...]


@attrs.frozen(kw_only=True)
class Context:
    """
    A registry with its audit, and the way to make findings of it.

    Args:
        registry: What is examined.
        audit: Its verdicts, as of the day of the examination.
        root: Where it was loaded from, as commands can be told it; None if that is not known.
        today: The day on which it is examined, an ordinal; that of the audit if None.
    """

    registry: Registry
    audit: Audit
    root: str | None = None
    today: Day | None = None

    @property
    def now(self) -> Day:
        """The later of today and the day of the audit, which may be a day in the past."""
        return self.audit.day if self.today is None else max(self.today, self.audit.day)

    def finding(  # noqa: PLR0913 - the parts of a finding
        self,
        code: str,
        record: Record,
        message: str,
        *,
        path: Path = (),
        hint: str | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """
        Return a finding on *record*.

        Args:
            code: A key of `FINDING_CODES`.
            record: What it is about.
            message: What is found, as it goes on after the record's name.
            path: The keys that lead from the record to what is to be looked at.
            hint: One thing to do now, or None.
            severity: How much it matters; that of the code if None.
        """
        return Finding(
            code=code,
            message=f"{record.kind} {record.id!r} {message}",
            location=self.place(record, path),
            hint=hint,
            severity=severity or FINDING_CODES[code].severity,
            record=record,
        )

    def command(self, name: str, id: str, *options: str) -> str:  # noqa: A002
        """Return the line for a shell that calls the command *name* for the claim *id*."""
        root = "PATH" if self.root is None else shlex.quote(self.root)
        return " ".join(("claimtrack", name, shlex.quote(id), root, *options))

    def place(self, record: Record, path: Path = ()) -> Location | None:
        """Return where *record* stands; None if it was made in Python."""
        locations = self.registry.locations
        return None if locations is None else locations.of(record.kind, record.id, path)


Check: TypeAlias = Callable[[Context], Iterable[Finding]]
"""One look at a registry."""


def claim_record(id: str) -> Record:  # noqa: A002
    """Return the name of a claim."""
    return Record(kind="claim", id=id)


def require_decidable(registry: Registry, known_by: KnownBy | str = KnownBy.PUBLISHED) -> None:
    """
    Refuse a registry that takes too long to decide, as one that cannot be read is refused.

    Raises:
        LoadError: Its criteria ask too often about too many reports (CT404).
    """
    try:
        FastPath.of(registry.index(known_by))
    except TooMuchToWeighError as error:
        place = None
        if registry.locations is not None and error.claim is not None:
            place = registry.locations.of("claim", error.claim)
        raise error.refusal(place) from error
