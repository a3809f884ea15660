from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sources.web.links import MOST, links_of

BASE = "https://docket.example/feed/"


@pytest.mark.parametrize(
    ("header", "links"),
    [
        ("", {}),
        ("nothing of the kind", {}),
        (
            '<https://docket.example/wp-json/>; rel="https://api.w.org/"',
            {"https://api.w.org/": "https://docket.example/wp-json/"},
        ),
        ('<?page=2>; rel="next", </a>; rel=prev', {"next": f"{BASE}?page=2", "prev": "https://docket.example/a"}),
        ('</a>; rel="NEXT last"', {"next": "https://docket.example/a", "last": "https://docket.example/a"}),
        ('</a,b;c>; title="of; all, <x>"; rel=next', {"next": "https://docket.example/a,b;c"}),
        ('</a> ; title="a \\"b\\" rel=prev" ; REL = "next"', {"next": "https://docket.example/a"}),
        ("</a>; rel=next, </b>; rel=next", {"next": "https://docket.example/a"}),
        ('</a>; rel="next"; rel="prev"', {"next": "https://docket.example/a"}),
        ('</a>; rel="next"; anchor="/other"', {}),
        ("</a>; hreflang; rel=next", {"next": "https://docket.example/a"}),
        ("<javascript:alert(1)>; rel=next, <ftp://x/>; rel=prev", {}),
        ("<http://[::1>; rel=next", {}),
        ("</a>", {}),
    ],
)
def test_what_a_header_leads_to(header: str, links: dict[str, str]) -> None:
    assert links_of(header, BASE) == links


@given(st.dictionaries(st.text("abc-.9", min_size=1, max_size=5), st.text("ab,=c", max_size=5)))
def test_what_was_written_is_read(links: dict[str, str]) -> None:
    header = ", ".join(f'</{target}>; title="a, b"; rel="{relation}"' for relation, target in links.items())
    read = links_of(header, BASE)
    assert read == {relation: f"https://docket.example/{target}" for relation, target in links.items()}


@pytest.mark.parametrize(
    "header",
    ["<" * 60_000, "<a>;" + " " * 60_000, '<a>;b="' + "\\" * 60_000, "<a>;b;" * 20_000, "<a> " * 30_000],
    ids=["brackets", "blanks", "backslashes", "parameters", "addresses"],
)
def test_nonsense_of_any_length_is_nothing(header: str) -> None:
    assert links_of(header, BASE) == {}


def test_what_is_very_long_is_not_read_to_its_end() -> None:
    assert links_of("x" * MOST + "</a>; rel=next", BASE) == {}
