"""A real WordPress on a port of this machine, by the scripts beside the checkout, which change it as editors would."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.acceptance.publication import REPOSITORY

SCRIPTS = REPOSITORY.parent / "shared" / "wordpress"
_PROGRAMS = ("php", "mariadbd", "mariadb-install-db")
# Whoever holds the other end of its input may end in any way: then the input ends, and the site with it.
_WHEN_INPUT_ENDS = 'read -r _; exec "$0" "$1"'


def why_not() -> str:
    """Why WordPress cannot be started here, or nothing."""
    if not (SCRIPTS / "start.sh").is_file():
        return "the scripts that start WordPress are not beside this checkout"
    if all(shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin") for program in _PROGRAMS):
        return ""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return "WordPress wants PHP and MariaDB, and they can be installed by root on Debian only"
    return ""


class WordPress:
    """Runs from its making until `stop`, or until this process ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        started = subprocess.run([SCRIPTS / "start.sh", folder], capture_output=True, text=True, check=False)
        assert started.returncode == 0, started.stderr
        self.url = started.stdout.strip()
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _WHEN_INPUT_ENDS, SCRIPTS / "stop.sh", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        self._guard.communicate(timeout=60)

    def load(self, stories: list[dict[str, object]]) -> None:
        path = self.folder / "stories.json"
        path.write_text(json.dumps(stories), encoding="utf-8")
        self.do("load", str(path))

    def update(self, story: str, **changes: object) -> None:
        """Changes the story of that slug."""
        self.do("update", story, json.dumps(changes))

    def do(self, command: str, *operands: str) -> Any:
        """Runs a command of `load.php` and gives its answer."""
        done = subprocess.run(
            ["php", SCRIPTS / "load.php", self.folder, command, *operands], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def guids(self) -> set[str]:
        """The guids of all stories that readers can see."""
        return {story["guid"] for story in self.do("list")["stories"] if story["status"] == "publish"}

    def guid(self, slug: str) -> str:
        return str(next(story["guid"] for story in self.do("list")["stories"] if story["slug"] == slug))

    def asked(self) -> list[str]:
        """The requests of all time for feeds and REST, their addresses."""
        lines = (self.folder / "log" / "requests.jsonl").read_text().splitlines()
        return [address for line in lines if "/feed/" in (address := json.loads(line)["uri"]) or "/wp-json/" in address]


def written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
