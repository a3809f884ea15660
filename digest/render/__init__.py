"""Makes an issue up as mail: subject, preheader, HTML and plain text. `digest.render.letter` is the way in."""
