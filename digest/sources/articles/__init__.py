"""Articles: what the page of one story says of it."""
