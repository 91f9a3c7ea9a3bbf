"""
Let Python's cyclic collector rest while very many objects are made that hold no cycles.

Records, verdicts and what the engine keeps of them refer downwards only, so that looking for cycles
among them finds nothing and costs a third of the time of a load.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_rest() -> Iterator[None]:
    """
    Keep the collector from running, and leave it as it was, whatever happens.

    What was made meanwhile counts as old from then on, so that the collector does not look through
    all of it as soon as it runs again.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()  # into the oldest generation; nobody else had anything frozen
            gc.enable()
