"""The inbox: what waits for whom, late first."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from citong.core.cases.models import Case, SavedView
from citong.core.people.access import Actor, Purpose, scope
from citong.web.asking import actor_of_request
from citong.web.desk import tabs
from citong.web.desk.choices import asks
from citong.web.desk.door import is_part, staff
from citong.web.desk.paging import page
from citong.web.desk.rows import loaded, rows
from citong.web.desk.tabs import Tabs
from citong.web.desk.wanted import Wanted


@require_GET
@vary_on_headers("HX-Request")
@staff("inbox")
def desk(request: HttpRequest) -> HttpResponseBase:
    """The inbox, or for htmx its list with the tabs. As many queries for three rows as for three hundred."""
    actor, now = actor_of_request(request), timezone.now()
    asked, own = Wanted.read(request.GET), Tabs.of(actor, at=now)
    after = request.GET.get("after", "")
    if after and is_part(request):
        return render(request, "web/desk/inbox/lines.html", _lines(asked, own, after))
    counted = own.counts()
    wanted = replace(asked, tab=asked.tab if asked.tab in tabs.TABS else tabs.first_with_work(counted))
    shown = _lines(wanted, own, after) | _frame(wanted, counted, actor)
    return render(request, "web/desk/inbox/list.html" if is_part(request) else "web/desk/inbox/page.html", shown)


def cases_wanted(wanted: Wanted, own: Tabs) -> QuerySet[Case]:
    """The cases the filter means, of those the actor may see."""
    reach = Case.objects.filter(scope(own.actor, Purpose.HANDLING)).filter(wanted.condition())
    return reach.filter(own.condition(wanted.tab))


def _lines(wanted: Wanted, own: Tabs, after: str) -> dict[str, Any]:
    found = page(loaded(cases_wanted(wanted, own)), after=after, newest_first=wanted.newest_first)
    query = wanted.query()
    return {
        "rows": rows(found.cases, at=own.at), "after": found.after, "wanted": wanted, "now": own.at, "first": not after,
        "query": query, "query_more": f"{query}&" if query else "?",
    }  # fmt: skip


def _frame(wanted: Wanted, counted: dict[str, int], actor: Actor) -> dict[str, Any]:
    choices = asks(wanted, actor)
    narrowed = [one for one in choices if one.given and one.name != "sort"]
    saved = list(SavedView.objects.filter(account=actor.account).order_by("name"))
    query = wanted.query()
    return {
        "tabs": [(name, label, counted[name], wanted.query(tab=name)) for name, label in tabs.TABS.items()],
        "most": tabs.MOST, "asks": choices, "empty": tabs.EMPTY.get(wanted.tab, tabs.EMPTY["all"]),
        "without_q": wanted.query(q=""), "without_urgent": wanted.query(urgent=""),
        "told": [(one.label, one.said, wanted.query(**{one.name: ""})) for one in narrowed],
        "saved": saved, "saved_now": next((one for one in saved if one.query == query), None),
    }  # fmt: skip
