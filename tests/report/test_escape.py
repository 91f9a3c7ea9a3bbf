import csv
import io
import json
import re
import subprocess
import sys
import unicodedata
from html.parser import HTMLParser
from types import MappingProxyType
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claimtrack.escape import (
    for_csv,
    for_github_message,
    for_github_property,
    for_html,
    for_json,
    for_log_line,
    for_terminal,
    for_xml,
    safe_url,
    visible,
)
from tests.report.hostile import INJECTIONS, acting, commands, texts

FORMULA = set("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


class TestVisible:
    """What acts without being seen is shown."""

    @given(texts())
    def test_nothing_that_acts_is_left(self, text):
        assert acting(visible(text)) == set()

    def test_every_character_that_unicode_calls_control_or_format_is_shown(self):
        # no other plane has any
        codes = [*range(0x20000), *range(0xE0000, 0xE1000)]
        hidden = acting("".join(map(chr, codes)))
        hidden = [chr(int(name.removeprefix("U+"), 16)) for name in hidden]

        assert len(hidden) > 2000  # surrogates alone are 2048
        assert [hex(ord(one)) for one in hidden if visible(f"a{one}b") == f"a{one}b"] == []

    @given(texts())
    def test_what_is_shown_can_be_written_as_utf_8_and_is_one_line(self, text):
        shown = visible(text)

        shown.encode("utf-8")
        assert shown.splitlines() in ([shown], [])

    @given(texts())
    def test_it_is_idempotent(self, text):
        assert visible(visible(text)) == visible(text)

    @given(
        st.text(
            st.characters(
                categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u3164\uffa0\u115f\u1160"
            )
        )
    )
    def test_letters_numbers_signs_and_spaces_stay(self, text):
        assert visible(text) == text

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("a\nb", "a␊b"),
            ("a\tb", "a␉b"),
            ("\x1b[31m", "␛[31m"),
            ("\x7f", "␡"),
            ("\x9b", "\\x9b"),
            ("\u202e", "\\u202e"),
            ("\U000e0041", "\\U000e0041"),
            ("\ud800", "\\ud800"),
            ("\u2028", "\\u2028"),
        ],
    )
    def test_pictures_and_escapes(self, text, shown):
        assert visible(text) == shown

    @pytest.mark.parametrize(
        "text",
        ["می\u200cخواهم", "क्\u200dष", "க்\u200cஷ", "❤\ufe0f"],
        ids=["Persian", "Devanagari", "Tamil", "a red heart"],
    )
    def test_what_scripts_need_stays(self, text):
        assert visible(text) == text

    @pytest.mark.parametrize(
        "text", ["a\u200cb", "\u200d", "م\u200c", "#\ufe0f", "\ufe0f", "天\ufe0f"]
    )
    def test_the_same_characters_are_shown_elsewhere(self, text):
        assert not set("\u200c\u200d\ufe0f") & set(visible(text))


class TestTerminalAndLog:
    """A line is shown, and neither a terminal nor a build server obeys it."""

    @given(texts())
    def test_a_terminal_gets_one_line_that_begins_with_no_combining_mark(self, text):
        shown = for_terminal(text)

        assert acting(shown) == set()
        assert not shown or unicodedata.category(shown[0])[0] != "M"

    @given(texts())
    def test_no_command_is_left_in_a_log_line(self, text):
        assert commands(for_log_line(text)) == []

    def test_no_known_trick_works_in_a_log_line(self):
        for trick, text in INJECTIONS.items():
            assert commands(for_log_line(text)) == [], trick
            assert acting(for_log_line(text)) == set(), trick

    @given(texts())
    def test_only_backslashes_are_added(self, text):
        shown = for_log_line(text)

        assert shown.replace("\\", "") == for_terminal(text).replace("\\", "")

    def test_the_finder_of_commands_finds_them(self):
        tricks = [
            "::error::x",
            " \u00a0::a::",
            "\u200b::a::",
            ":\ufe0f:a::",
            "x ##[error]",
            "##vso[a]",
        ]

        assert [trick for trick in tricks if commands(trick)] == tricks

    def test_innocent_colons_and_hashes_stay(self):
        text = "at 12:30:45, std::vector, ## 3, C#[1] and f(x)::y"

        assert for_log_line(text) == text


class TestGitHub:
    """Workflow commands, decoded by a rewriting of what the runner does."""

    @staticmethod
    def decoded(line):
        match = re.fullmatch(r"::(\S+) (?:title=([^,:\r\n]*))::(.*)", line)
        assert match
        name, title, data = match.groups()
        for sign, code in (("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"), ("%", "%25")):
            title = title.replace(code, sign)
        for sign, code in (("\r", "%0D"), ("\n", "%0A"), ("%", "%25")):
            data = data.replace(code, sign)
        return name, title, data

    @given(texts(), texts())
    def test_a_command_says_what_it_was_given(self, title, message):
        line = f"::notice title={for_github_property(title)}::{for_github_message(message)}"

        name, read_title, read = self.decoded(line)

        assert name == "notice"
        assert read_title.replace("\\[", "[") == visible(title).replace("\\[", "[")
        expected = "\n".join(map(visible, message.split("\n")))
        assert read.replace("\\[", "[") == expected.replace("\\[", "[")

    def test_no_known_trick_ends_a_message_or_a_property(self):
        for trick, text in INJECTIONS.items():
            message, title = for_github_message(text), for_github_property(text)

            line = f"::error title={title}::{message}"
            assert len(message.splitlines()) <= 1, trick
            assert not set(":,\r\n") & set(title), trick
            assert commands(line) == [line], trick
            assert not re.search(r"##\w*\[", message + title), trick


class TestCsv:
    """No cell is a formula, with commas or with semicolons; the csv module reads it back."""

    @staticmethod
    def written(cell):
        file = io.StringIO()
        csv.writer(file).writerow([cell, "next"])
        return file.getvalue()

    @staticmethod
    def runs(cell):
        bare = cell.strip()
        plain_number = re.fullmatch(r"[+-]?\d+(\.\d+)?", bare, re.ASCII)
        return bool(bare) and bare[0] in FORMULA and not plain_number

    @given(texts())
    def test_no_cell_is_a_formula(self, text):
        (row,) = csv.reader(io.StringIO(self.written(for_csv(text))))

        assert len(row) == 2
        assert not self.runs(row[0])

    @given(texts())
    @example("x;=1")
    @example('"=')
    def test_no_cell_is_a_formula_where_semicolons_split(self, text):
        written = io.StringIO(self.written(for_csv(text)))

        cells = [cell for row in csv.reader(written, delimiter=";") for cell in row]
        assert [cell for cell in cells if self.runs(cell.removesuffix(",next"))] == []

    @given(texts())
    def test_only_apostrophes_and_backslashes_are_added(self, text):
        added = str.maketrans("", "", "'\\")

        assert for_csv(text).translate(added) == for_log_line(text).translate(added)

    @pytest.mark.parametrize(
        ("text", "cell"),
        [
            ("=cmd()", "'=cmd()"),
            (" =1", "' =1"),
            ("@a", "'@a"),
            ("\t=1", "␉=1"),
            ("\uff1d1", "'\uff1d1"),
            ("-", "'-"),
            ("-3", "-3"),
            ("+3.50", "+3.50"),
            ("-3+1", "'-3+1"),
            ("a;=1", "a;'=1"),
            ('a;"=1', "a;\"'=1"),
            ("a; - b", "a; '- b"),
            ("2019-12-02", "2019-12-02"),
            ("::error::x", "\\::error::x"),
            ("", ""),
        ],
    )
    def test_an_apostrophe_goes_in_front_of_formulas_only(self, text, cell):
        assert for_csv(text) == cell


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, attrs))

    def handle_endtag(self, tag):
        self.seen.append(f"/{tag}")

    def handle_comment(self, data):
        self.seen.append(f"<!--{data}")

    def handle_decl(self, decl):
        self.seen.append(decl)

    def handle_pi(self, data):
        self.seen.append(data)

    def handle_data(self, data):
        if self.seen and isinstance(self.seen[-1], list):
            self.seen[-1].append(data)
        else:
            self.seen.append([data])


class TestHtmlAndXml:
    """Independent parsers find one element, and in it what was to be shown."""

    @given(texts())
    def test_html_holds_the_text_and_nothing_else(self, text):
        reader = _Reader()
        reader.feed(f'<p title="{for_html(text)}">{for_html(text)}</p>')
        reader.close()

        shown = visible(text)
        inner = [["".join(part)] if isinstance(part, list) else part for part in reader.seen]
        assert inner == [("p", [("title", shown)]), *([[shown]] if shown else []), "/p"]

    @given(texts())
    def test_xml_holds_the_text_and_nothing_else(self, text):
        root = ET.fromstring(f"<a b='{for_xml(text)}' c=\"{for_xml(text)}\">{for_xml(text)}</a>")

        shown = visible(text)
        assert (root.get("b"), root.get("c"), root.text or "", len(root)) == (
            shown,
            shown,
            shown,
            0,
        )

    @given(texts())
    def test_the_source_is_safe_for_logs_templates_and_old_attributes(self, text):
        source = for_html(text)

        assert commands(source) == []
        assert not set("<>\"'`{}") & set(source)

    def test_no_known_trick_makes_an_element(self):
        for trick, text in INJECTIONS.items():
            root = ET.fromstring(f"<a>{for_xml(text)}</a>")

            assert (root.text or "", len(root)) == (visible(text), 0), trick


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), texts()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts(), inner, max_size=3),
    max_leaves=6,
)


def without_surrogates(value):
    if isinstance(value, str):
        return "".join(ascii(c)[1:-1] if "\ud800" <= c <= "\udfff" else c for c in value)
    if isinstance(value, list):
        return [without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(item) for key, item in value.items()}
    return value


class TestJson:
    """JSON loses nothing and may stand in a page."""

    @given(VALUES, st.sampled_from([None, 2]))
    def test_what_is_read_is_what_was_written(self, value, indent):
        assert json.loads(for_json(value, indent=indent)) == without_surrogates(value)

    @given(VALUES, st.sampled_from([None, 2, 4]))
    def test_it_is_laid_out_as_by_the_standard_library(self, value, indent):
        written = json.dumps(without_surrogates(value), indent=indent)

        unsafe = re.compile(r"[<>&']|(?<=##)\w*\[|(?<=\{)[{%]")
        assert for_json(value, indent=indent) == unsafe.sub(
            lambda found: f"{found.group()[:-1]}\\u{ord(found.group()[-1]):04x}", written
        )

    def test_a_mapping_that_is_no_dictionary_is_written_as_one(self):
        value = {"a": {"b": 1}, "c": {}}
        proxies = MappingProxyType({key: MappingProxyType(one) for key, one in value.items()})

        assert for_json(proxies) == for_json(value)
        assert for_json(proxies, indent=2) == for_json(value, indent=2)

    @given(VALUES, st.sampled_from([None, 2]))
    def test_it_is_safe_in_scripts_templates_and_logs(self, value, indent):
        text = for_json(value, indent=indent)

        assert text.isascii()
        assert not set("<>&'") & set(text)
        assert "{{" not in text
        assert "{%" not in text
        assert commands(text) == []

    def test_a_script_element_ends_where_it_should(self):
        for trick, text in INJECTIONS.items():
            reader = _Reader()
            reader.feed(f'<script type="application/ld+json">{for_json([text])}</script>')
            reader.close()

            assert [part for part in reader.seen if not isinstance(part, list)] == [
                ("script", [("type", "application/ld+json")]),
                "/script",
            ], trick

    def test_numbers_that_json_lacks_are_refused(self):
        with pytest.raises(ValueError, match="Out of range float values"):
            for_json(float("nan"))


class TestSafeUrl:
    """Only an address that is what it looks like becomes a link."""

    @pytest.mark.parametrize(
        "text",
        [
            "https://www.gazprom.com/press/news/2019/december/article493739/",
            "http://example.org",
            "https://example.org:8443/a?b=c&d=e#f",
            "HTTPS://EXAMPLE.ORG/",
            "https://[2001:db8::1]/x",
            "https://пример.рф/новости",
            "https://web.archive.org/web/2019/https://example.org/a",
        ],
    )
    def test_web_addresses_are_kept(self, text):
        assert safe_url(text) == text

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\tscript:alert(1)",
            "\x01javascript:alert(1)",
            "javascript://example.org/%0aalert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "ftp://example.org",
            "//example.org",
            "/path",
            "example.org",
            "https:",
            "https://",
            "https:///path",
            "https:example.org",
            "https:/example.org",
            "https://?a",
            "https://:80/",
            "https://example.org:port/",
            "https://example.org:99999/",
            "https://[::1",
            "https://user@example.org/",
            "https://bank.example@evil.example/",
            "https://example.org\\@evil.example/",
            "https:\\\\example.org",
            "https://example.org/a b",
            "https://exam\u00a0ple.org/",
            " https://example.org",
            "https://example.org\n",
            "ht\ntps://example.org",
            "https://example.org/\u202egnp",
            "https://example\u200b.org/",
            'https://example.org/"onmouseover="x',
            "https://example.org/<b>",
            "https://example.org/{{7*7}}",
            "https://example.org/\ud800",
        ],
    )
    def test_all_else_is_refused(self, text):
        assert safe_url(text) is None

    @given(
        st.one_of(texts(), texts().map("https://{}".format), texts().map("https://a.b/{}".format))
    )
    def test_what_is_kept_is_unchanged_and_plain(self, text):
        kept = safe_url(text)

        assert kept is None or (
            kept == text
            and re.match(r"https?://[^/?#@]", kept, re.IGNORECASE)
            and not re.search(r"[\s<>\"'\\]", kept)
            and acting(kept) == set()
        )


def test_the_module_needs_the_standard_library_only():
    code = (
        "import sys, claimtrack.escape, claimtrack.escape;"
        "print(sorted({'attr', 'attrs', 'tabulate', 'click'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
