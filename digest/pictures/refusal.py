"""Why a picture is not shown, in words for an editor."""

from __future__ import annotations


class Refused(Exception):
    """The picture cannot be shown; the text says why."""
