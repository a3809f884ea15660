"""Replies that no person wrote (RFC 3834): out of office, received with thanks, "confirm that you are human"."""

from __future__ import annotations

import re

from digest.returns.opened import Opened

_SUBJECT = re.compile(
    r"^\W*(?:re: *)?(?:auto(?:matic|matische|matisch)?[ -]?(?:reply|response|responder|antwort|geantwoord)"
    r"|out of (?:the )?office|away (?:from|until)"
    r"|on vacation|vacation (?:reply|message|response)|abwesen|abwesenheit|automatische antwort|réponse automatique"
    r"|absence|absent du bureau"
    r"|respuesta autom|fuera de (?:la )?oficina|risposta automatica|resposta autom|ausente|اجازة|رد تلقائي"
    r"|خارج المكتب|自動返信|自动回复"
    r"|i am (?:currently )?(?:away|out)|thank you for (?:contacting|your (?:email|mail|message)))",
    re.IGNORECASE,
)
_MARKS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply-from",
    "x-mail-autoreply",
    "x-vacation",
    "x-ms-exchange-inbox-rules-loop",
    "x-spamarrest-challenge",
    "x-challenge",
)


def is_automatic(mail: Opened) -> bool:
    """Whether a machine answered in a person's name."""
    said = mail.headers.get("auto-submitted", "no").split(";")[0].strip().lower()
    if said.startswith(("auto-replied", "auto-generated", "auto-notified")):
        return True
    if mail.headers.get("precedence", "").strip().lower() in {"auto_reply", "autoreply"}:
        return True
    return any(mark in mail.headers for mark in _MARKS) or _SUBJECT.match(mail.headers.get("subject", "")) is not None
