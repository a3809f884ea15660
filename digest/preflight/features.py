"""From what stands in a letter to the names under which support for it is known: `padding-left` is `css-padding`. Pure.

The names are those of the support table; what has no row there has no name here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from digest.preflight.css import Declaration, Rule
from digest.preflight.support import known_features

Features = frozenset[str]

_TAGS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "h1-h6"),
    **dict.fromkeys(("ul", "ol", "li", "dl", "dt", "dd"), "lists"),
    **dict.fromkeys(
        ("article", "aside", "details", "figcaption", "figure", "footer", "header", "main", "mark", "nav"),
        "semantics",
    ),
    **dict.fromkeys(
        ("section", "summary", "time"),
        "semantics",
    ),
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("s", "strike"), "strike"),
    "tr": "table",
    "td": "table",
    "th": "table",
    "map": "image-maps",
}
_TYPED = {"input": "text", "button": "submit"}
_AS_ATTRIBUTE = frozenset(
    [
        "align",
        "background",
        "cellpadding",
        "cellspacing",
        "dir",
        "height",
        "hidden",
        "lang",
        "popover",
        "required",
        "role",
        "srcset",
        "target",
        "valign",
        "width",
        "aria-describedby",
        "aria-hidden",
        "aria-label",
        "aria-labelledby",
        "aria-live",
    ]
) | {"loading"}
_IN_VALUES = (
    (re.compile(r"\d(rem|vh|vw|vmin|vmax|ch|em|ex|cm|mm|in|pc|pt|px)\b"), "css-unit-{}"),
    (re.compile(r"\d(%)"), "css-unit-percent"),
    (re.compile(r"\b(calc)\("), "css-unit-{}"),
    (re.compile(r"\b(clamp|max|min|light-dark)\("), "css-function-{}"),
    (re.compile(r"\b(rgba?)\("), "css-{}"),
    (re.compile(r"\b(linear|radial|conic)-gradient\("), "css-{}-gradient"),
    (re.compile(r"\b(?:lab|lch|oklab|oklch|color|color-mix|hwb)\("), "css-modern-color"),
    (re.compile(r"\bvar\("), "css-variables"),
    (re.compile(r"^initial$"), "css-unit-initial"),
    (re.compile(r"\bsystem-ui\b"), "css-sytem-ui"),
)
_SIDES = "top|right|bottom|left"
_PROPERTIES = (
    (re.compile(r"--.*"), "css-variables"),
    (re.compile(r"(margin|padding)-(inline|block)-(?:start|end)"), r"css-\1-\2-start-end"),
    (re.compile(r"(margin|padding)-(?:inline|block)"), r"css-\1-inline-block"),
    (re.compile(rf"(margin|padding)-(?:{_SIDES})"), r"css-\1"),
    (re.compile(r"border-(?:start|end)-(?:start|end)-radius"), "css-border-radius-logical"),
    (re.compile(rf"border-(?:{_SIDES})-(?:{_SIDES})-radius"), "css-border-radius"),
    (re.compile(r"border-(?:inline|block).*"), "css-border-inline-block"),
    (re.compile(r"border-image-.*"), "css-border-image"),
    (re.compile(rf"border-(?:{_SIDES}|width|style|color).*"), "css-border"),
    (re.compile(_SIDES), "css-left-right-top-bottom"),
    (re.compile(r"inset-.*"), "css-inset"),
    (re.compile(r"grid-.*|grid"), "css-grid-template"),
    (re.compile(r"flex-flow"), "css-flex-wrap"),
    (re.compile(r"columns"), "css-column-count"),
    (re.compile(r"column-gap|row-gap"), "css-gap"),
    (re.compile(r"overflow-[xy]"), "css-overflow"),
    (re.compile(r"text-wrap-.*"), "css-text-wrap"),
    (re.compile(r"(animation|transition|outline|transform|mask)-.*"), r"css-\1"),
)
_SHOWN = {"none": "css-display-none", "flex": "css-display-flex", "grid": "css-display-grid"}
_QUERIES = (
    ("prefers-color-scheme", "css-at-media-prefers-color-scheme"),
    ("prefers-reduced-motion", "css-at-media-prefers-reduced-motion"),
    ("orientation", "css-at-media-orientation"),
    ("device-pixel-ratio", "css-at-media-device-pixel-ratio"),
    ("hover", "css-at-media-hover"),
)
_SELECTORS = (
    (re.compile(r"\["), "css-selector-attribute"),
    (re.compile(r">"), "css-selector-child"),
    (re.compile(r"\+"), "css-selector-adjacent-sibling"),
    (re.compile(r"~(?!=)"), "css-selector-general-sibling"),
    (re.compile(r"\*(?!=)"), "css-selector-universal"),
    (re.compile(r"\.[\w-]+\.[\w-]"), "css-selector-chaining"),
)
_PSEUDO = re.compile(r"(::?)([a-z-]+)")
_ELEMENTS = {"after", "before", "first-letter", "first-line", "marker", "placeholder"}


def _known(*names: str) -> Features:
    return frozenset(names) & known_features()


@lru_cache(maxsize=512)
def of_tag(tag: str, kind: str = "") -> Features:
    """An element; `kind` is its `type` attribute, where it has one."""
    if tag in _TYPED:
        return _known(f"html-{tag}-{kind or _TYPED[tag]}")
    return _known(f"html-{_TAGS.get(tag, tag)}")


@lru_cache(maxsize=512)
def of_attributes(names: tuple[str, ...]) -> Features:
    """The attributes of an element, by name."""
    known = (name for name in names if name in _AS_ATTRIBUTE)
    return _known(*(f"html-{name}-attribute" if name == "loading" else f"html-{name}" for name in known))


@lru_cache(maxsize=4096)
def of_declaration(declaration: Declaration) -> Features:
    """A property, and what its value is made of."""
    name, value = declaration.name, declaration.value
    if name.startswith(("-", "mso-")) and not name.startswith("--"):
        return frozenset()
    found = {_property(name, value), *_in_value(value)}
    if "url(" in value and name.startswith("background"):
        found.add("css-background-image")
    if declaration.important:
        found.add("css-important")
    return _known(*found)


def of_rule(rule: Rule) -> Features:
    """A selector."""
    found = {name for pattern, name in _SELECTORS if pattern.search(rule.selector)}
    for colons, name in _PSEUDO.findall(rule.selector):
        kind = "element" if name in _ELEMENTS or colons == "::" else "class"
        found.add(f"css-pseudo-{kind}-{name}")
    return _known(*found)


def of_at_rule(written: str) -> Features:
    """`@media (prefers-color-scheme:dark)` and its like."""
    keyword = written.split(maxsplit=1)[0].split("(", maxsplit=1)[0].removeprefix("@")
    return _known(f"css-at-{keyword}", *(name for word, name in _QUERIES if word in written))


def _property(name: str, value: str) -> str:
    if name == "display":
        return _SHOWN.get(value.removeprefix("inline-"), "css-display")
    for pattern, feature in _PROPERTIES:
        if found := pattern.fullmatch(name):
            made = found.expand(feature)
            return made if made in known_features() else f"css-{name}"
    return f"css-{name}"


def _in_value(value: str) -> Iterator[str]:
    for pattern, name in _IN_VALUES:
        for found in pattern.findall(value):
            yield name.format(found)
