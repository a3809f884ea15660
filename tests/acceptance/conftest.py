"""Publications to begin from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.publication import Publication


@pytest.fixture
def empty(tmp_path: Path) -> Publication:
    """A folder with nothing in it."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return Publication(folder)


@pytest.fixture
def sample(tmp_path: Path) -> Publication:
    """The sample newsroom, as `digest init --sample` gives it to a new user."""
    publication = Publication(tmp_path / "newsroom")
    publication.folder.mkdir()
    publication.run("init", "--sample", ".")
    return publication


@pytest.fixture
def composed(sample: Publication) -> Publication:
    """The sample newsroom with its issue made up."""
    sample.run("gather")
    sample.run("compose")
    return sample
