"""Scores to and from data frames."""

import sys
from importlib.util import find_spec

import pytest

from claimtrack import Forecast
from claimtrack.errors import FieldError, MissingExtraError
from claimtrack.score import brier, calibration
from claimtrack.score.forecasts import score_forecasts
from claimtrack.score.frames import bin_frame, columns, forecast_frame, record_frame
from claimtrack.score.track_record import track_records
from tests.score.worlds import World, claim

pytestmark = pytest.mark.skipif(find_spec("narwhals") is None, reason="narwhals is not installed")


@pytest.fixture(params=["pandas", "polars"])
def backend(request):
    pytest.importorskip(request.param, reason=f"{request.param} is not installed")
    return request.param


def test_bins_are_rows(backend):
    bins = calibration([0.9, 0.1], [1, 1])

    found = columns(bin_frame(bins, backend=backend), "count", "low", "high")

    assert found == (
        [b.count for b in bins],
        [b.interval.low for b in bins],
        [b.interval.high for b in bins],
    )


def test_columns_are_the_lists_that_scores_take():
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame({"said": [0.9, 0.5], "came": [True, False]})

    assert brier(*columns(frame, "said", "came")) == brier([0.9, 0.5], [1, 0])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("went", "CT104 column 'went' is not in the frame; expected ['said']"),
        ("said", "CT104 column 'said' has missing values; expected none"),
    ],
    ids=["no column", "missing value"],
)
def test_a_column_that_cannot_be_scored_is_refused(name, text):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame({"said": [0.9, None]})

    with pytest.raises(FieldError) as caught:
        columns(frame, name)

    assert str(caught.value) == text


def test_records_are_rows(backend):
    audit = (claim("a", "held") + claim("b", "failed", speaker="bob")).audit()
    records = track_records(audit)

    frame = record_frame(records, backend=backend)

    assert columns(frame, "key", "held", "failed") == (["ann", "bob"], [1, 0], [0, 1])


def test_scores_of_forecasts_are_rows(backend):
    made = Forecast(id="f", by="bob", claim="a", made="2018-03-01", probability=0.8)
    world = claim("a", "held") + claim("b", "pending", speaker="bob") + World((made,))

    frame = forecast_frame(score_forecasts(world.audit()), backend=backend)

    (brier_column, claims) = columns(frame, "brier", "claim")
    assert claims == ["a"]
    assert brier_column == pytest.approx([0.04])


def test_nothing_makes_an_empty_frame(backend):
    assert len(record_frame([], backend=backend)) == 0


def test_without_narwhals_one_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "narwhals", None)

    with pytest.raises(MissingExtraError) as caught:
        columns(None, "said")

    assert str(caught.value) == (
        "CT901 a data frame needs narwhals, which is not installed; "
        "run: pip install 'claimtrack[frames]'"
    )
