"""Processes that a test started."""

import asyncio
from asyncio.subprocess import Process
from contextlib import suppress


async def end(process: Process, seconds: float = 30) -> bool:
    """Asks it to end, and makes it; whether it ended when it was asked, within `seconds`."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        process.kill()
        await process.wait()
        return False
    return True
