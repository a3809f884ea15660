"""The way to an address and back: one request with its limits, its manners and its safety. Knows no dialect."""
