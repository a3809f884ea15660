"""Signing up: what a form says, whether it is taken, and the link that confirms it.

Everybody is told the same, and the same is done for everybody: a sign-up is kept and a letter queued, whether the
address is new, on the list, or must not be written to. Which letter leaves, if any, is decided when it does.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from digest.audience.addresses import BadAddress, normalise
from digest.audience.limits import Counter, Limit, counters, held_for, is_flood, until_next_hour
from digest.audience.tokens import BadToken, Purpose
from digest.audience.wishes import SECTIONS, Unclear, wished
from digest.edit.week import closings_after
from digest.model.consent import OPERATORS_ALONE
from digest.model.errands import LASTS, Averted, ErrandKind, Hold
from digest.model.forms import Form, first
from digest.model.readers import Choice, Origin, SignUp
from digest.office.limiting import hour_of, used_up
from digest.office.pages import Pages

FORM_LASTS = timedelta(days=1)
HONEYPOT = "website"
"""A field that nobody sees: who fills it is a robot."""

_LONGEST_ADDRESS = 320
_FLOOD_LASTS = timedelta(hours=1)


class Outcome(StrEnum):
    """What became of a form. A visitor is told ASKED too when a robot or a limit of the address was in the way."""

    ASKED = "asked"
    CLOSED = "closed"
    AGAIN = "again"
    """The form came back too soon or too late, or the words agreed to have changed since: it is to be sent again."""
    NO_ADDRESS = "no address"
    NO_AT = "no @"
    NO_ENDING = "no ending"
    BAD_ADDRESS = "bad address"
    NO_SECTION = "no section"
    NETWORK_FULL = "network full"
    ALL_FULL = "all full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who sent a form. `network` is their IP address, `page` the address of the page that the form stood in."""

    how: str
    network: str
    page: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a form says, as it is shown again. `outcome` is what became of it."""

    outcome: Outcome
    address: str = ""
    choice: Choice = field(default_factory=Choice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What somebody agrees to: the very words as plain text on one line, and what stands for them in a request."""

    language: str
    words: str
    mark: str


class SigningUp:
    """The sign-up of one publication. Threads may share it."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._letters = pages.letters_to_one
        self._settings = pages.settings.readers.sign_up
        self.sections = tuple(rule.name for rule in pages.settings.sections)
        self.sites = self._settings.sites

    @property
    def is_open(self) -> bool:
        """Whether new readers can sign up."""
        return self._settings.open

    @property
    def measures_reading(self) -> bool:
        """Whether the provider counts what readers open or follow."""
        delivery = self._pages.settings.delivery
        counts = delivery.sendgrid.track_opens or delivery.sendgrid.track_clicks
        return delivery.provider == "sendgrid" and counts

    def words(self, language: str) -> str:
        """The very words that somebody agrees to, as plain text on one line."""
        return " ".join(html.unescape(self._pages.write_still("parts/consent.html", language=language)).split())

    def terms(self, language: str) -> Terms:
        """The words that somebody agrees to who reads that language."""
        words = self.words(language)
        return Terms(language=language, words=words, mark=_mark(words))

    def agreed(self, mark: str) -> str | None:
        """The language of the words that a mark stands for; None where they are no longer what we say."""
        languages = self._pages.languages
        return next((code for code in languages if self.terms(code).mark == mark), None)

    def again_in(self) -> timedelta:
        """When one who met a limit of the network, or of all, may try again."""
        return until_next_hour(self._pages.clock())

    def form_token(self, terms: Terms, page: str = "", *, is_short: bool = False) -> str:
        """What a form of ours carries: when it was made, and the words under it. A short one asks for no sections."""
        now = self._pages.clock()
        payload = {"words": terms.mark, "made": now.timestamp(), "page": page, "short": is_short}
        return self._pages.tokens.make(Purpose.FORM, payload, now=now)

    def ask(self, form: Form, visit: Visit) -> Given:
        """Takes a form, or says why not. Who asks too often for one address is told what everybody is told."""
        token, fault = self._token(form, visit)
        given = self._given(form, is_short=token is None or bool(token.get("short")))
        if not self.is_open:
            return replace(given, outcome=Outcome.CLOSED)
        if first(form, HONEYPOT):
            return replace(given, outcome=Outcome.ASKED)
        if given.outcome is not Outcome.ASKED or fault:
            return replace(given, outcome=Outcome.AGAIN) if fault else given
        page = str(token.get("page")) if token and token.get("page") else visit.page
        return replace(given, outcome=self._take(given, replace(visit, page=page), is_foreign=token is None))

    def look(self, token: str) -> SignUp | None:
        """The sign-up that a link confirms; None where it is forged, too old, or used up. Changes nothing."""
        now = self._pages.clock()
        try:
            payload = self._pages.tokens.read(Purpose.CONFIRM, token, lasts=LASTS[ErrandKind.CONFIRM], now=now)
            asked = self._pages.store.readers.pending(int(payload["key"]))
        except (BadToken, KeyError, TypeError, ValueError):
            return None
        if asked is None or asked.nonce != payload.get("nonce") or asked.asked_at < now - LASTS[ErrandKind.CONFIRM]:
            return None
        return asked

    def confirm(self, token: str) -> bool:
        """They are on the list. False where `look` finds nothing, or only the operator may put them on it."""
        asked, now = self.look(token), self._pages.clock()
        if asked is None or self._pages.store.readers.ground_of(asked.address) in OPERATORS_ALONE:
            return False
        readers = self._pages.store.readers
        return readers.confirm(asked.key, asked.nonce, since=now - LASTS[ErrandKind.CONFIRM], now=now) is not None

    def next_issue(self) -> date:
        """The date of the next issue."""
        settings = self._pages.settings
        day, _ = next(closings_after(self._pages.clock(), settings.week, settings.publication.timezone))
        return max(day, settings.week.first_issue or day)

    def _token(self, form: Form, visit: Visit) -> tuple[dict[str, Any] | None, bool]:
        """A form's token, None where it has none, and whether the form is to be sent again because of it."""
        text, now = first(form, "token"), self._pages.clock()
        if not text:
            return None, False
        try:
            token = self._pages.tokens.read(Purpose.FORM, text, lasts=FORM_LASTS, now=now)
            made = float(token["made"])
        except (BadToken, KeyError, TypeError, ValueError):
            return None, True
        is_too_soon = now.timestamp() - made < self._settings.least_time.total_seconds()
        return token, is_too_soon or token.get("words") != _mark(self.words(visit.language))

    def _given(self, form: Form, *, is_short: bool) -> Given:
        if is_short and not form.get(SECTIONS):
            form = {**form, SECTIONS: self.sections}
        typed = first(form, "address")[:_LONGEST_ADDRESS]
        try:
            choice = wished(form, sections=self.sections, languages=self._pages.languages)
        except Unclear as unclear:
            return Given(outcome=Outcome.NO_SECTION, address=typed, choice=unclear.given)
        own = self._pages.settings.publication.language
        choice = replace(choice, language="" if choice.language == own else choice.language)
        try:
            return Given(outcome=Outcome.ASKED, address=normalise(typed), choice=choice)
        except BadAddress:
            return Given(outcome=_fault_of(typed), address=typed, choice=choice)

    def _take(self, given: Given, visit: Visit, *, is_foreign: bool) -> Outcome:
        words, now = self.words(visit.language), self._pages.clock()
        origin = Origin(how=visit.how, network=visit.network, form=visit.page, words=words, language=visit.language)
        key = self._pages.store.secret()
        counts = counters(self._settings, given.address, visit.network, key=key, is_foreign=is_foreign, now=now)
        network = counts[0]
        with self._pages.store.as_one():
            if full := used_up(self._pages.store, counts, Averted.SIGN_UP, now=now):
                self._withdraw_in_a_flood(network, full, now)
                return _FULL[full.limit]
            asked = self._pages.store.readers.ask(given.address, given.choice, origin, now=now)
            seen = self._pages.store.attempts.seen(network.bucket, network.opens)
            self._queue(asked, visit.language, Hold(network=network.bucket, lasts=held_for(seen)))
        return Outcome.ASKED

    def _withdraw_in_a_flood(self, network: Counter, full: Counter, now: datetime) -> None:
        """What a flood asked for before it was seen to be one is not sent, as far as it still waits."""
        is_of_network = full.limit in (Limit.NETWORK, Limit.FOREIGN_FORM)
        attempts = self._pages.store.attempts
        if not is_of_network or not is_flood(self._settings, attempts.seen(full.bucket, full.opens)):
            return
        if withdrawn := self._pages.store.errands.withdraw(network.bucket, since=now - _FLOOD_LASTS):
            attempts.note_averted(Averted.LETTER, withdrawn, hour=hour_of(now))

    def _queue(self, asked: SignUp, language: str, hold: Hold) -> None:
        """One row, whoever it is."""
        reader = self._pages.store.readers.find(asked.address)
        if reader is not None and reader.gets_letters:
            self._letters.already(asked.address, language, hold)
        else:
            self._letters.confirm(asked, language, hold)


_FULL = {
    Limit.NETWORK: Outcome.NETWORK_FULL,
    Limit.FOREIGN_FORM: Outcome.NETWORK_FULL,
    Limit.ADDRESS: Outcome.ASKED,
    Limit.HOUR: Outcome.ALL_FULL,
    Limit.DAY: Outcome.ALL_FULL,
}


def _fault_of(typed: str) -> Outcome:
    """What a person can mend about what they typed."""
    before, at, after = typed.strip().rpartition("@")
    if not typed.strip():
        return Outcome.NO_ADDRESS
    if not at or not before:
        return Outcome.NO_AT
    return Outcome.BAD_ADDRESS if "." in after.strip(".") else Outcome.NO_ENDING


def _mark(words: str) -> str:
    return sha256(words.encode()).hexdigest()[:16]
