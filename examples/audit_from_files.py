"""Load a registry from its files, ask it as of two days, and say what decided one claim."""

from pathlib import Path

import claimtrack

REGISTRY = Path(__file__).parent / "china_russia_2017"
PIPELINE = "siberia-pipeline-by-end-2019"


def main() -> None:
    """Show how one claim turned, and count them all."""
    registry = claimtrack.load(REGISTRY)
    print(registry.claims[PIPELINE].quote)
    for day in ("2019-12-01", "2019-12-02"):
        verdict = registry.audit(as_of=day)[PIPELINE]
        print(f"  as of {day}: {verdict.status}")
        for name in verdict.used:
            source = registry.sources[registry.evidence[name].source]
            print(f"    {source.publisher}, {source.published}, {source.url}")

    audit = registry.audit(as_of="2026-01-01")
    print(f"\n{registry.settings.title}, {len(audit)} claims as of {audit.as_of}")
    for status, number in audit.counts.items():
        print(f"{number:5} {status}")


if __name__ == "__main__":
    main()
