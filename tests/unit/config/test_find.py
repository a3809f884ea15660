"""Where the digest.toml is looked for, and what is said when it is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.config import find_configuration
from digest.errors import ConfigurationError


def test_the_configuration_is_found_in_its_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, named, given = tmp_path / "here", tmp_path / "named", tmp_path / "given"
    for folder in (here, named, given):
        folder.mkdir()
        (folder / "digest.toml").touch()
    monkeypatch.chdir(here)
    environ = {"DIGEST_CONFIG": str(named / "digest.toml")}
    assert find_configuration(given / "digest.toml", environ) == given / "digest.toml"
    assert find_configuration(given, environ) == given / "digest.toml"
    assert find_configuration(None, environ) == named / "digest.toml"
    assert find_configuration(None, {}) == here / "digest.toml"


@pytest.mark.parametrize(
    ("path", "environ"),
    [
        (None, {}),
        (None, {"DIGEST_CONFIG": "elsewhere.toml"}),
        (Path("given.toml"), {"DIGEST_CONFIG": "elsewhere.toml"}),
        (Path("x" * 5000), {}),
    ],
)
def test_a_configuration_that_is_not_there_says_how_to_start_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: Path | None, environ: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError) as refusal:
        find_configuration(path, environ)
    assert "digest init" in refusal.value.hint
    assert str(path or environ.get("DIGEST_CONFIG") or tmp_path) in str(refusal.value)
