"""The readers' pages of a small publication with two readers, and links as their letters have them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.testclient import TestClient

from digest.config import load
from digest.model import RosterRow
from digest.model.readers import Reader
from digest.office.addressing import addressing_of
from digest.office.pages import Pages
from digest.record.archive import Archive
from digest.record.location import url_of
from digest.record.store import Store
from digest.web.site.application import application
from tests.smallest import LEAST

ANA, BEN = "ana@reader.example", "ben@reader.example"
SECTIONS = '[[sections]]\nname = "National"\ncategories = ["US"]\n\n[[sections]]\nname = "Politics"\n'


class House:
    """The pages, a visitor of them, and a clock to turn on."""

    def __init__(self, folder: Path, store: Store, settings_too: str = "") -> None:
        (folder / "digest.toml").write_text(f"{LEAST}\n{SECTIONS}\n{settings_too}", encoding="utf-8")
        self.now = datetime(2026, 11, 25, 9, tzinfo=UTC)
        self.store = store
        settings = load(folder / "digest.toml", {})
        self.pages = Pages(settings, store, Archive(settings.archive), lambda: self.now)
        self.visitor = TestClient(application(self.pages), base_url="https://letters.docket.example")

    def pass_(self, time: timedelta) -> None:
        self.now += time

    def reader(self, address: str = ANA) -> Reader:
        found = self.store.readers.find(address)
        assert found is not None
        return found

    def link(self, kind: str, address: str = ANA) -> str:
        """The path of a letter's link: `u` to leave, `p` to choose."""
        reader = self.reader(address)
        leave, choose = addressing_of(self.pages.settings, self.store).links.pair(reader.number, reader.address)
        return f"{self.pages.root}{kind}/{leave if kind == 'u' else choose}"


@contextmanager
def open_house(folder: Path, settings_too: str = "") -> Iterator[House]:
    """The pages with Ana and Ben on the list."""
    with Store.open(url_of(folder / "store.db")) as store:
        rows = [
            RosterRow(line=line, address=address, domain="reader.example", name=address.partition("@")[0].title())
            for line, address in enumerate((ANA, BEN), start=2)
        ]
        store.subscribers.keep(rows, path="subscribers.csv", stamp="1", now=datetime(2026, 11, 1, tzinfo=UTC))
        yield House(folder, store, settings_too)
