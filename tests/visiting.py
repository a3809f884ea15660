"""A visitor of the readers' pages, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx

from digest.office.pages import Pages
from digest.web.site.application import application
from tests.backlist import Backlist


class Visitor:
    """Asks the pages of a publication, again and again."""

    def __init__(self, backlist: Backlist) -> None:
        self.pages = Pages(backlist.settings, backlist.store, backlist.archive, backlist.clock)
        self._application = application(self.pages)

    def get(self, place: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> httpx.Response:
        """The answer at a place under the root of the pages."""

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self._application, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="https://docket.example") as client:
                return await client.request(method, f"{self.pages.root}{place}", headers=headers)

        return asyncio.run(asked())
