"""Where mail services tell us what became of letters. No page: services post here, and want an answer soon."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from digest.errors import DigestError
from digest.office.feedback import Reception
from digest.office.pages import Pages

_log = logging.getLogger(__name__)
SENDGRID = "/hooks/sendgrid"
LONGEST = 5_000_000
"""Bytes. SendGrid posts what it has every 30 seconds or at 768 KB, whichever comes first."""

_AT_ONCE = 2
"""The store lets one writer in at a time; the readers' pages keep their own threads."""

_STATUS = {
    Reception.TAKEN: 204,
    Reception.CLOSED: 404,
    Reception.FORGED: 403,
    Reception.UNREADABLE: 400,
}
_COME_AGAIN = 503


def routes(pages: Pages) -> list[BaseRoute]:
    """`POST /hooks/sendgrid`. What is answered with 204 is on disk; everything else SendGrid posts again."""
    feedback, threads = pages.feedback, ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="hooks")

    async def sendgrid(request: Request) -> Response:
        body = await request.body()
        loop = asyncio.get_running_loop()
        try:
            heard = await loop.run_in_executor(threads, feedback.hear_sendgrid, body, request.headers)
        except DigestError as error:
            _log.error("what SendGrid told could not be kept: %s", error)
            return Response(status_code=_COME_AGAIN)
        return Response(status_code=_STATUS[heard])

    return [Route(SENDGRID, sendgrid, methods=["POST"])]
