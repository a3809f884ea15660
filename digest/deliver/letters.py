"""What differs from one reader to the next: names, keys, links and message ids."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from unicodedata import category

from digest.deliver.mailbox import BadAddress, wire_domain
from digest.deliver.one_line import one_line
from digest.errors import ConfigurationError
from digest.model import Letter, Slot, Subscriber

UNSUBSCRIBE = "unsubscribe"
PREFERENCES = "preferences"

_KEY_BYTES = 16
_LONGEST_NAME = 100
_LONGEST_GIVEN_NAME = 30
_LONGEST_WEB = 900
_WEB = re.compile(r"https?://[!#-;=?-~]+/")  # printable ASCII without quotes and angle brackets
_NOT_GIVEN_NAMES = frozenset(
    ("the", "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "judge", "justice", "law", "office", "info", "team")
)
_MARKS_IN_NAMES = re.compile("['’ʻ‘·-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressing:
    """What letters need beside their reader. Raises ConfigurationError.

    `web` (ends in a slash) is where the readers' pages are, `domain` goes into message ids, `secret` makes keys that
    nobody can guess, and `greeting` is what comes before the name, without a comma.
    """

    web: str
    secret: str = field(repr=False)
    domain: str
    greeting: str = "Good morning"

    def __post_init__(self) -> None:
        if not self.secret:
            raise ConfigurationError("no secret is set, and readers' links cannot be made without one")
        if not _WEB.fullmatch(self.web) or len(self.web) > _LONGEST_WEB:
            raise ConfigurationError(
                f"publication.web = {self.web!r} cannot carry readers' links",
                hint="write an http or https address in ASCII that ends in a slash",
            )
        try:
            wire_domain(self.domain)
        except BadAddress as error:
            raise ConfigurationError(f"{self.domain!r} cannot stand in message ids: {error}") from None


def write_letter(subscriber: Subscriber, *, issue: str, addressing: Addressing, edition: str = "") -> Letter:
    """The letter of one reader of one issue.

    `edition` sets a test copy apart from the real letter and from the copy before it, because mailboxes fold letters of
    one Message-ID into one: give the fingerprint.
    """
    name = clean_name(subscriber.name)
    unsubscribe = f"{addressing.web}u/{reader_key(addressing.secret, UNSUBSCRIBE, subscriber.address)}"
    return Letter(
        address=subscriber.address,
        name=name,
        message_id=_message_id(subscriber.address, issue, addressing, edition),
        one_click=unsubscribe,
        slots={
            Slot.GREETING: greet(addressing.greeting, name),
            Slot.READER: subscriber.address,
            Slot.UNSUBSCRIBE: unsubscribe,
            Slot.PREFERENCES: f"{addressing.web}p/{reader_key(addressing.secret, PREFERENCES, subscriber.address)}",
        },
    )


def reader_key(secret: str, purpose: str, address: str) -> str:
    """The key in a reader's link: 22 characters of base64url, which only the secret's owner can make (128 bits)."""
    mac = _mac(secret, purpose, address)
    return urlsafe_b64encode(mac[:_KEY_BYTES]).rstrip(b"=").decode("ascii")


def letter_key(message_id: str) -> str:
    """The part of a Message-ID that tells the letters of one issue apart: 24 hexadecimal digits."""
    return message_id.strip("<>").partition("@")[0].rpartition(".")[2]


def clean_name(name: str) -> str:
    """A subscriber's name fit to be printed: on one line, at most 100 characters, none of which does anything."""
    return one_line(name, _LONGEST_NAME)


def greet(greeting: str, name: str) -> str:
    """`Good morning, Ana,` or, where no given name can be told, `Good morning,`."""
    given = given_name(name)
    return f"{greeting}, {given}," if given else f"{greeting},"


def given_name(name: str) -> str:
    """The first word of a person's name, or nothing: a firm, a title or `Silva, Ana` is better greeted without."""
    first = name.partition(" ")[0]
    letters = _MARKS_IN_NAMES.sub("", first)
    fits = len(letters) > 1 and len(first) <= _LONGEST_GIVEN_NAME and first[0].isalpha()
    return first if fits and _all_letters(letters) and letters.lower() not in _NOT_GIVEN_NAMES else ""


def _all_letters(text: str) -> bool:
    """Whether it is nothing but letters and the marks that belong to them."""
    return text.isalpha() or all(category(character)[0] in "LM" for character in text)


def _message_id(address: str, issue: str, addressing: Addressing, edition: str) -> str:
    """A function of issue and reader, so that a letter that comes twice can be known as one (RFC 5322, 3.6.4)."""
    mac = _mac(addressing.secret, f"message-id\0{issue}\0{edition}", address)
    return f"<{issue}.{mac[:12].hex()}@{wire_domain(addressing.domain)}>"


def _mac(secret: str, purpose: str, address: str) -> bytes:
    return hmac.digest(secret.encode(), f"{purpose}\0{address}".encode(), "sha256")
