"""The npm packages that letters are held against, where they are installed: `npm ci` in this folder does it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent
PACKAGES = FOLDER / "node_modules"


def missing(*names: str) -> str:
    """What is not installed of Node.js and these packages, in words; nothing when all is there."""
    absent = [] if shutil.which("node") else ["node"]
    return ", ".join([*absent, *(name for name in names if not (PACKAGES / name).is_dir())])


def answer(script: str, stdin: str) -> str:
    """What a script of this folder prints when it is given `stdin`."""
    done = subprocess.run(
        ["node", script],
        cwd=FOLDER,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
