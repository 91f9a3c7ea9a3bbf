"""Findings on quotes and pinned copies: what was looked for elsewhere, as findings with places."""

from collections.abc import Iterator
from typing import Final

from claimtrack.errors import Finding, Record, shortened
from claimtrack.lint.context import Context
from claimtrack.model.registry import QuotePolicy
from claimtrack.quotes.answers import QuoteCheck, QuoteReport

_FAULTS: Final = {"missing": "CT680", "outside": "CT681", "changed": "CT682"}

_HINT: Final = (
    'quote more of it, or add anchor = { prefix = "...", suffix = "..." } with the text right '
    "before or behind, or anchor = { position = N }"
)


def check_quotes_of(context: Context, report: QuoteReport) -> Iterator[Finding]:
    """Find CT680 to CT686."""
    for fault in report.faults:
        record = Record(kind="source", id=fault.source)
        path = ("snapshot", fault.key)
        yield context.finding(_FAULTS[fault.kind], record, fault.message, path=path)
    required = context.registry.settings.policy.quotes is QuotePolicy.REQUIRED
    for check in report.checks:
        yield from _findings(context, check, required=required)


def _findings(context: Context, check: QuoteCheck, *, required: bool) -> Iterator[Finding]:
    quoted, answer = check.quoted, check.answer.value
    quote, source = repr(shortened(quoted.text)), repr(quoted.source)
    hint = None
    if answer == "not found":
        code, message = "CT683", f"has a quote that is not found in source {source}: {quote}"
        hint = check.because
        if check.nearest is not None:
            told = "; ".join(map(str, check.nearest.differences[:_MOST]))
            hint = f"the nearest passage, at {check.nearest.start}, differs: {told}"
    elif answer == "unreadable":
        code = "CT684"
        message = f"has a quote that cannot be looked for in source {source}, which {_plain(check)}"
    elif answer == "ambiguous":
        code, hint = "CT685", _HINT
        message = f"has a quote that is ambiguous in source {source}: {quote}; {check.because}"
    elif answer == "unchecked" and required and not quoted.is_paraphrase:
        code = "CT686"
        message = f"has a quote that is unchecked in source {source}: {check.because}"
    else:
        return
    yield context.finding(code, quoted.record, message, path=quoted.path, hint=hint)


_MOST: Final = 5
"""Differences that are told."""


def _plain(check: QuoteCheck) -> str:
    because = check.because
    return because if because.startswith("has ") else f"is pinned, but {because}"
