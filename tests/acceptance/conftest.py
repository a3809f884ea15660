"""Publications to begin from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.wordpress import WordPress, why_not
from tests.acceptance.wordpress_week import stories
from tests.unit.sources.scripted_site import Site


@pytest.fixture(scope="session")
def wordpress(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    """A WordPress with a week of stories. Tests that change it change it back."""
    if reason := why_not():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("wordpress")
    site = WordPress(folder)
    site.load(stories(folder, datetime.now(UTC)))
    yield site
    site.stop()


@pytest.fixture
def site() -> Iterator[Site]:
    """A site on this machine that answers as a test says."""
    site = Site()
    yield site
    site.close()


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
