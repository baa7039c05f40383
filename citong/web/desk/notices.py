"""What a person is told: notices to them and to their units, and how many they have not seen."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from citong.core.cases.models import Case
from citong.core.notices.models import Notice
from citong.core.notices.words import words
from citong.core.people.access import Actor, Purpose, scope
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff

ROWS = 50
MOST_COUNTED = 99


@dataclass(frozen=True)
class Line:
    """One notice in words."""

    notice: Notice
    number: str
    title: str
    body: str


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """Notices in the app to the actor, or to a unit of theirs where nobody there is named."""
    units = {seat.unit for seat in actor.seats}
    told = Q(account_id=actor.account) | Q(account=None, unit_id__in=units)
    return Notice.objects.filter(told, channel=Notice.Channel.APP)


def unseen(actor: Actor) -> int:
    """How many notices wait to be seen, up to one over `MOST_COUNTED`; one query."""
    return notices_of(actor).filter(seen_at=None).order_by()[: MOST_COUNTED + 1].count()


@require_GET
@staff()
def notices(request: HttpRequest) -> HttpResponseBase:
    """The notices, newest first; a unit's notice is seen once one of its people has seen it."""
    told = notices_of(actor_of_request(request)).select_related("unit").order_by("-id")
    with suppress(ValueError):
        told = told.filter(id__lt=UUID(request.GET.get("after", "")))
    found = list(told[: ROWS + 1])
    after = str(found[ROWS - 1].id) if len(found) > ROWS else ""
    lines = _lines(found[:ROWS], actor_of_request(request))
    return render(request, "web/desk/notices.html", {"lines": lines, "after": after})


@require_POST
@staff()
def notices_seen(request: HttpRequest) -> HttpResponseBase:
    """All notices have been seen."""
    notices_of(actor_of_request(request)).filter(seen_at=None).update(seen_at=timezone.now())
    return redirect("notices")


@require_POST
@staff()
def notice_open(request: HttpRequest, notice: UUID) -> HttpResponseBase:
    """The notice has been seen, and its case, record or webhook opens."""
    told = get_object_or_404(notices_of(actor_of_request(request)), pk=notice)
    Notice.objects.filter(pk=told.pk, seen_at=None).update(seen_at=timezone.now())
    if hook := told.facts.get("hook"):
        return redirect("hook", hook)
    if record := told.facts.get("record"):
        return redirect("record", record)
    return redirect("case", number=told.facts.get("number", ""))


def _lines(found: Sequence[Notice], actor: Actor) -> list[Line]:
    """The notices in words, with the title of the case where the reader still sees it; one query."""
    seen = Case.objects.filter(scope(actor, Purpose.HANDLING), id__in={notice.subject for notice in found})
    titles = dict(seen.values_list("id", "title"))
    language = get_language() or "zh-hans"
    for notice in found:
        notice.language = language
    return [
        Line(notice, notice.facts.get("number", ""), titles.get(notice.subject, ""), words(notice).body)
        for notice in found
    ]
