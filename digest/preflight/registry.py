"""Every check that there is: its name, what it is about, how grave it is, and the function that makes it.

A check's name is what an error is overridden by (`digest send --despite links.dead`); it does not change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from digest.model import Severity
from digest.preflight.checks import accessibility, content, contrast, links, pictures, rates, size, support
from digest.preflight.fault import Fault
from digest.preflight.inspected import Look

_E, _W = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `figure` gives the number that goes with it when nothing is wrong; `asks` says that it knows nothing
    unless links were asked for."""

    name: str
    severity: Severity
    title: str
    run: Callable[[Look], Iterator[Fault]]
    figure: Callable[[Look], str] = lambda look: ""
    asks: bool = False


CHECKS = (
    Check("support.lost", _E, "Every mail program shows all of it", support.lost),
    Check("support.shifted", _W, "The page stays in shape", support.shifted),
    Check("support.padding", _W, "Outlook keeps the distances", support.padded),
    Check("support.styles", _E, "The style sheets can be read", support.broken_styles),
    Check("size.html", _E, "Size", size.html, size.html_figure),
    Check("size.styles", _W, "Style sheets within Gmail's limit", size.style),
    Check("size.text", _E, "Text part", size.text),
    Check("size.subject", _W, "Subject", size.subject),
    Check("size.preheader", _W, "Preheader", size.preheader),
    Check("links.empty", _E, "Every link has an address", links.empty),
    Check("links.dead", _E, "Links answer", links.dead, links.figure, asks=True),
    Check("links.pages", _W, "The publication's pages answer", links.own_pages, asks=True),
    Check("links.private", _E, "No link into a private network", links.private, asks=True),
    Check("links.doubtful", _W, "Links answer at once", links.doubtful, asks=True),
    Check("links.moved", _W, "Links lead there directly", links.moved, asks=True),
    Check("links.unchecked", _W, "Links were checked", links.unasked, asks=True),
    Check("links.ran", _W, "No story that ran before", links.ran),
    Check("links.unsubscribe", _E, "A way to unsubscribe", links.unsubscribe),
    Check("links.postal", _E, "The postal address", links.postal_address),
    Check("links.web", _E, "A copy on the web", links.web_view),
    Check("links.headers", _E, "List headers", links.list_headers),
    Check("access.language", _E, "Language", accessibility.language),
    Check("access.title", _E, "Title", accessibility.title),
    Check("access.headings", _E, "Headings in order", accessibility.headings),
    Check("access.tables", _E, "Layout tables say so", accessibility.tables),
    Check("access.alt", _E, "Alt texts", accessibility.alternatives),
    Check("access.caption", _W, "Alt texts are no captions", accessibility.captions_again),
    Check("access.links", _E, "Links say where they lead", accessibility.link_texts),
    Check("access.enlarged", _E, "Text can be doubled", accessibility.enlarged),
    Check("access.small", _W, "No small print", accessibility.small),
    Check("access.order", _E, "Read as it looks", accessibility.reading_order),
    Check("contrast.light", _E, "Contrast", contrast.light, contrast.least),
    Check("contrast.dark", _E, "Contrast in the dark", contrast.dark),
    Check("contrast.turned", _E, "Contrast turned over", contrast.turned),
    Check("pictures.there", _E, "Pictures are there", pictures.there),
    Check("pictures.light", _W, "Pictures are light", pictures.light),
    Check("pictures.format", _W, "Pictures in JPEG or PNG", pictures.readable),
    Check("pictures.size", _W, "Width and height", pictures.sized),
    Check("pictures.credit", _W, "Credits", pictures.credited),
    Check("content.thin", _W, "No thin section", content.thin),
    Check("content.sources", _W, "Sources speak", content.silent_sources),
    Check("content.complete", _W, "The week is complete", content.incomplete),
    Check("content.placeholder", _E, "Nothing left to fill in", content.placeholders),
    Check("content.story", _W, "Nothing left to fill in in stories", content.placeholders_in_stories),
    Check("content.alike", _W, "No story twice", content.alike),
    Check("content.name", _W, "The publication's name", content.misspelt),
    Check("rates.complaints", _E, "Complaints about the last issue", rates.complaints, rates.complaints_figure),
    Check("rates.bounces", _E, "Bounces of the last issue", rates.bounces, rates.bounces_figure),
    Check("content.note", _W, "The note's length", content.long_note),
)

SPAM = ("spam.score", "Spam score")
"""Made by another program, on request."""

NAMES = frozenset(check.name for check in CHECKS) | {SPAM[0]}
