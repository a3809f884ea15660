"""Whether mail programs know what the letter is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from digest.preflight import features
from digest.preflight.css import Rule, sheet
from digest.preflight.fault import Fault
from digest.preflight.inspected import Look
from digest.preflight.leniency import ALLOWED, SHIFTING
from digest.preflight.page import Page, outlooks_features
from digest.preflight.support import NO, clients_that, support

OUTLOOK = frozenset(("outlook-windows",))
_BOXES = frozenset(("p", "div", "h1", "h2", "h3", "h4", "h5", "h6"))


def lost(look: Look) -> Iterator[Fault]:
    """What a program does not know, and without which content is lost or cannot be read."""
    for feature, (clients, at) in _unknown(look).items():
        if feature not in ALLOWED and feature not in SHIFTING:
            yield Fault(
                title=f"{support().titles[feature]} does not work everywhere",
                where=f"{_names(clients)}, {look.places.of_element(at)}"
                if at
                else f"{_names(clients)}, in the style sheet",
                why="readers there miss a part of the letter, or cannot read it",
                do="write it in a way that needs no such thing; https://www.caniemail.com/features/ tells how",
                at=at,
            )


def shifted(look: Look) -> Iterator[Fault]:
    """What a program does not know, and without which the page shifts."""
    for feature, (clients, at) in _unknown(look).items():
        if feature in SHIFTING:
            yield Fault(
                title=f"{support().titles[feature]} does not work everywhere",
                where=f"{_names(clients)}, {look.places.of_element(at)}"
                if at
                else f"{_names(clients)}, in the style sheet",
                why=f"there {SHIFTING[feature]}",
                do="use tables and px, or make sure that it reads well without",
                at=at,
            )


def padded(look: Look) -> Iterator[Fault]:
    """Padding where Outlook on Windows ignores it: on paragraphs, headings and divs."""
    if not look.clients & OUTLOOK:
        return
    for shape, at in look.page.shapes.items():
        if (
            shape.tag in _BOXES
            and not shape.hidden
            and shape not in look.page.not_for_outlook
            and _has_padding(shape.styles)
        ):
            yield Fault(
                title=f"<{shape.tag}> has padding",
                where=look.places.of_element(at),
                why="Outlook on Windows ignores it, and the text sticks to its neighbours",
                do="put the padding on the <td> around it",
                at=at,
            )
            return


def broken_styles(look: Look) -> Iterator[Fault]:
    """Style sheets that a parser cannot read: Gmail throws the whole of such a sheet away."""
    for text, media in look.page.sheets:
        for words in sheet(text, media).broken:
            yield Fault(
                title="a style sheet cannot be read",
                where=f"the parser says: {words}",
                why="Gmail throws the whole sheet away, and its rules for phones with it",
                do="correct the sheet in the templates",
                anchor="style",
            )


def _has_padding(styles: Mapping[str, str]) -> bool:
    padding = [value for name, value in styles.items() if name.startswith("padding")]
    return any(part.strip("0pxemt.% ") for value in padding for part in value.split())


def _unknown(look: Look) -> dict[str, tuple[frozenset[str], int]]:
    """What is used that one of the clients does not know: which of them, and where it stands first (0: in a sheet)."""
    if "unknown" not in look.kept:
        found: dict[str, tuple[frozenset[str], int]] = {}
        for uses, at, clients in _uses(look.page, look.clients):
            for feature, missing in _missing(uses, clients).items():
                found.setdefault(feature, (missing, at))
        look.kept["unknown"] = found
    kept: dict[str, tuple[frozenset[str], int]] = look.kept["unknown"]
    return kept


@lru_cache(maxsize=4096)
def _missing(uses: features.Features, clients: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """Of what is used that which some of the clients do not know, and which of them."""
    return {feature: missing for feature in sorted(uses) if (missing := clients_that(NO, feature, clients))}


def _uses(page: Page, clients: frozenset[str]) -> Iterator[tuple[features.Features, int, frozenset[str]]]:
    """What is used, where, and by whom it is read."""
    others = clients - OUTLOOK
    hidden = page.not_for_outlook
    seen: set[tuple[features.Features, bool]] = set()
    for shape, at in page.shapes.items():
        key = shape.uses, shape in hidden
        if key not in seen:
            seen.add(key)
            yield shape.uses, at, others if key[1] else clients
    if clients & OUTLOOK:
        for comment in page.for_outlook:
            yield outlooks_features(comment), 0, OUTLOOK
    for text, media in page.sheets:
        for uses, needed in _sheet_uses(text, media):
            yield uses, 0, _who_reads(needed, clients)


@lru_cache(maxsize=128)
def _sheet_uses(text: str, media: str) -> tuple[tuple[features.Features, features.Features], ...]:
    """What a sheet uses, and what a program has to know to get that far."""
    read = sheet(text, media)
    return (
        *((features.of_at_rule(written), frozenset[str]()) for written in read.at_rules),
        *((features.of_rule(rule), frozenset[str]()) for rule in read.rules),
        *((_of_declarations(rule), _needed(rule)) for rule in read.rules),
    )


def _of_declarations(rule: Rule) -> features.Features:
    return frozenset().union(*map(features.of_declaration, rule.declarations))


def _needed(rule: Rule) -> features.Features:
    return features.of_rule(rule).union(*map(features.of_at_rule, rule.conditions))


@lru_cache(maxsize=1024)
def _who_reads(needed: features.Features, clients: frozenset[str]) -> frozenset[str]:
    return clients.difference(*(clients_that(NO, feature, clients) for feature in needed))


def _names(clients: Iterable[str]) -> str:
    names = support().names
    return ", ".join(names[client] for client in names if client in set(clients))
