"""The invitation of a party: number and code to read out or to print, for whoever has just invited them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from citong.core.cases.models import Case, Party
from citong.core.clocks.models import Clock
from citong.core.ledger.models import Entry
from citong.core.people import slip
from citong.core.people.access import Actor
from citong.kit.ids import uuid7_floor
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.desk.found import case_for
from citong.web.panels import Panel, case_panel, show_after
from citong.web.public.names import city_name
from citong.web.public.receipt import qr_of

SHOWN_FOR = timedelta(hours=1)
show_after("mediation", "invite_party", "mediation_invitation")


@dataclass(frozen=True)
class Invitation:
    """Who was invited when, and the code that opens the case for them."""

    party: Party
    at: datetime
    secret: str


@never_cache
@require_GET
@staff("inbox")
def invitation(request: HttpRequest, number: str) -> HttpResponseBase:
    """The code of the party whom this person invited last, for an hour; with `print` as a letter."""
    actor = actor_of_request(request)
    case = case_for(actor, number)
    if case.service != "mediation":
        raise Http404
    found = invited_by(actor, case, at=timezone.now())
    if found is None:
        messages.info(request, _("There is no code to show any more: invite the party anew."))
        return redirect("case", number=case.number)
    template = "mediation/invitation_letter.html" if "print" in request.GET else "mediation/invitation.html"
    return render(request, template, _shown(request, case, found))


@case_panel("mediation")
def letter(case: Case, actor: Actor) -> Panel | None:
    """The way back to the letter, as long as it can be printed; one query, or three."""
    found = invited_by(actor, case, at=timezone.now())
    if found is None:
        return None
    return Panel(_("Invitation"), "mail", "mediation/_invitation.html", {"case": case, "invitation": found})


def invited_by(actor: Actor, case: Case, *, at: datetime) -> Invitation | None:
    """The last invitation that this person sent within the hour, if its code still opens the case."""
    if actor.account is None:
        return None
    sent = Entry.objects.filter(
        subject=case.id, act="invite_party", actor=actor.account, id__gte=uuid7_floor(at - SHOWN_FOR)
    ).order_by("-id").first()  # fmt: skip
    party = Party.objects.filter(case=case, pk=sent.facts["invited"]).first() if sent else None
    if sent is None or party is None:
        return None
    secret, digest = slip.invited(UUID(str(party.pk)), sent.facts["slip"])
    return Invitation(party, sent.at, secret) if bytes(party.slip or b"") == digest else None


def _shown(request: HttpRequest, case: Case, found: Invitation) -> dict[str, Any]:
    link = request.build_absolute_uri(reverse("receipt_link", args=[case.number, found.secret]))
    reply = Clock.objects.filter(subject=case.id, code="reply", stopped_at=None).first()
    others = Party.objects.filter(case=case).exclude(side__in=["", found.party.side]).exclude(role=Party.Role.AGENT)
    return {
        "case": case, "invitation": found, "secret": found.secret, "code": qr_of(link), "city": city_name(),
        "track": request.build_absolute_uri(reverse("track")), "reply": reply, "others": [one.name for one in others],
    }  # fmt: skip
