"""What a letter may use although some mail program does not know it, and why that harms nobody.

Whatever is in neither list is an error where a program that the publication cares for does not know it.
"""

from __future__ import annotations

from collections.abc import Mapping

_BASE = "the form without it is whole in itself"
_PLAIN = "the text stays, set more plainly"
_SPOKEN = "only a screen reader hears it; without it the text is read as it stands"
_SHAPE = "only the outline of a box changes"
_TAME = "lines and spaces fall a little otherwise"

ALLOWED: Mapping[str, str] = {
    **dict.fromkeys(
        "css-at-media css-at-media-device-pixel-ratio css-at-media-hover css-at-media-orientation "
        "css-at-media-prefers-color-scheme css-at-media-prefers-reduced-motion css-at-supports css-color-scheme "
        "html-meta-color-scheme css-selector-attribute css-selector-child css-selector-chaining "
        "css-selector-adjacent-sibling css-selector-general-sibling css-selector-universal css-selector-class "
        "css-selector-descendant css-selector-grouping css-selector-id css-selector-type css-pseudo-class-hover "
        "css-pseudo-class-active css-pseudo-class-focus css-pseudo-class-focus-visible css-pseudo-class-focus-within "
        "css-pseudo-class-link css-pseudo-class-visited css-pseudo-class-first-child css-pseudo-class-last-child "
        "css-pseudo-class-nth-child css-pseudo-class-not css-pseudo-class-lang css-important css-comments "
        "css-pseudo-element-first-letter css-pseudo-element-first-line css-pseudo-class-first-of-type "
        "css-pseudo-class-last-of-type css-pseudo-class-nth-of-type css-pseudo-class-only-child html-style".split(),
        _BASE,
    ),
    **dict.fromkeys(
        "css-at-font-face css-font-kerning css-font-stretch css-font-size-adjust css-sytem-ui css-letter-spacing "
        "css-text-decoration-color css-text-decoration-line css-text-decoration-skip-ink css-text-decoration-style "
        "css-text-decoration-thickness css-text-underline-offset css-text-underline-position css-text-emphasis "
        "css-text-shadow css-text-transform css-hyphens css-hyphenate-character css-hyphenate-limit-chars "
        "css-list-style css-list-style-position css-list-style-type html-abbr html-acronym html-bdi html-dfn html-del "
        "html-rp html-rt html-ruby html-semantics html-small html-strike html-wbr html-code html-address".split(),
        _PLAIN,
    ),
    **dict.fromkeys(
        "html-aria-describedby html-aria-hidden html-aria-label html-aria-labelledby html-aria-live html-role html-lang "
        "css-caption-side".split(),
        _SPOKEN,
    ),
    **dict.fromkeys(
        "css-border-radius css-border-radius-logical css-box-shadow css-outline css-outline-offset css-background-clip "
        "css-background-origin css-background-position css-background-repeat css-background-size css-border-spacing "
        "css-empty-cells css-opacity css-linear-gradient css-radial-gradient css-conic-gradient css-object-fit "
        "css-object-position css-cursor css-accent-color css-user-select css-resize css-tab-size".split(),
        _SHAPE,
    ),
    **dict.fromkeys(
        "css-text-wrap css-word-spacing css-word-break css-word-wrap css-overflow-wrap css-orphans css-widows "
        "css-white-space-collapse css-text-align-last css-text-justify css-text-indent css-max-width css-min-width "
        "css-min-height css-box-sizing css-table-layout css-aspect-ratio css-unit-initial css-overflow css-clear "
        "css-text-overflow".split(),
        _TAME,
    ),
    **dict.fromkeys(
        ("css-animation", "css-at-keyframes", "css-transition", "css-transform"), "it stands still, and is whole"
    ),
    **dict.fromkeys(("html-srcset", "html-picture", "html-loading-attribute"), "the picture in src is shown"),
    "css-height": "Yahoo takes it for the least height, and the text pushes the box",
    "html-target": "the link opens all the same",
    "html-doctype": "the program brings its own",
    "html-body": "its colour is set once more inside",
    "html-base": "every address is whole",
    "css-background-image": "the colour of the ground stays",
    "css-display": "the form is made of tables",
}

SHIFTING: Mapping[str, str] = {
    **dict.fromkeys(
        "css-float css-display-flex css-display-grid css-flex-direction css-flex-wrap css-gap css-align-items "
        "css-justify-content css-grid-template css-column-count css-column-layout-properties css-max-height "
        "css-unit-rem css-unit-vh css-unit-vw css-unit-vmin css-unit-vmax css-unit-ch css-unit-calc css-function-clamp "
        "css-function-max css-function-min css-intrinsic-size css-margin-inline-start-end css-margin-block-start-end "
        "css-margin-inline-block css-padding-inline-start-end css-padding-block-start-end css-padding-inline-block "
        "css-border-inline-block css-inline-size css-block-inline-size css-max-inline-size css-min-inline-size "
        "css-max-block-size css-min-block-size css-white-space css-border-image css-visibility html-hidden".split(),
        "parts move or lose their space",
    ),
}
"""What shifts the page where it is not known, and loses no word: a warning."""
