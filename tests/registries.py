"""Registries that several files of tests rest on; what a test is about stands in the test."""

SPACEFLIGHT = """
[[speaker]]
id = "ada"
[[source]]
id = "post"
publisher = "Post"
tier = "press"
[[source]]
id = "post-again"
publisher = "Post"
[[source]]
id = "times"
publisher = "Times"
[[source]]
id = "gov"
tier = "primary"
[[fact]]
id = "launch"
kind = "event"
once = true
[[fact]]
id = "talks"
kind = "event"
[[fact]]
id = "open"
kind = "state"
"""


def flies(criterion, *, id_="it"):
    """Return a claim by Ada of 2019 in the post, whose further lines begin with *criterion*."""
    return f"""
[[claim]]
id = "{id_}"
speaker = "ada"
said = 2019-01-01
source = "post"
quote = "It will fly."
{criterion}
"""
