"""The colours of the letter, out of the theme's own and what digest.toml says, and whether they can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from digest import shipped
from digest.config.colour import READABLE, contrast, is_colour, lightened_for_the_dark
from digest.config.complaints import Complaint
from digest.model import Palette

_WORDS = ("ink", "text", "muted", "accent")
_GROUNDS = ("paper", "panel")
_WHITE = "#FFFFFF"
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The colours of one form, `light` or `dark`, and the keys of those that digest.toml has given."""

    name: str
    colours: Mapping[str, str]
    given: Mapping[str, Path]


def palettes(document: Mapping[str, Any]) -> tuple[Palette, Palette]:
    """The light and the dark palette of a document, as plain tables that hold only what was written."""
    light, dark = _forms(document)
    return Palette(**light.colours), Palette(**dark.colours)


def unreadable(document: Mapping[str, Any]) -> Iterator[Complaint]:
    """A complaint for each given colour that makes words hard to read. Values that are no colours are passed over."""
    for form in _forms(document):
        yield from _faint_words(form)
        yield from _faint_grounds(form)
        yield from _faint_button(form)


def twice(document: Mapping[str, Any]) -> Iterator[Complaint]:
    """The accent may be given at two places, but not at both."""
    publication = _table(document, "publication")
    for form, name in (("light", "accent"), ("dark", "accent_dark")):
        if "accent" in _table(_table(document, "theme"), form) and name in publication:
            words = f"theme.{form}.accent says it too; keep one of them"
            yield Complaint(path=("publication", name), value=publication[name], words=words)


def _faint_words(form: Form) -> Iterator[Complaint]:
    for role in filter(form.given.__contains__, _WORDS):
        found, paper = min(
            (contrast(form.colours[role], form.colours[ground]), form.colours[ground]) for ground in _GROUNDS
        )
        if found < READABLE:
            words = f"its contrast on {paper} is {found:.1f}:1"
            yield _faint(form, role, form.colours[role], words, darker=form.name == "light")


def _faint_grounds(form: Form) -> Iterator[Complaint]:
    """Grounds on which the theme's own words, which nobody changed, can no longer be read."""
    roles = [role for role in _WORDS if role not in form.given]
    for ground in filter(form.given.__contains__, _GROUNDS):
        paper = form.colours[ground]
        found, role = min(((contrast(form.colours[role], paper), role) for role in roles), default=(READABLE, ""))
        if found < READABLE:
            words = f"the contrast of {role} ({form.colours[role]}) on it is {found:.1f}:1"
            yield _faint(form, ground, paper, words, darker=form.name == "dark")


def _faint_button(form: Form) -> Iterator[Complaint]:
    colour = form.colours["button"]
    found = contrast(_WHITE, colour)
    if found < READABLE and form.given.get("button", form.given.get("accent")) != form.given.get("accent"):
        yield _faint(form, "button", colour, f"its contrast to the white words on it is {found:.1f}:1", darker=True)


def _faint(form: Form, role: str, colour: str, words: str, *, darker: bool) -> Complaint:
    change = "darker" if darker else "lighter"
    return Complaint(path=form.given[role], value=colour, words=f"{words}; take a {change} one, with 4.5:1 or more")


def _forms(document: Mapping[str, Any]) -> tuple[Form, Form]:
    return _light(document), _dark(document)


def _light(document: Mapping[str, Any]) -> Form:
    return _form("light", document, _given(document, "light", "accent"))


def _dark(document: Mapping[str, Any]) -> Form:
    given, light = _given(document, "dark", "accent_dark"), _given(document, "light", "accent")
    made = _form("dark", document, given)
    if "accent" not in given and "accent" in light:
        papers = [made.colours[ground] for ground in _GROUNDS]
        accent = lightened_for_the_dark(light["accent"][1], papers)
        made = Form(name="dark", colours={**made.colours, "accent": accent}, given=made.given)
    if "button" not in given and ("button" in light or "accent" in light):
        button = light.get("button", light.get("accent", ((), "")))[1]
        made = Form(name="dark", colours={**made.colours, "button": button}, given=made.given)
    return made


def _form(name: str, document: Mapping[str, Any], given: Mapping[str, tuple[Path, str]]) -> Form:
    colours = {**shipped.theme_defaults(theme_of(document))[name], **{role: said[1] for role, said in given.items()}}
    paths = {role: said[0] for role, said in given.items()}
    if name == "light" and "button" not in given and "accent" in given:
        colours["button"], paths["button"] = given["accent"][1], given["accent"][0]
    return Form(name=name, colours=colours, given=paths)


def _given(document: Mapping[str, Any], form: str, accent: str) -> dict[str, tuple[Path, str]]:
    """What digest.toml says of a form: its key and its colour, by role."""
    table, publication = _table(_table(document, "theme"), form), _table(document, "publication")
    said: dict[str, tuple[Path, object]] = {"accent": (("publication", accent), publication.get(accent))}
    said |= {role: (("theme", form, role), table[role]) for role in Palette.__dataclass_fields__ if role in table}
    return {role: (path, str(value).upper()) for role, (path, value) in said.items() if _is_colour(value)}


def theme_of(document: Mapping[str, Any]) -> str:
    """The name of the theme that a document asks for; the base theme where it names none that there is."""
    name = _table(document, "theme").get("name", "")
    return name.strip() if isinstance(name, str) and name.strip() in shipped.themes() else shipped.BASE_THEME


def _is_colour(value: object) -> bool:
    return isinstance(value, str) and is_colour(value)


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = document.get(name)
    return table if isinstance(table, Mapping) else {}
