"""A publication's folder to try configurations in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from digest.config import load
from digest.errors import ConfigurationError
from tests.smallest import LEAST

Complain = Callable[..., tuple[str, ...]]
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a digest.toml and gives its path."""

    def write(text: str) -> Path:
        path = tmp_path / "digest.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def complain(write: Write) -> Complain:
    """The complaints about a digest.toml, which must be there."""

    def complain(text: str, environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
        with pytest.raises(ConfigurationError) as refusal:
            load(write(text), environ or {})
        return refusal.value.complaints

    return complain


@pytest.fixture
def least() -> str:
    """The least that a digest.toml must say."""
    return LEAST
