"""The JSON doors: every act of every service, by the same forms and permissions as the pages."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citong.adapters.api import describe, present
from citong.adapters.api.problem import answering, problem
from citong.core.cases.models import Case
from citong.core.cases.registry import case_types
from citong.core.flow.act import act
from citong.core.flow.intake import open_case
from citong.core.flow.receipt import proof_of, receipt_actor
from citong.core.flow.refusal import Invalid, NotThere
from citong.core.people.access import ANYBODY, Actor, Purpose, owns, scope
from citong.core.people.administration import look
from citong.kit import ids
from citong.web.asking import actor_of_request

PAGE = 50


@require_GET
@answering
def services(request: HttpRequest) -> HttpResponse:
    """All services with their states, acts and forms."""
    return JsonResponse({"services": [describe.service(kind) for kind in case_types().values()]})


@csrf_exempt
@require_http_methods(["GET", "POST"])
def cases(request: HttpRequest, service: str) -> HttpResponse:
    """GET: a page of the cases in reach, newest first. POST: a new case, with its receipt."""
    return opened(request, service) if request.method == "POST" else listed(request, service)


@answering
def listed(request: HttpRequest, service: str) -> HttpResponse:
    """Up to 50 cases after `cursor`; filters state, category, district, open."""
    rows = Case.objects.filter(scope(asking(request), Purpose.HANDLING), service=service)
    for name in ("state", "category", "district"):
        if request.GET.get(name):
            rows = rows.filter(**{name: request.GET[name]})
    if request.GET.get("open"):
        rows = rows.filter(open=request.GET["open"] == "true")
    if request.GET.get("cursor"):
        rows = rows.filter(id__lt=_cursor(request.GET["cursor"]))
    page = list(rows.select_related("unit").order_by("-id")[: PAGE + 1])
    after = str(page[PAGE - 1].id) if len(page) > PAGE else None
    return JsonResponse({"cases": [present.row(case) for case in page[:PAGE]], "next": after})


@answering
def opened(request: HttpRequest, service: str) -> HttpResponse:
    """201 with number and secret; the same Idempotency-Key gives the same case."""
    if refused := _forged(request):
        return refused
    if service not in case_types():
        raise NotThere(_("There is no such service."))
    actor, (data, files) = asking(request), _given(request)
    done = open_case(service, data, files=files, actor=actor, channel="api", key=_key(request, actor))
    body = {"number": done.case.number, "secret": done.secret, "state": done.case.state, "again": done.again}
    return JsonResponse(body, status=200 if done.again else 201)


@require_GET
@answering
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case whole, with the acts the actor could take now."""
    actor = asking(request)
    found = _found(number, actor)
    look(found.id, actor=actor, purpose=Purpose.HANDLING, at=timezone.now())
    return JsonResponse(present.whole(found, actor))


@require_GET
@answering
def steps(request: HttpRequest, number: str) -> HttpResponse:
    """The history of one case."""
    actor = asking(request)
    found = _found(number, actor)
    look(found.id, actor=actor, purpose=Purpose.HANDLING, at=timezone.now())
    return JsonResponse({"number": found.number, "history": present.told(found, actor)})


@require_GET
@answering
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt's file, for its holder or the reporter: the history with proofs, for `citong receipt verify`."""
    actor = asking(request)
    found = _found(number, actor)
    if not owns(actor, found):
        raise NotThere(_("There is no such case."))
    answer = JsonResponse(proof_of(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.json"'
    return answer


@csrf_exempt
@require_POST
@answering
def done(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """The act is done. 404, 403, 409 and 422 are problems with a sentence."""
    if refused := _forged(request):
        return refused
    actor = asking(request)
    found = _found(number, actor)
    data, files = _given(request)
    result = act(found.id, name, data, files=files, actor=actor, key=_key(request, actor))
    return JsonResponse({"number": result.case.number, "state": result.case.state, "again": result.again})


def asking(request: HttpRequest) -> Actor:
    """Who asks: the signed-in account, or the holder of `Authorization: Receipt NUMBER SECRET`."""
    kind, _blank, rest = request.headers.get("Authorization", "").partition(" ")
    if kind == "Receipt" and len(rest.split()) == 2:
        held = receipt_actor(*rest.split())
        return held[1] if held else ANYBODY
    return actor_of_request(request)


def _forged(request: HttpRequest) -> HttpResponse | None:
    """A browser's session must bring its token; a client without a session has nothing to forge."""
    if not request.user.is_authenticated or request.headers.get("Authorization"):
        return None
    checked = csrf_protect(lambda _request: HttpResponse())(request)
    return problem(403, _("The page's token is missing: load it again.")) if checked.status_code == 403 else None


def _found(number: str, actor: Actor) -> Case:
    try:
        plain = ids.case_number(*ids.parse_number(number))
    except ValueError as fault:
        raise NotThere(_(str(fault))) from fault
    rows = Case.objects.filter(scope(actor, Purpose.HANDLING), number=plain)
    found = rows.select_related("unit", "desk", "category", "routed_unit").first()
    if found is None:
        raise NotThere(_("There is no such case."))
    return found


def _given(request: HttpRequest) -> tuple[Mapping[str, Any], Any]:
    """(data, files) of a JSON body or of a form with files."""
    if not (request.content_type or "").startswith("application/json"):
        return request.POST, request.FILES
    try:
        body = json.loads(request.body or b"{}")
    except ValueError as fault:
        raise Invalid(_("The body is not JSON."), {"": [str(fault)]}) from fault
    if not isinstance(body, dict):
        raise Invalid(_("The body must be a JSON object."), {"": []})
    return _as_form(body), None


def _as_form(body: dict[str, Any]) -> QueryDict:
    """The JSON object as a form's data, so that one form serves page, phone and API."""
    data = QueryDict(mutable=True)
    for name, value in body.items():
        if isinstance(value, list):
            data.setlist(name, [str(one) for one in value])
        elif value is not None and value is not False:
            data[name] = "on" if value is True else str(value)
    return data


def _key(request: HttpRequest, actor: Actor) -> str:
    """The client's Idempotency-Key, kept apart from those of other actors."""
    key = request.headers.get("Idempotency-Key", "")[:40]
    return f"{actor.account or actor.receipt or 'api'}:{key}" if key else ""


def _cursor(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise Invalid(_("This cursor is not one of ours."), {"cursor": [str(fault)]}) from fault
