"""Doing: each act's form in a drawer or on a page of its own, and what happens when it is sent."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citong.core.cases.declare import Act
from citong.core.cases.forms import ActForm
from citong.core.cases.models import Case, Submission
from citong.core.cases.registry import case_type
from citong.core.flow.act import Done, act, form_for
from citong.core.flow.learn import suggest
from citong.core.flow.reading import told
from citong.core.flow.refusal import Invalid, NotThere, Refusal, WrongState
from citong.core.people.access import Actor, may, sees_reporter
from citong.kit.ids import uuid7
from citong.web.asking import actor_of_request
from citong.web.desk.door import is_part, staff
from citong.web.desk.found import case_for, reached
from citong.web.desk.plain import names_for
from citong.web.desk.rows import state_of
from citong.web.desk.story import Step, story
from citong.web.panels import page_after
from citong.web.public.names import matter_name

LONGEST_KEY = 40


@require_http_methods(["GET", "POST"])
@staff()
def do(request: HttpRequest, number: str, act_name: str) -> HttpResponseBase:
    """GET: the act's form. POST: the act is done once, or a sentence says why not; nothing typed is lost."""
    actor = actor_of_request(request)
    if request.method == "POST":
        return _done(request, actor, number, act_name)
    case = case_for(actor, number)
    declared = _declared(case, act_name)
    if may(actor, declared, case) is None:
        raise Http404
    form = form_for(declared, case, actor)
    hint = _proposed(case, form)
    if form is not None:
        form.initial = {**form.initial, **{name: request.GET[name] for name in form.fields if name in request.GET}}
    return _form(request, case, declared, form, hint=hint)


def _proposed(case: Case, form: ActForm | None) -> str:
    """A kind is filled in where none is known, with the words that spoke for it; a person decides."""
    if form is None or "category" not in form.fields or case.category_id or form.initial.get("category"):
        return ""
    best = next(iter(suggest(f"{case.title}\n{case.text}", top=1)), None)
    if best is None:
        return ""
    form.initial = {**form.initial, "category": best.code}
    return _("The kind is proposed because of “%(words)s”: you decide.") % {"words": "、".join(best.words)}


def _done(request: HttpRequest, actor: Actor, number: str, act_name: str) -> HttpResponseBase:
    case, key = reached(actor, number), _key(request, actor)
    if case is None and key and Submission.objects.filter(key=key).exists():
        return _again(request)
    if case is None:
        return _refused(request, NotThere(_("This case is not in your hands, or no longer. Nothing was changed.")))
    declared = _declared(case, act_name)
    try:
        done = act(case.id, act_name, request.POST, actor=actor, files=request.FILES, key=key)
    except Invalid as refusal:
        return _form(request, case, declared, _bound(request.POST, refusal, declared, case, actor), refusal=refusal)
    except WrongState as refusal:
        form = _bound(request.POST, None, declared, case, actor)
        return _form(request, case, declared, form, refusal=refusal, meanwhile=_meanwhile(request, case, actor))
    except Refusal as refusal:
        return _refused(request, refusal)
    return _onward(request, actor, declared, done)


def _key(request: HttpRequest, actor: Actor) -> str:
    """The sender's name of this command, or nothing when they gave none."""
    given = request.POST.get("key", "")[:LONGEST_KEY]
    return f"{actor.account}:{given}" if given else ""


def _again(request: HttpRequest) -> HttpResponse:
    """The same command came twice, and the first one has carried the case out of the sender's hands."""
    messages.info(request, _("This had been done already; it was done once."))
    return _to(request, reverse("desk"))


def _declared(case: Case, name: str) -> Act:
    declared = case_type(case.service).acts.get(name)
    if declared is None:
        raise Http404
    return declared


def _form(
    request: HttpRequest, case: Case, declared: Act, form: ActForm | None, *,
    refusal: Refusal | None = None, meanwhile: list[Step] | None = None, hint: str = "",
) -> HttpResponse:  # fmt: skip
    """The form in its drawer, or for browsers without scripts on a page of its own."""
    context = {
        "case": case, "act": declared, "form": form, "refusal": refusal, "moved": isinstance(refusal, WrongState),
        "meanwhile": meanwhile or [], "key": request.POST.get("key") or uuid7().hex,
        "seen": request.POST.get("seen") or case.position, "state": state_of(case), "kind": matter_name(case),
        "hint": hint,
    }  # fmt: skip
    context["drawer"] = is_part(request)
    if form is not None:
        _settle(form)
    template = ("form.html" if request.method == "POST" else "drawer.html") if is_part(request) else "do.html"
    return render(request, f"web/desk/case/{template}", context, status=refusal.status if refusal else 200)


def _settle(form: ActForm) -> None:
    """The cursor stands in the first field; photos that were chosen stay chosen when the form comes back."""
    for number, field in enumerate(form.visible_fields()):
        if number == 0:
            field.field.widget.attrs["autofocus"] = True
        if isinstance(field.field, forms.FileField):
            field.field.widget.attrs["hx-preserve"] = "true"


def _bound(data: QueryDict, refusal: Invalid | None, declared: Act, case: Case, actor: Actor) -> ActForm | None:
    """The form with everything that was typed, and the sentences of the refusal at their fields."""
    if declared.form is None:
        return None
    form = declared.form(data, case=case, actor=actor)  # type: ignore[call-arg]
    assert isinstance(form, ActForm)
    form.is_valid()
    if refusal is None:
        form.errors.clear()
        return form
    for name, sentences in refusal.errors.items():
        for sentence in (one for one in sentences if one not in form.errors.get(name, [])):
            form.add_error(name if name in form.fields else None, sentence)
    return form


def _meanwhile(request: HttpRequest, case: Case, actor: Actor) -> list[Step]:
    """What others did since the form was opened, newest first."""
    seen = request.POST.get("seen", "")
    since = int(seen) if seen.isdecimal() else case.position - 1
    recorded = [one for one in told(case, actor) if one.entry.position > since]
    names = names_for(recorded, people=(), units=())
    return story(case, recorded, [], names, sees_reporter=sees_reporter(actor, case))


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    template = "web/desk/case/refused_part.html" if is_part(request) else "web/desk/case/refused.html"
    return render(request, template, {"refusal": refusal}, status=refusal.status)


def _onward(request: HttpRequest, actor: Actor, declared: Act, done: Done) -> HttpResponse:
    """Back to the case, or to the inbox when the act has carried it out of reach."""
    still = reached(actor, done.case.number)
    if done.again:
        messages.info(request, _("This had been done already; it was done once."))
    elif still is not None:
        messages.success(request, str(declared.done))
    else:
        gone = _("%(number)s has gone on and is not in your hands any more.") % {"number": done.case.number}
        messages.success(request, f"{declared.done} {gone}")
    page = page_after(done.case.service, declared.name) or "case"
    return _to(request, reverse(page, args=[done.case.number]) if still else reverse("desk"))


def _to(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponse(headers={"HX-Redirect": url}) if is_part(request) else redirect(url)
