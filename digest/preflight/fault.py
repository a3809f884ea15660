"""What a check says when it finds something; the registry adds the check's name and severity."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is not as it should be. `at` is the number of its element, which becomes the anchor; `anchor` is a
    CSS selector where one is known without looking."""

    title: str
    why: str
    do: str
    where: str = ""
    anchor: str = ""
    at: int = 0
    mild: bool = False
    """Told as a warning, though the check's faults are errors: an editor may well have meant it."""


def selector(tag: str, attribute: str, value: str) -> str:
    """`a[href="https://…"]`, with what CSS wants escaped (Selectors level 3, section 6.3)."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ")
    return f'{tag}[{attribute}="{escaped}"]'
