"""A mailbox on an IMAP server (RFC 3501), by IMAPClient.

Mails that are dealt with move to the folder of what is done (RFC 6851, or a copy and a deletion mark where a server has
no MOVE). Those that are left for a person get a keyword of ours, where the server takes any, and are not fetched again.
"""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC
from functools import partial
from typing import Any, TypeVar

from digest.errors import ConfigurationError, DigestError, MailboxFailed
from digest.reader_settings import ReturnsSettings
from digest.returns.mailbox import DONE, Waiting
from digest.returns.opened import MOST_BYTES

Result = TypeVar("Result")
_HANDFUL = 50
_AT_A_TIME = 50_000
_PATIENCE = 60.0
_LEFT = "$DigestLeft"
_BODY = f"BODY.PEEK[]<0.{MOST_BYTES}>"
_CONTENT, _ARRIVED = b"BODY[]<0>", b"INTERNALDATE"
_PASSING = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT)\]", re.IGNORECASE)
_ANY_KEYWORD = b"\\*"


class ImapMailbox:
    """The mails of one folder. With `look_only` the folder is opened so that nothing in it can change. `patience` are
    the seconds that the server may take over one answer.

    Raises ConfigurationError when the server will not let us in or is not the one that it should be, MailboxFailed
    when it cannot be reached.
    """

    def __init__(self, settings: ReturnsSettings, *, look_only: bool = False, patience: float = _PATIENCE) -> None:
        logging.getLogger("imapclient").setLevel(logging.WARNING)  # it logs mails, line by line
        self._server = f"{settings.imap_host}:{settings.imap_port}"
        self._client = self._asked(lambda: _connected(settings, patience))
        try:
            self._log_in(settings)
            self._mails, self._keywords = self._open(settings.imap_folder, look_only)
        except BaseException:
            self.close()
            raise

    def waiting(self) -> Iterator[Sequence[Waiting]]:
        """See Mailbox. Names are the server's numbers (UIDs)."""
        numbers = self._numbers()
        for start in range(0, len(numbers), _HANDFUL):
            yield self._fetched(numbers[start : start + _HANDFUL])

    def done(self, names: Sequence[str]) -> None:
        """See Mailbox."""
        if names:
            self._asked(lambda: self._move([int(name) for name in names]))

    def leave(self, names: Sequence[str]) -> None:
        """See Mailbox."""
        if names and self._keywords:
            self._asked(lambda: self._client.add_flags([int(name) for name in names], [_LEFT], silent=True))

    def close(self) -> None:
        """Says goodbye; a connection that is gone is no matter."""
        with suppress(Exception):  # whatever a broken connection raises
            self._client.logout()

    def _log_in(self, settings: ReturnsSettings) -> None:
        """By PLAIN (RFC 4616) where the server has it, because LOGIN knows ASCII only."""
        from imapclient.exceptions import LoginError

        try:
            if self._asked(lambda: self._client.has_capability("AUTH=PLAIN")):
                self._asked(lambda: self._client.plain_login(settings.imap_username, settings.imap_password))
            else:
                self._asked(lambda: self._client.login(_quoted(settings.imap_username), settings.imap_password))
        except LoginError:
            raise ConfigurationError(
                f"{self._server} refuses the login of returns.imap.username",
                hint="the password stands in DIGEST_IMAP_PASSWORD; some services want one made for this program",
            ) from None
        except UnicodeEncodeError:
            raise ConfigurationError(
                f"{self._server} takes names and passwords in ASCII only",
                hint="give the mailbox another password, or another name in returns.imap.username",
            ) from None

    def _open(self, folder: str, look_only: bool) -> tuple[int, bool]:
        """Opens the folder. Gives the number of mails in it, and whether they may have a keyword of ours."""
        from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

        try:
            opened = self._client.select_folder(folder, readonly=look_only)
        except (OSError, IMAPClientAbortError) as error:
            raise _failed(self._server, error) from None
        except IMAPClientError:
            raise ConfigurationError(
                f"{self._server} has no folder {folder!r} that can be opened", hint="name it in returns.imap.folder"
            ) from None
        known = (*opened.get(b"PERMANENTFLAGS", ()), *opened.get(b"FLAGS", ()))
        return opened[b"EXISTS"], _ANY_KEYWORD in known or _LEFT.encode() in known

    def _numbers(self) -> Sequence[int]:
        """Of what waits, the smallest first. So many are asked for at a time that an answer is no longer than a line
        may be."""
        wanted = ["NOT", "DELETED", *(["UNKEYWORD", _LEFT] if self._keywords else [])]
        found: set[int] = set()
        for start in range(1, self._mails + 1, _AT_A_TIME):
            end = start + _AT_A_TIME - 1
            part = f"{start}:{end if end < self._mails else '*'}"
            found.update(self._asked(partial(self._client.search, [part, *wanted])))
        return sorted(found)

    def _fetched(self, numbers: Sequence[int]) -> tuple[Waiting, ...]:
        fetched: dict[int, dict[bytes, Any]] = self._asked(
            lambda: self._client.fetch(numbers, [_ARRIVED, _BODY.encode()])
        )
        # A server may tell at any time what others did to any mail (RFC 3501, section 7).
        return tuple(
            Waiting(name=str(number), content=parts[_CONTENT] or b"", arrived=parts[_ARRIVED].astimezone(UTC))
            for number, parts in sorted(fetched.items())
            if _CONTENT in parts and parts.get(_ARRIVED)
        )

    def _move(self, numbers: Sequence[int]) -> None:
        folder = self._folder_of_done()
        self._client.add_flags(numbers, [b"\\Seen"], silent=True)
        if self._client.has_capability("MOVE"):
            self._client.move(numbers, folder)
            return
        self._client.copy(numbers, folder)
        self._client.delete_messages(numbers, silent=True)
        if self._client.has_capability("UIDPLUS"):  # else others' deletions would go too: the mark is enough
            self._client.uid_expunge(numbers)

    def _folder_of_done(self) -> str:
        """The folder of what is done, made where it is missing, where the server lets users have folders."""
        spaces = self._client.namespace().personal if self._client.has_capability("NAMESPACE") else ()
        folder = f"{spaces[0][0] if spaces else ''}{DONE}"
        if not self._client.folder_exists(folder):
            self._client.create_folder(folder)
            self._client.subscribe_folder(folder)
        return folder

    def _asked(self, ask: Callable[[], Result]) -> Result:
        """What the server answers. Raises MailboxFailed; a refused login passes through."""
        from imapclient.exceptions import IMAPClientError, LoginError

        try:
            return ask()
        except LoginError as error:
            if _is_refusal(error):
                raise
            raise _failed(self._server, error) from None
        except OSError as error:
            raise _failed(self._server, error) from error
        except IMAPClientError as error:
            raise _failed(self._server, error) from None  # its words may hold what was sent


def _connected(settings: ReturnsSettings, patience: float) -> Any:
    from imapclient import IMAPClient

    secured = settings.imap_security != "none"
    context = _context(settings) if secured else None
    try:
        client = IMAPClient(
            settings.imap_host,
            settings.imap_port,
            ssl=settings.imap_security == "tls",
            ssl_context=context,
            timeout=patience,
        )
    except UnicodeError:
        raise ConfigurationError(f"returns.imap.host = {settings.imap_host!r} is no name of a host") from None
    client.normalise_times = False
    if settings.imap_security == "starttls":
        client.starttls(context)
    return client


def _context(settings: ReturnsSettings) -> ssl.SSLContext:
    """Verifies the server's certificate and name; the file's certificates are trusted beside the system's."""
    context = ssl.create_default_context()
    try:
        if settings.ca_file:
            context.load_verify_locations(settings.ca_file)
    except OSError as error:
        raise ConfigurationError(
            f"returns.imap.ca_file = {str(settings.ca_file)!r} cannot be read: {error.strerror or error}",
            hint="name a file of certificates in PEM form",
        ) from error
    return context


def _is_refusal(error: Exception) -> bool:
    """Whether a login failed for good: neither did the connection end, nor is it the server's trouble (RFC 5530)."""
    from imapclient.exceptions import IMAPClientAbortError

    return not isinstance(error.__context__, IMAPClientAbortError) and _PASSING.search(str(error)) is None


def _quoted(text: str) -> str:
    """A quoted string (RFC 3501, section 4.3): a password is made one for us, a name is not."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _failed(server: str, error: Exception) -> DigestError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return ConfigurationError(
            f"{server}: its certificate cannot be trusted ({error.verify_message})",
            hint="returns.imap.ca_file can name who signed it",
        )
    words = "no answer in time" if isinstance(error, TimeoutError) else str(getattr(error, "strerror", "") or error)
    return MailboxFailed(f"{server} cannot be reached, or broke off: {words}", hint="nothing is lost: try again later")
