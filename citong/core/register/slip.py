"""Slips of records: by number and secret a person sees who looked at what is known of them, and what for."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from citong.core.ledger.rows import Rows
from citong.core.people import slip
from citong.core.people.access import Actor
from citong.core.people.models import Look
from citong.core.places.current import zone
from citong.core.register.held import leave, locked, standing, together, touch
from citong.core.register.models import Record, Slip, Tie
from citong.core.register.place import family
from citong.kit import ids


def issue_slip(
    record: UUID, *, actor: Actor, at: datetime, rows: Rows | None = None
) -> tuple[str, str]:  # fmt: skip
    """(number, secret) of a slip of the record, the secret shown once; an older one no longer opens anything.

    Whoever may write to the record gives it out. Raises NotThere, NotAllowed.
    """
    with together(rows) as rows:
        found, seat = standing(locked([record], rows=rows), record, actor=actor)
        secret, digest = slip.fresh()
        kept = Slip.objects.filter(record=found.id).first() or Slip(record=found, number=_number(at))
        kept.digest, kept.made_at = digest, at
        touch(kept, rows=rows)
        leave(found, "slip", actor=actor, seat=seat, at=at, rows=rows, facts={})
        return kept.number, secret


def looks_by_record_slip(number: str, secret: str) -> tuple[Record, list[Look]] | None:
    """The record and every look at what is known of it, newest first, for the holder of a slip; None for a wrong one.

    That is the record with those merged into it, and the situations that concern it; four queries.
    """
    given = slip.read(number, secret)
    kept = Slip.objects.select_related("record").filter(number=given.number).first() if given else None
    if given is None or kept is None or not given.opens([kept.digest]):
        return None
    return kept.record, looks_about(kept.record_id)


def looks_about(record: UUID) -> list[Look]:
    """Every look at the record, at those merged into it and at the situations that concern it, newest first."""
    own = family([record])
    about = Tie.objects.filter(object__in=own, kind="concerns").values_list("subject", flat=True)
    return slip.looks([*own, *about])


def _number(at: datetime) -> str:
    """Drawn from the numbers of cases, so that one page can ask for either."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('case_number')")
        sequence = int(cursor.fetchone()[0])
    return ids.case_number(timezone.localtime(at, zone()).year, sequence)
