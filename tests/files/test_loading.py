"""However a registry is read, many lines at once or each with care, it says the same."""

import gzip
import random
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import dumps
from claimtrack.errors import LoadError
from claimtrack.files.folder import blocks_in, registry_files
from claimtrack.files.load import Loading, load_files
from claimtrack.strategies import registries


@pytest.fixture(autouse=True, scope="module")
def _readers_are_written_at_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("claimtrack.files.compiled.LEARNED_AT", 1)
        yield


SLIPS = (
    ('"source": "', '"source": "x'),
    ('"fact": "', '"fact": " '),
    ('"speaker": "', '"speaker": 1, "x": "'),
    ('"event": "', '"event": "x'),
    ('"by": "', '"by": "9'),
    ('"id": "', '"id": "\\u007f'),
    ('"id": "', '"id": "", "id": "'),
    ('"happened": "', '"not_happened": "'),
    ('"published": "', '"published": "1'),
    ('"quote": "', '"quote": ": \\": '),
    ('"kind": "event"', '"kind": "state"'),
    ("{", ""),
    ("}", "} "),
    ("}", ', "happened": "2019-12-02T23:30:00Z"}'),
    (", ", ","),
)


def with_care(name, text):
    """Read every line with care, every record through its class, and check all at the end."""
    loading = Loading()
    for readers in loading.readers.values():
        readers._room = 0
    loading.read_blocks(name, blocks_in(text))
    return loading


def by_shape(name, text, size=1 << 15):
    loading = Loading()
    loading.read_blocks(name, blocks_in(text, size))
    return loading


def line_by_line(name, text):
    loading = Loading()
    loading.read_lines(name, text.split("\n"))
    return loading


def told(read, text):
    """Return the records in their order and where each stands, or all that is said of the text."""
    loading = read("a.jsonl", text)
    loading.locations.know("a.jsonl", text)
    try:
        registry = loading.registry("a.jsonl")
    except LoadError as error:
        return str(error)
    record_maps = registry.record_maps()
    places = [
        registry.locations.of(record_map.kind, id_)
        for record_map in record_maps
        for id_ in record_map
    ]
    return [registry.settings, *(list(record_map.values()) for record_map in record_maps)], places


@st.composite
def texts(draw):
    """Draw a registry, perhaps with its lines in another order, and with slips in some."""
    lines = dumps(draw(registries(max_claims=2, max_evidence=3)), "jsonl").removesuffix("\n")
    lines = lines.split("\n")
    # Twice, so that there are shapes to be met again; ids of the second are their own.
    lines += [line.replace('"id": "', '"id": "z') for line in lines if '"registry"' not in line]
    if draw(st.booleans()):
        draw(st.randoms(use_true_random=False)).shuffle(lines)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        lines[at] = lines[at].replace(*draw(st.sampled_from(SLIPS)))
    return "\n".join(lines) + draw(st.sampled_from(["", "\n"]))


@given(texts(), st.integers(1, 400))
def test_every_way_of_loading_says_the_same(text, size):
    expected = repr(told(with_care, text))

    assert repr(told(by_shape, text)) == expected
    assert repr(told(line_by_line, text)) == expected
    assert repr(told(partial(by_shape, size=size), text)) == expected


def test_records_that_name_later_ones_are_held_against_them():
    text = """
{"type": "evidence", "id": "e1", "fact": "gas", "source": "s1", "happened": "2020-01-03"}
{"type": "evidence", "id": "e2", "fact": "gas", "source": "s1", "happened": "2020-01-03"}
{"type": "evidence", "id": "e3", "fact": "gaz", "source": "s1", "happened": "2020-01-01"}
{"type": "fact", "id": "gas", "kind": "event"}
{"type": "source", "id": "s1", "published": "2020-01-02"}
""".lstrip()

    loading = by_shape("a.jsonl", text)

    assert told(lambda *_: loading, text) == (
        "a.jsonl:1:65: CT307 evidence 'e1' happened '2020-01-03' begins after the report was "
        "published, '2020-01-02'; expected nobody to report what has not happened\n"
        "a.jsonl:2:65: CT307 evidence 'e2' happened '2020-01-03' begins after the report was "
        "published, '2020-01-02'; expected nobody to report what has not happened\n"
        "a.jsonl:3:34: CT202 evidence 'e3' fact 'gaz' is not defined in any loaded file; "
        "expected the id of a fact\n    hint: did you mean 'gas'?"
    )


def test_ids_that_are_found_are_one_text_for_all():
    lines = [
        '{"type": "fact", "id": "gas", "kind": "event"}',
        '{"type": "source", "id": "s1", "published": "2020-01-02"}',
        *(
            f'{{"type": "evidence", "id": "e{number}", "fact": "gas", "source": "s1", '
            '"happened": "2020-01-01"}'
            for number in range(3)
        ),
    ]

    registry = by_shape("a.jsonl", "\n".join(lines)).registry("a.jsonl")

    last = registry.evidence["e2"]
    assert last.fact is registry.facts["gas"].id
    assert last.source is registry.sources["s1"].id


def test_very_many_lines_of_a_block_that_are_not_plain_take_no_longer_for_it():
    loading = by_shape("a.jsonl", "\n" * 200_000 + '{"type": "speaker", "id": "a"}')

    assert loading.registry("a.jsonl").locations.of("speaker", "a").line == 200_001


def test_a_packed_file_is_told_of_as_it_is_read(tmp_path):
    chance = random.Random(1)
    path = tmp_path / "a.jsonl.gz"
    lines = [
        f'{{"type": "speaker", "id": "{number}", "note": "{chance.randbytes(200).hex()}"}}\n'
        for number in range(6000)
    ]
    path.write_bytes(gzip.compress("".join(lines).encode()))
    told_of = []

    load_files(registry_files(path), "a", progress=told_of.append)

    assert sum(told_of) == path.stat().st_size
    assert len(told_of) > 3
    assert max(told_of) < path.stat().st_size / 2


def test_a_plain_file_is_told_of_in_bytes_on_disk(tmp_path):
    path = tmp_path / "a.jsonl"
    lines = [f'{{"type": "speaker", "id": "{n}", "note": "{"ü" * 200}"}}\n' for n in range(4000)]
    path.write_text("".join(lines), encoding="utf-8")
    told_of = []

    load_files(registry_files(path), "a", progress=told_of.append)

    assert sum(told_of) == path.stat().st_size
    assert len(told_of) > 3


@given(st.text(st.sampled_from("a\n\ré"), max_size=30), st.integers(1, 10))
def test_blocks_hold_whole_lines_and_their_numbers(text, size):
    blocks = list(blocks_in(text, size))

    assert "".join(block for _, block, _ in blocks) == text
    assert all(block.endswith("\n") for _, block, _ in blocks[:-1])
    assert [number for number, _, _ in blocks] == [
        1 + sum(lines for _, _, lines in blocks[:index]) for index in range(len(blocks))
    ]
    for _, block, lines in blocks:
        assert lines == len(block.removesuffix("\n").split("\n"))
