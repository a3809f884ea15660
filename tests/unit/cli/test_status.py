"""What `digest status` says of strangers who asked for too much, with a real store."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from digest import clock
from digest.cli.status import command
from digest.model.errands import Averted
from tests.backlist import Backlist


def status(backlist: Backlist, *options: str) -> str:
    told = CliRunner().invoke(command, ["--config", str(backlist.settings.home / "digest.toml"), *options])
    assert told.exit_code == 0, told.output
    return told.output


def test_what_was_averted_is_told_by_its_kind_and_for_a_day(tmp_path: Path) -> None:
    backlist = Backlist.open(tmp_path)
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    backlist.store.attempts.note_averted(Averted.SIGN_UP, 40, hour=hour - timedelta(hours=30))
    assert "turned away" not in status(backlist)
    for kind, count in ((Averted.SIGN_UP, 12), (Averted.LETTER, 20), (Averted.DATA_REQUEST, 3)):
        backlist.store.attempts.note_averted(kind, count, hour=hour)
    told = status(backlist)
    assert "12 sign-ups were turned away since " in told
    assert "20 confirmation letters were withdrawn since " in told
    assert "3 requests of readers for their data were turned away since " in told
    assert json.loads(status(backlist, "--json"))["averted"] == {
        "sign_ups": 12,
        "data_requests": 3,
        "letters_withdrawn": 20,
    }
