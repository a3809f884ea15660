"""A feed to be fetched, and the words of a fetch that fails."""

from __future__ import annotations

import pytest

from digest.errors import SourceUnreadable
from digest.model import Validators
from digest.sources.web.fetch import NOTHING_KNOWN, Fetcher

FEED = "<rss version='2.0'><channel><title>The Docket</title></channel></rss>"


def words(fetcher: Fetcher, address: str, validators: Validators = NOTHING_KNOWN) -> str:
    with pytest.raises(SourceUnreadable) as caught:
        fetcher.fetch(address, validators)
    return str(caught.value)
