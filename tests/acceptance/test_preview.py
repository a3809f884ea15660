"""`digest preview` as a server: who may see it, what it shows, and that it leaves nothing behind."""

from __future__ import annotations

import signal
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.previewing import Preview, command, until
from tests.acceptance.publication import Publication
from tests.acceptance.test_in_a_browser import BROWSER

ISSUE = "2026-11-20"
ADDRESSES = ("/", "/sheet", "/letter", "/specimen", "/readers", "/events", "/page/preview.js", "/pictures/0/2026/x.jpg")


@pytest.fixture
def preview(composed: Publication) -> Iterator[Preview]:
    with command(composed) as (preview, _):
        yield preview


def test_nobody_sees_it_without_the_token(preview: Preview) -> None:
    assert {preview.ask(path).status for path in ADDRESSES} == {403}
    assert preview.ask(f"/?token={preview.token[:-1]}").status == 403
    assert preview.ask("/", Cookie=f"digest-preview-{preview.port}=guess").status == 403
    assert preview.ask("/sheet", X_Digest_Token=preview.token).status == 403


def test_the_token_becomes_a_cookie_that_scripts_cannot_read(preview: Preview) -> None:
    answer = preview.ask(f"/?token={preview.token}")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert preview.ask("/", Cookie=answer.headers["set-cookie"].partition(";")[0]).status == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "evil.example:{port}", "127.0.0.1.evil.example:{port}"])
def test_a_name_that_was_pointed_here_gets_nothing(preview: Preview, host: str) -> None:
    named = host.format(port=preview.port)
    assert preview.ask(f"/?token={preview.token}", Host=named).status == 403
    assert preview.ask("/sheet", Host=named, Cookie=f"digest-preview-{preview.port}={preview.token}").status == 403
    assert preview.ask("/links", "POST", {}, Host=named, X_Digest_Token=preview.token).status == 403


def test_no_action_without_the_token_or_from_elsewhere(composed: Publication, preview: Preview) -> None:
    to_me, cookie = {"address": "me@example.com"}, f"digest-preview-{preview.port}={preview.token}"
    assert preview.ask("/test-copy", "POST", to_me).status == 403
    assert preview.ask("/test-copy", "POST", to_me, Cookie=cookie).status == 403
    ours = {"X_Digest_Token": preview.token, "Cookie": cookie}
    for elsewhere in ("http://evil.example", "null", f"https://127.0.0.1:{preview.port}", "http://127.0.0.1:1"):
        assert preview.ask("/test-copy", "POST", to_me, Origin=elsewhere, **ours).status == 403
    assert preview.ask("/test-copy", "POST", to_me, Sec_Fetch_Site="cross-site", **ours).status == 403
    assert composed.letters() == []
    assert preview.ask("/test-copy", "POST", to_me, Origin=f"http://127.0.0.1:{preview.port}", **ours).status == 200
    assert len(composed.letters()) == 1


def test_every_answer_forbids_what_is_not_ours(preview: Preview) -> None:
    for answer in (preview.get("/"), preview.get("/sheet"), preview.get("/page/preview.js"), preview.ask("/")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    letter = preview.get("/letter").headers["content-security-policy"]
    assert "script-src" not in letter
    assert "allow-scripts" not in letter
    assert "default-src 'none'" in letter


def test_it_listens_on_loopback_only(preview: Preview) -> None:
    mine = _other_address()
    if not mine:
        pytest.skip("this machine has no address but loopback")
    with pytest.raises(OSError), socket.create_connection((mine, preview.port), timeout=2):
        pass


def _other_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            return ""
        address: str = asking.getsockname()[0]
        return "" if address.startswith("127.") else address


def test_a_port_of_ones_own(composed: Publication) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"port {port} cannot be had" in composed.run("preview", "--no-open", "--port", port, expect=2).stderr
    with command(composed, "--port", port) as (preview, _):
        assert str(preview.port) == port


def test_what_is_shown_is_the_letter_of_a_reader(composed: Publication, preview: Preview) -> None:
    sheet = preview.get("/sheet").json
    assert sheet["trouble"] is None
    assert (sheet["sheet"]["issue"], sheet["sheet"]["stories"]) == (ISSUE, "25 stories")
    assert "Good morning, Ana," in preview.get("/letter").body.decode()
    found = preview.get("/readers?q=MARISOL").json or preview.get("/readers?q=@").json
    one = found[0]
    specimen = preview.get(f"/specimen?reader={one['address']}").json
    assert f"To: {one['name']} <{one['address']}>" in specimen["headers"].replace('"', "")
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in specimen["headers"]
    assert one["address"] in specimen["text"]
    assert one["address"] in specimen["source"]
    assert preview.get("/readers?q=nobody-at-all").json == []
    assert "reader@example.com" in preview.get("/specimen?reader=stranger@example.com").json["headers"]


def test_headers_are_those_of_the_letter_that_a_dry_run_writes(composed: Publication, preview: Preview) -> None:
    composed.run("send", "--dry-run")
    written = sorted(composed.folder.glob("outbox/dry-run/**/*.eml"))
    assert written
    head = written[0].read_bytes().partition(b"\r\n\r\n")[0].decode()
    address = _field(head, "To").rpartition("<")[2].rstrip(">")
    shown = preview.get(f"/specimen?reader={address}").json["headers"]
    assert _names(shown) == _names(head)
    for name in ("From", "To", "Subject", "Message-ID", "List-Unsubscribe"):
        assert _field(shown, name) == _field(head, name)


def _names(head: str) -> list[str]:
    return [line.partition(":")[0] for line in head.splitlines() if line[:1].strip()]


def _field(head: str, name: str) -> str:
    return next(line.partition(": ")[2] for line in head.splitlines() if line.startswith(f"{name}: "))


def test_pictures_come_out_of_their_folder_and_nothing_else_does(composed: Publication, preview: Preview) -> None:
    page = preview.get("/letter").body.decode()
    address = page.partition('src="/pictures/1/')[2].partition('"')[0]
    picture = preview.get(f"/pictures/1/{address}")
    assert (picture.status, picture.headers["content-type"][:6]) == (200, "image/")
    assert "sandbox" in picture.headers["content-security-policy"]
    (composed.folder / "sample" / "uploads" / "notes.html").write_text("<script>1</script>", encoding="utf-8")
    for path in ("0/../../digest.toml", "0/%2e%2e/%2e%2e/digest.toml", "0//etc/hostname", "1/x", "0/notes.html", "9/x"):
        assert preview.get(f"/pictures/{path}").status in {403, 404}, path


def test_a_fault_in_digest_toml_names_its_line_and_the_letter_stays(composed: Publication, preview: Preview) -> None:
    first = preview.get("/sheet").json["sheet"]
    good = (composed.folder / "digest.toml").read_text(encoding="utf-8")
    composed.configure('motto = "The week in court, every Friday"', "motto = The week")
    until(lambda: preview.get("/sheet").json["trouble"])
    shown = preview.get("/sheet").json
    line = 1 + good.partition('motto = "The week')[0].count("\n")
    assert any(f"line {line}" in words for words in shown["trouble"]["words"])
    assert {**shown["sheet"], "number": 0} == {**first, "number": 0}
    (composed.folder / "digest.toml").write_text(good.replace("every Friday", "on Fridays"), encoding="utf-8")
    until(lambda: not preview.get("/sheet").json["trouble"])
    assert "The week in court, on Fridays" in preview.get("/letter").body.decode()


def test_it_says_when_the_issue_that_was_made_up_is_another(composed: Publication, preview: Preview) -> None:
    assert preview.get("/sheet").json["sheet"]["state"]["command"] == f"digest send --date {ISSUE}"
    (composed.folder / "issues" / ISSUE / "note.txt").write_text("Read this one.", encoding="utf-8")
    until(lambda: b"Read this one." in preview.get("/letter").body)
    state = preview.get("/sheet").json["sheet"]["state"]
    assert (state["kind"], state["command"]) == ("changed", f"digest compose --date {ISSUE}")
    composed.run("compose")
    until(lambda: preview.get("/sheet").json["sheet"]["state"]["kind"] == "ready")


def test_an_issue_that_went_out_is_shown_as_it_went_out(composed: Publication) -> None:
    composed.run("send", "--yes")
    (composed.folder / "issues" / ISSUE / "note.txt").write_text("Too late.", encoding="utf-8")
    with command(composed, "--date", ISSUE) as (preview, _):
        assert preview.get("/sheet").json["sheet"]["state"]["words"].startswith("Sent: ")
        assert b"Too late." not in preview.get("/letter").body


def test_an_issue_may_be_seen_before_it_is_made_up(sample: Publication) -> None:
    sample.run("gather")
    with command(sample) as (preview, _):
        state = preview.get("/sheet").json["sheet"]["state"]
        assert (state["words"], state["command"]) == ("Not made up yet", f"digest compose --date {ISSUE}")


def test_a_test_copy_is_what_is_shown(composed: Publication, preview: Preview) -> None:
    (composed.folder / "issues" / ISSUE / "note.txt").write_text("Only in the preview.", encoding="utf-8")
    until(lambda: b"Only in the preview." in preview.get("/letter").body)
    assert preview.post("/test-copy", {"address": "me@example.com"}).json["words"].startswith("Taken")
    (letter,) = composed.letters()
    assert b"Only in the preview." in letter.read_bytes().replace(b"=\r\n", b"")


def test_no_test_copy_to_who_said_no(composed: Publication, preview: Preview) -> None:
    composed.run("subscribers", "suppress", "me@example.com")
    answer = preview.post("/test-copy", {"address": "me@example.com"})
    assert answer.status == 409
    assert "suppressed" in answer.json["trouble"]["words"][0]
    assert preview.post("/test-copy", {"address": "no address"}).status == 409
    assert preview.ask("/test-copy", "POST", ["x"], X_Digest_Token=preview.token).status == 409
    assert composed.letters() == []


def test_looking_changes_nothing(composed: Publication) -> None:
    before = composed.state()
    with command(composed) as (preview, _):
        for path in ("/", "/sheet", "/letter?look=dark", "/specimen", "/readers?q=a"):
            assert preview.get(path).status == 200
    assert composed.run("preview", "--text").stdout.count("https://docket.example/") > 15
    assert composed.state() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_however_it_ends_its_copies_go(composed: Publication, tmp_path: Path, number: int) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(scratch))
        with command(composed) as (preview, process):
            assert preview.get("/letter").status == 200
            assert list(scratch.iterdir())
            process.send_signal(number)
            process.wait(timeout=30)
    assert list(scratch.iterdir()) == []


def test_what_keeps_the_first_proof_from_being_made_is_said_at_once(sample: Publication) -> None:
    assert "stories" in sample.run("preview", "--no-open", expect=3).stderr


@pytest.mark.skipif(not BROWSER, reason="there is no Chromium or Chrome here")
def test_pictures_of_every_form(composed: Publication) -> None:
    composed.run("preview", "--shot", "shots")
    sizes = {path.name: _size(path) for path in (composed.folder / "shots").glob("*.png")}
    forms = ("light", "dark", "inverted-gmail", "inverted-outlook", "pictures-off", "clipped")
    names = {f"{ISSUE}-{width}-{form}.png" for width in (360, 600, 1280) for form in forms}
    assert set(sizes) == names | {f"{ISSUE}-text.png"}
    assert {sizes[f"{ISSUE}-{width}-dark.png"][0] for width in (360, 600, 1280)} == {360, 600, 1280}
    assert min(height for _, height in sizes.values()) > 2000


def _size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG (PNG specification, section 11.2.2)."""
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    return width, height


def test_without_a_browser_it_says_how_to_get_one(composed: Publication) -> None:
    told = composed.run("preview", "--shot", "shots", expect=2, PATH="/nowhere")
    assert "apt-get install chromium" in told.stderr
    assert not (composed.folder / "shots").exists()
