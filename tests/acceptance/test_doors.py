"""A room is imported when its door is opened: a command, in a Python of its own, loads what it works with."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.acceptance.publication import Publication

ISSUE = "2026-11-20"
READERS = {"feedparser", "protego", "trafilatura", "rapidfuzz"}
WRITERS = {"jinja2", "mjml", "PIL"}
PAGES = {"starlette", "uvicorn", "itsdangerous"}
RARE = {"alembic", "tomlkit", "cryptography", "sendgrid", "imapclient", "flufl", "dns"}
LETTERS = {"lxml", "tinycss2", "urllib3", "w3lib", "nh3", "babel.dates"}
NOTHING_BUT_THE_STORE = READERS | WRITERS | PAGES | RARE | LETTERS
PROGRAM = """
import sys
from digest.cli.main import run
code = run(sys.argv[1:])
print(*sys.modules, file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    ("command", "closed"),
    [
        ("status", NOTHING_BUT_THE_STORE),
        (f"status {ISSUE}", NOTHING_BUT_THE_STORE),
        ("why ana@reader.example", NOTHING_BUT_THE_STORE),
        ("schedule --print cron", NOTHING_BUT_THE_STORE | {"sqlalchemy"}),
        ("send --dry-run", READERS - {"protego"} | PAGES | RARE),
        ("gather", PAGES | RARE | {"tinycss2", "trafilatura"}),
    ],
)
def test_a_command_imports_what_it_works_with(composed: Publication, command: str, closed: set[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *command.split()],
        cwd=composed.folder,
        env=composed.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert closed & set(done.stderr.split()) == set()
