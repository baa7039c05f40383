"""Reporting: one form in steps; a button pressed twice makes one case, and no error loses a word."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from citong.core.cases.declare import CaseType
from citong.core.cases.forms import ActForm
from citong.core.flow.intake import Opened, open_case
from citong.core.flow.refusal import Invalid
from citong.web.asking import hold_receipt, resident_of_request
from citong.web.public.doors import door_of, doors, first_wrong, pages
from citong.web.public.names import city_name
from citong.web.throttle import TooMany, spend

KEY_LENGTH = 32  # a shorter key could be somebody else's guess
# Browsers fill in who one is; what concerns others they neither fill in nor keep.
AUTOCOMPLETE = {"name": "name", "phone": "tel", "email": "email"}
OTHERS = ("webhook", "behalf_", "named", "other")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, service: str = "") -> HttpResponse:
    """The form of the service, and the case it opens. What can not be taken comes back with every word still in it."""
    kind = door_of(service)
    if kind is None:
        raise Http404
    if request.method != "POST":
        return _page(request, kind, _empty(request, kind), key=secrets.token_urlsafe(KEY_LENGTH))
    key = _key(request)
    try:
        spend(request, "report")
        opened = open_case(
            kind.code, request.POST, actor=resident_of_request(request), channel="web", key=key, files=request.FILES
        )  # fmt: skip
    except Invalid as refusal:
        return _page(request, kind, _answered(request, kind, refusal.errors), key=key, status=refusal.status)
    except TooMany as refusal:
        return refusal.on(_page(request, kind, _answered(request, kind, {"__all__": [str(refusal)]}), key=key))
    return _receipt(request, opened)


def _receipt(request: HttpRequest, opened: Opened) -> HttpResponse:
    hold_receipt(request, opened.case.id)
    request.session["receipt"] = {"number": opened.case.number, "secret": opened.secret}
    return HttpResponseRedirect(reverse("receipt"))


def _key(request: HttpRequest) -> str:
    given = request.POST.get("key", "")
    return given if KEY_LENGTH <= len(given) <= 70 else secrets.token_urlsafe(KEY_LENGTH)


def _empty(request: HttpRequest, kind: type[CaseType]) -> ActForm:
    account = request.user
    known = {"name": account.name, "phone": account.phone, "email": account.email} if account.is_authenticated else {}
    return _form(request, kind, None, initial=known)


def _answered(request: HttpRequest, kind: type[CaseType], errors: Mapping[str, Sequence[str]]) -> ActForm:
    """The form with what was written and each sentence at its field; photos can not be sent back."""
    form = _form(request, kind, request.POST)
    form.is_valid()
    for name, sentences in errors.items():
        field = name if name in form.fields or name == "__all__" else "address"
        for sentence in sentences:
            if sentence not in form.errors.get(field, []):
                form.add_error(None if field == "__all__" else field, sentence)
    if request.FILES and "photos" not in errors and "photos" in form.fields:
        form.add_error("photos", _("Please choose the photos again: a page can not keep them."))
    return form


def _form(request: HttpRequest, kind: type[CaseType], data: Any, **rest: Any) -> ActForm:
    form = kind.opening.form(data, actor=resident_of_request(request), **rest)  # type: ignore[call-arg]
    assert isinstance(form, ActForm)
    for name, field in form.fields.items():
        known = "off" if name.startswith(OTHERS) else AUTOCOMPLETE.get(name)
        if known:
            field.widget.attrs["autocomplete"] = known
    return form


def _page(
    request: HttpRequest, kind: type[CaseType], form: ActForm, *, key: str, status: int = 200
) -> HttpResponse:  # fmt: skip
    """The service's own page, or one drawn from the steps of its door."""
    steps = pages(kind, form)
    context = {
        "form": form, "key": key, "city": city_name(), "type": kind, "door": kind.opening.door, "doors": doors(),
        "steps": steps, "step": first_wrong(steps, form),
    }  # fmt: skip
    return render(request, [f"{kind.code}/public_report.html", "web/public/report.html"], context, status=status)
