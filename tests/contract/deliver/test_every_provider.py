"""What every provider promises, whatever it is: proved on files, two real mail servers and a local SendGrid."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from digest.deliver.providers import Provider, open_provider
from digest.model import Fate, Letter
from digest.settings import DeliverySettings, SendGrid, Smtp
from tests.contract.deliver.servers import LocalSendGrid, MailServer, closed_port
from tests.unit.deliver.correspondence import MARKERS, campaign, letter, letters, rendered

KEY = "SG.a-key-of-the-tests"
SINK = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


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
    """A provider and what comes out at its other end."""

    provider: Provider
    received: Callable[[], list[Received]]


def from_wire(message: bytes) -> Received:
    parsed = message_from_bytes(message, policy=policy.SMTP)
    text, html = (part.get_content().replace("\r\n", "\n") for part in parsed.iter_parts())
    return Received(
        address=parsed["To"].addresses[0].addr_spec,
        message_id=str(parsed["Message-ID"]),
        subject=str(parsed["Subject"]),
        text=text,
        html=html.rstrip("\n"),
        one_click=str(parsed["List-Unsubscribe"]).partition(">")[0].strip("<"),
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
        one_click=personalization["headers"]["List-Unsubscribe"].partition(">")[0].strip("<"),
    )


def outbox(tmp_path: Path, stack: ExitStack) -> Post:
    provider = open_provider(DeliverySettings(outbox=tmp_path / "outbox"))
    return Post(provider, lambda: [from_wire(path.read_bytes()) for path in (tmp_path / "outbox").rglob("*.eml")])


def smtp(port: int) -> Provider:
    settings = Smtp(host="127.0.0.1", port=port, security="none", timeout=10)
    return open_provider(DeliverySettings(provider="smtp", outbox=Path("/nowhere"), smtp=settings))


def aiosmtpd(tmp_path: Path, stack: ExitStack) -> Post:
    server = stack.enter_context(MailServer())
    return Post(smtp(server.port), lambda: [from_wire(server.bytes_of(each)) for each in server.taken])


def smtp_sink(tmp_path: Path, stack: ExitStack) -> Post:
    if SINK is None:
        pytest.skip("Postfix's smtp-sink is not installed")
    mail = Path(stack.enter_context(TemporaryDirectory()))  # not tmp_path: the sink gives its privileges up
    mail.chmod(0o777)
    with closed_port() as port:
        pass
    privileges = ["-u", "nobody"] if os.getuid() == 0 else []
    command = [SINK, *privileges, "-d", f"{mail}/letter.", f"127.0.0.1:{port}", "10"]
    process = subprocess.Popen(command)
    stack.callback(process.wait, 10)
    stack.callback(process.terminate)
    wait_for(port)
    return Post(smtp(port), lambda: [from_wire(without_envelope(path)) for path in mail.iterdir()])


def without_envelope(path: Path) -> bytes:
    """smtp-sink writes `X-…` lines, a `Received` and the letter, with LF line ends."""
    lines = path.read_bytes().split(b"\n")
    first = next(number for number, line in enumerate(lines) if line.startswith(b"To:"))
    return b"\r\n".join(line.removesuffix(b"\r") for line in lines[first:])


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nobody listens on {port}")


def sendgrid(tmp_path: Path, stack: ExitStack) -> Post:
    server = stack.enter_context(LocalSendGrid())
    settings = SendGrid(api_key=KEY, address=server.address, timeout=10)
    provider = open_provider(DeliverySettings(provider="sendgrid", outbox=Path("/nowhere"), sendgrid=settings))
    return Post(
        provider,
        lambda: [from_request(request, each) for request in server.taken for each in request["personalizations"]],
    )


@pytest.fixture(params=[outbox, aiosmtpd, smtp_sink, sendgrid])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    with ExitStack() as stack:
        opened: Post = request.param(tmp_path, stack)
        stack.callback(opened.provider.close)
        yield opened


def filled(body: str, one: Letter) -> str:
    for slot, marker in MARKERS.items():
        body = body.replace(marker, one.slots[slot])
    return body


def test_every_letter_arrives_once_as_it_was_written(post: Post) -> None:
    batch = letters(min(7, post.provider.readers_per_call))
    delivery = post.provider.send(campaign(), batch)
    assert [receipt.fate for receipt in delivery.receipts] == [Fate.ACCEPTED] * len(batch)
    assert [receipt.address for receipt in delivery.receipts] == [one.address for one in batch]
    assert not delivery.stopped
    received = {each.address: each for each in post.received()}
    assert len(post.received()) == len(batch)
    for one in batch:
        got = received[one.address]
        assert got.message_id == one.message_id
        assert got.subject == "Closing Arguments: the court’s week"
        assert got.text == filled(rendered().text, one)
        assert got.html == filled(rendered().html, one)
        assert got.one_click == one.one_click


def test_an_impossible_address_is_refused_and_the_others_arrive(post: Post) -> None:
    batch = [letter("first@example.com"), replace(letter(), address="nobody"), letter("last@example.com")]
    delivery = post.provider.send(campaign(), batch)
    assert [receipt.fate for receipt in delivery.receipts] == [Fate.ACCEPTED, Fate.REFUSED, Fate.ACCEPTED]
    assert delivery.receipts[1].words
    assert sorted(each.address for each in post.received()) == ["first@example.com", "last@example.com"]


def test_an_address_of_another_script_arrives_or_is_refused_in_words(post: Post) -> None:
    delivery = post.provider.send(campaign(), [letter("josé@example.com", "José"), letter("ana@straße.example")])
    fates = [receipt.fate for receipt in delivery.receipts]
    assert fates in ([Fate.ACCEPTED] * 2, [Fate.REFUSED, Fate.ACCEPTED])
    assert fates[0] is Fate.ACCEPTED or "ASCII" in delivery.receipts[0].words
    assert "ana@xn--strae-oqa.example" in {each.address for each in post.received()}
    assert len(post.received()) == fates.count(Fate.ACCEPTED)


def test_no_letters_no_receipts(post: Post) -> None:
    delivery = post.provider.send(campaign(), [])
    assert delivery.receipts == ()
    assert not delivery.stopped
    assert not post.received()


def test_a_campaign_that_cannot_be_written_leaves_everything_unsent(post: Post) -> None:
    delivery = post.provider.send(campaign(from_="nobody"), letters(2))
    assert [receipt.fate for receipt in delivery.receipts] == [Fate.UNSENT] * 2
    assert "publication.from" in delivery.stopped
    assert not post.received()


def test_one_campaign_after_another(post: Post) -> None:
    post.provider.send(campaign(), [letter("first@example.com")])
    post.provider.send(campaign(issue=rendered(subject="Another week")), [letter("last@example.com")])
    assert {each.address: each.subject for each in post.received()} == {
        "first@example.com": "Closing Arguments: the court’s week",
        "last@example.com": "Another week",
    }


def test_a_closed_provider_opens_again_when_it_has_to(post: Post) -> None:
    post.provider.close()
    post.provider.send(campaign(), [letter("first@example.com")])
    post.provider.close()
    post.provider.close()
    delivery = post.provider.send(campaign(), [letter("last@example.com")])
    assert delivery.receipts[0].fate is Fate.ACCEPTED
    assert len(post.received()) == 2


def test_a_test_copy_is_marked(post: Post) -> None:
    post.provider.send(campaign(test=True), [letter()])
    assert post.received()[0].subject.startswith("[Test] ")


@pytest.mark.parametrize("name", ["outbox", "smtp", "sendgrid"])
def test_where_nobody_is_at_home_everything_is_unsent(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with closed_port() as port:
        provider = open_provider(
            DeliverySettings(
                provider=name,
                outbox=tmp_path / "file",
                smtp=Smtp(host="127.0.0.1", port=port, security="none"),
                sendgrid=SendGrid(api_key=KEY, address=f"http://127.0.0.1:{port}"),
            )
        )
        delivery = provider.send(campaign(), letters(3))
        provider.close()
    assert [receipt.fate for receipt in delivery.receipts] == [Fate.UNSENT] * 3
    assert delivery.stopped
    assert KEY not in delivery.stopped


def test_nothing_secret_and_nobodys_address_is_logged(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    batch = [letter("ana@example.com"), replace(letter(), address="nobody")]
    post.provider.send(campaign(), batch)
    ours = [record for record in caplog.records if not record.name.startswith(("mail.log", "asyncio"))]
    for record in ours:
        line = record.getMessage()
        assert KEY not in line
        assert "Court" not in line
        assert batch[0].one_click not in line
        assert record.levelname == "DEBUG" or "ana@example.com" not in line
