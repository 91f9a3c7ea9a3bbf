"""Under pytest quotes are checked with their claims, and each pinned copy is an item."""

import hashlib

import pytest

PAGE = b"<!doctype html><p>gas by the end of 2019, he said</p>"
DIGEST = hashlib.sha256(PAGE).hexdigest()


@pytest.fixture
def pinned(project):
    def write(snapshot, settings=""):
        path = project.path / "registry" / "registry.toml"
        text = path.read_text("utf-8").replace('tier = "wire"', f'tier = "wire"\n{snapshot}', 1)
        path.write_text(text.replace("[registry]", f"[registry]\n{settings}", 1), "utf-8")
        copies = project.path / "registry" / "snapshots"
        copies.mkdir()
        (copies / "wire.html").write_bytes(PAGE)

    return write


PUBLIC = f'snapshot = {{ path = "snapshots/wire.html", sha256 = "{DIGEST}" }}'
PRIVATE = f'snapshot = {{ private = true, sha256 = "{DIGEST}" }}'


def test_a_quote_that_is_not_found_fails_its_claim(run, pinned):
    pinned(PUBLIC)

    told = run("2020-01-01", "registry", "-rA").stdout.str()

    assert "PASSED registry/claims.toml::claim::by-2019" in told
    assert "PASSED registry/registry.toml::snapshot::wire" in told
    assert "FAILED registry/claims.toml::claim::a-mistake" in told
    assert "has a quote that is not found in source 'wire': 'it was all a mistake'" in told


def test_a_changed_copy_fails_as_an_item_of_its_own(run, project, pinned):
    pinned(PUBLIC)
    (project.path / "registry" / "snapshots" / "wire.html").write_bytes(PAGE + b" ")

    told = run("2020-01-01", "registry", "-rA", "-k", "wire or by-2019").stdout.str()

    assert "FAILED registry/registry.toml::snapshot::wire" in told
    assert "FAILED registry/claims.toml::claim::by-2019" in told
    assert "CT682" in told


def test_an_absent_private_copy_is_skipped_and_said_to_be(run, pinned, monkeypatch, tmp_path):
    pinned(PRIVATE)
    monkeypatch.delenv("CLAIMTRACK_SNAPSHOTS", raising=False)

    told = run("2020-01-01", "registry", "-rs", "-k", "wire").stdout.str()

    assert "the copy is private; CLAIMTRACK_SNAPSHOTS names the folder that holds it" in told

    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "page").write_bytes(PAGE)
    monkeypatch.setenv("CLAIMTRACK_SNAPSHOTS", str(tmp_path / "mine"))
    run("2020-01-01", "registry", "-k", "snapshot and wire").assert_outcomes(passed=1, deselected=9)


def test_quotes_may_be_required(run, pinned):
    pinned("", settings='policy = { quotes = "required" }')

    told = run("2020-01-01", "registry", "-k", "by-2019").stdout.str()

    assert "has a quote that is unchecked in source 'wire': its source is not pinned" in told


def test_nothing_in_the_folder_of_copies_is_collected(run, project, pinned):
    pinned(PUBLIC)
    copies = project.path / "registry" / "snapshots"
    (copies / "hostile.toml").write_text('[registry]\ntitle = "x"\n[[claim]]\nid = "evil"\n')
    (copies / "test_evil.toml").write_text("not even TOML")

    told = run("2020-01-01", "registry", "--collect-only", "-q").stdout.str()

    assert "evil" not in told
    assert "hostile" not in told
