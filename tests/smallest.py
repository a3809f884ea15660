"""The least that a digest.toml must say."""

from __future__ import annotations

LEAST = """\
[publication]
name = "Closing Arguments"
publisher = "The Docket"
site = "https://docket.example/"
postal_address = "12 Court Street, Springfield"
timezone = "America/Los_Angeles"
from = "Closing Arguments <letters@docket.example>"

[week]
closes = "Friday 06:00"

[[sources]]
feed = "feeds/main.xml"
"""
