"""Everything that can stop the work, as one tree.

    DigestError                     exit code
    ├── ConfigurationError                  2    a key, a file or an option is wrong
    ├── TooFewStories                       3    the week is too thin for an issue
    ├── TemplateError                       4    a template or its MJML does not hold
    ├── SendingStopped                      5    the provider is down; letters are still owed
    ├── LettersUnknown                      6    letters whose fate nobody knows
    ├── AlreadySent                         7    the issue has gone out and stays as it is
    ├── RecordError                         8    the store or the archive cannot be read or written
    │   └── AtWork                          8    another process is making up or sending an issue
    ├── GatherFailed                        9    not one source could be read
    ├── SourceUnreadable                    9    an address or a file is no feed
    │   └── SourceRefused                   9    a server answered with something else than the page
    ├── NotCleared                         10    the preflight found errors, and the issue is kept back
    ├── NotReady                           11    the doctor found something wrong
    └── MailboxFailed                      12    the mailbox of what comes back cannot be reached

Expected failures of one part (a feed, an address) are values in a report, not exceptions.
"""

from __future__ import annotations


class DigestError(Exception):
    """Stops the work. The text says what, which one and because of what; `hint` says what to do."""

    exit_code = 1

    def __init__(self, text: str, *, hint: str = "") -> None:
        super().__init__(text)
        self.hint = hint


class ConfigurationError(DigestError):
    """The configuration, a file that it names, or an option is wrong. `complaints` holds a line for each fault."""

    exit_code = 2

    def __init__(self, text: str, *, hint: str = "", complaints: tuple[str, ...] = ()) -> None:
        super().__init__(text, hint=hint)
        self.complaints = complaints


class TooFewStories(DigestError):
    """The week holds fewer stories than the configured minimum; no issue goes out."""

    exit_code = 3


class TemplateError(DigestError):
    """A template, or the MJML that it makes, is wrong. The text names the template and the line."""

    exit_code = 4


class SendingStopped(DigestError):
    """The provider cannot go on. What was sent is in the ledger; the rest is still owed."""

    exit_code = 5


class LettersUnknown(DigestError):
    """Letters were claimed and never settled: they may have arrived, and are not sent again by themselves."""

    exit_code = 6


class AlreadySent(DigestError):
    """The issue has gone out (or is going out) and can no longer be changed or replaced."""

    exit_code = 7


class RecordError(DigestError):
    """The store or the archive cannot be read or written, or does not hold what it should."""

    exit_code = 8


class AtWork(RecordError):
    """Another process is making up or sending an issue of the same publication."""


class GatherFailed(DigestError):
    """Every source failed; there is nothing to go on with."""

    exit_code = 9


class SourceUnreadable(DigestError):
    """What was fetched is no feed, or could not be fetched at all."""

    exit_code = 9


class SourceRefused(SourceUnreadable):
    """A server answered, and not with the page: `status` is its HTTP status, `body` the beginning of what it sent,
    `retry_after` the seconds that it asks us to wait."""

    def __init__(
        self, text: str, *, status: int, hint: str = "", body: bytes = b"", retry_after: float | None = None
    ) -> None:
        super().__init__(text, hint=hint)
        self.status = status
        self.body = body
        self.retry_after = retry_after


class NotCleared(DigestError):
    """The preflight found errors in an issue, and nobody has said that it is to go out all the same."""

    exit_code = 10


class NotReady(DigestError):
    """The doctor found something wrong: letters would not arrive, readers could not leave, or something is damaged."""

    exit_code = 11


class MailboxFailed(DigestError):
    """The mailbox that bounces go to cannot be reached, read or changed. What was read before is on record."""

    exit_code = 12
