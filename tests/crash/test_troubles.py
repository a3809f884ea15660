"""Everything else that goes wrong in the middle of a send: nobody is lost, nobody gets two letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.store_troubles import NoMount
from tests.crash.troubles import CASES

READERS = 400


@pytest.mark.parametrize("case", CASES)
def test_trouble(case: str, tmp_path: Path) -> None:
    try:
        account = CASES[case](tmp_path / "newsroom", READERS)
    except NoMount as why:
        pytest.skip(f"no small disk can be mounted here: {why}")
    account.check()
