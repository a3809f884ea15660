from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.config.load import load
from digest.config.starter import write_starter
from digest.config.writing import add_sources, with_sources
from digest.errors import ConfigurationError
from tests.unit.config.test_starter import ANSWERS

HARBOR = {"name": "Harbor “Record”", "feed": "https://harbor.example/feed/"}
COURTS = {"sitemap": "https://docket.example/news.xml"}
SECTIONS = """\
a = 1  # one

# The feeds.
[[sources]]
name = "Main"   # the main one
feed = 'https://docket.example/feed/'

# Through what letters go.
[delivery]
provider = "outbox"
"""


def test_new_sources_stand_behind_the_last_and_before_what_follows_it() -> None:
    assert with_sources(SECTIONS, [HARBOR, COURTS]) == SECTIONS.replace(
        "feed/'\n",
        "feed/'\n\n"
        '[[sources]]\nname = "Harbor “Record”"\nfeed = "https://harbor.example/feed/"\n\n'
        '[[sources]]\nsitemap = "https://docket.example/news.xml"\n',
    )


@pytest.mark.parametrize(
    "text",
    [
        SECTIONS,
        SECTIONS.replace("\n", "\r\n"),
        SECTIONS.partition("\n\n# Through")[0],
        SECTIONS.partition("\n\n# Through")[0] + "\n\n\n# The end.\n",
        '[note]\ntext = """\n[[sources]]\n# no comment\n"""\n' + SECTIONS,
        SECTIONS.replace("[[sources]]", "  [[ sources ]]"),
        SECTIONS + '\n[[sections]]\nname = "x"\n# [[sources]]\n',
        "a = 1\n",
        "",
        'sources = [{name = "Main", feed = "https://docket.example/feed/"}]  # all of them\n[note]\n# text\n',
        'sources = [\n  {name = "Main", feed = "x"},  # the main one\n  # and more\n]\n\n[note]\n',
    ],
)
def test_everything_else_stays_as_it_was(text: str) -> None:
    made = with_sources(text, [HARBOR, COURTS])
    before, after = tomllib.loads(text), tomllib.loads(made)
    assert after.pop("sources") == [*before.pop("sources", []), HARBOR, COURTS]
    assert after == before
    comments = [line[line.index("#") :].rstrip("\r") for line in text.split("\n") if "#" in line]
    assert [comment for comment in comments if comment not in made] == []
    assert ("\r\n" in text) == ("\r\n" in made)
    assert made.count("\n") == made.count("\r\n") or "\r" not in made


def test_a_layout_that_cannot_be_kept_is_left_alone_and_says_what_to_add() -> None:
    with pytest.raises(ConfigurationError) as caught:
        with_sources("[sources]\nfeed = 'x'\n", [COURTS])
    assert '[[sources]]\nsitemap = "https://docket.example/news.xml"' in caught.value.hint


lines = st.lists(
    st.sampled_from(
        [
            "",
            "# c",
            "[[sources]]\nfeed = 'f'",
            "[[sections]]\nname = 'n' # s",
            "[note]\n",
            "[web]",
            "k = '''\n[[sources]]'''",
        ]
    ),
    max_size=8,
)


@given(lines, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_layout_is_kept_or_left_alone(parts: list[str], ends: str, closed: bool) -> None:
    text = "\n".join(parts).replace("\n", ends) + (ends if closed else "")
    try:
        before = tomllib.loads(text)
    except ValueError:
        return
    try:
        made = with_sources(text, [HARBOR])
    except ConfigurationError:
        return
    assert tomllib.loads(made) == {**before, "sources": [*before.get("sources", []), HARBOR]}
    for line in text.split(ends):
        assert line in made


values = st.text(min_size=1).filter(lambda text: text.isprintable())


@given(values)
def test_any_name_comes_back_as_it_was(name: str) -> None:
    assert tomllib.loads(with_sources(SECTIONS, [{"name": name, "feed": "x"}]))["sources"][1]["name"] == name


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = write_starter(tmp_path / "letter", **ANSWERS)  # type: ignore[arg-type]
    path.chmod(0o640)
    return path


def test_the_file_is_replaced_with_its_mode_through_a_link(home: Path) -> None:
    link = home.parent.parent / "linked.toml"
    link.symlink_to(home)
    before = home.read_text()
    add_sources(home, [HARBOR])
    made = home.read_text()
    add_sources(link, [{"feed": "https://docket.example/courts/"}])
    assert link.is_symlink()
    assert stat.S_IMODE(home.stat().st_mode) == 0o640
    assert [source.name for source in load(home, {}).sources][-2:] == ["Harbor “Record”", "docket.example"]
    assert [line for line in before.splitlines() if line not in made.splitlines()] == []
    assert made.index("harbor.example/feed") < made.index("# A note above the stories")
    assert sorted(file.name for file in home.parent.iterdir()) == ["digest.toml", "subscribers.csv"]


def test_a_byte_order_mark_stays(home: Path) -> None:
    home.write_bytes(b"\xef\xbb\xbf" + home.read_bytes())
    add_sources(home, [HARBOR])
    assert home.read_bytes().count(b"\xef\xbb\xbf") == 1
    assert home.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("section", "words"),
    [({"feed": "ftp://docket.example/"}, "only http"), ({**HARBOR, "name": "The Docket"}, "give each its own")],
)
def test_what_would_not_load_is_not_written(home: Path, section: dict[str, str], words: str) -> None:
    before = home.read_bytes()
    with pytest.raises(ConfigurationError) as caught:
        add_sources(home, [section])
    assert words in "".join(caught.value.complaints)
    assert home.read_bytes() == before


def test_a_file_that_is_no_toml_is_refused_by_its_line(home: Path) -> None:
    home.write_text("[publication\n")
    with pytest.raises(ConfigurationError) as caught:
        add_sources(home, [HARBOR])
    assert "line 1" in caught.value.complaints[0]


def test_a_folder_that_cannot_be_written_says_what_to_add(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("digest.config.replacing.os.fsync", full)
    before = home.read_bytes()
    with pytest.raises(ConfigurationError, match="no space left on device") as caught:
        add_sources(home, [HARBOR])
    assert "[[sources]]" in caught.value.hint
    assert home.read_bytes() == before
    assert sorted(file.name for file in home.parent.iterdir()) == ["digest.toml", "subscribers.csv"]
