"""The preflight room: a letter that is about to leave is looked at once, and everything that is not right is said."""
