"""The mailbox in which returned mail arrives: whether it can be opened."""

from __future__ import annotations

import imaplib
import os
import ssl
from contextlib import suppress
from pathlib import Path

from digest.model.health import Diagnosis, Verdict
from digest.reader_settings import ReturnsSettings

CHECK = "returns.mailbox"
_SECONDS = 5.0
_FOLDERS = ("cur", "new", "tmp")
_NAME_ONE = "Name a mailbox for them: returns.address, and returns.maildir or [returns.imap]"


class _Closed(Exception):
    """The mailbox cannot be opened; the text says why. `refused` tells that asking again will not help."""

    def __init__(self, words: str, *, refused: bool) -> None:
        super().__init__(words)
        self.refused = refused


def examine(settings: ReturnsSettings) -> Diagnosis:
    """Opens the mailbox, and reads nothing in it."""
    try:
        if settings.maildir:
            return _said(Verdict.OK, _open_maildir(settings.maildir))
        if settings.imap_host:
            return _said(Verdict.OK, _open_imap(settings))
    except _Closed as closed:
        verdict = Verdict.WRONG if closed.refused else Verdict.NOT_ASKED
        return _said(
            verdict, str(closed), "See to it: nobody hears of dead addresses meanwhile" if closed.refused else ""
        )
    return _said(Verdict.LOOK, "no mailbox is named for mail that comes back, so dead addresses stay", _NAME_ONE)


def _open_maildir(folder: Path) -> str:
    missing = [name for name in _FOLDERS if not (folder / name).is_dir()]
    if missing:
        raise _Closed(f"{folder} is no Maildir: it lacks {', '.join(missing)}", refused=True)
    closed = [name for name in ("cur", "new") if not os.access(folder / name, os.R_OK | os.W_OK | os.X_OK)]
    if closed:
        raise _Closed(f"{folder / closed[0]} cannot be read and written by us", refused=True)
    return f"{folder} can be read"


def _open_imap(settings: ReturnsSettings) -> str:
    place = f"{settings.imap_host}:{settings.imap_port}"
    try:
        connection = _connected(settings)
    except ssl.SSLCertVerificationError as error:
        raise _Closed(f"{place}: its certificate cannot be trusted: {error.verify_message}", refused=True) from None
    except ConnectionRefusedError:
        raise _Closed(f"{place}: nobody listens there", refused=True) from None
    except (OSError, imaplib.IMAP4.error, UnicodeError) as error:
        raise _Closed(f"{place} could not be asked: {_in_words(error)}", refused=False) from None
    try:
        return _logged_in(connection, settings, place)
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            connection.logout()


def _connected(settings: ReturnsSettings) -> imaplib.IMAP4:
    context = ssl.create_default_context(cafile=settings.ca_file)
    if settings.imap_security == "tls":
        return imaplib.IMAP4_SSL(settings.imap_host, settings.imap_port, ssl_context=context, timeout=_SECONDS)
    connection = imaplib.IMAP4(settings.imap_host, settings.imap_port, timeout=_SECONDS)
    if settings.imap_security == "starttls":
        connection.starttls(context)
    return connection


def _logged_in(connection: imaplib.IMAP4, settings: ReturnsSettings, place: str) -> str:
    try:
        connection.login(settings.imap_username, settings.imap_password)
    except imaplib.IMAP4.error:  # its words may repeat what was sent
        raise _Closed(f"{place} refuses the login of {settings.imap_username}", refused=True) from None
    except OSError as error:
        raise _Closed(f"{place} could not be asked: {_in_words(error)}", refused=False) from None
    try:
        status, _ = connection.select(f'"{settings.imap_folder}"', readonly=True)
    except (imaplib.IMAP4.error, OSError):
        status = "NO"
    if status != "OK":
        raise _Closed(f"{place} has no folder {settings.imap_folder}", refused=True)
    return f"{place} takes the login, and its {settings.imap_folder} can be read"


def _in_words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {_SECONDS:g} s"
    return getattr(error, "strerror", "") or "it does not answer as an IMAP server does"


def _said(verdict: Verdict, words: str, do: str = "") -> Diagnosis:
    return Diagnosis(check=CHECK, verdict=verdict, words=words, do=do)
