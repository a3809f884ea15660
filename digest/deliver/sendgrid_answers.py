"""What SendGrid's answer to a request means for its letters. Pure decisions.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors
https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/rate-limits
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime

import orjson

from digest.deliver.kept_connection import Response
from digest.deliver.receipts import all_with, nothing_left, receipt, said
from digest.model import Answer, Delivery, Letter

_READER = re.compile(r"personalizations[.\[](\d+)\]?(?:[.\[]to\b.*)?")
_TROUBLE: Mapping[int, Answer] = {
    408: Answer.CUT_SHORT,
    429: Answer.TOO_FAST,
    500: Answer.FAILING,
    503: Answer.FAILING,
}
"""500 and 503 are what the service itself answers when it is in trouble. Any other 5xx is from something on the way
that gave up on it, and the service may have taken the request."""
_SHORTEST_WAIT = 1.0

_ADVICE: Mapping[int, str] = {
    401: " (check delivery.sendgrid.api_key)",
    403: " (check that the key may send mail, and that publication.from is a verified sender)",
    404: " (check delivery.sendgrid.address)",
    413: " (lower delivery.sendgrid.readers_per_request)",
}


def outcome(response: Response, letters: Sequence[Letter], now: float) -> Delivery:
    """What became of all letters of a request. `now` is in seconds since 1970.

    Where it names wrong readers nothing of it was taken: the others are unsent, and nothing stops.
    """
    if 200 < response.status < 300:
        return Delivery(receipts=all_with(letters, Answer.TAKEN, provider_id=_message_id(response)))
    if response.status == 400:
        return _bad_request(response, letters)
    answer = _trouble(response.status)
    if answer is None:
        return nothing_left(letters, stopped=_stop(response))
    return _in_trouble(letters, answer, answer_in_words(response), _wait(answer, response, now))


def unheard(letters: Sequence[Letter], trouble: object) -> Delivery:
    """The whole request was handed over, and no answer came."""
    return _in_trouble(letters, Answer.UNHEARD, f"SendGrid gave no answer to a whole request: {trouble}")


def wait_of(response: Response, now: float) -> float:
    """Seconds to wait: until X-RateLimit-Reset (seconds since 1970), or as Retry-After says; 0 if neither says."""
    return max(0.0, _until_reset(response, now), _retry_after(response, now))


def answer_in_words(response: Response) -> str:
    """`SendGrid answers 403: access forbidden [no field]`."""
    return f"SendGrid answers {response.status}: {words_of(response)}"


def words_of(response: Response) -> str:
    """The service's own words, with the field that they are about."""
    told = (f"{error.get('message', '')} [{_field(error) or 'no field'}]" for error in _errors(response))
    return said("; ".join(told)) or "no reason given"


def _trouble(status: int) -> Answer | None:
    return _TROUBLE.get(status, Answer.UNHEARD if status >= 500 else None)


def _wait(answer: Answer, response: Response, now: float) -> float:
    if answer is Answer.TOO_FAST:
        return max(_SHORTEST_WAIT, wait_of(response, now))
    return _retry_after(response, now) if answer is Answer.FAILING else 0.0


def _stop(response: Response) -> str:
    if response.status == 200:
        return "SendGrid answers 200: it checked the letters and sends none (sandbox mode)"
    return answer_in_words(response) + _ADVICE.get(response.status, "")


def _in_trouble(letters: Sequence[Letter], answer: Answer, words: str, wait: float = 0.0) -> Delivery:
    return Delivery(receipts=all_with(letters, answer, words, wait=wait), trouble=words)


def _message_id(response: Response) -> str:
    return said(response.headers.get("x-message-id", ""))


def _until_reset(response: Response, now: float) -> float:
    reset = response.headers.get("x-ratelimit-reset", "")
    return float(reset) - now if re.fullmatch(r"[0-9]{1,12}", reset) else 0.0


def _retry_after(response: Response, now: float) -> float:
    """RFC 9110, section 10.2.3: seconds, or a date."""
    value = response.headers.get("retry-after", "")
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, OverflowError):
        return 0.0


def _bad_request(response: Response, letters: Sequence[Letter]) -> Delivery:
    """Refuses the readers that the answer names. If it names anything else, it is the request that is wrong."""
    errors = _errors(response)
    refused = _refused_readers(errors, len(letters))
    if not refused and len(letters) == 1 and all(_field(error) in {"", "null"} for error in errors):
        refused = {0: words_of(response)}
    if not refused:
        return nothing_left(letters, stopped=answer_in_words(response))
    return Delivery(
        receipts=tuple(
            receipt(letter, Answer.NOT_TAKEN, refused[number]) if number in refused else receipt(letter, Answer.UNSENT)
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


def _errors(response: Response) -> Sequence[Mapping[str, object]]:
    try:
        errors = orjson.loads(response.body)["errors"]
    except (ValueError, TypeError, KeyError):
        return ()
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else ()
