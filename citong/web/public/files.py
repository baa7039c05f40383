"""Serving a file of a case to those who may see it, and to nobody else."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.files.models import Attachment
from citong.core.files.store import path_of
from citong.core.flow.reading import reads
from citong.core.ledger.models import Entry
from citong.core.people.access import Actor, Purpose, scope
from citong.core.people.models import Look
from citong.core.people.posts import Post
from citong.kit.ids import uuid7_floor
from citong.web.asking import actor_of_request, reporter_for
from citong.web.desk.contacts import parties_of
from citong.web.desk.purposes import SAME_LOOK, leave_look, purpose_of

SHOWN = ("image/jpeg", "image/png", "image/webp")


@require_safe
@cache_control(private=True, max_age=3600)
def attachment(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """The file, as the type it was checked to be. Photos are shown, all else is a download; 404 without reach."""
    found = Attachment.objects.select_related("file").filter(pk=attachment_id).first()
    case = Case.objects.filter(pk=found.subject).first() if found else None
    if found is None or case is None or not (_is_open(request, found, case) or _is_looked_at(request, found, case)):
        raise Http404
    path = path_of(found.file_id)
    if not path.is_file():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type=found.file.media_type)
    named = content_disposition_header(found.file.media_type not in SHOWN, found.name)
    response.headers["Content-Disposition"] = named or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _is_open(request: HttpRequest, found: Attachment, case: Case) -> bool:
    """Whether seeing it concerns nobody else: it is published, or the reporter's own."""
    if found.public and case.public:
        return True
    reporter = reporter_for(request, case)
    if reporter is None or not _reads(reporter, found, case):
        return False
    return found.public or bool(case_type(case.service).reads) or _is_own(found)


def _reads(actor: Actor, found: Attachment, case: Case) -> bool:
    """In a private service: whether what the file came with is meant for the actor."""
    entry = Entry.objects.filter(pk=found.entry).first() if case_type(case.service).reads else None
    return entry is None or reads(entry, case, actor)


def _is_looked_at(request: HttpRequest, found: Attachment, case: Case) -> bool:
    """Whether staff may see it who reach the case and said what for; it is a look like opening the case's page."""
    actor, now = actor_of_request(request), timezone.now()
    if (
        actor.account is None
        or not actor.seats
        or not Case.objects.filter(scope(actor, Purpose.HANDLING), pk=case.pk).exists()
        or not _reads(actor, found, case)
    ):
        return False
    purpose = purpose_of(request, actor, case, parties_of(case), at=now)
    if purpose is None:
        return False
    lately = Look.objects.filter(subject=case.id, account=actor.account, id__gte=uuid7_floor(now - SAME_LOOK))
    leave_look(case, list(lately), actor=actor, purpose=purpose, at=now)
    return True


def _is_own(found: Attachment) -> bool:
    return Entry.objects.filter(pk=found.entry, post=Post.RESIDENT).exists()
