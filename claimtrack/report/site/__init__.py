"""
Make the pages of a site that a newsroom can publish as it is.

Everything is text to be written to files: nothing here reads a clock or writes anything. Links
are relative, so that the site works from a file system and under any address; each page carries
its style, and the front page its script, named by their digests in a policy that lets nothing
else run or load.
"""
