"""The front end for browsers. `digest.web.server` serves the preview, `digest.web.shots` takes its pictures."""
