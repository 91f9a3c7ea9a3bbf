"""The public names of scores."""

from claimtrack import score

NAMES = [
    "AgreementReport",
    "Bin",
    "ClaimScore",
    "Decomposition",
    "ForecastReport",
    "ForecasterScore",
    "Interval",
    "Label",
    "Member",
    "Pair",
    "Scale",
    "ScaleAgreement",
    "Scored",
    "Stretch",
    "TrackRecord",
    "Unit",
    "assessor_agreement",
    "at_close",
    "base_rate",
    "baseline",
    "baseline_over_time",
    "bootstrap_mean",
    "brier",
    "brier_options",
    "brier_skill",
    "calibration",
    "calibration_error",
    "cohen_kappa",
    "coverage",
    "crowd_median",
    "decompose",
    "fleiss_kappa",
    "krippendorff_alpha",
    "log_score",
    "log_score_options",
    "peer",
    "peer_over_time",
    "percent_agreement",
    "score_forecasts",
    "skill",
    "stretches",
    "time_averaged",
    "track_records",
    "wilson",
]


def test_no_name_appears_or_vanishes_by_accident():
    assert score.__all__ == NAMES


def test_every_name_is_there_and_says_what_it_is():
    assert all(getattr(score, name).__doc__ for name in NAMES)
