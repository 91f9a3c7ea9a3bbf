"""
Lists that others publish, and texts that are not ours to hand on: more cases where they are there.

They lie in a folder beside the repository. Where it is not, nothing here is collected, and no test
is skipped: the rest of the suite holds cases of its own for each rule that these touch.
"""

from pathlib import Path

OUTSIDE = Path(__file__).parents[3] / "shared"
NEEDED = {
    "test_edtf_lists.py": "vectors/edtf.json",
    "test_statistics.py": "vectors/statistics.json",
    "test_forecasts_2018.py": "data/fivethirtyeight/forecast_results_2018.csv",
    "test_article.py": "source/wsws-2017-07-06.txt",
    "test_textquote.py": "vectors/textquote.json",
    "test_dossiers.py": "evidence",
}

collect_ignore = [name for name, needed in NEEDED.items() if not (OUTSIDE / needed).exists()]
