"""What text looks like: the cascade as far as letters use it."""

from __future__ import annotations

import pytest

from digest.preflight.colour import written
from digest.preflight.css import declarations, pixels, sheet
from digest.preflight.features import of_at_rule, of_attributes, of_declaration, of_rule, of_tag
from digest.preflight.page import read, selector_of
from digest.preflight.shapes import Shape


def shape_of(body: str, style: str = "") -> Shape:
    """The shape in which the word X stands."""
    page = read(f"<html><head><style>{style}</style></head><body>{body}</body></html>")
    return next(shape for shape, (_, words) in page.texts.items() if words == "X")


@pytest.mark.parametrize(
    ("body", "style", "ink", "ground"),
    [
        ("<p>X</p>", "", "#000000", "#FFFFFF"),
        ('<p style="color:red">X</p>', "p{color:blue}", "#FF0000", "#FFFFFF"),
        ('<p style="color:red">X</p>', "p{color:blue!important}", "#0000FF", "#FFFFFF"),
        ('<p class="a">X</p>', ".a{color:#0F0} p{color:blue}", "#00FF00", "#FFFFFF"),
        ('<div class="a"><p>X</p></div>', ".a p{color:#0F0} .b p{color:red}", "#00FF00", "#FFFFFF"),
        ('<td bgcolor="#112233"><b>X</b></td>', "", "#000000", "#112233"),
        ('<div style="background:#123 url(x.png)"><p>X</p></div>', "", "#000000", "#112233"),
        ('<div style="color:red"><p style="color:inherit">X</p></div>', "", "#FF0000", "#FFFFFF"),
        ('<a href="#">X</a>', "", "#000000", "#FFFFFF"),
        ("<p>X</p>", "@media (max-width:400px){p{color:red}}", "#000000", "#FFFFFF"),
        ("<p>X</p>", "div > p{color:red}", "#000000", "#FFFFFF"),
    ],
)
def test_the_light_form(body: str, style: str, ink: str, ground: str) -> None:
    light = shape_of(body if "<td" not in body else f"<table><tr>{body}</tr></table>", style).light
    assert (written(light.ink), written(light.ground)) == (ink, ground)


def test_the_dark_form_has_its_own_rules_beside_the_others() -> None:
    shape = shape_of(
        '<p class="a" style="color:#111">X</p>', "@media (prefers-color-scheme:dark){.a{color:#eee!important}}"
    )
    assert (written(shape.light.ink), written(shape.dark.ink)) == ("#111111", "#EEEEEE")


@pytest.mark.parametrize(
    ("style", "px"),
    [
        ("font-size:13px", 13),
        ("font:bold 14px/20px Arial", 14),
        ("font-size:150%", 24),
        ("font-size:2em", 32),
        ("", 16),
    ],
)
def test_the_size_of_text(style: str, px: float) -> None:
    assert shape_of(f'<p style="{style}">X</p>').light.px == px


def test_a_shape_that_occurs_again_is_the_same() -> None:
    page = read("<body>" + '<p style="color:red">X</p>' * 50 + "</body>")
    assert sum(shape.tag == "p" for shape in page.shapes) == 1


def test_what_is_used_has_the_names_of_the_table() -> None:
    style = declarations("padding-left:1px;display:flex;--x:1;width:calc(1rem + 2px);mso-hide:all;color:rgb(1,2,3)")
    named = frozenset().union(*map(of_declaration, style))
    assert named >= {"css-padding", "css-display-flex", "css-variables", "css-unit-calc", "css-unit-rem", "css-rgb"}
    assert not any("mso" in name for name in named)
    assert of_tag("h3") == {"html-h1-h6"}
    assert of_tag("input", "text") == {"html-input-text"}
    assert of_attributes(("href", "role", "loading")) == {"html-role", "html-loading-attribute"}
    assert "css-at-media-prefers-color-scheme" in of_at_rule("@media (prefers-color-scheme:dark)")
    (rule,) = sheet("a[href]:hover > b{color:red}").rules
    assert of_rule(rule) == {"css-selector-attribute", "css-pseudo-class-hover", "css-selector-child"}


def test_lengths() -> None:
    assert [pixels(text) for text in ("13px", "3pt", "0", "2em", "auto")] == [13, 4, 0, None, None]


def test_a_place_is_found_again_by_its_selector() -> None:
    html = '<html><body><table><tr><td>a</td><td><p>b</p><a href="x">X</a></td></tr></table></body></html>'
    (link,) = read(html).links
    assert selector_of(html, link.at) == (
        "body > table:nth-of-type(1) > tbody > tr:nth-of-type(1) > td:nth-of-type(2) > a:nth-of-type(1)"
    )
