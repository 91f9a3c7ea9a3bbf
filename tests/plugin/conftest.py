"""A project with a small registry, and pytest run on it as its user would."""

import importlib

import pytest

# pytester forgets each module that a run imports, and the next run would compile it anew with
# assertions that pytest rewrites. What is imported before the first run stays.
for name in (
    *("cli.accept", "cli.check", "files.toml", "lint.run", "report.explanation"),
    *("report.facts", "revisions.history", "testing.items", "testing.registries", "testing.run"),
):
    importlib.import_module(f"claimtrack.{name}")

REGISTRY = """
[registry]
title = "Pipelines"

[[speaker]]
id = "miller"
name = "Alexei Miller"

[[source]]
id = "wire"
published = 2019-12-02
tier = "wire"

[[source]]
id = "blog"
published = 2021-03-01

[[fact]]
id = "gas"
kind = "event"
title = "First gas"
once = true

[[fact]]
id = "link"
kind = "event"

[[fact]]
id = "price"
kind = "quantity"
unit = "EUR"
requires = 2
review_every = 400

[[evidence]]
id = "gas-wire"
fact = "gas"
source = "wire"
happened = 2019-12-02

[[evidence]]
id = "gas-blog"
fact = "gas"
source = "blog"
happened = 2019-12-03

[[evidence]]
id = "price-wire"
fact = "price"
source = "wire"
value = 3
when = 2019-12-01
"""

CLAIMS = """
[[claim]]
id = "by-2019"
speaker = "miller"
said = 2017-07-04
source = "wire"
quote = "gas by the end of 2019"
kind = "promise"
topics = ["energy & gas"]
criterion = { event = "gas", by = 2019-12-31 }
status = "held"

[[claim.reading]]
name = "a year early"
criterion = { event = "gas", by = 2018-12-31 }
status = "late"

[[claim]]
id = "link-by-2020"
speaker = "miller"
said = 2018-01-01
source = "wire"
quote = "the link is ready by 2020"
kind = "prediction"
criterion = { event = "link", by = 2020-12-31 }

[[claim]]
id = "link-by-2030"
speaker = "miller"
said = 2018-01-01
source = "wire"
quote = "or by 2030"
criterion = { event = "link", by = 2030-12-31 }
status = "pending"

[[claim]]
id = "a-mistake"
speaker = "miller"
said = 2018-01-01
source = "wire"
quote = "it was all a mistake"
kind = "opinion"
not_checkable = "an opinion"

[[claim]]
id = "called-off"
speaker = "miller"
said = 2018-01-01
source = "wire"
quote = "and a third line"
criterion = { event = "link", by = 2030-12-31 }
annulled = 2018-02-01
annulled_because = "it was called off"
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """A project whose registry lies in a folder of its own."""
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\naddopts = ["--strict-markers"]\n')
    folder = pytester.mkdir("registry")
    (folder / "registry.toml").write_text(REGISTRY, "utf-8")
    (folder / "claims.toml").write_text(CLAIMS, "utf-8")
    return pytester


@pytest.fixture
def run(project):
    """Run pytest in this process; the day first."""

    def run(as_of, *arguments):
        words = () if as_of is None else ("--as-of", as_of)
        return project.runpytest_inprocess("-p", "no:cacheprovider", *words, *arguments)

    return run
