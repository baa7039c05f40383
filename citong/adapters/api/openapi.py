"""The doors as an OpenAPI 3.1 document, made from the declarations: every act with its form and its answers."""

import json
from collections.abc import Iterator, Sequence
from functools import cache

from django import forms
from django.conf import settings
from django.utils.translation import override

from citong.adapters.api import openapi_hooks, schema
from citong.adapters.api.answers import SCHEMAS, Schema, ref
from citong.adapters.api.parts import READING, REFUSALS, SENDING, answer, parameter, refusal, refusals
from citong.core.cases.declare import Act, CaseType
from citong.core.cases.registry import case_types

ABOUT = """Every act of every service, by the same forms and permissions as the pages.

Who asks: nobody in particular, a signed-in session, the holder of a receipt, or a program with a key of its own. What
is out of reach answers like what does not exist (404). Sentences come in the language of Accept-Language (zh-hans,
zh-hant, en). Looking at a case leaves a mark that its reporter can read. A key has scopes: `read`, `open`, `act`,
`hook`."""
ANYBODY: list[Schema] = [{}, {"session": []}, {"receipt": []}, {"key": []}]
HEADERS: Schema = {
    "ETag": {"description": "The case's version, and a hash of what is shown.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "How to bring a key.", "schema": {"type": "string"}},
}


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
            "webhooks": openapi_hooks.webhooks(),
            "components": _components(kinds),
        }  # fmt: skip


def _paths(kinds: Sequence[type[CaseType]]) -> Schema:
    paths = _describing() | _reading() | _publishing(kinds) | openapi_hooks.paths()
    for kind in kinds:
        paths[f"/api/v1/{kind.code}/cases"] = {"get": _list(kind), "post": _open(kind)}
    for name, offering in _acts(kinds).items():
        paths[f"/api/v1/cases/{{number}}/acts/{name}"] = {
            "parameters": [parameter("number")], "post": _act(name, offering)
        }  # fmt: skip
    return paths


def _describing() -> Schema:
    return {
        "/api/v1/openapi.json": {"get": {
            "operationId": "describe", "summary": "This document", "security": [{}],
            "responses": {"200": answer("The document.", {"type": "object"})},
        }},
        "/api/v1/services": {"get": {
            "operationId": "services", "summary": "All services with their states, acts and forms", "security": [{}],
            "responses": {"200": answer("All services.", ref("Services"))},
        }},
    }  # fmt: skip


def _reading() -> Schema:
    one, number = "/api/v1/cases/{number}", [parameter("number")]
    case = _conditional("case", "One case with what the sender could do next", "Case")
    history = _conditional("history", "The history of a case", "History")
    return {
        one: {"parameters": number, "get": case},
        f"{one}/history": {"parameters": number, "get": history},
        f"{one}/receipt": {"parameters": number, "get": {
            "operationId": "receipt", "security": ANYBODY,
            "summary": "The receipt's file with proofs, for its holder or the reporter",
            "responses": {"200": answer("The file.", ref("Receipt"))} | refusals(READING),
        }},
    }  # fmt: skip


def _publishing(kinds: Sequence[type[CaseType]]) -> Schema:
    """The open data: one list of filters, two forms of file."""
    day = {"type": "string", "format": "date"}
    asked = [
        ("since", day, "Received on this day or later."), ("until", day, "Received on this day or earlier."),
        ("service", {"type": "string", "enum": [kind.code for kind in kinds]}, "One service."),
        ("category", schema.CODE, "This category and those below it."), ("district", schema.CODE, "One district."),
        ("state", {"type": "string", "enum": ["open", "closed"]}, "Only open or only closed ones."),
    ]  # fmt: skip
    parameters = [{"name": name, "in": "query", "schema": kept, "description": told} for name, kept, told in asked]
    files: dict[str, tuple[str, Schema]] = {
        "csv": ("text/csv", {"type": "string"}), "geojson": ("application/geo+json", ref("PublicCases"))
    }  # fmt: skip
    return {
        f"/api/v1/public/cases.{form}": {"get": {
            "operationId": f"public_{form}", "summary": f"All public requests as {form}, without personal data",
            "security": [{}], "parameters": parameters, "responses": {
                "200": {"description": "The file, oldest first.", "content": {media: {"schema": shown}}}
            } | refusals((422, 429)),
        }}
        for form, (media, shown) in files.items()
    }  # fmt: skip


def _conditional(name: str, summary: str, shown: str) -> Schema:
    tag = {"ETag": {"$ref": "#/components/headers/ETag"}}
    return {
        "operationId": name, "summary": summary, "security": ANYBODY, "parameters": [parameter("if_none_match")],
        "responses": {
            "200": answer(summary, ref(shown)) | {"headers": tag},
            "304": {"description": "As the client knows it.", "headers": tag},
        } | refusals(READING),
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
        "responses": {"200": answer("A page.", ref("Page"))} | refusals((*READING, 422)),
    }  # fmt: skip


def _open(kind: type[CaseType]) -> Schema:
    return {
        "operationId": f"{kind.code}_open", "tags": [kind.code], "security": ANYBODY,
        "summary": f"Open a case: {kind.label}", "description": str(kind.description),
        "parameters": [parameter("idempotency_key")],
        "requestBody": _body([(f"{kind.code}_open", kind.opening.form())]),
        "responses": {
            "201": answer("The case is open; here is its receipt.", ref("Opened")),
            "200": answer("It had been opened by this Idempotency-Key before.", ref("Opened")),
        } | refusals(SENDING),
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
        "parameters": [parameter("idempotency_key"), parameter("if_match")],
        "requestBody": _body([(f"{kind.code}_{name}", _form(act)) for kind, act in offering]),
        "responses": {"200": answer("The act is done.", ref("Done"))} | refusals((*SENDING, 412)),
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
        "schemas": SCHEMAS | openapi_hooks.schemas() | dict(_sent(kinds)),
        "parameters": PARAMETERS | openapi_hooks.PARAMETERS,
        "headers": HEADERS,
        "responses": {name: refusal(status, told) for status, (name, told) in REFUSALS.items()},
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
