"""Erasing somebody: from the store, the senders' journals, and the letters that lie in the outbox.

The archive has nobody's name in it, and the log no address.
"""

from __future__ import annotations

from datetime import datetime

from digest.deliver.traces import remove_letters
from digest.errors import ConfigurationError
from digest.record.store import Store
from digest.settings import Settings


def forget(settings: Settings, store: Store, address: str, now: datetime) -> bool:
    """Erases whoever has a normalised address. False when nothing was known of it.

    What remains is a salted hash in the suppressions, so that no list brings them back; the operator's own file is
    theirs to mend. The store comes first: from then on nobody writes to them. Files are looked through even if the
    store knows nothing (any more), so that what was cut short can be done again. A letter that a sender holds at this
    very moment may still be written to the outbox. Raises ConfigurationError, RecordError.
    """
    known = store.readers.forget(address, now=now)
    store.senders.blot_out(address)
    try:
        letters = remove_letters(settings.delivery.outbox, address)
    except OSError as error:
        raise ConfigurationError(
            f"letters in {settings.delivery.outbox} cannot be taken away: {error.strerror or error}",
            hint="look at the rights of the folder, then forget them once more: the store has done so already",
        ) from error
    return known or letters > 0


def line_of(store: Store, address: str) -> int:
    """Where the operator's own file, as it was last read, has a normalised address; 0 where it does not."""
    found = store.subscribers.find(address)
    return found.line if found and (found.listed or found.reason) else 0
