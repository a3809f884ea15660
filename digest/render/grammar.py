"""The MJML that templates may use: which element stands in which, and with which attributes.

After the MJML 4 documentation (https://documentation.mjml.io), without what mjml-python 1.4 makes nothing of. The
compiler passes over unknown elements, attributes and nestings in silence, so this table is the only guard.
"""

from __future__ import annotations

from dataclasses import dataclass

DEEPEST = 100
"""Elements within elements. The compiler recurses, and takes the process down somewhere above 100,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What is known of one MJML element. An `ending` element holds HTML or text and no further MJML."""

    parents: frozenset[str]
    attributes: frozenset[str]
    ending: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PADDING = "padding padding-top padding-right padding-bottom padding-left"
_BORDER = "border border-top border-right border-bottom border-left border-radius"
_BACKGROUND = "background-color background-url background-repeat background-size background-position"
_FONT = (
    "font-family font-size font-style font-weight line-height letter-spacing text-decoration text-transform color align"
)


def _content(attributes: str, *, ending: bool = False) -> Element:
    return Element(
        parents=_words("mj-column"),
        attributes=_words(f"mj-class css-class container-background-color {_PADDING} {attributes}"),
        ending=ending,
    )


def _head(parents: str, attributes: str, *, ending: bool = False) -> Element:
    return Element(parents=_words(parents), attributes=_words(attributes), ending=ending)


ELEMENTS: dict[str, Element] = {
    "mjml": Element(parents=frozenset(), attributes=_words("lang dir owa")),
    "mj-head": _head("mjml", ""),
    "mj-title": _head("mj-head", "", ending=True),
    "mj-preview": _head("mj-head", "", ending=True),
    "mj-style": _head("mj-head", "", ending=True),
    "mj-font": _head("mj-head", "name href"),
    "mj-breakpoint": _head("mj-head", "width"),
    "mj-attributes": _head("mj-head", ""),
    "mj-body": Element(parents=_words("mjml"), attributes=_words("width background-color css-class mj-class")),
    "mj-wrapper": Element(
        parents=_words("mj-body"),
        attributes=_words(f"mj-class css-class direction full-width text-align {_PADDING} {_BORDER} {_BACKGROUND}"),
    ),
    "mj-section": Element(
        parents=_words("mj-body mj-wrapper"),
        attributes=_words(f"mj-class css-class direction full-width text-align {_PADDING} {_BORDER} {_BACKGROUND}"),
    ),
    "mj-group": Element(
        parents=_words("mj-section"),
        attributes=_words("mj-class css-class background-color direction vertical-align width"),
    ),
    "mj-column": Element(
        parents=_words("mj-section mj-group"),
        attributes=_words(
            f"mj-class css-class background-color direction vertical-align width inner-background-color {_PADDING} "
            f"{_BORDER} inner-border inner-border-top inner-border-right inner-border-bottom inner-border-left "
            "inner-border-radius"
        ),
    ),
    "mj-text": _content(f"{_FONT} height", ending=True),
    "mj-button": _content(
        f"{_FONT} {_BORDER} background-color height href inner-padding name rel target text-align vertical-align width",
        ending=True,
    ),
    "mj-image": _content(
        "align alt border border-left border-radius border-right fluid-on-mobile font-size height href rel src srcset "
        "target title usemap width"
    ),
    "mj-divider": _content("align border-color border-style border-width width"),
    "mj-spacer": _content("height"),
    "mj-table": _content(
        "align border cellpadding cellspacing color font-family font-size line-height table-layout width", ending=True
    ),
    "mj-raw": Element(
        parents=_words("mj-head mj-body mj-wrapper mj-section mj-group mj-column"),
        attributes=_words("position"),
        ending=True,
    ),
}

DEFAULTS = _words("mj-all mj-class")
"""In `mj-attributes`, beside the elements themselves: these take any attribute that some element has."""

ANY_ATTRIBUTE = frozenset().union(*(element.attributes for element in ELEMENTS.values())) | {"name"}
