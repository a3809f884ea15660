"""The shipped table of support is what its derivation makes of the data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digest.config.kinds import CLIENTS as CONFIGURABLE
from digest.preflight.leniency import ALLOWED, SHIFTING
from digest.preflight.support import TABLE, known_features, support
from digest.settings import PreflightSettings
from tests.golden.preflight.derivation import CLIENTS, derived, written

DATA = Path(__file__).resolve().parents[4] / "shared" / "contracts" / "caniemail.json"


@pytest.mark.skipif(not DATA.exists(), reason="the whole data is not beside the checkout")
def test_the_table_is_the_derivation() -> None:
    assert TABLE.read_text(encoding="utf-8") == written(derived(json.loads(DATA.read_text(encoding="utf-8"))))


def test_it_says_where_it_is_from() -> None:
    assert "caniemail" in support().source
    assert support().date >= "2026-01-01"
    assert len(support().commit) == 40


def test_its_clients_are_those_that_can_be_configured() -> None:
    assert tuple(support().names) == tuple(CLIENTS) == CONFIGURABLE
    assert set(PreflightSettings().clients) <= set(CONFIGURABLE)


def test_what_is_allowed_is_known_and_in_one_list() -> None:
    assert set(ALLOWED) | set(SHIFTING) <= known_features()
    assert not set(ALLOWED) & set(SHIFTING)
    assert all(ALLOWED.values())
