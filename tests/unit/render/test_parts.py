import pytest

from digest import shipped
from digest.errors import ConfigurationError
from digest.render.parts import copy_part, part_called, parts_of

BASE = shipped.BASE_THEME


def test_a_theme_has_its_own_parts_and_the_base_themes():
    parts = {part.name: part for part in parts_of("plain", None)}
    assert list(parts) == sorted(part.name for part in parts_of(BASE, None))
    assert parts["masthead"].file.parent.name == "plain"
    assert parts["note"].file.parent.name == BASE
    assert {"sections/brief", "letter.txt", "sponsor"} <= parts.keys()
    assert not any(part.own for part in parts.values())


def test_a_part_of_ones_own_comes_first(tmp_path):
    (tmp_path / "note.mjml").write_text("own")
    own = [part for part in parts_of(BASE, tmp_path) if part.own]
    assert [(part.name, part.file) for part in own] == [("note", tmp_path / "note.mjml")]


@pytest.mark.parametrize("name", ["sections/brief", "sections/brief.mjml", " sections/brief/ "])
def test_a_part_is_called_with_or_without_its_ending(name):
    assert part_called(name, parts_of(BASE, None)).name == "sections/brief"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("sections/breif", "did you mean sections/brief"),
        ("brief", "did you mean sections/brief?"),
        ("xyz", "`digest theme list` names them all"),
    ],
)
def test_a_part_that_there_is_not(name, hint):
    with pytest.raises(ConfigurationError, match="the theme has no part") as told:
        part_called(name, parts_of(BASE, None))
    assert hint in told.value.hint


@pytest.mark.parametrize("name", ["sections/brief", "letter.txt"])
def test_a_copy_is_the_part_that_is_used_from_then_on(tmp_path, name):
    part = part_called(name, parts_of(BASE, None))
    copy = copy_part(part, tmp_path / "mine")
    assert copy.read_bytes() == part.file.read_bytes()
    assert part_called(name, parts_of(BASE, tmp_path / "mine")).file == copy


def test_a_copy_never_overwrites(tmp_path):
    (tmp_path / "note.mjml").write_text("own")
    with pytest.raises(ConfigurationError, match="exists already"):
        copy_part(part_called("note", parts_of(BASE, None)), tmp_path)
    assert (tmp_path / "note.mjml").read_text() == "own"


def test_a_folder_that_is_none_is_said_so(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="cannot be written"):
        copy_part(part_called("note", parts_of(BASE, None)), tmp_path / "file")
