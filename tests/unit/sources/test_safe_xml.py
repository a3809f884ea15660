from __future__ import annotations

from pathlib import Path

import pytest

from digest.errors import SourceUnreadable
from digest.sources.safe_xml import each, name_of, read_safely

BOMB = """<!DOCTYPE list [<!ENTITY a "ten"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>"""


def texts(xml: bytes, name: str = "one") -> list[str]:
    return ["".join(map(str, element.itertext())) for element in each(read_safely(xml).xml, name)]


def test_elements_come_one_by_one_whatever_their_namespace() -> None:
    xml = b"<list xmlns='urn:x' xmlns:y='urn:y'><one>1</one><y:one>2</y:one><one xmlns=''>3</one><two>4</two></list>"
    assert texts(xml) == ["1", "2", "3"]
    assert read_safely(xml).root == "list"


def test_entities_made_of_others_or_of_files_stay_names() -> None:
    found = read_safely(f"{BOMB}<list><one>&b;</one><one>&c;</one><one>&a;</one><one>&lt;</one></list>".encode())
    assert texts(found.xml) == ["&b;", "&c;", "ten", "<"]
    assert found.warnings == ("declares entities that were not expanded",)


def test_entities_in_attributes_stay_names_too() -> None:
    found = each(read_safely(f"{BOMB}<list><one at='&b;&c;'/></list>".encode()).xml, "one")
    assert [element.get("at") for element in found] == ["&b;&c;"]


@pytest.mark.parametrize("name", ["billion-laughs", "external-entity-file", "external-dtd-rss091", "deep-nesting"])
def test_the_hostile_corpus_expands_to_nothing(shared: Path, name: str) -> None:
    body = (shared / "corpora" / "xml" / f"{name}.xml").read_bytes()
    assert sum(map(len, texts(body, "item"))) < len(body) + 1_000


def test_depth_ends_the_reading_and_not_the_program() -> None:
    deep = b"<list><one>1</one>" + b"<x>" * 200_000 + b"<one>2</one>" + b"</x>" * 200_000 + b"</list>"
    assert texts(deep)[:1] == ["1"]


def test_what_breaks_off_inside_an_element_loses_that_element_alone() -> None:
    assert texts(b"<list><one>https://docket.example/1</one><one>https://docket.exa") == ["https://docket.example/1"]


def test_ampersands_and_html_entities_are_mended() -> None:
    assert texts(b"<list><one>/?a=1&b=2</one><one>caf&eacute;</one></list>") == ["/?a=1&b=2", "café"]


def test_encodings_are_those_of_feeds() -> None:
    xml = "<?xml version='1.0' encoding='windows-1252'?><list><one>café</one></list>"
    assert texts(xml.encode("cp1252")) == ["café"]
    assert texts("<list><one>café</one></list>".encode("utf-16")) == ["café"]


def test_a_doctype_without_an_end_is_refused() -> None:
    with pytest.raises(SourceUnreadable, match="DOCTYPE is broken"):
        read_safely(b"<!DOCTYPE list [ <!ENTITY")


def test_comments_have_no_name() -> None:
    found = each(b"<list><one><!-- x --><Two/></one></list>", "one")
    assert [[name_of(child) for child in element] for element in found] == [["", "two"]]
