"""A sender is killed, at every step of its work and at random instants: nobody is lost, nobody gets two letters."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.crash.campaigns import kill_at_every_step, kill_at_random
from tests.crash.sinks import Sink, mail_sink, postfix_sink, service_sink
from tests.crash.steps import SENDGRID_TURNS, SMTP_AT_THE_END, SMTP_AT_THE_START, Turn
from tests.postfix_sink import SMTP_SINK

READERS = 1000
Opened = Callable[[], AbstractContextManager[Sink]]


def aiosmtpd() -> AbstractContextManager[Sink]:
    return mail_sink(aiosmtpd=True, delay=2)


def pipelining() -> AbstractContextManager[Sink]:
    return mail_sink(delay=2)


def postfix() -> AbstractContextManager[Sink]:
    if SMTP_SINK is None:
        pytest.skip("Postfix's smtp-sink is not installed")
    return postfix_sink()


def sendgrid() -> AbstractContextManager[Sink]:
    return service_sink(delay=50)


@pytest.mark.parametrize(
    ("opened", "turns"),
    [
        pytest.param(aiosmtpd, SMTP_AT_THE_START, id="smtp, before the first letter"),
        pytest.param(pipelining, SMTP_AT_THE_END, id="smtp, from the first letter on"),
        pytest.param(sendgrid, SENDGRID_TURNS, id="sendgrid"),
    ],
)
def test_killed_at_every_step(opened: Opened, turns: tuple[Turn, ...], tmp_path: Path) -> None:
    with opened() as sink:
        kill_at_every_step(tmp_path / "newsroom", sink, READERS, turns).check()


@pytest.mark.parametrize("opened", [aiosmtpd, postfix, sendgrid])
def test_killed_at_random_instants(opened: Opened, tmp_path: Path) -> None:
    with opened() as sink:
        account = kill_at_random(tmp_path / "newsroom", sink, READERS, kills=7, span=0.2, seed=20261120)
    assert account.kills > 0
    account.check()
