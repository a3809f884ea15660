"""Descriptions of pictures that say only how a file is called."""

from __future__ import annotations

import pytest

from digest.model.file_names import is_file_name

ADDRESS = "https://docket.example/uploads/the%20river_bend.jpg"


@pytest.mark.parametrize(
    "words", ["IMG_2041", "photo 3", "screenshot", "the river_bend", "The River_Bend.JPG", "another-one.png"]
)
def test_a_file_is_told_by_its_name(words: str) -> None:
    assert is_file_name(words, ADDRESS)


@pytest.mark.parametrize("words", ["", "A river bends", "Photo of a river", "river", "v3.8.10"])
def test_a_description_is_no_file(words: str) -> None:
    assert not is_file_name(words, ADDRESS)


def test_an_address_without_a_file_names_none() -> None:
    assert not is_file_name("", "https://docket.example/")
