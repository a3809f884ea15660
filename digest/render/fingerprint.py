"""What an issue is, in one number: for its markers, and to tell whether what is sent is what was previewed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

import orjson

from digest.model import Issue, Story


def content_hash(issue: Issue) -> str:
    """SHA-256 of all that the issue says, in hex. Rows of the store are not part of it."""
    return hashlib.sha256(orjson.dumps(_without_rows(issue), option=orjson.OPT_SORT_KEYS)).hexdigest()


def fingerprint(content: str, templates: Iterable[tuple[str, bytes]], outputs: Iterable[str]) -> str:
    """SHA-256 in hex over the `content` hash, the template files and what was made of both."""
    total = hashlib.sha256(content.encode())
    for name, source in templates:
        total.update(f"\0{name}\0{len(source)}\0".encode() + source)
    for output in outputs:
        total.update(f"\0{len(output)}\0{output}".encode())
    return total.hexdigest()


def _without_rows(issue: Issue) -> Issue:
    return replace(
        issue,
        lead=_without_row(issue.lead) if issue.lead else None,
        sections=tuple(
            replace(section, stories=tuple(map(_without_row, section.stories))) for section in issue.sections
        ),
    )


def _without_row(story: Story) -> Story:
    return replace(story, entry_key=0)
