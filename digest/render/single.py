"""Letters to single readers: a few words and one link, set like the letter, in the language of who asked for them.

Nothing of what somebody typed stands in one: it may go to somebody else, who did not ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from digest.model import RenderedIssue, Slot
from digest.model.errands import ErrandKind
from digest.render import theme
from digest.render.languages import Language, language_of
from digest.render.letter import contact_of, html_of, made, printable_publication
from digest.render.mjml import compiled
from digest.render.passages import Marks
from digest.render.slots import marker_of
from digest.settings import Publication

_HTML_TEMPLATE = "single.mjml"
_TEXT_TEMPLATE = "single.txt"
_LINKED = (ErrandKind.CONFIRM, ErrandKind.DATA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The words of a letter: its subject, what stands on its button, the paragraph before it and the one after it."""

    subject: str
    heading: str
    text: str
    last: str
    button: str = ""


def render_single(
    kind: ErrandKind,
    publication: Publication,
    *,
    language: str = "",
    year: int,
    templates: Path | None = None,
) -> RenderedIssue:
    """The letter of a kind, the same for everybody but for Slot.LINK, if that kind has a link; `issue` is the kind's
    name. `language` is the publication's where it is empty. Raises TemplateError, ConfigurationError."""
    publication = printable_publication(publication)
    spoken = language_of(language or publication.language, templates)
    said = _said(kind, publication.name, spoken)
    environment = theme.environment(templates, spoken.code, publication.theme.name)
    content = sha256(f"{kind} {publication.web}".encode()).hexdigest()
    slots = {Slot.LINK: marker_of(Slot.LINK, content)} if kind in _LINKED else {}
    marks = Marks(content)
    words = {
        "publication": publication,
        "theme": publication.theme,
        "contact": contact_of(publication),
        "subject": said.subject,
        "preheader": said.text,
        "said": said,
        "link": slots.get(Slot.LINK, ""),
        "year": year,
        "passages": marks,
        "language": spoken.code,
        "right_to_left": spoken.right_to_left,
        "capitals": spoken.capitals,
    }
    html, _ = marks.taken_out(html_of(environment, _HTML_TEMPLATE, words, _compiled))
    text = made(environment, _TEXT_TEMPLATE, words)
    return RenderedIssue(
        issue=kind.value,
        subject=said.subject,
        preheader=said.text,
        html=html,
        text=text,
        slots=slots,
        fingerprint=sha256("\0".join((said.subject, html, text)).encode()).hexdigest(),
    )


@lru_cache(maxsize=32)
def _compiled(source: str) -> str:
    return compiled(source)


def _said(kind: ErrandKind, name: str, language: Language) -> Said:
    return {ErrandKind.CONFIRM: _confirm, ErrandKind.ALREADY: _already, ErrandKind.DATA: _data}[kind](name, language)


def _confirm(name: str, language: Language) -> Said:
    words = language.words
    return Said(
        subject=words.gettext("Please confirm: %(name)s") % {"name": name},
        heading=words.gettext("One step is left"),
        text=words.gettext("Somebody signed up for %(name)s with this address. If that was you, please confirm it.")
        % {"name": name},
        button=words.gettext("Confirm my sign-up"),
        last=words.gettext("The link is good for three days. If it was not you, do nothing, and you get no letter."),
    )


def _already(name: str, language: Language) -> Said:
    words = language.words
    return Said(
        subject=words.gettext("You get %(name)s already") % {"name": name},
        heading=words.gettext("You are on the list already"),
        text=words.gettext("Somebody signed up for %(name)s with this address, which is on its list.") % {"name": name},
        last=words.gettext("There is nothing to do. If it was not you, nothing has changed."),
    )


def _data(name: str, language: Language) -> Said:
    words = language.words
    return Said(
        subject=words.gettext("Your data at %(name)s") % {"name": name},
        heading=words.gettext("What we know about you"),
        text=words.gettext("Somebody asked what %(name)s keeps about this address. If that was you, see it here.")
        % {"name": name},
        button=words.gettext("See my data"),
        last=words.gettext("The link is good for an hour. Whoever has it sees your data, so pass it on to nobody."),
    )
