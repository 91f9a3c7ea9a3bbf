"""The page of the rules names the tests that hold them, and these exist."""

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/reference/rules.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)))
LAWS = re.findall(r"^(\d+)\. \*\*(.+?)\*\*", PAGE.partition("## 5.")[2], re.MULTILINE)


def test_every_law_but_the_one_of_the_bulk_engine_names_its_test():
    laws = PAGE.partition("## 5.")[2].partition("## 6.")[0]

    held = re.findall(r"^(\d+)\. .+\n   Held by `tests/", laws, re.MULTILINE)

    assert {number for number, _ in LAWS} - set(held) <= {"9"}


def rules():
    """Return each rule of sections 1 to 4: what begins with a heading or with bold words."""
    page = PAGE.partition("## 1.")[2].partition("## 5.")[0]
    found = re.split(r"^(?=#+ |\*\*)", page, flags=re.MULTILINE)[1:]
    return {text.partition("\n")[0].strip("#* .:")[:40]: text for text in found}


@pytest.mark.parametrize("rule", rules().items(), ids=lambda rule: rule[0])
def test_every_rule_names_its_test(rule):
    name, text = rule
    if name != "2. What is known on a day" and len(text.splitlines()) > 2:
        assert "Held by:\n`tests/" in text, name


@functools.cache
def functions_in(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda value: value)
def test_a_test_that_the_page_names_exists(path, name):
    assert name in functions_in(path)
