"""The doors to the papers of a case: one paper, whether it is whole, and all that went along with an act, for whoever
may read them and nobody else."""

import io
import zipfile
from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from citong.core.cases.models import Case
from citong.core.files.store import path_of
from citong.core.papers.check import check
from citong.core.papers.models import Paper
from citong.core.papers.write import PDF, newest
from citong.core.people.access import Actor, Purpose, scope
from citong.core.people.models import Look
from citong.kit.ids import uuid7_floor
from citong.services.mediation.shelf import bundle, readable
from citong.web.asking import actor_of_request, reporter_for
from citong.web.desk.contacts import parties_of
from citong.web.desk.purposes import SAME_LOOK, leave_look, purpose_of

SERVICE, ZIP = "mediation", "application/zip"
# Our own file, drawn by the browser's own reader: it loads nothing, runs nothing and stands in no frame.
POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@require_safe
@cache_control(private=True, no_store=True)
def paper_file(request: HttpRequest, number: str, paper: UUID) -> HttpResponse:
    """The paper as PDF; 404 for whoever may not read it. Staff leave a look."""
    case, actor = _reader(request, number)
    found = _found(case, actor, paper)
    return _sent(_content(found), PDF, f"{found}.pdf", shown=True)


@require_safe
@cache_control(private=True, no_store=True)
def paper_check(request: HttpRequest, number: str, paper: UUID) -> HttpResponse:
    """All that can be said of the paper: its bytes, signatures and seals, and what the ledger knows of it."""
    case, actor = _reader(request, number)
    found = newest(_found(case, actor, paper))
    looked = check(found)
    context = {
        "case": case, "paper": found, "findings": looked, "whole": all(one.holds for one in looked),
        "outer": "web/base_public.html" if actor.standing or not actor.seats else "web/base_staff.html",
        "back": "tracked" if actor.standing or not actor.seats else "case",
    }  # fmt: skip
    return render(request, "mediation/paper_check.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def paper_bundle(request: HttpRequest, number: str, entry: UUID) -> HttpResponse:
    """The papers that went along with an act, with their index first, as one file; each keeps its signatures."""
    case, actor = _reader(request, number)
    papers = bundle(case, actor, entry)
    if not papers:
        raise Http404
    return _sent(_packed(papers), ZIP, f"{case.number}.zip", shown=False)


def _reader(request: HttpRequest, number: str) -> tuple[Case, Actor]:
    """The case, and whoever asks as a party of it or as staff who reach it and said what for; else 404."""
    case = Case.objects.filter(number=number, service=SERVICE).first()
    if case is None:
        raise Http404
    party = reporter_for(request, case)
    if party is not None:
        return case, party
    actor, now = actor_of_request(request), timezone.now()
    in_reach = Case.objects.filter(scope(actor, Purpose.HANDLING), pk=case.pk)
    if actor.account is None or not actor.seats or not in_reach.exists():
        raise Http404
    purpose = purpose_of(request, actor, case, parties_of(case), at=now)
    if purpose is None:
        raise Http404
    lately = Look.objects.filter(subject=case.id, account=actor.account, id__gte=uuid7_floor(now - SAME_LOOK))
    leave_look(case, list(lately), actor=actor, purpose=purpose, at=now)
    return case, actor


def _found(case: Case, actor: Actor, paper: UUID) -> Paper:
    found = next((one for one in readable(case, actor) if one.pk == paper), None)
    if found is None:
        raise Http404
    return found


def _content(paper: Paper) -> bytes:
    path = path_of(paper.sha256)
    if not path.is_file():
        raise Http404
    return path.read_bytes()


def _packed(papers: Sequence[Paper]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for place, one in enumerate(papers):
            packed.writestr(f"{place:02} {one}.pdf", _content(one))
    return out.getvalue()


def _sent(content: bytes, media_type: str, name: str, *, shown: bool) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    response.headers["Content-Security-Policy"] = POLICY if shown else "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
