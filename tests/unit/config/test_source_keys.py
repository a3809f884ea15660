from __future__ import annotations

from pathlib import Path

import pytest

from digest.config import load
from digest.errors import ConfigurationError


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ('[[sources]]\nname = "None"\n', "feed"),
        ('[[sources]]\nfeed = "a.xml"\nsitemap = "https://docket.example/news.xml"\n', "has feed already"),
        ('[[sources]]\nwordpress = "https://docket.example/"\npages = ["a.html"]\n', "has wordpress already"),
        (
            '[[sources]]\nfeed = "https://a.example/"\n[[sources]]\nname = "b"\nwordpress = "https://a.example/"\n',
            "another source has this wordpress already",
        ),
        ('[[sources]]\nwordpress = "docket.example"\n', "not a web address"),
        ('[[sources]]\nfeed = "a.xml"\n[pictures]\nfrom = "somewhere"\n', 'write "original", "archive", or'),
    ],
)
def test_a_source_has_one_address_of_its_own(tmp_path: Path, least: str, sources: str, words: str) -> None:
    (tmp_path / "digest.toml").write_text(least.replace('[[sources]]\nfeed = "feeds/main.xml"\n', sources))
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path / "digest.toml", {})
    assert words in "\n".join(caught.value.complaints)
