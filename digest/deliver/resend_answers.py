"""What Resend's answer to a call means for its letters. Pure decisions.

A call is made under an idempotency key, so whatever leaves a doubt is UNHEARD: the same call is made again under the
same key, and counts once. Only what Resend surely did not take is given another answer.

https://resend.com/docs/api-reference/errors
https://resend.com/docs/api-reference/rate-limit
https://resend.com/docs/dashboard/emails/batch-validation-modes
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from digest.deliver.kept_connection import Response
from digest.deliver.receipts import all_with, nothing_left, receipt, said
from digest.model import Answer, Delivery, Letter

_QUOTAS = frozenset({"daily_quota_exceeded", "monthly_quota_exceeded"})
_ABOUT_THE_READER = re.compile("[`'\"]to[`'\"]")
_SHORTEST_WAIT = 1.0
_IN_PROGRESS_WAIT = 5.0

_ADVICE: Mapping[int, str] = {
    401: " (check the key in DIGEST_RESEND_API_KEY)",
    403: " (check the key, and that the domain of publication.from is verified at Resend)",
    404: " (check delivery.resend.address)",
    413: " (lower delivery.resend.readers_per_request)",
    429: " (wait for the new day or month, or take a larger plan)",
}


def outcome(response: Response, letters: Sequence[Letter]) -> Delivery:
    """What became of all letters of a call, in their order."""
    status, told = response.status, _told(response)
    words = _in_words(status, told)
    if 200 <= status < 300:
        return _of_success(told, letters, words)
    if status == 429 and told.get("name") not in _QUOTAS:
        return _in_trouble(letters, Answer.TOO_FAST, words, max(_SHORTEST_WAIT, _asked_wait(response)))
    if status == 409:
        return _of_conflict(told, letters, words)
    if status == 408 or status >= 500:
        return _in_trouble(letters, Answer.UNHEARD, words, _asked_wait(response))
    if status in {400, 422}:
        return _of_refusal(told, letters, words)
    return nothing_left(letters, stopped=words + _ADVICE.get(status, ""))


def unheard(letters: Sequence[Letter], trouble: object) -> Delivery:
    """The call may have got through, and no answer came back."""
    return _in_trouble(letters, Answer.UNHEARD, f"Resend gave no answer: {trouble}")


def _of_success(told: Mapping[str, Any], letters: Sequence[Letter], words: str) -> Delivery:
    """An id for each letter that was taken, in their order, and a complaint with its place for each of the others."""
    ids, refused = _ids(told), _refused(told, len(letters))
    if len(ids) + len(refused) != len(letters):
        return _in_trouble(letters, Answer.UNHEARD, f"{words} ({len(ids)} ids for {len(letters)} letters)")
    if not ids:
        return _all_refused(refused, letters)
    taken = iter(ids)
    return Delivery(
        receipts=tuple(
            receipt(letter, Answer.NOT_TAKEN, refused[place])
            if place in refused
            else receipt(letter, Answer.TAKEN, provider_id=next(taken))
            for place, letter in enumerate(letters)
        )
    )


def _all_refused(refused: Mapping[int, str], letters: Sequence[Letter]) -> Delivery:
    """No letter was taken. What is not about the reader can be the fault of all letters, which a person must mend."""
    shared = next((words for words in refused.values() if not _ABOUT_THE_READER.search(words)), "")
    return Delivery(
        receipts=tuple(
            receipt(letter, Answer.NOT_TAKEN, refused[place])
            if _ABOUT_THE_READER.search(refused.get(place, ""))
            else receipt(letter, Answer.UNSENT)
            for place, letter in enumerate(letters)
        ),
        stopped=f"Resend refuses the letters: {shared}" if shared else "",
    )


def _of_refusal(told: Mapping[str, Any], letters: Sequence[Letter], words: str) -> Delivery:
    """Nothing of the call was taken: for the readers whom it names, or else for what all letters share."""
    refused = _refused(told, len(letters))
    if not refused and len(letters) == 1 and _ABOUT_THE_READER.search(words):
        refused = {0: words}
    return _all_refused(refused, letters) if refused else nothing_left(letters, stopped=words)


def _of_conflict(told: Mapping[str, Any], letters: Sequence[Letter], words: str) -> Delivery:
    """The key is known: the call is still under way, or was made with other content. Either may have been taken."""
    if told.get("name") == "invalid_idempotent_request":
        return _in_trouble(letters, Answer.UNHEARD, f"{words} (these letters were sent before, with other content)")
    return _in_trouble(letters, Answer.UNHEARD, words, _IN_PROGRESS_WAIT)


def _in_trouble(letters: Sequence[Letter], answer: Answer, words: str, wait: float = 0.0) -> Delivery:
    return Delivery(receipts=all_with(letters, answer, words, wait=wait), trouble=words)


def _in_words(status: int, told: Mapping[str, Any]) -> str:
    """`Resend answers 403 (invalid_api_key): API key is invalid`."""
    name, message = said(str(told.get("name") or "")), said(str(told.get("message") or ""))
    return f"Resend answers {status}" + (f" ({name})" if name else "") + (f": {message}" if message else "")


def _asked_wait(response: Response) -> float:
    """Seconds, as `retry-after` or `ratelimit-reset` say; 0 if neither does."""
    asked = (response.headers.get(name, "") for name in ("retry-after", "ratelimit-reset"))
    return max((float(seconds) for seconds in asked if re.fullmatch(r"[0-9]{1,9}", seconds)), default=0.0)


def _ids(told: Mapping[str, Any]) -> list[str]:
    data = told.get("data")
    entries = data if isinstance(data, list) else []
    return [said(str(entry["id"])) for entry in entries if isinstance(entry, dict) and entry.get("id")]


def _refused(told: Mapping[str, Any], letters: int) -> dict[int, str]:
    """The words for each letter that is refused, by its place in the call."""
    errors = told.get("errors")
    entries = [entry for entry in errors if isinstance(entry, dict)] if isinstance(errors, list) else []
    return {
        entry["index"]: said(str(entry.get("message") or "no reason given"))
        for entry in entries
        if type(entry.get("index")) is int and 0 <= entry["index"] < letters
    }


def _told(response: Response) -> Mapping[str, Any]:
    try:
        told = orjson.loads(response.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
