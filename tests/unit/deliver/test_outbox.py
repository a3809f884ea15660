"""Letters as files."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from digest.deliver.message import MessageTemplate
from digest.deliver.outbox import Outbox, write_samples
from digest.errors import ConfigurationError
from digest.model import Answer, Campaign, Delivery, Letter, Recall
from tests.contract.deliver.gates import OpenGate
from tests.unit.deliver.correspondence import ISSUE, batch, campaign, letter, letters


def written(folder: Path, whole: Campaign, queue: list[Letter]) -> Delivery:
    line = Outbox(folder).line()
    delivery = line.send(whole, batch(queue), OpenGate(0))
    line.close()
    assert [receipt.key for receipt in delivery.receipts] == [each.key for each in queue]
    return delivery


def test_a_letter_is_a_file_that_a_mail_program_opens(tmp_path: Path) -> None:
    ana = letter()
    delivery = written(tmp_path, campaign(), [ana])
    path = tmp_path / delivery.receipts[0].provider_id
    assert delivery.receipts[0].answer is Answer.TAKEN
    assert path.parent == tmp_path / ISSUE
    assert path.suffix == ".eml"
    assert path.read_bytes() == MessageTemplate.of(campaign()).message(ana)
    assert message_from_bytes(path.read_bytes(), policy=policy.SMTP)["To"] == "Ana Silva <ana@example.com>"


def test_letters_have_files_of_their_own_and_nothing_else_is_left(tmp_path: Path) -> None:
    queue = [letter("a/../b@example.com"), letter("A/../b@example.com"), *letters(5), letter("josé@example.com")]
    delivery = written(tmp_path, campaign(), queue)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == len(queue)
    assert {path.suffix for path in files} == {".eml"}
    assert {receipt.answer for receipt in delivery.receipts} == {Answer.TAKEN}
    assert len({path.name.lower() for path in files}) == len(queue)


def test_the_same_letter_again_replaces_itself(tmp_path: Path) -> None:
    written(tmp_path, campaign(), letters(3))
    written(tmp_path, campaign(test=True), letters(3))
    files = list(tmp_path.rglob("*.eml"))
    assert len(files) == 3
    assert all(b"Subject: =?utf-8?q?=5BTest=5D" in path.read_bytes() for path in files)


@pytest.mark.parametrize("message_id", ["<../../etc/passwd@x>", "<a b@x>", "<.@x>", "<>", "<2026.é@x>"])
def test_any_message_id_makes_a_name_in_the_folder(tmp_path: Path, message_id: str) -> None:
    delivery = written(tmp_path, campaign(), [replace(letter(), message_id=message_id)])
    assert delivery.receipts[0].answer is Answer.TAKEN
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert path.parent == tmp_path / ISSUE
    assert path.name.isascii()


def test_an_address_that_cannot_be_written_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    queue = [letter(), replace(letter(), address="nobody"), letter("eve@example.com")]
    delivery = written(tmp_path, campaign(), queue)
    assert [receipt.answer for receipt in delivery.receipts] == [Answer.TAKEN, Answer.NOT_TAKEN, Answer.TAKEN]
    assert not delivery.stopped


def test_where_nothing_can_be_written_nothing_is_sent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    delivery = written(tmp_path / "file", campaign(), letters(3))
    assert [receipt.answer for receipt in delivery.receipts] == [Answer.UNSENT] * 3
    assert str(tmp_path / "file") in delivery.stopped


def test_a_full_disk_stops_at_the_letter_that_does_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    queue = [letter("first@example.com"), letter("second@example.com", "x" * 90), letter("third@example.com")]
    sizes = [len(MessageTemplate.of(campaign()).message(each)) for each in queue]
    assert sizes[1] > sizes[0]
    signal = pytest.importorskip("signal")
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (sizes[0], limits[1]))
    try:
        delivery = written(tmp_path, campaign(), queue)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert [receipt.answer for receipt in delivery.receipts] == [Answer.TAKEN, Answer.UNSENT, Answer.UNSENT]
    assert "File too large" in delivery.stopped
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_sender_that_cannot_be_stops_before_the_first_letter(tmp_path: Path) -> None:
    delivery = written(tmp_path, campaign(from_="nobody"), letters(2))
    assert [receipt.answer for receipt in delivery.receipts] == [Answer.UNSENT] * 2
    assert "publication.from" in delivery.stopped


def test_opening_an_outbox_writes_nothing(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.line().close()
    assert outbox.line().reserve() == ""
    assert outbox.recall("")[0] is Recall.TOO_LATE
    assert not list(tmp_path.iterdir())


def test_samples_are_the_letters_themselves(tmp_path: Path) -> None:
    queue = [*letters(2), replace(letter(), address="nobody"), letter("eve@example.com")]
    paths = write_samples(tmp_path / "dry-run", campaign(), queue)
    assert [path.name for path in paths] == [f"{ISSUE}-1.eml", f"{ISSUE}-2.eml", f"{ISSUE}-3.eml"]
    assert paths[2].read_bytes() == MessageTemplate.of(campaign()).message(queue[3])
    assert sorted(paths) == sorted((tmp_path / "dry-run").iterdir())


def test_samples_that_cannot_be_written_are_a_matter_of_configuration(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigurationError, match="cannot write letters"):
        write_samples(tmp_path / "file", campaign(), letters(1))


def test_what_an_outbox_cannot_express_is_said_before(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.check(campaign())
    with pytest.raises(ConfigurationError, match=r"publication\.from"):
        outbox.check(campaign(from_="nobody"))
    assert outbox.abilities.readers_per_call == 100
    assert not outbox.abilities.letter_by_letter
