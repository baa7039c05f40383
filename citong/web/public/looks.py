"""What makes a report trustworthy to its reporter: who looked at it, and the proof that its history is whole."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from citong.core.cases.models import Case, Party
from citong.core.flow.receipt import proof_of
from citong.core.people.models import Look
from citong.core.register.models import Slip
from citong.core.register.slip import looks_about
from citong.web.asking import holds_slip, reporter_for
from citong.web.public.names import post_name, purpose_words, unit_names

MOST_LOOKS = 200


@never_cache
@require_safe
def looks(request: HttpRequest, number: str) -> HttpResponse:
    """Which office looked at the case or the record, what for and when; for its reporter and whoever it is about."""
    case = Case.objects.filter(number=number).first()
    if case is None and (slip := Slip.objects.filter(number=number).first()) and holds_slip(request, slip.record_id):
        return _page(request, looks_about(slip.record_id), {"number": number, "own": False, "record": True})
    own = case is not None and reporter_for(request, case) is not None
    if case is None or not (own or holds_slip(request, case.id) or _is_named(request, case)):
        return HttpResponseRedirect(f"{reverse('track')}?number={number}")
    rows = list(Look.objects.filter(subject=case.id).order_by("-at", "-id")[:MOST_LOOKS])
    return _page(request, rows, {"number": case.number, "own": own})


def _page(request: HttpRequest, looks: Sequence[Look], shown: dict[str, Any]) -> HttpResponse:
    rows = looks[:MOST_LOOKS]
    units = unit_names(row.unit for row in rows)
    found = [_seen(row, units.get(row.unit, "")) for row in rows]
    return render(request, "web/public/looks.html", shown | {"looks": found})


def _seen(row: Look, unit: str) -> dict[str, Any]:
    return {"at": row.at, "unit": unit, "post": post_name(row.post), "purpose": purpose_words(row.purpose)}


def _is_named(request: HttpRequest, case: Case) -> bool:
    user = request.user
    return user.is_authenticated and case.parties.filter(role=Party.Role.NAMED, account=user).exists()


@never_cache
@require_safe
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt's file: the whole history with its proofs, for `citong receipt verify`; the reporter's alone."""
    case = Case.objects.filter(number=number).first()
    holder = reporter_for(request, case) if case else None
    if case is None or holder is None:
        raise Http404
    answer = JsonResponse(proof_of(case, holder), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = f'attachment; filename="{case.number}.json"'
    return answer
