"""The table of keys, from which the manual is made."""

from __future__ import annotations

import json
import tomllib

import pytest

from digest.config.keys import Key, known_keys

KEYS = {key.key: key for key in known_keys()}


@pytest.mark.parametrize("key", known_keys(), ids=lambda key: key.key)
def test_every_key_says_in_one_line_what_it_does(key: Key) -> None:
    assert key.description.endswith(".")
    assert "\n" not in key.description
    assert len(key.description) <= 100
    assert key.kind
    assert not (key.required and key.default)
    if key.default:
        assert tomllib.loads(f"value = {key.default}")["value"] == json.loads(key.default)


def test_a_key_tells_its_kind_its_default_and_its_variable() -> None:
    closes, at_once, member = KEYS["week.closes"], KEYS["fetch.at_once"], KEYS["sections.max"]
    assert (closes.kind, closes.default, closes.required) == ("text", "", True)
    assert (closes.variable, KEYS["publication.from"].variable) == ("DIGEST_WEEK_CLOSES", "DIGEST_PUBLICATION_FROM")
    assert (at_once.kind, at_once.default, at_once.required) == ("whole number", "8", False)
    assert (member.variable, member.default) == ("", "5")
    assert KEYS["notice.until"].kind == "date"
    assert (KEYS["sections"].kind, KEYS["sections"].required) == ("list of tables", False)
    assert (KEYS["exclude.titles"].kind, KEYS["preview.folders"].kind) == ("list of texts", "table of texts")
    assert (KEYS["delivery.warm_up"].kind, KEYS["delivery.domains"].kind) == (
        "list of whole numbers",
        "table of whole numbers",
    )
    assert KEYS["delivery.provider"].default == '"outbox"'


def test_no_key_is_a_secret() -> None:
    assert not [name for name in KEYS if "password" in name or "api_key" in name or "secret" in name]
