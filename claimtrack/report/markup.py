r"""
Escape text for markup languages: Markdown, reStructuredText, LaTeX, Org and wikis.

As in `claimtrack.report.escape`, each function is pure, total and for one place: running text
or a cell of a table, on one line. White space at the ends is dropped, since all of these
languages give it a meaning there.
"""

import re
import string
from typing import Final

from claimtrack.report.escape import for_log_line, visible

_BREAK: Final = "\u200b"  # zero width space: GitHub offers no escape for what it links by itself

_MARKDOWN: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"}
    | {c: f"\\{c}" for c in "\\`*_[]{}~^!|#%"}
)
_MARKDOWN_FIRST: Final = re.compile(r"^(?:[-+](?![^\s+-])|=|:(?=:)|[0-9]+(?=[.)](?!\S)))")
_AUTOLINKS: Final = (
    (re.compile(r"@"), f"@{_BREAK}"),  # mentions, e-mail addresses
    (re.compile(r"#(?=\w)"), f"#{_BREAK}"),  # issues
    (re.compile(r"\b(gh-)(?=\d)", re.IGNORECASE), rf"\1{_BREAK}"),
    (re.compile(r":(?=//)"), f":{_BREAK}"),  # addresses
    (re.compile(r"\b(www)(?=\.)", re.IGNORECASE), rf"\1{_BREAK}"),
    (re.compile(r":(?![0-9]{1,2}:)(?=[\w+-]+:)"), f":{_BREAK}"),  # emoji by name; not 12:30:45
    (  # commits: 7 to 40 hexadecimal digits, both letters and figures
        re.compile(r"\b(?=[a-f]*\d)(?=\d*[a-f])([0-9a-f])(?=[0-9a-f]{6,39}\b)"),
        rf"\1{_BREAK}",
    ),
)

# besides ASCII, three bullets begin a list
_RST: Final = str.maketrans({c: f"\\{c}" for c in string.punctuation + "\u2022\u2023\u2043"})

_LATEX: Final = str.maketrans(
    {c: f"\\{c}" for c in "{}$&#_%"}
    | {
        "\\": r"\textbackslash{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r"\char34{}",  # many languages of babel make it a command; \textquotedbl needs T1
        "'": r"\textquotesingle{}",
        "`": r"\textasciigrave{}",
        "[": "{[}",  # after the end of a row, [ and * would be its arguments
        "]": "{]}",
        "*": "{*}",
        "-": "{-}",  # no ligatures: -- is not a dash
    }
)

_ORG: Final = str.maketrans(
    {"|": r"\vert{}", "\\": r"\backslash{}", "_": r"\under{}"}
    | {c: f"{_BREAK}{c}{_BREAK}" for c in "*/=~+[]<>{}@#^$"}
)
_ORG_LINK: Final = re.compile(r"(?<=[^\W\d]):(?=\S)")  # elisp: and shell: run what follows

_WIKI: Final = str.maketrans({c: f"&#{ord(c)};" for c in string.punctuation if c not in ",.?-"})
_WIKI_HYPHEN: Final = re.compile(r"(?<!\w)-|-(?!\w)")  # one inside a word or a day is plain


def for_markdown(text: str) -> str:
    r"""
    Make *text* inline Markdown that reads as it stands, on GitHub too.

    No emphasis, code, HTML, link, image, mention, reference, formula or emoji comes of it, and
    it does not end the cell of a table. What GitHub links by itself is broken with a zero width
    space, as there is no escape for it.

    Example:
        >>> for_markdown("a|b *c* <d>")
        'a\\|b \\*c\\* &lt;d&gt;'
    """
    shown = visible(text).strip()
    for pattern, broken in _AUTOLINKS:
        shown = pattern.sub(broken, shown)
    return _MARKDOWN_FIRST.sub(_guard, shown.translate(_MARKDOWN))


def _guard(match: re.Match[str]) -> str:
    first = match.group()
    return f"{first}\\" if first[0].isdigit() else f"\\{first}"


def for_rst(text: str) -> str:
    """Make *text* reStructuredText in which nothing is markup."""
    source = visible(text).strip().translate(_RST)
    return source if source.strip("\\") else f"\\ {source}" * bool(source)  # else a rule


def for_latex(text: str) -> str:
    """
    Make *text* LaTeX in which nothing is a command; braces stay balanced.

    Needs ``textcomp`` or a LaTeX of 2020 and later; text that is not Latin needs XeLaTeX or
    LuaLaTeX and a font that has it. Two colons are parted, as a row of a table may begin with
    them, and in the log of a build that would be a command.
    """
    return visible(text).strip().translate(_LATEX).replace("::", ":{}:").replace("::", ":{}:")


def for_org(text: str) -> str:
    """Make *text* a cell of an Org table without markup, links, macros or source blocks."""
    return _ORG_LINK.sub(f":{_BREAK}", for_log_line(text).strip()).translate(_ORG)


def for_wiki(text: str) -> str:
    """
    Write every sign in *text* as a character reference.

    AsciiDoc, Jira, MediaWiki, MoinMoin, Textile and YouTrack have little else in common.
    """
    return _WIKI_HYPHEN.sub("&#45;", visible(text).strip().translate(_WIKI))
