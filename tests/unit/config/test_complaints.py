"""What is wrong is said in one line, with file, key, value and what would do; and everything at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.config import load
from digest.config.keys import known_keys
from digest.config.load import settings_of
from digest.errors import ConfigurationError

Complain = Callable[..., tuple[str, ...]]

CHANGES = [
    ("publication", 'name = "  "', 'publication.name = "  ": it is empty'),
    ("publication", "publisher = 5", "publication.publisher = 5: not a text"),
    ("publication", 'name = "Two\\nlines"', "it must stand in one line"),
    ("publication", 'postal_address = ""', 'publication.postal_address = "": it is empty'),
    ("publication", 'site = "docket.example"', 'publication.site = "docket.example": not a web address'),
    ("publication", 'site = "ftp://docket.example/"', "not a web address"),
    ("publication", 'site = "https://"', "not a web address"),
    ("publication", 'site = "https://docket.example/?page=1"', 'has no "?"'),
    ("publication", 'timezone = "America/Los_Angelos"', 'write it like "America/Los_Angeles"'),
    ("publication", 'timezone = "los angeles"', 'write it like "America/Los_Angeles"'),
    ("publication", 'timezone = "America"', "no such time zone"),
    ("publication", 'timezone = "../../etc/passwd"', "no such time zone"),
    ("publication", 'timezone = ""', "no such time zone"),
    ("publication", 'language = "klingon"', "not a language that is known"),
    ("publication", 'from = "letters"', "not one mailbox with an address"),
    ("publication", 'from = "A <a@docket.example>, B <b@docket.example>"', "not one mailbox"),
    ("publication", 'from = "a@docket.example, B <b@docket.example>"', "not one mailbox"),
    ("publication", 'from = "A <a@docket.example>\\r\\nBcc: b@docket.example"', "it must stand in one line"),
    ("publication", 'reply_to = "nobody@localhost"', "not one mailbox with an address"),
    ("publication", 'accent = "oxblood"', 'not a colour; write it like "#7D1D2B"'),
    ("publication", 'accent = "#C08080"', "take a darker one, with 4.5:1 or more"),
    ("publication", 'accent_dark = "#7D1D2B"', "take a lighter one, with 4.5:1 or more"),
    ("publication", 'tagline = "x"', 'publication.tagline = "x": no such key; known here are name, publisher'),
    ("publication", 'mottoe = "x"', 'publication.mottoe = "x": no such key; did you mean "motto"?'),
    ("week", 'closes = "Fryday 06:00"', 'closes = "Fryday 06:00": not a day and an hour; write it like "Friday 06:00"'),
    ("week", 'closes = "Friday 24:00"', "not a day and an hour"),
    ("week", 'closes = "Friday"', "not a day and an hour"),
    ("week", 'closes = ""', "not a day and an hour"),
    ("week", 'min_stories = "5"', 'week.min_stories = "5": not a whole number'),
    ("week", "max_stories = true", "week.max_stories = true: not a whole number"),
    ("week", "max_stories = 7.0", "week.max_stories = 7.0: not a whole number"),
    ("week", "min_stories = 0", "week.min_stories = 0: it must be 1 or more"),
    ("week", "max_stories = 4", "week.max_stories = 4: it is less than min_stories; write 5 or more"),
    ("week", "min_stories = 21", "week.min_stories = 21: it is more than max_stories"),
    ("week", 'first_issue = "2026-11-20"', "not a date; write it like 2026-11-20, without quotation marks"),
    ("week", "first_issue = 2026-11-20T06:00:00", "not a date"),
    ("week", 'timezone = "UTC"', "week.timezone = \"UTC\": no such key here; it belongs under [publication]"),
    ("sources", 'feed = "feed://docket.example/feed"', 'write it like "https://docket.example/feed"'),
    ("sources", 'feed = "gopher://docket.example"', "only http, https and files"),
    ("sources", 'feed = "https://"', "not a web address"),
    ("sources", 'feed = " "', "it is empty"),
    ("sections", 'name = "Courts"\ncategories = ["Courts", "Appeals", "courts "]', "this section names it twice"),
    ("sections", 'name = "Courts"\ncategories = "Courts"', 'not a list; write it like ["Courts"]'),
    ("sections", 'name = "Courts"\ncategories = ["Courts", ""]', "one of them is empty"),
    ("sections", 'name = "Courts"\ncategories = ["Courts", 5]', "sections[Courts].categories[2] = 5: not a text"),
    ("sections", 'name = "Courts"\nmax = 0', "sections[Courts].max = 0: it must be 1 or more"),
    ("sections", 'name = "Courts"\nform = "leed"', 'write one of "lead", "standard", "brief" or "opinion"'),
    ("sections", 'categories = ["Courts"]', "sections[1].name: it is missing; write it (text: The section's label"),
    ("exclude", 'categories = "Podcast"', 'exclude.categories = "Podcast": not a list; write it like ["Podcast"]'),
    ("notice", 'link = "https://docket.example/"', "notice.text: it is missing"),
    ("notice", 'text = "x"\nlink = "javascript:alert(1)"', "notice.link"),
    ("delivery", 'provider = "sendmail"', 'write one of "outbox", "smtp", "sendgrid" or "resend"'),
    ("delivery", "pace = -1", "delivery.pace = -1: it must be 0 or more"),
    ("delivery", "per_hour = -1", "delivery.per_hour = -1: it must be 0 or more"),
    ("delivery", "per_day = 2.5", "delivery.per_day = 2.5: not a whole number"),
    ("delivery", "domains = 500", "delivery.domains = 500: not a table"),
    ("delivery", 'domains = {"mail.example" = 0}', "delivery.domains.mail.example = 0: it must be 1 or more"),
    ("delivery", 'domains = {"mail.example" = "5"}', 'delivery.domains.mail.example = "5": not a whole number'),
    ("delivery", "domains = {mail.example = 5}", 'in quotation marks; write them like {"mail.example" = 500}'),
    ("delivery", 'domains = {"mail" = 5}', '"mail" is not a domain; write it like {"mail.example" = 500}'),
    ("delivery", 'domains = {"a@mail.example" = 5}', '"a@mail.example" is not a domain'),
    ("delivery", 'domains = {"*.mail.example" = 5}', '"*.mail.example" is not a domain'),
    ("delivery", 'domains = {"" = 5}', '"" is not a domain'),
    ("delivery", 'domains = {"Mail.example" = 5, "mail.example" = 6}', "a domain stands in it twice"),
    ("delivery", "warm_up = 50", "delivery.warm_up = 50: not a list; write it like [50, 100, 500]"),
    ("delivery", 'warm_up = "50"', 'delivery.warm_up = "50": not a list; write it like [50, 100, 500]'),
    ("delivery", "warm_up = [50, 0]", "delivery.warm_up[2] = 0: it must be 1 or more"),
    ("delivery", 'warm_up = ["50"]', 'delivery.warm_up[1] = "50": not a whole number'),
    ("delivery", "patience = 0", "delivery.patience = 0: it must be more than 0"),
    ("delivery", "patience = 121", "delivery.patience = 121: it must be 120 or less"),
    ("delivery", "retry_after = 0", "delivery.retry_after = 0: it must be more than 0"),
    ("delivery", "retry_after = 121", "delivery.retry_after = 121: it must be 120 or less"),
    ("delivery", 'uncertain = "drop"', 'delivery.uncertain = "drop": not known; write one of "hold" or "resend"'),
    ("delivery", "hold = -1", "delivery.hold = -1: it must be 0 or more"),
    ("delivery", "hold = 0.5", "delivery.hold = 0.5: letters can be taken back until 10 minutes before they go"),
    ("delivery", "hold = 10.9", "write 11 or more, or 0 to hold none"),
    ("delivery", "hold = 4321", "delivery.hold = 4321: letters are held for 72 hours at most; write 4320 or less"),
    ("delivery", "first_slice = -1", "delivery.first_slice = -1: it must be 0 or more"),
    ("delivery", "first_slice_refused = 1.1", "delivery.first_slice_refused = 1.1: it must be 1 or less"),
    ("delivery", "first_slice_refused = -0.1", "it must be 0 or more"),
    ("delivery", 'local_hour = "7"', 'delivery.local_hour = "7": not an hour; write it like "07:00"'),
    ("delivery", 'local_hour = "24:00"', "not an hour"),
    ("delivery", "local_hour = 7", "delivery.local_hour = 7: not a text"),
    ("delivery", "local_hour = 07:00:00", "delivery.local_hour = \"07:00:00\": not a text"),
    ("delivery", "smtp = 5", "delivery.smtp = 5: not a table"),
    ("delivery.smtp", "port = 99999", "delivery.smtp.port = 99999: it must be 65535 or less"),
    ("delivery.smtp", "timeout = 0", "delivery.smtp.timeout = 0: it must be more than 0"),
    ("delivery.smtp", "timeout = nan", "delivery.smtp.timeout = NaN: not a number"),
    ("delivery.smtp", 'security = "ssl"', 'write one of "starttls", "tls" or "none"'),
    ("delivery.smtp", 'ca_file = "nowhere.pem"', "there is no file"),
    ("delivery.smtp", "connections = 0", "delivery.smtp.connections = 0: it must be 1 or more"),
    ("delivery.smtp", "connections = 33", "delivery.smtp.connections = 33: it must be 32 or less"),
    ("delivery.sendgrid", "readers_per_request = 1001", "it must be 1000 or less"),
    ("delivery.sendgrid", "at_once = 33", "delivery.sendgrid.at_once = 33: it must be 32 or less"),
    ("delivery.sendgrid", "patience = 60", "delivery.sendgrid.patience: it is gone, because"),
    ("delivery.resend", "readers_per_request = 101", "readers_per_request = 101: it must be 100 or less"),
    ("delivery.resend", "at_once = 0", "delivery.resend.at_once = 0: it must be 1 or more"),
    ("delivery.resend", 'address = "api.resend.com"', "not a web address"),
    ("delivery.sendgrid", 'track_clicks = "no"', "neither true nor false"),
    ("store", 'url = "postgresql://docket.example/digest"', "only SQLite stores are known so far"),
    ("store", 'url = "sqlite://"', "it names no file"),
    ("store", 'url = "sqlite:///:memory:"', "it names no file"),
    ("theme", 'templates = "nowhere"', "there is no folder"),
    ("preview", 'folders = ["pictures"]', "not a table"),
]  # fmt: skip


def changed(least: str, table: str, lines: str) -> str:
    """The least configuration with some lines of one table put in place of its own."""
    header = f"[[{table}]]" if table in {"sections", "sources"} else f"[{table}]"
    if f"{header}\n" not in least:
        return f"{least}\n{header}\n{lines}\n"
    before, after = least.split(f"{header}\n")
    keys = {line.partition(" = ")[0] for line in lines.splitlines()}
    own, blank, rest = after.partition("\n\n")
    kept = "\n".join(line for line in own.splitlines() if line.partition(" = ")[0] not in keys)
    return f"{before}{header}\n{kept}\n{lines}\n{blank}{rest}"


@pytest.mark.parametrize(("table", "lines", "words"), CHANGES, ids=[f"{table} {lines}" for table, lines, _ in CHANGES])
def test_one_fault_is_one_line_that_names_it(
    complain: Complain, least: str, table: str, lines: str, words: str
) -> None:
    (line,) = complain(changed(least, table, lines))
    assert line.startswith(f"digest.toml: {table.partition('.')[0]}")
    assert words in line
    assert "\n" not in line


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
    ("table", "line", "variable"),
    [
        ("delivery.smtp", 'password = "hunter2"', "DIGEST_SMTP_PASSWORD"),
        ("delivery.smtp", 'pasword = "hunter2"', "DIGEST_SMTP_PASSWORD"),
        ("delivery", 'smtp_password = "hunter2"', "DIGEST_SMTP_PASSWORD"),
        ("delivery.sendgrid", 'api_key = "hunter2"', "DIGEST_SENDGRID_API_KEY"),
        ("delivery.sendgrid", 'apikey = "hunter2"', "DIGEST_SENDGRID_API_KEY"),
        ("delivery.resend", 'api_key = "hunter2"', "DIGEST_RESEND_API_KEY"),
        ("delivery", 'resend_api_key = "hunter2"', "DIGEST_RESEND_API_KEY"),
        ("web", 'secret = "hunter2"', "DIGEST_SECRET"),
        ("web", 'secret_key = ["hunter2"]', "DIGEST_SENDGRID_API_KEY"),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(
    complain: Complain, least: str, table: str, line: str, variable: str
) -> None:
    (complaint,) = complain(changed(least, table, line))
    assert "a secret does not belong in this file" in complaint
    assert f"set it as {variable}" in complaint
    assert "hunter2" not in complaint


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("store", 'url = "postgresql://docket:hunter2@db.example/digest"'),
        ("delivery.smtp", 'pw = "hunter2"'),
        ("delivery", 'login = "hunter2"'),
        ("publication", 'site = "ftp://docket:hunter2@docket.example/"'),
        ("web", "adress = {password = 'hunter2'}"),
    ],
)
def test_no_complaint_shows_what_may_be_a_password(complain: Complain, least: str, table: str, line: str) -> None:
    (complaint,) = complain(changed(least, table, line))
    assert "hunter2" not in complaint


def test_long_and_odd_values_are_shown_short_and_harmless(complain: Complain, least: str) -> None:
    (line,) = complain(changed(least, "week", f'closes = "\\u001B[2J{"x" * 500}"'))
    assert len(line) < 200
    assert line.isprintable()


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
