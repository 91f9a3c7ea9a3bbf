"""Other people's scales, and the policies that put an outcome on them."""

import pytest

from claimtrack import Assessment, Claim, ClaimKind, Registry, Source, Speaker, assessed
from claimtrack.errors import LoadError
from claimtrack.model.scales import (
    CLAIM_KINDS,
    UnknownLabelError,
    UnknownScaleError,
    load_scales,
    scale_of,
    shipped_scale,
)
from claimtrack.model.verdict import Status
from claimtrack.score.rating import (
    PolicyOutcome,
    has_news,
    load_policies,
    outcome_of,
    policy_of,
    rate,
)
from tests.engine.test_assessed import rating as published_rating
from tests.engine.test_assessed import world
from tests.score.worlds import World, claim

SCALES = load_scales()
POLICIES = load_policies()

EIGHTEEN = [
    "truth-o-meter", "politifact-promises", "flip-o-meter", "polimeter", "trumptracker", "hdo",
    "wevis", "snopes", "washington-post", "claimskg", "co-inform", "averitec", "fever",
    "metaculus", "manifold", "fatebook", "meedan", "hedge-kent",
]  # fmt: skip


def test_the_eighteen_scales_and_two_further_tables_of_hedge_words_are_shipped():
    assert sorted(SCALES) == sorted([*EIGHTEEN, "hedge-icd-203", "hedge-ipcc"])


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_every_label_says_what_it_means_and_every_scale_where_it_is_from(scale):
    assert all(label.gloss for label in scale.labels)
    assert scale.source
    assert len(scale.order) >= 2


@pytest.mark.parametrize(
    ("scale", "order"),
    [
        (
            "truth-o-meter",
            ("True", "Mostly True", "Half True", "Mostly False", "False", "Pants on Fire"),
        ),
        ("politifact-promises", ("Promise Kept", "Compromise", "Promise Broken")),
        ("flip-o-meter", ("No Flip", "Half Flip", "Full Flop")),
        ("co-inform", ("credible", "mostly credible", "uncertain", "not credible")),
        ("metaculus", ("yes", "no")),
        ("claimskg", ("TRUE", "MIXTURE", "FALSE")),
    ],
)
def test_labels_stand_from_best_to_worst_without_those_that_are_not_scored(scale, order):
    assert SCALES[scale].order == order


@pytest.mark.parametrize(
    ("scale", "written", "name"),
    [
        ("truth-o-meter", "pants-fire", "Pants on Fire"),
        ("truth-o-meter", "Barely True", "Mostly False"),
        ("truth-o-meter", "half true", "Half True"),
        ("averitec", "Conflicting", "Conflicting Evidence/Cherrypicking"),
        ("metaculus", "annulled", "annulled"),
    ],
)
def test_a_label_is_found_by_any_of_its_spellings(scale, written, name):
    assert SCALES[scale].label(written).name == name


def test_a_rating_out_of_scale_is_refused():
    with pytest.raises(UnknownLabelError) as caught:
        SCALES["fever"].label("Pants on Fire")

    assert str(caught.value) == (
        "CT103 rating 'Pants on Fire' is not on the scale 'fever'; "
        "expected SUPPORTS, REFUTES, NOT ENOUGH INFO"
    )


@pytest.mark.parametrize(
    ("find", "text"),
    [
        (lambda: scale_of("polimetr"), "scale 'polimetr' is not known; did you mean 'polimeter'"),
        (lambda: policy_of("fevr"), "policy 'fevr' is not known; did you mean 'fever'"),
    ],
    ids=["scale", "policy"],
)
def test_an_unknown_name_gets_a_hint(find, text):
    with pytest.raises(UnknownScaleError) as caught:
        find()

    assert str(caught.value) == f"CT103 {text}?"


def test_hedge_words_differ_from_table_to_table():
    kent, icd = SCALES["hedge-kent"].label("probable"), SCALES["hedge-icd-203"].label("probable")

    assert (kent.value, kent.range) == (0.75, (0.63, 0.87))
    assert icd.range == (0.55, 0.8)


# The table of outcomes by scale that the policies are specified by, row by row.
COLUMNS = ("politifact-promises", "polimeter", "trumptracker", "hdo", "metaculus", "averitec")
TABLE = (
    ("held", "Promise Kept", "kept", "Achieved", "kept", "yes", "Supported"),
    ("late", "editor (default Compromise)", "kept in part", "Compromised", "partially-kept",
     "no", "Refuted"),
    ("partly", "Compromise", "kept in part", "Compromised", "partially-kept", "no",
     "Conflicting"),
    ("failed", "Promise Broken", "broken", "Broken", "broken", "no", "Refuted"),
    ("pending-with-news", "In the Works", "in the works", "In progress", "not-yet", "(open)",
     "Not Enough Evidence"),
    ("pending-no-news", "Not Yet Rated", "not yet rated", "Not started", "not-yet", "(open)",
     "Not Enough Evidence"),
    ("conflicting", "editor", "editor", "editor", "editor", "ambiguous", "Conflicting"),
    ("annulled", "editor", "(dropped)", "(dropped)", "uncheckable", "annulled", "(void)"),
)  # fmt: skip
CELLS = tuple(
    pytest.param(policy, row[0], cell, id=f"{row[0]} on {policy}")
    for row in TABLE
    for policy, cell in zip(COLUMNS, row[1:], strict=True)
)


class TestPolicies:
    """One core outcome on many scales."""

    @pytest.mark.parametrize(("policy", "outcome", "cell"), CELLS)
    def test_an_outcome_gets_the_label_of_the_table(self, policy, outcome, cell):
        found = POLICIES[policy]
        expected = cell if cell.startswith(("editor", "(")) else found.scale.label(cell).name

        assert found.rows[PolicyOutcome(outcome)].shown == expected

    @pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
    def test_a_policy_has_a_row_for_every_outcome(self, policy):
        assert set(policy.rows) == set(PolicyOutcome)

    @pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
    @pytest.mark.parametrize("outcome", [PolicyOutcome.LATE, PolicyOutcome.PARTLY])
    def test_what_is_lost_is_said_wherever_days_or_parts_are(self, policy, outcome):
        assert policy.rows[outcome].loses

    def test_one_late_claim_reads_differently_on_four_scales(self):
        labels = [POLICIES[name].rows[PolicyOutcome.LATE].label for name in COLUMNS[1:5]]

        assert labels == ["kept in part / in the works", "Compromised", "partially-kept", "no"]

    @pytest.mark.parametrize("status", Status)
    @pytest.mark.parametrize("news", [False, True])
    def test_every_status_has_an_outcome(self, status, news):
        outcome = outcome_of(status, news=news)

        assert outcome.value.startswith(status.value)


SCALE = """
id = "mine"
title = "My scale"
measures = "truth"
source = "our style book"
[[label]]
name = "so"
gloss = "It is so."
[[label]]
name = "not so"
gloss = "It is not so."
"""
POLICY = 'id = "mine"\nscale = "mine"\n' + "".join(
    f'[[row]]\noutcome = "{outcome}"\nlabel = "so"\n' for outcome in PolicyOutcome
)


@pytest.fixture
def home(tmp_path):
    for name, text in (("scales", SCALE), ("policies", POLICY)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_user_adds_a_scale_and_a_policy_with_two_files(home):
    policy = policy_of("mine", [home])

    assert policy.scale.title == "My scale"
    assert policy.rows[PolicyOutcome.HELD].shown == "so"


@pytest.mark.parametrize(
    ("where", "old", "new", "text"),
    [
        pytest.param(
            "scales",
            '"mine"',
            '"fever"',
            "CT201 scale id 'fever' is taken; expected ids to be unique",
            id="taken",
        ),
        pytest.param(
            "scales",
            'title = "My scale"\n',
            "",
            "CT302 a scale has no 'title'; expected a text",
            id="no title",
        ),
        pytest.param(
            "scales",
            '"not so"',
            '"so"',
            "CT201 label[1] 'so' stands twice; expected each name of a label once",
            id="twice",
        ),
        pytest.param(
            "scales",
            "gloss",
            "glos",
            "CT301 a label has an unknown key 'glos'; "
            "expected ['also', 'gloss', 'name', 'range', 'says', 'scored', 'value']",
            id="unknown key",
        ),
        pytest.param(
            "policies",
            '"so"',
            '"true"',
            "CT103 rating 'true' is not on the scale 'mine'; expected so, not so",
            id="no label",
        ),
        pytest.param(
            "policies",
            '"held"',
            '"kept"',
            f"CT103 outcome 'kept' is not known; expected {[o.value for o in PolicyOutcome]}",
            id="no outcome",
        ),
        pytest.param(
            "policies",
            '"late"\nlabel = "so"',
            '"late"',
            "CT303 a row needs a label, editor = true, or a word for unrated alone",
            id="empty",
        ),
        pytest.param(
            "policies",
            'scale = "mine"',
            "scale = 3",
            "CT101 a policy has scale = 3; expected a text",
            id="type",
        ),
    ],
)
def test_a_file_that_is_wrong_is_named_with_what_is_wrong(home, where, old, new, text):
    file = home / where / "mine.toml"
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(LoadError) as caught:
        load_policies([home])

    assert f"{file}:1:1: {text}" in str(caught.value).splitlines()


def test_a_file_that_is_not_toml_is_named(home):
    file = home / "scales" / "mine.toml"
    file.write_text("id =", encoding="utf-8")

    with pytest.raises(LoadError) as caught:
        load_scales([home / "scales"])

    assert str(caught.value).startswith(f"{file}:1:1: CT002 the file is not well formed: ")


@pytest.mark.parametrize(
    ("scale", "written", "name"),
    [
        ("truth-o-meter", "Half-True", "Half True"),
        ("truth-o-meter", "HALF TRUE", "Half True"),
        ("truth-o-meter", "Pants on Fire!", "Pants on Fire"),
        ("truth-o-meter", "pants-on-fire", "Pants on Fire"),
        ("truth-o-meter", "Mostly-False", "Mostly False"),
        ("truth-o-meter", "Barely-True!", "Mostly False"),
        ("trumptracker", "Not-started", "Not started"),
        ("hdo", "partially kept", "partially-kept"),
        ("politifact-promises", "no-action", "Not Yet Rated"),
    ],
)
def test_neither_case_nor_hyphens_nor_a_closing_exclamation_mark_tell_labels_apart(
    scale, written, name
):
    assert SCALES[scale].label(written).name == name


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_every_name_of_a_label_is_one_label_everywhere(scale):
    for label in scale.labels:
        for written in (label.name, *label.also):
            assert scale.label(written.upper().replace(" ", "-") + "!") is label


@pytest.mark.parametrize("scale", SCALES)
def test_a_shipped_scale_stands_in_the_file_of_its_id(scale):
    assert shipped_scale(scale) == SCALES[scale]


@pytest.mark.parametrize("id_", ["../policies/fever", "a-scale-of-ones-own", ""])
def test_a_scale_that_is_not_shipped_is_read_from_no_file(id_):
    assert shipped_scale(id_) is None


@pytest.mark.parametrize(
    ("written", "nearest"),
    [("Pant on Fire", "Pants on Fire"), ("barely-tru", "Mostly False"), ("kept", None)],
)
def test_a_label_that_is_not_on_the_scale_has_a_nearest_one(written, nearest):
    assert SCALES["truth-o-meter"].nearest(written) == nearest


@pytest.mark.parametrize(
    ("label", "news"),
    [("Not-yet-rated", False), ("Stalled", False), ("In the Works", False), ("Compromise", True)],
)
def test_a_state_that_a_scale_does_not_score_is_no_news(label, news):
    criterion = assessed("politifact-promises")
    rated = Assessment(
        id="r", claim="a", by="Desk", scale="politifact-promises", rating=label, published="2018-02"
    )
    audit = (claim("a", "overdue", criterion=criterion) + World((rated,))).audit()

    assert has_news(audit, audit.records.claims["a"]) is news


def with_kinds(tmp_path, kinds):
    for name, text in (("scales", SCALE), ("policies", POLICY)):
        (tmp_path / name).mkdir()
        narrowed = text.replace('measures = "truth"', f'measures = "truth"\nfor = {kinds}')
        (tmp_path / name / "mine.toml").write_text(narrowed, encoding="utf-8")


KINDS_REGISTRY = Registry.of(
    Speaker(id="ada"),
    Source(id="post", published="2020-02-02"),
    *(
        Claim(
            id=str(kind),
            kind=kind,
            speaker="ada",
            said="2020-01-01",
            source="post",
            quote="So.",
            not_checkable="a test",
        )
        for kind in (None, *ClaimKind)
    ),
)


def shown_by_claim(policy):
    audit = KINDS_REGISTRY.audit("2021-01-01")
    return {rating.verdict.claim: rating.row.shown for rating in rate(audit, policy)}


def test_the_kinds_that_a_scale_can_be_for_are_those_of_claims():
    assert set(CLAIM_KINDS) == {kind.value for kind in ClaimKind}


@pytest.mark.parametrize("policy", ["politifact-promises", "polimeter", "trumptracker", "hdo"])
def test_a_scale_of_promises_is_put_on_promises_only(policy):
    shown = shown_by_claim(policy_of(policy))

    rated = {name for name, text in shown.items() if not text.startswith("(not rated: ")}
    assert rated == {"None", "promise"}
    assert shown["fact"] == "(not rated: the scale is for promise, not for fact)"


def test_a_scale_that_is_for_no_kind_in_particular_is_put_on_every_claim():
    assert set(shown_by_claim(policy_of("averitec")).values()) == {"(not a checkable claim)"}


def test_a_scale_of_ones_own_says_what_it_is_for(tmp_path):
    with_kinds(tmp_path, '["fact", "opinion"]')

    shown = shown_by_claim(policy_of("mine", [tmp_path]))

    assert shown == {
        **dict.fromkeys(("None", "fact", "opinion"), "so"),
        **{
            kind: f"(not rated: the scale is for fact or opinion, not for {kind})"
            for kind in ("demand", "prediction", "promise")
        },
    }


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        (
            '["forecast"]',
            (
                "CT103 for[0] 'forecast' is no kind of claim; expected some of "
                "('demand', 'fact', 'opinion', 'prediction', 'promise')"
            ),
        ),
        ("[]", "CT303 for is empty; expected a kind of claim, or no key for all"),
        ('"fact"', "CT101 a scale has for = 'fact'; expected a list"),
    ],
)
def test_a_scale_that_is_for_no_kind_of_claim_is_refused(tmp_path, kinds, message):
    with_kinds(tmp_path, kinds)

    with pytest.raises(LoadError) as caught:
        policy_of("mine", [tmp_path])

    problem = caught.value.problems[0]
    assert f"{problem.code} {problem.message}" == message


def shown_on(scale, *ratings, criterion=None, **claim):
    criterion = criterion or assessed(scale)
    audit = world(*ratings, criterion=criterion, **claim).audit("2021-01-01")
    (found,) = rate(audit, policy_of(scale, (), audit.records.scales.by_id))
    return found.row.shown


@pytest.mark.parametrize(
    ("scale", "label", "shown"),
    [
        ("truth-o-meter", "pants-fire", "Pants on Fire"),
        ("truth-o-meter", "Barely-True", "Mostly False"),
        ("truth-o-meter", "Half-True", "Half True"),
        ("politifact-promises", "stalled", "Stalled"),
        ("politifact-promises", "Not yet rated", "Not Yet Rated"),
        ("trumptracker", "In progress", "In progress"),
        ("snopes", "Mixture", "Mixture"),
        ("snopes", "Unproven", "Unproven"),
        ("barometer", "fair", "fair"),
        ("barometer", "wait", "wait"),
    ],
)
def test_on_the_scale_that_a_claim_rests_on_it_keeps_its_label(scale, label, shown):
    assert shown_on(scale, published_rating("a", label, scale=scale)) == shown


def test_of_several_labels_that_say_the_same_the_latest_is_kept():
    ratings = [
        published_rating("a", "True", "2018-02-01", scale="truth-o-meter"),
        published_rating("b", "Mostly True", "2018-01-01", by="Bob", scale="truth-o-meter"),
    ]

    assert shown_on("truth-o-meter", *ratings) == "True"


def test_a_claim_that_rests_on_more_than_ratings_is_rated_by_its_status():
    criterion = assessed("truth-o-meter") & assessed("barometer")
    ratings = [
        published_rating("a", "Mostly True", scale="truth-o-meter"),
        published_rating("b", "good", scale="barometer"),
    ]

    assert shown_on("truth-o-meter", *ratings, criterion=criterion) == "True"


def test_a_scale_without_a_policy_is_rated_by_what_its_labels_say():
    policy = policy_of("washington-post")

    assert policy.rows[PolicyOutcome.HELD].shown == "1 Pinocchio"
    assert policy.rows[PolicyOutcome.PARTLY].shown == "2 Pinocchios"
    assert policy.rows[PolicyOutcome.FAILED].shown == "editor"
    assert policy.rows[PolicyOutcome.FAILED].otherwise == ("3 Pinocchios", "4 Pinocchios")
    assert policy.rows[PolicyOutcome.PENDING_NO_NEWS].shown == "(open)"
