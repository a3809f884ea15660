"""Opening a connection to a mail server: greeting, EHLO, STARTTLS and login (RFC 5321, 3207, 4954)."""

from __future__ import annotations

import hmac
import ipaddress
import logging
import socket
import ssl
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from digest.deliver.smtp_replies import Reply
from digest.deliver.smtp_wire import Wire
from digest.deliver.trouble import in_words
from digest.settings import Smtp

logger = logging.getLogger(__name__)

_READY = 220
_LOGGED_IN = 235
_SAY_MORE = 334
_SPEAKS_NO_TLS = "WRONG_VERSION_NUMBER"  # OpenSSL's reason when the first bytes are no TLS record


class Unreachable(Exception):
    """No connection on which letters can be sent; the text says why in words for the operator.

    `stopped` says that a person has to do something first; else it may pass by itself.
    """

    def __init__(self, words: str, *, stopped: bool = False) -> None:
        super().__init__(words)
        self.stopped = stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A connection that takes letters, and what the server offers on it: keyword in capitals to its parameters."""

    wire: Wire
    offers: Mapping[str, str]


def open_connection(settings: Smtp, context: ssl.SSLContext | None, *, patience: float) -> Opened:
    """Opens a connection, secures it as configured and logs in. Raises Unreachable.

    `patience` is how many seconds each step may take. `context` verifies the server; None where nothing is secured.
    """
    wire = _connected(settings, patience)
    try:
        opened = _prepared(wire, settings, context)
    except OSError as error:
        wire.close()
        raise _lost(settings, error) from None  # the cause may hold the password
    except Unreachable:
        wire.close()
        raise
    logger.debug("connected to %s", _server(settings))
    return opened


def _connected(settings: Smtp, patience: float) -> Wire:
    try:
        plain = socket.create_connection((settings.host, settings.port), timeout=settings.timeout)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"cannot connect to {_server(settings)}: {in_words(error)}") from None
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a letter's last bytes wait for nothing
    return Wire(plain, patience=patience)


def _prepared(wire: Wire, settings: Smtp, context: ssl.SSLContext | None) -> Opened:
    if context and settings.security == "tls":
        wire.secure(context, settings.host)
    _greeted(wire.reply(), settings)
    offers = _introduced(wire, settings)
    if context and settings.security == "starttls":
        _start_tls(wire, offers, settings, context)
        offers = _introduced(wire, settings)  # RFC 3207, section 4.2: what was offered in the clear counts for nothing
    if settings.username:
        _log_in(wire, offers.get("AUTH", ""), settings)
    return Opened(wire=wire, offers=offers)


def _greeted(reply: Reply, settings: Smtp) -> None:
    if reply.code != _READY:
        raise Unreachable(
            f"cannot connect to {_server(settings)}: it greets with {reply.words}", stopped=reply.permanent
        )


def _introduced(wire: Wire, settings: Smtp) -> dict[str, str]:
    """What the server offers when it is greeted; nothing where it knows HELO only."""
    ours = _our_name(wire.address)
    reply = _asked(wire, f"EHLO {ours}")
    if reply.permanent:
        reply = _asked(wire, f"HELO {ours}")
        reply.text = b""
    if not reply.positive:
        raise Unreachable(f"{_server(settings)} does not greet us back: {reply.words}", stopped=reply.permanent)
    _, *lines = reply.text.decode("ascii", "replace").split("\n")
    return {word.upper(): rest for word, _, rest in (line.replace("AUTH=", "AUTH ").partition(" ") for line in lines)}


def _start_tls(wire: Wire, offers: Mapping[str, str], settings: Smtp, context: ssl.SSLContext) -> None:
    server = _server(settings)
    if "STARTTLS" not in offers:
        raise Unreachable(
            f"{server} offers no STARTTLS: set delivery.smtp.security to 'tls', or to 'none' for a local server",
            stopped=True,
        )
    reply = _asked(wire, "STARTTLS")
    if reply.code != _READY:
        raise Unreachable(f"{server} cannot be used: {reply.words} to STARTTLS", stopped=reply.permanent)
    if wire.holds_input:  # what comes in the clear must not pass for what is said inside TLS (CVE-2011-0411)
        raise Unreachable(f"{server} cannot be trusted: it goes on in the clear after STARTTLS", stopped=True)
    wire.secure(context, settings.host)


def _log_in(wire: Wire, mechanisms: str, settings: Smtp) -> None:
    server = _server(settings)
    offered = mechanisms.upper().split()
    log_in = next((way for name, way in _LOGINS.items() if name in offered), None)
    if log_in is None:
        raise Unreachable(f"{server} offers no AUTH that we know: it takes no login, or not like this", stopped=True)
    reply = log_in(wire, settings.username, settings.password)
    if reply.code != _LOGGED_IN:
        words = f"{server} refuses the login of delivery.smtp.username: {_without_secrets(reply.words, settings)}"
        raise Unreachable(words, stopped=reply.permanent)


def _plain(wire: Wire, username: str, password: str) -> Reply:
    """RFC 4616."""
    return _asked(wire, f"AUTH PLAIN {_base64(chr(0).join(('', username, password)))}")


def _login(wire: Wire, username: str, password: str) -> Reply:
    """Never a standard, and what some servers know alone."""
    reply = _asked(wire, "AUTH LOGIN")
    for answer in (username, password):
        if reply.code == _SAY_MORE:
            reply = _asked(wire, _base64(answer))
    return reply


def _cram_md5(wire: Wire, username: str, password: str) -> Reply:
    """RFC 2195."""
    reply = _asked(wire, "AUTH CRAM-MD5")
    if reply.code != _SAY_MORE:
        return reply
    try:
        challenge = b64decode(reply.text, validate=True)
    except ValueError:
        return reply
    return _asked(wire, _base64(f"{username} {hmac.new(password.encode(), challenge, 'md5').hexdigest()}"))


_LOGINS: Mapping[str, Callable[[Wire, str, str], Reply]] = {"PLAIN": _plain, "LOGIN": _login, "CRAM-MD5": _cram_md5}


def _asked(wire: Wire, command: str) -> Reply:
    wire.send(f"{command}\r\n".encode("ascii"))
    return wire.reply()


def _base64(text: str) -> str:
    return b64encode(text.encode("ascii")).decode("ascii")


def _without_secrets(words: str, settings: Smtp) -> str:
    """Some servers repeat what they did not understand."""
    full = _base64(chr(0).join(("", settings.username, settings.password)))
    for secret in (full, _base64(settings.password), settings.password):
        words = words.replace(secret, "…")
    return words


def _lost(settings: Smtp, error: OSError) -> Unreachable:
    server = _server(settings)
    if isinstance(error, ssl.SSLCertVerificationError):
        words = f"{server} cannot be used: {in_words(error)}; delivery.smtp.ca_file can name who signed it"
        return Unreachable(words, stopped=True)
    if isinstance(error, ssl.SSLError) and error.reason == _SPEAKS_NO_TLS:
        words = f"cannot connect to {server}: it speaks no TLS there; delivery.smtp.security may be 'starttls'"
        return Unreachable(words, stopped=True)
    return Unreachable(f"cannot connect to {server}: {in_words(error)}")


@lru_cache(maxsize=8)
def _our_name(address: str) -> str:
    """What we call ourselves: this machine's full name or, where it has none, its address (RFC 5321, 4.1.3)."""
    name = socket.getfqdn()
    if "." in name and name.isascii() and name.isprintable() and " " not in name:
        return name
    bare = address.partition("%")[0]
    return f"[IPv6:{bare}]" if ipaddress.ip_address(bare).version == 6 else f"[{bare}]"


def _server(settings: Smtp) -> str:
    return f"{settings.host}:{settings.port}"
