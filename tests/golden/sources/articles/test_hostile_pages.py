"""Attack vectors as pages, and in everything that a page says: what comes out is text and web addresses."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.model import ArticlePage
from digest.sources.articles.page import article_page
from digest.sources.texts import is_web_address

ADDRESS = "https://docket.example/a-story"


@pytest.fixture(scope="session")
def vectors() -> list[str]:
    folder = Path(__file__).resolve().parents[4].parent / "shared" / "corpora" / "html"
    if not folder.is_dir():
        pytest.skip("the shared corpora are not beside the repository")
    sets = {
        name: json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("dompurify-expect.json", "html5sec.json", "bleach.json")
    }
    return [text for found in sets.values() for text in texts_in(found)]


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts_in(each)


def assert_harmless(page: ArticlePage) -> None:
    addresses = [page.canonical, page.picture.address if page.picture else ""]
    assert all(address == "" or is_web_address(address) for address in addresses)
    assert page.canonical == "" or page.canonical.startswith("https://docket.example/")
    assert len(page.opening) <= 1_000


def test_as_pages(vectors: list[str]) -> None:
    assert len(vectors) > 500
    for vector in vectors:
        assert_harmless(article_page(vector.encode("utf-8", "replace"), ADDRESS))


def test_in_every_tag_and_in_linked_data(vectors: list[str]) -> None:
    for vector in vectors[::3]:
        said = html.escape(vector)
        linked = {"@type": "NewsArticle", "headline": vector, "image": vector, "author": vector, "url": vector}
        page = article_page(
            (
                f'<meta property="og:title" content="{said}"><meta property="og:image" content="{said}">'
                f'<link rel="canonical" href="{said}">'
                f'<script type="application/ld+json">{json.dumps(linked)}</script><p>{vector}</p>'
            ).encode("utf-8", "replace"),
            ADDRESS,
        )
        assert_harmless(page)
