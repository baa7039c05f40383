"""The public page of a public case, and following it by e-mail."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.flow.follow import follow
from citong.core.flow.refusal import Invalid
from citong.core.people.access import ANYBODY, Purpose, scope
from citong.kit.text import masked
from citong.web.asking import reporter_for
from citong.web.public.names import kind_name, where_words
from citong.web.public.promises import promises, sources
from citong.web.public.story import told_to_public
from citong.web.throttle import TooMany, spend


@require_safe
def public_case(request: HttpRequest, number: str) -> HttpResponse:
    """What anybody may know of a public case; any other case does not exist here."""
    return _page(request, _public(number))


@require_POST
def follow_case(request: HttpRequest, number: str) -> HttpResponse:
    """The address hears of every step from now on. The answer is the same for one that follows already."""
    case = _public(number)
    contact = request.POST.get("contact", "")
    try:
        spend(request, "follow")
        follow(case.id, contact=contact, at=timezone.now())
    except Invalid as refusal:
        return _page(request, case, contact=contact, fault=str(refusal), status=refusal.status)
    except TooMany as refusal:
        return refusal.on(_page(request, case, contact=contact, fault=str(refusal)))
    messages.success(request, _("You will be told of every step by e-mail."))
    return redirect("public_case", number)


def _public(number: str) -> Case:
    visible = Case.objects.filter(scope(ANYBODY, Purpose.PUBLIC), number=number)
    case = visible.select_related("category", "unit").first()
    if case is None:
        raise Http404
    return case


def _page(
    request: HttpRequest, case: Case, *, contact: str = "", fault: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    story, made = told_to_public(case), promises(case)
    context = {
        "case": case, "title": masked(case.title), "text": masked(case.text), "kind": kind_name(case.category),
        "where": where_words(case), "state": case_type(case.service).states[case.state], "stages": story.stages,
        "steps": story.steps[::-1], "promises": made, "sources": sources(made), "contact": contact, "fault": fault,
        "own": reporter_for(request, case) is not None,
    }  # fmt: skip
    return render(request, "web/public/case.html", context, status=status)
