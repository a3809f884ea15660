"""The ticker: looks whether a file has changed, has a new proof made, and tells every open page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from starlette.concurrency import run_in_threadpool

from digest.web.preview.galley import Galley
from digest.web.preview.watch import EVERY, STORE_AT_MOST_EVERY, Stamps

_LOOK_FOR_THE_END = 0.5  # seconds after which an idle page's stream looks whether the server is to end


class Ticker:
    """Runs in the server's loop until `ended` says so."""

    def __init__(self, galley: Galley, ended: Callable[[], bool]) -> None:
        self.galley, self.ended = galley, ended
        self._bell = asyncio.Event()

    async def run(self) -> None:
        """Watches for ever."""
        renewed = time.monotonic()
        while not self.ended():
            await asyncio.sleep(EVERY)
            sources, store = await run_in_threadpool(self._look)
            made_from_sources, made_from_store = self.galley.made_from
            waited = time.monotonic() - renewed >= STORE_AT_MOST_EVERY
            if sources != made_from_sources or (store != made_from_store and waited):
                await self._renew()
                renewed = time.monotonic()

    async def changes(self) -> AsyncIterator[int]:
        """The galley's number now, and each one that follows."""
        told = -1
        while not self.ended():
            if self.galley.number != told:
                told = self.galley.number
                yield told
            with suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), _LOOK_FOR_THE_END)

    def _look(self) -> tuple[Stamps, Stamps]:
        return self.galley.sources(), self.galley.store()

    async def _renew(self) -> None:
        loop = asyncio.get_running_loop()

        def told() -> None:
            loop.call_soon_threadsafe(self._ring)

        await run_in_threadpool(self.galley.refresh, told)
        self._ring()

    def _ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()
