"""What a forked command finds imported: everything that `digest send` and the commands that look need."""

from __future__ import annotations

import importlib

_COMMANDS = ("send", "status", "letters", "hands", "adopt", "contract", "show", "verdict")
for _name in (
    *(f"digest.cli.{command}" for command in _COMMANDS),
    "digest.app",
    "digest.config.load",
    "digest.config.build",
    "digest.config.environment",
    "alembic.command",
    "digest.deliver.sendgrid",
    "digest.deliver.smtp",
    "tests.crash.victim",
):
    importlib.import_module(_name)
