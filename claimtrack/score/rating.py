"""
Put the outcome of a claim on somebody else's scale.

A policy is a TOML file that names a label of one scale for every outcome, and says what is lost
in the translation. Where the scale leaves it to a person, so does the policy, with a default for
those who want one. Those shipped are in the folder ``policies``; users' own folders can add more.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.errors import Location, Problems
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import facts_of, scales_of
from claimtrack.model.scales import (
    Keys,
    Scale,
    UnknownLabelError,
    UnknownScaleError,
    check,
    load_scales,
    of_users,
    read,
    shipped,
    shipped_scale,
)
from claimtrack.model.verdict import Status, Verdict


class PolicyOutcome(StrEnum):
    """What a policy translates: the ten statuses, with pending in two."""

    HELD = "held"
    LATE = "late"
    PARTLY = "partly"
    FAILED = "failed"
    CONFLICTING = "conflicting"
    PENDING_WITH_NEWS = "pending-with-news"
    PENDING_NO_NEWS = "pending-no-news"
    OVERDUE = "overdue"
    NOT_ENOUGH_EVIDENCE = "not-enough-evidence"
    NOT_CHECKABLE = "not-checkable"
    ANNULLED = "annulled"


def outcome_of(status: Status, *, news: bool) -> PolicyOutcome:
    """
    Return what a policy calls *status*.

    Args:
        status: What became of the claim.
        news: Whether any usable evidence speaks of the claim's facts; it matters only while the
            claim is pending.
    """
    if status is Status.PENDING:
        return PolicyOutcome.PENDING_WITH_NEWS if news else PolicyOutcome.PENDING_NO_NEWS
    return PolicyOutcome(status.value)


@attrs.frozen(kw_only=True)
class Row:
    """
    What becomes of one outcome.

    Args:
        outcome: The outcome.
        label: The label on the policy's scale; with *editor* only a default; None if there is
            no label for it.
        editor: Whether the scale leaves this to a person.
        otherwise: Further labels that the scale's own people would also give it.
        unrated: A word for why there is no label, such as ``open`` or ``dropped``, or None.
        loses: What the label no longer says, or None for nothing.
    """

    outcome: PolicyOutcome
    label: str | None = None
    editor: bool = False
    otherwise: tuple[str, ...] = ()
    unrated: str | None = None
    loses: str | None = None

    @property
    def shown(self) -> str:
        """The label for a table: a person's decision and a missing label are told in words."""
        if self.editor:
            return "editor" if self.label is None else f"editor (default {self.label})"
        return self.label or f"({self.unrated})"


@attrs.frozen(kw_only=True)
class RatingPolicy:
    """
    A way to put every outcome on one scale; *rows* has every `PolicyOutcome`.

    Args:
        id: What files and commands call it.
        scale: The scale whose labels it gives.
        rows: By outcome.
        note: What else is to be known.
    """

    id: str
    scale: Scale
    rows: Mapping[PolicyOutcome, Row]
    note: str | None = None


_POLICY_KEYS: Final[Keys] = {
    "id": (str, True),
    "scale": (str, True),
    "note": (str, False),
    "row": (list, True),
}
_ROW_KEYS: Final[Keys] = {
    "outcome": (str, True),
    "label": (str, False),
    "editor": (bool, False),
    "otherwise": (list, False),
    "unrated": (str, False),
    "loses": (str, False),
}


def load_policies(folders: Iterable[Path] = ()) -> Mapping[str, RatingPolicy]:
    """
    Read the policies that are shipped, and those in the folders ``policies`` of *folders*, by id.

    The folders ``scales`` of *folders* are read too, for policies may be on a scale of one's own.

    Raises:
        LoadError: A file is not a policy, or an id is taken; it names every problem.
    """
    homes = [Path(folder) for folder in folders]
    scales = load_scales(_those("scales", homes))
    problems = Problems()
    found: dict[str, RatingPolicy] = {}
    for file in [*shipped("claimtrack.score", "policies"), *of_users(_those("policies", homes))]:
        at = Location(str(file), 1)
        policy = _policy(read(file, problems), scales, at, problems)
        if policy is not None and policy.id in found:
            message = f"policy id {policy.id!r} is taken; expected ids to be unique"
            problems.add("CT201", message, at)
        elif policy is not None:
            found[policy.id] = policy
    problems.raise_if_any()
    return found


def _those(name: str, homes: Iterable[Path]) -> list[Path]:
    return [home / name for home in homes if (home / name).is_dir()]


def policy_of(id: str, folders: Iterable[Path] = ()) -> RatingPolicy:  # noqa: A002
    """
    Return the policy *id*.

    Raises:
        UnknownScaleError: There is none.
        LoadError: A file in *folders* is not a policy or a scale.

    Example:
        >>> policy_of("polimeter").rows[PolicyOutcome.LATE].label
        'kept in part / in the works'
    """
    policies = load_policies(folders)
    if id not in policies:
        raise UnknownScaleError("policy", id, tuple(sorted(policies)))
    return policies[id]


def _policy(
    table: dict[str, Any], scales: Mapping[str, Scale], at: Location, found: Problems
) -> RatingPolicy | None:
    if not table or not check(table, _POLICY_KEYS, "a policy", at, found):
        return None
    if table["scale"] not in scales:
        message = f"scale {table['scale']!r} is not known; expected one of {sorted(scales)}"
        found.add("CT202", message, at)
        return None
    scale = scales[table["scale"]]
    rows: dict[PolicyOutcome, Row] = {}
    for given in table["row"]:
        row = _row(given, scale, at, found)
        if row is not None and row.outcome in rows:
            found.add("CT201", f"outcome {row.outcome.value!r} stands twice", at)
        elif row is not None:
            rows[row.outcome] = row
    missing = [outcome.value for outcome in PolicyOutcome if outcome not in rows]
    if missing:
        found.add("CT302", f"a policy has no rows for {missing}; expected one for each", at)
    return RatingPolicy(id=table["id"], scale=scale, rows=rows, note=table.get("note"))


def _row(given: dict[str, Any], scale: Scale, at: Location, found: Problems) -> Row | None:
    before = len(found)
    if not check(given, _ROW_KEYS, "a row", at, found):
        return None
    if given["outcome"] not in set(PolicyOutcome):
        expected = [outcome.value for outcome in PolicyOutcome]
        found.add("CT103", f"outcome {given['outcome']!r} is not known; expected {expected}", at)
    for text in filter(None, [given.get("label"), *given.get("otherwise", ())]):
        try:
            scale.label(text)
        except UnknownLabelError as error:
            found.add("CT103", str(error).removeprefix("CT103 "), at)
    ways = [given.get("editor", False), "unrated" in given, "label" in given]
    if not any(ways) or ("unrated" in given and (ways[0] or ways[2])):
        message = "a row needs a label, editor = true, or a word for unrated alone"
        found.add("CT303", message, at)
    if len(found) > before:
        return None
    options: dict[str, Any] = {
        "otherwise": tuple(given.get("otherwise", ())),
        "outcome": PolicyOutcome(given["outcome"]),
    }
    return Row(**given | options)


@attrs.frozen(kw_only=True)
class Rating:
    """
    One claim on a scale.

    Args:
        verdict: What became of the claim.
        outcome: What the policy calls it.
        row: What the policy makes of it.
    """

    verdict: Verdict
    outcome: PolicyOutcome
    row: Row

    @property
    def loses(self) -> str | None:
        """What the label no longer says of this claim, with the number of days where it is that."""
        days = self.verdict.late_days
        if self.row.loses is None or days is None or self.verdict.status is not Status.LATE:
            return self.row.loses
        return f"{self.row.loses} ({days})"


def rate(audit: Audit, policy: RatingPolicy) -> Iterator[Rating]:
    """
    Put every claim in *audit* on the scale of *policy*, in the order of the registry.

    A claim of a kind that the scale is not for is not rated.
    """
    for verdict in audit:
        claim = audit.records.claims[verdict.claim]
        outcome = outcome_of(verdict.status, news=has_news(audit, claim))
        row = policy.rows[outcome]
        if not policy.scale.rates(claim.kind):
            kinds = " or ".join(policy.scale.for_kinds)
            reason = f"not rated: the scale is for {kinds}, not for {claim.kind}"
            row = Row(outcome=outcome, unrated=reason)
        yield Rating(verdict=verdict, outcome=outcome, row=row)


def has_news(audit: Audit, claim: Claim) -> bool:
    """
    Say whether anything usable speaks of the facts of *claim*, or of the claim itself.

    A rating by others is news where the criterion asks for it, unless it is a state that its scale
    does not score, such as "not yet rated" or "stalled".
    """
    scene = audit.usable(claim)
    asked = claim.criterion
    if scene.on_claim(claim.id) or asked is None:
        return bool(scene.on_claim(claim.id))
    return any(scene.on_fact(fact) for fact in facts_of(asked)) or any(
        _is_news(scale, str(item.value))
        for scale in scales_of(asked)
        for item in scene.on_scale(claim.id, scale)
    )


def _is_news(scale: str, label: str) -> bool:
    """Say whether a rating tells an outcome, which states such as "not yet rated" do not."""
    known = shipped_scale(scale)
    found = None if known is None else known.find(label)
    return found is None or found.scored
