"""Somebody is erased: no file of the publication but the operator's own list has a byte of them."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from digest.audience.roster import stamp_of, stream_roster
from digest.config.load import load
from digest.model import Answer, LetterState, Receipt
from digest.model.readers import OPERATOR, Choice, Ground
from digest.office.forgetting import forget
from digest.record.journal import Journal
from digest.record.store import Store
from digest.settings import Settings
from tests.unit.audience.reading import empty_store
from tests.unit.record.newsroom import ISSUE, NOW, claim, composed, sender, settle

ANA = "ana@reader.example"
SETTINGS = load(Path(__file__).resolve().parents[3] / "digest.toml", {})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "digest.db").write_bytes(empty_store())
    path = tmp_path / "subscribers.csv"
    path.write_text(f"email,name\nAna@Reader.example,Anabel\nx {ANA},\njo{ANA},Joan\n", encoding="utf-8")
    delivery = replace(SETTINGS.delivery, outbox=tmp_path / "outbox")
    return replace(SETTINGS, subscribers=path, delivery=delivery, store_url=f"sqlite:///{tmp_path / 'digest.db'}")


def letter(folder: Path, name: str, to: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    message = EmailMessage()
    message["Subject"] = "Closing Arguments"
    message["To"] = to
    message.set_content("Dear reader,")
    path = folder / f"{name}.eml"
    path.write_bytes(bytes(message))
    return path


def traces(settings: Settings, words: str) -> list[str]:
    folder = settings.subscribers.parent
    files = [path for path in folder.rglob("*") if path.is_file() and path != settings.subscribers]
    return [path.name for path in files if words.encode() in path.read_bytes().lower().replace(b"joana@", b"")]


def test_no_file_has_a_byte_of_them(settings: Settings) -> None:
    outbox = settings.delivery.outbox
    theirs = letter(outbox / ISSUE, "a", f"Anabel <{ANA}>"), letter(outbox / "dry-run" / ISSUE, "1", ANA.upper())
    others = letter(outbox / ISSUE, "b", f"Joan <jo{ANA}>")
    with Store.open(settings.store_url) as store:
        path = settings.subscribers
        store.subscribers.keep(stream_roster(path), path=str(path), stamp=stamp_of(path), now=NOW)
        composed(store)
        store.ledger.plan(ISSUE, now=NOW)
        settle(store, claim(store, sender(store), 1), LetterState.REFUSED, words=f"550 no <{ANA}>", tried=True)
        store.readers.ask(ANA, Choice(name="Anabel"), OPERATOR, now=NOW)
        journal = Journal(store.senders.folder, "alive")
        journal.answered(7, Receipt(key=1, answer=Answer.NOT_TAKEN, words=f"550 <{ANA.title()}> unknown"))
        assert len(traces(settings, ANA)) > 3
        assert forget(settings, store, ANA, NOW)
        assert traces(settings, ANA) == traces(settings, "anabel") == []
        journal.answered(7, Receipt(key=2, answer=Answer.TAKEN))
        assert journal.path.read_bytes().startswith(b"D\t7\t1\t")
        assert not any(one.exists() for one in theirs)
        assert others.exists()

        path.write_text(f"{path.read_text(encoding='utf-8')}new@reader.example,\n", encoding="utf-8")
        store.subscribers.keep(stream_roster(path), path=str(path), stamp=stamp_of(path), now=NOW)
        assert store.readers.ground_of(ANA) is Ground.FORGOTTEN
        assert [one.address for one in store.subscribers.sample(9)] == [f"jo{ANA}", "new@reader.example"]
        journal.close(keep=True)


def test_what_was_cut_short_is_done_again(settings: Settings) -> None:
    with Store.open(settings.store_url) as store:
        assert not forget(settings, store, ANA, NOW)
        letter(settings.delivery.outbox / ISSUE, "a", ANA)
        assert forget(settings, store, ANA, NOW)
        assert not forget(settings, store, ANA, NOW)
