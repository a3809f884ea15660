"""A publication in a folder, and the real command to work on it, in a process of its own.

Most are forked from one that has imported everything (`tests.forking`): a suite of some hundred commands is to take
minutes. How the command starts by itself is `test_new_user`'s.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.forking import REPOSITORY, fork

__all__ = ["REPOSITORY", "Publication"]

_PATIENCE = 120  # seconds


@dataclass(frozen=True, slots=True)
class Publication:
    """A folder with a digest.toml, and the command to work on it."""

    folder: Path

    def run(
        self, *arguments: str, expect: int = 0, stdin: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs `digest` in the folder. No outcome may show a traceback, and none may differ from the one expected."""
        return _as_expected(self._forked(arguments, stdin, self.environment(**environment)), expect)

    def _forked(
        self, arguments: tuple[str, ...], stdin: str, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryDirectory() as folder:
            given, said, complained = (Path(folder, name) for name in ("stdin", "stdout", "stderr"))
            given.write_text(stdin, encoding="utf-8")
            process = fork(
                "digest.cli.main",
                arguments,
                folder=self.folder,
                environment=environment,
                stdin=given,
                stdout=said,
                stderr=complained,
            )
            process.join(_PATIENCE)
            if process.exitcode is None:
                process.kill()
                raise AssertionError(f"{arguments} hangs: {complained.read_text(encoding='utf-8')}")
            return subprocess.CompletedProcess(
                ["digest", *arguments], process.exitcode, said.read_text("utf-8"), complained.read_text("utf-8")
            )

    @staticmethod
    def environment(**environment: str) -> dict[str, str]:
        """This process's, without what would speak to `digest`, and with what a test wants."""
        ours = ("DIGEST_", "SENDGRID_", "RESEND_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**clean, "PYTHONPATH": str(REPOSITORY), **environment}

    def json(self, *arguments: str, expect: int = 0, **environment: str) -> Any:
        """Runs a command with --json and gives its one object."""
        return json.loads(self.run(*arguments, "--json", expect=expect, **environment).stdout)

    def configure(self, old: str, new: str) -> None:
        """Changes one thing in digest.toml."""
        path = self.folder / "digest.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new), encoding="utf-8")

    def read_from(self, sources: Mapping[str, str], *, more: str = "") -> None:
        """Puts other sources in the place of the sample's, addresses by names, and `more` at the end of the file."""
        path = self.folder / "digest.toml"
        text = path.read_text(encoding="utf-8")
        start, end = text.index("[[sources]]"), text.index("# The words at the top of every letter")
        named = "".join(f'[[sources]]\nname = "{name}"\nfeed = "{feed}"\n\n' for name, feed in sources.items())
        path.write_text(f"{text[:start]}{named}{text[end:]}\n{more}", encoding="utf-8")

    def letters(self) -> list[Path]:
        """The letters that the outbox provider wrote, dry runs aside."""
        return [path for path in self.folder.glob("outbox/**/*.eml") if "dry-run" not in path.parts]

    def state(self) -> dict[str, str]:
        """A hash of every file but the outbox's."""
        files = (path for path in sorted(self.folder.rglob("*")) if path.is_file())
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
            if "outbox" not in path.relative_to(self.folder).parts
        }


def _as_expected(done: subprocess.CompletedProcess[str], code: int) -> subprocess.CompletedProcess[str]:
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done
