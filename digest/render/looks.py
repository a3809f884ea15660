"""The letter as mailboxes show it: in the light, in the dark, turned over, without pictures, clipped."""

from __future__ import annotations

import re

from digest.model.preview import GMAIL_CLIPS_AT, Look, View
from digest.render.inversion import fully, partly, with_colours_turned

_SCHEME = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
# Conditions that always and never hold, wherever a condition may stand: in @media, in media="…", beside others.
_ALWAYS, _NEVER = "(min-width:0px)", "(max-width:0px)"
_BOTH_SCHEMES = re.compile(r"""(color-scheme\s*(?:"\s+content\s*=\s*"|:)\s*)light\s+dark""", re.IGNORECASE)
_PICTURE = re.compile(r"<(?:img|source)\b[^>]*>", re.IGNORECASE)
_SOURCE = re.compile(r"""\s(?:src|srcset)\s*=\s*(?:"[^"]*"|'[^']*')""", re.IGNORECASE)
_CLIPPED = (
    '<div style="padding:16px 20px 32px;font:14px/20px Arial,sans-serif;color:#222;background:#fff">[Message clipped]'
    '&nbsp; <span style="color:#15c;text-decoration:underline">View entire message</span></div>'
)


def as_seen(html: str, view: View) -> str:
    """`html` as a mailbox shows it that does what `view` says. Addresses of pictures are left as they are."""
    if view.clipped:
        html = clipped(html)
    if not view.pictures:
        html = without_pictures(html)
    html = in_scheme(html, "dark" if view.look is Look.DARK else "light")
    if view.look is Look.GMAIL:
        return with_colours_turned(html, fully)
    return with_colours_turned(html, partly) if view.look is Look.OUTLOOK else html


def in_scheme(html: str, scheme: str) -> str:
    """`html` as a reader sees it who prefers `light` or `dark`, whatever the browser at hand prefers."""
    html = _SCHEME.sub(lambda found: _ALWAYS if found[1].lower() == scheme else _NEVER, html)
    return _BOTH_SCHEMES.sub(lambda found: f"{found[1]}{scheme}", html)


def without_pictures(html: str) -> str:
    """`html` with every picture blocked: its place stays, with the words that describe it."""
    return _PICTURE.sub(lambda found: _SOURCE.sub("", found.group()), html)


def clipped(html: str) -> str:
    """`html` as Gmail cuts it, after the last whole element that fits; as it is when it is short enough."""
    data = html.encode()
    if len(data) <= GMAIL_CLIPS_AT:
        return html
    kept = data[:GMAIL_CLIPS_AT].decode("utf-8", "ignore")
    return kept[: kept.rfind("<")] + _CLIPPED
