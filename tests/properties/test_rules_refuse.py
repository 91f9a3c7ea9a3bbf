"""What the rules call an error at load is refused, and its nearest neighbour is not."""

from typing import Any

import pytest

import claimtrack
from tests.oracle.known import Registry
from tests.oracle.small_world import item, registry
from tests.oracle.toml_writer import to_toml

BY_MAY = {"event": "gas", "by": "2019-05"}
REACHES = {"quantity": "pipe", "at_least": 3, "by": "2019-05"}


def said(**keys: Any) -> Registry:
    """Return a registry of one claim with those keys."""
    return registry(BY_MAY, **keys)


def seen(**keys: Any) -> Registry:
    """Return a registry with one item of evidence, published on 1 March 2019."""
    return registry(BY_MAY, item("gas", **keys))


CASES = {
    "an event leaf without a window": ("CT304", registry({"event": "gas"}), registry(BY_MAY)),
    "a reaches leaf without a window": (
        "CT304",
        registry({"quantity": "pipe", "at_least": 3}),
        registry(REACHES),
    ),
    "reaches has no after": (
        "CT304",
        registry({"quantity": "pipe", "at_least": 3, "after": "2019"}),
        registry({"quantity": "pipe", "at_least": 3, "during": "2019"}),
    ),
    "nothing is before no beginning": (
        "CT308",
        registry({"event": "gas", "before": "../2019"}),
        registry({"event": "gas", "by": "../2019"}),
    ),
    "nothing is after no end": (
        "CT308",
        registry({"event": "gas", "after": "2019/.."}),
        registry({"event": "gas", "by": "2019/.."}),
    ),
    "k below 1": (
        "CT104",
        registry({"at_least": 0, "of": [BY_MAY]}),
        registry({"at_least": 1, "of": [BY_MAY]}),
    ),
    "k above n": (
        "CT304",
        registry({"at_least": 3, "of": [BY_MAY, REACHES]}),
        registry({"at_least": 2, "of": [BY_MAY, REACHES]}),
    ),
    "an empty list of all": ("CT304", registry({"all": []}), registry({"all": [BY_MAY]})),
    "an empty list of any": ("CT304", registry({"any": []}), registry({"any": [BY_MAY]})),
    "an empty list of parts": ("CT304", registry({"parts": []}), registry({"parts": [BY_MAY]})),
    "parts inside a criterion": (
        "CT304",
        registry({"not": {"parts": [BY_MAY]}}),
        registry({"parts": [{"not": BY_MAY}]}),
    ),
    "parts as a condition": (
        "CT304",
        said(condition={"parts": [BY_MAY]}),
        said(reading=[{"name": "in parts", "criterion": {"parts": [BY_MAY]}}]),
    ),
    "a saying without an end": ("CT308", said(said="2019/.."), said(said="2019/2019-02")),
    "a due without an end": ("CT308", said(due="2019/.."), said(due="../2019")),
    "neither a criterion nor a reason": (
        "CT303",
        registry(None),
        registry(None, not_checkable="opinion"),
    ),
    "a criterion and a reason": ("CT303", said(not_checkable="opinion"), said()),
    "happened after its report": (
        "CT307",
        seen(happened="2019-03-02"),
        seen(happened="2019-03-01"),
    ),
    "may have happened by its report": (
        "CT307",
        seen(happened="2019-03-02/.."),
        seen(happened="2019-03-01/.."),
    ),
    "the report is of a month": (
        "CT307",
        seen(happened="2019-04-01", published="2019-03"),
        seen(happened="2019-03-31", published="2019-03"),
    ),
    "the source says when it was published": (
        "CT307",
        registry(BY_MAY, {"fact": "gas", "source": "dated", "happened": "2019-05-02"}),
        registry(BY_MAY, {"fact": "gas", "source": "dated", "happened": "2019-05-01"}),
    ),
    "a figure of a time to come": (
        "CT307",
        registry(BY_MAY, item("pipe", when="2019-03-02", value=1)),
        registry(BY_MAY, item("pipe", when="2019-03-01/2020", value=1)),
    ),
    "silence beyond the report": (
        "CT307",
        seen(not_happened="2019-01/2019-03-02"),
        seen(not_happened="../2019-03-01"),
    ),
    "silence without an end": (
        "CT307",
        seen(not_happened="2019-01/.."),
        seen(not_happened="2019-01/..", published="2019/.."),
    ),
    "a unit that the fact has not": (
        "CT306",
        registry(REACHES | {"unit": "km"}),
        registry(REACHES),
    ),
}


@pytest.mark.parametrize(
    ("code", "refused", "neighbour"), [pytest.param(*case, id=name) for name, case in CASES.items()]
)
def test_it_is_refused_and_its_neighbour_is_not(
    code: str, refused: Registry, neighbour: Registry
) -> None:
    claimtrack.loads(to_toml(neighbour))

    with pytest.raises(claimtrack.LoadError) as caught:
        claimtrack.loads(to_toml(refused))

    assert [problem.code for problem in caught.value.problems] == [code]
