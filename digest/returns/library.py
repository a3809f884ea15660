"""What flufl.bounce, which Mailman uses, finds in a bounce."""

from __future__ import annotations

import logging
import re
from email.message import Message

from digest.returns.addresses import ADDRESS, clean

logging.getLogger("flufl.bounce").disabled = True  # it logs each step, and addresses

_ADDRESS = re.compile(ADDRESS)


def failures(message: Message) -> tuple[str, ...]:
    """The addresses that failed, for the time being or for good. What is no address is left out."""
    from flufl.bounce import all_failures

    try:
        temporary, permanent = all_failures(message)
    except Exception:  # its detectors read strangers' mails, and meet what they did not expect
        return ()
    texts = [address.decode("ascii", "ignore") for address in sorted(temporary | permanent)]
    return tuple(clean(text) for text in texts if _ADDRESS.fullmatch(text))
