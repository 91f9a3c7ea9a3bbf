"""What a user may write: mypy holds it to strict types, and a test runs it."""

from datetime import date
from decimal import Decimal

import claimtrack
from claimtrack import (
    Assessment,
    Claim,
    Criterion,
    Evidence,
    Fact,
    Forecast,
    LoadError,
    Policy,
    Range,
    Reading,
    Registry,
    Role,
    Settings,
    Silence,
    Source,
    Span,
    Speaker,
    Status,
    Verdict,
    all_of,
    any_of,
    at_least,
    figure,
    judged,
    occurs,
    reaches,
    stays,
)

CRITERION: Criterion = all_of(
    (occurs("gas", by="2019") & ~judged()) | figure("flow", at="2019", equals=0.3, tolerance=1),
    any_of(reaches("flow", by=date(2019, 1, 1), at_least=38)),
    at_least(1, stays("tap", throughout="2019", is_=True)),
)

REGISTRY: Registry = Registry.of(
    Speaker(
        id="anna",
        roles=[{"title": "Minister", "since": "2012"}, Role(title="Envoy", until=date(2020, 1, 1))],
    ),
    Source(
        id="page",
        published="2019-12-02",
        tier="press",
        snapshot={"path": "page.html", "sha256": "0" * 64},
    ),
    Fact(id="gas", kind="event", once=True),
    Fact(id="flow", kind="quantity", unit="bcm"),
    Fact(id="tap", kind="state", values=["open", True]),
    Evidence(id="a", source="page", fact="gas", happened="2019-12-02"),
    Evidence(id="b", source="page", fact="flow", value=[37, 39.5], when=date(2019, 1, 1)),
    Evidence(id="c", source="page", fact="flow", value=Decimal("1.5"), when="2019"),
    Evidence(id="d", source="page", fact="flow", value=Range(1, 2.5), when="2019", unit="bcm"),
    Evidence(id="e", source="page", fact="tap", value=True, when="2019", supersedes=["a"]),
    Evidence(id="f", source="page", claim="claim", stance="supports"),
    Claim(
        id="claim",
        speaker="anna",
        said="2017-07-04",
        source="page",
        quote="gas will flow",
        quote_kind="direct",
        kind="promise",
        criterion=CRITERION,
        due="2020",
        grace=3,
        status="held",
        signed={"on": date(2020, 1, 1), "by": "me"},
        topics=["energy"],
        readings=[Reading(name="other", criterion=occurs("gas", before="2019"))],
        silenced=[{"code": "CT601", "because": "known"}, Silence(code="CT602", because="known")],
    ),
    Forecast(id="g", by="anna", claim="claim", made="2018", probability=0.5),
    Forecast(
        id="h", by="anna", claim="claim", made="2019", distribution={"held": 0.5, "late": 0.5}
    ),
    Assessment(
        id="i", claim="claim", by="desk", scale="truth-o-meter", rating="True", published="2020"
    ),
    settings=Settings(title="T", policy={"grace": 14, "min_tier": "press"}),
)

POLICY: Policy = Policy(on_conflict="higher_tier")


def answers() -> tuple[Status, int, date | None]:
    """Ask a registry what it can be asked."""
    audit = REGISTRY.audit("2020-02-01")
    late = REGISTRY.audit(as_of=date(2020, 2, 1), known_by="recorded")
    verdicts: list[Verdict] = [*audit, *late]
    days: list[int | None] = [verdict.late_days for verdict in verdicts]
    used: tuple[str, ...] = verdicts[0].used
    said: Span = REGISTRY.claims["claim"].said
    assert len(days) == 2
    assert set(used) <= {item.id for item in REGISTRY.evidence.values()}
    return audit["claim"].status, audit.counts[Status.HELD], said.earliest


def lines_of_problems(text: str) -> list[int]:
    """Load a text, and return the lines of what is wrong with it."""
    try:
        claimtrack.loads(text)
    except LoadError as error:
        return [problem.location.line for problem in error.problems if problem.location]
    return []
