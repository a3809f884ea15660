"""What letters need beside their readers: keys for their links, and a greeting in the publication's language."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parseaddr

from digest.deliver.letters import Addressing
from digest.record.store import Store
from digest.render.languages import language_of
from digest.settings import Settings


def addressing_of(settings: Settings, store: Store) -> Addressing:
    """For the hands on a campaign, which greet nobody: so no catalogue that is broken can tie them."""
    publication = settings.publication
    domain = parseaddr(publication.from_)[1].rpartition("@")[2]
    return Addressing(web=publication.web, secret=settings.secret or store.secret(), domain=domain)


def greeting_addressing_of(settings: Settings, store: Store) -> Addressing:
    """For letters that somebody reads. Raises ConfigurationError for a language without words."""
    language = language_of(settings.publication.language, settings.templates)
    return replace(
        addressing_of(settings, store),
        greeting=language.greeting(),
        greeting_without_name=language.greeting_without_name(),
    )
