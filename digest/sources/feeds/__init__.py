"""Feeds: bytes of any dialect to the items that they hold."""
