"""One spelling for one mailbox."""

from __future__ import annotations

import unicodedata

import pytest
from email_validator import validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from digest.audience.addresses import BadAddress, is_plain, normalise


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ana@example.com", "ana@example.com"),
        ("  Ana.Sa+News@EXAMPLE.com\t", "ana.sa+news@example.com"),
        ("\N{NO-BREAK SPACE}ana@example.com\N{ZERO WIDTH SPACE}", "ana@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("editor@docket.example", "editor@docket.example"),
        ("editor@docket.test", "editor@docket.test"),
        ("info@Bücher.example", "info@xn--bcher-kva.example"),
        ("info@XN--bcher-kva.example", "info@xn--bcher-kva.example"),
        ("ЮЗЕР@Екзампл.example", "юзер@xn--80ajglhfv.example"),
        ("Ame\N{COMBINING ACUTE ACCENT}lie@example.com", "am\N{LATIN SMALL LETTER E WITH ACUTE}lie@example.com"),
        ("\N{KELVIN SIGN}im@example.com", "kim@example.com"),
        ("!#$%&*/=?^`{|}~@example.com", "!#$%&*/=?^`{|}~@example.com"),
    ],
)
def test_one_mailbox_has_one_spelling(written: str, kept: str) -> None:
    assert normalise(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "ana",
        "ana@",
        "@example.com",
        "ana@example",
        "ana@test",
        "ana@localhost",
        "ana@court.local",
        "ana@[192.0.2.1]",
        "ana@192.0.2.1",
        "ana..sa@example.com",
        "ana@exa_mple.com",
        "ana@example.com\n",
        "ana@example.com\r\nBcc: eve@example.com",
        "ana@example.com, eve@example.com",
        "Ana <ana@example.com>",
        '"ana sa"@example.com',
        "a" * 65 + "@example.com",
        "a" * 60 + "@" + "b." * 96 + "com",
        "ana@" + "a" * 64 + ".com",
    ],
)
def test_what_no_letter_can_go_to_is_refused_with_words(written: str) -> None:
    with pytest.raises(BadAddress) as refusal:
        normalise(written)
    assert str(refusal.value).endswith(".")


@given(st.from_regex(r"[a-z0-9._+'@-]{1,30}@[a-z0-9.-]{1,20}\.[a-z]{2,4}", fullmatch=True))
def test_the_quick_way_takes_nothing_that_the_library_would_not(address: str) -> None:
    if is_plain(address):
        valid = validate_email(address, check_deliverability=False, test_environment=True, strict=True)
        assert valid.ascii_email == address


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.com",
        "ana.sa+news@mail.docket-news.example.org",
        "a" * 64 + "@example.com",
        "ana@" + "a" * 63 + ".com",
    ],
)
def test_ordinary_addresses_go_the_quick_way(address: str) -> None:
    assert is_plain(address)
    assert normalise(address) == address


WRITTEN = st.emails(domains=st.sampled_from(["example.com", "Docket.Example", "bücher.example"]))
IN_ANY_SCRIPT = st.builds("{}@example.com".format, st.text(st.characters(categories=["L", "M", "N"]), min_size=1))


@given(WRITTEN | IN_ANY_SCRIPT)
def test_normalising_again_changes_nothing(address: str) -> None:
    try:
        kept = normalise(address)
    except BadAddress:
        return
    assert normalise(kept) == kept
    assert kept == kept.lower() == unicodedata.normalize("NFC", kept)
    assert kept.rpartition("@")[2].isascii()


@given(IN_ANY_SCRIPT)
@example("a" * 61 + "é" * 3 + "@example.com")
def test_letter_case_and_composition_make_no_second_mailbox(address: str) -> None:
    try:
        kept = normalise(address)
    except BadAddress:
        return
    assert normalise(unicodedata.normalize("NFD", address)) == kept
    assert normalise(unicodedata.normalize("NFC", address)) == kept
