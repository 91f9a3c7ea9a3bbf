"""
Rate the outcomes of claims on the scale of another organisation.

A policy is a TOML file that maps every outcome to a label of one scale, and says what is lost by
it. Where the scale leaves the rating to an editor, so does the policy, which may have a default.
The policies that are shipped are in the folder ``policies``; users' folders can add more.
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
    read,
    shipped,
    shipped_scale,
    user_files,
)
from claimtrack.model.verdict import Status, Verdict


class PolicyOutcome(StrEnum):
    """The outcomes that a policy maps: the statuses, with pending split in two."""

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
    Return the outcome for *status*.

    Args:
        status: Of the claim.
        news: Whether there is usable evidence on the claim's facts; it matters only while the
            claim is pending.
    """
    if status is Status.PENDING:
        return PolicyOutcome.PENDING_WITH_NEWS if news else PolicyOutcome.PENDING_NO_NEWS
    return PolicyOutcome(status.value)


@attrs.frozen(kw_only=True)
class Row:
    """
    The rating of one outcome.

    Args:
        outcome: The outcome.
        label: The label on the policy's scale, with *editor* only a default; or None.
        editor: Whether the scale leaves the rating to an editor.
        otherwise: Further labels that the owner of the scale might also give it.
        unrated: A word for why there is no label, such as ``open`` or ``dropped``, or None.
        loses: What the label does not say, or None.
    """

    outcome: PolicyOutcome
    label: str | None = None
    editor: bool = False
    otherwise: tuple[str, ...] = ()
    unrated: str | None = None
    loses: str | None = None

    @property
    def shown(self) -> str:
        """The label for a table, or words in place of one."""
        if self.editor:
            return "editor" if self.label is None else f"editor (default {self.label})"
        return self.label or f"({self.unrated})"


@attrs.frozen(kw_only=True)
class RatingPolicy:
    """
    A mapping of every outcome to one scale.

    Args:
        id: Its name in files and commands.
        scale: The scale of its labels.
        rows: A row for every `PolicyOutcome`.
        note: A note for readers.
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

    The folders ``scales`` of *folders* are read too, as a policy may be on a scale of its user.

    Raises:
        LoadError: A file is not a policy, or an id is taken; it names every problem.
    """
    roots = [Path(folder) for folder in folders]
    scales = load_scales(_folders_named("scales", roots))
    problems = Problems()
    policies: dict[str, RatingPolicy] = {}
    for file in [
        *shipped("claimtrack.score", "policies"),
        *user_files(_folders_named("policies", roots)),
    ]:
        at = Location(str(file), 1)
        policy = _policy(read(file, problems), scales, at, problems)
        if policy is not None and policy.id in policies:
            message = f"policy id {policy.id!r} is taken; expected ids to be unique"
            problems.add("CT201", message, at)
        elif policy is not None:
            policies[policy.id] = policy
    problems.raise_if_any()
    return policies


def _folders_named(name: str, roots: Iterable[Path]) -> list[Path]:
    return [root / name for root in roots if (root / name).is_dir()]


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
    table: dict[str, Any], scales: Mapping[str, Scale], at: Location, problems: Problems
) -> RatingPolicy | None:
    if not table or not check(table, _POLICY_KEYS, "a policy", at, problems):
        return None
    if table["scale"] not in scales:
        message = f"scale {table['scale']!r} is not known; expected one of {sorted(scales)}"
        problems.add("CT202", message, at)
        return None
    scale = scales[table["scale"]]
    rows: dict[PolicyOutcome, Row] = {}
    for given in table["row"]:
        row = _row(given, scale, at, problems)
        if row is not None and row.outcome in rows:
            problems.add("CT201", f"outcome {row.outcome.value!r} stands twice", at)
        elif row is not None:
            rows[row.outcome] = row
    missing = [outcome.value for outcome in PolicyOutcome if outcome not in rows]
    if missing:
        problems.add("CT302", f"a policy has no rows for {missing}; expected one for each", at)
    return RatingPolicy(id=table["id"], scale=scale, rows=rows, note=table.get("note"))


def _row(given: dict[str, Any], scale: Scale, at: Location, problems: Problems) -> Row | None:
    before = len(problems)
    if not check(given, _ROW_KEYS, "a row", at, problems):
        return None
    if given["outcome"] not in set(PolicyOutcome):
        expected = [outcome.value for outcome in PolicyOutcome]
        problems.add("CT103", f"outcome {given['outcome']!r} is not known; expected {expected}", at)
    for text in filter(None, [given.get("label"), *given.get("otherwise", ())]):
        try:
            scale.label(text)
        except UnknownLabelError as error:
            problems.add("CT103", str(error).removeprefix("CT103 "), at)
    is_rated = given.get("editor", False) or "label" in given
    if is_rated == ("unrated" in given):
        message = "a row needs a label, editor = true, or a word for unrated alone"
        problems.add("CT303", message, at)
    if len(problems) > before:
        return None
    options: dict[str, Any] = {
        "otherwise": tuple(given.get("otherwise", ())),
        "outcome": PolicyOutcome(given["outcome"]),
    }
    return Row(**given | options)


@attrs.frozen(kw_only=True)
class Rating:
    """
    The rating of one claim.

    Args:
        verdict: On the claim.
        outcome: The outcome for the verdict.
        row: The row of the policy for the outcome.
    """

    verdict: Verdict
    outcome: PolicyOutcome
    row: Row

    @property
    def loses(self) -> str | None:
        """What the label does not say of this claim, with the days of delay of a late one."""
        days = self.verdict.late_days
        if self.row.loses is None or days is None or self.verdict.status is not Status.LATE:
            return self.row.loses
        return f"{self.row.loses} ({days})"


def rate(audit: Audit, policy: RatingPolicy) -> Iterator[Rating]:
    """
    Rate every claim in *audit* by *policy*, in the order of the registry.

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
    Whether there is usable evidence on the facts of *claim*, or on the claim itself.

    A rating by others counts if the criterion names its scale, unless it is a state that its scale
    does not score, such as "not yet rated" or "stalled".
    """
    usable = audit.usable(claim)
    criterion = claim.criterion
    if usable.on_claim(claim.id) or criterion is None:
        return bool(usable.on_claim(claim.id))
    return any(usable.on_fact(fact) for fact in facts_of(criterion)) or any(
        _is_news(scale, str(item.value))
        for scale in scales_of(criterion)
        for item in usable.on_scale(claim.id, scale)
    )


def _is_news(scale: str, label: str) -> bool:
    """Whether a rating states an outcome, which "not yet rated" does not."""
    known_scale = shipped_scale(scale)
    known_label = None if known_scale is None else known_scale.find(label)
    return known_label is None or known_label.scored
