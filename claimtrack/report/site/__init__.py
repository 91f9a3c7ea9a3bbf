"""
Make the pages of a site that a newsroom can publish as it is.

Nothing here reads a clock or writes a file. Links are relative, so that the site works from a file
system and at any address. Each page contains its style, and the front page its script; a
Content-Security-Policy with their digests lets nothing else run or load.
"""
