"""Real feeds, hostile feeds and hostile lists through the real command. Skipped where the collections are missing."""

from __future__ import annotations

import csv
import json
import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import lxml.html
import pytest

from tests.acceptance.publication import REPOSITORY, Publication

CORPORA = REPOSITORY.parent / "shared" / "corpora"
pytestmark = pytest.mark.skipif(not CORPORA.is_dir(), reason="the collections are not beside this checkout")

# An issue that covers whatever these feeds hold.
EVERYTHING = ("--date", "2026-11-27", "--since", "1990-01-01")
CONFIGURATION = """
[publication]
name = "The Wild"
publisher = "Everybody"
site = "https://wild.example/"
postal_address = "1 Everywhere"
timezone = "UTC"
from = "The Wild <wild@wild.example>"

[week]
closes = "Friday 06:00"
min_stories = 1
max_stories = {most}

[[sections]]
name = "All of it"
max = {most}

[preflight]
links = false

[fetch]
articles = false

[pictures]
keep = false

[delivery]
provider = "outbox"

[store]
url = "sqlite:///var/digest.db"
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass

    def send_head(self) -> object:  # type: ignore[override]
        self.gzipped = self.path.endswith(".gz")
        return super().send_head()

    def end_headers(self) -> None:
        if getattr(self, "gzipped", False):
            self.send_header("Content-Encoding", "gzip")
        super().end_headers()


@pytest.fixture
def served() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(CORPORA)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def wild(folder: Path, feeds: dict[str, str], *, most: int = 40) -> Publication:
    sources = "".join(
        f"\n[[sources]]\nname = {json.dumps(name)}\nfeed = {json.dumps(feed)}\n" for name, feed in feeds.items()
    )
    (folder / "digest.toml").write_text(CONFIGURATION.format(most=most) + sources)
    (folder / "subscribers.csv").write_text("email,name\nreader@example.com,Ana\n")
    return Publication(folder)


def manifest() -> list[dict[str, str]]:
    with (CORPORA / "feeds" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("way", ["files", "http"])
def test_every_saved_feed_in_one_run(tmp_path: Path, served: str, way: str) -> None:
    rows = manifest()
    base = str(CORPORA) if way == "files" else served
    publication = wild(tmp_path, {row["file"]: f"{base}/feeds/{row['file']}" for row in rows})
    reports = {source["name"]: source for source in publication.json("gather")["sources"]}
    assert {name for name, report in reports.items() if report["status"] != "ok"} == set()
    found = {row["file"]: (int(row["entries"]), reports[row["file"]]["entries"]) for row in rows}
    assert {name: counts for name, counts in found.items() if counts[0] != counts[1]} == {}
    assert all(source["status"] == "unchanged" for source in publication.json("gather")["sources"])


def test_an_issue_from_the_twenty_richest_news_feeds(tmp_path: Path) -> None:
    rich = [row for row in manifest() if row["has_images"] == row["has_categories"] == row["has_dates"] == "yes"]
    rich.sort(key=lambda row: -int(row["entries"]))
    publication = wild(tmp_path, {row["file"]: str(CORPORA / "feeds" / row["file"]) for row in rich[:20]})
    publication.run("gather")
    made = publication.json("compose", *EVERYTHING)
    assert made["stories"] == 40
    html = (tmp_path / made["html"]).read_text(encoding="utf-8")
    assert_inert(html)
    assert made["html_bytes"] < 102_000


def test_hostile_feeds_neither_expand_nor_stop_the_run(tmp_path: Path, served: str) -> None:
    names = sorted(path.name for path in (CORPORA / "xml").iterdir() if path.name != "README.md")
    publication = wild(tmp_path, {name: f"{served}/xml/{name}" for name in names}, most=60)
    reports = {source["name"]: source for source in publication.json("gather")["sources"]}
    assert {name for name in ("empty.xml", "html-error-page.xml") if reports[name]["status"] != "failed"} == set()
    assert reports["truncated.xml"]["entries"] >= 1
    assert reports["huge-feed.xml.gz"]["entries"] > 1000
    made = publication.json("compose", *EVERYTHING)
    assert (tmp_path / "var" / "digest.db").stat().st_size < 80_000_000
    html = (tmp_path / made["html"]).read_text(encoding="utf-8")
    hostname = re.escape(Path("/etc/hostname").read_text().strip())
    assert not re.search(rf"(?m)^{hostname}$", (tmp_path / made["text"]).read_text(encoding="utf-8"))
    assert_inert(html)
    publication.run("send", "--yes")
    (letter,) = publication.letters()
    head = letter.read_bytes().split(b"\r\n\r\n")[0]
    assert b"\r\nBcc:" not in head


def test_markup_attacks_stay_words(tmp_path: Path) -> None:
    publication = wild(tmp_path, {"attack": str(CORPORA / "html" / "xss-feed.xml")}, most=400)
    gathered = publication.json("gather")["sources"][0]
    made = publication.json("compose", *EVERYTHING)
    assert made["stories"] + len(made["cuts"]) == gathered["entries"] > 100
    assert_inert((tmp_path / made["html"]).read_text(encoding="utf-8"))


def test_hostile_lists_are_read_row_by_row(tmp_path: Path) -> None:
    publication = wild(tmp_path, {"attack": str(CORPORA / "html" / "xss-feed.xml")})
    publication.run("gather")
    publication.run("compose", *EVERYTHING)
    for case in json.loads((CORPORA / "csv" / "expected.json").read_text()):
        if "emails" not in case:
            continue
        shutil.copyfile(CORPORA / "csv" / case["file"], tmp_path / "subscribers.csv")
        told = publication.json("send", "--dry-run")
        assert told["readers"] == len(set(case["emails"]) - set(case.get("disabled", []))), case["file"]


def assert_inert(html: str) -> None:
    """Nothing that can run a script, no scheme but http, https and mailto, no style that loads."""
    tree = lxml.html.document_fromstring(html)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in {
            "script",
            "iframe",
            "object",
            "embed",
            "form",
            "base",
            "svg",
            "math",
            "video",
            "audio",
        }
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            if name in {"href", "src", "background", "action"}:
                assert re.match(r"https?://|mailto:|digest-", value), (element.tag, value)
            if name == "style":
                assert "expression(" not in value
                assert "url(" not in value
