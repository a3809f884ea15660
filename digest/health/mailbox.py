"""The mailbox in which returned mail arrives: whether it can be opened."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from digest.errors import ConfigurationError, MailboxFailed
from digest.model.health import Diagnosis, Verdict
from digest.reader_settings import ReturnsSettings

CHECK = "returns.mailbox"
_FOLDERS = ("cur", "new", "tmp")
_NAME_ONE = "Name a mailbox for them: returns.address, and returns.maildir or [returns.imap]"
_SEE_TO_IT = "See to it: nobody hears of dead addresses meanwhile"


def examine(settings: ReturnsSettings, log_in: Callable[[], None]) -> Diagnosis:
    """Opens the mailbox, and reads nothing in it. `log_in` opens the one on an IMAP server, as the reading of returned
    mail does, and raises what that raises."""
    if settings.maildir:
        return _maildir(settings.maildir)
    if settings.imap_host:
        return _imap(settings, log_in)
    return _said(Verdict.LOOK, "no mailbox is named for mail that comes back, so dead addresses stay", _NAME_ONE)


def _maildir(folder: Path) -> Diagnosis:
    missing = [name for name in _FOLDERS if not (folder / name).is_dir()]
    if missing:
        return _wrong(f"{folder} is no Maildir: it lacks {', '.join(missing)}")
    closed = [name for name in ("cur", "new") if not os.access(folder / name, os.R_OK | os.W_OK | os.X_OK)]
    if closed:
        return _wrong(f"{folder / closed[0]} cannot be read and written by us")
    return _said(Verdict.OK, f"{folder} can be read")


def _imap(settings: ReturnsSettings, log_in: Callable[[], None]) -> Diagnosis:
    try:
        log_in()
    except ConfigurationError as error:
        return _wrong(f"{error}: {error.hint}")
    except MailboxFailed as error:
        if isinstance(error.__cause__, ConnectionRefusedError):  # an answer: the host is there, and no server on it
            return _wrong(str(error))
        return _said(Verdict.NOT_ASKED, str(error))
    place = f"{settings.imap_host}:{settings.imap_port}"
    return _said(Verdict.OK, f"{place} takes the login, and its {settings.imap_folder} can be read")


def _wrong(words: str) -> Diagnosis:
    return _said(Verdict.WRONG, words, _SEE_TO_IT)


def _said(verdict: Verdict, words: str, do: str = "") -> Diagnosis:
    return Diagnosis(check=CHECK, verdict=verdict, words=words, do=do)
