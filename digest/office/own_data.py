"""All that is known of one reader, in the form in which they may have it themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from digest.audience.addresses import typed_address
from digest.model import LetterRecord
from digest.model.readers import Choice, Consent, MailEvent, Origin, Reader, SignUp
from digest.record.store import Store
from digest.settings import Settings

FORMAT = 1


def own_data(settings: Settings, store: Store, who: int | str) -> Mapping[str, Any] | None:
    """What the store knows of a reader, by their number or by an address that somebody typed; None if that is nothing.

    Plain values that JSON can carry, instants as ISO 8601 in UTC, null where something is not known:

        {"format", "publication", "address", "gets_letters", "on_the_list": {"in_the_file", "joined_at"},
         "choices": {"sections", "rhythm", "language", "timezone", "name", "own"},
         "not_written_to": {"because", "reason", "since"},  "waiting": {"asked_at", "letters", ...},
         "consent": [{"what", "at", "how", "network", "form", "words", "language"}],
         "letters": [{"issue", "state", "words", "at"}],  "came_back": [{"what", "at", "issue", "words", "url"}]}

    Consent and what came back are in the order of time, letters the newest first. Raises ConfigurationError for what is
    no address.
    """
    reader = store.readers.numbered(who) if isinstance(who, int) else store.readers.find(typed_address(who))
    address = reader.address if reader else typed_address(who) if isinstance(who, str) else ""
    waiting = store.traces.waiting(address) if address else None
    if reader is None and waiting is None and (not address or store.readers.ground_of(address) is None):
        return None
    return {
        "format": FORMAT,
        "publication": settings.publication.name,
        "address": address,
        **(_standing(reader) if reader else _STRANGER),
        "not_written_to": _ground(store, address),
        "waiting": _waiting(waiting) if waiting else None,
        "consent": _consent(store.readers.record_of(address)),
        "letters": _letters(store.ledger.letters_to(address)),
        "came_back": _events(store.mail_events.of_reader(reader.number)) if reader else [],
    }


_STRANGER: Mapping[str, Any] = {"gets_letters": False, "on_the_list": None, "choices": None}


def _standing(reader: Reader) -> dict[str, Any]:
    on_the_list = {"in_the_file": reader.is_listed, "joined_at": _instant(reader.joined_at)}
    return {
        "gets_letters": reader.gets_letters,
        "on_the_list": on_the_list if reader.is_on_the_list else None,
        "choices": {**_choice(reader.choice), "own": reader.own_choice},
    }


def _ground(store: Store, address: str) -> dict[str, Any] | None:
    """Of somebody forgotten there is nothing left to tell but that."""
    ground = store.readers.ground_of(address)
    if ground is None:
        return None
    found = store.suppressions.find(address)
    return {
        "because": ground.value,
        "reason": found.reason if found else "",
        "since": _instant(found.since) if found else None,
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "name": choice.name,
        "sections": list(choice.sections),
        "rhythm": choice.rhythm.value,
        "language": choice.language,
        "timezone": choice.timezone,
    }


def _waiting(sign_up: SignUp) -> dict[str, Any]:
    return {
        "asked_at": _instant(sign_up.asked_at),
        "letters": sign_up.letters,
        "choices": _choice(sign_up.choice),
        **_origin(sign_up.origin),
    }


def _consent(record: Iterable[Consent]) -> list[dict[str, Any]]:
    return [{"what": line.act.value, "at": _instant(line.at), **_origin(line.origin)} for line in record]


def _origin(origin: Origin) -> dict[str, str]:
    return {
        "how": origin.how,
        "network": origin.network,
        "form": origin.form,
        "words": origin.words,
        "language": origin.language,
    }


def _letters(letters: Iterable[LetterRecord]) -> list[dict[str, Any]]:
    return [
        {
            "issue": letter.issue,
            "state": letter.state.value,
            "words": letter.words,
            "at": _instant(letter.settled_at or letter.claimed_at),
        }
        for letter in letters
    ]


def _events(events: Iterable[MailEvent]) -> list[dict[str, Any]]:
    return [
        {
            "what": event.kind.value,
            "at": _instant(event.at),
            "issue": event.issue,
            "words": event.words,
            "url": event.url,
        }
        for event in events
    ]


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
