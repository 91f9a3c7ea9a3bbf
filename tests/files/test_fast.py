"""The extra ``fast`` changes nothing but how long it takes."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HAS_FAST = all(importlib.util.find_spec(name) for name in ("orjson", "tomli"))
needs_fast = pytest.mark.skipif(not HAS_FAST, reason="the extra fast is not installed")

LOAD = """
import sys
if sys.argv[2] == "without":
    sys.modules.update(orjson=None, tomli=None)
from claimtrack.errors import LoadError
from claimtrack.files.write import dumps
from claimtrack.files.jsonl import decode_list, standard_list
from claimtrack.files.load import load
from claimtrack.files.toml import USES_TOMLI
try:
    registry = load(sys.argv[1])
except LoadError as error:
    print(error)
else:
    print(repr(registry), dumps(registry, "jsonl"), sep="\\n")
print(sys.argv[2], decode_list is not standard_list, USES_TOMLI)
"""
TOML = """
[[speaker]]
id = "ada"
note = \"\"\"
over
lines\"\"\"
[[source]]
id = "s"
published = 2020-01-01
[[fact]]
id = "output"
kind = "quantity"
[[evidence]]
id = "e"
fact = "output"
source = "s"
when = "2019"
value = [38.10, 1e3]
[[claim]]
id = "c"
speaker = "ada"
source = "s"
said = 2019-01-01
quote = "more than 38.10"
criterion = { any = [
  { quantity = "output", at_least = 38.10, by = 2019-12-31 },
  { quantity = "output", at_least = 1e30, by = 2019-12-31 },
] }
"""
NUMBERS = (
    "38.10",
    "1e200",
    "1E-7",
    "18446744073709551616",
    "-9223372036854775809",
    "0.1",
    "-0",
    "7",
)
ODD = (
    r'{"type": "speaker", "id": "\ud800"}',
    '{"type": "speaker", "id": "a", "id": "b"}',
    '{"type": "forecast", "probability": NaN}',
    '{"type": "forecast", "probability": 1e99999999999999999999}',
    '{"type": "speaker", "id": 0.5}',
    "[" * 2000,
)


def lines():
    """Give records with numbers of all kinds, often enough to meet each shape again."""
    yield {"type": "speaker", "id": "ada"}
    yield {"type": "source", "id": "s", "published": "2020-01-01"}
    yield {"type": "fact", "id": "output", "kind": "quantity"}
    for index in range(3):
        for number in NUMBERS:
            yield {
                "type": "evidence",
                "id": f"e{index}-{number}",
                "fact": "output",
                "source": "s",
                "when": "2019-05",
                "value": f"<{number}>",
            }
            yield {
                "type": "claim",
                "id": f"c{index}-{number}",
                "speaker": "ada",
                "source": "s",
                "said": "2019-01-01",
                "quote": f"more than {number}: all",
                "criterion": {"quantity": "output", "at_least": f"<{number}>", "by": "2019-12-31"},
            }


def text_of(records):
    return (
        "".join(json.dumps(record) + "\n" for record in records).replace('"<', "").replace('>"', "")
    )


def said(path, way):
    run = subprocess.run(
        [sys.executable, "-c", LOAD, str(path), way],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    *told, uses = run.stdout.splitlines()
    return told, uses


@pytest.mark.parametrize("content", ["good", "odd"])
@needs_fast
def test_loads_say_the_same_with_it_and_without(tmp_path, content):
    (tmp_path / "a.toml").write_text(TOML.replace("38.10", "38.100") if content == "odd" else TOML)
    text = text_of(record for record in lines() if record["id"] not in {"ada", "s", "output"})
    (tmp_path / "b.jsonl").write_text(text + ("\n".join(ODD) if content == "odd" else ""))

    with_it, used = said(tmp_path, "with")
    without_it, unused = said(tmp_path, "without")

    assert (used, unused) == ("with True True", "without False False")
    assert with_it == without_it
    assert len(with_it) >= (len(ODD) if content == "odd" else 40)


def test_loads_work_without_it(tmp_path):
    path = tmp_path / "b.jsonl"
    path.write_text(text_of(lines()))

    told, uses = said(path, "without")

    assert uses == "without False False"
    assert "\n".join(told[1:]).count('"value": 38.10') == 3
