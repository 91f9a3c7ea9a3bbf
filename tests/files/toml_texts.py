"""
Random TOML documents in random styles, with the place of everything in them.

The writer notes the line and the column of each key and element as it writes it, so what it notes
is an answer that was found without reading anything.
"""

import json
from random import Random

from hypothesis import strategies as st

SCALARS = [
    "true",
    "-17",
    "0x1F",
    "1_000",
    "6.5e-3",
    "inf",
    "-nan",
    "2019-12-02",
    "2019-12-02T10:00:00Z",
    "2019-12-02 10:00:00.5+03:00",
    "07:32:00",
]
TRICKY = [
    "a",
    "#",
    '"',
    "'",
    "\\",
    "[[claim]]",
    "\n[[claim]]\n",
    "]",
    "}",
    "=",
    ",",
    "é",
    "😀",
    "\t",
]

texts = st.lists(st.sampled_from(TRICKY), max_size=4).map("".join)
keys = st.one_of(st.sampled_from(["claim", "reading", "id", "all", "7", "true", "-_"]), texts)
values = st.recursive(
    st.sampled_from(SCALARS).map(lambda scalar: (scalar,)) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
"""A text, a tuple of one token, or lists and dicts of these."""

tables = st.dictionaries(keys, values, max_size=4)
documents = st.dictionaries(
    keys, values | tables | st.lists(tables, min_size=1, max_size=3), max_size=5
)


class Writer:
    """Write one document; *places* says where each path stands, *headed* which have ``[[``."""

    def __init__(self, style: Random) -> None:
        self.style = style
        self.newline = style.choice(["\n", "\n", "\r\n"])
        self.text = ""
        self.places = {}
        self.headed = set()

    def place(self):
        line = self.text.count("\n") + 1
        return line, len(self.text) - (self.text.rfind("\n") + 1) + 1

    def maybe(self, *choices):
        self.text += self.style.choice(["", *choices])

    def blank(self):
        self.maybe(" ", "\t", "  ")

    def end_line(self):
        self.blank()
        self.maybe("# [[claim]] \"'''", "#")
        self.text += self.newline
        self.maybe(self.newline, "  # x = '" + self.newline, " \t" + self.newline)

    def document(self, document):
        self.maybe(self.newline, "# a comment" + self.newline)
        self.table((), (), document)
        if self.style.random() < 0.3:
            self.text = self.text.rstrip("\r\n")
        return self

    def table(self, path, names, table):
        """Write the keys of a table, then the tables in it that have headers of their own."""
        sections = {key: form for key in table if (form := self.section_form(table[key]))}
        for key, value in table.items():
            if key not in sections:
                self.statement(path, (), key, value)
        for key, form in sections.items():
            form(path, (*names, key), table[key])

    def section_form(self, value):
        if self.style.random() < 0.5:
            return None
        if isinstance(value, dict):
            return self.section
        is_array = isinstance(value, list) and value and all(isinstance(v, dict) for v in value)
        return self.array_of_sections if is_array else None

    def header(self, names, opening, closing):
        self.blank()
        start = self.place()
        self.text += opening
        self.blank()
        for number, name in enumerate(names):
            if number:
                self.dot()
            self.text += self.key(name)
        self.blank()
        self.text += closing
        self.end_line()
        return start

    def dot(self):
        self.blank()
        self.text += "."
        self.blank()

    def section(self, path, names, table):
        """Write a table and return where its first header stands, be it that of a table in it."""
        path = (*path, names[-1])
        if table and all(isinstance(v, dict) for v in table.values()) and self.style.random() < 0.5:
            return self.implied(path, names, table)
        start = self.places[path] = self.header(names, "[", "]")
        self.table(path, names, table)
        return start

    def implied(self, path, names, table):
        """Write the tables in a table first, and its own header, if at all, after them."""
        start, *_ = [self.section(path, (*names, key), table[key]) for key in table]
        is_named = self.style.random() < 0.5
        self.places[path] = self.header(names, "[", "]") if is_named else start
        return start

    def array_of_sections(self, path, names, elements):
        path = (*path, names[-1])
        for index, element in enumerate(elements):
            start = self.header(names, "[[", "]]")
            self.places.setdefault(path, start)
            self.places[*path, index] = start
            self.headed.add((*path, index))
            self.table((*path, index), names, element)

    def statement(self, path, before, key, value):
        """Write ``key = value``, or, for a table, perhaps a line ``key.inner = ...`` for each."""
        if isinstance(value, dict) and value and self.style.random() < 0.4:
            for inner in value:
                self.statement(path, (*before, key), inner, value[inner])
            return
        self.blank()
        self.dotted(path, (*before, key), value, self.blank)
        self.end_line()

    def dotted(self, path, names, value, blank):
        for number, name in enumerate(names):
            if number:
                self.dot()
            path = (*path, name)
            self.places.setdefault(path, self.place())
            self.text += self.key(name)
        blank()
        self.text += "="
        blank()
        self.value(path, value)

    def value(self, path, value):
        if isinstance(value, tuple):
            self.text += value[0]
        elif isinstance(value, str):
            self.text += self.string(value)
        elif isinstance(value, list):
            self.array(path, value)
        else:
            self.inline_table(path, value)

    def space(self):
        """Write what may stand between the elements of an array."""
        for _ in range(self.style.choice([0, 0, 1, 2])):
            self.maybe(" ", "\t", self.newline, '#]}[[claim]]"' + self.newline)

    def array(self, path, elements):
        self.text += "["
        for index, element in enumerate(elements):
            self.space()
            self.places[*path, index] = self.place()
            self.value((*path, index), element)
            self.space()
            if index < len(elements) - 1 or self.style.random() < 0.3:
                self.text += ","
        self.space()
        self.text += "]"

    def inline_table(self, path, table):
        self.text += "{"
        for number, (key, value) in enumerate(table.items()):
            if number:
                self.text += ","
            self.blank()
            is_dotted = isinstance(value, dict) and len(value) == 1 and self.style.random() < 0.5
            ((inner, only),) = value.items() if is_dotted else ((None, value),)
            self.dotted(path, (key, inner) if is_dotted else (key,), only, self.blank)
            self.blank()
        self.text += "}"

    def key(self, name):
        is_bare = name.replace("-", "a").replace("_", "a").isalnum() and name.isascii()
        if is_bare and self.style.random() < 0.8:
            return name
        if not set(name) & {"'", "\n"} and self.style.random() < 0.5:
            return f"'{name}'"
        return self.basic(name)

    def string(self, value):
        forms = [self.basic]
        if not set(value) & {"'", "\n"}:
            forms.append("'{}'".format)
        if "'''" not in value:
            forms.append(lambda text: f"'''{self.newline}{text.replace(chr(10), self.newline)}'''")
        forms.append(self.long_basic)
        return self.style.choice(forms)(value)

    def basic(self, value):
        return json.dumps(value, ensure_ascii=False)

    def long_basic(self, value):
        text = value.replace("\\", "\\\\").replace('"""', '""\\"').replace("\n", self.newline)
        end = self.style.choice(["", "\\" + self.newline + "  \t" + self.newline])
        return f'"""{self.newline}{text}{end}"""'


@st.composite
def written(draw, contents=documents):
    """Documents with their places: a `Writer` that has written one."""
    style = Random(draw(st.integers(0, 2**32)))
    return Writer(style).document(draw(contents))
