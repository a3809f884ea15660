"""Which machine this is, and which start of it: what tells a sender that died from one that runs elsewhere."""

from __future__ import annotations

import platform
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_MACHINE = Path("/etc/machine-id")


def boot() -> str:
    """A name for this start of the machine, another one after each; empty where the system gives none (not Linux)."""
    return _text(_BOOT)


def identity() -> str:
    """The identity that the system has for this machine; empty where it has none, as in many containers."""
    return _text(_MACHINE)


def host() -> str:
    """The machine's name, for people."""
    return platform.node()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
