"""Forgetting: when the purpose has passed, the words and persons of a case go; its acts and their proofs stay."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from citong.core.cases.models import Case
from citong.core.files.models import Attachment, File
from citong.core.files.store import path_of
from citong.core.flow.record import write_entry
from citong.core.ledger.read import erase
from citong.core.ledger.write import Signature
from citong.core.places.current import parameter
from citong.core.search.models import Document

GONE = "—"


def forget_due(*, at: datetime, limit: int = 500) -> int:
    """Cases closed longer ago than the city's `keep_words_days` are forgotten; returns how many. 0 where unset."""
    days = parameter("keep_words_days")
    if not days:
        return 0
    due = Case.objects.filter(closed_at__lt=at - timedelta(days=days), open=False).exclude(title=GONE)
    ids = list(due.order_by("closed_at").values_list("id", flat=True)[:limit])
    for case_id in ids:
        forget(case_id, at=at)
    return len(ids)


@transaction.atomic
def forget(case_id: UUID, *, at: datetime) -> None:
    """The case keeps kind, place to the community, acts and times; words, persons, photos and the exact point go."""
    case = Case.objects.select_for_update().get(pk=case_id)
    erase(case.id)
    case.parties.all().delete()
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
