"""Every address of Citong, everybody who may knock there, and what they are told: read from tests/doors.toml."""

import io
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.client import ClientHandler, FakePayload
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from citong.adapters.api import keys
from citong.core.people.administration import elevate
from citong.web.asking import RECEIPTS
from tests.cast import Cast

TABLE = Path(__file__).parent / "doors.toml"
LOGIN = "/account/login/"
SHORT = 5
FORM = "application/x-www-form-urlencoded"
INSIDE = (200, 201, 301, 302, 400, 409, 415, 422)  # an answer of the page itself, be it that the form is not filled in
TOLD = {204: "nothing", 401: "key", 403: "outside", 404: "absent", 405: "never", 503: "unwell"}
PART = re.compile(r"<(?:\w+:)?(\w+)>")
WRITES = re.compile(r'(?:INSERT INTO|UPDATE(?! SET\b)|DELETE FROM) "?(\w+)"?', re.ASCII)
MARKS = {"django_session", "web_fleeting", "people_look", "api_apikey"}  # what looking may leave behind
CHANGING = re.compile(r'(name="(?:csrfmiddlewaretoken|key)" value="|csrf-token" content=")[^"]*|X-CSRFToken": "[^"]*')


@dataclass(frozen=True)
class Door:
    """One line of the table, as its first lines explain. `rules` maps GET and POST to who is told what."""

    name: str
    url: str
    rules: Mapping[str, Mapping[str, str]]
    given: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    path: str = ""
    body: Mapping[str, str] = field(default_factory=dict)
    hides: bool = False
    token: bool = True
    writes: Sequence[str] = ()


@dataclass(frozen=True)
class Answer:
    """What somebody was told: the word of the table, what was written, and how to read all that they could read."""

    word: str
    status: int
    kind: str
    wrote: frozenset[str]
    said: Callable[[], str]


def table() -> tuple[list[str], dict[str, dict[str, str]], list[Door]]:
    """(people, rules by name, doors) of the table. KeyError for a rule that is not there."""
    read = tomllib.loads(TABLE.read_text("utf-8"))
    people: list[str] = read["people"]
    rules = {name: _rule(people, said, read["groups"]) for name, said in read["rules"].items()}
    return people, rules, [_door(name, said, rules) for name, said in read["doors"].items()]


def _rule(people: list[str], said: Mapping[str, Any], groups: Mapping[str, list[str]]) -> dict[str, str]:
    named = {word: names for word, names in said.items() if word != "others"}
    told = {who: word for word, names in named.items() for name in names for who in groups.get(name, [name])}
    return {who: told.get(who, said.get("others", "")) for who in people}


def _door(name: str, said: Mapping[str, Any], rules: Mapping[str, Mapping[str, str]]) -> Door:
    asked = {method: rules[said.get(method, "never")] for method in ("GET", "POST")}
    more = {key: value for key, value in said.items() if key not in ("GET", "POST", "url")}
    return Door(name, said.get("url", name), asked, **more)


@cache
def addresses() -> dict[str, tuple[str, bool]]:
    """Every address of the installation: its name, or its route without one, to its route and whether it has a name."""
    walked = _walked(get_resolver().url_patterns, "")
    return {pattern.name or route: (route, bool(pattern.name)) for route, pattern in walked}


def _walked(patterns: Any, before: str) -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        route = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from _walked(one.url_patterns, route)
        else:
            yield route, one


class Town:
    """The people at the doors, each with a browser or a key, and the things behind the doors."""

    def __init__(
        self, cast: Cast, things: Mapping[str, str], missing: Mapping[str, str], *, receipt: tuple[str, str, str]
    ) -> None:
        self.cast, self.things, self.missing, self.receipt = cast, things, missing, receipt
        self.clients = {who: self._client(who) for who in table()[0]}
        self.handlers = {strict: ClientHandler(enforce_csrf_checks=strict) for strict in (False, True)}

    def knock(self, door: Door, method: str, who: str, *, missing: bool = False) -> Answer:
        """The answer; nothing that was written stays. `missing`: the same address of a thing that does not exist."""
        names, wrote = self._names(door, missing=missing), set[str]()

        def watch(execute: Any, sql: str, *rest: Any) -> Any:
            wrote.update(WRITES.findall(sql))
            return execute(sql, *rest)

        with connection.execute_wrapper(watch):
            answer = self._answer(door, method, who, names)
        own = (address(door, names), *names.values())
        kind = answer.headers["Content-Type"]
        return Answer(_word(answer), answer.status_code, kind, frozenset(wrote), lambda: _said(answer, own))

    def unforged(self, door: Door, who: str) -> int:
        """The status of the same POST from a browser that brings no token."""
        return self._answer(door, "POST", who, self._names(door), strict=True).status_code

    def _answer(
        self, door: Door, method: str, who: str, names: Mapping[str, str], *, strict: bool = False
    ) -> HttpResponseBase:  # fmt: skip
        """What the handler says, without the test client around it, which copies every context it renders."""
        sent = urlencode({name: names[name] for name in door.body}).encode() if method == "POST" else b""
        asked = {
            "REQUEST_METHOD": method, "PATH_INFO": address(door, names), "QUERY_STRING": door.query,
            "CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(len(sent)), "wsgi.input": FakePayload(sent),
        }  # fmt: skip
        kept = transaction.savepoint()
        browser: Any = self.clients[who]
        answer: Any = self.handlers[strict](browser._base_environ(**asked))
        transaction.savepoint_rollback(kept)
        assert isinstance(answer, HttpResponseBase)
        return answer

    def _names(self, door: Door, *, missing: bool = False) -> dict[str, str]:
        """What stands in the address and in the body, by the names of the table."""
        route, _named = addresses()[door.url]
        named = {name: door.given.get(name, name) for name in PART.findall(route)} | dict(door.body)
        lost = {name: self.missing[thing] for name, thing in named.items() if missing and thing in self.missing}
        return {name: self.things.get(thing, thing) for name, thing in named.items()} | lost

    def _client(self, who: str) -> Client:
        if who.endswith(" key"):
            return self._program(who.removesuffix(" key"))
        client = Client(headers={"Accept-Language": "en"} | self._brought(who))
        if who == "receipt":
            session = SessionStore()
            session[RECEIPTS] = [self.receipt[0]]
            session.save()
            client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
        elif who == "elevated":
            elevate(self.cast.elevated, reason="the doors are tried", at=timezone.now())
            client.force_login(self.cast.elevated)
        elif who != "nobody":
            client.force_login(self.cast.people[who])
        return client

    def _brought(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Receipt {self.receipt[1]} {self.receipt[2]}"} if who == "receipt" else {}

    def _program(self, scope: str) -> Client:
        _key, text = keys.make(f"{scope} key", account=self.cast.clerk, scopes=[scope], per_minute=100_000)
        return Client(headers={"Authorization": f"Bearer {text}", "Accept-Language": "en"})


def address(door: Door, names: Mapping[str, str]) -> str:
    """Where the door is; patterns without a name stand for themselves."""
    route, named = addresses()[door.url]
    parts = {name: names[name] for name in PART.findall(route)}
    return door.path or (reverse(door.url, kwargs=parts) if named else f"/{route}")


def _word(answer: HttpResponseBase) -> str:
    where = answer.headers.get("Location", "")
    if where.startswith(LOGIN):
        return "sign in"
    if where.startswith("/track/?number="):
        return "receipt"
    return "in" if answer.status_code in INSIDE else TOLD.get(answer.status_code, str(answer.status_code))


def _text(content: bytes, *, json_: bool) -> str:
    """What stands in a page, in a document or in the parts of a workbook."""
    if json_:
        return json.dumps(json.loads(content), ensure_ascii=False)
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())


def _said(answer: Any, own: Iterable[str]) -> str:
    """Everything a client can read, without its own words and what differs from time to time."""
    body = "" if answer.streaming else _text(answer.content, json_="json" in answer.headers["Content-Type"])
    told = CHANGING.sub("", f"{answer.headers.get('Location', '')}\n{answer.headers['Content-Type']}\n{body}")
    for word in own:
        told = told.replace(word, "…") if len(word) > SHORT else told
    return told
