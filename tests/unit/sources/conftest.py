from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.settings import Fetching
from digest.sources.web.fetch import Fetcher
from tests.unit.sources.scripted_site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def fetching() -> Fetching:
    """Short of patience and room, so that limits are met soon."""
    return Fetching(timeout=0.5, max_bytes=1_000_000, contact="letters@docket.example")


@pytest.fixture
def fetcher(fetching: Fetching) -> Iterator[Fetcher]:
    fetcher = Fetcher(fetching, sleep=lambda seconds: None)
    yield fetcher
    fetcher.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(__file__).resolve().parents[3].parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared corpora are not beside the repository")
    return folder
