"""A slip for a person named in a case: with it they see which offices looked at the case, and what for."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from citong.core.flow.refusal import Refusal
from citong.core.flow.slip import issue_slip
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.desk.found import case_for


@never_cache
@require_POST
@staff("inbox")
def case_slip(request: HttpRequest, number: str, party: UUID) -> HttpResponseBase:
    """The new slip on a page to print, once; only the case's own desk gives it out."""
    actor = actor_of_request(request)
    case = case_for(actor, number)
    try:
        secret = issue_slip(case.id, party, actor=actor, at=timezone.now())
    except Refusal as refusal:
        raise Http404(str(refusal)) from refusal
    return render(request, "web/desk/slip.html", {"case": case, "secret": secret})
