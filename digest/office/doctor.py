"""Whether the publication is ready to write to its readers: what `digest doctor` looks at."""

from __future__ import annotations

import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Generic, TypeVar

from digest.audience.roster import stream_roster
from digest.clock import Clock
from digest.deliver.letters import write_letter
from digest.deliver.smtp_opening import Unreachable, open_connection
from digest.errors import DigestError
from digest.health import account, domain, machine, mailbox, own_files, pages, resend, sendgrid, visit
from digest.health.account import Account
from digest.health.answers import HostAnswer
from digest.health.hosts import HostAsker
from digest.health.names import Names
from digest.health.sender import Selector, Sender
from digest.health.visit import Look
from digest.model import Subscriber
from digest.model.health import Diagnosis, Examination, Verdict
from digest.office.addressing import addressing_of
from digest.record.checkup import check_up
from digest.record.location import path_of
from digest.record.store import Store
from digest.returns.imap import ImapMailbox
from digest.settings import Settings

SECONDS = 12.0
"""How long one visit takes at most."""
_PATIENCE = 5.0
"""Seconds that one server has to answer."""
_READING = 8.0
HOOK = "hooks/sendgrid"
_HTTP_PROVIDERS = frozenset({"sendgrid", "resend"})
Found = TypeVar("Found")


class Doctor:
    """One visit to a publication. `trust` are the certificates that count, the system's when not given."""

    def __init__(self, settings: Settings, clock: Clock, *, trust: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._clock = clock
        self._provider = settings.delivery.provider
        self._address = parseaddr(settings.publication.from_)[1]
        self._hosts = HostAsker(clock, seconds=_PATIENCE, trust=trust)
        self._names = Names(settings.doctor.name_servers, seconds=_PATIENCE)
        self._account = _Once(self._ask_account)
        self._sender = _Once(self._make_sender)
        self._front = _Once(lambda: self._hosts.ask("GET", settings.publication.web))
        self._api = _Once(lambda: self._get(_FIRST_PATH[self._provider]))

    def examine(self, *, everything: bool = False) -> Examination:
        """Looks at what concerns the provider that is configured; at `everything` when wanted."""
        sends = everything or self._provider != "outbox"
        looks = (*(self._of_the_world() if sends else ()), *self._of_our_own())
        return visit.examine(looks, seconds=SECONDS)

    def _of_the_world(self) -> Iterator[Look]:
        yield from domain.looks(self._sender, self._names)
        if self._provider not in _HTTP_PROVIDERS:
            yield domain.look_at_addresses(self._sender, self._names)
        yield Look(check=pages.ANSWERS, act=self._look_at_pages)
        if self._provider in _HTTP_PROVIDERS:
            yield Look(check=account.KEY, act=lambda: self._account().diagnoses)
        if self._provider == "smtp":
            yield Look(check="provider.login", act=lambda: (self._log_in(),))
        returns = self._settings.readers.returns
        if self._provider == "smtp" or returns.maildir or returns.imap_host:
            yield Look(check=mailbox.CHECK, act=lambda: (mailbox.examine(returns, self._open_returns),))
        yield Look(check=machine.CLOCK, act=lambda: (machine.judge_clock(self._who_told_the_time()),))

    def _of_our_own(self) -> Iterator[Look]:
        settings, now = self._settings, self._clock()
        publication = settings.publication
        return iter(
            (
                _pure(own_files.ADDRESS, lambda: own_files.judge_address(publication.postal_address)),
                _pure(own_files.LIST, lambda: own_files.judge_list(_list_state(settings))),
                _pure(own_files.SECRET, lambda: own_files.judge_secret(min(settings.secrets, key=len, default=""))),
                _pure(own_files.FILES, lambda: own_files.judge_modes(own_files.modes_of(_private(settings)))),
                _pure(own_files.STORE, lambda: own_files.judge_store(_store_state(settings))),
                _pure(machine.DISK, lambda: machine.judge_disks(machine.look_at_disks(_folders(settings)))),
                _pure(machine.ZONES, lambda: _judge_zones(settings, now)),
            )
        )

    def _look_at_pages(self) -> Iterator[Diagnosis]:
        web = self._settings.publication.web
        front = self._front()
        yield pages.judge_front(web, front)
        click = _test_click(self._settings)
        if front.status and click:
            answer = self._hosts.ask("POST", click, headers=pages.CLICK_HEADERS, body=pages.CLICK)
            yield pages.judge_click(click, answer)
        else:
            yield pages.judge_no_click(f"{web} did not answer" if click else "there is no store that would sign a link")

    def _ask_account(self) -> Account:
        delivery = self._settings.delivery
        if self._provider == "sendgrid":
            hook = f"{self._settings.publication.web}{HOOK}"
            return sendgrid.examine(
                self._get_once,
                address=self._address,
                holds=bool(delivery.hold),
                hook=hook,
                public_key=self._settings.readers.webhook.public_key,
            )
        return resend.examine(self._get_once, address=self._address) if self._provider == "resend" else Account()

    def _get_once(self, path: str) -> HostAnswer:
        """The provider's answer; the first one tells the time too."""
        return self._api() if path == _FIRST_PATH[self._provider] else self._get(path)

    def _get(self, path: str) -> HostAnswer:
        delivery = self._settings.delivery
        api = delivery.sendgrid if self._provider == "sendgrid" else delivery.resend
        return self._hosts.ask("GET", f"{api.address}{path}", headers={"Authorization": f"Bearer {api.api_key}"})

    def _who_told_the_time(self) -> tuple[HostAnswer, ...]:
        return (self._front(), *((self._api(),) if self._provider in _HTTP_PROVIDERS else ()))

    def _make_sender(self) -> Sender:
        publication, doctor = self._settings.publication, self._settings.doctor
        from_domain = self._address.rpartition("@")[2]
        report_to = parseaddr(publication.reply_to or publication.from_)[1]
        named = tuple(Selector(name=name, domain=from_domain) for name in doctor.selectors)
        if self._provider in _HTTP_PROVIDERS:
            known = self._account()
            return Sender(
                domain=from_domain,
                return_path=known.return_path,
                selectors=known.selectors or named,
                records=known.records,
                report_to=report_to,
                by_provider=True,
            )
        addresses, reason = tuple(map(ip_address, doctor.addresses)), ""
        if not addresses:
            addresses, reason = domain.addresses_of(self._settings.delivery.smtp.host, self._names)
        return Sender(
            domain=from_domain,
            return_path=self._settings.readers.returns.address.rpartition("@")[2] or from_domain,
            addresses=addresses,
            named=bool(doctor.addresses),
            reason=reason,
            selectors=named,
            report_to=report_to,
            mail_server="" if reason else self._settings.delivery.smtp.host,
        )

    def _open_returns(self) -> None:
        ImapMailbox(self._settings.readers.returns, look_only=True, patience=_PATIENCE).close()

    def _log_in(self) -> Diagnosis:
        smtp = replace(self._settings.delivery.smtp, timeout=_PATIENCE)
        said = partial(Diagnosis, check="provider.login")
        try:
            context = None if smtp.security == "none" else ssl.create_default_context(cafile=smtp.ca_file)
            open_connection(smtp, context, patience=_PATIENCE).wire.close()
        except Unreachable as error:
            verdict = Verdict.WRONG if error.stopped else Verdict.NOT_ASKED
            return said(verdict=verdict, words=str(error))
        except OSError as error:
            return said(verdict=Verdict.WRONG, words=f"delivery.smtp.ca_file cannot be read: {error.strerror}")
        login = "takes the login" if smtp.username else "answers"
        return said(verdict=Verdict.OK, words=f"{smtp.host}:{smtp.port} {login}")


_FIRST_PATH = {"sendgrid": "/v3/scopes", "resend": "/domains", "smtp": "", "outbox": ""}


class _Once(Generic[Found]):
    """What is found out once, by whoever asks first; the others wait for it."""

    def __init__(self, find: Callable[[], Found]) -> None:
        self._find, self._lock = find, threading.Lock()
        self._found: list[Found] = []

    def __call__(self) -> Found:
        with self._lock:
            if not self._found:
                self._found.append(self._find())
            return self._found[0]


def _pure(check: str, judge: Callable[[], Diagnosis]) -> Look:
    return Look(check=check, act=lambda: (judge(),))


def _test_click(settings: Settings) -> str:
    """The one-click address of a letter to nobody: the reader's number in it is 0. Empty where no key is at hand."""
    path = path_of(settings.store_url)
    if not path.exists() or not check_up(path, seconds=_READING).is_newest:
        return ""
    with suppress(DigestError), Store.open(settings.store_url, patience=_PATIENCE) as store:
        nobody = Subscriber(address="nobody@reader.example")
        return write_letter(nobody, issue="2000-01-01", addressing=addressing_of(settings, store)).one_click
    return ""


def _list_state(settings: Settings) -> own_files.ListState:
    left_out: Counter[str] = Counter()
    try:
        left_out.update(row.reason for row in stream_roster(settings.subscribers))
    except DigestError as error:
        return own_files.ListState(path=settings.subscribers, left_out={}, trouble=str(error))
    readers = left_out.pop("", 0)
    return own_files.ListState(path=settings.subscribers, readers=readers, left_out=left_out)


def _store_state(settings: Settings) -> own_files.StoreState:
    path = path_of(settings.store_url)
    if not path.exists():
        return own_files.StoreState(path=path, exists=False)
    found = check_up(path, seconds=_READING)
    return own_files.StoreState(path=path, faults=found.faults, is_newest=found.is_newest, trouble=found.trouble)


def _private(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The files that nobody else is to read, each with a word for it."""
    yield from settings.secret_files
    yield "the store, with readers' addresses", path_of(settings.store_url)
    yield "the list of readers", settings.subscribers


def _folders(settings: Settings) -> tuple[Path, ...]:
    return (path_of(settings.store_url).parent, settings.archive, settings.delivery.outbox)


def _judge_zones(settings: Settings, now: datetime) -> Diagnosis:
    return machine.judge_zones(machine.edition_of_zones(), zone=settings.publication.timezone.key, now=now)
