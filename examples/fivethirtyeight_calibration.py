"""
Was FiveThirtyEight right when it said 70 percent?

Races of one day and games of one night are not independent of each other, as the intervals take
them to be: they are too narrow rather than too wide.

Run it with the name of a picture, such as ``elections.svg``, to draw the elections too; that needs
matplotlib. The data are FiveThirtyEight's, CC BY 4.0; see fivethirtyeight/README.md.
"""

import csv
import sys
from pathlib import Path

from claimtrack.score import (
    Bin,
    bootstrap_mean,
    brier,
    brier_skill,
    calibration,
    decompose,
)

DATA = Path(__file__).parent / "fivethirtyeight"
SEED = 538


def read(name: str, probability: str, won: str) -> tuple[list[float], list[int], int]:
    """Read forecasts and outcomes, and count the rows that have no outcome."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    called = [row for row in rows if row.get("uncalled", "0") == "0"]
    probabilities = [float(row[probability]) for row in called]
    return probabilities, [int(row[won]) for row in called], len(rows) - len(called)


def show(title: str, probabilities: list[float], outcomes: list[int], uncalled: int) -> None:
    """Print how good the forecasts were, and of each bin how much came about."""
    errors = [(p - o) ** 2 for p, o in zip(probabilities, outcomes, strict=True)]
    sure = bootstrap_mean(errors, seed=SEED)
    parts = decompose(probabilities, outcomes, bins=10)
    print(f"{title}: {len(outcomes)} forecasts, {uncalled} without an outcome left out")
    print(f"  expected {sum(probabilities):.1f}, happened {sum(outcomes)}")
    print(
        f"  Brier score {brier(probabilities, outcomes):.4f} "
        f"(95% {sure.low:.4f} to {sure.high:.4f}, bootstrap, seed {SEED}), "
        f"skill {brier_skill(probabilities, outcomes):.2f} over the base rate"
    )
    print(
        f"  reliability {parts.reliability:.4f}, resolution {parts.resolution:.4f}, "
        f"uncertainty {parts.uncertainty:.4f}"
    )
    print("  said             n   forecast  happened  95% interval")
    for bin_ in calibration(probabilities, outcomes):
        print("  " + line(bin_))
    print()


def line(bin_: Bin) -> str:
    """Return one row of the table."""
    said = f"{bin_.low:4.0%} to {bin_.high:4.0%}"
    if bin_.forecast is None or bin_.share is None:
        return f"{said}    0"
    sure = bin_.interval
    mark = "" if sure.low <= bin_.forecast <= sure.high else "  outside"
    return (
        f"{said}  {bin_.count:3}   {bin_.forecast:7.1%}   {bin_.share:7.1%}  "
        f"{sure.low:6.1%} to {sure.high:6.1%}{mark}"
    )


def main(picture: str | None = None) -> None:
    """Print a table for elections and one for games, and draw the first where it is wanted."""
    probabilities, outcomes, uncalled = read(
        "elections_2018_classic.csv", "Republican_WinProbability", "Republican_Won"
    )
    show("Elections of 2018, the Republican wins", probabilities, outcomes, uncalled)
    games, won, left_out = read("ncaa_tournament.csv", "favorite_probability", "favorite_win_flag")
    show("NCAA tournament, the favourite wins", games, won, left_out)
    if picture is not None:
        from matplotlib.figure import Figure  # noqa: PLC0415 - of the extra "plot"

        from claimtrack.score.plots import plot_calibration  # noqa: PLC0415 - as above

        figure = Figure(figsize=(5.5, 5.5), layout="constrained")
        plot_calibration(calibration(probabilities, outcomes), ax=figure.subplots())
        figure.savefig(picture)
        print(f"Drawn: {picture}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
