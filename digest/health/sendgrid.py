"""An account at SendGrid: its key, its sender, its webhook.

https://www.twilio.com/docs/sendgrid/api-reference: scopes, domain authentication, verified senders, event webhooks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from digest.health.account import KEY, SENDER, WEBHOOK, Account, Get, listed, said, unanswered
from digest.health.answers import HostAnswer
from digest.health.sender import Selector
from digest.model.health import Diagnosis, DnsRecord, Verdict

_NAME = "SendGrid"
_REFUSED = frozenset({401, 403})
_SEND = "mail.send"
_HOLDS = ("mail.batch.create", "user.scheduled_sends.create", "user.scheduled_sends.read")
_TOO_MUCH = frozenset({"api_keys.create", "api_keys.update", "teammates.create", "billing.update"})
_WANTED = ("bounce", "dropped", "spam_report", "deferred", "delivered")
_READ_ON_KEYS = "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys"
_READ_ON_DOMAIN = "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/how-to-set-up-domain-authentication"
_READ_ON_HOOK = (
    "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/"
    "getting-started-event-webhook-security-features"
)


def examine(get: Get, *, address: str, holds: bool, hook: str, public_key: str) -> Account:
    """Asks for the account from which `address` writes. `hook` is where our webhook is, `public_key` the one that
    digest.toml has of it, `holds` whether batches are held."""
    scopes = get("/v3/scopes")
    key = judge_key(scopes, holds=holds)
    if not scopes.status or scopes.status in _REFUSED:
        return Account(diagnoses=(key,))
    domain = address.rpartition("@")[2]
    domains = get(f"/v3/whitelabel/domains?limit=200&domain={quote(domain)}")
    authenticated = _own(listed(domains.told), domain)
    senders = HostAnswer() if _is_valid(authenticated) else get("/v3/verified_senders?limit=200")
    sender = judge_sender(domains, senders, authenticated, address)
    webhook = judge_webhook(get("/v3/user/webhooks/event/settings/all"), hook=hook, public_key=public_key)
    return Account(
        diagnoses=(key, sender, webhook),
        selectors=tuple(_selectors(authenticated)),
        return_path=_return_path(authenticated),
        records=tuple(record for record, _ in _records(authenticated)),
    )


def judge_key(answer: HostAnswer, *, holds: bool) -> Diagnosis:
    """Whether the key may do what sending needs."""
    if answer.status in _REFUSED:
        words = f"{_NAME} does not know the key, or has withdrawn it (it answers {answer.status})"
        do = "Make a key that may send mail, and put it into DIGEST_SENDGRID_API_KEY"
        return said(KEY, Verdict.WRONG, words, do, read_on=_READ_ON_KEYS)
    if answer.status != 200 or not isinstance(answer.told, dict):
        return unanswered(KEY, _NAME, answer)
    scopes = {str(each) for each in answer.told.get("scopes") or ()}
    missing = [each for each in (_SEND, *(_HOLDS if holds else ())) if each not in scopes]
    if missing:
        aside = "" if _SEND in missing else "; or write delivery.hold = 0"
        words = f"the key may not do what sending needs: {', '.join(missing)}"
        return said(KEY, Verdict.WRONG, words, f"Give the key these permissions{aside}", read_on=_READ_ON_KEYS)
    if scopes & _TOO_MUCH:
        words = "the key may do everything in the account; whoever finds it could, too"
        do = "Make a key that may send mail and schedule it, and read its settings"
        return said(KEY, Verdict.LOOK, words, do, read_on=_READ_ON_KEYS)
    return said(KEY, Verdict.OK, f"{_NAME} takes the key, and it may send")


def judge_sender(
    domains: HostAnswer, senders: HostAnswer, authenticated: dict[str, Any] | None, address: str
) -> Diagnosis:
    """Whether SendGrid believes that the sender is ours: the whole domain, or at least the address."""
    domain = address.rpartition("@")[2]
    if _is_valid(authenticated):
        return said(SENDER, Verdict.OK, f"{_NAME} signs for {domain}")
    if authenticated:
        words = f"{domain} is entered at {_NAME} and not verified: it does not find the records"
        records = tuple(record for record, valid in _records(authenticated) if not valid)
        do = f"Enter these records, then press “Verify” at {_NAME}"
        return said(SENDER, Verdict.WRONG, words, do, records=records, read_on=_READ_ON_DOMAIN)
    if domains.status != 200:
        return _unreadable(domains, "whitelabel.read")
    if senders.status != 200:
        return _unreadable(senders, "sender_verification_eligible")
    own = [
        each for each in listed(senders.told, "results") if str(each.get("from_email", "")).lower() == address.lower()
    ]
    do = f"Authenticate {domain} at {_NAME} (Settings, Sender Authentication)"
    if any(each.get("verified") for each in own):
        words = f"only {address} is verified, not {domain}: {_NAME} signs with its own name, and DMARC does not pass"
        return said(SENDER, Verdict.LOOK, words, do, read_on=_READ_ON_DOMAIN)
    return said(
        SENDER,
        Verdict.WRONG,
        f"{_NAME} knows no sender {address}, and refuses its letters",
        do,
        read_on=_READ_ON_DOMAIN,
    )


def _unreadable(answer: HostAnswer, scope: str) -> Diagnosis:
    if answer.status in _REFUSED:
        words = f"the key may not read what is verified ({scope})"
        return said(SENDER, Verdict.NOT_ASKED, words, "Give it the permission to read it, or look at the site yourself")
    return unanswered(SENDER, _NAME, answer)


def judge_webhook(answer: HostAnswer, *, hook: str, public_key: str) -> Diagnosis:
    """Whether bounces and complaints come back to us, signed with the key that digest.toml has."""
    if answer.status in _REFUSED:
        words = "the key may not read the webhook's settings (user.webhooks.event.settings.read)"
        return said(
            WEBHOOK, Verdict.NOT_ASKED, words, "Give it the permission to read them, or look at the site yourself"
        )
    if answer.status != 200:
        return unanswered(WEBHOOK, _NAME, answer)
    ours = [
        each for each in listed(answer.told, "webhooks") if str(each.get("url", "")).rstrip("/") == hook.rstrip("/")
    ]
    if not ours:
        words = f"no webhook leads to {hook}: nobody hears of bounces and complaints"
        do = f"Enter {hook} at {_NAME} (Settings, Mail Settings, Event Webhook), and have it signed"
        return said(WEBHOOK, Verdict.LOOK, words, do, read_on=_READ_ON_HOOK)
    return _of_ours(ours[0], public_key)


def _of_ours(webhook: dict[str, Any], public_key: str) -> Diagnosis:
    theirs = str(webhook.get("public_key") or "")
    if not theirs:
        words = "the webhook is not signed, so nothing that comes by it is believed"
        do = "Switch “Signed Event Webhook” on, and copy its key into webhook.public_key"
        return said(WEBHOOK, Verdict.WRONG, words, do, read_on=_READ_ON_HOOK)
    if theirs != public_key:
        what = "has another key than the webhook" if public_key else "has no key of the webhook"
        words = f"digest.toml {what}, so nothing that comes by it is believed"
        return said(
            WEBHOOK, Verdict.WRONG, words, f'Write under [webhook]: public_key = "{theirs}"', read_on=_READ_ON_HOOK
        )
    missing = [kind for kind in _WANTED if not webhook.get(kind)]
    if not webhook.get("enabled") or missing:
        words = f"the webhook does not tell of {', '.join(missing)}" if missing else "the webhook is switched off"
        return said(WEBHOOK, Verdict.LOOK, words, f"Switch it on at {_NAME}", read_on=_READ_ON_HOOK)
    return said(WEBHOOK, Verdict.OK, "the webhook is signed, and digest.toml has its key")


def _own(domains: Iterable[dict[str, Any]], domain: str) -> dict[str, Any] | None:
    """The authentication that SendGrid uses for a domain: its own before that of a domain above, valid ones first."""
    fit = [each for each in domains if f".{domain.lower()}".endswith(f".{str(each.get('domain', '')).lower()}")]
    return max(fit, key=lambda each: (len(str(each["domain"])), bool(each.get("valid"))), default=None)


def _is_valid(authenticated: dict[str, Any] | None) -> bool:
    return bool(authenticated and authenticated.get("valid"))


def _records(authenticated: dict[str, Any] | None) -> list[tuple[DnsRecord, bool]]:
    """The records that SendGrid wants, and whether it found each."""
    told = (authenticated or {}).get("dns")
    found = [each for each in told.values() if isinstance(each, dict)] if isinstance(told, dict) else []
    return [
        (
            DnsRecord(host=str(each["host"]), kind=str(each.get("type", "cname")).upper(), value=str(each["data"])),
            bool(each.get("valid")),
        )
        for each in found
        if each.get("host") and each.get("data")
    ]


def _selectors(authenticated: dict[str, Any] | None) -> list[Selector]:
    parted = [record.host.partition("._domainkey.") for record, _ in _records(authenticated)]
    return [Selector(name=name, domain=domain) for name, separator, domain in parted if separator]


def _return_path(authenticated: dict[str, Any] | None) -> str:
    """The subdomain to which bounces go, which SendGrid answers for: `em123.docket.example`."""
    told = (authenticated or {}).get("dns")
    place = (told.get("mail_cname") or told.get("mail_server") or {}) if isinstance(told, dict) else {}
    return str(place.get("host", "")) if isinstance(place, dict) else ""
