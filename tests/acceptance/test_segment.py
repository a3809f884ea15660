"""`--only`: the real command tries a segment out, is killed while it sends to it, and goes on with the same readers."""

from __future__ import annotations

from collections import Counter

from tests.acceptance.publication import Publication
from tests.acceptance.sending import killed_with_the_fourth_on_the_wire, through_smtp
from tests.acceptance.test_sending import some
from tests.contract.deliver.servers import MailServer

SEGMENT = "section:National and language:es"
SPANISH = [f"spanish{number}@example.com" for number in range(8)]


def test_an_issue_goes_to_a_segment_and_stays_with_it(composed: Publication) -> None:
    rows = [*(f"{address},,es" for address in SPANISH), "opinion@example.com,Opinion,es", "all@example.com,,"]
    (composed.folder / "subscribers.csv").write_text("email,sections,language\n" + "\n".join(rows) + "\n")

    before = composed.state()
    told = composed.run("send", "--dry-run", "--only", SEGMENT).stdout
    assert composed.state() == before
    assert f"8 of 10 are in the segment {SEGMENT}\n    9 in section:National\n    9 in language:es\n" in told
    assert "2 left out: not in this segment" in told
    assert "opinion@example.com" not in told

    killed_with_the_fourth_on_the_wire(composed, "--only", SEGMENT)
    got = Counter(SPANISH[:4])
    with MailServer() as server:
        other = composed.run("send", "--yes", "--only", "language:es", expect=7, **through_smtp(server.port))
        sent = composed.json("send", "--yes", expect=6, **through_smtp(server.port))
    assert f"went out to {SEGMENT}, and stays with them" in other.stderr
    assert (sent["segment"], some(sent["letters"])) == (SEGMENT, {"accepted": 7, "unknown": 1, "left_out": 2})
    assert got + Counter(one.rcpt_tos[0] for one in server.taken) == Counter(SPANISH)
    assert f"left out: not in this segment ({SEGMENT})" in composed.run("why", "all@example.com").stdout
