"""Found words, marked for a page."""

from __future__ import annotations

from markupsafe import Markup, escape

from digest.model.back_issues import MARK_BEGINS, MARK_ENDS


def marked_words(text: str) -> Markup:
    """`text` as HTML, with `<mark>` around what a search found in it."""
    made = str(escape(text)).replace(MARK_BEGINS, "<mark>").replace(MARK_ENDS, "</mark>")
    return Markup(made)  # noqa: S704 - everything that is not ours was escaped
