"""The pages of any subject of administration: list, form, end; and the frame around them all."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from citong.core.cases.declare import Words
from citong.core.people.roster import NotElevated
from citong.web.asking import actor_of_request
from citong.web.office.administration.subject import Subject
from citong.web.office.administration.subjects import SUBJECTS
from citong.web.office.door import only_for

T = TypeVar("T")
PAGES: tuple[tuple[str, Words, str], ...] = (
    ("administration", gettext_lazy("City"), "building-arch"),
    *((one.code, one.label, one.icon) for one in SUBJECTS.values() if one.code not in ("thresholds", "limits")),
    ("calendar", gettext_lazy("Calendar"), "calendar"),
    ("dry_run", gettext_lazy("Routing dry run"), "route"),
    ("gaps", gettext_lazy("Gaps"), "puzzle"),
    ("late_clocks", gettext_lazy("Clocks"), "clock-exclamation"),
    ("ledger_check", gettext_lazy("Ledger"), "certificate"),
    ("changes", gettext_lazy("Changes"), "history"),
    ("jobs", gettext_lazy("Jobs"), "settings"),
)


def frame(request: HttpRequest, here: str) -> dict[str, Any]:
    """What every page of administration shows: its neighbours, and whether rights are taken and until when."""
    pages = [(code, label, icon, _address(code)) for code, label, icon in PAGES if code != "appointments"]
    return {"here": here, "pages": pages, "rights": _rights(request)}


@require_GET
@only_for("administration")
def subject_list(request: HttpRequest, subject: str) -> HttpResponse:
    """The list, page by page, with its search and filters."""
    shown = table_of(_subject(subject), request.GET.dict())
    return render(request, "web/office/admin/list.html", frame(request, subject) | shown)


def table_of(subject: Subject[Any], asked: Mapping[str, str]) -> dict[str, Any]:
    """A page of the subject's list, with what stands around it."""
    rows = subject.listed(asked)
    shown, more = rows[: subject.rows], len(rows) > subject.rows
    return {
        "subject": subject, "rows": [_row(subject, row) for row in shown], "asked": asked, "filters": subject.filters(),
        "trail": subject.trail(asked), "more": _more(asked, subject.after(shown[-1])) if more else "",
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@only_for("administration")
def subject_form(request: HttpRequest, subject: str, key: str = "") -> HttpResponseBase:
    """The page of one, or of a new one. A change that can not be made keeps what was typed and says why."""
    found, actor = _subject(subject), actor_of_request(request)
    of = _one(found, key) if key else None
    form = found.form(request.POST or None, of=of, asked=request.GET.dict())
    if (of is None and not found.adds) or (form is None and request.method == "POST"):
        raise Http404
    status = 200
    if request.method == "POST" and form is not None:
        status, saved = attempt(form, lambda data: found.save(data, of=of, actor=actor))
        if saved is not None:
            messages.success(request, _("Changed, and recorded in the ledger."))
            return redirect("subject_form", subject, found.key(saved)) if of is None else _back(request, found)
    more = found.more(of, actor) if of is not None else {}
    name = found.name(of) if of is not None else ""
    shown = {"subject": found, "form": form, "of": of, "key": key, "name": name, **more}
    return render(request, found.template, frame(request, subject) | shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for("administration")
def subject_end(request: HttpRequest, subject: str, key: str) -> HttpResponseBase:
    """The question whether it shall end, with the reason; then it has ended."""
    found, actor = _subject(subject), actor_of_request(request)
    of = _one(found, key)
    if not found.ends:
        raise Http404
    form, status = found.end_form(request.POST or None), 200
    if request.method == "POST":
        status, _nothing = attempt(form, lambda data: found.end(of, data, actor=actor))
        if status == 200:
            messages.success(request, _("Ended, and recorded in the ledger."))
            return redirect("subject_list", subject)
    shown = {"subject": found, "form": form, "of": of, "key": key, "name": found.name(of)}
    return render(request, "web/office/admin/end.html", frame(request, subject) | shown, status=status)


def attempt(form: forms.Form, do: Callable[[Mapping[str, Any]], T]) -> tuple[int, T | None]:
    """(200, result) when it was done; (403 or 422, None) when not, and the form says why."""
    if not form.is_valid():
        return 422, None
    try:
        return 200, do(form.cleaned_data)
    except NotElevated as fault:
        form.add_error(None, str(fault))
        return 403, None
    except ValueError as fault:
        form.add_error(None, str(fault))
        return 422, None


def _subject(code: str) -> Subject[Any]:
    if code not in SUBJECTS:
        raise Http404
    return SUBJECTS[code]


def _one(subject: Subject[Any], key: str) -> Any:
    found = subject.find(key)
    if found is None:
        raise Http404
    return found


def _row(subject: Subject[Any], of: Any) -> Mapping[str, Any]:
    cells = [(column, column.text(of), column.tone(of)) for column in subject.columns]
    return {"key": subject.key(of), "cells": cells, "below": subject.below(of)}


def _more(asked: Mapping[str, str], after: str) -> str:
    return urlencode({**asked, "after": after})


def _back(request: HttpRequest, subject: Subject[Any]) -> HttpResponseRedirect:
    """To the page itself, which now says what was saved."""
    return redirect(request.path) if subject.template != Subject.template else redirect("subject_list", subject.code)


def _address(code: str) -> str:
    return reverse("subject_list", args=[code]) if code in SUBJECTS else reverse(code)


def _rights(request: HttpRequest) -> str:
    return f"{reverse('rights')}?{urlencode({'next': request.get_full_path()})}"
