"""A site's REST interface: the questions that are put to it, and its answers and refusals in an editor's words.

The questions: https://developer.wordpress.org/rest-api/reference/posts/#arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digest.errors import SourceRefused, SourceUnreadable
from digest.sources.feeds.jsonfeed import loaded
from digest.sources.seam import Asking
from digest.sources.site.wordpress_listing import Piece
from digest.sources.site.wordpress_posts import EMBEDDED, FIELDS, Post
from digest.sources.texts import on_one_line
from digest.sources.web.fetch import Fetched

SIZES = (100, 20)
"""Posts in one answer: as many as WordPress gives, and as many as a weak server can gather before its time is over."""

_CLOSED = {401, 403}
_NOT_THERE = {404, 410}
_USE_FEED = "its feed is the way back; rest = false in its [[sources]] reads that at once"
Question = Mapping[str, str]


class Interface:
    """The REST interface below `root`, as one source asks it. All methods raise SourceUnreadable."""

    def __init__(self, root: str, asking: Asking) -> None:
        self.root = root.rstrip("/") + "/"
        self._asking = asking
        self._sizes = list(SIZES)
        self._fields = FIELDS

    def posts(self, question: Question, offset: int, size: int = 0) -> Piece:
        """The posts from that place of the list on; fewer at once where the server cannot manage as many.

        An old WordPress takes no names of inner fields and gives no links then, nor what they embed: there everything
        is asked for. One that embeds nothing at all is no use, because its feed says more.
        """
        piece = self._patiently(question, offset, size)
        if not piece.posts or any("_embedded" in post for post in piece.posts):
            return piece
        self._fields, before = "", self._fields
        if before:
            return self.posts(question, offset, size)
        raise SourceUnreadable("its REST interface tells neither authors nor categories", hint=_USE_FEED)

    def newest_change(self, question: Question) -> Fetched:
        """What was changed last, as a small page that stays the same while nothing is."""
        asked = {**question, "per_page": "1", "orderby": "modified", "order": "desc", "_fields": "id,modified_gmt"}
        return self._page("wp/v2/posts", asked, remember=True)

    def category(self, slug: str) -> list[Post]:
        """The categories of that slug, with `id` and `link`: one or none, and more where plugins allow it."""
        return _posts_in(self._page("wp/v2/categories", {"slug": slug, "_fields": "id,link"}))

    def home(self) -> str:
        """The address of the site's front page."""
        for ending in ("wp-json/", "?rest_route=/", "index.php?rest_route=/"):
            if self.root.endswith("/" + ending):
                return self.root.removesuffix(ending)
        return str(self._about("home").get("home", ""))

    def zone(self) -> tzinfo:
        """The time zone of the site's own clock."""
        about = self._about("timezone_string,gmt_offset")
        return _zone_named(about.get("timezone_string")) or _zone_off_by(about.get("gmt_offset"))

    def _patiently(self, question: Question, offset: int, size: int) -> Piece:
        while True:
            wanted = min(size or self._sizes[0], self._sizes[0])
            asked = {**question, "per_page": str(wanted), "_embed": EMBEDDED}
            asked |= {"_fields": self._fields} if self._fields else {}
            asked |= {"offset": str(offset)} if offset else {}
            try:
                return _piece(self._page("wp/v2/posts", asked))
            except SourceUnreadable as error:
                if len(self._sizes) == 1 or not _may_be_size(error):
                    raise
                del self._sizes[0]

    def _about(self, fields: str) -> Post:
        found = _value(self._page("", {"_fields": fields}))
        return found if isinstance(found, Mapping) else {}

    def _page(self, route: str, asked: Question, *, remember: bool = False) -> Fetched:
        joint = "&" if "?" in self.root else "?"
        address = f"{self.root}{route}{joint}{urlencode(asked, safe=',:')}"
        try:
            return self._asking.page(address, whole=not remember, remember=remember, stranger=True)
        except SourceRefused as refused:
            raise _in_words(refused, self.root) from refused


def _piece(fetched: Fetched) -> Piece:
    total = fetched.headers.get("x-wp-total", "").strip()
    return Piece(posts=tuple(_posts_in(fetched)), total=int(total) if total.isdecimal() else None)


def _posts_in(fetched: Fetched) -> list[Post]:
    found = _value(fetched)
    if isinstance(found, list) and all(isinstance(one, Mapping) and "id" in one for one in found):
        return found
    code = _code(found)
    told = f" ({code})" if code else ""
    raise SourceUnreadable(f"its REST interface answered with something else than a list{told}", hint=_USE_FEED)


def _value(fetched: Fetched) -> Any:
    if fetched.body.lstrip()[:1] == b"<":
        raise SourceUnreadable("its REST interface answered with an HTML page", hint=_USE_FEED)
    if not fetched.body.strip():
        raise SourceUnreadable("its REST interface answered with nothing", hint=_USE_FEED)
    try:
        return loaded(fetched.body)
    except SourceUnreadable as error:
        raise SourceUnreadable(f"its REST interface answered with {error}", hint=_USE_FEED) from error


def _zone_named(name: Any) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name and isinstance(name, str) else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zone_off_by(hours: Any) -> tzinfo:
    try:
        return timezone(timedelta(hours=float(hours)))
    except (TypeError, ValueError, OverflowError):
        return UTC


def _may_be_size(error: SourceUnreadable) -> bool:
    """Whether a smaller question could be answered: it was refused as such, or was too much for the server."""
    if not isinstance(error, SourceRefused):
        return True
    return error.retry_after is None and (error.status == 400 or error.status >= 500)


def _in_words(refused: SourceRefused, root: str) -> SourceRefused:
    """The refusal in an editor's words; it stays the same one for programs."""
    if refused.status in _CLOSED:
        words = f"its REST interface is closed ({refused.status}{_said(refused.body)})"
    elif refused.status in _NOT_THERE:
        words = f"it has no REST interface at {root}"
    else:
        words = f"its REST interface: {refused}{_said(refused.body)}"
    return SourceRefused(
        words, status=refused.status, hint=_USE_FEED, body=refused.body, retry_after=refused.retry_after
    )


def _said(body: bytes) -> str:
    """What WordPress says of an error, after a colon: `{"code": "rest_disabled", "message": …}`."""
    try:
        found = loaded(body)
    except SourceUnreadable:
        return ""
    message = found.get("message") if isinstance(found, Mapping) else None
    return f": {on_one_line(message)[:200].rstrip('.')}" if isinstance(message, str) and message else ""


def _code(found: Any) -> str:
    code = found.get("code") if isinstance(found, Mapping) else None
    return on_one_line(code)[:60] if isinstance(code, str) else ""
