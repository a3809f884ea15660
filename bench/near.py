"""`python -m bench.near`: near duplicates of 500 new entries among 10,000 of the last sixty days, out of a real store.

Prints seconds (the making and reading of gists and the keeping of the pairs included), and the ratio to rapidfuzz alone
on the same texts in the same run: every new one against every old one, as if there were no index.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rapidfuzz import fuzz, process
from sqlalchemy import text, update

from digest.comparing import compare
from digest.edit.common_words import OF_THE_LANGUAGE
from digest.model import Entry, FetchedSource, SourceStatus
from digest.record import schema
from digest.record.store import Store

OLD, NEW, COPIES, RUNS = 10_000, 500, 50, 5
MOST = 2.0
"""Seconds that were promised."""
NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
SLICE = 8
"""So many of the new texts are compared bare, and the time is multiplied: all of them take a minute."""


def words(chance: random.Random) -> list[str]:
    """Words, the most frequent first: those of the language, of which half of a text is made, and invented ones."""
    syllables = [a + b for a in "bdfgklmnprst" for b in ("a", "e", "i", "o", "u", "an", "er", "il", "or")]
    invented = sorted({"".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(30_000)})
    return [*sorted(OF_THE_LANGUAGE)[:120], *invented]


def entries(count: int, first: int, vocabulary: list[str], chance: random.Random) -> Iterator[Entry]:
    """Stories whose words are as unevenly frequent as in newspapers (Zipf), with names and figures."""
    weights = [1 / (rank + 10) for rank in range(len(vocabulary))]
    names = vocabulary[-12_000:]
    for number in range(first, first + count):
        told = chance.choices(vocabulary, weights, k=130)
        for place in range(5, 130, 11):
            told[place] = chance.choice(names).capitalize() if place % 2 else str(chance.randint(2, 9_999))
        sentences = " ".join(" ".join(told[start : start + 18]).capitalize() + "." for start in range(0, 130, 18))
        yield Entry(
            source="Bench",
            identity=str(number),
            title=" ".join(told[:9]).capitalize(),
            link=f"https://bench.example/{number}/",
            content=f"<p>{sentences}</p>",
            published=NOW - timedelta(minutes=chance.randint(0, 59 * 24 * 60)),
        )


def keep(store: Store, found: list[Entry]) -> None:
    """Puts entries into the store, as a gather does."""
    url = "https://bench.example/feed/"
    fetched = FetchedSource(name="Bench", url=url, status=SourceStatus.OK, entries=tuple(found))
    store.sources.keep(fetched, now=NOW)


def main() -> int:
    """Prints the figures; 1 when it took longer than was promised."""
    chance = random.Random(7)
    vocabulary = words(chance)
    old = list(entries(OLD, 0, vocabulary, chance))
    copies = [copy_of(each, chance) for each in chance.sample(old, COPIES)]
    new = [*entries(NEW - COPIES, OLD, vocabulary, chance), *copies]
    with tempfile.TemporaryDirectory() as folder, Store.open(f"sqlite:///{Path(folder) / 'bench.db'}") as store:
        keep(store, old)
        compare(store, NOW)
        keep(store, new)
        took = [timed(store) for _ in range(RUNS)]
        seconds, busy = (statistics.median(times) for times in zip(*took, strict=True))
        with store._database.reading() as connection:
            pairs = connection.execute(text("SELECT count(*) FROM likeness WHERE entry_key > :old"), {"old": OLD})
            print(f"{NEW} new against {OLD} of sixty days: {pairs.scalar()} pairs, {COPIES} of them made for it")
    bare = floor(old, new)
    met = "yes" if seconds <= MOST else "no"
    print(
        f"ours {seconds:.2f} s (median of {RUNS}; at most {MOST:g} s: {met}), at work {busy:.2f} s; bare {bare:.1f} s"
    )
    print(f"ratio {seconds / bare:.3f}")
    return int(seconds > MOST)


def copy_of(entry: Entry, chance: random.Random) -> Entry:
    """The same story as a sister site tells it: another headline, the sentences' words in another order."""
    told = entry.content.removeprefix("<p>").removesuffix(".</p>").split(". ")
    kept = told[:1] + chance.sample(told[1:], len(told) - 2)
    return Entry(
        source="Bench",
        identity=f"copy of {entry.identity}",
        title=told[1],
        link=f"https://sister.example/{entry.identity}/",
        content=f"<p>{'. '.join(kept)}.</p>",
        published=entry.published,
    )


def timed(store: Store) -> tuple[float, float]:
    """Seconds of one comparing of the new ones, as if they had just come: by the clock, and of the processor."""
    with store._database.writing() as connection:
        connection.execute(update(schema.entry).where(schema.entry.c.key > OLD).values(compared_at=None))
    began, worked = time.perf_counter(), time.process_time()
    compare(store, NOW)
    return time.perf_counter() - began, time.process_time() - worked


def floor(old: list[Entry], new: list[Entry]) -> float:
    """Seconds that rapidfuzz alone takes to compare each new text with each old one."""
    some = [f"{each.title} {each.content}" for each in new[:SLICE]]
    began = time.perf_counter()
    for each in some:
        process.extract(each, [f"{one.title} {one.content}" for one in old], scorer=fuzz.token_set_ratio, limit=1)
    return (time.perf_counter() - began) * NEW / SLICE


if __name__ == "__main__":
    sys.exit(main())
