"""The table of what mail programs support: which of them knows a feature, knows it in part, or does not.

`support.json` is made from the data of Can I email (caniemail.com, MIT); it holds its source, commit and date. One
letter for each client, in the order of `clients`: `y` yes, `a` in part, `n` no, `u` nobody knows. Where a client stands
for several programs (Gmail's apps), it is the worst of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("support.json")

NO, PARTLY = "n", "a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """The table, and where it is from. `names` are the clients as people call them."""

    source: str
    commit: str
    date: str
    names: Mapping[str, str]
    features: Mapping[str, Mapping[str, str]]
    titles: Mapping[str, str]


@lru_cache(maxsize=1)
def support() -> Support:
    """The shipped table."""
    kept = json.loads(TABLE.read_text(encoding="utf-8"))
    clients = tuple(kept["clients"])
    return Support(
        source=kept["source"],
        commit=kept["commit"],
        date=kept["date"],
        names=kept["clients"],
        features={name: dict(zip(clients, row[0], strict=True)) for name, row in kept["features"].items()},
        titles={name: row[1] for name, row in kept["features"].items()},
    )


@lru_cache(maxsize=1)
def known_features() -> frozenset[str]:
    """Every feature that the table has a row for."""
    return frozenset(support().features)


@lru_cache(maxsize=8192)
def clients_that(say: str, feature: str, clients: frozenset[str]) -> frozenset[str]:
    """Those of `clients` of which the table says so (NO or PARTLY) for a feature."""
    row = support().features[feature]
    return frozenset(client for client in clients if row[client] == say)
