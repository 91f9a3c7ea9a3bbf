"""
Pause Python's cyclic garbage collector while very many objects without cycles are made.

Records, verdicts and the indexes of the engine hold no reference cycles, so collection finds
nothing among them and costs a third of the time of a load.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """
    Keep the collector from running, and restore its state afterwards.

    Objects made meanwhile go into the oldest generation, so that the collector does not look
    through all of them as soon as it runs again.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()  # into the oldest generation; nothing else was frozen
            gc.enable()
