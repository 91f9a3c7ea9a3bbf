"""
Rate the outcomes of claims on the scale of another organisation.

A policy is a TOML file that maps every outcome to a label of one scale, and says what is lost by
it. Where the scale leaves the rating to an editor, so does the policy, which may have a default.
The policies that are shipped are in the folder ``policies``; users' folders can add more.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import attrs

from claimtrack.engine.audit import Audit
from claimtrack.errors import Location, Problems
from claimtrack.model.claim import Claim
from claimtrack.model.criterion import Assessed, facts_of, leaves_of, scales_of
from claimtrack.model.scales import (
    Keys,
    Label,
    OwnScales,
    RatingSides,
    Says,
    Scale,
    UnknownLabelError,
    UnknownScaleError,
    check,
    known_scale,
    load_scales,
    read,
    shipped,
    user_files,
)
from claimtrack.model.verdict import Status, Verdict, lateness_text


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


def load_policies(
    folders: Iterable[Path] = (), own: OwnScales = MappingProxyType({})
) -> Mapping[str, RatingPolicy]:
    """
    Read the policies that are shipped, and those in the folders ``policies`` of *folders*, by id.

    The folders ``scales`` of *folders* are read too, as a policy may be on a scale of its user.

    Args:
        folders: Folders with further scales and policies.
        own: The scales of a registry, on which a policy may be too.

    Raises:
        LoadError: A file is not a policy, or an id is taken; it names every problem.
    """
    roots = [Path(folder) for folder in folders]
    scales = {**load_scales(_folders_named("scales", roots)), **own}
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


def policy_of(
    id: str,  # noqa: A002
    folders: Iterable[Path] = (),
    own: OwnScales = MappingProxyType({}),
) -> RatingPolicy:
    """
    Return the policy *id*; for a scale without one, what its labels say makes a policy.

    Args:
        id: Of a policy or a scale.
        folders: Folders with further scales and policies.
        own: The scales of a registry.

    Raises:
        UnknownScaleError: There is neither a policy nor a scale of that id whose labels say
            anything of a claim.
        LoadError: A file in *folders* is not a policy or a scale.

    Example:
        >>> policy_of("polimeter").rows[PolicyOutcome.LATE].label
        'kept in part / in the works'
        >>> policy_of("snopes").rows[PolicyOutcome.PARTLY].label
        'Mixture'
    """
    roots = [Path(folder) for folder in folders]
    policies = load_policies(roots, own)
    if id in policies:
        return policies[id]
    scales = {**load_scales(_folders_named("scales", roots)), **own}
    if id in scales and scales[id].says_anything:
        return _policy_of_scale(scales[id])
    known = {*policies, *(scale.id for scale in scales.values() if scale.says_anything)}
    raise UnknownScaleError("policy", id, tuple(sorted(known)))


def scale_named(id: str, folders: Iterable[Path], own: OwnScales) -> Scale:  # noqa: A002
    """
    Return the scale *id*.

    Args:
        id: Of the scale.
        folders: Folders with further scales, in their folders ``scales``.
        own: The scales of a registry.

    Raises:
        UnknownScaleError: There is none of that id.
        LoadError: A file in *folders* is not a scale.
    """
    scales = {**load_scales(_folders_named("scales", list(folders))), **own}
    if id not in scales:
        raise UnknownScaleError("scale", id, tuple(sorted(scales)))
    return scales[id]


_NO_LABEL: Final = {
    PolicyOutcome.PENDING_WITH_NEWS: "open",
    PolicyOutcome.PENDING_NO_NEWS: "open",
    PolicyOutcome.OVERDUE: "open",
    PolicyOutcome.NOT_ENOUGH_EVIDENCE: "open",
    PolicyOutcome.NOT_CHECKABLE: "not rated",
    PolicyOutcome.ANNULLED: "dropped",
}
"""The outcomes of which no label of a scale says anything, with a word for why."""


def _policy_of_scale(scale: Scale) -> RatingPolicy:
    """Return the policy that follows from what the labels of *scale* say; editors do the rest."""
    rows = [
        *(Row(outcome=outcome, unrated=why) for outcome, why in _NO_LABEL.items()),
        _row_of(PolicyOutcome.HELD, scale.saying(Says.SUPPORTS)),
        _row_of(PolicyOutcome.PARTLY, scale.saying(Says.PARTLY), loses="which part"),
        _row_of(PolicyOutcome.FAILED, scale.saying(Says.REFUTES)),
        Row(outcome=PolicyOutcome.LATE, editor=True, loses="the days by which it was late"),
        Row(outcome=PolicyOutcome.CONFLICTING, editor=True),
    ]
    by_outcome = {row.outcome: row for row in rows}
    return RatingPolicy(
        id=scale.id,
        scale=scale,
        rows={outcome: by_outcome[outcome] for outcome in PolicyOutcome},
        note="No policy is written for this scale: it follows from what its labels say.",
    )


def _row_of(outcome: PolicyOutcome, labels: tuple[str, ...], loses: str | None = None) -> Row:
    if len(labels) == 1:
        return Row(outcome=outcome, label=labels[0], loses=loses)
    return Row(outcome=outcome, editor=True, otherwise=labels, loses=loses)


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
        most, least = self.verdict.late_days, self.verdict.late_days_min
        if self.row.loses is None or most is None or least is None:
            return self.row.loses
        return f"{self.row.loses} ({lateness_text(most, least)})"


def rate(audit: Audit, policy: RatingPolicy) -> Iterator[Rating]:
    """
    Rate every claim in *audit* by *policy*, in the order of the registry.

    A claim that rests on ratings on the scale of the policy keeps the label that was published. A
    claim of a kind that the scale is not for is not rated.
    """
    for verdict in audit:
        claim = audit.records.claims[verdict.claim]
        outcome = outcome_of(verdict.status, news=has_news(audit, claim))
        row = policy.rows[outcome]
        published = published_label(audit, verdict, policy.scale)
        if published is not None:
            row = Row(outcome=outcome, label=published)
        elif not policy.scale.rates(claim.kind):
            kinds = " or ".join(policy.scale.for_kinds)
            reason = f"not rated: the scale is for {kinds}, not for {claim.kind}"
            row = Row(outcome=outcome, unrated=reason)
        yield Rating(verdict=verdict, outcome=outcome, row=row)


_SAID_BY: Final = {
    Status.HELD: Says.SUPPORTS,
    Status.PARTLY: Says.PARTLY,
    Status.FAILED: Says.REFUTES,
    **dict.fromkeys((Status.PENDING, Status.OVERDUE, Status.NOT_ENOUGH_EVIDENCE), Says.OPEN),
}
"""What the label says that others published, by the status that follows from it."""


def published_label(audit: Audit, verdict: Verdict, scale: Scale) -> str | None:
    """
    Return the label of the latest rating on *scale* that says what *verdict* does.

    It is None if the claim does not rest on ratings on that scale, or no such rating is usable.
    An open claim may ask for them anywhere in its criterion; a decided one has to ask for nothing
    else.
    """
    claim = audit.records.claims[verdict.claim]
    says = _SAID_BY.get(verdict.status)
    criterion = claim.criterion
    if says is None or criterion is None or verdict.claim in audit.answers:
        return None
    if says is not Says.OPEN and not isinstance(criterion, Assessed):
        return None
    found = []
    for leaf in leaves_of(criterion):
        if isinstance(leaf, Assessed) and scale.id in leaf.scales:
            sides = RatingSides(leaf, audit.records.scales.by_id)
            found += [
                item
                for item in audit.usable(claim).on_scale(claim.id, scale.id)
                if sides.says(scale.id, str(item.value)) is says
            ]
    if not found:
        return None
    latest = max(found, key=lambda item: (item.known_from, item.id))
    return scale.label(str(latest.value)).name


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
        _is_news(known_scale(scale, audit.records.scales.by_id), str(item.value))
        for scale in scales_of(criterion)
        for item in usable.on_scale(claim.id, scale)
    )


def _is_news(scale: Scale | None, label: str) -> bool:
    """Whether a rating states an outcome, which "not yet rated" does not."""
    known_label = None if scale is None else scale.find(label)
    return known_label is None or known_label.scored


@attrs.frozen(kw_only=True)
class Mapped:
    """
    A label of one scale, and what becomes of it on another.

    Args:
        label: The label.
        becomes: The label on the other scale; None if there is none, or an editor has to choose.
        otherwise: The labels to choose from.
        loses: What is lost by it, or None.
    """

    label: Label
    becomes: str | None = None
    otherwise: tuple[str, ...] = ()
    loses: str | None = None


def mapped_labels(source: Scale, target: Scale) -> tuple[Mapped, ...]:
    """
    Map each label of *source* to *target*, and say what is lost.

    The same label, by any of its names, stays. Any other becomes the one that says the same of a
    claim; where several do, an editor chooses, and a state such as "stalled" is never guessed.

    Example:
        >>> from claimtrack.model.scales import load_scales
        >>> scales = load_scales()
        >>> found = mapped_labels(scales["trumptracker"], scales["averitec"])
        >>> [(one.label.name, one.becomes) for one in found][:2]
        [('Achieved', 'Supported'), ('Compromised', None)]
    """
    found = tuple(_mapped(label, target) for label in source.labels)
    becoming: dict[str, list[str]] = {}
    for one in found:
        if one.becomes is not None:
            becoming.setdefault(one.becomes, []).append(one.label.name)
    return tuple(
        one if one.becomes is None else _with_collapse(one, becoming[one.becomes]) for one in found
    )


def _mapped(label: Label, target: Scale) -> Mapped:
    names = (label.name, *label.also)
    same = next((one for name in names if (one := target.find(name)) is not None), None)
    if same is not None and same.says is label.says:
        return Mapped(label=label, becomes=same.name)
    if label.says is Says.OPEN:
        states = tuple(one.name for one in target.labels if one.says is Says.OPEN)
        return Mapped(label=label, otherwise=states, loses=f"what {label.name!r} says of the state")
    alike = target.saying(label.says)
    if len(alike) == 1:
        return Mapped(label=label, becomes=alike[0])
    if alike:
        return Mapped(label=label, otherwise=alike, loses=None)
    return Mapped(label=label, loses=f"{_SAID[label.says]}, for which the scale has no label")


_SAID: Final[Mapping[Says, str]] = {
    Says.SUPPORTS: "that it holds",
    Says.PARTLY: "that it holds in part",
    Says.REFUTES: "that it does not hold",
}


def _with_collapse(one: Mapped, names: list[str]) -> Mapped:
    others = [name for name in names if name != one.label.name]
    if not others:
        return one
    return attrs.evolve(one, loses=f"the difference from {' and '.join(map(repr, others))}")
