"""What the labels of scales say of a claim, and what a criterion may ask of them."""

import pytest

from claimtrack import FieldError, LoadError, assessed, loads
from claimtrack.model.scales import Says, load_scales

SCALES = load_scales()
SPEAKS_OF_TRUTH = {"truth", "promise", "progress", "outcome"}
MAPPED = {id_: scale for id_, scale in SCALES.items() if scale.says_anything}


@pytest.mark.parametrize("scale", MAPPED.values(), ids=MAPPED)
def test_every_label_that_says_anything_is_a_scored_one(scale):
    assert all(label.scored for label in scale.labels if label.says is not Says.OPEN)


@pytest.mark.parametrize("scale", MAPPED.values(), ids=MAPPED)
def test_what_supports_stands_above_what_is_partly_and_that_above_what_refutes(scale):
    sides = (scale.saying(says) for says in (Says.SUPPORTS, Says.PARTLY, Says.REFUTES))
    supports, partly, refutes = ([*map(scale.order.index, side)] for side in sides)

    assert min(supports) == 0
    assert max(supports) < min((*partly, *refutes), default=len(scale.order))
    assert max(partly, default=-1) < min(refutes, default=len(scale.order))
    assert not refutes or max(refutes) == len(scale.order) - 1


def test_every_scale_that_says_whether_a_claim_holds_has_a_mapping():
    assert set(MAPPED) == {one.id for one in SCALES.values() if one.measures in SPEAKS_OF_TRUTH}


@pytest.mark.parametrize(
    ("scale", "label"),
    [
        ("politifact-promises", "Compromise"),
        ("truth-o-meter", "Half-True"),
        ("polimeter", "Kept in part"),
        ("hdo", "partially kept"),
        ("trumptracker", "compromise"),
        ("washington-post", "Two Pinocchios"),
    ],
)
def test_the_middle_of_a_scale_says_partly(scale, label):
    assert SCALES[scale].label(label).says is Says.PARTLY


@pytest.mark.parametrize(
    ("scale", "label"),
    [
        ("politifact-promises", "Stalled"),
        ("politifact-promises", "In the Works"),
        ("trumptracker", "Not-started"),
        ("averitec", "Conflicting"),
        ("hedge-kent", "probable"),
    ],
)
def test_states_of_progress_and_words_of_likelihood_say_nothing(scale, label):
    assert SCALES[scale].label(label).says is Says.OPEN


def test_labels_of_ones_own_take_the_place_of_the_whole_mapping():
    leaf = assessed("truth-o-meter", refutes=["Pants on Fire"])

    assert (leaf.supports, leaf.partly, leaf.refutes) == ((), (), ("Pants on Fire",))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"scale": 1},
            "CT101 assessed 1 has the wrong type; expected the id of a scale, or a list",
        ),
        ({"scale": []}, "CT304 assessed [] is empty; expected at least one scale"),
        (
            {"scale": ["fever", "fever"]},
            "CT201 assessed[1] 'fever' stands twice in the list",
        ),
        (
            {"scale": "snopes", "supports": []},
            ("CT304 names no label; expected at least one under 'supports', 'partly' or 'refutes'"),
        ),
        (
            {"scale": ["snopes", "fever"], "partly": ["Mixture"]},
            (
                "CT304 partly does not go with several scales; "
                "expected each to say itself what labels say"
            ),
        ),
        (
            {"scale": "x", "supports": ["True"], "refutes": ["False", "TRUE"]},
            "CT304 refutes[1] 'TRUE' stands in 'supports' too; expected it on one side only",
        ),
        (
            {"scale": "x", "partly": ["Half True"], "supports": ["half-true!"]},
            "CT304 partly[0] 'Half True' stands in 'supports' too; expected it on one side only",
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


REGISTRY = """
[[speaker]]
id = "ada"
[[source]]
id = "post"
published = 2020-01-01
[[scale]]
id = "house"
[[scale.label]]
name = "so"
says = "supports"
[[scale.label]]
name = "so-so"
also = ["Middling"]
says = "partly"
[[scale.label]]
name = "wait"
[[scale]]
id = "mute"
label = [{ name = "one" }]
[[claim]]
id = "c"
speaker = "ada"
said = 2019-01-01
source = "post"
quote = "So it is."
"""


def told(*lines):
    with pytest.raises(LoadError) as caught:
        loads(REGISTRY + "\n".join(lines))
    return [line[max(line.find("CT"), 0) :] for line in str(caught.value).splitlines()]


@pytest.mark.parametrize(
    ("criterion", "lines"),
    [
        (
            '{ assessed = "hous" }',
            [
                (
                    "CT202 claim 'c' criterion.assessed 'hous' is not defined in "
                    "any loaded file; expected the id of a scale that is shipped, or of a [[scale]]"
                ),
                "    hint: did you mean 'house'?",
            ],
        ),
        (
            '{ all = [{ assessed = ["house", "snope"] }] }',
            [
                (
                    "CT202 claim 'c' criterion.all[0].assessed[1] 'snope' is not "
                    "defined in any loaded file; expected the id of a scale that is shipped, or "
                    "of a [[scale]]"
                ),
                "    hint: did you mean 'snopes'?",
            ],
        ),
        (
            '{ assessed = "hedge-kent" }',
            [
                (
                    "CT304 claim 'c' criterion.assessed 'hedge-kent' does not say "
                    "what its labels say of a claim; expected 'supports', 'partly' or 'refutes' "
                    "beside it"
                )
            ],
        ),
        (
            '{ assessed = ["house", "mute"] }',
            [
                (
                    "CT304 claim 'c' criterion.assessed[1] 'mute' does not say "
                    "what its labels say of a claim; expected 'supports', 'partly' or 'refutes' "
                    "beside it"
                )
            ],
        ),
        (
            '{ assessed = "house", supports = ["midling"] }',
            [
                (
                    "CT103 claim 'c' criterion.supports[0] 'midling' is not a "
                    "label of the scale 'house'; expected one of so, so-so, wait"
                ),
                "    hint: did you mean 'so-so'?",
            ],
        ),
        (
            '{ assessed = "house", supports = ["so-so"], refutes = ["middling!"] }',
            [
                (
                    "CT304 claim 'c' criterion.refutes[0] 'middling!' stands in "
                    "'supports' too; expected it on one side only"
                )
            ],
        ),
    ],
    ids=str,
)
def test_what_does_not_go_with_the_scales_is_refused_at_load(criterion, lines):
    assert told(f"criterion = {criterion}") == lines


def test_a_scale_may_not_have_the_id_of_a_shipped_one():
    lines = told('not_checkable = "x"', "[[scale]]", 'id = "fever"', 'label = [{ name = "so" }]')

    assert lines == [
        "CT330 scale 'fever' id 'fever' is the id of a scale that is shipped; expected another id"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("label = []", "CT302 scale 'x' label [] has no labels; expected at least one"),
        (
            'label = [{ name = "So-so" }, { name = "y", also = ["so so!"] }]',
            "CT201 scale 'x' label[1] 'so so!' stands twice; expected each name of a label once",
        ),
        (
            'label = [{ name = "so", says = "support" }]',
            (
                "CT103 scale 'x' label[0].says 'support' is not known; "
                "expected one of supports, partly, refutes, open"
            ),
        ),
        (
            'label = [{ gloss = "so" }]',
            "CT302 scale 'x' label[0] the key 'name' is missing",
        ),
        (
            'label = [{ name = "so", value = "1" }]',
            "CT101 scale 'x' label[0].value '1' has the wrong type; expected a number",
        ),
        (
            'label = [{ name = "so", range = [1] }]',
            "CT101 scale 'x' label[0].range [1] has the wrong type; expected a list of two numbers",
        ),
        (
            'label = [{ name = "so" }]\nmeasures = "luck"',
            (
                "CT103 scale 'x' measures 'luck' is not known; expected one of ('consistency', "
                "'likelihood', 'outcome', 'progress', 'promise', 'truth')"
            ),
        ),
    ],
    ids=str,
)
def test_a_scale_that_is_wrong_is_refused_at_load(text, message):
    lines = told('not_checkable = "x"', "[[scale]]", 'id = "x"', text)

    assert message in lines[0]


@pytest.mark.parametrize("form", ["nothing", "open"])
def test_a_label_that_says_nothing_is_open(form):
    says = "" if form == "nothing" else ', says = "open"'
    text = f'[[scale]]\nid = "x"\nlabel = [{{ name = "so"{says} }}]\n'

    assert loads(text).scales["x"].labels[0].says is Says.OPEN
