"""The tables of readers: what they said and when, and what came back of their letters.

`subscriber` and `suppression` stand in `schema`, because letters are planned from them.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

from digest.record.instants import Instant
from digest.record.schema_gathering import metadata

# Who asked and has not confirmed yet. `nonce` is in the link that confirms it.
sign_up = Table(
    "sign_up",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("address", String(collation="NOCASE"), nullable=False, unique=True),
    Column("nonce", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("categories", Text, nullable=False, server_default=""),
    Column("rhythm", Text, nullable=False, server_default=""),
    Column("language", Text, nullable=False, server_default=""),
    Column("timezone", Text, nullable=False, server_default=""),
    Column("asked_at", Instant, nullable=False, index=True),
    Column("letters", Integer, nullable=False, server_default="0"),
    Column("last_letter_at", Instant),
    Column("how", Text, nullable=False, server_default=""),
    Column("network", Text, nullable=False, server_default=""),
    Column("form", Text, nullable=False, server_default=""),
    Column("words", Text, nullable=False, server_default=""),
    Column("words_language", Text, nullable=False, server_default=""),
)

# The record of consent: what was said, when, from where, and the very words agreed to.
consent = Table(
    "consent",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("subscriber", Integer, ForeignKey("subscriber.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("act", Text, nullable=False),
    Column("how", Text, nullable=False, server_default=""),
    Column("network", Text, nullable=False, server_default=""),
    Column("form", Text, nullable=False, server_default=""),
    Column("words", Text, nullable=False, server_default=""),
    Column("words_language", Text, nullable=False, server_default=""),
)

# A list that was imported, told once for everybody whom it put on ours: `joined` of a subscriber is its `at`.
intake = Table(
    "intake",
    metadata,
    Column("at", Instant, primary_key=True, autoincrement=False),
    Column("how", Text, nullable=False, server_default=""),
    Column("form", Text, nullable=False, server_default=""),
    Column("words", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)

# How often something was tried: sign-ups from a network, to an address, in all. `bucket` holds no address or network as
# it is, only a keyed hash; `opens` is the beginning of the stretch of time that is counted.
attempt = Table(
    "attempt",
    metadata,
    Column("bucket", Text, primary_key=True),
    Column("opens", Instant, primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Letters to single readers that wait to leave: confirmations, links to one's own data. Rows go when they have left.
# `due` is when one that waits is to be tried, and until when the claim holds of one that is being sent. `network` is
# the bucket of the network that asked, as in `attempt`.
errand = Table(
    "errand",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("address", String(collation="NOCASE"), nullable=False, index=True),
    Column("payload", Text, nullable=False, server_default=""),
    Column("asked_at", Instant, nullable=False),
    Column("due", Instant, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("words", Text, nullable=False, server_default=""),
    Column("network", Text, nullable=False, server_default=""),
)

# What came back of letters, each thing once: `identity` is the same for every repeat. It lies in the order of issues
# and readers, so that a campaign's events fill neighbouring pages, and everything of one letter stands together.
mail_event = Table(
    "mail_event",
    metadata,
    Column("issue", Text, primary_key=True),
    Column("subscriber", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("identity", LargeBinary, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("words", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),
    Column("is_machine", Boolean, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

# Nearly every letter is delivered; this has the few of which something else is told.
Index("mail_event_telling", mail_event.c.issue, mail_event.c.kind, sqlite_where=text("kind <> 'delivered'"))
