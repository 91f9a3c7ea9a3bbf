"""Settings that hold for every test."""

import os

from hypothesis import settings

# Registries below this folder are there to be broken, or are data of tests: none is collected.
collect_ignore_glob = ["*.toml", "*.jsonl", "*.jsonl.gz"]

# A deadline for one example fails on a slow machine and not on the code, so there is none.
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None)
settings.register_profile("long", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))
