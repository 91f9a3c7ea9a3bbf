"""The work of a call, counted and not timed: no result depends on the machine or its load."""

import sys


def calls(work):
    """Return how many functions, of Python and of C, are called while *work* runs."""
    found = 0

    def note(_frame, event, _argument):
        nonlocal found
        found += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return found


def grows_in_step(work, size, *, most=2.5):
    """Return whether ``work(2 * size)`` takes at most *most* times the calls of ``work(size)``."""
    work(2)  # what is imported or cached at the first call
    once, twice = (calls(lambda n=n: work(n)) for n in (size, 2 * size))
    return twice <= most * once
