"""Letters by splicing, against what the standard library builds and reads."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from digest.deliver.headers import bulk_headers, list_unsubscribe, mailed_unsubscribe
from digest.deliver.mailbox import wire_address
from digest.deliver.message import MessageTemplate
from digest.deliver.quoted_printable import bare, encode
from digest.model import Campaign, Letter, Slot
from tests.unit.deliver.correspondence import ADDRESSING, MARKERS, campaign, letter, marked, rendered, stuffed

LIBRARY = policy.SMTP.clone(max_line_length=998)

PIECES = st.one_of(
    st.sampled_from(
        [*MARKERS.values(), "\n", " ", "=", ".", "\r\n", "\r", "From x\n", "\n.\n", "é", "👩‍👩‍👧", "=?utf-8?q?x?="]
    ),
    st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=100),
    st.integers(60, 160).map(lambda size: "x" * size),
)
BODIES = st.lists(PIECES, max_size=20).map("".join)
NAMES = st.text(max_size=110)
VALUES = st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200)
HOSTILE = (
    "Ana\r\nBcc: eve@example.com",
    "Ana\r\n\r\nbody",
    '"Ana" \\ <eve@example.com>',
    "Ána, Eve <eve@example.com>",
    "=?utf-8?q?eve?=",
    "é" * 100,
    "@;:,<>()[]",
)
ADDRESSES = st.one_of(
    st.emails(), st.sampled_from(["josé@example.com", "用户@例え.jp", "ana@straße.example", "o'n+x@a.b.c"])
)


def filled(body: str, one: Letter, *, escaped: bool) -> str:
    for slot, marker in MARKERS.items():
        body = body.replace(marker, html.escape(one.slots[slot]) if escaped else one.slots[slot])
    return body


def by_the_library(whole: Campaign, one: Letter) -> EmailMessage:
    """The same letter as the standard library builds it, part by part and header by header."""
    message = EmailMessage(policy=LIBRARY)
    message["To"] = Address(one.name, addr_spec=one.address)
    message["Message-ID"] = one.message_id
    message["List-Unsubscribe"] = list_unsubscribe(one, mailed_unsubscribe(whole))
    message["From"] = Address("Closing Arguments", addr_spec="letters@docket.example")
    message["Reply-To"] = Address("The Docket", addr_spec="editor@docket.example")
    message["Subject"] = whole.rendered.subject
    message["Date"] = whole.date
    for name, value in bulk_headers(whole).items():
        message[name] = value
    # The last line is ended before the slots are filled: behind a line end an empty value is an empty line.
    text, page = stuffed(ended(whole.rendered.text)), ended(whole.rendered.html)
    message.set_content(filled(text, one, escaped=False), cte="quoted-printable")
    message.add_alternative(filled(page, one, escaped=True), subtype="html", cte="quoted-printable")
    return message


def ended(body: str) -> str:
    return body if body.endswith(("\n", "\r")) else f"{body}\n"


def read(wire: bytes) -> EmailMessage:
    return message_from_bytes(wire, policy=policy.SMTP)


def parts(message: EmailMessage) -> list[tuple[str, str, str]]:
    return [
        (part.get_content_type(), str(part.get_content_charset()), part.get_content().replace("\r\n", "\n"))
        for part in message.iter_parts()
    ]


def headers(message: EmailMessage) -> dict[str, str]:
    return {name: str(value) for name, value in message.items() if name != "Content-Type"}


def assert_fit_for_the_wire(wire: bytes) -> None:
    assert wire.isascii()
    assert wire.endswith(b"\r\n")
    assert not re.search(rb"[^\r]\n|\r[^\n]", wire)
    assert b"\x00" not in wire
    lines = wire.split(b"\r\n")
    assert all(len(line) <= 998 for line in lines)
    assert not any(line.startswith((b".", b"From ")) for line in lines)
    bodies = wire.split(b"\r\n\r\n", 1)[1].split(b"\r\n")
    assert all(len(line) <= 76 for line in bodies)
    assert not any(line.endswith((b" ", b"\t")) for line in bodies)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(text=BODIES, page=BODIES, name=NAMES, subject=st.text(max_size=150), values=st.tuples(VALUES, VALUES))
@example(
    text="." * 90 + MARKERS[Slot.READER], page="From x " * 40, name='"É" <b>', subject="é" * 90, values=(".", "From x")
)
@example(text=MARKERS[Slot.READER], page=MARKERS[Slot.GREETING], name="", subject="", values=("a" * 75, "b" * 76))
@example(text=MARKERS[Slot.READER], page="", name="", subject="=?utf-8?q?x?=", values=(" ", "a" * 74 + " "))
@example(text="", page=f"\n{MARKERS[Slot.GREETING]}", name="", subject="", values=("", ""))
def test_it_reads_like_what_the_library_builds(
    text: str, page: str, name: str, subject: str, values: tuple[str, str]
) -> None:
    whole = campaign(issue=rendered(text=text, html=page, subject="The week"))
    one = letter(name=name)
    one = replace(one, slots={**one.slots, Slot.GREETING: values[0], Slot.READER: values[1]})
    wire = MessageTemplate.of(whole).message(one)
    assert_fit_for_the_wire(wire)
    got, expected = read(wire), read(by_the_library(whole, replace(one, name="Ana")).as_bytes())
    assert parts(got) == parts(expected)
    assert {**headers(got), "To": ""} == {**headers(expected), "To": ""}
    assert got["To"].addresses[0].display_name.replace(" ", "") == one.name.replace(" ", "")  # see test_mailbox
    assert not got.defects

    named = read(MessageTemplate.of(replace(whole, rendered=replace(whole.rendered, subject=subject))).message(one))
    assert " ".join(str(named["Subject"]).split()) == " ".join(printable(subject).split())


@settings(max_examples=150, deadline=None)
@given(address=ADDRESSES, name=st.one_of(NAMES, st.sampled_from(HOSTILE)))
@example(address="ana@example.com", name='O"Neill, José (ret.) <eve@example.com>')
@example(address="josé@straße.example", name="a\r\nBcc: eve@example.com")
def test_any_reader_gets_the_headers_that_the_library_would_write(address: str, name: str) -> None:
    one = letter(address, name)
    wire = MessageTemplate.of(campaign()).message(one)
    assert wire.isascii() is one.address.rpartition("@")[0].isascii()
    expected = EmailMessage(policy=LIBRARY.clone(utf8=not wire.isascii()))
    local, _, domain = wire_address(address).rpartition("@")
    expected["To"] = Address(one.name, local, domain)
    got = read(wire)
    (reader,) = got["To"].addresses
    # The library reads octets that are not ASCII as halves of surrogate pairs.
    assert reader.addr_spec.encode("utf-8", "surrogateescape").decode() == expected["To"].addresses[0].addr_spec
    assert reader.display_name.replace(" ", "") == one.name.replace(" ", "")  # see test_mailbox
    assert list(got.keys()) == list(read(MessageTemplate.of(campaign()).message(letter())).keys())
    assert all(len(line) <= 998 for line in wire.split(b"\r\n"))


SHORT = st.text(alphabet="aZ.=&<>'\" F\n\r\té~", max_size=4)


@given(st.lists(st.one_of(SHORT, SHORT.map(lambda text: text + "x" * 72), st.just("From x"), st.just(" ")), max_size=4))
def test_the_short_way_to_encode_is_the_same_as_the_long_one(texts: list[str]) -> None:
    long_way = [encode(text) for text in texts]
    assert bare(texts) in (None, long_way)
    assert bare(texts) is None or long_way == [encode(html.escape(text)) for text in texts]


def test_the_slots_of_a_common_letter_go_the_short_way() -> None:
    assert bare(list(letter().slots.values())) is not None
    assert bare(list(letter(name="O'Neill").slots.values())) is None


@given(text=BODIES, page=BODIES, name=NAMES)
def test_a_server_that_undoes_dot_stuffing_finds_nothing_to_undo(text: str, page: str, name: str) -> None:
    """RFC 5321, section 4.5.2: no line begins with a dot, and so none can end the letter early."""
    wire = MessageTemplate.of(campaign(issue=rendered(text=text, html=page))).message(letter(name=name))
    assert b"\r\n." not in b"\r\n" + wire
    assert wire.endswith(b"\r\n")


def printable(text: str) -> str:
    """White space as spaces, and without what acts on its surroundings."""
    acting = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
    return acting.sub("", " ".join(text.split()))


def test_text_comes_before_html_and_slots_are_escaped_in_html_only() -> None:
    one = letter(name="O'Neill <b>")
    one = replace(one, slots={**one.slots, Slot.GREETING: "Hi, <b>&O'Neill"})
    got = parts(read(MessageTemplate.of(campaign()).message(one)))
    assert [kind for kind, _, _ in got] == ["text/plain", "text/html"]
    assert got[0][2].startswith("Hi, <b>&O'Neill\n")
    assert "<p>Hi, &lt;b&gt;&amp;O&#x27;Neill</p>" in got[1][2]
    assert f'href="{one.one_click}"' in got[1][2]
    assert not any(marker in body for _, _, body in got for marker in MARKERS.values())


def test_the_text_flows_and_what_would_mean_something_there_is_stuffed() -> None:
    text = marked(">1\n From\nFrom here \non\nFromage\n-- \nyours {greeting}")
    message = read(MessageTemplate.of(campaign(issue=rendered(text=text))).message(letter()))
    plain, page = message.iter_parts()
    assert plain["Content-Type"] == 'text/plain; charset="utf-8"; format="flowed"; delsp="no"'
    assert page["Content-Type"] == 'text/html; charset="utf-8"'
    stuffed_lines = plain.get_content().replace("\r\n", "\n").split("\n")
    assert stuffed_lines == [" >1", "  From", " From here ", "on", "Fromage", "-- ", "yours Good morning, Ana,", ""]


def test_the_same_letter_is_the_same_bytes() -> None:
    assert MessageTemplate.of(campaign()).message(letter()) == MessageTemplate.of(campaign()).message(letter())


def test_no_slots_at_all() -> None:
    whole = campaign(issue=rendered(slots={}, text="plain", html="<p>page</p>"))
    assert [body for _, _, body in parts(read(MessageTemplate.of(whole).message(letter())))] == [
        "plain\n",
        "<p>page</p>\n",
    ]


def test_template_is_cut_once_and_says_who_sends() -> None:
    template = MessageTemplate.of(campaign(issue=rendered(html=marked("{reader}{reader}" * 50))))
    assert template.return_path.of(letter()) == "letters@docket.example"
    assert len(template.pieces) == len(template.order) + 1
    assert len(template.slots) < len(template.order)
    assert ADDRESSING.secret.encode() not in b"".join(template.pieces)
