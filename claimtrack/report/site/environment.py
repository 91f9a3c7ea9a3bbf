"""
Templates, and the policy that each page carries.

Whatever a template prints is escaped for HTML by `for_html`, in every template, without being
asked; only what this package made itself is `Markup`. The style and the script of the site stand
in the pages, so that they also work from a file system, where a page has no origin that a policy
could name; their digests name them instead.
"""

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from claimtrack.errors import require
from claimtrack.report.escape import for_html, for_json, safe_url
from claimtrack.report.site.tokens import stylesheet
from claimtrack.report.words import counted, day_words, span_words

if TYPE_CHECKING:
    from jinja2 import Environment

PACKAGE: Final = "claimtrack.report.site"
_REMEMBERED: Final = 1 << 14
"""Texts, days and spans that stand on many pages and are put into words once."""


@lru_cache(maxsize=1)
def environment() -> "Environment":
    """
    Return the templates of the site, with everything that they may use.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    jinja2 = require("jinja2", feature="the site", extra="site")
    made: Environment = _environment_class()(
        loader=jinja2.PackageLoader(PACKAGE),
        autoescape=True,
        finalize=escaped,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style, script = minified(stylesheet() + asset("style.css")), asset("site.js").strip()
    made.globals |= {
        "style": markup(style),
        "script": markup(script),
        "sprite": markup(asset("sprite.svg")),
        "policy": policy(style, script),
        "counted": counted,
        "day_words": lru_cache(_REMEMBERED)(day_words),
        "span_words": lru_cache(_REMEMBERED)(span_words),
    }
    made.filters |= {
        "paragraphs": paragraphs,
        "in_script": lambda value: markup(for_json(value)),
        "safe_url": safe_url,
        "first_capital": lambda text: text[:1].upper() + text[1:],
        "spaced": lambda text: text.replace("-", " "),
    }
    return made


@lru_cache(maxsize=1)
def _environment_class() -> type["Environment"]:
    """
    Return Jinja2's environment, in whose templates nothing is escaped twice.

    What a template prints is `escaped` first and then escaped again, to which HTML says that it is
    HTML already; that takes longer than all else in a page. Should a later Jinja2 not ask these
    two, it does so again, and the pages are the same.
    """
    compiler = require("jinja2.compiler", feature="the site", extra="site")
    jinja2 = require("jinja2", feature="the site", extra="site")

    class Generator(compiler.CodeGenerator):  # type: ignore[misc, name-defined]
        def _output_child_pre(self, node: object, frame: object, finalize: Any) -> None:  # noqa: ANN401
            if finalize.src is None:
                super()._output_child_pre(node, frame, finalize)
            else:
                self.write(finalize.src)

        def _output_child_post(self, node: object, frame: object, finalize: Any) -> None:  # noqa: ANN401
            if finalize.src is None:
                super()._output_child_post(node, frame, finalize)
            else:
                self.write(")")

    class Escaping(jinja2.Environment):  # type: ignore[misc, name-defined]
        code_generator_class = Generator

    return Escaping


def asset(name: str) -> str:
    """Return the text of one of the site's own files."""
    return files(PACKAGE).joinpath("assets", name).read_text("utf-8")


@lru_cache(maxsize=1)
def _markup_class() -> Any:  # noqa: ANN401 - as `markup`
    return require("markupsafe", feature="the site", extra="site").Markup


def markup(text: str) -> Any:  # noqa: ANN401 - a class of Jinja2, which may not be installed
    """Mark *text* as HTML that this package made."""
    return _markup_class()(text)


def escaped(value: object) -> object:
    """Make what a template prints character data, unless it is HTML that this package made."""
    if type(value) is str:
        return _escaped_text(value)
    if hasattr(value, "__html__"):
        return value
    return _escaped_text("" if value is None else str(value))


@lru_cache(_REMEMBERED)
def _escaped_text(text: str) -> Any:  # noqa: ANN401 - as `markup`
    """Titles, names and days stand on many pages, and are escaped once."""
    return markup(for_html(text))


def paragraphs(text: str) -> list[str]:
    """Return the lines of *text* that hold anything."""
    return [line for line in text.splitlines() if line.strip()]


def policy(style: str, script: str) -> Any:  # noqa: ANN401 - as `markup`
    """Return the Content-Security-Policy that lets only *style* and *script* be, and no request."""
    return markup(
        "default-src 'none'; "
        f"style-src {_digest(style)}; script-src {_digest(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def minified(css: str) -> str:
    """Return *css* without comments and margins."""
    lines = (line.strip() for line in css.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("/*"))
