"""Whether an issue may leave: the facade for the preflight, and the record of who let an issue go all the same."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime

from digest.clock import Clock
from digest.deliver import headers
from digest.deliver.campaign import campaign_of
from digest.deliver.letters import Addressing, write_letter
from digest.deliver.message import MessageTemplate
from digest.edit.issue import story_key
from digest.errors import ConfigurationError, NotCleared
from digest.model import Issue, IssueState, Letter, LinkAnswer, Preflight, RenderedIssue, Slot, Subscriber
from digest.model.feedback import Figures
from digest.preflight import addresses, links, spam
from digest.preflight.inspected import Inspected
from digest.preflight.inspection import preflight
from digest.preflight.registry import NAMES
from digest.record.archive import Archive
from digest.record.store import Store
from digest.render.slots import fill_html, fill_text
from digest.settings import Settings

INVENTED = Subscriber(address="reader@example.com", name="Ana Reader")
_OUT = {IssueState.SENDING, IssueState.SENT, IssueState.STOPPED}


class Clearance:
    """The preflight of one publication's issues. `addressing` is asked for only where a letter is written: it reads the
    catalogue of the language, which may be broken."""

    def __init__(
        self, settings: Settings, store: Store, archive: Archive, addressing: Callable[[], Addressing], clock: Clock
    ) -> None:
        self._settings = settings
        self._store = store
        self._archive = archive
        self._addressing = addressing
        self._clock = clock

    def preflight(self, issue: str, *, links: bool, ask_for_spam: bool = False) -> Preflight:
        """Looks at an issue as an invented reader gets it. `links` are asked for when wanted, unless they answered
        minutes ago. Raises RecordError, and ConfigurationError where SpamAssassin is wanted and missing."""
        made, rendered = self._archive.load(issue)
        found = self.look_at(made, rendered, links=links)
        if ask_for_spam:
            letter = write_letter(INVENTED, issue=issue, addressing=self._addressing())
            campaign = campaign_of(rendered, self._settings, date=self._clock())
            found = spam.judged(found, spam.score(MessageTemplate.of(campaign).message(letter)))
        return found

    def look_at(self, made: Issue, rendered: RenderedIssue, *, links: bool) -> Preflight:
        """The same for an issue that need not be kept anywhere."""
        letter = write_letter(INVENTED, issue=made.id, addressing=self._addressing())
        inspected = self._inspected(made, rendered, letter)
        found = preflight(inspected, self._answers(inspected, letter, ask=links), self._settings)
        overridden = frozenset(each.check for each in self._store.preflights.overrides(made.id))
        return replace(found, overridden=overridden, fingerprint=rendered.fingerprint)

    def clear(self, rendered: RenderedIssue, found: Preflight, *, despite: Collection[str] = ()) -> None:
        """Lets an issue go, or raises NotCleared when it has errors that nobody overrode; `despite` names checks whose
        errors do not count, which is put on record. An issue that is on its way already is let go.

        Raises ConfigurationError for a name that no check has.
        """
        issue = rendered.issue
        self.check_names(despite)
        if found.fingerprint != rendered.fingerprint:
            raise NotCleared(f"{issue} was made up again since it was looked at", hint="look at it, and send it again")
        self.refuse(issue, found, despite=despite)
        overridden = {error.check for error in found.errors} & set(despite)
        self._store.preflights.override(issue, overridden, who=_who(), now=self._clock())

    def refuse(self, issue: str, found: Preflight, *, despite: Collection[str] = ()) -> None:
        """Raises NotCleared when the issue may not go. Puts nothing on record."""
        found = replace(found, overridden=found.overridden | frozenset(despite))
        if found.blocking and not self.is_under_way(issue):
            raise NotCleared(
                f"{issue} is kept back: the preflight found {_count(found)}",
                hint=f"correct it and make it up again; or send it all the same: {_despite(found)}",
            )

    def is_under_way(self, issue: str) -> bool:
        """Whether letters of the issue may be out already."""
        record = self._store.issues.record(issue)
        return record is not None and record.state in _OUT

    @staticmethod
    def check_names(despite: Collection[str]) -> None:
        """Raises ConfigurationError for a name that no check has."""
        wrong = sorted(set(despite) - NAMES)
        if wrong:
            raise ConfigurationError(
                f"--despite {wrong[0]}: there is no such check", hint=f"checks are {', '.join(sorted(NAMES))}"
            )

    def _inspected(self, issue: Issue, rendered: RenderedIssue, letter: Letter) -> Inspected:
        now, publication = self._clock(), self._settings.publication
        ran = self._store.entries.already_ran(before=issue.id)
        return Inspected(
            issue=issue,
            subject=rendered.subject,
            preheader=rendered.preheader,
            html=fill_html(rendered.html, rendered.slots, letter.slots),
            text=fill_text(rendered.text, rendered.slots, letter.slots),
            headers=self._headers(rendered, letter, now),
            unsubscribe=letter.slots[Slot.UNSUBSCRIBE],
            web_view=f"{publication.web}issues/{date.fromisoformat(issue.id).isoformat()}/",
            now=now,
            ran={story.address: ran[key] for story in issue.stories if (key := story_key(story)) in ran},
            last=self._last(issue.date),
            sources=self._store.standings.of([each.feed for each in self._settings.sources], since=issue.window.opens),
        )

    def _last(self, day: date) -> Figures:
        record = self._store.issues.last_sent(before=day)
        return self._store.mail_events.rates(record.issue) if record else Figures()

    def _headers(self, rendered: RenderedIssue, letter: Letter, now: datetime) -> dict[str, str]:
        campaign = campaign_of(rendered, self._settings, date=now)
        mailed = headers.mailed_unsubscribe(campaign)
        return {**headers.bulk_headers(campaign), "List-Unsubscribe": headers.list_unsubscribe(letter, mailed)}

    def _answers(self, inspected: Inspected, letter: Letter, *, ask: bool) -> dict[str, LinkAnswer]:
        known = addresses.in_folders(inspected.html, self._settings.preview_folders)
        if not ask:
            return known
        now = self._clock()
        known = {**self._store.preflights.fresh_answers(now=now), **known}
        own = {inspected.web_view, *letter.slots.values()}
        asked = links.ask(addresses.to_ask(inspected.html, own, known))
        if asked:
            self._store.preflights.keep_answers(asked.values(), now=now)
        return {**known, **asked}


def _count(found: Preflight) -> str:
    count = len(found.blocking)
    return f"{count} error{'' if count == 1 else 's'}"


def _despite(found: Preflight) -> str:
    return "digest send " + " ".join(f"--despite {check}" for check in dict.fromkeys(e.check for e in found.blocking))


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody without a name on this machine"
