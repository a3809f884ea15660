"""Name servers made of a table: what a test says of names, and nothing of others."""

from __future__ import annotations

from collections.abc import Mapping

from digest.health.answers import Answer, Ask

SERVFAIL = Answer(trouble="the name servers have no usable answer")


def naming(records: Mapping[str, Answer | str | tuple[str, ...]]) -> Ask:
    """`{"docket.example TXT": "v=spf1 -all"}`; several records as a tuple."""

    def ask(name: str, kind: str) -> Answer:
        told = records.get(f"{name} {kind}", ())
        if isinstance(told, Answer):
            return told
        return Answer(found=(told,) if isinstance(told, str) else told)

    return ask
