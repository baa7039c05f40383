"""Reporting: one form, one page; a button pressed twice makes one case, and no error loses a word."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from citong.core.cases.forms import ActForm
from citong.core.cases.registry import case_type
from citong.core.flow.intake import Opened, open_case
from citong.core.flow.refusal import Invalid
from citong.core.places.models import Division
from citong.web.asking import hold_receipt, resident_of_request
from citong.web.public.names import city_name
from citong.web.throttle import TooMany, spend

SERVICE = "requests"
KEY_LENGTH = 32  # a shorter key could be somebody else's guess
WHAT = ("text", "title", "photos", "category")
# Browsers fill in who one is; what concerns others they neither fill in nor keep.
AUTOCOMPLETE = {
    "name": "name", "phone": "tel", "email": "email",
    "webhook": "off", "behalf_name": "off", "behalf_phone": "off", "named": "off",
}  # fmt: skip
WHERE = ("address", "grid", "lon", "lat", "datum")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form, and the case it opens. What can not be taken comes back with every word still in it."""
    if request.method != "POST":
        return _page(request, _empty(request), key=secrets.token_urlsafe(KEY_LENGTH))
    key = _key(request)
    try:
        spend(request, "report")
        opened = open_case(
            SERVICE, request.POST, actor=resident_of_request(request), channel="web", key=key, files=request.FILES
        )  # fmt: skip
    except Invalid as refusal:
        return _page(request, _answered(request, refusal.errors), key=key, status=refusal.status)
    except TooMany as refusal:
        return refusal.on(_page(request, _answered(request, {"__all__": [str(refusal)]}), key=key))
    return _receipt(request, opened)


def _receipt(request: HttpRequest, opened: Opened) -> HttpResponse:
    hold_receipt(request, opened.case.id)
    request.session["receipt"] = {"number": opened.case.number, "secret": opened.secret}
    return HttpResponseRedirect(reverse("receipt"))


def _key(request: HttpRequest) -> str:
    given = request.POST.get("key", "")
    return given if KEY_LENGTH <= len(given) <= 70 else secrets.token_urlsafe(KEY_LENGTH)


def _empty(request: HttpRequest) -> ActForm:
    account = request.user
    known = {"name": account.name, "phone": account.phone, "email": account.email} if account.is_authenticated else {}
    return _form(request, None, initial=known)


def _answered(request: HttpRequest, errors: Mapping[str, Sequence[str]]) -> ActForm:
    """The form with what was written and each sentence at its field; photos can not be sent back."""
    form = _form(request, request.POST)
    form.is_valid()
    for name, sentences in errors.items():
        field = name if name in form.fields or name == "__all__" else "address"
        for sentence in sentences:
            if sentence not in form.errors.get(field, []):
                form.add_error(None if field == "__all__" else field, sentence)
    if request.FILES and "photos" not in errors:
        form.add_error("photos", _("Please choose the photos again: a page can not keep them."))
    return form


def _form(request: HttpRequest, data: Any, **rest: Any) -> ActForm:
    form = case_type(SERVICE).opening.form(data, actor=resident_of_request(request), **rest)  # type: ignore[call-arg]
    assert isinstance(form, ActForm)
    for name in AUTOCOMPLETE.keys() & form.fields.keys():
        form.fields[name].widget.attrs["autocomplete"] = AUTOCOMPLETE[name]
    return form


def _page(request: HttpRequest, form: ActForm, *, key: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "key": key, "city": city_name(), "step": _step(form), "districts": _districts()}
    return render(request, "web/public/report.html", context, status=status)


def _step(form: ActForm) -> int:
    """Where the page opens: the first step with something to mend, else the first of all."""
    wrong = set(form.errors) if form.is_bound else set()
    if not wrong or wrong & set(WHAT):
        return 1
    return 2 if wrong & set(WHERE) else 3


def _districts() -> list[str]:
    found = Division.objects.filter(level="district", ends_on=None).order_by("code")
    return list(found.values_list("name", flat=True))
