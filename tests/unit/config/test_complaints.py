"""Faults that touch more than one key, or the file as a whole: everything is said at once, and where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.config import load
from digest.config.keys import known_keys
from digest.config.load import settings_of
from digest.errors import ConfigurationError
from tests.unit.config.changes import changed
from tests.unit.config.conftest import Complain


def test_everything_is_said_at_once(complain: Complain, least: str) -> None:
    text = least
    for table, lines in {
        "publication": 'name = ""\ntimezone = "Mars/Olympus"\nfrom = "nobody"',
        "week": 'closes = "someday"\nmin_stories = 30\nmax_stories = 10',
        "sections": 'name = "Courts"\ncategories = ["Courts", "Courts"]\nmax = "four"',
        "delivery": 'provider = "pigeon"',
        "wek": 'closes = "Friday"',
    }.items():
        text = changed(text, table, lines)
    lines_said = complain(text)
    assert [line.partition(": ")[2].partition(" = ")[0].partition(":")[0] for line in lines_said] == [
        "publication.name",
        "publication.timezone",
        "publication.from",
        "week.closes",
        "sections[Courts].max",
        "delivery.provider",
        "wek",
        "week.max_stories",
        "sections[Courts].categories",
    ]


def test_an_empty_file_names_every_key_that_is_needed(complain: Complain) -> None:
    lines = complain("")
    assert [line.split(": ")[1] for line in lines] == [
        *(f"publication.{key}" for key in ("name", "publisher", "site", "postal_address", "timezone", "from")),
        "week.closes",
        "sources",
    ]
    assert all(line.split(": ")[2].startswith(("it is missing", "no feed is named")) for line in lines)


def test_an_empty_list_of_sources_is_no_feed(complain: Complain, least: str) -> None:
    text = "sources = []\n" + least.partition("[[sources]]")[0]
    (line,) = complain(text)
    assert "no feed is named; add [[sources]]" in line


def test_brackets_that_are_too_few_or_too_many_are_explained(complain: Complain, least: str) -> None:
    (line,) = complain(least.replace("[[sources]]", "[sources]"))
    assert "[[sources]] in double brackets" in line
    (line,) = complain(least.replace("[week]", "[[week]]"))
    assert line.startswith("digest.toml: week = [")
    assert "not a table" in line


def test_sections_that_do_not_go_together(complain: Complain, least: str) -> None:
    sections = "".join(
        f"\n[[sections]]\nname = {name}\n{rest}\n"
        for name, rest in [
            ('"National"', 'categories = ["Politics", "Government"]'),
            ('"national "', 'categories = ["Courts"]'),
            ('"Capitol"', 'categories = ["GOVERNMENT"]'),
            ('"Also"', ""),
            ('"Rest"', "categories = []"),
        ]
    )
    assert complain(least + sections) == (
        'digest.toml: sections[national].name = "national ": two sections have this name; give each its own',
        "digest.toml: sections[Rest].categories = []: a second section without categories; only one can take the rest, "
        "so name the categories of this one",
        'digest.toml: sections[Capitol].categories = "GOVERNMENT": section "National" takes it already; '
        "keep it in one of them",
    )


def test_sources_that_are_the_same(complain: Complain, least: str) -> None:
    more = '\n[[sources]]\nname = "A"\nfeed = "a.xml"\n[[sources]]\nname = "a"\nfeed = "feeds/main.xml"\n'
    assert complain(least + more) == (
        'digest.toml: sources[a].name = "a": two sources have this name; give each its own',
        'digest.toml: sources[a].feed = "feeds/main.xml": another source has this feed already; take one out',
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[publication\n", "digest.toml: line 1, column 13: "),
        ("\n\nname = Closing Arguments\n", "digest.toml: line 3, column 8: "),
        ("[week]\n[week]\n", "line 2, column "),
        ("a = 1\na = 2\n", "digest.toml: "),
        ('name = "x', "digest.toml: "),
        (f"a = {'9' * 5000}", "digest.toml: "),
        (f"a = {'[' * 5000}", "digest.toml: "),
    ],
)
def test_what_is_no_toml_says_where(complain: Complain, text: str, words: str) -> None:
    (line,) = complain(text)
    assert line.startswith(words) or words in line
    assert "\n" not in line


def test_a_file_that_is_not_utf_8_says_where(tmp_path: Path, least: str) -> None:
    path = tmp_path / "digest.toml"
    path.write_bytes(least.replace("Springfield", "Málaga").encode("cp1252"))
    with pytest.raises(ConfigurationError) as refusal:
        load(path, {})
    assert refusal.value.complaints == (
        'digest.toml: line 5: the file is not UTF-8; save it with the encoding "UTF-8"',
    )


def test_a_file_that_is_missing_or_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such file"):
        load(tmp_path / "digest.toml", {})
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path, {})


def test_the_error_counts_its_complaints(tmp_path: Path, least: str) -> None:
    path = tmp_path / "digest.toml"
    path.write_text(changed(least, "week", "min_stories = 0"))
    with pytest.raises(ConfigurationError, match=r"digest\.toml: one thing has to be put right$"):
        load(path, {})
    path.write_text("")
    with pytest.raises(ConfigurationError, match=r"digest\.toml: 8 things have to be put right$"):
        load(path, {})


names = st.sampled_from(sorted({part for key in known_keys() for part in key.path})) | st.text(max_size=6)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates() | st.datetimes()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)


@settings(max_examples=150)
@given(st.dictionaries(names, values, max_size=6))
def test_whatever_a_document_holds_it_is_complained_about_and_no_more(document: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        settings_of(document, Path("/nowhere/digest.toml"), {})
    assert refusal.value.complaints
    assert all(line.startswith("digest.toml: ") and line.isprintable() for line in refusal.value.complaints)
