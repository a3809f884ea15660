"""What differs from one reader to the next: names, links (see `links`) and message ids."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Protocol
from unicodedata import category

from digest.deliver.links import LinkKey, key_of, secret_key
from digest.deliver.mailbox import BadAddress, wire_domain
from digest.deliver.one_line import one_line
from digest.errors import ConfigurationError
from digest.model import Letter, Slot

_GREETING, _READER, _UNSUBSCRIBE, _PREFERENCES = Slot.GREETING, Slot.READER, Slot.UNSUBSCRIBE, Slot.PREFERENCES

_MESSAGE_ID_BYTES = 12
_LONGEST_NAME = 100
_LONGEST_GIVEN_NAME = 30
_LONGEST_WEB = 900
_WEB = re.compile(r"https?://[!#-;=?-~]+/")  # printable ASCII without quotes and angle brackets
_NOT_GIVEN_NAMES = frozenset(
    (
        *("the", "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "judge", "justice", "law", "office", "info"),
        *("team", "señor", "señora", "monsieur", "madame", "mademoiselle", "maître", "mme", "mlle", "herr", "frau"),
        *("السيد", "السيدة", "الدكتور", "الدكتورة", "الأستاذ", "الأستاذة", "المحامي", "المحامية"),
    )
)
_MARKS_IN_NAMES = re.compile("['’ʻ‘·-]")


class Ids:
    """The keys in Message-IDs, which only the secret's owner can make. Threads may share it.

    A letter keeps its id whatever becomes of the keys of links meanwhile: a retried one is known as the same, and a
    provider's words about it are found. `old` are an issue and a secret: up to that issue ids are made with that one.
    """

    __slots__ = ("_ids", "_old", "_old_until")

    def __init__(self, secret: str, old: tuple[str, str] = ("", "")) -> None:
        self._ids = _id_state(secret)
        self._old_until, old_secret = old
        self._old = _id_state(old_secret or secret)

    def of_letter(self, issue: str, edition: str, address: str) -> str:
        """The letter's key in its Message-ID: 24 hexadecimal digits."""
        mac = (self._old if issue <= self._old_until else self._ids).copy()
        mac.update(f"{issue}\0{edition}\0{address}".encode())
        return mac.hexdigest()


class Addressee(Protocol):
    """Who gets a letter: a subscriber, or a row of the ledger that knows address and name."""

    @property
    def address(self) -> str: ...

    @property
    def name(self) -> str: ...


@lru_cache(maxsize=4)
def _ids_of(secret: str, old: tuple[str, str]) -> Ids:
    return Ids(secret, old)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressing:
    """What letters need beside their reader. Raises ConfigurationError.

    `web` (ends in a slash) is where the readers' pages are, `domain` goes into message ids, `secret` makes links that
    nobody can guess, `id_secret` (`secret` when empty) and `old_ids` make those ids (see `Ids`). `greeting` is what
    stands before and after the name; `greeting_without_name` does without.
    """

    web: str
    secret: str = field(repr=False)
    domain: str
    id_secret: str = field(default="", repr=False)
    old_ids: tuple[str, str] = field(default=("", ""), repr=False)
    greeting: tuple[str, str] = ("Good morning, ", ",")
    greeting_without_name: str = "Good morning,"
    links: LinkKey = field(init=False, repr=False, compare=False)
    ids: Ids = field(init=False, repr=False, compare=False)
    id_domain: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.secret:
            raise ConfigurationError("no secret is set, and readers' links cannot be made without one")
        if not _WEB.fullmatch(self.web) or len(self.web) > _LONGEST_WEB:
            raise ConfigurationError(
                f"publication.web = {self.web!r} cannot carry readers' links",
                hint="write an http or https address in ASCII that ends in a slash",
            )
        try:
            object.__setattr__(self, "id_domain", wire_domain(self.domain))
        except BadAddress as error:
            raise ConfigurationError(f"{self.domain!r} cannot stand in message ids: {error}") from None
        object.__setattr__(self, "links", key_of(self.secret))
        object.__setattr__(self, "ids", _ids_of(self.id_secret or self.secret, self.old_ids))


def write_letter(
    subscriber: Addressee, *, issue: str, addressing: Addressing, edition: str = "", key: int = 0
) -> Letter:
    """The letter of one reader of one issue. `key` is the subscriber's number in the store, 0 for letters that are
    nobody's: their links change nothing.

    The Message-ID is a function of issue and reader, so that a letter that comes twice can be known as one (RFC 5322,
    section 3.6.4). `edition` sets a test copy apart from the real letter and from the copy before it, because mailboxes
    fold letters of one Message-ID into one: give the fingerprint.
    """
    address = subscriber.address
    name = clean_name(subscriber.name)
    unsubscribe, preferences = addressing.links.pair(key, address)
    one_click = f"{addressing.web}u/{unsubscribe}"
    return Letter(
        address=address,
        name=name,
        message_id=f"<{issue}.{addressing.ids.of_letter(issue, edition, address)}@{addressing.id_domain}>",
        one_click=one_click,
        slots={
            _GREETING: greet(addressing, name),
            _READER: address,
            _UNSUBSCRIBE: one_click,
            _PREFERENCES: f"{addressing.web}p/{preferences}",
        },
        key=key,
    )


def letter_key(message_id: str) -> str:
    """The part of a Message-ID that tells the letters of one issue apart: 24 hexadecimal digits."""
    return message_id.strip("<>").partition("@")[0].rpartition(".")[2]


def clean_name(name: str) -> str:
    """A subscriber's name fit to be printed: on one line, at most 100 characters, none of which does anything."""
    return name if _clean_already(name) else one_line(name, _LONGEST_NAME)


def _clean_already(name: str) -> bool:
    """Most names are. Printable ASCII is what `one_line` leaves as it is, but for its white space."""
    plain = len(name) <= _LONGEST_NAME and name.isascii() and name.isprintable()
    return plain and "  " not in name and name == name.strip()


def greet(addressing: Addressing, name: str) -> str:
    """`Good morning, Ana,` or, where no given name can be told, `Good morning,`, in the letter's language."""
    given = given_name(name)
    return given.join(addressing.greeting) if given else addressing.greeting_without_name


def given_name(name: str) -> str:
    """The first word of a person's name, or nothing: a firm, a title or `Silva, Ana` is better greeted without."""
    first = name.partition(" ")[0]
    letters = first if first.isalpha() else _MARKS_IN_NAMES.sub("", first)
    fits = len(letters) > 1 and len(first) <= _LONGEST_GIVEN_NAME and first[0].isalpha()
    return first if fits and _all_letters(letters) and letters.lower() not in _NOT_GIVEN_NAMES else ""


def _all_letters(text: str) -> bool:
    """Whether it is nothing but letters and the marks that belong to them."""
    return text.isalpha() or all(category(character)[0] in "LM" for character in text)


def _id_state(secret: str) -> blake2b:
    return blake2b(key=secret_key(secret), digest_size=_MESSAGE_ID_BYTES, person=b"message ids")
