"""Bounces: which refusals say that an address is dead, and when so many do that a server must be broken instead."""

from __future__ import annotations

_LONGEST = 200
_ENOUGH_TO_JUDGE = 20


def suppression_reason(no_mailbox: bool, words: str) -> str | None:
    """Why an address is never written to again after a permanent refusal; None if it may be.

    Only a mailbox that is not there counts: a letter refused for its content or its size says nothing of the reader.
    The provider's `words` are kept on one line, 200 characters at most.
    """
    if not no_mailbox:
        return None
    said = " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())[:_LONGEST].rstrip()
    return f"bounced: {said}" if said else "bounced"


def mass_refusal(accepted: int, refused: int) -> bool:
    """Whether a server, not its readers, is the likely cause of refusals: of at least 20 letters more than half had no
    mailbox. Then nobody is suppressed. `refused` counts those with no mailbox only."""
    answered = accepted + refused
    return answered >= _ENOUGH_TO_JUDGE and 2 * refused > answered
