"""A letter as a page of the web: with nobody's name, with the pictures that are kept with it and no others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

from digest.model import Issue

_IMAGE = re.compile(r"""<img\b(?:[^>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\s([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_HEAD_ENDS = re.compile(r"</head\s*>", re.IGNORECASE)
_BODY_BEGINS = re.compile(r"""<body\b(?:[^>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
_BODY_ENDS = re.compile(r"</body\s*>", re.IGNORECASE)


def prints_of(issue: Issue) -> dict[str, str]:
    """Where the pictures of an issue are in its letter, and the files that are kept of them."""
    pictured = (story for story in issue.stories if story.picture and story.print)
    return {story.picture.address: story.print for story in pictured if story.picture}


def with_own_pictures(html: str, prints: Mapping[str, str]) -> str:
    """`html` with the prints that are kept with the issue, which lie beside the page in `pictures/`. Of a picture that
    is not kept the words stay that a mail program would show: the page asks no other site for anything."""

    def own(found: re.Match[str]) -> str:
        attributes = {name.lower(): unescape(one or other) for name, one, other in _ATTRIBUTE.findall(found[0])}
        kept = prints.get(attributes.get("src", ""))
        if kept is None:
            return _words_for(attributes)
        attributes.pop("srcset", None)
        attributes["src"] = f"pictures/{kept}"
        return f"<img {_written(attributes)} />"

    return _IMAGE.sub(own, html)


def framed(html: str, *, head: str, before: str, after: str) -> str:
    """The page with more in its head, and something before and after the letter, which is what the page is about."""
    html = _HEAD_ENDS.sub(lambda found: head + found[0], html, count=1)
    html = _BODY_BEGINS.sub(lambda found: f"{found[0]}{before}<main>", html, count=1)
    ends = [found.start() for found in _BODY_ENDS.finditer(html)]
    place = ends[-1] if ends else len(html)
    return f"{html[:place]}</main>{after}{html[place:]}"


def _words_for(attributes: Mapping[str, str]) -> str:
    if not attributes.get("alt"):
        return ""
    kept = {name: attributes[name] for name in ("class", "style") if name in attributes}
    return f"<span {_written(kept)}>{escape(attributes['alt'])}</span>"


def _written(attributes: Mapping[str, str]) -> str:
    return " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
