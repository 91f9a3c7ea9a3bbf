"""A line of other people's words beside a table acts as little as a cell of it."""

from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from claimtrack.escape import for_log_line
from claimtrack.report.formats import FORMATS, render_line
from tests.report.hostile import INJECTIONS, commands

WITHOUT_LINES = {"csv", "tsv", "json", "jsonl"}


class Tags(HTMLParser):
    """Gather the tags of a text."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, attrs))


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in WITHOUT_LINES])
def test_a_line_stays_one_line_and_commands_nothing(name):
    for trick, text in INJECTIONS.items():
        line = render_line(text, name)

        assert line.splitlines() in ([], [line]), trick
        assert commands(line) == [], trick


def test_a_line_of_html_is_one_paragraph_of_text():
    for trick, text in INJECTIONS.items():
        tags = Tags()
        tags.feed(render_line(text, "html"))

        assert tags.found == [("p", [("dir", "auto")])], trick


def test_a_line_of_markdown_has_no_markup():
    reader = MarkdownIt("gfm-like", {"linkify": False})
    for trick, text in INJECTIONS.items():
        tokens = reader.parse(render_line(text, "markdown"))

        kinds = {token.type for token in tokens}
        inline = {child.type for token in tokens for child in token.children or ()}
        assert kinds <= {"paragraph_open", "inline", "paragraph_close"}, trick
        assert inline <= {"text", "text_special"}, trick


def test_a_line_for_the_eye_is_escaped_for_a_log():
    assert render_line("a\x1b[31mb", "table") == for_log_line("a\x1b[31mb")


@pytest.mark.parametrize("name", sorted(WITHOUT_LINES))
def test_a_format_for_programs_has_no_lines(name):
    with pytest.raises(ValueError, match=rf"^format '{name}' has no lines; expected one of table"):
        render_line("text", name)
