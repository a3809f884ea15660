"""Publications to begin from."""

from __future__ import annotations

import shutil
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


@pytest.fixture(scope="session")
def sample_at_first(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """The sample newsroom, to be copied: no test works on it."""
    publication = Publication(tmp_path_factory.mktemp("sample"))
    publication.run("init", "--sample", ".")
    return publication


@pytest.fixture(scope="session")
def made_up(sample_at_first: Publication, tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """The sample newsroom with its issue made up, to be copied: nothing was sent from it, so a copy may send."""
    publication = _copied(sample_at_first, tmp_path_factory.mktemp("made-up") / "newsroom")
    publication.run("gather")
    publication.run("compose")
    return publication


@pytest.fixture
def sample(sample_at_first: Publication, tmp_path: Path) -> Publication:
    """The sample newsroom, as `digest init --sample` gives it to a new user."""
    return _copied(sample_at_first, tmp_path / "newsroom")


@pytest.fixture
def composed(made_up: Publication, tmp_path: Path) -> Publication:
    """The sample newsroom with its issue made up. Its feeds lie in another folder now: a gather reads them anew."""
    return _copied(made_up, tmp_path / "newsroom")


def _copied(publication: Publication, folder: Path) -> Publication:
    return Publication(Path(shutil.copytree(publication.folder, folder)))
