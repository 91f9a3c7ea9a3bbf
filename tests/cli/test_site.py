"""``claimtrack site`` from the command line."""

import json
import sys

import pytest

from claimtrack.cli.main import main

DAY = ("--as-of", "2020-06-01")


def test_a_site_is_written_and_then_left_alone(pipelines, tmp_path, capsys):
    folder = tmp_path / "public"

    first = main(["site", str(pipelines), *DAY, "-o", str(folder)])
    again = main(["site", str(pipelines), *DAY, "-o", str(folder)])

    assert (first, again) == (0, 0)
    number = sum(path.is_file() and path.suffix != "" for path in folder.rglob("[a-z]*"))
    assert capsys.readouterr().out.splitlines() == [
        f"{folder / 'index.html'}: {number} pages written, 0 unchanged",
        f"{folder / 'index.html'}: 0 pages written, {number} unchanged",
    ]


def test_one_edit_writes_only_the_pages_that_it_changes(pipelines, tmp_path, capsys):
    folder = tmp_path / "public"
    main(["site", str(pipelines), *DAY, "-o", str(folder)])
    text = pipelines.read_text("utf-8")
    pipelines.write_text(text.replace("it was a mistake", "it was a big mistake"), "utf-8")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")}
    capsys.readouterr()

    main(["site", str(pipelines), *DAY, "-o", str(folder)])

    touched = {
        path.relative_to(folder).as_posix()
        for path, time in before.items()
        if path.stat().st_mtime_ns != time and path.name != ".claimtrack-site"
    }
    assert touched == {
        *("index.html", "audit.json", "claims/a-mistake.html", "speakers/skeptic.html"),
        *("embed/a-mistake.html", "cards/a-mistake.svg", "reviews.json"),
        *("data/claims.csv", "data/claims.jsonl"),
    }


def test_a_site_has_the_title_the_publisher_and_the_address_that_are_given(pipelines, tmp_path):
    main(
        [
            *("site", str(pipelines), *DAY, "-o", str(tmp_path / "public")),
            *("--title", "Promises", "--publisher", "The Desk"),
            *("--url", "https://news.example/p"),
        ]
    )

    page = (tmp_path / "public/claims/gas-by-2019.html").read_text("utf-8")
    assert "<title>Gas flows to China by the end of 2019. · Promises</title>" in page
    review = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert review["author"]["name"] == "The Desk"
    assert review["url"] == "https://news.example/p/claims/gas-by-2019.html"
    feed = (tmp_path / "public/changes.atom").read_text("utf-8")
    assert 'href="https://news.example/p/claims/gas-by-2019.html"' in feed


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "news.example", "https://a.example/?q=1", "https://a.example/#x"]
)
def test_an_address_that_is_no_folder_on_the_web_is_refused(pipelines, tmp_path, capsys, url):
    status = main(["site", str(pipelines), "-o", str(tmp_path / "public"), "--url", url])

    assert status == 2
    assert capsys.readouterr().err.endswith(
        f"Error: Invalid value for '--url': {url!r} is no address of a folder on the web\n"
    )
    assert not (tmp_path / "public").exists()


def test_a_place_where_nothing_can_be_written_is_told(pipelines, tmp_path, capsys):
    (tmp_path / "public").write_text("a file")

    status = main(["site", str(pipelines), *DAY, "-o", str(tmp_path / "public" / "below")])

    assert status == 5
    assert capsys.readouterr().err == (
        f"{str(tmp_path / 'public' / 'below')!r} cannot be written: Not a directory\n"
    )


def test_a_folder_of_somebody_else_is_refused_unless_told(pipelines, tmp_path, capsys):
    folder = tmp_path / "public"
    folder.mkdir()
    (folder / "index.html").write_text("mine")

    assert main(["site", str(pipelines), *DAY, "-o", str(folder)]) == 2
    assert capsys.readouterr().err.startswith(f"CT910 {str(folder)!r} holds 'index.html', which ")
    assert (folder / "index.html").read_text() == "mine"

    assert main(["site", str(pipelines), *DAY, "-o", str(folder), "--overwrite"]) == 0
    told = capsys.readouterr().out.splitlines()[1]
    assert told == "index.html was not as claimtrack had written it; it is replaced"


def test_without_its_extra_nothing_is_written_and_the_extra_is_named(
    pipelines, tmp_path, monkeypatch, capsys
):
    monkeypatch.setitem(sys.modules, "jinja2", None)

    status = main(["site", str(pipelines), *DAY, "-o", str(tmp_path / "public")])

    assert (status, (tmp_path / "public").exists()) == (2, False)
    assert capsys.readouterr().err == (
        "CT901 claimtrack site needs jinja2, which is not installed; "
        "run: pip install 'claimtrack[site]'\n"
    )
