"""Whose pictures may not be shown without a licence: the picture agencies, by the credits that they ask for.

Agencies want their name in the credit or at the end of the caption, in a few set forms ("AP Photo/Jane Doe", "Jane
Doe/Reuters", "Jane Doe/AFP via Getty Images"). A name counts where it stands as a part of its own; not within a word,
a person's name ("Estelle Getty") or a caption's sentence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

AGENCIES: dict[str, tuple[str, ...]] = {
    "AP": ("AP", "A.P.", "AP Photo", "AP Photos", "AP Images", "Associated Press", "The Associated Press"),
    "Reuters": ("Reuters", "Thomson Reuters", "Reuters Photo", "Reuters Connect"),
    "AFP": ("AFP", "Agence France-Presse", "Agence France Presse", "AFP Photo", "AFP Forum"),
    "Getty": ("Getty", "Getty Images", "GettyImages", "Getty Images News", "Getty Images Europe", "iStock"),
    "EPA": ("EPA", "EPA-EFE", "EPA Images", "epaimages", "European Pressphoto Agency"),
    "PA": ("PA", "PA Media", "PA Wire", "PA Images", "PA Archive", "Press Association"),
    "dpa": ("dpa", "picture alliance", "picture-alliance", "dpa-Zentralbild", "Deutsche Presse-Agentur"),
    "EFE": ("EFE", "Agencia EFE"),
    "UPI": ("UPI", "United Press International"),
    "ANSA": ("ANSA",),
    "Xinhua": ("Xinhua", "Xinhua News Agency"),
    "Kyodo": ("Kyodo", "Kyodo News"),
    "TASS": ("TASS", "ITAR-TASS"),
    "Bloomberg": ("Bloomberg", "Bloomberg News"),
    "Canadian Press": ("The Canadian Press", "Canadian Press"),
    "AAP": ("AAP", "Australian Associated Press", "AAP Image"),
    "Zuma": ("ZUMA Press", "ZUMA Wire", "ZUMAPRESS.com", "Zuma"),
    "Imago": ("imago images", "imago"),
}
"""The names by which the configuration knows them, and how their credits write them."""

_SHORT = {"PA"}
"""Names that stand for a place or an office too ("Harrisburg, PA"): they count after a slash or alone, not a comma."""
_LONGEST = 120
_ABBREVIATED = 4
_BY = re.compile(
    r"^(?:(?:(?:photo(?:graph)?s?|pictures?|images?|foto|handout) )?(?:by|from|courtesy(?: of)?)|photos?|foto|credit) ",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[©®™]|\(c\)", re.IGNORECASE)
_PARTS = re.compile(r"[/|;:()\[\]]| [-–—] |\bvia\b|\bthrough\b", re.IGNORECASE)
_LAST_WORDS = re.compile(r"[(\[]([^()\[\]]{1,120})[)\]]\s*[.!?]?\s*$")
_AFTER_THE_END = re.compile(r"[.!?…\"”’]\s*[(\[][^()\[\]]*[)\]]\s*$")
_SET_FORMS = {
    "AP": re.compile(r"\bAP (?:Photo|Images?)\b|\bAP/\w|\b(?i:photo|picture): ?AP\b"),
    "Reuters": re.compile(r"\b(?:REUTERS|Reuters)/\w|\b(?i:photo|picture): ?Reuters\b|/Reuters\b"),
    "AFP": re.compile(r"\bAFP (?:PHOTO|Photo)\b|\bAFP/\w|/AFP\b"),
    "Getty": re.compile(r"\bGetty ?Images\b|\bvia Getty\b"),
    "EPA": re.compile(r"\bEPA(?:-EFE)?/\w|/EPA\b|\bEPA-EFE\b"),
    "PA": re.compile(r"/PA(?: Wire| Images| Media)?\s*[).]?\s*$|\bPA (?:Wire|Images)\b"),
    "dpa": re.compile(r"\bpicture[ -]alliance\b|\bdpa/\w|/dpa\b"),
}
"""In a caption, anywhere: forms that nobody uses for anything else."""


def agency_of(credit: str, caption: str) -> str:
    """The agency that a picture is of, by the name that AGENCIES has for it; empty for a picture of nobody's.

    Of several (`AFP via Getty Images`) the first that the credit names.
    """
    return next(iter(agencies_of(credit, caption)), "")


def agencies_of(credit: str, caption: str) -> tuple[str, ...]:
    """Every agency that a picture's credit or caption names."""
    found = [*_in_credit(credit), *_in_caption(caption)]
    return tuple(dict.fromkeys(found))


def unlicensed(credit: str, caption: str, licensed: Collection[str]) -> str:
    """The agency whose licence is missing; empty where there is none, or one of those named is licensed: who may show
    what Getty sells may show what AFP sells through it."""
    agencies = agencies_of(credit, caption)
    folded = {name.casefold() for name in licensed}
    return "" if folded & {name.casefold() for name in agencies} else next(iter(agencies), "")


def _in_credit(credit: str) -> Iterator[str]:
    for part in _PARTS.split(_MARKS.sub(" ", credit[:_LONGEST])):
        yield from _named(part)
        pieces = part.split(",")
        if len(pieces) > 1:
            yield from (name for piece in pieces for name in _named(piece) if name not in _SHORT)


def _in_caption(caption: str) -> Iterator[str]:
    last = _LAST_WORDS.search(caption)
    if last:
        # "(AP)" after the sentence is a credit, before its full stop it belongs to the sentence.
        named = list(_in_credit(last[1]))
        alone = last[1].strip() in {spelling for spellings in AGENCIES.values() for spelling in spellings}
        if not alone or _AFTER_THE_END.search(caption):
            yield from named
    yield from (name for name, form in _SET_FORMS.items() if form.search(caption))


def _named(part: str) -> Iterator[str]:
    words = _BY.sub("", " ".join(part.split())).strip(" .,")
    for name, spellings in AGENCIES.items():
        if any(_is_spelling(words, spelling) for spelling in spellings):
            yield name


def _is_spelling(words: str, spelling: str) -> bool:
    """Short names count in their own letter case or in capitals: `Ap` is none, `REUTERS` is one."""
    if len(spelling) <= _ABBREVIATED:
        return words in {spelling.rstrip("."), spelling.upper()}
    return words.casefold() == spelling.casefold()
