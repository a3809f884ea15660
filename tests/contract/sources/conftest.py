from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.sources.scripted_site import Site


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(__file__).resolve().parents[3].parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared corpora are not beside the repository")
    return folder


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()
