from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def feeds() -> Path:
    folder = Path(__file__).resolve().parents[3].parent / "shared" / "corpora" / "feeds"
    if not folder.is_dir():
        pytest.skip("the shared corpora are not beside the repository")
    return folder
