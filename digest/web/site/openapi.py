"""What the sign-up for programs takes and answers, in the words of OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from digest.web.site.problems import KIND

_RETRY = {"Retry-After": {"description": "Seconds until it is worth trying again.", "schema": {"type": "integer"}}}
_TEXT, _TEXTS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "Problem details (RFC 9457).",
    "type": "object",
    "required": ["title", "status"],
    "properties": {
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "errors": {
            "type": "array",
            "description": "The fields that cannot be taken.",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string", "examples": ["#/address"]}, "detail": _TEXT},
            },
        },
    },
}
_ACCEPTED: dict[str, Any] = {
    "title": "Accepted",
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"const": "check_your_mail"}},
}
_TERMS: dict[str, Any] = {
    "title": "Terms",
    "type": "object",
    "required": ["words", "language", "consent", "sections", "languages"],
    "properties": {
        "words": {"type": "string", "description": "What a reader agrees to. Show it as it is."},
        "language": {"type": "string", "description": "The language of the words."},
        "consent": {"type": "string", "description": "What stands for these words in a sign-up."},
        "sections": _TEXTS | {"description": "The sections that there are to choose from."},
        "languages": _TEXTS | {"description": "The languages that there are to choose from."},
    },
}
_ANYWHERE = {
    405: "Another method than these.",
    408: "The request took too long to arrive.",
    413: "More was sent than is read.",
    503: "No sign-up can be taken, or the store is busy.",
}
_OF_TERMS = {422: "There is no such language."}
_OF_SIGN_UP = {
    400: "The body is no JSON.",
    415: "The body is not said to be JSON.",
    422: "A field cannot be taken; `errors` names it.",
    429: "There were too many sign-ups from this network.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a publication has to choose from. `consents` stand for the words of each language."""

    publication: str
    web: str
    sections: tuple[str, ...]
    languages: tuple[str, ...]
    consents: tuple[str, ...]


def description(offer: Offer, sign_up: type[BaseModel]) -> dict[str, Any]:
    """The document; `sign_up` is what the request is read with."""
    schemas = {
        "SignUp": _narrowed(sign_up.model_json_schema(), offer),
        "Accepted": _ACCEPTED,
        "Terms": _TERMS,
        "Problem": _PROBLEM,
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Sign-up of {offer.publication}", "version": "1"},
        "servers": [{"url": offer.web.rstrip("/")}],
        "paths": {"/api/sign-up": {"get": _look(offer), "post": _post()}},
        "components": {"schemas": schemas},
    }


def _narrowed(schema: dict[str, Any], offer: Offer) -> dict[str, Any]:
    """The schema with what there is to choose from in this publication."""
    rhythm = schema.pop("$defs")["Rhythm"]["enum"]
    fields = schema["properties"]
    fields["rhythm"] = {"enum": rhythm, "default": "weekly", "description": fields["rhythm"]["description"]}
    fields["sections"]["items"] = {"enum": list(offer.sections)} if offer.sections else {"type": "string"}
    fields["language"]["enum"] = ["", *offer.languages]
    fields["consent"]["enum"] = list(offer.consents)
    return schema


def _look(offer: Offer) -> dict[str, Any]:
    language = {"name": "language", "in": "query", "description": "The language to have the words in."}
    return {
        "operationId": "terms",
        "summary": "The words that a reader agrees to, and what there is to choose from",
        "parameters": [language | {"schema": {"enum": list(offer.languages)}}],
        "responses": {"200": _answer("What to show.", "Terms"), **_problems(_OF_TERMS | _ANYWHERE)},
    }


def _post() -> dict[str, Any]:
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/SignUp"}}}
    accepted = _answer("The same for every address: a letter with a link is on its way, if one may be.", "Accepted")
    return {
        "operationId": "signUp",
        "summary": "Sign up a reader, who gets a letter with a link that confirms it",
        "requestBody": {"required": True, "content": body},
        "responses": {"202": accepted, **_problems(_OF_SIGN_UP | _ANYWHERE)},
    }


def _answer(said: str, schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": said, "content": content}


def _problems(told: dict[int, str]) -> dict[str, Any]:
    content = {KIND: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        str(status): {"description": said, "content": content}
        | ({"headers": _RETRY} if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE) else {})
        for status, said in sorted(told.items())
    }
