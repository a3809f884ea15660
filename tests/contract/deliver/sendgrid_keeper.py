"""What the local SendGrid keeps, and how it holds, cancels and delivers: without a network.

https://www.twilio.com/docs/sendgrid/api-reference/cancel-scheduled-sends; the words of its refusals are those of
github.com/sendgrid/docs/pull/1276 and of public reports.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

MOST_MARKS = 10
TOO_LATE = 600.0
FURTHEST = 72 * 3600.0


@dataclass(frozen=True)
class Answered:
    """An answer: its status and its body, as JSON."""

    status: int
    body: Any = None


@dataclass
class Held:
    """Letters of one request that are not out: when they go, and until when their batch can be cancelled."""

    due: float
    last_call: float
    batch: str
    letters: list[dict[str, Any]]


@dataclass
class Keeper:
    """What the service keeps: batch ids, marks (cancel, pause), letters on hold and those that went out.

    A hold of `s` seconds lasts `s / speed` by `clock` (seconds since 1970), so that a sender's own clock stays right.
    """

    clock: Callable[[], float] = time.time
    speed: float = 1.0
    log: TextIO | None = None
    delivered: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    cancelled: int = 0

    def new_batch(self) -> Answered:
        self.batches.append(f"Batch{len(self.batches):06d}-{id(self):x}")
        return Answered(201, {"batch_id": self.batches[-1]})

    def validate(self, batch: str) -> Answered:
        return (
            Answered(200, {"batch_id": batch}) if batch in self.batches else errors(400, "batch_id", "invalid batch id")
        )

    def take(self, request: dict[str, Any]) -> Answered:
        batch, now = request.get("batch_id", ""), self.clock()
        if batch and batch not in self.batches:
            return errors(400, "batch_id", "The batch_id is invalid")
        wait = request.get("send_at", 0) - now
        if wait > FURTHEST:
            return errors(400, "send_at", "The send_at value must not be more than 72 hours from now")
        letters = request["personalizations"]
        due = now + max(0.0, wait) / self.speed
        self.held.append(Held(due, due - TOO_LATE / self.speed, batch, letters))
        self.release()
        return Answered(202)

    def release(self) -> None:
        """Lets go whose time has come: out, or away if the batch is cancelled; a paused batch stays."""
        now = self.clock()
        due: list[Held] = []
        held: list[Held] = []
        for each in self.held:
            goes = each.due <= now and self.marks.get(each.batch) != "pause"
            (due if goes else held).append(each)
        self.held = held
        for each in due:
            if self.marks.get(each.batch) == "cancel":
                self.cancelled += len(each.letters)
            else:
                self._deliver(each)

    def _deliver(self, held: Held) -> None:
        for letter in held.letters:
            address, custom = letter["to"][0]["email"], letter.get("custom_args", {})
            self.delivered.append((address, custom))
            if self.log is not None:
                self.log.write(f"{address}\t{custom.get('letter', '')}\t{held.batch}\n")
                self.log.flush()

    def mark(self, batch: str, status: str) -> Answered:
        if batch not in self.batches:
            return errors(400, "batch_id", "invalid batch id")
        if batch in self.marks:
            return errors(400, None, "a status for this batch id exists, try PATCH to update the status")
        if len(self.marks) >= MOST_MARKS:
            return errors(400, None, "max limit reached")
        return self._set(batch, status, 201)

    def remark(self, batch: str, status: str) -> Answered:
        if batch not in self.marks:
            return errors(404, None, "batch id not found")
        return self._set(batch, status, 204)

    def _set(self, batch: str, status: str, done: int) -> Answered:
        if any(each.last_call <= self.clock() for each in self.held if each.batch == batch):
            return errors(400, None, "a scheduled send cannot be changed less than 10 minutes before its time")
        self.marks[batch] = status
        return Answered(done, {"batch_id": batch, "status": status} if done == 201 else None)

    def unmark(self, batch: str) -> Answered:
        return Answered(204) if self.marks.pop(batch, "") else errors(404, None, "batch id not found")

    def marked(self, batch: str = "") -> Answered:
        found = [{"batch_id": each, "status": status} for each, status in self.marks.items() if batch in {"", each}]
        return Answered(200, found) if found or not batch else errors(404, None, "batch id not found")

    def summary(self) -> dict[str, int]:
        held = sum(len(each.letters) for each in self.held)
        return {"delivered": len(self.delivered), "cancelled": self.cancelled, "held": held}


def errors(status: int, field_: str | None, message: str) -> Answered:
    return Answered(status, {"errors": [{"field": field_, "message": message, "help": None}]})
