"""The same expression runs on Spark, with the same statuses."""

import gc

import pytest

from claimtrack.bulk import audit, connect, tables_of
from claimtrack.bulk.engines import _spark_settings
from claimtrack.errors import FieldError
from tests.bulk.agreement import agree, drawn, loaded
from tests.oracle.random_registries import make

pytestmark = [
    pytest.mark.slow,
    # PySpark 4 says so of pandas 3, and leaves sockets to its own end.
    pytest.mark.filterwarnings("ignore::Warning"),
]


def test_spark_and_the_engine_agree_on_drawn_registries(spark):
    registries = drawn(60) | {f"seed {seed}": loaded(make(seed)) for seed in range(60)}

    statuses = agree(
        registries, [("2020-01-04", "published"), ("2020-01-10", "recorded")], connection=spark
    )

    assert {"held", "late", "failed", "partly", "conflicting", "pending", "overdue"} <= statuses


def test_what_is_found_half_way_goes_with_the_result(spark):
    before = set(spark.list_tables())
    found = audit(tables_of(loaded(make(3)), spark), as_of="2020-01-10")
    during = set(spark.list_tables())

    del found
    gc.collect()

    halfway = {name for name in during - before if name.startswith("claimtrack_")}
    assert halfway
    assert not halfway & set(spark.list_tables())


def test_the_session_that_there_is_is_used(spark):
    assert connect("spark", memory="9GB")._session is spark._session


@pytest.mark.parametrize(
    ("memory", "expected"),
    [("2GB", "2g"), ("512MB", "512m"), ("3 GiB", "3g"), ("3g", "3g"), ("700kb", "700k")],
)
def test_memory_is_said_as_java_says_it(memory, expected):
    settings = _spark_settings(memory, "/somewhere")

    assert settings["spark.driver.memory"] == expected
    assert settings["spark.local.dir"] == "/somewhere"


def test_what_is_no_size_is_refused():
    with pytest.raises(FieldError) as caught:
        connect(memory="plenty")

    assert str(caught.value) == "CT101 memory 'plenty' is no size; expected one such as '2GB'"


def test_an_engine_without_an_extra_is_refused():
    with pytest.raises(FieldError) as caught:
        connect("sqlite")

    assert str(caught.value) == (
        "CT103 engine 'sqlite' is not known; expected one of ['duckdb', 'spark']"
    )
