"""What outlives a preflight."""

from __future__ import annotations

from datetime import timedelta

from digest.model import LinkAnswer, Reached
from digest.record.preflights import FRESH
from digest.record.store import Store
from tests.unit.record.newsroom import ISSUE, NOW, composed


def test_who_sent_an_issue_despite_what_is_kept(store: Store) -> None:
    composed(store)
    store.preflights.override(ISSUE, {"links.dead", "access.alt"}, who="imogen", now=NOW)
    store.preflights.override(ISSUE, set(), who="nobody", now=NOW)
    made = store.preflights.overrides(ISSUE)
    assert [(each.check, each.who, each.at) for each in made] == [
        ("access.alt", "imogen", NOW),
        ("links.dead", "imogen", NOW),
    ]
    assert store.preflights.overrides("2026-11-27") == ()
    composed(store)  # another issue of that date, which nobody has looked at
    assert store.preflights.overrides(ISSUE) == ()


def test_answers_are_fresh_for_minutes_and_failures_never(store: Store) -> None:
    there = LinkAnswer(address="https://a.example/", reached=Reached.ANSWERS, moved_to="https://b.example/", size=7)
    gone = LinkAnswer(address="https://c.example/", reached=Reached.GONE, words="404")
    store.preflights.keep_answers([there, gone], now=NOW)
    assert store.preflights.fresh_answers(now=NOW + timedelta(minutes=5)) == {there.address: there}
    assert store.preflights.fresh_answers(now=NOW + FRESH) == {}
    store.preflights.keep_answers([there], now=NOW + FRESH)
    assert list(store.preflights.fresh_answers(now=NOW + FRESH)) == [there.address]
