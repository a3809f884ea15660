"""The readers' pages: sign-up, leaving, choices, back issues, and what mail services tell us."""
