"""One visit: everything is looked at, at the same time, and nobody waits for longer than was said."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from queue import Empty, Queue

from digest.model.health import Diagnosis, Examination, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Something to look at: the check by whose name it is reported when it does not come to an end, and what to do.

    `act` may give several diagnoses, one after the other: those that came in time count.
    """

    check: str
    act: Callable[[], Iterable[Diagnosis]]


_Found = tuple[int, Diagnosis | None]
"""The number of a look, and what it found; None at its end."""


def examine(looks: Sequence[Look], *, seconds: float) -> Examination:
    """What all of them find within so many seconds, in their order.

    A look that fails in a way that nobody thought of is one that could not be asked: the others count all the same.
    """
    found: Queue[_Found] = Queue()
    for number, look in enumerate(looks):
        # Left behind when time is up: a thread that waits for the network cannot be called off.
        threading.Thread(target=_go, args=(number, look, found), name=look.check, daemon=True).start()
    diagnoses: dict[int, list[Diagnosis]] = {number: [] for number in range(len(looks))}
    waiting, ends = set(diagnoses), time.monotonic() + seconds
    while waiting:
        try:
            number, diagnosis = found.get(timeout=max(0.0, ends - time.monotonic()))
        except Empty:
            break
        if diagnosis is None:
            waiting.discard(number)
        else:
            diagnoses[number].append(diagnosis)
    for number in waiting:
        diagnoses[number].append(_unasked(looks[number], f"there was no end to it within {seconds:g} s"))
    return Examination(diagnoses=tuple(each for number in diagnoses for each in diagnoses[number]))


def _go(number: int, look: Look, found: Queue[_Found]) -> None:
    try:
        for diagnosis in look.act():
            found.put((number, diagnosis))
    except Exception as error:  # whatever a library did not tell of: it is no reason to lose what the others found
        found.put((number, _unasked(look, f"something unexpected ({type(error).__name__})")))
    finally:
        found.put((number, None))


def _unasked(look: Look, why: str) -> Diagnosis:
    return Diagnosis(check=look.check, verdict=Verdict.NOT_ASKED, words=f"could not be asked: {why}")
