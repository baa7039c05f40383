"""The people of the registers at the desk: taken in, changed, ended; the ties they declare; and one's own entry."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from citong.core.people.access import Actor, may_lead_body
from citong.services.mediation import bodies as reading
from citong.services.mediation import registers
from citong.services.mediation.desk.bodies import PAGE, frame, led, one_body
from citong.services.mediation.desk.doing import done
from citong.services.mediation.models import Interest, Mediator
from citong.services.mediation.register_forms import EndForm, EntryForm, InterestForm, PersonForm, ReasonForm
from citong.web.asking import actor_of_request
from citong.web.office.door import only_for

OWN = "my_register"


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(PAGE)
def person_new(request: HttpRequest, body: UUID) -> HttpResponseBase:
    """Somebody new stands in the register of the body."""
    actor, now = actor_of_request(request), timezone.now()
    found, form, status = led(actor, body), PersonForm(request.POST or None), 200
    if request.method == "POST":
        status, made = done(form, lambda: registers.enrol(found, form.values(), actor=actor, at=now))
        if made is not None:
            messages.success(request, _("%(name)s stands in the register now.") % {"name": made})
            if not made.account.has_usable_password():
                messages.info(request, _("An administrator gives the first password."))
            return redirect("mediation_body", found.id)
    return render(request, "mediation/form.html", frame(found, actor, now) | {
        "form": form, "title": _("Take somebody into the register"), "save": _("Take in"), "back": "mediation_body",
        "back_to": found.id,
    }, status=status)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(PAGE)
def person_page(request: HttpRequest, body: UUID, person: UUID) -> HttpResponseBase:
    """One entry: what it says, what the person has in hand, and whoever leads the body changes it here."""
    actor, now = actor_of_request(request), timezone.now()
    found = _entry(actor, body, person)
    leads = may_lead_body(actor, found.body.unit) is not None and found.ended_on is None
    form, status = EntryForm(request.POST or None, initial=EntryForm.told(found)), 200
    if request.method == "POST":
        if not leads:
            raise Http404
        status, _nothing = done(form, lambda: registers.change_mediator(found, form.values(), actor=actor, at=now))
        if status == 200:
            messages.success(request, _("Changed, and recorded in the ledger."))
            return redirect("mediation_person", body, person)
    shown = frame(found.body, actor, now) | {
        "person": reading.persons([found], at=now)[0], "form": form, "leads": leads,
        "interests": list(found.interests.filter(ended_on=None).order_by("id")),
        "changes": reading.changes_of(found.id), "interest_form": InterestForm(),
        "fields": reading.field_words(found.fields), "languages": reading.language_words(found.languages),
    }  # fmt: skip
    return render(request, "mediation/person.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(PAGE)
def person_end(request: HttpRequest, body: UUID, person: UUID) -> HttpResponseBase:
    """The question from when on the person serves no more; then it is so."""
    actor, now = actor_of_request(request), timezone.now()
    led(actor, body)
    found = _entry(actor, body, person)
    form, status = EndForm(request.POST or None), 200
    if request.method == "POST":
        status, _nothing = done(form, lambda: registers.end_mediator(
            found, ends_on=form.cleaned_data["ends_on"], reason=form.cleaned_data["reason"], actor=actor, at=now
        ))  # fmt: skip
        if status == 200:
            messages.success(request, _("Ended, and recorded in the ledger."))
            return redirect("mediation_body", body)
    return render(request, "mediation/end.html", frame(found.body, actor, now) | {
        "form": form, "title": str(found), "back": "mediation_body", "back_to": body, "save": _("End the entry"),
        "what": _("They hold the post in this body no more. What they did stays in the ledger."),
    }, status=status)  # fmt: skip


@require_http_methods(["POST"])
@only_for(PAGE)
def tie_new(request: HttpRequest, body: UUID, person: UUID) -> HttpResponseBase:
    """Whoever leads the body writes down a tie for somebody."""
    actor = actor_of_request(request)
    led(actor, body)
    return _declared(request, _entry(actor, body, person), actor, redirect("mediation_person", body, person))


@require_http_methods(["POST"])
@only_for(PAGE)
def tie_end(request: HttpRequest, body: UUID, person: UUID, tie: UUID) -> HttpResponseBase:
    """A declared tie has ended."""
    actor = actor_of_request(request)
    led(actor, body)
    return _untied(request, _entry(actor, body, person), tie, actor, redirect("mediation_person", body, person))


@require_GET
@only_for(OWN)
def my_entry(request: HttpRequest) -> HttpResponseBase:
    """What the register says of oneself, what one has in hand, and the ties one has declared."""
    actor, now = actor_of_request(request), timezone.now()
    entry = _own(actor)
    shown = {
        "person": reading.persons([entry], at=now)[0], "body": entry.body, "interest_form": InterestForm(),
        "interests": list(entry.interests.filter(ended_on=None).order_by("id")),
        "fields": reading.field_words(entry.fields), "languages": reading.language_words(entry.languages),
        "changes": reading.changes_of(entry.id),
    }  # fmt: skip
    return render(request, "mediation/mine.html", shown)


@require_http_methods(["POST"])
@only_for(OWN)
def my_tie_new(request: HttpRequest) -> HttpResponseBase:
    """One declares a tie oneself."""
    actor = actor_of_request(request)
    return _declared(request, _own(actor), actor, redirect("my_register"))


@require_http_methods(["POST"])
@only_for(OWN)
def my_tie_end(request: HttpRequest, tie: UUID) -> HttpResponseBase:
    """One's own tie has ended."""
    actor = actor_of_request(request)
    return _untied(request, _own(actor), tie, actor, redirect("my_register"))


def _entry(actor: Actor, body: UUID, person: UUID) -> Mediator:
    """The entry, where the actor may read its body's register; 404 otherwise."""
    held = one_body(actor, body)
    found = Mediator.objects.filter(pk=person, body=held).select_related("account", "body__unit__division").first()
    if found is None:
        raise Http404
    return found


def _own(actor: Actor) -> Mediator:
    held = Mediator.objects.select_related("account", "body__unit__division")
    found = held.filter(account=actor.account, ended_on=None).first() if actor.account else None
    if found is None:
        raise Http404
    return found


def _declared(request: HttpRequest, entry: Mediator, actor: Actor, back: HttpResponseBase) -> HttpResponseBase:
    form = InterestForm(request.POST)
    _status, made = done(form, lambda: registers.declare(entry, **form.cleaned_data, actor=actor, at=timezone.now()))
    if made is None:
        messages.error(request, str(next(iter(form.errors.values()))[0]))
    else:
        messages.success(request, _("Declared: disputes of these people go to others."))
    return back


def _untied(request: HttpRequest, entry: Mediator, tie: UUID, actor: Actor, back: HttpResponseBase) -> HttpResponseBase:
    held = Interest.objects.filter(pk=tie, mediator=entry, ended_on=None).select_related("mediator").first()
    if held is None:
        raise Http404
    form = ReasonForm(request.POST)
    _status, _nothing = done(form, lambda: registers.end_interest(
        held, reason=form.cleaned_data["reason"], actor=actor, at=timezone.now()
    ))  # fmt: skip
    if form.errors:
        messages.error(request, _("Say why the tie has ended."))
    else:
        messages.success(request, _("The tie has ended."))
    return back
