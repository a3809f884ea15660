"""The store: one file, and the drawers in it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from digest.record import lock, migrate
from digest.record.articles import Articles
from digest.record.attempts import Attempts
from digest.record.back_issues import BackIssues
from digest.record.database import Database
from digest.record.domains import Domains
from digest.record.entries import Entries
from digest.record.errands import Errands
from digest.record.importing import Importing
from digest.record.issues import Issues
from digest.record.keys import Keys
from digest.record.ledger import Ledger
from digest.record.likenesses import Likenesses
from digest.record.location import path_of
from digest.record.mail_events import MailEvents
from digest.record.pictures import Pictures
from digest.record.preflights import Preflights
from digest.record.readers import Readers
from digest.record.seal import Seal
from digest.record.senders import Senders
from digest.record.sources import Sources
from digest.record.standings import Standings
from digest.record.subscribers import Subscribers
from digest.record.suppressions import Suppressions
from digest.record.traces import Traces

PATIENCE = 30.0


class Store:
    """What outlives the process, but for the archive. Threads and processes may share a store.

    Every method raises RecordError when the store cannot be used, and has either done all of its work or nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.sources = Sources(database)
        self.standings = Standings(database)
        self.domains = Domains(database)
        self.entries = Entries(database)
        self.errands = Errands(database)
        self.articles = Articles(database)
        self.attempts = Attempts(database)
        self.back_issues = BackIssues(database)
        self.importing = Importing(database)
        self.issues = Issues(database)
        self.keys = Keys(database)
        self.likenesses = Likenesses(database)
        self.ledger = Ledger(database)
        self.mail_events = MailEvents(database)
        self.senders = Senders(database, database.senders)
        self.pictures = Pictures(database)
        self.preflights = Preflights(database)
        self.readers = Readers(database)
        self.seal = Seal(database)
        self.subscribers = Subscribers(database)
        self.suppressions = Suppressions(database)
        self.traces = Traces(database)

    @classmethod
    def open(cls, url: str, *, patience: float = PATIENCE) -> Self:
        """Opens the store at `sqlite:////absolute/path.db`; makes it, its folder and its newest schema where needed.

        `patience` is how many seconds to wait for another writer. Raises RecordError.
        """
        return cls(Database.open(path_of(url), patience=patience))

    @property
    def path(self) -> Path:
        """The store's file."""
        return self._database.path

    def close(self) -> None:
        """Leaves the file alone on its disk: no log beside it, unless another process still uses the store."""
        self._database.close()

    def alone(self) -> AbstractContextManager[None]:
        """While it lasts nobody else makes up or sends an issue. Raises AtWork on entering when somebody does."""
        return lock.alone(self._database.path)

    def among_senders(self) -> AbstractContextManager[None]:
        """While it lasts nobody makes up an issue; others may send. Raises AtWork on entering when somebody does."""
        return lock.among_senders(self._database.path)

    def as_one(self) -> AbstractContextManager[None]:
        """What this thread does to the store while it lasts is one transaction: all of it or nothing. Others wait."""
        return self._database.as_one()

    def at_one_moment(self) -> AbstractContextManager[None]:
        """What this thread reads of the store while it lasts is of one moment, and quicker than by itself."""
        return self._database.at_one_moment()

    def secret(self) -> str:
        """A random text that was made with the store and stays with it: 256 bits, as base64url."""
        return self._secret

    @cached_property
    def _secret(self) -> str:
        with self._database.reading() as connection:
            return migrate.secret_of(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
