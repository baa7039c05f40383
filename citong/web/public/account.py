"""What a signed-in resident has reported."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.people.access import Purpose, scope
from citong.web.asking import resident_of_request
from citong.web.public.names import matter_name, where_words

PAGE = 20


@never_cache
@require_safe
@login_required
def my_reports(request: HttpRequest) -> HttpResponse:
    """Own reports, newest first, a page at a time; `?before=` carries the last one seen."""
    own = Case.objects.filter(scope(resident_of_request(request), Purpose.OWN)).select_related("category")
    if before := _id(request.GET.get("before", "")):
        own = own.filter(id__lt=before)
    found = list(own.order_by("-id")[: PAGE + 1])
    reports = [
        {
            "case": case, "kind": matter_name(case), "where": where_words(case),
            "state": case_type(case.service).states[case.state],
        }
        for case in found[:PAGE]
    ]  # fmt: skip
    older = found[PAGE - 1].id if len(found) > PAGE else None
    return render(request, "web/public/my_reports.html", {"reports": reports, "older": older})


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
