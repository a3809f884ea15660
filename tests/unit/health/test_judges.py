"""The pages, the machine and the operator's own files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.health import machine, own_files, pages
from digest.health.answers import HostAnswer
from digest.health.own_files import ListState, StoreState
from digest.model.health import Verdict

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
WEB, CLICK = "https://letters.docket.example/", "https://letters.docket.example/u/abc"
ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("web", "answer", "verdict"),
    [
        (WEB, HostAnswer(status=200, expires=NOW + timedelta(days=60), asked_at=NOW), Verdict.OK),
        (WEB, HostAnswer(status=302), Verdict.OK),
        (WEB, HostAnswer(status=200, expires=NOW + timedelta(days=13), asked_at=NOW), Verdict.LOOK),
        (WEB, HostAnswer(status=404), Verdict.LOOK),
        (WEB, HostAnswer(status=502), Verdict.WRONG),
        ("http://letters.docket.example/", HostAnswer(status=200), Verdict.WRONG),
        (WEB, HostAnswer(trouble="nobody listens there", refused=True), Verdict.WRONG),
        (WEB, HostAnswer(trouble="no answer within 5 s"), Verdict.NOT_ASKED),
    ],
)
def test_the_first_page(web: str, answer: HostAnswer, verdict: Verdict) -> None:
    assert pages.judge_front(web, answer).verdict is verdict


@pytest.mark.parametrize(
    ("answer", "verdict", "words"),
    [
        (HostAnswer(status=200), Verdict.OK, "answers 200"),
        (HostAnswer(status=301, location="https://www.docket.example/u/abc"), Verdict.WRONG, "leads on to https://www"),
        (HostAnswer(status=303), Verdict.WRONG, "303"),
        (HostAnswer(status=404), Verdict.WRONG, "404"),
        (HostAnswer(status=405), Verdict.WRONG, "405"),
        (HostAnswer(status=202), Verdict.WRONG, "202"),
        (HostAnswer(trouble="it hung up", refused=True), Verdict.WRONG, "hung up"),
        (HostAnswer(trouble="no answer within 5 s"), Verdict.NOT_ASKED, "no answer"),
    ],
)
def test_a_click(answer: HostAnswer, verdict: Verdict, words: str) -> None:
    found = pages.judge_click(CLICK, answer)
    assert (found.verdict, words in found.words) == (verdict, True)
    assert "abc" not in found.words.replace(answer.location, "")  # a link that works belongs to nobody's report


@pytest.mark.parametrize(
    ("free", "verdict"), [(50_000_000, Verdict.WRONG), (900_000_000, Verdict.LOOK), (2_000_000_000, Verdict.OK)]
)
def test_the_fullest_disk_counts(free: int, verdict: Verdict) -> None:
    disks = [machine.Disk(folder=Path("/a"), free=10**12), machine.Disk(folder=Path("/b"), free=free)]
    found = machine.judge_disks(disks)
    assert (found.verdict, "/b" in found.words) == (verdict, True)


def test_disks_are_found_below_folders_that_are_yet_to_be_made(tmp_path: Path) -> None:
    disks = machine.look_at_disks([tmp_path / "var" / "deep", tmp_path])
    assert [disk.folder for disk in disks] == [tmp_path]
    assert disks[0].free > 0


@pytest.mark.parametrize(
    ("seconds", "verdict", "words"),
    [
        ([0], Verdict.OK, "right"),
        ([19], Verdict.OK, "right"),
        ([90], Verdict.LOOK, "90 s slow"),
        ([-90], Verdict.LOOK, "90 s fast"),
        ([3600], Verdict.WRONG, "60 minutes slow"),
        ([3600, 1], Verdict.OK, "right"),  # of two that differ one is wrong, and it is not likely to be ours
        ([], Verdict.NOT_ASKED, "no host"),
    ],
)
def test_the_clock(seconds: list[int], verdict: Verdict, words: str) -> None:
    answers = [HostAnswer(status=200, at=NOW + timedelta(seconds=ahead), asked_at=NOW) for ahead in seconds]
    found = machine.judge_clock([HostAnswer(trouble="no answer"), *answers])
    assert (found.verdict, words in found.words) == (verdict, True)


@pytest.mark.parametrize(
    ("edition", "verdict"),
    [("2026b", Verdict.OK), ("2025d", Verdict.OK), ("2024a", Verdict.LOOK), ("2027a", Verdict.OK), ("", Verdict.LOOK)],
)
def test_time_zones(edition: str, verdict: Verdict) -> None:
    assert machine.judge_zones(edition, zone="Europe/Madrid", now=NOW).verdict is verdict


def test_this_machine_has_an_edition_of_time_zones() -> None:
    assert machine.edition_of_zones()[:2] in {"20", ""}


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("12 Court Street, Springfield", Verdict.WRONG),
        ("12 Court Street\nSpringfield", Verdict.WRONG),
        ("1 Quay Road, Port Merrow", Verdict.OK),
    ],
)
def test_the_postal_address(address: str, verdict: Verdict) -> None:
    assert own_files.judge_address(address).verdict is verdict


def test_the_samples_address_is_the_one_in_the_sample() -> None:
    assert f'postal_address = "{own_files.SAMPLE_ADDRESS}"' in (ROOT / "digest.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("secret", "verdict"), [("", Verdict.OK), ("short", Verdict.LOOK), ("x" * 43, Verdict.OK)])
def test_the_secret(secret: str, verdict: Verdict) -> None:
    found = own_files.judge_secret(secret)
    assert found.verdict is verdict
    assert not secret or secret not in found.words + found.do


@pytest.mark.parametrize(
    ("mode", "verdict"), [(0o600, Verdict.OK), (0o400, Verdict.OK), (0o640, Verdict.LOOK), (0o604, Verdict.LOOK)]
)
def test_files_that_others_can_read(mode: int, verdict: Verdict, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.touch()
    key.chmod(mode)
    found = own_files.judge_modes(own_files.modes_of([("DIGEST_SECRET_FILE", key), ("gone", tmp_path / "gone")]))
    assert found.verdict is verdict
    assert (str(key) in found.do) == (verdict is Verdict.LOOK)


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (StoreState(path=Path("s.db")), Verdict.OK),
        (StoreState(path=Path("s.db"), exists=False), Verdict.OK),
        (StoreState(path=Path("s.db"), is_newest=False), Verdict.LOOK),
        (StoreState(path=Path("s.db"), faults=("row 4 missing from index", "and another")), Verdict.WRONG),
        (StoreState(path=Path("s.db"), trouble="it is locked"), Verdict.NOT_ASKED),
    ],
)
def test_the_store(state: StoreState, verdict: Verdict) -> None:
    assert own_files.judge_store(state).verdict is verdict


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (ListState(path=Path("l.csv"), readers=3, left_out={}), Verdict.OK),
        (ListState(path=Path("l.csv"), left_out={"bad address": 2}), Verdict.LOOK),
        (ListState(path=Path("l.csv"), left_out={}, trouble="l.csv: there is no such file"), Verdict.WRONG),
    ],
)
def test_the_list(state: ListState, verdict: Verdict) -> None:
    assert own_files.judge_list(state).verdict is verdict
