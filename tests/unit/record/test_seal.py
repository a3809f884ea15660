"""The seal: a copy of the store, or one put back from a backup, sends nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from digest.record import durable, machine, seal
from digest.record.location import url_of
from digest.record.seal import NotTheStore, Seal
from digest.record.store import Store


class PowerCut(Exception):
    """The machine stops here."""


def renew(file: Path) -> None:
    """One sender's beginning, in a process of its own as it were."""
    with Store.open(url_of(file)) as store:
        store.seal.renew()


def refused(file: Path) -> str:
    with pytest.raises(NotTheStore) as why:
        renew(file)
    assert "digest adopt" in why.value.hint
    return str(why.value)


def seal_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.seal")


def test_the_store_in_use_sends_again_and_again(file: Path) -> None:
    for _ in range(5):
        renew(file)


def test_a_copy_without_its_seal_does_not_send(file: Path, tmp_path: Path) -> None:
    renew(file)
    copy = tmp_path / "copy.db"
    shutil.copy(file, copy)
    assert "its seal is not beside it" in refused(copy)
    renew(file)


def test_a_copy_of_the_whole_folder_does_not_send(file: Path, tmp_path: Path) -> None:
    renew(file)
    shutil.copytree(file.parent, tmp_path / "elsewhere")
    assert "it is a copy" in refused(tmp_path / "elsewhere" / file.name)
    renew(file)


def test_a_store_that_lost_its_seal_does_not_send(file: Path) -> None:
    renew(file)
    seal_of(file).unlink()
    refused(file)


@pytest.mark.parametrize("sends_since", [1, 2, 3])
def test_a_backup_put_back_in_its_place_does_not_send(file: Path, tmp_path: Path, sends_since: int) -> None:
    renew(file)
    shutil.copy(file, tmp_path / "backup.db")
    for _ in range(sends_since):
        renew(file)
    shutil.copy(tmp_path / "backup.db", file)
    assert "its seal is newer than it is" in refused(file)


def test_nor_does_one_from_before_the_first_send(file: Path, tmp_path: Path) -> None:
    Store.open(url_of(file)).close()
    shutil.copy(file, tmp_path / "backup.db")
    renew(file)
    shutil.copy(tmp_path / "backup.db", file)
    assert "older than the first letter" in refused(file)


def test_a_backup_of_the_store_as_it_is_may_be_put_back(file: Path, tmp_path: Path) -> None:
    renew(file)
    shutil.copy(file, tmp_path / "backup.db")
    shutil.copy(tmp_path / "backup.db", file)
    renew(file)


def test_on_another_machine_it_does_not_send(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renew(file)
    monkeypatch.setattr(machine, "identity", lambda: "another machine")
    assert "made in another place" in refused(file)


def test_a_refusal_changes_nothing(file: Path, tmp_path: Path) -> None:
    renew(file)
    shutil.copytree(file.parent, tmp_path / "elsewhere")
    copy = tmp_path / "elsewhere" / file.name
    before = seal_of(copy).read_bytes()
    assert refused(copy) == refused(copy)
    assert seal_of(copy).read_bytes() == before


def test_a_copy_that_is_adopted_sends_and_the_one_before_does_no_harm_to_it(file: Path, tmp_path: Path) -> None:
    renew(file)
    copy = tmp_path / "elsewhere" / file.name
    shutil.copytree(file.parent, copy.parent)
    with Store.open(url_of(copy)) as store:
        store.seal.adopt()
    for _ in range(2):
        renew(copy)


@pytest.mark.parametrize("content", [b"", b"\0" * 64, b"rubbish", b"\xff" * 200])
def test_a_damaged_seal_is_no_seal(file: Path, content: bytes) -> None:
    renew(file)
    seal_of(file).write_bytes(content)
    refused(file)


def test_a_seal_holds_one_number_before_anything_is_claimed(file: Path) -> None:
    for _ in range(3):
        renew(file)
        text = seal_of(file).read_text()
        assert len(text) == 64
        assert text[:32] == text[32:]


# --- the machine stops half-way


def fsync_fails(after: int) -> Callable[[int], None]:
    real, left = os.fsync, [after]

    def sync(descriptor: int) -> None:
        if not left[0]:
            raise PowerCut
        left[0] -= 1
        real(descriptor)

    return sync


STEPS: list[tuple[str, object, str]] = [
    ("before the file is written", Seal, "_write"),
    ("before the store knows", seal, "_keep"),
    ("before the other slot", Seal, "_confirm"),
    ("before the folder knows", seal, "sync_folder"),
]


@pytest.mark.parametrize("sends_before", [0, 1, 2])
@pytest.mark.parametrize(("step", "where", "name"), STEPS)
def test_a_crash_at_any_step_stops_nobody_and_opens_no_door(
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    sends_before: int,
    step: str,
    where: object,
    name: str,
) -> None:
    def cut(*_: object) -> None:
        raise PowerCut

    for _ in range(sends_before):
        renew(file)
    for _ in range(2):
        with monkeypatch.context() as patched, Store.open(url_of(file)) as store:
            patched.setattr(where, name, cut)
            try:
                store.seal.renew()
            except PowerCut:
                pass
            else:
                assert name == "sync_folder", f"not cut {step}"
    renew(file)
    shutil.copy(file, tmp_path / "backup.db")
    renew(file)
    shutil.copy(tmp_path / "backup.db", file)
    refused(file)


@pytest.mark.parametrize("syncs", range(6))
def test_a_crash_between_any_two_writes_to_the_disk_leaves_a_store_that_sends(
    file: Path, monkeypatch: pytest.MonkeyPatch, syncs: int
) -> None:
    Store.open(url_of(file)).close()
    with monkeypatch.context() as patched, Store.open(url_of(file)) as store:
        patched.setattr(seal.os, "fsync", fsync_fails(syncs))
        patched.setattr(durable.os, "fsync", fsync_fails(syncs))
        for _ in range(3):
            try:
                store.seal.renew()
            except PowerCut:
                break
    renew(file)
    renew(file)


def test_a_crash_while_adopting_leaves_a_store_that_can_be_adopted(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renew(file)

    def cut(*_: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patched, Store.open(url_of(file)) as store:
        patched.setattr(seal, "_keep", cut)
        with pytest.raises(PowerCut):
            store.seal.adopt()
    refused(file)
    with Store.open(url_of(file)) as store:
        store.seal.adopt()
    renew(file)
