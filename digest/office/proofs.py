"""The issue to look at, before it is kept and sent: the facade for `preview`.

A proof is made as `compose` makes an issue, in a publication whose archive and store are copies, and so costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path

from digest.deliver.campaign import campaign_of
from digest.deliver.letters import write_letter
from digest.deliver.message import MessageTemplate
from digest.errors import RecordError
from digest.model import Issue, IssueRecord, IssueState, Preflight, RenderedIssue, Subscriber
from digest.model.preview import Kept, Specimen, View
from digest.office.clearance import INVENTED
from digest.office.publication import Publication
from digest.pipeline import body_of, variants_of
from digest.render.browser_copy import file_in, for_browser
from digest.render.languages import language_of
from digest.render.letter import render_issue
from digest.render.looks import as_seen
from digest.render.slots import fill_html, fill_text, neutral_values

NO_LETTER = "No letter this week: there is too little in the sections that this reader chose."
_STILL_OPEN = {None, IssueState.COMPOSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The issue as composing would make it up now, or as it went out. `record` is the store's line on it, None before
    it was made up; `kept` tells how it stands to what would be sent."""

    issue: Issue
    rendered: RenderedIssue
    record: IssueRecord | None
    kept: Kept


class Proofs:
    """Makes proofs in a dry run whose archive is a folder of its own, and shows them as their readers would see them.

    `publication.archive` holds the proof, `publication.desk` the issue that was made up.
    """

    def __init__(self, publication: Publication) -> None:
        self.publication = publication

    def proof(self, day: date | None = None) -> Proof:
        """The issue of `day`; without it the newest that was made up, else the one that is due.

        Raises what composing raises: TemplateError, TooFewStories, ConfigurationError, RecordError.
        """
        day = day or self._newest()
        record = self._record(day) if day else None
        if record and record.state not in _STILL_OPEN:
            issue, rendered = self.publication.desk.load(record.issue)
            self.publication.archive.keep(issue, rendered, self.publication.desk.pictures(record.issue))
            return Proof(issue=issue, rendered=rendered, record=record, kept=Kept.OUT)
        made = self.publication.compose(day, since=self._since(record))
        return Proof(issue=made.issue, rendered=made.rendered, record=record, kept=self._kept(made.rendered))

    def set_anew(self, proof: Proof) -> Proof:
        """The same issue, set by the templates as they are now: nothing is made up or kept. Raises TemplateError."""
        settings = self.publication.settings
        rendered = render_issue(proof.issue, settings.publication, templates=settings.templates)
        return replace(proof, rendered=rendered)

    def keep(self, proof: Proof) -> Proof:
        """Puts what was set anew into the proofs' own archive, and looks how it stands to the desk's."""
        archive = self.publication.archive
        archive.keep(proof.issue, proof.rendered, archive.pictures(proof.issue.id))
        return replace(proof, kept=self._kept(proof.rendered))

    def specimen(self, issue: Issue, rendered: RenderedIssue, reader: Subscriber = INVENTED) -> Specimen:
        """One reader's letter: every header, the HTML and the text as they would be sent to them, with the sections
        that they chose. Who would get too little gets no letter, and that is what stands there."""
        publication, settings = self.publication, self.publication.settings
        variant = variants_of(issue, [reader.categories], settings)[reader.categories]
        if variant is None:
            return Specimen(headers="", html=f"<!doctype html><p>{NO_LETTER}</p>", text=NO_LETTER)
        rendered = body_of(issue, rendered, variant, settings)
        campaign = campaign_of(rendered, publication.settings, date=publication.clock())
        letter = write_letter(reader, issue=rendered.issue, addressing=publication.addressing)
        head, _, _ = MessageTemplate.of(campaign).message(letter).partition(b"\r\n\r\n")
        return Specimen(
            headers=head.decode("utf-8", "replace").replace("\r\n", "\n"),
            html=fill_html(rendered.html, rendered.slots, letter.slots),
            text=fill_text(rendered.text, rendered.slots, letter.slots),
        )

    def page(self, specimen: Specimen, view: View, place: Callable[[int, Path], str] | None = None) -> str:
        """The letter's HTML as a mailbox shows it, pictures out of the folders that stand for their addresses.

        `place` gives the address of a file in the folder of a number; without it, pictures have file URIs.
        """
        folders = self.publication.picture_folders
        html = as_seen(specimen.html, view)
        return for_browser(html, folders, place) if place else for_browser(html, folders)

    def picture(self, number: int, path: str) -> Path | None:
        """The file at `path` in the folder of that number; None when there is none in it."""
        return file_in(self.publication.picture_folders, number, path)

    def readers(self, words: str, limit: int) -> tuple[Subscriber, ...]:
        """Readers of the list in whose address or name `words` stand. Raises ConfigurationError."""
        self.publication.roster()
        return self.publication.store.subscribers.search(words.strip(), limit)

    def reader(self, address: str) -> Subscriber:
        """The reader of that address; the invented one when the list has none."""
        found = self.publication.store.subscribers.find(address) if address else None
        return found.subscriber if found and found.listed else INVENTED

    def preflight(self, issue: str, *, links: bool) -> Preflight:
        """What is not as it should be with the proof. `links` asks for every link's answer."""
        return self.publication.preflight(issue, links=links)

    def _newest(self) -> date | None:
        return next((date.fromisoformat(record.issue) for record in self.publication.status(1)), None)

    def _record(self, day: date) -> IssueRecord | None:
        return self.publication.store.issues.record(day.isoformat())

    def _since(self, record: IssueRecord | None) -> date | None:
        """The day that `compose --since` was given, where it was: then the issue opens with a local day."""
        if record is None:
            return None
        opens = record.window.opens.astimezone(self.publication.settings.publication.timezone)
        return opens.date() if opens.time() == time() else None

    def _kept(self, rendered: RenderedIssue) -> Kept:
        desk = self.publication.desk
        if rendered.issue not in desk.ids():
            return Kept.NOT_YET
        try:
            made_up = desk.load(rendered.issue)[1]
        except RecordError:  # it was altered by hand: it will not be sent as it is
            return Kept.CHANGED
        return Kept.AS_SHOWN if self._seen(made_up) == self._seen(rendered) else Kept.CHANGED

    def _seen(self, rendered: RenderedIssue) -> tuple[str, ...]:
        """All that a reader sees. Markers tell the instant of making up, which nobody sees."""
        settings = self.publication.settings
        values = neutral_values(settings.publication, language_of(settings.publication.language, settings.templates))
        html, text = fill_html(rendered.html, rendered.slots, values), fill_text(rendered.text, rendered.slots, values)
        return rendered.subject, rendered.preheader, html, text
