"""Writing down what somebody told on the telephone or at the counter, or what was found on patrol."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from citong.core.cases.declare import CaseType, Words
from citong.core.cases.forms import ActForm
from citong.core.cases.models import Case
from citong.core.cases.registry import case_types
from citong.core.flow.intake import Opened, open_case
from citong.core.flow.refusal import Invalid
from citong.core.people.access import Actor
from citong.core.people.posts import Post
from citong.kit.ids import uuid7
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.desk.wanted import CHANNELS
from citong.web.public.doors import desk_pages
from citong.web.public.receipt import slip

LABELS: Mapping[str, Words] = {
    "reporting": gettext_lazy("The reporter's name"),
    "name": gettext_lazy("Name of the reporter"),
    "channels": gettext_lazy("Tell the reporter by"),
    "behalf_name": gettext_lazy("For whom they speak (name)"),
}
TOLD = ("hotline", "counter", "letter")
FOUND = "grid"
HELD = "desk_receipt"
LONGEST_KEY = 40
SHORTEST_KEY = 32  # a shorter key could be somebody else's guess


@never_cache
@require_http_methods(["GET", "POST"])
@staff()
def desk_report(request: HttpRequest, service: str = "") -> HttpResponseBase:
    """The service's own opening form with the channel; sent, the receipt to read out. Nothing typed is lost."""
    actor = actor_of_request(request)
    kinds = all_openable(actor)
    kind = next((one for one in kinds if service in ("", one.code)), None)
    if kind is None:
        raise Http404
    if request.method == "GET":
        form = _form(kind, None, actor)
        form.initial = {**form.initial, **{name: request.GET[name] for name in form.fields if name in request.GET}}
        return _page(request, kind, form, actor)
    channel = _channel(request, actor)
    try:
        opened = open_case(
            kind.code, request.POST, actor=actor, channel=channel, key=_key(request, actor), files=request.FILES,
            for_another=channel in TOLD,
        )  # fmt: skip
    except Invalid as refusal:
        form = _answered(_form(kind, request.POST, actor), refusal.errors)
        return _page(request, kind, form, actor, status=refusal.status)
    return _receipt(request, opened)


@never_cache
@require_GET
@staff()
def desk_receipt(request: HttpRequest) -> HttpResponseBase:
    """The receipt just made, to read out; with `print` on one sheet of paper."""
    held: dict[str, str] | None = request.session.get(HELD)
    case = Case.objects.select_related("category", "desk").filter(number=held["number"]).first() if held else None
    if held is None or case is None:
        return redirect("desk_report")
    template = "web/public/receipt_print.html" if "print" in request.GET else "web/desk/receipt.html"
    return render(request, template, slip(request, case, held["secret"]))


def openable(actor: Actor) -> type[CaseType] | None:
    """The first service this person's post may open a case of."""
    return next(iter(all_openable(actor)), None)


def all_openable(actor: Actor) -> list[type[CaseType]]:
    """The services this person's post may open cases of, in their order."""
    posts = actor.posts() - {Post.RESIDENT}
    return [kind for kind in case_types().values() if any(who.post in posts for who in kind.opening.by)]


def channels_for(actor: Actor) -> list[str]:
    """Who goes through the city finds; who sits at the desk is told."""
    return [FOUND, *TOLD] if Post.GRID_WORKER in actor.posts() else [*TOLD, FOUND]


def _channel(request: HttpRequest, actor: Actor) -> str:
    given = request.POST.get("channel", "")
    return given if given in channels_for(actor) else channels_for(actor)[0]


def _key(request: HttpRequest, actor: Actor) -> str:
    given = request.POST.get("key", "")[:LONGEST_KEY]
    return f"{actor.account}:{given}" if len(given) >= SHORTEST_KEY else ""


def _receipt(request: HttpRequest, opened: Opened) -> HttpResponse:
    request.session[HELD] = {"number": opened.case.number, "secret": opened.secret}
    return redirect("desk_receipt")


def _form(kind: type[CaseType], data: Any, actor: Actor) -> ActForm:
    """The form in the words of somebody who writes for another."""
    form = kind.opening.form(data, actor=actor)  # type: ignore[call-arg]
    assert isinstance(form, ActForm)
    for name in LABELS.keys() & form.fields.keys():
        form.fields[name].label = LABELS[name]
    return form


def _answered(form: ActForm, errors: Mapping[str, Sequence[str]]) -> ActForm:
    """The form with what was typed and each sentence at its field; a fault of the place stands at the address."""
    form.is_valid()
    for name, sentences in errors.items():
        field = name if name in form.fields else "address" if "address" in form.fields else None
        for sentence in (one for one in sentences if one not in form.errors.get(field or "__all__", [])):
            form.add_error(field, sentence)
    return form


def _page(
    request: HttpRequest, kind: type[CaseType], form: ActForm, actor: Actor, *, status: int = 200
) -> HttpResponse:  # fmt: skip
    """The service's own page, or one drawn from its form."""
    chosen = _channel(request, actor)
    context = {
        "form": form, "type": kind, "kinds": all_openable(actor),
        "channels": [(code, CHANNELS[code], code == chosen) for code in channels_for(actor)],
        "key": request.POST.get("key") or uuid7().hex, "told": TOLD, "title": _("New report"),
        "steps": desk_pages(kind, form),
    }  # fmt: skip
    return render(request, [f"{kind.code}/desk_report.html", "web/desk/report.html"], context, status=status)
