"""The JSON doors: every act of every service, by the same forms and permissions as the pages."""

from contextlib import nullcontext
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citong.adapters.api import describe, openapi, present
from citong.adapters.api.asking import asking, command_key
from citong.adapters.api.given import assert_plain, given
from citong.adapters.api.models import ApiKey
from citong.adapters.api.problem import answering
from citong.adapters.api.version import assert_unmoved, tagged, version, version_at
from citong.core.cases.models import Case, Submission
from citong.core.cases.registry import case_type, case_types
from citong.core.flow.act import act
from citong.core.flow.intake import open_case
from citong.core.flow.receipt import proof_of
from citong.core.flow.refusal import Invalid, NotThere, Refusal
from citong.core.ledger.models import Entry
from citong.core.people.access import Actor, Purpose, owns, scope
from citong.core.people.administration import look
from citong.kit import ids
from citong.web.throttle import spend

PAGE = 50
READ, OPEN, ACT = ApiKey.Scope.READ, ApiKey.Scope.OPEN, ApiKey.Scope.ACT


@answering
@require_GET
def description(request: HttpRequest) -> HttpResponse:
    """This API as OpenAPI 3.1, in English."""
    return HttpResponse(openapi.written(), content_type="application/json")


@answering
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """All services with their states, acts and forms."""
    spend(request, "api")
    return JsonResponse({"services": [describe.service(kind) for kind in case_types().values()]})


@answering
@require_http_methods(["GET", "POST"])
def cases(request: HttpRequest, service: str) -> HttpResponse:
    """GET: a page of the cases in reach, newest first. POST: a new case, with its receipt."""
    if service not in case_types():
        raise NotThere(_("There is no such service."))
    return opened(request, service) if request.method == "POST" else listed(request, service)


def listed(request: HttpRequest, service: str) -> HttpResponse:
    """Up to 50 cases after `cursor`; filters state, category, district, open."""
    asked = request.GET
    assert_plain(asked)
    rows = Case.objects.filter(scope(asking(request, needs=READ), Purpose.HANDLING), service=service)
    rows = rows.filter(**{name: asked[name] for name in ("state", "category", "district") if asked.get(name)})
    if asked.get("open"):
        rows = rows.filter(open=_true(asked["open"]))
    if asked.get("cursor"):
        rows = rows.filter(id__lt=_cursor(asked["cursor"]))
    page = list(rows.select_related("unit").order_by("-id")[: PAGE + 1])
    after = str(page[PAGE - 1].id) if len(page) > PAGE else None
    return JsonResponse({"cases": [present.row(case) for case in page[:PAGE]], "next": after})


def opened(request: HttpRequest, service: str) -> HttpResponse:
    """201 with number and secret; the same Idempotency-Key gives the same case."""
    actor = asking(request, needs=OPEN)
    data, files = given(request, case_type(service).opening.form)
    key = command_key(request, actor, data)
    done = open_case(service, data, files=files, actor=actor, channel="api", key=key)
    body = {"number": done.case.number, "secret": done.secret, "state": done.case.state, "again": done.again}
    return JsonResponse(body, status=200 if done.again else 201)


@answering
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case whole, with the acts the actor could take now."""
    actor = asking(request, needs=READ)
    found = _found(number, actor)
    look(found.id, actor=actor, purpose=Purpose.HANDLING, at=timezone.now())
    return tagged(request, found, {"version": version(found)} | present.whole(found, actor))


@answering
@require_GET
def steps(request: HttpRequest, number: str) -> HttpResponse:
    """The history of one case."""
    actor = asking(request, needs=READ)
    found = _found(number, actor)
    look(found.id, actor=actor, purpose=Purpose.HANDLING, at=timezone.now())
    return tagged(request, found, {"number": found.number, "history": present.told(found, actor)})


@answering
@require_GET
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt's file, for its holder or the reporter: the history with proofs, for `citong receipt verify`."""
    actor = asking(request, needs=READ)
    found = _found(number, actor)
    if not owns(actor, found):
        raise NotThere(_("There is no such case."))
    answer = JsonResponse(proof_of(found, actor), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.json"'
    return answer


@answering
@require_POST
def done(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """The act is done. 403, 404, 409, 412 and 422 are problems with a sentence."""
    actor = asking(request, needs=ACT)
    try:
        return _do(request, number, name, actor)
    except NotThere:
        if (answer := _done_before(request, actor)) is None:
            raise
        return answer


def _do(request: HttpRequest, number: str, name: str, actor: Actor) -> HttpResponse:
    try:
        case_id, service = _named(_plain(number))
        declared = case_type(service).acts.get(name)
        if declared is None:
            raise NotThere(_("There is no such act."))
        data, files = given(request, declared.form)
    except Refusal:
        _found(number, actor)  # out of reach it answers like a case that is not there, whatever else was wrong
        raise
    key = command_key(request, actor, data)
    with transaction.atomic() if "If-Match" in request.headers else nullcontext():
        assert_unmoved(request, case_id, key=key)
        result = act(case_id, name, data, files=files, actor=actor, key=key)
    body = {"number": result.case.number, "state": result.case.state, "again": result.again}
    return JsonResponse(body | {"version": version(result.case)})


def _done_before(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    """What was answered to this command when it was done, though it took the case out of its sender's reach."""
    key = command_key(request, actor, QueryDict()) if actor.account or actor.receipt else ""
    command = Submission.objects.filter(key=key).first() if key else None
    if command is None:
        return None
    history = Entry.objects.filter(subject=command.case).order_by("-position")
    entry = history.get(act=command.act, at=command.at)
    state = history.filter(position__lte=entry.position, facts__has_key="to")[0].facts["to"]
    body = {"number": Case.objects.get(pk=command.case).number, "state": state, "again": True}
    return JsonResponse(body | {"version": version_at(entry.position, bytes(entry.hash))})


def _found(number: str, actor: Actor) -> Case:
    rows = Case.objects.filter(scope(actor, Purpose.HANDLING), number=_plain(number))
    found = rows.select_related("unit", "desk", "category", "routed_unit").first()
    if found is None:
        raise NotThere(_("There is no such case."))
    return found


@lru_cache(maxsize=20_000)
def _named(number: str) -> tuple[UUID, str]:
    """(id, service) of the case with that number, which never change. Whether the actor may know of it, `act` says."""
    found = Case.objects.filter(number=number).values_list("id", "service").first()
    if found is None:
        raise NotThere(_("There is no such case."))
    return found


def _plain(number: str) -> str:
    try:
        return ids.case_number(*ids.parse_number(number))
    except ValueError as fault:
        raise NotThere(_(str(fault))) from fault


def _cursor(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise Invalid(
            _("This cursor is not one of ours."), {"cursor": [_("Send `next` of the page before.")]}
        ) from fault


def _true(text: str) -> bool:
    known: dict[str, Any] = {"true": True, "false": False}
    if text not in known:
        raise Invalid(_("Some answers need another look."), {"open": [_("Send true or false.")]})
    return bool(known[text])
