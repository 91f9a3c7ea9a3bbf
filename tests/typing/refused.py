"""
What mypy tells a user not to write.

Each line has to be an error: with strict settings, one that is none makes its ``ignore`` unused.
"""

from claimtrack import Claim, Evidence, Fact, judged

Claim(id=1, speaker="a", said="2019", source="s", quote="q")  # type: ignore[arg-type]
Claim(id="a", speaker="a", said=2019, source="s", quote="q")  # type: ignore[arg-type]
Claim(id="a", speaker="a", said="2019", source="s", quote="q", kind=1)  # type: ignore[arg-type]
Claim(id="a", speaker="a", said="2019", source="s", quote="q", criterion="x")  # type: ignore[arg-type]
Claim(id="a", speaker="a", said="2019", source="s", quote="q", topics=[1])  # type: ignore[list-item]
Claim(id="a", speaker="a", said="2019", source="s")  # type: ignore[call-arg]
Evidence(id="a", source="s", fact="f", happened=2019)  # type: ignore[arg-type]
Fact(id="a", kind="event", once="yes")  # type: ignore[arg-type]
judged() & "x"  # type: ignore[operator]
Fact(id="a", kind="event").id = "b"  # type: ignore[misc]
