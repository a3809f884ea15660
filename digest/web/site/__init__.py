"""The readers' pages, and what mail services tell us."""
