"""The tables of gathering: sources, what they said, and what became known of that afterwards."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from digest.record.instants import Instant

metadata = MetaData()

# `api` and what follows are as in `model.KnownSource`.
source = Table(
    "source",
    metadata,
    Column("url", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("moved_to", Text, nullable=False, server_default=""),
    Column("first_read_at", Instant),
    Column("last_good_at", Instant),
    Column("failing_since", Instant),
    Column("last_error", Text, nullable=False, server_default=""),
    Column("api", Text, nullable=False, server_default=""),
    Column("covered_since", Instant),
    Column("whole_at", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("retry_at", Instant),
    Column("told_until", Instant),
    Column("retired_at", Instant),
    Column("complete", Boolean, nullable=False, server_default="0"),
    Column("why", Text, nullable=False, server_default=""),
)

# Every address of a source that was read, as it was: what "has it changed?" is asked with.
source_page = Table(
    "source_page",
    metadata,
    Column("source", Text, ForeignKey("source.url", ondelete="CASCADE"), primary_key=True),
    Column("address", Text, primary_key=True),
    Column("etag", Text, nullable=False, server_default=""),
    Column("last_modified", Text, nullable=False, server_default=""),
    Column("body_hash", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)

# `gone_since` is when its site had it no more, `compared_at` when it was last compared with other entries by its
# gist. The long texts come last, so that a look at the others reads no overflow pages.
entry = Table(
    "entry",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("source", Text, ForeignKey("source.url"), nullable=False),
    Column("identity", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("first_seen", Instant, nullable=False, index=True),
    Column("last_changed", Instant, nullable=False),
    Column("published", Instant, index=True),
    Column("updated", Instant),
    Column("title", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("categories", Text, nullable=False),
    Column("pictures", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("source", "identity"),
    Column("seconds", Integer, nullable=False, server_default="0"),
    Column("gone_since", Instant),
    Column("compared_at", Instant),
)

# A source's newest story, and its last weeks.
Index("entry_dated", entry.c.source, entry.c.published, entry.c.first_seen)

# Found without looking at the entries of years: those whose gist is still to be compared.
Index("entry_uncompared", entry.c.key, sqlite_where=text("compared_at IS NULL"))

# The words of an entry's headline and opening by which it is compared; `dated` is when it counts as published. In a
# table of its own, so that the gists of two months are read without their entries' texts.
gist = Table(
    "gist",
    metadata,
    Column("entry_key", Integer, ForeignKey("entry.key", ondelete="CASCADE"), primary_key=True),
    Column("dated", Instant, nullable=False, index=True),
    Column("words", Text, nullable=False, server_default=""),
)

# What an article's own page said: `page` is a model.ArticlePage in JSON, empty after a failure.
article = Table(
    "article",
    metadata,
    Column("entry_key", Integer, ForeignKey("entry.key", ondelete="CASCADE"), primary_key=True),
    Column("address", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("error", Text, nullable=False, server_default=""),
    Column("page", Text, nullable=False, server_default=""),
)

# A picture in one of the letter's crops, as it was fetched last. `kind` and `original_…` are of the site's file; `name`
# to `bytes` are the print's, of which a refused one has none but a reason. `passing` ones are asked for again.
picture = Table(
    "picture",
    metadata,
    Column("address", Text, primary_key=True),
    Column("crop", Text, primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("kind", Text, nullable=False, server_default=""),
    Column("original_width", Integer, nullable=False, server_default="0"),
    Column("original_height", Integer, nullable=False, server_default="0"),
    Column("width", Integer, nullable=False, server_default="0"),
    Column("height", Integer, nullable=False, server_default="0"),
    Column("bytes", Integer, nullable=False, server_default="0"),
    Column("asked_at", Instant, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("passing", Boolean, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

# Two entries that tell the same story in other words; the later one first.
likeness = Table(
    "likeness",
    metadata,
    Column("entry_key", Integer, ForeignKey("entry.key", ondelete="CASCADE"), primary_key=True),
    Column("other_key", Integer, ForeignKey("entry.key", ondelete="CASCADE"), primary_key=True, index=True),
    Column("score", Float, nullable=False),
    Column("why", Text, nullable=False, server_default=""),
    Column("found_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# A story that was changed on its site after it had run.
correction = Table(
    "correction",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("issue", Text, ForeignKey("issue.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("entry_key", Integer, ForeignKey("entry.key"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("address", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
)
