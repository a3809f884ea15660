"""A REST interface with WordPress's manners, to be scripted: posts in memory, asked for as WordPress answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.unit.sources.gathered import NOW
from tests.unit.sources.scripted_site import Act, page

HOUR = timedelta(hours=1)
DEEP = "_embedded"


def post(number: int, **more: Any) -> dict[str, Any]:
    """The post of this number, published as many hours ago."""
    date = f"{NOW - number * HOUR:%Y-%m-%dT%H:%M:%S}"
    made: dict[str, Any] = {
        "id": 1000 - number,
        "date": date,
        "date_gmt": date,
        "modified": date,
        "modified_gmt": date,
        "guid": {"rendered": f"https://ledger.example/?p={number}"},
        "link": f"https://ledger.example/{number}/",
        "status": "publish",
        "type": "post",
        "title": {"rendered": f"Story {number}"},
        "content": {"rendered": "<p>Words.</p>\n", "protected": False},
        "excerpt": {"rendered": "<p>In short.</p>\n", "protected": False},
        DEEP: {"author": [{"name": "Ada Brandt"}], "wp:term": [[{"taxonomy": "category", "name": "Trials"}]]},
    }
    return {**made, **more}


class Rest:
    """Answers `/wp-json/wp/v2/posts`. `broken` maps the number of a question to what is answered in its place."""

    def __init__(self, *posts: Mapping[str, Any]) -> None:
        self.posts = list(posts)
        self.broken: dict[int, Act] = {}
        self.asked: list[dict[str, str]] = []
        self.knows_modified_after = True
        self.most = 100
        self.tells = True

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        asked = {name: values[-1] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        self.asked.append(asked)
        act = self.broken.get(len(self.asked)) or self._answer(asked)
        act(handler)

    def _answer(self, asked: Mapping[str, str]) -> Act:
        size, offset = int(asked.get("per_page", 10)), int(asked.get("offset", 0))
        if size > self.most:
            return error(400, "rest_invalid_param", "Invalid parameter(s): per_page")
        found = sorted(filter(lambda each: self._fits(each, asked), self.posts), key=_order(asked))
        if asked.get("order") == "desc":
            found.reverse()
        told = {"x_wp_total": str(len(found))} if self.tells else {}
        return page(json.dumps(found[offset : offset + size]), content_type="application/json; charset=UTF-8", **told)

    def _fits(self, each: Mapping[str, Any], asked: Mapping[str, str]) -> bool:
        published, modified = _instant(each["date_gmt"]), _instant(each["modified_gmt"])
        return (
            published > _instant(asked.get("after", "1970-01-01T00:00:00Z"))
            and published < _instant(asked.get("before", "2970-01-01T00:00:00Z"))
            and (
                not self.knows_modified_after
                or modified > _instant(asked.get("modified_after", "1970-01-01T00:00:00Z"))
            )
        )


def error(status: int, code: str, message: str) -> Act:
    said = {"code": code, "message": message, "data": {"status": status}}
    return page(json.dumps(said), status, content_type="application/json; charset=UTF-8")


def _order(asked: Mapping[str, str]) -> Any:
    name = {"id": "id", "modified": "modified_gmt"}.get(asked.get("orderby", ""), "date_gmt")
    return lambda each: each[name]


def _instant(written: str) -> datetime:
    found = datetime.fromisoformat(written or "1970-01-01")
    return found if found.tzinfo else found.replace(tzinfo=UTC)
