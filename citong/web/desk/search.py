"""Search over everything the reader may see; a number leads straight to its case."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from citong.core.cases.models import Case
from citong.core.people.access import Purpose, scope
from citong.core.search.index import found
from citong.kit.ids import case_number, parse_number
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.desk.paging import page
from citong.web.desk.rows import loaded, rows
from citong.web.desk.wanted import LONGEST_SEARCH


@require_GET
@staff("inbox")
def search(request: HttpRequest) -> HttpResponseBase:
    """Open and ended cases that hold every word, newest first; or the case itself when a number was typed."""
    text = " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH]
    reach = scope(actor_of_request(request), Purpose.HANDLING)
    number = number_in(text)
    if number and Case.objects.filter(reach, number=number).exists():
        return redirect("case", number=number)
    hits = loaded(Case.objects.filter(reach, pk__in=found(text, "case")))
    shown, now = page(hits, after=request.GET.get("after", ""), newest_first=True), timezone.now()
    lines = rows(shown.cases, at=now)
    return render(request, "web/desk/search.html", {"q": text, "rows": lines, "after": shown.after, "now": now})


def number_in(text: str) -> str | None:
    """The case number the text is, however loosely it was typed; None when it is none."""
    try:
        return case_number(*parse_number(text))
    except ValueError:
        return None
