"""What name servers and hosts answered, as values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the name servers said of a name: `found` holds a text for each record, in the form in which one writes it.

    `trouble` says why nobody knows; with neither, there is no such record. An alias is followed; `alias` is where it
    led.
    """

    found: tuple[str, ...] = ()
    trouble: str = ""
    alias: str = ""


Ask = Callable[[str, str], Answer]
"""Asks the name servers for a name and a kind of record (`TXT`). Raises nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostAnswer:
    """What a host answered to one request.

    `status` is 0 where there was no answer; `trouble` says why. `refused` tells that the host itself is at fault (it
    does not listen, its certificate is bad, there is no such name), not the way to it. `told` is the body where that is
    JSON; `at` is the host's own time, `asked_at` ours when the answer came, `expires` when its certificate ends.
    """

    status: int = 0
    trouble: str = ""
    refused: bool = False
    location: str = ""
    told: Any = field(default=None, repr=False)
    at: datetime | None = None
    asked_at: datetime | None = None
    expires: datetime | None = None
