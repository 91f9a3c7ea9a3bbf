"""Build a registry from Python objects, without any file, and ask it as of four days."""

import claimtrack as ct


def bridge() -> ct.Registry:
    """Return a registry of one promise, with two readings of its words and three reports."""
    return ct.Registry.of(
        ct.Speaker(id="mayor", name="The mayor"),
        ct.Source(id="town-post", publisher="Town Post", tier="press", published="2023-03-01"),
        ct.Source(id="road-agency", publisher="Road agency", tier="primary"),
        ct.Fact(id="bridge-open", kind="event", title="The bridge opens to traffic", once=True),
        ct.Fact(id="cost", kind="quantity", title="What the bridge has cost", unit="million"),
        ct.Evidence(
            id="not-yet",
            fact="bridge-open",
            source="road-agency",
            published="2024-07-01",
            not_happened="../2024-06-30",
        ),
        ct.Evidence(
            id="opened",
            fact="bridge-open",
            source="road-agency",
            published="2024-09-15",
            happened="2024-09-14",
        ),
        ct.Evidence(
            id="final-bill",
            fact="cost",
            source="road-agency",
            published="2025-02-01",
            value=[28, 31],
            when="2024",
        ),
        ct.Claim(
            id="bridge-by-june",
            speaker="mayor",
            said="2023-03-01",
            source="town-post",
            quote="By the end of June next year you will drive across, for 30 million.",
            criterion=ct.occurs("bridge-open", by="2024-06"),
            readings=[
                ct.Reading(
                    name="and within its budget",
                    criterion=ct.occurs("bridge-open", by="2024-06")
                    & ct.figure("cost", at="2024", at_most=30),
                ),
                ct.Reading(
                    name="some time in 2024",
                    criterion=ct.occurs("bridge-open", during="2024"),
                ),
            ],
        ),
        settings=ct.Settings(title="The bridge", policy=ct.Policy(grace=14)),
    )


def main() -> None:
    """Show how the claim and its readings turn."""
    registry = bridge()
    for day in ("2023-12-31", "2024-07-01", "2024-09-15", "2025-02-01"):
        verdict = registry.audit(as_of=day)["bridge-by-june"]
        late = f", {verdict.late_days} days" if verdict.late_days else ""
        print(f"{day}  {verdict.status}{late}")
        for reading in verdict.readings:
            print(f"            {reading.name}: {reading.status}")


if __name__ == "__main__":
    main()
