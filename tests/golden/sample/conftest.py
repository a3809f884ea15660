"""The sample newsroom, read once."""

from __future__ import annotations

import pytest

from tests.golden.sample.newsroom import Newsroom, read_newsroom


@pytest.fixture(scope="session")
def newsroom() -> Newsroom:
    return read_newsroom()
