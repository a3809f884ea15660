"""What an account at a provider's API came to, for all providers alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from digest.health.answers import HostAnswer
from digest.health.sender import Selector
from digest.model.health import Diagnosis, DnsRecord, Verdict

KEY, SENDER, WEBHOOK = "provider.key", "provider.sender", "provider.webhook"

Get = Callable[[str], HostAnswer]
"""Asks the provider's API for a path, with the key. Raises nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is known of an account: how it stands, and what it tells of the sender for the name servers."""

    diagnoses: tuple[Diagnosis, ...] = ()
    selectors: tuple[Selector, ...] = ()
    return_path: str = ""
    records: tuple[DnsRecord, ...] = ()


def said(check: str, verdict: Verdict, words: str, do: str = "", **more: Any) -> Diagnosis:
    """A diagnosis of the account."""
    return Diagnosis(check=check, verdict=verdict, words=words, do=do, **more)


def unanswered(check: str, name: str, answer: HostAnswer) -> Diagnosis:
    """There was no answer, or none that helps."""
    words = answer.trouble or f"it answers {answer.status}"
    return said(check, Verdict.NOT_ASKED, f"{name} could not be asked: {words}")


def listed(told: object, key: str = "") -> list[dict[str, Any]]:
    """The objects of a list that a provider gave, under a key of an object or as it is; what is none is left out."""
    inside = told.get(key) if key and isinstance(told, dict) else told
    return [each for each in inside if isinstance(each, dict)] if isinstance(inside, list) else []
