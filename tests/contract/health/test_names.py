"""Asking real name servers: what is there, what is not, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digest.health import dkim, dmarc, spf
from digest.health.answers import Answer
from digest.health.names import Names
from digest.health.sender import Selector, Sender
from digest.model.health import Verdict
from tests.contract.deliver.ports import closed_port
from tests.contract.health.name_server import SERVFAIL, SILENT, NameServer

LONG = "v=spf1 " + " ".join(f"ip4:192.0.2.{number}" for number in range(120)) + " -all"
PIECES = " ".join(f'"{LONG[at : at + 200]}"' for at in range(0, len(LONG), 200))
ZONE = {
    "docket.example TXT": ['"v=spf1 mx include:spf.service.example -all"', '"some other text"'],
    "docket.example MX": ["10 mail.docket.example.", "20 spare.docket.example."],
    "spf.service.example TXT": '"v=spf1 ip4:198.51.100.0/24 ~all"',
    "mail.docket.example A": "192.0.2.10",
    "mail.docket.example AAAA": "2001:db8::10",
    "10.2.0.192.in-addr.arpa PTR": "Mail.Docket.Example.",
    "long.docket.example TXT": PIECES,
    "none.docket.example MX": "0 .",
    "s1._domainkey.docket.example CNAME": "s1._domainkey.service.example.",
    "s1._domainkey.service.example TXT": '"v=DKIM1; p="',
    "s2._domainkey.docket.example CNAME": "gone.service.example.",
    "broken.example TXT": SERVFAIL,
    "_dmarc.broken.example TXT": SERVFAIL,
    "silent.example TXT": SILENT,
}


@pytest.fixture(scope="module")
def server() -> Iterator[NameServer]:
    with NameServer(ZONE) as server:
        yield server


@pytest.fixture
def names(server: NameServer) -> Names:
    return Names([server.place])


@pytest.mark.parametrize(
    ("name", "kind", "answer"),
    [
        ("docket.example", "MX", Answer(found=("10 mail.docket.example", "20 spare.docket.example"))),
        ("Mail.Docket.Example.", "A", Answer(found=("192.0.2.10",))),
        ("mail.docket.example", "AAAA", Answer(found=("2001:db8::10",))),
        ("none.docket.example", "MX", Answer(found=("0 .",))),
        ("mail.docket.example", "TXT", Answer()),
        ("nowhere.example", "TXT", Answer()),
        ("s1._domainkey.docket.example", "TXT", Answer(found=("v=DKIM1; p=",), alias="s1._domainkey.service.example")),
        ("s2._domainkey.docket.example", "TXT", Answer()),
        ("s2._domainkey.docket.example", "CNAME", Answer(found=("gone.service.example",))),
    ],
)
def test_answers(names: Names, name: str, kind: str, answer: Answer) -> None:
    assert names.ask(name, kind) == answer


def test_an_answer_that_does_not_fit_is_asked_for_again_over_tcp(server: NameServer, names: Names) -> None:
    assert names.ask("long.docket.example", "TXT").found == (LONG,)
    assert "long.docket.example TXT over TCP" in server.asked


def test_a_name_is_asked_once(server: NameServer, names: Names) -> None:
    before = server.asked.count("docket.example MX")
    assert names.ask("docket.example", "MX") == names.ask("Docket.Example.", "MX")
    assert server.asked.count("docket.example MX") == before + 1


def test_the_names_of_an_address(names: Names) -> None:
    assert names.host_of("192.0.2.10").found == ("mail.docket.example",)
    assert names.host_of("2001:db8::10") == Answer()


@pytest.mark.parametrize(("name", "words"), [("broken.example", "no usable answer"), ("a..b", "could not be asked")])
def test_trouble_is_told_in_words(names: Names, name: str, words: str) -> None:
    assert words in names.ask(name, "TXT").trouble


def test_a_server_that_is_silent_is_waited_for_no_longer_than_was_said(server: NameServer) -> None:
    names = Names([server.place], seconds=0.2)
    assert names.ask("silent.example", "TXT").trouble == "no answer from the name servers within 0.2 s"


def test_where_nobody_answers_the_rest_is_not_asked(server: NameServer) -> None:
    names = Names([server.place], seconds=0.2)
    trouble = names.ask("silent.example", "TXT").trouble
    before = len(server.asked)
    assert names.ask("docket.example", "TXT").trouble == trouble
    assert len(server.asked) == before


def test_where_one_is_silent_and_another_name_was_answered_all_are_asked(server: NameServer) -> None:
    names = Names([server.place], seconds=0.2)
    assert names.ask("docket.example", "MX").found
    assert names.ask("silent.example", "TXT").trouble
    assert names.ask("docket.example", "TXT").found


def test_a_server_that_is_not_there() -> None:
    with closed_port() as port:
        found = Names([f"127.0.0.1:{port}"], seconds=1).ask("docket.example", "TXT")
    assert found.trouble and not found.found


def test_judges_go_by_what_name_servers_say(names: Names) -> None:
    record = spf.look_up("docket.example", names.ask)
    assert (record.lookups, record.faults, record.last_word) == (2, (), "-")
    sender = Sender(domain="docket.example")
    keys = {name: Selector(name=name, domain="docket.example") for name in ("s1", "s2")}
    said = {
        name: dkim.judge_selector(key, names.ask(key.host, "TXT"), names.ask(key.host, "CNAME"), sender)
        for name, key in keys.items()
    }
    assert "withdrawn" in said["s1"].words
    assert "alias of gone.service.example" in said["s2"].words
    assert dmarc.judge_policy(dmarc.look_up("broken.example", names.ask), sender).verdict is Verdict.NOT_ASKED
