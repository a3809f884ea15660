"""Wishes to leave that come by mail: a subject that says nothing else, or a reply whose first line does."""

from __future__ import annotations

import re

from digest.returns.opened import Opened

_WISHES = frozenset(
    (
        *("unsubscribe", "unsubscribe me", "please unsubscribe", "please unsubscribe me", "remove me", "opt out"),
        *("abmelden", "abbestellen", "newsletter abbestellen", "bitte abmelden", "austragen"),
        *("cancelar suscripción", "cancelar suscripcion", "cancelar la suscripción", "darme de baja", "baja"),
        *("désabonnement", "desabonnement", "désabonner", "me désabonner", "désinscription", "se désabonner"),
        *("إلغاء الاشتراك", "الغاء الاشتراك"),
    )
)
"""In the languages that the letter comes in."""
_REPLY = re.compile(r"^(?:(?:re|aw|sv|rv|r|antw|tr|رد|الرد)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_PUNCTUATION = " \t.,!:;'\"“”«»„()[]<>*_-"
_LONGEST = 60


def wants_to_leave(mail: Opened) -> bool:
    """Whether the sender wants no more letters."""
    return _is_wish(_REPLY.sub("", mail.headers.get("subject", "").strip())) or _is_wish(_first_line(mail.prose))


def _is_wish(text: str) -> bool:
    return " ".join(text[: _LONGEST + 1].split()).strip(_PUNCTUATION).casefold() in _WISHES


def _first_line(prose: str) -> str:
    return next((line for line in prose[:2000].splitlines() if line.strip()), "")
