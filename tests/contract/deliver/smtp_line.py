"""An SMTP line to a mail server of the tests, with and without pipelining, and what that server saw of it."""

from __future__ import annotations

import pytest

from digest.deliver.smtp import SmtpProvider
from digest.model import Campaign, Delivery, Letter
from digest.settings import Smtp
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.servers import MailServer, ScriptedServer
from tests.unit.deliver.correspondence import batch, campaign

PIPELINING = ("PIPELINING",)
IN_STEPS: tuple[str, ...] = ()

both_ways = pytest.mark.parametrize("offers", [PIPELINING, IN_STEPS], ids=["pipelined", "in steps"])


def provider(
    port: int, *, answer_timeout: float = 5.0, timeout: float = 5.0, per_connection: int = 500, connections: int = 4
) -> SmtpProvider:
    settings = Smtp(
        host="127.0.0.1",
        port=port,
        security="none",
        timeout=timeout,
        connections=connections,
        letters_per_connection=per_connection,
    )
    return SmtpProvider(settings, answer_timeout=answer_timeout)


def sent(
    server: ScriptedServer | MailServer,
    queue: list[Letter],
    gate: OpenGate | None = None,
    whole: Campaign | None = None,
) -> Delivery:
    line = provider(server.port).line()
    delivery = line.send(whole or campaign(), batch(queue), gate or OpenGate())
    line.close()
    assert [receipt.key for receipt in delivery.receipts] == [each.key for each in queue]
    return delivery


def readers(server: ScriptedServer) -> list[str]:
    return [command for command in server.commands if command.startswith("RCPT")]


def whole(server: ScriptedServer) -> list[bytes]:
    """The letters that somebody could get."""
    return [each for each in server.whole if each]
