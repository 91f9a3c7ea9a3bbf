"""
Read the text of a page of HTML that a reader sees, with the parser of the standard library.

Every text node counts, the title too, but for those of scripts, style sheets and templates and of
elements that are hidden by an attribute or by their own style. Nothing is judged to be
"boilerplate": what a program drops by taste may be the words that are looked for.

Blocks (paragraphs, cells, headings, items) are separated by an empty line; a line break within
one is a line feed. No reference is followed and nothing is executed.
"""

import re
from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "button", "caption", "center"),
        *("dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr"),
        *("html", "iframe", "legend", "li", "main", "menu", "nav", "object", "ol", "optgroup"),
        *("option", "p", "pre", "search", "section", "select", "summary", "table", "tbody", "td"),
        *("textarea", "tfoot", "th", "thead", "title", "tr", "ul", "video", "audio"),
    }
)
_VOID: Final = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
        *("source", "track", "wbr"),
    }
)
_UNSEEN: Final = frozenset({"script", "style", "template"})
_ENDED_BY: Final = {
    "p": _BLOCKS,
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr", "tbody", "tfoot"}),
    "td": frozenset({"td", "th", "tr"}),
    "th": frozenset({"td", "th", "tr"}),
    "option": frozenset({"option", "optgroup"}),
}
"""Start tags that end an element whose end tag may be left out."""

_HIDING: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))(?![\w-])")
# The assertions before the spaces keep the time linear in the length of a run of them.
_SPACE: Final = re.compile(r"(?<![ \t\r\f])[ \t\r\f]*\n\s*")
_BLOCK: Final = "\n\n"


_COMMENT_END: Final = re.compile(r"--!?>")


class _VisibleText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._last_end = -1  # where the last tag, comment or declaration may end
        self.parts: list[str] = []
        self._hidden_in = ""  # the name of the element that hides what is read now
        self._depth = 0  # of elements of that name in it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden_in:
            if tag in _ENDED_BY.get(self._hidden_in, ()) and self._depth == 1:
                self._hidden_in = ""
            else:
                self._depth += tag == self._hidden_in
                return
        if tag in _BLOCKS:
            self.parts.append(_BLOCK)
        elif tag == "br":
            self.parts.append("\n")
        if tag not in _VOID and (tag in _UNSEEN or (attrs and _is_hidden(attrs))):
            self._hidden_in, self._depth = tag, 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # In HTML the slash means nothing, but for the elements of SVG, which have no blocks.
        self.handle_starttag(tag, attrs)
        if tag == self._hidden_in and tag not in _BLOCKS | _UNSEEN:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden_in:
            if tag == self._hidden_in:
                self._depth -= 1
                if not self._depth:
                    self._hidden_in = ""
            return
        if tag in _BLOCKS:
            self.parts.append(_BLOCK)

    def handle_data(self, data: str) -> None:
        if not self._hidden_in:
            self.parts.append(_SPACE.sub("\n", data) if "\n" in data else data)

    # The methods of the standard library that find the end of a tag, a comment or a declaration
    # search the rest of the page again for each one that is not closed, so a page of nothing but
    # "<!--" takes time quadratic in its length. As in browsers, what is not closed ends the page.

    def feed(self, data: str) -> None:
        self._last_end = data.rfind(">")
        super().feed(data)

    def parse_starttag(self, i: int) -> int:
        return len(self.rawdata) if i > self._last_end else super().parse_starttag(i)

    def parse_endtag(self, i: int) -> int:
        return len(self.rawdata) if i > self._last_end else super().parse_endtag(i)

    def parse_comment(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002, ARG002
        end = _COMMENT_END.search(self.rawdata, i + 2)  # "<!-->" is a comment
        return len(self.rawdata) if end is None else end.end()

    def parse_html_declaration(self, i: int) -> int:
        if self.rawdata.startswith("<!--", i):
            return self.parse_comment(i)
        return self.parse_pi(i)

    def parse_pi(self, i: int) -> int:
        return len(self.rawdata) if i > self._last_end else self.rawdata.index(">", i) + 1


def _is_hidden(attributes: list[tuple[str, str | None]]) -> bool:
    for name, value in attributes:
        if name == "hidden" and (value or "").lower() != "until-found":
            return True
        if name == "style" and value and _HIDING.search(value.lower()):
            return True
    return False


_GAPS: Final = re.compile(r"(?<![ \t])[ \t]*\n[ \t]*\n\s*")


def visible_text(page: str) -> str:
    r"""
    Return the text of *page* that a reader sees.

    Example:
        >>> visible_text("<p>One <b>w</b>ord</p><p hidden>two</p><script>3</script>four")
        'One word\n\nfour'
    """
    parser = _VisibleText()
    parser.feed(page)
    parser.close()
    return _GAPS.sub(_BLOCK, "".join(parser.parts)).strip()
