"""Turning: a case ends in one of another service, which takes over the matter, its photos and its reporter."""

from collections.abc import Container, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _

from citong.core.cases.declare import OPENED, CaseType
from citong.core.cases.models import Case, Link, Party
from citong.core.cases.registry import case_type
from citong.core.files.models import Attachment
from citong.core.flow.answers import answers_of
from citong.core.flow.doing import Doing
from citong.core.flow.intake import begin, next_number, opening_parties, opening_values
from citong.core.flow.locate import FoundPlace
from citong.core.flow.refusal import Invalid, NotAllowed
from citong.core.flow.route import located_of
from citong.core.ledger.models import Entry
from citong.core.ledger.read import Recorded, history
from citong.core.people.posts import Post
from citong.kit import ids

CHANNEL = "turned"
LEVELS = ("district", "street", "community")


def turn(doing: Doing) -> None:
    """A case of the chosen service goes on with the matter; both name each other.

    Whoever reported openly is its reporter with the same receipt; whoever did not wish to be named, and staff who found
    it, are not. Whoever found it, wrote it down or turned it counts as its finder. Queries read how it was opened.
    """
    kind = case_type(doing.data["service"])
    if doing.seat.post not in {who.post for who in kind.opening.by} or kind.opening.takes is None:
        raise NotAllowed(_("This can not be opened from here."))
    told = history(doing.case.id, since=doing.case.opened_at)[0]
    reporter = _reporter(doing, told.entry)
    answers = _answers(doing, kind, told, reporter)
    child = _child(doing, kind, answers, told.entry, own=reporter is not None)
    entry = begin(
        child, kind, answers, by=doing.actor.signature(doing.seat), at=doing.at, rows=doing.rows,
        parties=_parties(doing, kind, child, answers, reporter), more={"turned_from": doing.case.number},
    )  # fmt: skip
    doing.rows.add(Link(first=doing.case, second=child, kind=Link.Kind.BECAME), *_photos(doing.case, told.entry, entry))
    doing.facts["number"] = child.number


def _reporter(doing: Doing, opening: Entry) -> Party | None:
    """Whoever told it and may be named; None where staff found it, or the reporter is not to be known."""
    found_by_staff = doing.case.reporter_id is not None and opening.post != Post.RESIDENT
    if doing.case.reporting != Case.Reporting.OPEN or found_by_staff:
        return None
    return next((party for party in doing.parties if party.role == Party.Role.REPORTER), None)


def _answers(doing: Doing, kind: type[CaseType], told: Recorded, reporter: Party | None) -> dict[str, Any]:
    assert kind.opening.takes is not None
    case = doing.case
    words = {"title": case.title, "text": case.text, "address": case.address} | (told.words or {})
    known = {"lon": case.lon, "lat": case.lat, "datum": "WGS84"} if case.lon is not None else {}
    contact = {name: getattr(reporter, name) for name in ("name", "phone", "email")} if reporter else {}
    given = {"address": case.address, **known, **contact, **kind.opening.takes(case, words)}
    try:
        return answers_of(kind.opening.form, given, actor=doing.actor)
    except Invalid as refusal:
        raise Invalid(
            str(refusal), {"service": [one for found in refusal.errors.values() for one in found]}
        ) from refusal


def _child(doing: Doing, kind: type[CaseType], answers: Mapping[str, Any], opening: Entry, *, own: bool) -> Case:
    case = doing.case
    place = FoundPlace(case.lon, case.lat, located_of(case), {level: getattr(case, level) for level in LEVELS})
    values = opening_values(kind, answers, place, actor=doing.actor, channel=CHANNEL, at=doing.at, for_another=True)
    receipt = bytes(case.receipt) if own else ids.digest(ids.secret(), settings.RECEIPT_PEPPER)
    finders = {str(one) for one in (doing.actor.account, opening.actor, case.reporter_id) if one}
    values |= {"reporter_id": case.reporter_id if own else None, "doers": {OPENED.name: sorted(finders)}}
    return Case(**values, number=next_number(doing.at), receipt=receipt)


def _parties(
    doing: Doing, kind: type[CaseType], child: Case, answers: Mapping[str, Any], reporter: Party | None
) -> list[Any]:
    """Whom the service makes parties of these answers, the reporter with the account and the channels they had; where
    there is none, without a reporter and whatever the service says of one."""
    made = (kind.opening.parties or opening_parties)(child, answers, doing.actor)
    told_it = [row for row in made if isinstance(row, Party) and row.role == Party.Role.REPORTER]
    if reporter is None:
        nobody = {row.pk for row in told_it}
        return [row for row in made if row not in told_it and not _speaks_of(row, nobody)]
    for row in told_it:
        row.account_id, row.channels = reporter.account_id, reporter.channels
    return made


def _speaks_of(row: Model, parties: Container[UUID]) -> bool:
    return any(field.is_relation and getattr(row, field.attname) in parties for field in row._meta.concrete_fields)


def _photos(case: Case, opening: Entry, entry: Entry) -> list[Attachment]:
    """The photos of the report, hung on the new case, too; one query."""
    hung = Attachment.objects.filter(subject=case.id, entry=opening.id)
    return [Attachment(subject=entry.subject, entry=entry.id, file_id=one.file_id, name=one.name) for one in hung]
