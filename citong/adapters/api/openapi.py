"""The doors as an OpenAPI 3.1 document, made from the declarations: every act with its form and its answers."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import override

from citong.adapters.api import schema
from citong.adapters.api.answers import SCHEMAS, Schema, ref
from citong.core.cases.declare import Act, CaseType
from citong.core.cases.registry import case_types

ABOUT = """Every act of every service, by the same forms and permissions as the pages.

Who asks: nobody in particular, a signed-in session, the holder of a receipt, or a program with a key of its own. What
is out of reach answers like what does not exist (404). Sentences come in the language of Accept-Language (zh-hans,
zh-hant, en). Looking at a case leaves a mark that its reporter can read. A key has scopes: `read`, `open`, `act`."""
REFUSALS = {
    400: ("Unreadable", "The request can not be read."),
    401: ("UnknownKey", "The key is unknown, revoked or past its time."),
    403: ("NotAllowed", "The sender sees the case and may not do this, or the key has not this scope."),
    404: ("NotThere", "It does not exist, or not for the sender."),
    409: ("WrongState", "The case is in another state, or a rule does not hold."),
    412: ("MovedOn", "If-Match names another version of the case: it has moved on."),
    413: ("TooLarge", "The body is too large."),
    415: ("WrongMediaType", "Neither JSON nor a form."),
    422: ("Invalid", "Fields need another look: `errors` says which and why."),
    429: ("UsedUp", "The key is used up for this minute."),
}
READING, SENDING = (401, 403, 404, 429), (400, 401, 403, 404, 409, 413, 415, 422, 429)
ANYBODY: list[Schema] = [{}, {"session": []}, {"receipt": []}, {"key": []}]
HEADERS: Schema = {
    "ETag": {"description": "The case's version, and a hash of what is shown.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "How to bring a key.", "schema": {"type": "string"}},
}
CARRIED = {401: "WWW-Authenticate", 429: "Retry-After"}


@cache
def written() -> str:
    """The document as it is served and kept in docs/openapi.json; English whatever is asked for."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def document() -> Schema:
    """The whole description. No query: it says what is declared, not what a city has loaded."""
    with override("en"):
        kinds = list(case_types().values())
        return {
            "openapi": "3.1.0",
            "info": {
                "title": "Citong", "version": "1", "description": ABOUT,
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/"}],
            "tags": [{"name": kind.code, "description": f"{kind.label}. {kind.description}"} for kind in kinds],
            "paths": _paths(kinds),
            "components": _components(kinds),
        }  # fmt: skip


def _paths(kinds: Sequence[type[CaseType]]) -> Schema:
    paths = _describing() | _reading()
    for kind in kinds:
        paths[f"/api/v1/{kind.code}/cases"] = {"get": _list(kind), "post": _open(kind)}
    for name, offering in _acts(kinds).items():
        paths[f"/api/v1/cases/{{number}}/acts/{name}"] = {
            "parameters": [_parameter("number")], "post": _act(name, offering)
        }  # fmt: skip
    return paths


def _describing() -> Schema:
    return {
        "/api/v1/openapi.json": {"get": {
            "operationId": "describe", "summary": "This document", "security": [{}],
            "responses": {"200": _json("The document.", {"type": "object"})},
        }},
        "/api/v1/services": {"get": {
            "operationId": "services", "summary": "All services with their states, acts and forms", "security": [{}],
            "responses": {"200": _json("All services.", ref("Services"))},
        }},
    }  # fmt: skip


def _reading() -> Schema:
    one, number = "/api/v1/cases/{number}", [_parameter("number")]
    case = _conditional("case", "One case with what the sender could do next", "Case")
    history = _conditional("history", "The history of a case", "History")
    return {
        one: {"parameters": number, "get": case},
        f"{one}/history": {"parameters": number, "get": history},
        f"{one}/receipt": {"parameters": number, "get": {
            "operationId": "receipt", "security": ANYBODY,
            "summary": "The receipt's file with proofs, for its holder or the reporter",
            "responses": {"200": _json("The file.", ref("Receipt"))} | _refusals(READING),
        }},
    }  # fmt: skip


def _conditional(name: str, summary: str, shown: str) -> Schema:
    tag = {"ETag": {"$ref": "#/components/headers/ETag"}}
    return {
        "operationId": name, "summary": summary, "security": ANYBODY, "parameters": [_parameter("if_none_match")],
        "responses": {
            "200": _json(summary, ref(shown)) | {"headers": tag},
            "304": {"description": "As the client knows it.", "headers": tag},
        } | _refusals(READING),
    }  # fmt: skip


def _list(kind: type[CaseType]) -> Schema:
    states = {"type": "string", "enum": list(kind.states)}
    asked = [("state", states), ("category", schema.CODE), ("district", schema.CODE), ("open", {"type": "boolean"})]
    cursor = {"name": "cursor", "in": "query", "schema": {"type": "string", "format": "uuid"},
              "description": "`next` of the page before."}  # fmt: skip
    return {
        "operationId": f"{kind.code}_cases", "tags": [kind.code], "security": ANYBODY,
        "summary": "A page of the cases in reach, newest first; 50 on each",
        "parameters": [*({"name": name, "in": "query", "schema": kept} for name, kept in asked), cursor],
        "responses": {"200": _json("A page.", ref("Page"))} | _refusals((*READING, 422)),
    }  # fmt: skip


def _open(kind: type[CaseType]) -> Schema:
    return {
        "operationId": f"{kind.code}_open", "tags": [kind.code], "security": ANYBODY,
        "summary": f"Open a case: {kind.label}", "description": str(kind.description),
        "parameters": [_parameter("idempotency_key")],
        "requestBody": _body([(f"{kind.code}_open", kind.opening.form())]),
        "responses": {
            "201": _json("The case is open; here is its receipt.", ref("Opened")),
            "200": _json("It had been opened by this Idempotency-Key before.", ref("Opened")),
        } | _refusals(SENDING),
    }  # fmt: skip


def _acts(kinds: Sequence[type[CaseType]]) -> dict[str, list[tuple[type[CaseType], Act]]]:
    """Name of an act to the services that have one of that name."""
    found: dict[str, list[tuple[type[CaseType], Act]]] = {}
    for kind in kinds:
        for act in kind.acts.values():
            found.setdefault(act.name, []).append((kind, act))
    return found


def _act(name: str, offering: list[tuple[type[CaseType], Act]]) -> Schema:
    return {
        "operationId": f"act_{name}", "tags": [kind.code for kind, _one in offering], "security": ANYBODY,
        "summary": " / ".join(dict.fromkeys(str(act.label) for _kind, act in offering)),
        "description": "\n\n".join(_told(kind, act) for kind, act in offering),
        "parameters": [_parameter("idempotency_key"), _parameter("if_match")],
        "requestBody": _body([(f"{kind.code}_{name}", _form(act)) for kind, act in offering]),
        "responses": {"200": _json("The act is done.", ref("Done"))} | _refusals((*SENDING, 412)),
    }  # fmt: skip


def _told(kind: type[CaseType], act: Act) -> str:
    to = f" to {act.target.name}" if act.target else ""
    by = ", ".join(f"{who.post} ({who.reach})" for who in act.by)
    return f"{kind.label}: {act.done} From {', '.join(state.name for state in act.source)}{to}. By: {by}."


def _form(act: Act) -> forms.Form | None:
    return act.form() if act.form else None


def _body(given: list[tuple[str, forms.Form | None]]) -> Schema:
    """As JSON; where a form takes files also, or only, as multipart/form-data."""
    by_json = [ref(name) for name, form in given if not schema.needs_files(form)]
    by_form = [ref(f"{name}_with_files") for name, form in given if schema.has_files(form)]
    media = {"application/json": by_json, "multipart/form-data": by_form}
    content = {kind: {"schema": _any(schemas)} for kind, schemas in media.items() if schemas}
    return {"content": content, "required": any("required" in schema.of_form(form, files=True) for _n, form in given)}


def _any(schemas: list[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _components(kinds: Sequence[type[CaseType]]) -> Schema:
    return {
        "schemas": SCHEMAS | dict(_sent(kinds)),
        "parameters": PARAMETERS,
        "headers": HEADERS,
        "responses": {name: _refusal(status, told) for status, (name, told) in REFUSALS.items()},
        "securitySchemes": {
            "session": {
                "type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME,
                "description": "A signed-in browser; to POST it also needs its token in X-CSRFToken.",
            },
            "receipt": {
                "type": "apiKey", "in": "header", "name": "Authorization",
                "description": "`Receipt NUMBER SECRET`: whoever holds a case's receipt.",
            },
            "key": {"type": "http", "scheme": "bearer", "description": "A program's key, `ct_…`, made by the city."},
        },
    }  # fmt: skip


def _sent(kinds: Sequence[type[CaseType]]) -> Iterator[tuple[str, Schema]]:
    """Name and schema of every body: two where files may come with it."""
    for kind in kinds:
        offered = [("open", kind.opening.form()), *((act.name, _form(act)) for act in kind.acts.values())]
        for name, form in offered:
            if not schema.needs_files(form):
                yield f"{kind.code}_{name}", schema.of_form(form, files=False)
            if schema.has_files(form):
                yield f"{kind.code}_{name}_with_files", schema.of_form(form, files=True)


def _json(told: str, shown: Schema) -> Schema:
    return {"description": told, "content": {"application/json": {"schema": shown}}}


def _refusal(status: int, told: str) -> Schema:
    answer: Schema = {"description": told, "content": {"application/problem+json": {"schema": ref("Problem")}}}
    if header := CARRIED.get(status):
        answer["headers"] = {header: {"$ref": f"#/components/headers/{header}"}}
    return answer


def _refusals(statuses: Sequence[int]) -> Schema:
    return {str(one): {"$ref": f"#/components/responses/{REFUSALS[one][0]}"} for one in sorted(statuses)}


def _parameter(name: str) -> Any:
    return {"$ref": f"#/components/parameters/{name}"}


def _header(name: str, told: str) -> Schema:
    return {"name": name, "in": "header", "schema": {"type": "string"}, "description": told}


PARAMETERS: Schema = {
    "number": {
        "name": "number", "in": "path", "required": True, "description": "The case's number.",
        "schema": {"type": "string", "minLength": 1, "examples": ["26-0012345-7"]},
    },
    "idempotency_key": _header("Idempotency-Key", "A name of the command: sent twice, it is done once."),
    "if_match": _header("If-Match", "The ETag or version the sender saw: 412 if the case has moved on since."),
    "if_none_match": _header("If-None-Match", "The ETag the client has: 304 if nothing is new."),
}  # fmt: skip
