from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sources.feeds.encodings import in_utf8

TEXT = "Größe – naïve “Ōkina” ʻokina"
READABLE = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200)


@given(READABLE)
def test_utf_8_stays_as_it_is_whatever_it_calls_itself(text: str) -> None:
    body = f"<?xml version='1.0' encoding='iso-8859-1'?><t>{text}</t>".encode()
    assert in_utf8(body, "text/xml; charset=windows-1252") == (body, "")


@given(READABLE)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_found_without_being_named(encoding: str, text: str) -> None:
    converted, _ = in_utf8(f"<?xml version='1.0'?><t>{text}</t>".encode(encoding))
    assert f"<t>{text}</t>".encode() in converted


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("iso-8859-1", "Größe, naïve"),
        ("windows-1252", "Größe – “naïve”"),
        ("windows-1251", "Новости суда"),
        ("koi8-r", "Новости суда"),
        ("shift_jis", "裁判所の判決"),
        ("gb2312", "法院新闻"),
        ("big5", "法院新聞"),
        ("iso-2022-jp", "裁判所の判決"),
    ],
)
class TestANamedEncoding:
    def test_is_believed_from_the_declaration(self, encoding: str, text: str) -> None:
        body = f"<?xml version='1.0' encoding='{encoding}'?><t>{text}</t>".encode(encoding)
        converted, warning = in_utf8(body)
        assert f"<t>{text}</t>".encode() in converted
        assert warning == ""

    def test_is_believed_from_the_server(self, encoding: str, text: str) -> None:
        converted, warning = in_utf8(f"<t>{text}</t>".encode(encoding), f'text/xml; charset="{encoding.upper()}"')
        assert f"<t>{text}</t>".encode() in converted
        assert warning == ""


def test_a_mark_of_utf_8_at_the_start_is_dropped() -> None:
    assert in_utf8(b"\xef\xbb\xbf<rss/>") == (b"<rss/>", "")


def test_windows_letters_that_call_themselves_utf_8_are_read_and_told() -> None:
    body = b"<?xml version='1.0' encoding='utf-8'?><t>caf\xe9 \x97 na\xefve</t>"
    converted, warning = in_utf8(body)
    assert "café — naïve".encode() in converted
    assert warning == "named as utf-8, read as windows-1252"


def test_a_broken_byte_in_utf_8_costs_that_byte_alone() -> None:
    body = ("<t>" + TEXT * 10).encode() + b"\xff</t>"
    converted, warning = in_utf8(body)
    assert converted.decode() == "<t>" + TEXT * 10 + "\N{REPLACEMENT CHARACTER}</t>"
    assert warning == "1 broken characters of UTF-8 were replaced"


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/xml; charset=utf-8", "x; charset=no-such", "x; charset=punycode"]),
)
def test_any_bytes_become_utf_8(body: bytes, content_type: str) -> None:
    converted, _ = in_utf8(body, content_type)
    converted.decode("utf-8")
