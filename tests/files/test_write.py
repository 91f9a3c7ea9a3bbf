import gzip
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import (
    Claim,
    Evidence,
    Fact,
    Forecast,
    LoadError,
    Registry,
    Settings,
    Source,
    Speaker,
    dump,
    dumps,
    load,
    loads,
    occurs,
    stays,
)
from claimtrack.atomic import Folder
from claimtrack.files.write import UNFINISHED, json_line
from claimtrack.strategies import registries, spans

PLACES = ("registry", "registry.toml", "registry.jsonl", "registry.jsonl.gz")


def small(**claim):
    return Registry.of(
        Speaker(id="anna"),
        Source(id="page", published="2019"),
        Fact(id="gas", kind="event"),
        Claim(
            id="a",
            speaker="anna",
            said="2019",
            source="page",
            quote="q",
            criterion=occurs("gas", by="2020"),
            **claim,
        ),
    )


def contents(path):
    """Return the bytes of a file, or of all files in a folder by their names."""
    if path.is_dir():
        return {file.name: file.read_bytes() for file in path.iterdir()}
    return path.read_bytes()


class TestRoundTrip:
    @given(
        name=st.sampled_from(PLACES),
        registry=registries(max_claims=2, max_evidence=4, spans=spans()),
    )
    def test_what_is_written_is_read_back_and_written_again_the_same(
        self, tmp_path_factory, name, registry
    ):
        folder = tmp_path_factory.mktemp("dumped")

        dump(registry, folder / name)
        loaded = load(folder / name)
        before = contents(folder / name)
        dump(loaded, folder / name)

        assert loaded == registry
        assert contents(folder / name) == before

    def test_every_form_says_the_same(self, tmp_path):
        for name in PLACES:
            dump(small(note="x"), tmp_path / name)

        first, *others = [load(tmp_path / name) for name in PLACES]
        assert all(other == first for other in others)

    @pytest.mark.parametrize("form", ["toml", "jsonl"])
    def test_numbers_keep_their_value_and_forecasts_their_shares(self, form):
        registry = Registry.of(
            Speaker(id="anna"),
            Source(id="page", published="2019"),
            Fact(id="flow", kind="quantity"),
            *[
                Evidence(id=f"e{n}", source="page", fact="flow", value=value, when="2018")
                for n, value in enumerate([0, -1, Decimal("0.30"), Decimal("1E-300"), (1, 2.5)])
            ],
            Claim(
                id="a",
                speaker="anna",
                said="2019",
                source="page",
                quote="q",
                criterion=stays("flow", throughout="2018", equals=Decimal("1E+300"), tolerance=1),
            ),
            Forecast(id="f", by="anna", claim="a", made="2019", probability=1e-9),
            Forecast(
                id="g", by="anna", claim="a", made="2020", distribution={"held": 0.1, "b": 0.9}
            ),
        )

        assert loads(dumps(registry, form), f"registry.{form}") == registry

    def test_a_packed_file_says_neither_when_nor_under_which_name_it_was_made(self, tmp_path):
        dump(small(), tmp_path / "a.jsonl.gz")
        dump(small(), tmp_path / "b.jsonl.gz")

        assert contents(tmp_path / "a.jsonl.gz") == contents(tmp_path / "b.jsonl.gz")
        assert gzip.decompress(contents(tmp_path / "a.jsonl.gz")).decode() == dumps(
            small(), "jsonl"
        )

    def test_settings_that_say_nothing_are_left_out(self):
        assert "registry" not in dumps(small())
        assert dumps(Registry.of(settings=Settings(title="T"))) == '[registry]\ntitle = "T"\n'

    def test_a_form_that_does_not_exist_is_refused(self):
        with pytest.raises(ValueError, match="'yaml' is no form of a registry"):
            dumps(small(), "yaml")


class TestFolders:
    def test_a_folder_gets_one_file_for_each_kind(self, tmp_path):
        dump(small(), tmp_path / "deep" / "er")

        assert sorted(contents(tmp_path / "deep" / "er")) == [
            "claims.toml",
            "facts.toml",
            "sources.toml",
            "speakers.toml",
        ]

    def test_it_is_written_again_in_place(self, tmp_path):
        dump(small(), tmp_path)
        dump(small(note="new"), tmp_path)

        assert load(tmp_path).claims["a"].note == "new"

    @pytest.mark.parametrize(
        "other", ["mine.toml", "below/mine.toml", "old.jsonl.gz", "forecasts.toml"]
    )
    def test_one_that_holds_another_file_of_a_registry_is_left_as_it_is(self, tmp_path, other):
        (tmp_path / other).parent.mkdir(exist_ok=True)
        (tmp_path / other).write_text("")

        with pytest.raises(FileExistsError, match="would be read together with") as caught:
            dump(small(), tmp_path)

        assert caught.value.filename == str(tmp_path / other)
        assert not list(tmp_path.glob("claims*"))

    def test_one_that_holds_other_things_is_written_to(self, tmp_path):
        (tmp_path / "README.md").write_text("mine")
        (tmp_path / ".git").mkdir()
        (tmp_path / ".git" / "a.toml").write_text("")

        dump(small(), tmp_path)

        assert load(tmp_path) == small()

    def test_one_that_was_not_written_whole_is_not_loaded(self, tmp_path, monkeypatch):
        def killed(self, name):
            raise KeyboardInterrupt

        monkeypatch.setattr(Folder, "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            dump(small(), tmp_path)
        monkeypatch.undo()

        (tmp_path / "claims.toml").unlink()
        with pytest.raises(LoadError, match="not_written_whole"):
            load(tmp_path)

        dump(small(), tmp_path)

        assert load(tmp_path) == small()
        assert not (tmp_path / UNFINISHED).exists()

    def test_the_mark_of_an_unfinished_one_is_moved_first(self, tmp_path, monkeypatch):
        moved = []
        move = Folder.move
        monkeypatch.setattr(
            Folder, "move", lambda self, name, to: (moved.append(to), move(self, name, to))
        )

        dump(small(), tmp_path)

        assert moved[0] == UNFINISHED
        assert sorted(moved[1:]) == sorted(file.name for file in tmp_path.iterdir())

    @pytest.mark.parametrize("name", ["registry.json", "registry.gz", "registry.toml.gz", "a.yaml"])
    def test_a_file_of_another_form_is_not_made_a_folder(self, tmp_path, name):
        with pytest.raises(ValueError, match=r"expected a folder or a file in \.toml, \.jsonl"):
            dump(small(), tmp_path / name)

        assert not list(tmp_path.iterdir())


def test_a_line_with_a_decimal_is_written_as_one_without():
    table = {"id": "a", "note": 'naïve "q"', "used": ["b"], "value": Decimal("1.50")}

    line = json_line(("evidence", table))

    assert line == (
        '{"type": "evidence", "id": "a", "note": "naïve \\"q\\"", "used": ["b"], "value": 1.50}\n'
    )
    assert line.replace("1.50", '"1.50"') == json_line(("evidence", {**table, "value": "1.50"}))
