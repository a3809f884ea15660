"""Bounces in words: what mail servers write that keep to no standard.

A mail is a bounce only when its words say that a letter was not delivered, and it comes from a machine for such mails,
from nobody, or under a subject that such machines write. Then the addresses are looked for where servers put them, and
what our own rules miss is left to flufl.bounce, which Mailman uses.
"""

from __future__ import annotations

from collections.abc import Iterator

from digest.model.readers import EventKind
from digest.model.returns import Fate
from digest.returns import bounce_words as words_of
from digest.returns.addresses import addresses_in, clean
from digest.returns.library import failures
from digest.returns.opened import Fields, Opened, groups_in
from digest.returns.verdict import Refusal, is_dead

_MOST = 50


def is_bounce(mail: Opened) -> bool:
    """Whether the mail says, as servers do, that a letter was not delivered."""
    if "x-failed-recipients" in mail.headers:
        return True
    if not words_of.SAID.search(spoken(mail)):
        return False
    sender, path = mail.headers.get("from", ""), mail.headers.get("return-path", "?")
    from_a_machine = words_of.MACHINE.search(f"{sender} {path}") is not None or path.strip() in {"<>", ""}
    return from_a_machine or words_of.SUBJECT.search(mail.headers.get("subject", "")) is not None


def fates_in_prose(mail: Opened) -> tuple[Fate, ...]:
    """What the mail tells of each address, each once."""
    words = spoken(mail)
    delayed = words_of.DELAYED.search(f"{mail.headers.get('subject', '')}\n{words}") is not None
    return tuple(
        Fate(address=address, kind=_kind(said, delayed), words=" ".join(said.split()))
        for address, said in _told(mail, words).items()
    )


def spoken(mail: Opened) -> str:
    """The server's own words, without what it returns."""
    return words_of.END.split(mail.prose, maxsplit=1)[0]


def told_by_address(words: str) -> dict[str, str]:
    """What a server says of each address, in its words."""
    told: dict[str, str] = {}
    marks = list(_marks(words))
    for number, (start, address) in enumerate(marks):
        end = next((later for later, other in marks[number + 1 :] if other != address), len(words))
        said = words[start:end]
        if words_of.REPLIED.match(said):
            said = said.partition("\n")[0]
        told[address] = f"{told.get(address, '')}\n{said}".strip()
    return told


def _told(mail: Opened, words: str) -> dict[str, str]:
    """Each address that failed with what is said of it: all, where it is the only one."""
    told = told_by_address(words)
    if len(told) == 1:
        told = dict.fromkeys(told, words)
    if named := addresses_in(mail.headers.get("x-failed-recipients", ""))[:_MOST]:
        return {address: told.get(address, words) for address in named}
    shunned = {*addresses_in(f"{mail.headers.get('to', '')} {mail.headers.get('from', '')}")}
    wanted = {
        address: said
        for address, said in told.items()
        if address not in shunned and not words_of.OF_THE_HOUSE.match(address)
    }
    return wanted or _by_library(mail, words) or told or _by_letter(mail, words)


def _by_library(mail: Opened, words: str) -> dict[str, str]:
    """What the library finds, where the words speak of it: it may take an id for an address."""
    spoken_of = words.lower()
    found = [address for address in failures(mail.message)[:_MOST] if address.partition("@")[0] in spoken_of]
    return dict.fromkeys(found, words)


def _by_letter(mail: Opened, words: str) -> dict[str, str]:
    """Old sendmails show what was said and to nobody in particular; whom the letter went to stands in its head."""
    if not words_of.TRANSCRIPT.search(words):
        return {}
    return dict.fromkeys(addresses_in(_original(mail).get("to", ""))[:1], words)


def _original(mail: Opened) -> Fields:
    """The headers of the letter that comes back, where they stand in the text as well."""
    parts = words_of.END.split(mail.prose, maxsplit=1)
    if mail.original or len(parts) < 2:
        return mail.original
    return next((group for group in groups_in(parts[-1]) if "to" in group), {})


def _marks(words: str) -> Iterator[tuple[int, str]]:
    """Where the text comes to speak of an address: a line that begins with it, or else a phrase that names it."""
    if of_a_list := words_of.OF_A_LIST.search(words):
        return iter([(of_a_list.start(), clean(of_a_list["address"]))])
    matches = ((start, words_of.LINE_OF_ADDRESS.match(line)) for start, line in _lines(words))
    marks = [(start, clean(match["address"])) for start, match in matches if match]
    found = marks or [(match.start(), clean(match["address"])) for match in words_of.NAMED.finditer(words)]
    return iter(found[:_MOST])


def _lines(text: str) -> Iterator[tuple[int, str]]:
    position = 0
    for line in text.split("\n"):
        yield position, line
        position += len(line) + 1


def _kind(said: str, delayed: bool) -> EventKind:
    if delayed:
        return EventKind.DEFERRED
    return EventKind.HARD_BOUNCE if is_dead(Refusal(words=said, around=said)) else EventKind.SOFT_BOUNCE
