"""The phones' doors. Each knows its device by the signature; what a phone may hold and do, the core says."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from citong.adapters.field.answers import gzipped_answer, json_answer, nothing, tagged_answer
from citong.adapters.field.auth import Asking, Unread, refused, signed
from citong.adapters.field.shell import app_version
from citong.core.files.store import Refused
from citong.core.people.refusal import Invalid, NotThere
from citong.core.sync import files, footprint, grants, pieces
from citong.core.sync.devices import SEEN_EVERY, seen
from citong.core.sync.first import first as first_load
from citong.core.sync.footprint import Footprint
from citong.core.sync.forms import forms_of
from citong.core.sync.given import moment
from citong.core.sync.map import map_of
from citong.core.sync.pull import pull as pulled
from citong.core.sync.push import MOST
from citong.core.sync.push import push as pushed

MOST_SCOPES = 200
LARGEST_PUSH = 500_000
LONGEST_SCOPE = 60


@signed("POST")
def pull(request: HttpRequest, asking: Asking) -> HttpResponse:
    """204 when nothing changed since the cursors; else rows, and scopes to fill and to forget."""
    said = asking.json()
    asked = {scope: str(cursor) for scope, cursor in _scopes(said).items()}
    _note(asking, said)
    found = pulled(asking.device, asked, actor=asking.actor, owed=asking.known.owed, at=asking.at)
    if found is None:
        return nothing()
    told = {"scopes": found.scopes, "rows": found.rows, "forget": found.forget, "fill": found.fill}
    return json_answer(request, told | {"more": found.more, "app": app_version()})


@signed("POST")
def push(request: HttpRequest, asking: Asking) -> HttpResponse:
    """An answer to each operation; 413 for more than are taken at once."""
    said = asking.json()
    operations = said.get("operations")
    if not isinstance(operations, list) or not all(isinstance(one, dict) for one in operations):
        raise Unread(_("The request can not be read."))
    if len(operations) > MOST or len(asking.body) > LARGEST_PUSH:
        return refused(413, _("At most %(most)s at a time: send it in parts.") % {"most": MOST})
    answers = pushed(asking.device, operations, actor=asking.actor, now_there=said.get("now"), at=asking.at)
    return json_answer(request, {"now": asking.at.timestamp(), "answers": answers})


@signed("GET")
def first(request: HttpRequest, asking: Asking, scope: str) -> HttpResponse:
    """All rows of a scope and the cursor to go on from; 404 for a scope that is not the account's now."""
    load = first_load(asking.device, scope, actor=asking.actor, at=asking.at)
    if load is None:
        raise NotThere(_("This part of the city is not yours."))
    return gzipped_answer(request, load.body, tag=load.digest)


@signed("POST")
def forgotten(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The device has nothing left of these scopes."""
    listed = asking.json().get("scopes")
    scopes = [scope for scope in listed if isinstance(scope, str)] if isinstance(listed, list) else []
    grants.forgotten(asking.device, scopes[:MOST_SCOPES], at=asking.at)
    return nothing()


@signed("POST")
def footprints(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Which of the scopes are held otherwise here and must be filled anew."""
    said = {scope: _footprint(one) for scope, one in _scopes(asking.json()).items()}
    return json_answer(request, {"wrong": footprint.wrong(said, actor=asking.actor)})


@signed("GET")
def forms(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Everything that can be said, with labels in the account's language."""
    return tagged_answer(request, forms_of(asking.actor))


@signed("GET")
def map(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The outlines of the own grids and of those around."""
    return tagged_answer(request, map_of(asking.actor))


@signed("HEAD", "PUT")
def piece(request: HttpRequest, asking: Asking, sha256: str) -> HttpResponse:
    """HEAD: how much of the file is here. PUT: a piece of it; 201 when it is whole and right."""
    if request.method == "HEAD":
        answer = nothing()
        answer["Citong-Have"] = str(pieces.have(asking.device, sha256))
        return answer
    start, size = _number(request, "at"), _number(request, "of")
    try:
        have, whole = pieces.put(asking.device, sha256, asking.body, start=start, size=size, at=asking.at)
        if whole:
            files.attach(asking.device, [sha256], at=asking.at)
    except (Invalid, Refused) as refusal:
        pieces.drop(asking.device, [sha256] if isinstance(refusal, Refused) else [])
        return json_answer(request, {"have": 0, "sentence": str(refusal)}, status=422)
    return json_answer(request, {"have": have}, status=201 if whole else 200)


def _note(asking: Asking, said: Mapping[str, Any]) -> None:
    """What the phone says of itself is kept when it differs, and now and then."""
    waiting = said.get("waiting")
    counted = waiting if isinstance(waiting, int) and waiting >= 0 else 0
    oldest = moment(said.get("oldest")) if counted and said.get("oldest") else None
    app = str(said.get("app") or "").replace("\0", "")[:40]
    known = asking.known
    if (counted, oldest, app) != (known.waiting, known.oldest_at, known.app) or asking.at - known.seen_at > SEEN_EVERY:
        seen(asking.device, waiting=counted, oldest=oldest, app=app, at=asking.at)


def _scopes(said: Mapping[str, Any]) -> dict[str, Any]:
    found = said.get("scopes")
    if not isinstance(found, dict) or len(found) > MOST_SCOPES:
        raise Unread(_("The request can not be read."))
    return {scope: one for scope, one in found.items() if len(scope) <= LONGEST_SCOPE and "\0" not in scope}


def _footprint(said: Any) -> Footprint:
    match said:
        case [int() as count, str() as sha256]:
            return Footprint(count, sha256)
    raise Unread(_("The request can not be read."))


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
