r"""
Escape untrusted text for each kind of output.

Quotes, titles and notes come from anywhere. Every escaper here is a pure, total function from
text to text for *one* kind of output; the code that writes the output calls it once, last. None
depends on what a registry is.

All start from `visible`, so that no text moves a cursor, ends a line, reverses the reading order or
is hidden: an invisible character with an effect is shown (``\n`` as ``␊``, U+202E as ``\u202e``).
JSON is the exception, since it can carry every character as an ASCII escape.

Workflow commands of continuous integration servers are broken up in every format, since any of them
may be printed into a log: ``::command::`` at the start of a line, ``##[command]`` and
``##vso[command]`` anywhere in one. The runners compare texts by culture, which skips characters of
no width; the character that breaks a command therefore has to be visible, here a backslash.
"""

import re
import string
import unicodedata
from collections.abc import Mapping
from json.encoder import JSONEncoder, encode_basestring_ascii
from typing import Final
from urllib.parse import urlsplit

_INVISIBLE: Final = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # controls C0, DEL and C1: line ends, ESC, CSI, OSC
    "\xad\u034f"  # soft hyphen, grapheme joiner
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls
    "\u115f\u1160\u3164\uffa0\u17b4\u17b5"  # letters without a shape
    "\u180b-\u180f\ufe00-\ufe0f"  # variation selectors
    "\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff"  # no width
    "\u2028\u2029"  # line and paragraph separator
    "\ud800-\udfff"  # lone surrogates, which no file can hold
    "\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff"  # noncharacters, annotations
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # format controls
    "\U000e0000-\U000e0fff"  # tags and more variation selectors
    + "".join(map(chr, (p << 16 | last for p in range(1, 17) for last in (0xFFFE, 0xFFFF))))
    + "]"
)
_JOINERS: Final = "\u200c\u200d"
_PRESENTATION: Final = "\ufe0e\ufe0f"
_VIRAMA: Final = 9  # canonical combining class

_COMMAND: Final = re.compile(r"(##\w*)\[")
_FORMULA: Final = r"[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]"
_FORMULA_FIRST: Final = re.compile(rf"\s*{_FORMULA}")
_FORMULA_LATER: Final = re.compile(rf"(;[\s\"']*)(?={_FORMULA})")
_FORMULA_CALLS: Final = re.compile(r"[(|!#'\"\[]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_REFERENCES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"} | {c: f"&#{ord(c)};" for c in "'`{}"}
)
_JSON: Final = JSONEncoder(ensure_ascii=True, allow_nan=False)
_JSON_UNSAFE: Final = re.compile(r"(?<=##)\w*\[|(?<=\{)[{%]")
_JSON_ESCAPES: Final = [(character, f"\\u{ord(character):04x}") for character in "<>&'"]
_NOT_IN_ADDRESSES: Final = re.compile(r"[\s\\<>\"'`{}|^]")


def visible(text: str) -> str:
    r"""
    Show every invisible character that has an effect on a screen.

    C0 controls and DEL become their pictures (``␛``), all others Python's escapes
    (``\u202e``). Joiners stay where scripts need them (RFC 5892, appendix A: after a virama,
    and between Arabic letters), and the two presentation selectors after a symbol.

    Returns:
        One line of text that can be encoded in UTF-8.

    Example:
        >>> visible("a\x1b[2Jb\u202e")
        'a␛[2Jb\\u202e'
    """
    return text if text.isprintable() and text.isascii() else _INVISIBLE.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if code < 0x20:  # noqa: PLR2004
        return chr(0x2400 + code)
    if character == "\x7f":
        return "\u2421"
    before = match.string[max(match.start() - 1, 0) : match.start()]
    after = match.string[match.end() : match.end() + 1]
    if character in _JOINERS and _joins(before, after):
        return character
    if character in _PRESENTATION and not before.isascii() and _is_symbol(before):
        return character
    return ascii(character)[1:-1]


def _joins(before: str, after: str) -> bool:
    if not before or not after:
        return False
    if unicodedata.combining(before) == _VIRAMA:
        return True
    return unicodedata.bidirectional(before) == unicodedata.bidirectional(after) == "AL"


def _is_symbol(character: str) -> bool:
    return unicodedata.category(character)[0] in "SP"


def for_terminal(text: str) -> str:
    """
    Make *text* one line without control sequences for a terminal.

    A combining mark at the start gets a dotted circle, so that it does not change the text before.
    """
    shown = visible(text)
    if shown[:1].isascii() or unicodedata.category(shown[0])[0] != "M":
        return shown
    return f"\u25cc{shown}"


def for_log_line(text: str) -> str:
    r"""
    Make *text* one line that is safe in the log of a continuous integration server.

    For GitHub, Forgejo and Gitea (``::name::`` at the start, after white space too, and the
    old ``##[name]`` anywhere), Azure (``##vso[name]``) and TeamCity (``##teamcity[name``).
    A command is broken with a backslash.

    Example:
        >>> for_log_line(" ::error::x ##[add-mask]y")
        ' \\::error::x ##\\[add-mask]y'
    """
    if text.isascii() and text.isprintable() and "::" not in text and "##" not in text:
        return text
    shown = _COMMAND.sub(r"\1\\[", for_terminal(text))
    if "::" not in shown:
        return shown
    start = next((i for i, c in enumerate(shown) if not _is_skipped(c)), len(shown))
    return f"{shown[:start]}\\{shown[start:]}" if shown.startswith("::", start) else shown


def _is_skipped(character: str) -> bool:
    return character.isspace() or unicodedata.category(character)[0] in "CM"


def for_github_message(text: str) -> str:
    r"""
    Encode the message of a GitHub workflow command; line feeds stay line ends within it.

    Example:
        >>> for_github_message("100%\n::error::x")
        '100%25%0A::error::x'
    """
    lines = (_COMMAND.sub(r"\1\\[", visible(line)) for line in text.split("\n"))
    return "%0A".join(line.replace("%", "%25") for line in lines)


def for_github_property(text: str) -> str:
    """Encode one property of a GitHub workflow command, as ``file`` or ``title``: one line."""
    shown = _COMMAND.sub(r"\1\\[", visible(text))
    return shown.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def for_csv(text: str) -> str:
    r"""
    Make *text* a cell that no spreadsheet takes for a formula; the ``csv`` module quotes it.

    A cell that begins, after white space, with ``=``, ``+``, ``-`` or ``@`` (full-width and
    small forms too) gets an apostrophe in front, unless it is a plain number. So does such a
    character after a semicolon, where many spreadsheets split. Tabs and line ends are shown.

    Example:
        >>> for_csv("=cmd()"), for_csv("-3.5"), for_csv("a;=cmd()")
        ("'=cmd()", '-3.5', "a;'=cmd()")
    """
    shown = for_log_line(text)
    if shown[:1].isalnum() and ";" not in shown:  # nearly every cell
        return shown
    if _NUMBER.fullmatch(shown):
        return shown
    quoted = _FORMULA_LATER.sub(r"\1'", shown)
    return f"'{quoted}" if _FORMULA_FIRST.match(quoted) else quoted


def for_sheet(text: str) -> str:
    r"""
    Make *text* a cell of a sheet as `for_csv` does, but with its tabs and line ends.

    Example:
        >>> for_sheet("two\nlines"), for_sheet("=cmd()")
        ('two\nlines', "'=cmd()")
    """
    if _NUMBER.fullmatch(text.strip()):
        return text
    quoted = _FORMULA_LATER.sub(r"\1'", text)
    return f"'{quoted}" if _FORMULA_FIRST.match(quoted) else quoted


def for_csv_key(text: str) -> str:
    r"""
    Make an id or a day a cell with its text unchanged, so that programs can compare it.

    It keeps a ``=``, ``+``, ``-`` or ``@`` at its start, which `for_csv` would escape: without
    brackets, quotes, ``|``, ``!`` and ``#`` a formula can call nothing and reach no other file.
    With one of these it is escaped like any text.

    Example:
        >>> for_csv_key("@mayor"), for_csv_key("-0043-03-15"), for_csv_key("=cmd|'/c'!A1")
        ('@mayor', '-0043-03-15', "'=cmd|'/c'!A1")
    """
    shown = for_log_line(text)
    if shown[:1].isalnum() and ";" not in shown:
        return shown
    return for_csv(text) if _FORMULA_CALLS.search(text) else shown


def for_html(text: str) -> str:
    """
    Make *text* character data for HTML: for an element or a quoted attribute.

    Braces are escaped too, for a template engine that may process the page again.
    Not for scripts, styles, or addresses, for which see `safe_url`.
    """
    return _with_references(text)


def for_xml(text: str) -> str:
    """Make *text* character data for XML 1.0: for an element or a quoted attribute, one line."""
    return _with_references(text)


def _with_references(text: str) -> str:
    shown = visible(text).translate(_REFERENCES)
    return shown.replace("::", "&#58;&#58;").replace("##", "&#35;&#35;")


def for_json(value: object, *, indent: int | None = None) -> str:
    r"""
    Write *value* as JSON in ASCII that may also stand inside a ``script`` element.

    The JSON decodes to *value*, except for lone surrogates, which are shown as escapes.

    Args:
        value: Dictionaries with text keys, lists, tuples, text, numbers, booleans, None.
        indent: Spaces for each level; None writes one line.

    Example:
        >>> for_json("</script>")
        '"\\u003c/script\\u003e"'
    """
    text = _json(value, indent)
    if "\\ud" in text:  # a surrogate, which no file can hold, unless it is half of a pair
        text = _json(_scalars(value), indent)
    # Looking for characters takes a tenth of the time of the expression.
    for character, escape in _JSON_ESCAPES:
        if character in text:
            text = text.replace(character, escape)
    if "##" in text or "{{" in text or "{%" in text:
        text = _JSON_UNSAFE.sub(_json_escape, text)
    return text


def _json(value: object, indent: int | None) -> str:
    return _one_line(value) if indent is None else _indented(value, " " * indent, "\n")


def _one_line(value: object) -> str:
    try:
        return _JSON.encode(value)
    except TypeError:  # a mapping that is no dictionary
        return _JSON.encode(_scalars(value))


def _indented(value: object, step: str, line: str) -> str:
    """
    Return the text of `json.dumps` with an indent, which would not use its encoder in C.

    Args:
        value: The value.
        step: The spaces of a level.
        line: A line end, and the spaces before the end of *value*.
    """
    if isinstance(value, str):
        return encode_basestring_ascii(value)
    inner = line + step
    if isinstance(value, dict) and value:
        items = [
            f"{encode_basestring_ascii(key)}: {_indented(item, step, inner)}"
            for key, item in value.items()
        ]
        return f"{{{inner}{f',{inner}'.join(items)}{line}}}"
    if isinstance(value, list | tuple) and value:
        items = [_indented(item, step, inner) for item in value]
        return f"[{inner}{f',{inner}'.join(items)}{line}]"
    if value is None or value is True:  # as in nearly every row
        return "null" if value is None else "true"
    if isinstance(value, Mapping) and value:
        return _indented(dict(value), step, line)
    return _one_line(value)


def _json_escape(match: re.Match[str]) -> str:
    found = match.group()
    return f"{found[:-1]}\\u{ord(found[-1]):04x}"


def _scalars(value: object) -> object:
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", lambda m: ascii(m.group())[1:-1], value)
    if isinstance(value, Mapping):
        return {_scalars(key): _scalars(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_scalars(item) for item in value]
    return value


def safe_url(text: str) -> str | None:
    """
    Return *text* if it is an address that a page may link to, else None.

    It needs ``http`` or ``https``, a host, a valid port, and nothing that makes an address look
    like another one or end early: white space, invisible characters, quotes, angle brackets,
    backslashes, a user name. The result still has to be escaped for its output.
    """
    if visible(text) != text or _NOT_IN_ADDRESSES.search(text):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and text[len(parts.scheme) :].startswith("://")
    return text if is_web and parts.hostname and "@" not in parts.netloc else None


_BREAK: Final = "\u200b"  # zero width space: GitHub has no escape for what it links by itself

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


def for_markdown(text: str) -> str:
    r"""
    Make *text* inline Markdown that reads as it stands, on GitHub too.

    It makes no emphasis, code, HTML, link, image, mention, reference, formula or emoji, and does
    not end the cell of a table. What GitHub links by itself is broken with a zero width space,
    since there is no escape for it.

    Example:
        >>> for_markdown("a|b *c* <d>")
        'a\\|b \\*c\\* &lt;d&gt;'
    """
    shown = visible(text).strip()
    for pattern, broken in _AUTOLINKS:
        shown = pattern.sub(broken, shown)
    return _MARKDOWN_FIRST.sub(_escape_first, shown.translate(_MARKDOWN))


def _escape_first(match: re.Match[str]) -> str:
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
    LuaLaTeX and a font that has it. Two colons are separated: at the start of a row, in the log
    of a build, they would be a workflow command.
    """
    return visible(text).strip().translate(_LATEX).replace("::", ":{}:").replace("::", ":{}:")
