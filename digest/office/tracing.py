"""Finds out whom a mail that came back is about, and whether it proves that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from digest.audience.addresses import BadAddress, normalise
from digest.deliver.receipts import said
from digest.deliver.return_path import proves, read_return_path
from digest.model.errands import ErrandKind
from digest.model.readers import EventKind, MailEvent, Reader
from digest.model.returns import Fate, ReturnedMail, ReturnKind
from digest.office.addressing import addressing_of
from digest.record.store import Store
from digest.settings import Settings

_UNPROVEN = {
    EventKind.HARD_BOUNCE: EventKind.SOFT_BOUNCE,
    EventKind.SOFT_BOUNCE: EventKind.SOFT_BOUNCE,
    EventKind.DEFERRED: EventKind.DEFERRED,
}
"""What is believed of a mail that proves nothing: no complaint, and no arrival, which would lift a suppression."""
_KEY_OF_LETTER = r"(?P<issue>\d{4}-\d\d-\d\d)\.(?P<key>[0-9a-f]{24})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """An event, and whether the mail proves that it is about a letter of ours to this reader."""

    event: MailEvent
    is_proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterOfOurs:
    """A letter that a mail is about, with its reader's number in the store."""

    issue: str
    key: str
    number: int


class Tracing:
    """Traces some mails. What it has looked up is kept for as long as it lives, which is not to be long."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._store = store
        addressing = addressing_of(settings, store)
        self._keys = addressing.ids
        domain = re.escape(addressing.id_domain)
        self._id = re.compile(rf"<{_KEY_OF_LETTER}@{domain}>", re.IGNORECASE)
        self._id_of_single = re.compile(rf"<(?:{'|'.join(ErrandKind)})\.[0-9a-f]{{24}}@{domain}>", re.IGNORECASE)
        self._by_key: dict[tuple[str, str], int] = {}
        self._found: dict[str, Reader | None] = {}
        self._numbered: dict[int, Reader | None] = {}

    def look_up(self, mails: Iterable[ReturnedMail]) -> None:
        """Finds the letters whose reader no mail names, because a service has blacked it out or an answer comes from
        another address: by one walk through the ledger for each issue."""
        wanted: dict[str, set[str]] = {}
        for mail in mails:
            if self._must_look_up(mail):
                for issue, key in self._ids(mail):
                    wanted.setdefault(issue, set()).add(key)
        for issue, keys in wanted.items():
            self._walk(issue, keys)

    def events(self, mail: ReturnedMail, arrived: datetime) -> Iterator[Traced]:
        """What the mail tells of letters to readers whom the store knows. `arrived` is when, since anybody may write
        any date."""
        letters = self._letters(mail)
        for fate in mail.fates:
            if letter := self._letter_of(fate, letters, alone=len(mail.fates) == 1):
                yield Traced(event=self._event(mail, fate, arrived, letter), is_proven=True)
            elif (weaker := _UNPROVEN.get(fate.kind)) and (reader := self._find(fate.address)):
                letter = LetterOfOurs(issue=self._last_issue(reader), key="", number=reader.number)
                yield Traced(event=self._event(mail, fate, arrived, letter, weaker), is_proven=False)

    def is_of_single_letter(self, mail: ReturnedMail) -> bool:
        """Whether a mail says that it is about a letter to a single person, as one that asks whether a sign-up was
        meant. It need not prove it, because nothing follows from it."""
        return any(self._id_of_single.fullmatch(mentioned) for mentioned in mail.mentioned)

    def writers(self, mail: ReturnedMail) -> tuple[int, ...]:
        """The numbers of the readers who wrote a mail: by its sender, and by the letters of ours that it answers."""
        sender = self._find(mail.sender)
        found = [sender.number] if sender else [letter.number for letter in self._letters(mail)]
        return tuple(dict.fromkeys(found))

    def _letters(self, mail: ReturnedMail) -> tuple[LetterOfOurs, ...]:
        """The letters that the mail proves to be about."""
        return tuple(dict.fromkeys((*self._by_return_path(mail), *self._by_id(mail))))

    def _by_return_path(self, mail: ReturnedMail) -> Iterator[LetterOfOurs]:
        for recipient in mail.recipients:
            token = read_return_path(recipient)
            reader = self._with_number(token.number) if token else None
            if token and reader:
                key = self._keys.of_letter(token.issue, "", reader.address)
                if proves(token, key):
                    yield LetterOfOurs(issue=token.issue, key=key, number=reader.number)

    def _by_id(self, mail: ReturnedMail) -> Iterator[LetterOfOurs]:
        readers = [reader for address in self._named(mail) if (reader := self._find(address))]
        for issue, key in self._ids(mail):
            numbers = [reader.number for reader in readers if self._keys.of_letter(issue, "", reader.address) == key]
            number = numbers[0] if numbers else self._by_key.get((issue, key), 0)
            if number:
                yield LetterOfOurs(issue=issue, key=key, number=number)

    def _letter_of(self, fate: Fate, letters: tuple[LetterOfOurs, ...], *, alone: bool) -> LetterOfOurs | None:
        """The letter that a fate is about: that to its address, or the only one, which somebody forwarded."""
        reader = self._find(fate.address)
        mine = [letter for letter in letters if reader and letter.number == reader.number]
        if mine:
            return mine[0]
        return letters[0] if alone and len({letter.number for letter in letters}) == 1 and not reader else None

    def _must_look_up(self, mail: ReturnedMail) -> bool:
        asks = mail.kind in {ReturnKind.REPORT, ReturnKind.COMPLAINT, ReturnKind.UNSUBSCRIBE}
        return asks and not self._find(mail.sender) and not self._letters(mail)

    def _walk(self, issue: str, keys: set[str]) -> None:
        with self._store.ledger.letters(issue) as letters:
            for letter in letters:
                key = self._keys.of_letter(issue, "", letter.address)
                if key in keys:
                    self._by_key[issue, key] = letter.key

    def _ids(self, mail: ReturnedMail) -> Iterator[tuple[str, str]]:
        for mentioned in mail.mentioned:
            if match := self._id.fullmatch(mentioned):
                yield match["issue"], match["key"].lower()

    def _named(self, mail: ReturnedMail) -> tuple[str, ...]:
        told = (fate.address for fate in mail.fates)
        return tuple(dict.fromkeys((*mail.original_to, *told, mail.sender)))

    def _find(self, address: str) -> Reader | None:
        """The reader with an address as somebody wrote it."""
        if address not in self._found:
            try:
                self._found[address] = self._store.readers.find(normalise(address))
            except BadAddress:
                self._found[address] = None
        return self._found[address]

    def _with_number(self, number: int) -> Reader | None:
        if number not in self._numbered:
            self._numbered[number] = self._store.readers.numbered(number)
        return self._numbered[number]

    def _last_issue(self, reader: Reader) -> str:
        """The last issue of which this reader has a letter, empty where there is none."""
        return max((letter.issue for letter in self._store.ledger.letters_to(reader.address)), default="")

    def _event(
        self,
        mail: ReturnedMail,
        fate: Fate,
        arrived: datetime,
        letter: LetterOfOurs,
        kind: EventKind | None = None,
    ) -> MailEvent:
        seed = mail.identity + f"{fate.address}\0{fate.kind.value}".encode()
        return MailEvent(
            kind=kind or fate.kind,
            at=arrived,
            identity=blake2b(seed, digest_size=16, person=b"returned event").digest(),
            number=letter.number,
            issue=letter.issue,
            letter=letter.key,
            words=said(fate.words),
        )
