"""The preview: the made-up issue in the browser of whoever makes it up."""
