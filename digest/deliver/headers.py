"""What the headers of a bulk letter say. Here they are values; `message` and `sendgrid_payload` write them out."""

from __future__ import annotations

from urllib.parse import quote

from digest.deliver.mailbox import BadAddress, phrase, split_mailbox, wire_address
from digest.deliver.one_line import one_line
from digest.errors import ConfigurationError
from digest.model import Campaign, Letter

_TEST = "[Test] "
_LONGEST = 998  # RFC 5322, section 2.1.1


def subject(campaign: Campaign) -> str:
    """The subject on one line; a test copy says that it is one."""
    line = one_line(campaign.rendered.subject)
    return f"{_TEST}{line}" if campaign.test else line


def sender(campaign: Campaign) -> tuple[str, str]:
    """Name and wire address of From. Raises ConfigurationError."""
    return _own_mailbox("publication.from", campaign.from_)


def answers_to(campaign: Campaign) -> tuple[str, str] | None:
    """Name and wire address of Reply-To, if there is one. Raises ConfigurationError."""
    return _own_mailbox("publication.reply_to", campaign.reply_to) if campaign.reply_to else None


def bulk_headers(campaign: Campaign) -> dict[str, str]:
    """The headers that all letters of a campaign share, apart from sender and subject; none may be folded. A letter to
    a single reader says only that no person wrote it.

    List-Id RFC 2919, List-Archive RFC 2369, List-Unsubscribe-Post RFC 8058, Auto-Submitted RFC 3834.
    Raises ConfigurationError.
    """
    if campaign.single:
        return {"Auto-Submitted": "auto-generated"}
    headers = {
        "List-Id": _list_id(campaign.list_id),
        "List-Archive": f"<{_uri(campaign.archive)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
    }
    for name, value in headers.items():
        if not value.isascii() or not value.isprintable() or len(name) + len(value) + 2 > _LONGEST:
            raise ConfigurationError(f"the header {name} cannot be written: {value[:80]!r}")
    return headers


def mailed_unsubscribe(campaign: Campaign) -> str:
    """Where List-Unsubscribe names a mailbox, if there is one: the same for all letters. Raises ConfigurationError."""
    if not campaign.unsubscribe_mail:
        return ""
    _, address = _own_mailbox("the mailbox for unsubscribes", campaign.unsubscribe_mail)
    return f"<mailto:{quote(address, safe='@')}?subject=unsubscribe>"


def list_unsubscribe(letter: Letter, mailed: str) -> str:
    """The value of List-Unsubscribe: the one-click address first (RFC 8058, section 3.1), then the mailed way out.
    Empty where there is nothing to leave."""
    if not letter.one_click:
        return ""
    return f"<{letter.one_click}>, {mailed}" if mailed else f"<{letter.one_click}>"


def _list_id(list_id: str) -> str:
    name, identity = split_mailbox(list_id)
    return " ".join((*phrase(name), f"<{identity}>"))


def _uri(address: str) -> str:
    return quote(address, safe="!#$%&'*+,/:;=?@[]~")


def _own_mailbox(key: str, mailbox: str) -> tuple[str, str]:
    name, address = split_mailbox(mailbox)
    try:
        on_the_wire = wire_address(address)
    except BadAddress as error:
        raise ConfigurationError(f"{key} = {mailbox!r}: {error}") from None
    if not on_the_wire.isascii():
        raise ConfigurationError(f"{key} = {mailbox!r}: its part before the @ must be ASCII")
    return one_line(name), on_the_wire
