"""Acts of an escort by one key or one thumb: done once, or a sentence says why not."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citong.core.cases.registry import case_type
from citong.core.flow.act import act
from citong.core.people.access import Actor, may_open
from citong.core.people.refusal import Invalid, NotThere, Refusal
from citong.services.escort.pages.showing import SERVICE, escort_for
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff

FOR_PAGES = frozenset(
    {"approve", "refuse", "withdraw", "set_off", "arrive", "end", "abort", "hand_on", "blocked", "send_officer",
     "name_driver"}
)  # fmt: skip
LONGEST_KEY = 40


@require_POST
@staff()
def do(request: HttpRequest, number: str, name: str) -> HttpResponseBase:
    """The act is taken; back to the page it was taken on, with what was done or why it was not."""
    actor = actor_of_request(request)
    escort = escort_for(actor, number)
    if name not in FOR_PAGES:
        raise Http404
    key = request.POST.get("key", "")[:LONGEST_KEY]
    try:
        done = act(escort.pk, name, request.POST, actor=actor, key=f"{actor.account}:{key}" if key else "")
    except NotThere as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, _sentence(refusal))
    else:
        again = _("This had been done already; it was done once.")
        messages.success(request, again if done.again else str(case_type(SERVICE).acts[name].done))
    return redirect(page_of(actor, number))


def page_of(actor: Actor, number: str) -> str:
    """Where this person follows the escort: in the centre, on the road, or at the desk."""
    if may_open(actor, "escorts"):
        return reverse("escort_watch", args=[number])
    return reverse("escort_drive" if may_open(actor, "escort_road") else "case", args=[number])


def _sentence(refusal: Refusal) -> str:
    faults = [one for found in refusal.errors.values() for one in found] if isinstance(refusal, Invalid) else []
    return " ".join(faults) or str(refusal)
