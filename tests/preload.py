"""What a forked command finds imported: all that commands import, and what they open as they go."""

from __future__ import annotations

import gc
import importlib
import pkgutil

import digest

for _module in pkgutil.walk_packages(digest.__path__, "digest."):
    if not _module.name.startswith(("digest.__main__", "digest.record.migrations.")):
        importlib.import_module(_module.name)
for _name in ("alembic.command", "email_validator", "babel.dates", "trafilatura", "rich.table", "tests.crash.victim"):
    importlib.import_module(_name)
gc.freeze()
