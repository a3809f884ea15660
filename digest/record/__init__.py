"""The record room: everything that must outlive the process. The store (SQLite) and the archive of issues (files)."""
