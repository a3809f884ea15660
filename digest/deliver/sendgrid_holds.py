"""Batches that SendGrid keeps until their time: a batch id beforehand, and calling a batch back.

https://www.twilio.com/docs/sendgrid/api-reference/cancel-scheduled-sends: at most ten batches are cancelled or paused
at a time, and a cancellation counts for sure only until ten minutes before the batch goes. What belongs to a cancelled
batch is dropped when its time comes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

import orjson

from digest.deliver.kept_connection import NotSent, Response, Unanswered
from digest.deliver.seam import CannotReserve
from digest.deliver.sendgrid_answers import answer_in_words, words_of
from digest.deliver.sendgrid_wire import Wire
from digest.model import Recall

_BATCHES = "mail/batch"
_STATUSES = "user/scheduled_sends"
_REFUSED = frozenset({400, 404})
_FORBIDDEN = frozenset({401, 403})
# The service's words, as its own engineers gave them: github.com/sendgrid/docs/pull/1276.
_ALREADY = re.compile(r"status for this batch|exists", re.IGNORECASE)
_FULL = re.compile(r"\bmax|limit|too many|more than", re.IGNORECASE)

_ADVICE: Mapping[int, str] = {
    401: " (check delivery.sendgrid.api_key)",
    403: " (give the key the permission for scheduled sends, or write delivery.hold = 0 to send without a hold)",
}


def reserve(wire: Wire) -> str:
    """A new batch id. Raises CannotReserve."""
    try:
        response = wire.call("post", _BATCHES)
    except (NotSent, Unanswered) as trouble:
        raise CannotReserve(f"SendGrid gave no batch id: {trouble}") from None
    return batch_id(response)


def batch_id(response: Response) -> str:
    """The batch id in an answer of 201. Raises CannotReserve, `stopped` where the key may not have one."""
    if not 200 <= response.status < 300:
        words = answer_in_words(response) + _ADVICE.get(response.status, "")
        raise CannotReserve(f"no batch id: {words}", stopped=response.status in _FORBIDDEN)
    made = _object(response).get("batch_id")
    if isinstance(made, str) and re.fullmatch(r"[!-~]{1,200}", made):
        return made
    raise CannotReserve(f"no batch id: SendGrid answers {response.status} without one")


def call_back(wire: Wire, reference: str) -> tuple[Recall, str]:
    """Has a batch cancelled, and says what came of it, in words too. One that is cancelled already is called back."""
    try:
        return _call_back(wire, reference)
    except (NotSent, Unanswered) as trouble:
        return Recall.NOT_NOW, f"SendGrid could not be asked to cancel: {trouble}"


def forget(wire: Wire, reference: str) -> bool:
    """Takes the mark off a batch that was called back, which frees one of the ten. Only well after its time: a batch
    without the mark goes out. Whether it worked, or there is no such mark."""
    try:
        response = wire.call("delete", _path(reference))
    except (NotSent, Unanswered):
        return False
    return response.status == 404 or 200 <= response.status < 300


def _call_back(wire: Wire, reference: str) -> tuple[Recall, str]:
    asked = wire.call("post", _STATUSES, orjson.dumps({"batch_id": reference, "status": "cancel"}))
    if asked.status not in _REFUSED:
        return _meaning(asked)
    looked_up = wire.call("get", _path(reference))
    standing = status_of(looked_up, reference)
    if standing == "cancel":
        return Recall.CALLED_BACK, "SendGrid has cancelled it already"
    if standing:  # paused by somebody: it goes out when they let it
        return _meaning(wire.call("patch", _path(reference), orjson.dumps({"status": "cancel"})))
    if looked_up.status not in {200, *_REFUSED}:
        return Recall.NOT_NOW, answer_in_words(looked_up)
    return refusal(asked)


def _meaning(response: Response) -> tuple[Recall, str]:
    if 200 <= response.status < 300:
        return Recall.CALLED_BACK, "SendGrid has cancelled it"
    if response.status in _REFUSED:
        return refusal(response)
    return Recall.NOT_NOW, answer_in_words(response) + _ADVICE.get(response.status, "")


def refusal(response: Response) -> tuple[Recall, str]:
    """What a cancellation that is refused means: full, perhaps later; without a word, we asked in the wrong place; for
    any other reason the batch is out of our hands."""
    words = words_of(response)
    if _FULL.search(words) or _ALREADY.search(words) or (response.status == 404 and words == "no reason given"):
        return Recall.NOT_NOW, answer_in_words(response)
    return Recall.TOO_LATE, answer_in_words(response)


def status_of(response: Response, reference: str) -> str:
    """`cancel`, `pause`, or nothing where the batch has no mark. The service answers with a list."""
    if response.status != 200:
        return ""
    marks = _json(response)
    for mark in marks if isinstance(marks, list) else [marks]:
        if isinstance(mark, dict) and mark.get("batch_id") == reference:
            return str(mark.get("status") or "")
    return ""


def _path(reference: str) -> str:
    return f"{_STATUSES}/{quote(reference, safe='')}"


def _object(response: Response) -> Mapping[str, object]:
    found = _json(response)
    return found if isinstance(found, dict) else {}


def _json(response: Response) -> object:
    try:
        return orjson.loads(response.body)
    except ValueError:
        return None
