"""What a form of the readers' pages says: the texts of each field, in the order in which they were sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Form: TypeAlias = Mapping[str, Sequence[str]]


def first(form: Form, name: str) -> str:
    """The first text of a field, empty where it was not sent."""
    return next(iter(form.get(name, ())), "")
