"""What SendGrid's answer to a request means for its letters. Pure decisions.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime

import orjson

from digest.deliver.receipts import all_with, nothing_left, receipt, said
from digest.deliver.sendgrid_wire import Answer
from digest.model import Delivery, Fate, Letter

_READER = re.compile(r"personalizations[.\[](\d+)\]?(?:[.\[]to\b.*)?")
_GATEWAY_TROUBLE = frozenset({502, 504})
_SHORTEST_PAUSE = 1.0


_ADVICE: Mapping[int, str] = {
    401: " (check delivery.sendgrid.api_key)",
    403: " (check that the key may send mail, and that publication.from is a verified sender)",
    404: " (check delivery.sendgrid.address)",
    413: " (lower delivery.sendgrid.readers_per_request)",
}


def outcome(answer: Answer, letters: Sequence[Letter]) -> Delivery:
    """The fate of all letters of a request. Where it names wrong readers, the others are unsent and nothing stops."""
    status, words = answer.status, f"SendGrid answers {answer.status}: {_words(answer)}"
    if status == 200:
        return nothing_left(letters, "SendGrid answers 200: it checked the letters and sends none (sandbox mode)")
    if 200 < status < 300:
        return Delivery(receipts=all_with(letters, Fate.ACCEPTED, provider_id=answer.headers.get("x-message-id", "")))
    if status == 400:
        return _bad_request(answer, letters, words)
    if status in _GATEWAY_TROUBLE:  # something in between gave up on a service that may have taken the request
        return Delivery(receipts=all_with(letters, Fate.UNKNOWN, words), stopped=words)
    if status >= 500:
        return Delivery(receipts=all_with(letters, Fate.DEFERRED, words), stopped=words)
    return nothing_left(letters, words + _ADVICE.get(status, ""))


def pause(answer: Answer, now: float) -> float:
    """Seconds to wait after a 429: until X-RateLimit-Reset (seconds since 1970), or as Retry-After says; at least 1."""
    return max(_SHORTEST_PAUSE, _until_reset(answer, now), _retry_after(answer, now))


def _until_reset(answer: Answer, now: float) -> float:
    reset = answer.headers.get("x-ratelimit-reset", "")
    return float(reset) - now if re.fullmatch(r"\d{1,12}", reset) else 0.0


def _retry_after(answer: Answer, now: float) -> float:
    """RFC 9110, section 10.2.3: seconds, or a date."""
    value = answer.headers.get("retry-after", "")
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    try:
        return parsedate_to_datetime(value).timestamp() - now
    except ValueError:
        return 0.0


def _bad_request(answer: Answer, letters: Sequence[Letter], words: str) -> Delivery:
    """Refuses the readers that the answer names. If it names anything else, it is the request that is wrong."""
    errors = _errors(answer)
    refused = _refused_readers(errors, len(letters))
    if not refused and len(letters) == 1 and all(_field(error) in {"", "null"} for error in errors):
        refused = {0: _words(answer)}
    if not refused:
        return nothing_left(letters, words)
    return Delivery(
        receipts=tuple(
            receipt(letter, Fate.REFUSED, refused[number]) if number in refused else receipt(letter, Fate.UNSENT)
            for number, letter in enumerate(letters)
        )
    )


def _refused_readers(errors: Sequence[Mapping[str, object]], readers: int) -> dict[int, str]:
    """The words for each reader whose address is at fault; nobody's if anything else in the request is."""
    named: dict[int, str] = {}
    for error in errors:
        match = _READER.fullmatch(_field(error))
        if match is None or int(match[1]) >= readers:
            return {}
        named[int(match[1])] = said(str(error.get("message", "")))
    return named


def _field(error: Mapping[str, object]) -> str:
    return str(error.get("field") or "")


def _errors(answer: Answer) -> Sequence[Mapping[str, object]]:
    try:
        errors = orjson.loads(answer.body)["errors"]
    except (ValueError, TypeError, KeyError):
        return ()
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else ()


def _words(answer: Answer) -> str:
    """The service's own words, with the field that they are about."""
    told = (f"{error.get('message', '')} [{_field(error) or 'no field'}]" for error in _errors(answer))
    return said("; ".join(told)) or "no reason given"
