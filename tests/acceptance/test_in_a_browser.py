"""The letter in a real browser: it fits every width, and nothing that came from a feed runs in it."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.publication import REPOSITORY, Publication
from tests.acceptance.test_the_wild import EVERYTHING, wild

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
ATTACKS = REPOSITORY.parent / "shared" / "corpora" / "html" / "xss-feed.xml"
pytestmark = pytest.mark.skipif(not BROWSER, reason="there is no Chromium or Chrome here")

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--virtual-time-budget=5000",
)
# The letter stands in a frame of the width asked for, because a browser's own window cannot be as narrow as a phone.
FRAME = """<!doctype html><title>waiting</title><body style="margin:0">
<iframe id="letter" width="{width}" height="900" style="border:0" srcdoc="{letter}"></iframe>
<script>
  addEventListener("load", () => {{
    const page = document.getElementById("letter").contentDocument;
    const wide = [...page.querySelectorAll("body *")]
      .filter(e => e.getBoundingClientRect().right > {width} + 1 && getComputedStyle(e).display !== "none")
      .map(e => e.tagName + ": " + e.textContent.trim().slice(0, 60));
    const [width, heads] = [page.documentElement.scrollWidth, page.querySelectorAll("h1").length];
    document.title = JSON.stringify({{width, wide, heads}});
  }});
</script>"""
# Whatever an attack calls to show that it runs.
SENTINEL = """<script>
  for (const name of ["alert", "prompt", "confirm", "print", "open", "eval"])
    window[name] = () => document.documentElement.setAttribute("data-ran", name);
</script>"""


def dumped(page: Path, profile: Path) -> str:
    """The page's elements after its scripts have run."""
    assert BROWSER
    arguments = [BROWSER, *FLAGS, f"--user-data-dir={profile}", "--window-size=1400,1000", "--dump-dom", page.as_uri()]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=90)
    return done.stdout


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> str:
    publication = Publication(tmp_path_factory.mktemp("newsroom"))
    publication.run("init", "--sample", ".")
    publication.run("run", "--dry-run")
    (path,) = publication.folder.glob("outbox/dry-run/*/issue.html")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [320, 360, 600, 1280])
def test_the_letter_fits(letter: str, tmp_path: Path, width: int) -> None:
    page = tmp_path / "frame.html"
    page.write_text(FRAME.format(width=width, letter=html.escape(letter)), encoding="utf-8")
    title = re.search(r"<title>(.*?)</title>", dumped(page, tmp_path / "profile"))
    assert title
    assert html.unescape(title[1]) == f'{{"width":{width},"wide":[],"heads":1}}'


@pytest.mark.skipif(not ATTACKS.is_file(), reason="the collection of attacks is not beside this checkout")
def test_nothing_runs_in_a_letter_made_of_attacks(tmp_path: Path) -> None:
    publication = wild(tmp_path, {"attack": str(ATTACKS)}, most=400)
    publication.run("gather")
    made = publication.json("compose", *EVERYTHING)
    assert made["stories"] > 100
    page = tmp_path / "attacked.html"
    source = (tmp_path / made["html"]).read_text(encoding="utf-8")
    page.write_text(source.replace("<head>", f"<head>{SENTINEL}", 1), encoding="utf-8")
    seen = dumped(page, tmp_path / "profile")
    assert "data-ran" not in seen.replace(SENTINEL, "")
    # The check itself works: a script of the same page does leave its mark.
    page.write_text(source.replace("<head>", f"<head>{SENTINEL}<script>alert(1)</script>", 1), encoding="utf-8")
    assert 'data-ran="alert"' in dumped(page, tmp_path / "profile")
