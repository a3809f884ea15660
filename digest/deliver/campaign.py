"""What all letters of an issue share, taken from the publication's settings."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from digest.model import Campaign, RenderedIssue
from digest.reader_settings import ReturnsSettings
from digest.settings import Publication, Settings


def campaign_of(rendered: RenderedIssue, settings: Settings, *, date: datetime, test: bool = False) -> Campaign:
    """The campaign that sends `rendered`; `date` becomes the letters' Date header."""
    publication, returns = settings.publication, settings.readers.returns
    return Campaign(
        rendered=rendered,
        from_=publication.from_,
        reply_to=publication.reply_to,
        list_id=list_id(publication),
        archive=f"{publication.web}issues/",
        unsubscribe_mail=_read_mailbox(returns) or parseaddr(publication.reply_to or publication.from_)[1],
        date=date,
        test=test,
        return_path=returns.address,
        verp=returns.verp,
    )


def list_id(publication: Publication) -> str:
    """The List-Id (RFC 2919): stable for a publication, `Closing Arguments <closing-arguments.docket.example>`."""
    host = (urlsplit(publication.site).hostname or "localhost").removeprefix("www.")
    identifier = f"<{_slug(publication.name)}.{host}>"
    # A name that would have to be encoded is left away: the header must reach every receiver as it is written here.
    plain = publication.name.isascii() and re.fullmatch(r"[\w .,'&-]+", publication.name)
    return f'"{publication.name}" {identifier}' if plain else identifier


def _read_mailbox(returns: ReturnsSettings) -> str:
    """The address whose mail is read by us, if there is one: who writes there to leave has left within minutes."""
    return returns.address if returns.maildir or returns.imap_host else ""


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "letter"
