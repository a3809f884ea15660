"""What the sign-up for programs answers is what its description says, whatever it is asked."""

from __future__ import annotations

from pathlib import Path

from tests.api.trying import served, tried


def test_nothing_is_found_by_who_only_knows_the_description(tmp_path: Path) -> None:
    with served(tmp_path) as (house, place):
        found = tried(place, tmp_path, examples=15, phases="fuzzing", seed=1)
        assert found.returncode == 0, found.stdout + found.stderr
        assert house.store.errands.waiting() > 0
