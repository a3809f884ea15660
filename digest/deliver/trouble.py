"""What went wrong on a connection, in words for people."""

from __future__ import annotations

import ssl

from digest.deliver.receipts import said


def in_words(error: object) -> str:
    """The trouble on one line, without a traceback's clutter."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate cannot be trusted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return said(getattr(error, "strerror", "") or str(error) or type(error).__name__)
