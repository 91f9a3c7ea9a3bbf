"""What is no longer asked for is freed at once: nothing that a registry keeps refers back to it."""

import gc
import weakref

import pytest

from claimtrack import Diff, LoadError, dumps, loads
from claimtrack.lint.run import examine
from tests.oracle.proof import check_proof

TEXT = """
[registry]
timezone = "Europe/Berlin"
[[speaker]]
id = "ada"
[[source]]
id = "post"
published = 2019-05-10
[[fact]]
id = "launch"
kind = "event"
[[evidence]]
id = "report"
source = "post"
fact = "launch"
happened = 2019-05-01T12:00:00Z
[[evidence]]
id = "other"
source = "post"
fact = "launch"
happened = 2019-05-02
published = 2019-05-20
supersedes = ["report"]
[[evidence]]
id = "judgement"
source = "post"
claim = "it"
stance = "supports"
[[assessment]]
id = "rating"
claim = "it"
by = "A desk"
scale = "truth-o-meter"
rating = "True"
published = 2019-05-02
[[claim]]
id = "it"
speaker = "ada"
said = 2019-01-01
source = "post"
quote = "It will fly."
criterion = { any = [{ event = "launch", by = 2019-04-30 }, { assessed = "truth-o-meter" }] }
[[claim.reading]]
name = "judged"
criterion = { judged = true }
"""

WAYS = {
    "audit": lambda registry: list(registry.audit("2019-06-01")),
    "audit by what was recorded": lambda registry: (
        registry.audit("2019-06-01", known_by="recorded").counts
    ),
    "explain": lambda registry: registry.explain("it", "2019-06-01"),
    "prove": lambda registry: check_proof(registry.explain("it", "2019-06-01"), registry),
    "history": lambda registry: registry.history("it"),
    "replay": lambda registry: list(registry.replay(["2019-06-01", "2020-01-01"])),
    "compare": lambda registry: Diff(registry.audit("2019-01-02"), registry.audit("2020-01-01")),
    "dump": dumps,
    "examine": lambda registry: examine(registry, registry.audit("2019-06-01")),
}


@pytest.fixture
def _without_a_collector():
    gc.disable()
    gc.freeze()  # what is there does not matter, and takes long to look through
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("_without_a_collector")
@pytest.mark.parametrize("ask", WAYS.values(), ids=WAYS)
def test_a_registry_and_its_evidence_are_freed_with_the_last_that_asks_for_them(ask):
    registry = loads(TEXT)
    ask(registry)
    index = registry.index()
    left = [weakref.ref(one) for one in (registry, index, index.in_zone("Europe/Berlin"))]

    del registry, index

    assert [one() for one in left] == [None, None, None]


@pytest.mark.usefixtures("_without_a_collector")
@pytest.mark.parametrize("ask", WAYS.values(), ids=WAYS)
def test_nothing_is_left_for_the_collector(ask):
    ask(loads(TEXT))
    gc.collect()

    ask(loads(TEXT))

    assert gc.collect() == 0


@pytest.mark.usefixtures("_without_a_collector")
@pytest.mark.parametrize("form", ["toml", "jsonl"])
def test_a_load_leaves_nothing_behind(form):
    text = dumps(loads(TEXT), form)
    loads(text, f"registry.{form}")
    gc.collect()

    loads(text, f"registry.{form}")

    assert gc.collect() == 0


@pytest.mark.usefixtures("_without_a_collector")
def test_a_load_that_fails_leaves_nothing_behind():
    text = TEXT.replace('speaker = "ada"', 'speaker = "adda"')
    assert told_of(text) == 1
    gc.collect()

    told_of(text)

    assert gc.collect() == 0


def told_of(text):
    """Return how many problems a load tells of."""
    try:
        loads(text)
    except LoadError as error:
        return len(error.problems)
    return 0
