"""The edit room: turns what feeds said into an issue. Pure decisions; no file, clock or network."""
