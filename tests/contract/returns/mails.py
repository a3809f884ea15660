"""Mails of each kind that come back, and what is to be true once they were read, however that went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from digest.model.readers import Act, Ground
from tests.contract.returns.doors import Door
from tests.unit.dispatch.office import Office
from tests.unit.office.came_back import bounce, letter_of
from tests.unit.record.newsroom import reader
from tests.unit.record.returns import everything

AWAY = "From: bo@reader.example\nAuto-Submitted: auto-replied\nSubject: Away\n\nBack on Monday.\n"
QUESTION = "From: bo@reader.example\nSubject: A question\n\nWho wrote this?\n"


def wish_to_leave(number: int) -> str:
    """From a reader."""
    return f"From: Ana <{reader(number).address.upper()}>\nSubject: Unsubscribe\nX-Reader: {number}\n\n\n"


def bounce_of(office: Office, number: int) -> str:
    """Of a reader's letter, to its own return path."""
    return bounce(to=letter_of(office, number)[0], about=reader(number).address)


class Mixed:
    """Bounces of some readers' letters, wishes to leave of others, and for each of these an answer and a question."""

    def __init__(self, office: Office, gone: Sequence[int], leave: Sequence[int]) -> None:
        self._gone, self._leave = gone, leave
        self._done = [*(bounce_of(office, number) for number in gone), *map(wish_to_leave, leave), *len(leave) * [AWAY]]
        self._kept = len(leave) * [QUESTION]

    def put(self, door: Door) -> None:
        """Delivers them, the kinds one after the other in turns."""
        kinds = (self._done[: len(self._gone)], self._done[len(self._gone) :], self._kept)
        longest = max(map(len, kinds))
        door.put(*(mails[turn] for turn in range(longest) for mails in kinds if turn < len(mails)))

    def are_dealt_with(self, door: Door, office: Office) -> None:
        """Asserts that each mail is in its place once, and counted once."""
        assert door.done() == _sorted(self._done)
        assert door.kept() == door.unread() == _sorted(self._kept)
        grounds = {number: office.store.readers.ground_of(reader(number).address) for number in self._all()}
        assert grounds == {
            **dict.fromkeys(self._gone, Ground.BOUNCED),
            **dict.fromkeys(self._leave, Ground.UNSUBSCRIBED),
        }
        told = Counter(row[1] for row in everything(office.store)["events"])
        assert {number: told[number] for number in self._all()} == {
            number: number in self._gone for number in self._all()
        }
        for number in self._leave:
            acts = Counter(each.act for each in office.store.readers.record_of(reader(number).address))
            assert acts[Act.LEFT] == 1

    def _all(self) -> Collection[int]:
        return [*self._gone, *self._leave]


def _sorted(mails: Sequence[str]) -> list[bytes]:
    return sorted(mail.encode() for mail in mails)
