"""An answer as a value: its bytes within their limits, and what its headers say."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import urllib3
from urllib3.response import HTTPResponse
from urllib3.util import Retry

from digest.model import Validators
from digest.sources.web import complaints
from digest.sources.web.links import links_of

LONGEST_REST = 24 * 60 * 60
"""Seconds: what a Retry-After counts for at most."""

_CHUNK = 64 * 1024
_GLIMPSE = 64 * 1024
_GZIP = b"\x1f\x8b"
_RESTING = (429, 503)
_IN_UTF8 = "latin-1"
"""http.client reads headers as Latin-1; servers that do not escape mean UTF-8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer: the bytes and where they came from in the end. `unchanged` ones have no bytes.

    `headers` have their names in lower case. `links` are the addresses of the Link header by their relation, absolute.
    A file has neither, and the status of an answer that holds it.
    """

    address: str
    body: bytes = b""
    content_type: str = ""
    validators: Validators = field(default_factory=Validators)
    unchanged: bool = False
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def links(self) -> dict[str, str]:
        return links_of(self.headers.get("link", ""), self.address)


def body_of(response: urllib3.BaseHTTPResponse, most: int) -> bytes:
    """The decoded body, chunk by chunk, so that neither end of a decompression grows past the limit."""
    try:
        _check_encoding(response)
        return b"".join(_within(most, response))
    except BaseException:
        response.close()
        raise


def glimpse_of(response: urllib3.BaseHTTPResponse) -> bytes:
    """The body of a refusal, or the beginning of it; whatever is wrong with it, it is no news."""
    try:
        body = bytes(response.read(_GLIMPSE, decode_content=True))
    except (urllib3.exceptions.HTTPError, ValueError):
        body = b""
    response.close()
    return body


def unpacked(body: bytes, most: int) -> bytes:
    """A body that is itself a gzip file (`feed.xml.gz`), unpacked within the limit; any other as it is.

    One layer is taken off, and a file that was cut short is broken: half a list of pages is none.
    """
    if not body.startswith(_GZIP):
        return body
    try:
        return _members(body, most)
    except zlib.error as error:
        raise complaints.broken_gzip() from error


def headers_of(response: urllib3.BaseHTTPResponse) -> dict[str, str]:
    """The headers by their names in lower case; one that comes several times has its values joined."""
    return {name.lower(): in_unicode(response.headers.get(name, "")) for name in response.headers}


def retry_after(response: urllib3.BaseHTTPResponse) -> float | None:
    """The seconds for which a server that has too much to do wants to be left alone, at most a day."""
    said = response.headers.get("retry-after", "")
    if response.status not in _RESTING or not said:
        return None
    try:
        return Retry(retry_after_max=LONGEST_REST).parse_retry_after(said)
    except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
        return None


def validators_of(response: urllib3.BaseHTTPResponse, known: Validators) -> Validators:
    """The answer's validators; a "not modified" may leave out those that we know."""
    return Validators(
        etag=response.headers.get("etag", known.etag),
        last_modified=response.headers.get("last-modified", known.last_modified),
        moved_to=known.moved_to,
    )


def in_unicode(header: str) -> str:
    """A header's text, as its server meant it."""
    try:
        return header.encode(_IN_UTF8).decode()
    except UnicodeError:
        return header


def _check_encoding(response: urllib3.BaseHTTPResponse) -> None:
    named = response.headers.get("content-encoding", "").lower().replace(" ", "").split(",")
    unknown = set(named) - {"", "identity", *HTTPResponse.CONTENT_DECODERS}
    if unknown:
        raise complaints.unknown_encoding(sorted(unknown)[0])


def _within(most: int, response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    announced = response.headers.get("content-length", "")
    # By its length first: Python refuses to read numbers of more than 4,300 digits.
    if announced.isdecimal() and (len(announced) > 18 or int(announced) > most):
        raise complaints.too_large(most)
    held = 0
    while chunk := response.read(_CHUNK, decode_content=True):
        held += len(chunk)
        if max(held, response.tell()) > most:
            raise complaints.too_large(most)
        yield chunk


def _members(body: bytes, most: int) -> bytes:
    """A gzip file may have several members, one after the other (RFC 1952, section 2.2); padding after them is none."""
    found, held = [], 0
    while body.startswith(_GZIP):
        member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        found.append(member.decompress(body, most + 1 - held))
        held += len(found[-1])
        if held > most:
            raise complaints.too_large(most)
        if not member.eof:
            raise complaints.broken_gzip()
        body = member.unused_data
    return b"".join(found)
