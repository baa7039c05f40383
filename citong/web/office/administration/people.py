"""What is done to an account besides appointing: a first password, shown once, and opening a closed account again."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citong.core.people import roster
from citong.core.people.models import Account
from citong.web.asking import actor_of_request
from citong.web.office.administration.accounts import AccountForm, first_password
from citong.web.office.administration.pages import attempt, frame
from citong.web.office.administration.subject import ReasonForm
from citong.web.office.administration.subjects import SUBJECTS
from citong.web.office.door import only_for


@require_http_methods(["GET", "HEAD", "POST"])
@only_for("administration")
def account_new(request: HttpRequest) -> HttpResponseBase:
    """A new staff account. Its first password is shown on this answer and nowhere else."""
    form, status, password = AccountForm(request.POST or None), 200, first_password()
    if request.method == "POST":
        actor = actor_of_request(request)
        status, made = attempt(form, lambda data: roster.create_account(**data, password=password, actor=actor))
        if made is not None:
            return _handed_over(request, made, password)
    shown = {"subject": SUBJECTS["accounts"], "form": form, "of": None}
    return render(request, "web/office/admin/form.html", frame(request, "accounts") | shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for("administration")
def account_password(request: HttpRequest, key: str) -> HttpResponseBase:
    """A new first password for somebody who lost theirs, shown once."""
    account, form, status, password = _account(key), ReasonForm(request.POST or None), 200, first_password()
    if request.method == "POST":
        actor = actor_of_request(request)
        status, _nothing = attempt(
            form, lambda data: roster.set_password(account, password, reason=data["reason"], actor=actor)
        )
        if status == 200:
            return _handed_over(request, account, password)
    shown = {"account": account, "form": form}
    return render(request, "web/office/admin/password.html", frame(request, "accounts") | shown, status=status)


@require_POST
@only_for("administration")
def account_open(request: HttpRequest, key: str) -> HttpResponseBase:
    """The closed account can sign in again."""
    account, form = _account(key), ReasonForm(request.POST)
    actor = actor_of_request(request)
    status, _nothing = attempt(form, lambda data: roster.set_active(account, True, reason=data["reason"], actor=actor))
    if status != 200:
        messages.error(request, _fault(form))
    return redirect("subject_form", "accounts", key)


def _handed_over(request: HttpRequest, account: Account, password: str) -> HttpResponseBase:
    shown = {"account": account, "password": password}
    return render(request, "web/office/admin/password.html", frame(request, "accounts") | shown)


def _account(key: str) -> Account:
    found: Account | None = SUBJECTS["accounts"].find(key)
    if found is None:
        raise Http404
    return found


def _fault(form: forms.Form) -> str:
    return next((str(fault) for faults in form.errors.values() for fault in faults), _("Say why."))
