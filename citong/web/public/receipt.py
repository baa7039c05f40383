"""The receipt: shown once after sending, on the screen and on paper; its link opens the case and leaves no trace."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from citong.core.cases.models import Case
from citong.core.flow.receipt import receipt_actor
from citong.core.flow.slip import looks_by_slip
from citong.core.flow.standing import party_by_slip
from citong.core.register.slip import looks_by_record_slip
from citong.web.asking import hold_party, hold_receipt, hold_slip, reporter_for
from citong.web.public.names import city_name, matter_name, where_words
from citong.web.throttle import TooMany, address, give_back, spend

TRIES = "receipt"


@never_cache
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Number, code and QR of the report just sent; a reload shows them again, another session never."""
    return _shown(request, "web/public/receipt.html")


@never_cache
@require_safe
def receipt_print(request: HttpRequest) -> HttpResponse:
    """The same on one sheet of paper."""
    return _shown(request, "web/public/receipt_print.html")


@require_POST
def receipt_kept(request: HttpRequest) -> HttpResponse:
    """The reporter has kept the code: the session forgets it and goes on to the case."""
    held = request.session.pop("receipt", None)
    return redirect("tracked", held["number"]) if held else redirect("track")


@never_cache
@require_safe
def receipt_link(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """The session holds the receipt and the secret is gone from the address bar."""
    try:
        return HttpResponseRedirect(way_in(request, number, secret) or reverse("track") + "?again=1")
    except TooMany:
        return HttpResponseRedirect(reverse("track") + "?paused=1")


def way_in(request: HttpRequest, number: str, secret: str) -> str:
    """The page that number and secret open: the case for its receipt or a party's slip, the looks for a named person's.

    Empty for a wrong one. The session then holds receipt or slip. Wrong tries are counted for each address: raises
    TooMany.
    """
    spend(request, TRIES)
    way = ""
    if found := receipt_actor(number, secret):
        hold_receipt(request, found[0].id)
        way = reverse("tracked", args=[found[0].number])
    elif party := party_by_slip(number, secret):
        hold_party(request, party[1])
        way = reverse("tracked", args=[party[0].number])
    elif seen := looks_by_slip(number, secret):
        hold_slip(request, seen[0].id)
        way = reverse("looks", args=[seen[0].number])
    elif known := looks_by_record_slip(number, secret):
        hold_slip(request, known[0].id)
        way = reverse("looks", args=[known[0].slip.number])
    if way:
        give_back(TRIES, address(request))
    return way


def _shown(request: HttpRequest, template: str) -> HttpResponse:
    held: dict[str, str] | None = request.session.get("receipt")
    case = Case.objects.select_related("category", "desk").filter(number=held["number"]).first() if held else None
    if held is None or case is None or reporter_for(request, case) is None:
        return redirect("track")
    return render(request, template, slip(request, case, held["secret"]))


def slip(request: HttpRequest, case: Case, secret: str) -> dict[str, Any]:
    """What a receipt shows: for this page, for paper, and for staff who write down what somebody told them."""
    link = request.build_absolute_uri(reverse("receipt_link", args=[case.number, secret]))
    return {
        "case": case, "secret": secret, "link": link, "code": qr_of(link), "city": city_name(),
        "kind": matter_name(case), "where": where_words(case) or case.address,
        "track": request.build_absolute_uri(reverse("track")),
    }  # fmt: skip


def qr_of(link: str) -> SafeString:
    """The link as a QR code, an SVG to stand in the page; its text is ours and holds no foreign words."""
    return mark_safe(segno.make(link, error="m").svg_inline(border=2, omitsize=True, dark="#1b2430", light="#fff"))  # noqa: S308
