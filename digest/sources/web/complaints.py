"""What went wrong with a fetch, in words that an editor understands."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from http.client import responses

from urllib3 import exceptions

from digest.errors import SourceRefused, SourceUnreadable

_HINTS = {
    401: "the feed wants a password, which cannot be given here",
    403: "ask the site to let feed readers in",
    404: "check the feed's address",
    410: "the feed is gone for good; remove it from the configuration",
    429: "the site wants to be asked less often",
}


def of_status(status: int, reason: str | None, body: bytes = b"", retry_after: float | None = None) -> SourceRefused:
    """The complaint about an answer that is neither the feed nor "not modified"."""
    hint = _HINTS.get(status, _LATER if status >= 500 else "")
    text = f"the server answered {status} {reason or _phrase(status)}".rstrip()
    return SourceRefused(text, hint=hint, status=status, body=body, retry_after=retry_after)


def resting(host: str, status: int, seconds: float) -> SourceRefused:
    """The complaint about a host that asked, with this status, to be left alone for so many seconds more."""
    text = f"{host} answered {status} and wants to be left alone for {seconds:.0f} s"
    return SourceRefused(text, hint=_HINTS[429], status=status, retry_after=seconds)


def silent(host: str) -> SourceUnreadable:
    """The complaint about a host that was waited for before, in the same run."""
    return SourceUnreadable(f"{host} did not answer before, and is not asked again in this gather", hint=_LATER)


def of_exception(error: Exception, host: str, seconds: float) -> SourceUnreadable:
    """The complaint about an exception of urllib3; `seconds` is how long was waited at most."""
    cause = error.reason if isinstance(error, exceptions.MaxRetryError) and error.reason else error
    text, hint = next(words for kind, *words in _CAUSES if isinstance(cause, kind))
    detail = next((told(cause) for kind, told in _DETAILS if isinstance(cause, kind)), "")
    return SourceUnreadable(text.format(host=host, seconds=seconds, detail=detail), hint=hint)


def too_slow(seconds: float) -> SourceUnreadable:
    """The complaint about an answer that was not complete at the deadline."""
    return SourceUnreadable(f"the answer was not complete after {seconds:g} s", hint=_LATER)


def over() -> SourceUnreadable:
    """The complaint about a fetch for which the run had no time left."""
    return SourceUnreadable(
        "the time for this gather was over", hint="gather again, or raise fetch.deadline if it happens often"
    )


def private(host: str, addresses: Sequence[str]) -> SourceUnreadable:
    """The complaint about a host that is not public, for these addresses."""
    where = f"is {', '.join(addresses)}, in a private network" if addresses else "has no address"
    return SourceUnreadable(
        f"{host} {where}", hint=f"if it is yours and is to be asked, add {host!r} to fetch.private in digest.toml"
    )


def broken_gzip() -> SourceUnreadable:
    """The complaint about a gzip file that cannot be unpacked, or not to its end."""
    return SourceUnreadable("a gzip file that is broken", hint=_LATER)


def unknown_encoding(name: str) -> SourceUnreadable:
    """The complaint about a compression that we did not say we could read."""
    return SourceUnreadable(f"the answer is compressed in a way that cannot be read ({name[:40]})", hint=_LATER)


def too_large(most: int) -> SourceUnreadable:
    """The complaint about more bytes than we take, compressed or not."""
    return SourceUnreadable(f"larger than {most:,} bytes", hint="raise fetch.max_bytes if that is right")


def _errno_words(error: BaseException) -> str:
    cause = error.__cause__ or error.__context__
    return (cause.strerror or "refused").lower() if isinstance(cause, OSError) else "refused"


def _tls_words(error: Exception) -> str:
    cause = next((each for each in (error, *error.args) if isinstance(each, ssl.SSLError)), None)
    words = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or "TLS failed"
    return str(words).replace("_", " ").lower() if cause else "TLS failed"


def _broken_words(error: Exception) -> str:
    cause = error.args[-1] if error.args else error
    if isinstance(cause, exceptions.IncompleteRead) and cause.expected is not None:
        return f"{cause.partial:,} of {cause.partial + cause.expected:,} bytes came"
    if isinstance(cause, OSError):
        return (cause.strerror or "connection lost").lower()
    return "the server closed the connection"


def _phrase(status: int) -> str:
    return responses.get(status, "")


_LATER = "try again later"

# The first kind that fits, so the narrower kinds stand before the wider ones.
_CAUSES: tuple[tuple[type[Exception], str, str], ...] = (
    (
        exceptions.NameResolutionError,
        "the host {host} is not known",
        "check the address and the connection",
    ),
    (exceptions.NewConnectionError, "no connection to {host}: {detail}", _LATER),
    (exceptions.ConnectTimeoutError, "no connection to {host} within {seconds:g} s", _LATER),
    (exceptions.TimeoutError, "no answer from {host} within {seconds:g} s", _LATER),
    (exceptions.SSLError, "no safe connection to {host}: {detail}", "check the site's certificate"),
    (exceptions.DecodeError, "the compression of the answer is broken", _LATER),
    (exceptions.LocationValueError, "not an address that can be asked", "check the feed's address"),
    (UnicodeError, "not an address that can be asked", "check the feed's address"),
    (ValueError, "the answer is no proper HTTP", _LATER),
    (exceptions.HTTPError, "the answer broke off: {detail}", _LATER),
    (Exception, "could not be fetched: {detail}", _LATER),
)
_DETAILS: tuple[tuple[type[Exception], Callable[[Exception], str]], ...] = (
    (exceptions.NewConnectionError, _errno_words),
    (exceptions.SSLError, _tls_words),
    (exceptions.HTTPError, _broken_words),
    (Exception, lambda error: type(error).__name__),
)
