"""The page of a case: what, where, who, its papers, its story, its clocks, and what can be done next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from citong.core.cases.declare import Act, Does, Stage, State
from citong.core.cases.models import Case, Link, Party, Task
from citong.core.cases.registry import case_type
from citong.core.clocks.models import Clock
from citong.core.files.models import Attachment
from citong.core.flow.act import possible
from citong.core.flow.reading import readable, reads_all, told
from citong.core.people.access import Actor, Purpose, desk_seat, scope, sees_reporter
from citong.core.people.administration import look
from citong.core.people.models import Look
from citong.core.places.models import Layer
from citong.kit.ids import uuid7, uuid7_floor
from citong.web.asking import actor_of_request
from citong.web.desk import purposes
from citong.web.desk.clocks import dials
from citong.web.desk.contacts import contacts, may_know, parties_of, phone_of
from citong.web.desk.door import staff
from citong.web.desk.found import case_for
from citong.web.desk.near import merging, nearby
from citong.web.desk.plain import names_for
from citong.web.desk.rows import flags_of, place_of, state_of
from citong.web.desk.story import story
from citong.web.desk.wanted import CHANNELS, LEVELS
from citong.web.panels import desk_panels
from citong.web.public.names import matter_name, purpose_words
from citong.web.seen import seen

MOST_LOOKS = 30
STAGES = list(Stage)


@dataclass(frozen=True)
class Linked:
    """Another case this one belongs with; without title where the reader does not see it."""

    relation: str
    number: str
    case: Case | None
    state: State | None


@require_GET
@staff()
def case(request: HttpRequest, number: str) -> HttpResponseBase:
    """The page, once the purpose is known; opening it leaves a look. The same number of queries for every case."""
    actor, now = actor_of_request(request), timezone.now()
    found = case_for(actor, number)
    if found.number != number:
        return redirect("case", number=found.number)
    parties = parties_of(found)
    purpose = purposes.purpose_of(request, actor, found, parties, at=now)
    if purpose is None:
        asked = {"case": found, "purposes": purposes.ASKED.items(), "kind": matter_name(found)}
        return render(request, "web/desk/case/purpose.html", asked | {"state": state_of(found)})
    looks = list(Look.objects.filter(subject=found.id, id__gte=_first_id(found)).order_by("-id")[:MOST_LOOKS])
    purposes.leave_look(found, looks, actor=actor, purpose=purpose, at=now)
    page = (
        _matter(found, actor, parties, now) | _story(found, actor, parties, looks) | {"purpose": purpose_words(purpose)}
    )
    return render(request, "web/desk/case/page.html", page)


@require_POST
@staff()
def case_purpose(request: HttpRequest, number: str) -> HttpResponseBase:
    """The purpose that was stated stands for a while, and the page opens."""
    found = case_for(actor_of_request(request), number)
    if request.POST.get("purpose") in purposes.ASKED:
        purposes.hold_purpose(request, found, request.POST["purpose"], at=timezone.now())
    return redirect("case", number=found.number)


@require_POST
@staff()
def case_phone(request: HttpRequest, number: str, party: UUID) -> HttpResponseBase:
    """The number in full, for those who may know the person and said what for; it leaves a look of its own."""
    actor, now = actor_of_request(request), timezone.now()
    found = case_for(actor, number)
    parties = parties_of(found)
    purpose = purposes.purpose_of(request, actor, found, parties, at=now)
    one = next((each for each in parties if each.id == party), None)
    if purpose is None or one is None or not may_know(one, sees_reporter=sees_reporter(actor, found)):
        raise Http404
    look(found.id, actor=actor, purpose=purpose, at=now)
    return render(request, "web/desk/case/phone.html", {"case": found, "phone": phone_of(one)})


def _matter(case: Case, actor: Actor, parties: list[Party], now: datetime) -> dict[str, Any]:
    """What the case is now, and what its reader can do."""
    knows = sees_reporter(actor, case) and reads_all(case, actor)
    withheld = bool(parties) and not knows
    parties = parties if knows or not case_type(case.service).reads else []
    tasks = list(case.tasks.select_related("unit", "done_by").order_by("id"))
    acts = _offered(possible(case, actor), tasks, held=case.holder_id == actor.account)
    main = sorted((act for act in acts if _carries_on(act)), key=partial(_leads_on, state_of(case)), reverse=True)
    return {
        "case": case, "state": state_of(case), "type": case_type(case.service), "kind": matter_name(case),
        "place": place_of(case), "flags": flags_of(case, at=now), "layers": _layers(case), "now": now,
        "channel": CHANNELS.get(case.channel, case.channel), "level": LEVELS.get(case.level, case.level),
        "contacts": contacts(parties, sees_reporter=knows), "gives_slips": desk_seat(actor, case) is not None,
        "hidden": withheld,
        "main": main, "more": [act for act in acts if act not in main], "key": uuid7().hex,
        "at_once": [act.name for act in acts if act.form is None and not act.tells],
        "stars": "★" * (case.rating or 0), "nearby": nearby(case, actor), "links": _links(case, actor),
        "merge": merging(case, [act.name for act in acts]), "tasks": tasks, "panels": desk_panels(case, actor),
    }  # fmt: skip


def _story(case: Case, actor: Actor, parties: list[Party], looks: list[Look]) -> dict[str, Any]:
    """What it is about, how it came to be what it is, and who has looked at it. The words of a private case stand with
    its opening; its parties are named to those who read everything."""
    recorded, private = told(case, actor), bool(case_type(case.service).reads)
    first = recorded[0]
    hung = Attachment.objects.filter(subject=case.id).select_related("file").order_by("id")
    meant = readable(recorded)
    files = [file for file in hung if file.entry in meant]
    clocks = list(Clock.objects.filter(subject=case.id).order_by("id"))
    granted = {more["by"] for clock in clocks for more in clock.extensions}
    names = names_for(
        recorded, people=[seen.account for seen in looks], units={*granted, *(seen.unit for seen in looks)}
    )
    if private and reads_all(case, actor):
        names = replace(names, parties={str(party.id): party.name for party in parties})
    return {
        "steps": story(case, recorded, files, names, sees_reporter=sees_reporter(actor, case)),
        "text": (first.words or {}).get("text", "") if private else case.text,
        "files": [file for file in files if file.entry == first.entry.id] if private else files,
        "clocks": dials(clocks, case_type(case.service), names.units),
        "looks": [seen(one, units=names.units, people=names.people) for one in looks],
    }  # fmt: skip


def _offered(acts: Sequence[Act], tasks: Sequence[Task], *, held: bool) -> list[Act]:
    """The acts without those that have no place now: to take what one holds, to decide on time nobody asked for."""
    asked = any(task.code == "delay" and task.done_at is None for task in tasks)
    senseless = {Does.ASK_DELAY if asked else Does.DECIDE_DELAY} | ({Does.TAKE} if held else set())
    return [act for act in acts if act.does not in senseless]


def _carries_on(act: Act) -> bool:
    """Whether the act brings the case forward: those come first, what ends it early comes last."""
    return (act.target is not None or act.does in (Does.TAKE, Does.DECIDE_DELAY)) and not act.danger


def _leads_on(state: State, act: Act) -> bool:
    """Whether the act brings the case to a later stage: of those that carry it on, these are offered first."""
    return act.target is not None and STAGES.index(act.target.stage) > STAGES.index(state.stage)


def _layers(case: Case) -> list[tuple[Layer, str]]:
    """The professional grids the case lies in, each with its layer; one query."""
    return [
        (layer, case.professional[layer.code])
        for layer in Layer.objects.filter(base=False).order_by("order")
        if layer.code in case.professional
    ]


def _links(case: Case, actor: Actor) -> list[Linked]:
    """The cases this one belongs with; two queries."""
    rows = list(Link.objects.filter(Q(first=case) | Q(second=case)).select_related("first", "second"))
    others = {row.second_id if row.first_id == case.id else row.first_id for row in rows}
    seen = {one.id: one for one in Case.objects.filter(scope(actor, Purpose.HANDLING), id__in=others)}
    return [_linked(row, case, seen) for row in rows]


def _linked(row: Link, case: Case, seen: dict[UUID, Case]) -> Linked:
    other = row.second if row.first_id == case.id else row.first
    visible = seen.get(other.id)
    relation = f"{row.kind}_{'to' if row.first_id == case.id else 'from'}"
    return Linked(relation, other.number, visible, state_of(visible) if visible else None)


def _first_id(case: Case) -> UUID:
    """Looks are cut by month: those before the case was opened need not be searched."""
    return uuid7_floor(case.opened_at)
