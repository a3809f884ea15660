"""What letters need beside their readers: keys for their links, and a greeting in the publication's language."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parseaddr

from digest.deliver.letters import Addressing
from digest.office.keyring import Keyring
from digest.record.store import Store
from digest.settings import Settings


def addressing_of(settings: Settings, store: Store) -> Addressing:
    """For the hands on a campaign, which greet nobody: so no catalogue that is broken can tie them."""
    publication, secret = settings.publication, store.secret()
    domain = parseaddr(publication.from_)[1].rpartition("@")[2]
    return Addressing(
        web=publication.web,
        secret=Keyring(settings, store).believed()[0],
        domain=domain,
        id_secret=secret,
        old_ids=(store.keys.last_old_issue(), settings.secrets[-1] if settings.secrets else secret),
    )


def greeting_addressing_of(settings: Settings, store: Store) -> Addressing:
    """For letters that somebody reads. Raises ConfigurationError for a language without words."""
    from digest.render.languages import language_of

    language = language_of(settings.publication.language, settings.templates)
    return replace(
        addressing_of(settings, store),
        greeting=language.greeting(),
        greeting_without_name=language.greeting_without_name(),
    )
