"""Letters that nobody would send: whatever they are, the preflight ends, with findings and no crash."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.preflight.css import declarations, sheet
from digest.preflight.inspection import preflight
from digest.preflight.page import read, selector_of
from tests.unit.preflight.letters import GOOD, HTML, look
from tests.unit.preflight.letters import settings as of_the_sample

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "corpora" / "html"


def payloads() -> list[str]:
    told = json.loads((VECTORS / "dompurify-expect.json").read_text(encoding="utf-8"))
    more = json.loads((VECTORS / "html5sec.json").read_text(encoding="utf-8"))
    return [str(each["payload"]) for each in told] + [str(each["data"]) for each in more]


@pytest.mark.skipif(not VECTORS.exists(), reason="the vectors are not beside the checkout")
def test_markup_attacks_are_read_to_their_end() -> None:
    scripts = 0
    for payload in payloads():
        html = HTML.replace("This week: a river, ballots and a ferry.", payload)
        found = preflight(replace(GOOD, html=html), {}, of_the_sample())
        if re.search(r"<a[^>]*href=[\"']?javascript:", payload, re.IGNORECASE):
            scripts += any(finding.check == "links.empty" for finding in found.findings)
    assert scripts > 0


@pytest.mark.parametrize(
    "html",
    [
        "",
        " ",
        "<",
        "<html",
        "\0",
        "<table>" * 5000,
        "<a href=x>" * 300,
        "<style>" + "{" * 2000,
        "<!--[if mso]>",
        "</p>" * 9,
    ],
)
def test_broken_html_ends_in_findings(html: str) -> None:
    found = preflight(replace(GOOD, html=html), {}, of_the_sample())
    assert {"links.unsubscribe", "access.title"} <= {finding.check for finding in found.errors}


def test_a_letter_with_a_text_and_nothing_else_is_kept_back() -> None:
    assert look(html="Hello").blocking


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_any_text_as_css(text: str) -> None:
    declarations(text)
    sheet(text)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from('<>/"= abptdr!-[]{}:;#')))
def test_any_text_as_html(text: str) -> None:
    page = read(f"<html><body>{text}</body></html>")
    for shape, at in page.shapes.items():
        assert isinstance(selector_of(f"<html><body>{text}</body></html>", at), str), shape.tag
