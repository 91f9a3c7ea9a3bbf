import re

import docutils.core
import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt

from claimtrack.escape import for_latex, for_markdown, for_rst, visible
from tests.report.hostile import INJECTIONS, texts

BREAK = "\u200b"


def blanks_joined(text):
    return " ".join(text.split())


def markdown_cell(source):
    """Read *source* as the cell of a table and return the kinds of its parts, and its words."""
    tokens = (
        MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .parse(f"| h |\n|---|\n| {source} |\n")
    )
    kinds = [token.type for token in tokens]
    assert kinds.count("table_open") == kinds.count("tbody_open") == kinds.count("td_open") == 1
    assert not {"html_block", "fence", "code_block", "heading_open"} & set(kinds)
    inline = tokens[kinds.index("td_open") + 1]
    return {part.type for part in inline.children}, "".join(
        part.content for part in inline.children
    )


def markdown_paragraph(source):
    tokens = MarkdownIt("commonmark").parse(source)
    return [token.type for token in tokens]


class TestMarkdown:
    """A Markdown parser finds the words and nothing else, in a table and in a paragraph."""

    @given(texts())
    def test_a_cell_is_plain_text(self, text):
        kinds, words = markdown_cell(for_markdown(text))

        assert kinds <= {"text", "text_special"}
        assert words.replace(BREAK, "").strip() == visible(text).strip()

    def test_no_known_trick_works_in_a_cell(self):
        for trick, text in INJECTIONS.items():
            kinds, words = markdown_cell(for_markdown(text))

            assert kinds <= {"text", "text_special"}, trick
            assert words.replace(BREAK, "").strip() == visible(text).strip(), trick

    @given(texts())
    def test_a_paragraph_stays_one(self, text):
        source = for_markdown(text)

        kinds = markdown_paragraph(source)
        assert kinds == (["paragraph_open", "inline", "paragraph_close"] if source.split() else [])

    @pytest.mark.slow
    @given(texts())
    def test_what_github_links_by_itself_is_broken(self, text):
        _, words = markdown_cell(for_markdown(text))

        assert not re.search(r"@\w", words)
        assert not re.search(r"#\w|\bgh-\d", words, re.IGNORECASE)
        assert "://" not in words
        assert not re.search(r"\bwww\.", words, re.IGNORECASE)

    @given(texts())
    @example("{%")
    def test_templates_and_formulas_are_broken(self, text):
        source = for_markdown(text)

        assert not any(sign in source for sign in ("{{", "{%", "${", "$"))

    @pytest.mark.parametrize(
        ("text", "source"),
        [
            ("first gas on 2 Dec 2019", "first gas on 2 Dec 2019"),
            ("a|b", r"a\|b"),
            (r"a\|b", r"a\\\|b"),
            ("*a* _b_ `c`", r"\*a\* \_b\_ \`c\`"),
            ("<b> & $", "&lt;b&gt; &amp; &#36;"),
            ("@bob", f"@{BREAK}bob"),
            ("see #12", rf"see \#{BREAK}12"),
            ("GH-12", f"GH-{BREAK}12"),
            ("https://a.org", f"https:{BREAK}//a.org"),
            ("www.a.org", f"www{BREAK}.a.org"),
            (":smile:", f":{BREAK}smile:"),
            ("at 12:30:45", "at 12:30:45"),
            ("0a1b2c3d", f"0{BREAK}a1b2c3d"),
            ("1234567 defaced", "1234567 defaced"),
            ("- a", r"\- a"),
            ("1. a", r"1\. a"),
            ("# a", r"\# a"),
            ("===", r"\==="),
        ],
    )
    def test_the_source_stays_readable(self, text, source):
        assert for_markdown(text) == source


RST_SETTINGS = {"report_level": 1, "halt_level": 2, "file_insertion_enabled": False}


def rst_text(source):
    return docutils.core.publish_doctree(source, settings_overrides=RST_SETTINGS)


class TestRst:
    """docutils finds one paragraph with the words."""

    @given(texts())
    @example("\\\\")  # a line of one sign is a rule
    def test_it_is_one_paragraph_with_the_words(self, text):
        document = rst_text(for_rst(text))

        paragraphs = [node.tagname for node in document.children]
        assert paragraphs == (["paragraph"] if visible(text).strip() else [])
        assert all(node.tagname == "#text" for part in document.children for node in part.children)
        assert blanks_joined(document.astext()) == blanks_joined(visible(text))

    def test_no_known_trick_works(self):
        for trick, text in INJECTIONS.items():
            document = rst_text(for_rst(text))

            inner = [node for part in document.children for node in part.children]
            assert {node.tagname for node in inner} <= {"#text"}, trick
            assert blanks_joined(document.astext()) == blanks_joined(visible(text)), trick


LATEX_SAFE = re.compile(
    r"\\[{}$&#_%]|\\text[a-z]+\{\}|\\char34\{\}|\{[\[\]*-]\}|\{\}|[^\\{}$&#_%^~<>|\"'`\[\]*-]"
)
LATEX_NAMES = {
    r"\textbackslash{}": "\\",
    r"\textasciicircum{}": "^",
    r"\textasciitilde{}": "~",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textbar{}": "|",
    r"\char34{}": '"',
    r"\textquotesingle{}": "'",
    r"\textasciigrave{}": "`",
    "{}": "",
}


class TestLatex:
    """Only commands from a short list appear, and they give back the words."""

    @given(texts())
    def test_the_words_can_be_read_back_from_the_allowed_commands(self, text):
        source = for_latex(text)

        pieces = LATEX_SAFE.findall(source)
        assert "".join(pieces) == source
        read = "".join(
            LATEX_NAMES.get(one, one.strip("{}") if one[0] == "{" and len(one) == 3 else one[-1])
            for one in pieces
        )
        assert read == visible(text).strip()

    @given(texts())
    def test_no_row_begins_with_a_command_of_a_build_server(self, text):
        assert "::" not in for_latex(text)
        assert not re.search(r"##\w*\[", for_latex(text))
