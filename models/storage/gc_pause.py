"""Holding back Python's search for garbage while very many values are made at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Makes no search for reference cycles until its end: facts and charges hold none, and looking
    for them again and again takes longer than the work on a month of a large house itself."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
