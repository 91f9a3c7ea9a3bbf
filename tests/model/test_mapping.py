"""Which labels say that a claim holds, against the scales that are shipped."""

import pytest

from claimtrack import FieldError, assessed
from claimtrack.model.scales import MAPPINGS, load_scales

SCALES = load_scales()
SPEAKS_OF_TRUTH = {"truth", "promise", "progress", "outcome"}


@pytest.mark.parametrize("scale", MAPPINGS)
def test_every_label_of_a_mapping_is_a_scored_label_of_its_scale(scale):
    labels = [SCALES[scale].label(text) for side in MAPPINGS[scale] for text in side]

    assert all(label.scored for label in labels)


@pytest.mark.parametrize("scale", MAPPINGS)
def test_a_mapping_calls_labels_by_their_name_and_leaves_other_names_to_the_scale(scale):
    for side in MAPPINGS[scale]:
        assert [SCALES[scale].label(text).name for text in side] == list(side)


@pytest.mark.parametrize("scale", MAPPINGS)
def test_what_supports_stands_above_what_refutes(scale):
    order = SCALES[scale].order
    supports, refutes = (
        {order.index(SCALES[scale].label(text).name) for text in side} for side in MAPPINGS[scale]
    )

    assert min(supports) == 0
    assert max(supports) < min(refutes, default=len(order))
    assert not refutes or max(refutes) == len(order) - 1


def test_every_scale_that_says_whether_a_claim_holds_has_a_mapping():
    wanted = {scale.id for scale in SCALES.values() if scale.measures in SPEAKS_OF_TRUTH}

    assert set(MAPPINGS) == wanted


@pytest.mark.parametrize("scale", MAPPINGS)
def test_a_criterion_without_labels_takes_those_of_its_scale(scale):
    leaf = assessed(scale, min_sources=2)

    assert (leaf.scale, leaf.supports, leaf.refutes) == (scale, *MAPPINGS[scale])
    assert leaf.min_sources == 2


def test_labels_of_ones_own_take_the_place_of_the_whole_mapping():
    leaf = assessed("truth-o-meter", refutes=["Pants on Fire"])

    assert (leaf.supports, leaf.refutes) == ((), ("Pants on Fire",))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"scale": "hedge-kent"},
            (
                "CT304 assessed 'hedge-kent' has no mapping of its own; "
                "expected 'supports' or 'refutes' beside it"
            ),
        ),
        (
            {"scale": "snope"},
            (
                "CT304 assessed 'snope' has no mapping of its own; "
                "expected 'supports' or 'refutes' beside it\n    hint: did you mean 'snopes'?"
            ),
        ),
        (
            {"scale": 1},
            "CT101 assessed 1 has the wrong type; expected an id, which is a text",
        ),
        (
            {"scale": "snopes", "supports": []},
            "CT304 names no label; expected at least one under 'supports' or 'refutes'",
        ),
        (
            {"scale": "x", "supports": ["True"], "refutes": ["False", "TRUE"]},
            "CT304 refutes[1] 'TRUE' stands in 'supports' too; expected it on one side only",
        ),
        (
            {"scale": "x", "supports": ["True", "True"]},
            "CT201 supports[1] 'True' stands twice in the list",
        ),
        (
            {"scale": "x", "supports": "True"},
            "CT101 supports 'True' has the wrong type; expected a list of texts",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused(arguments, message):
    with pytest.raises(FieldError) as caught:
        assessed(**arguments)

    assert str(caught.value) == message
