"""Posts: each provider with a real server or folder at its other end, and what came out there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest

from digest.deliver.providers import open_provider
from digest.deliver.seam import Line, Provider
from digest.model import Batch, Campaign, Delivery, Letter
from digest.settings import DeliverySettings, Resend, SendGrid, Smtp
from tests import postfix_sink
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.local_resend import LocalResend
from tests.contract.deliver.local_sendgrid import LocalSendGrid
from tests.contract.deliver.servers import MailServer
from tests.unit.deliver.correspondence import campaign, unstuffed

KEY = "a-key-of-the-tests"
HOLD = timedelta(minutes=20)


@dataclass(frozen=True)
class Received:
    """A letter as it came out at the other end."""

    address: str
    message_id: str
    subject: str
    text: str
    html: str
    one_click: str


@dataclass(frozen=True)
class Post:
    """A provider, what has come out at its other end when all that is held is out, and the same provider anew."""

    provider: Provider
    received: Callable[[], list[Received]]
    again: Callable[[], Provider]


def post_of(settings: DeliverySettings, received: Callable[[], list[Received]]) -> Post:
    return Post(open_provider(settings), received, lambda: open_provider(settings))


def from_wire(message: bytes) -> Received:
    parsed = message_from_bytes(message, policy=policy.SMTP)
    text, html = (part.get_content().replace("\r\n", "\n") for part in parsed.iter_parts())
    return Received(
        address=parsed["To"].addresses[0].addr_spec,
        message_id=str(parsed["Message-ID"]),
        subject=str(parsed["Subject"]),
        text=unstuffed(text),
        html=html.rstrip("\n"),
        one_click=first_way_out(str(parsed["List-Unsubscribe"])),
    )


def from_request(request: dict[str, Any], personalization: dict[str, Any]) -> Received:
    parts = {content["type"]: content["value"] for content in request["content"]}
    for key, value in personalization["substitutions"].items():
        parts = {kind: part.replace(key, value) for kind, part in parts.items()}
    return Received(
        address=personalization["to"][0]["email"],
        message_id=personalization["headers"]["Message-ID"],
        subject=request["subject"],
        text=parts["text/plain"],
        html=parts["text/html"],
        one_click=first_way_out(personalization["headers"]["List-Unsubscribe"]),
    )


def from_email(email: dict[str, Any]) -> Received:
    return Received(
        address=parseaddr(email["to"][0])[1],
        message_id=email["headers"]["Message-ID"],
        subject=email["subject"],
        text=email["text"],
        html=email["html"],
        one_click=first_way_out(email["headers"]["List-Unsubscribe"]),
    )


def first_way_out(list_unsubscribe: str) -> str:
    return list_unsubscribe.partition(">")[0].strip("<")


def outbox(folder: Path, stack: ExitStack) -> Post:
    files = folder / "outbox"
    return post_of(
        DeliverySettings(outbox=files), lambda: [from_wire(path.read_bytes()) for path in files.rglob("*.eml")]
    )


def smtp(port: int) -> DeliverySettings:
    server = Smtp(host="127.0.0.1", port=port, security="none", timeout=10)
    return DeliverySettings(provider="smtp", outbox=Path("/nowhere"), smtp=server)


def aiosmtpd(folder: Path, stack: ExitStack) -> Post:
    server = stack.enter_context(MailServer())
    return post_of(smtp(server.port), lambda: [from_wire(server.bytes_of(each)) for each in server.taken])


def smtp_sink(folder: Path, stack: ExitStack) -> Post:
    if postfix_sink.SMTP_SINK is None:
        pytest.skip("Postfix's smtp-sink is not installed")
    port, mail = stack.enter_context(postfix_sink.smtp_sink())
    return post_of(smtp(port), lambda: [from_wire(message) for message in sunk(mail)])


def sunk(mail: Path) -> Iterator[bytes]:
    """The letters that smtp-sink took. It takes a file away again when the connection breaks before the letter."""
    for path in mail.iterdir():
        with suppress(FileNotFoundError):
            if message := without_envelope(path.read_bytes()):
                yield message


def without_envelope(file: bytes) -> bytes:
    """smtp-sink writes `X-…` lines, a `Received` and the letter, if it came, with LF line ends."""
    lines = file.split(b"\n")
    first = next((number for number, line in enumerate(lines) if line.startswith(b"To:")), len(lines))
    return b"\r\n".join(line.removesuffix(b"\r") for line in lines[first:])


def sendgrid(folder: Path, stack: ExitStack, *, hold: timedelta = timedelta()) -> Post:
    """A SendGrid whose clock runs ahead when it is asked what came out."""
    ahead = [0.0]
    server = stack.enter_context(LocalSendGrid(clock=lambda: time.time() + ahead[0]))

    def received() -> list[Received]:
        ahead[0] = 2 * hold.total_seconds()
        out = {custom["letter"] for _, custom in server.delivered}
        requests = ((request, each) for request in server.taken for each in request["personalizations"])
        return [from_request(request, each) for request, each in requests if each["custom_args"]["letter"] in out]

    account = SendGrid(api_key=KEY, address=server.address, timeout=10)
    settings = DeliverySettings(provider="sendgrid", outbox=Path("/nowhere"), sendgrid=account, hold=hold)
    return post_of(settings, received)


def sendgrid_with_a_hold(folder: Path, stack: ExitStack) -> Post:
    return sendgrid(folder, stack, hold=HOLD)


def resend(folder: Path, stack: ExitStack) -> Post:
    server = stack.enter_context(LocalResend())
    account = Resend(api_key=KEY, address=server.address, timeout=10)
    settings = DeliverySettings(provider="resend", outbox=Path("/nowhere"), resend=account)
    return post_of(settings, lambda: [from_email(email) for email in server.taken])


POSTS = [outbox, aiosmtpd, smtp_sink, sendgrid, sendgrid_with_a_hold, resend]
LETTER_BY_LETTER = [aiosmtpd, smtp_sink]
IN_ONE_CALL = [each for each in POSTS if each not in LETTER_BY_LETTER]
REPEATABLE = [outbox, resend]
HOLDING = [sendgrid_with_a_hold]


def for_each(posts: Sequence[Callable[..., Post]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("post", posts, indirect=True, ids=lambda each: each.__name__)


def batch(provider: Provider, line: Line, written: Sequence[Letter]) -> Batch:
    """A batch as the sender makes it: with a reference, and a time where letters are held."""
    send_at = datetime.now(UTC) + HOLD if provider.abilities.holds else None
    return Batch(number=1, letters=tuple(written), reference=line.reserve(), send_at=send_at)


def send(
    post: Post, written: Sequence[Letter], whole: Campaign | None = None, gate: OpenGate | None = None
) -> Delivery:
    """Sends a batch on a line of its own."""
    line = post.provider.line()
    try:
        return line.send(whole or campaign(), batch(post.provider, line, written), gate or OpenGate())
    finally:
        line.close()


def addresses(post: Post) -> list[str]:
    return sorted(each.address for each in post.received())


def where_nobody_is(name: str, folder: Path, port: int, hold: timedelta = timedelta()) -> Provider:
    address = f"http://127.0.0.1:{port}"
    (folder / "file").write_text("in the way")
    settings = DeliverySettings(
        provider=name,
        outbox=folder / "file",
        hold=hold,
        smtp=Smtp(host="127.0.0.1", port=port, security="none"),
        sendgrid=SendGrid(api_key=KEY, address=address),
        resend=Resend(api_key=KEY, address=address),
    )
    return open_provider(settings)
