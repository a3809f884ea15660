"""The README is the manual: what it lists is what there is. `UPDATE_MANUAL=1 pytest` writes the table of keys anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

from digest.cli.main import COMMANDS
from digest.config.environment import known_variables
from digest.config.keys import known_keys
from digest.errors import DigestError

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN, END = "<!-- keys -->", "<!-- end of keys -->"


def table_of_keys() -> str:
    rows = ["| key | default | what it is |", "|---|---|---|"]
    for key in known_keys():
        default = "must be given" if key.required else f"`{key.default}`" if key.default else ""
        rows.append(f"| `{'.'.join(key.path)}` | {default} | {key.description} |")
    return "\n".join(rows)


def test_the_table_of_keys_is_true() -> None:
    text = README.read_text(encoding="utf-8")
    kept = text.partition(BEGIN)[2].partition(END)[0].strip()
    if os.environ.get("UPDATE_MANUAL"):
        README.write_text(
            f"{text.partition(BEGIN)[0]}{BEGIN}\n{table_of_keys()}\n{END}{text.partition(END)[2]}", encoding="utf-8"
        )
        return
    assert kept == table_of_keys()


def test_every_command_is_in_the_manual() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"| `digest {name}" not in text] == []


def test_every_secret_is_in_the_manual() -> None:
    text = README.read_text(encoding="utf-8")
    secrets = [name for name in known_variables() if re.search(r"PASSWORD|API_KEY|SECRET", name)]
    assert len(secrets) >= 6
    assert [name for name in secrets if name not in text and not name.startswith("SENDGRID")] == []


def test_every_exit_code_is_in_the_manual() -> None:
    text = README.read_text(encoding="utf-8")
    codes = {error.exit_code for error in [DigestError, *DigestError.__subclasses__()]} | {0, 130}
    assert [code for code in sorted(codes) if f"\n| {code} |" not in text] == []


def test_every_picture_and_page_that_is_named_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text) + re.findall(r'<img src="([^"]+)"', text)
    assert len(links) >= 3
    assert [link for link in links if not (README.parent / link).exists()] == []
