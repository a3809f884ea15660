"""The tables of back issues. All that is in them is made of the archive and can be made again."""

from __future__ import annotations

from sqlalchemy import DDL, Column, ForeignKey, Table, Text, event

from digest.record.schema_gathering import metadata

# An issue that has gone out, as lists show it: `shown` is a model.BackIssue in JSON. `fault` says why it cannot be
# shown.
back_issue = Table(
    "back_issue",
    metadata,
    Column("issue", Text, ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True),
    Column("shown", Text, nullable=False, server_default=""),
    Column("fault", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)

# The stories of back issues, for searching (https://www.sqlite.org/fts5.html). A row's number tells issue and place.
_STORIES = (
    "CREATE VIRTUAL TABLE back_issue_story USING fts5"
    "(headline, deck, about, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
)
event.listen(metadata, "after_create", DDL(_STORIES))  # type: ignore[no-untyped-call]
