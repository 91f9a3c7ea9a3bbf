"""
Scores of claims and forecasts.

`track_records`, `score_forecasts` and `assessor_agreement` take an audit; all other functions take
plain sequences and need no registry.
"""

from claimtrack.model.scales import Label, Scale
from claimtrack.score.agreement import (
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    percent_agreement,
)
from claimtrack.score.assessments import AgreementReport, Pair, ScaleAgreement, assessor_agreement
from claimtrack.score.calibration import (
    Bin,
    Decomposition,
    calibration,
    calibration_error,
    decompose,
)
from claimtrack.score.forecasts import ClaimScore, ForecasterScore, ForecastReport, score_forecasts
from claimtrack.score.intervals import Interval, bootstrap_mean, wilson
from claimtrack.score.metaculus import (
    Scored,
    baseline,
    baseline_over_time,
    peer,
    peer_over_time,
)
from claimtrack.score.over_time import Stretch, at_close, coverage, stretches, time_averaged
from claimtrack.score.proper import (
    base_rate,
    brier,
    brier_options,
    brier_skill,
    crowd_median,
    log_score,
    log_score_options,
    skill,
)
from claimtrack.score.track_record import Member, TrackRecord, Unit, track_records

__all__ = [
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
