"""Forgetting: when the purpose has passed, the words and persons of a case go; its acts and their proofs stay."""

from datetime import datetime, timedelta
from functools import partial, reduce
from operator import or_
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from citong.core.cases.models import Case
from citong.core.cases.registry import case_type, case_types
from citong.core.files.models import Attachment, File
from citong.core.files.store import path_of
from citong.core.flow.record import write_entry
from citong.core.ledger.read import erase
from citong.core.ledger.write import Signature
from citong.core.places.current import parameter
from citong.core.search.models import Document

GONE = "—"


def forget_due(*, at: datetime, limit: int = 500) -> int:
    """Cases closed longer ago than the city's `keep_words_days` are forgotten; returns how many. 0 where unset.

    A service whose files are kept longer has a parameter of its own, such as `keep_words_days_mediation`.
    """
    usual = parameter("keep_words_days")
    kept = {code: parameter(f"keep_words_days_{code}", usual) for code in case_types()}
    due = [Q(service=code, closed_at__lt=at - timedelta(days=days)) for code, days in kept.items() if days]
    if not due:
        return 0
    found = Case.objects.filter(reduce(or_, due), open=False).exclude(title=GONE)
    ids = list(found.order_by("closed_at").values_list("id", flat=True)[:limit])
    for case_id in ids:
        forget(case_id, at=at)
    return len(ids)


@transaction.atomic
def forget(case_id: UUID, *, at: datetime) -> None:
    """The case keeps kind, place to the community, acts and times; words, persons, photos and the exact point go."""
    case = Case.objects.select_for_update().get(pk=case_id)
    erase(case.id)
    kind = case_type(case.service)
    kind.forget(case)
    if kind.opening.parties is None:
        case.parties.all().delete()
    else:  # what the service knows of each party by number stands
        case.parties.update(name="", phone="", email="", webhook="", channels=[], account=None, slip=None)
    _drop_files(case)
    Document.objects.filter(subject=case.id).delete()
    case.title = case.text = GONE
    case.address, case.given_place = "", {}
    case.lon = case.lat = case.reporter_id = None
    by = Signature(None, "system")
    write_entry(case, "forget", by=by, at=at, facts={"rule": "keep_words_days"}, content={})
    case.save()


def _drop_files(case: Case) -> None:
    held = Attachment.objects.filter(subject=case.id)
    hashes = set(held.values_list("file_id", flat=True))
    held.delete()
    for sha256 in hashes - set(Attachment.objects.filter(file_id__in=hashes).values_list("file_id", flat=True)):
        File.objects.filter(pk=sha256).delete()
        transaction.on_commit(partial(path_of(sha256).unlink, missing_ok=True))
