"""Back issues as pages, feeds and lists for search engines. Pure: what has gone out comes in as values."""
