"""Opening a case: from any channel, once, placed, routed, its clocks running, its receipt in hand."""

from collections import deque
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citong.core.cases.declare import OPENED, CaseType, Hands
from citong.core.cases.models import Case, Category, Party, Submission
from citong.core.cases.registry import case_type
from citong.core.flow.answers import answers_of
from citong.core.flow.doing import Doing
from citong.core.flow.locate import FoundPlace, GivenPlace, locate
from citong.core.flow.record import announce, keep_files, save, split_data, write_entry
from citong.core.flow.refusal import Invalid, NotAllowed
from citong.core.flow.route import desk, located_of, route
from citong.core.flow.timing import begun
from citong.core.ledger.models import Entry
from citong.core.ledger.rows import Rows
from citong.core.ledger.write import Signature
from citong.core.notices import outbox
from citong.core.people.access import RESIDENT_SEAT, SYSTEM_SEAT, Actor, Seat
from citong.core.people.models import Account
from citong.core.places.current import zone
from citong.core.search.index import document
from citong.core.search.models import Document
from citong.kit import ids

PERSONAL = ("name", "phone", "email", "webhook", "named", "behalf_name", "behalf_phone")
NUMBERS = 20
_numbers: deque[int] = deque()
_numbers_lock = Lock()


@dataclass(frozen=True)
class Opened:
    """The case and its receipt's secret, which is shown now and never again. `again`: it had been sent before."""

    case: Case
    secret: str
    again: bool = False


def open_case(
    service: str,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    channel: str,
    key: str = "",
    files: Any = None,
    at: datetime | None = None,
    for_another: bool = False,
) -> Opened:
    """The report is a case: placed, routed, on a desk, its clock running, its reporter told; one statement.

    `data` goes to the service's own form of opening. The same `key` gives the same case and the same secret.
    With `for_another` the actor writes down what somebody else told: the case is not the actor's own report.
    Raises Invalid or NotAllowed.
    """
    at = at or timezone.now()
    kind = case_type(service)
    seat = _permitted(kind, actor)
    cleaned = answers_of(kind.opening.form, data, files=files, actor=actor)
    secret = secret_of(key) if key else ids.secret()
    found = locate(_given(cleaned))
    if found.located is None and kind.opening.place_required:
        sentence = _("Say where it is: a point on the map, an address with its community, or a grid.")
        raise Invalid(sentence, {"address": [sentence]})
    values = opening_values(kind, cleaned, found, actor=actor, channel=channel, at=at, for_another=for_another)
    case = Case(**values, number=next_number(at), receipt=ids.digest(secret, settings.RECEIPT_PEPPER))
    case.category = cleaned.get("category")
    rows = _rows(case, kind, cleaned, seat, actor, at)
    prior = _once(rows, key, case, at)
    return Opened(prior, secret, again=True) if prior else Opened(case, secret)


def _permitted(kind: type[CaseType], actor: Actor) -> Seat:
    posts = {who.post for who in kind.opening.by}
    if actor.system:
        return SYSTEM_SEAT
    for seat in actor.seats:
        if seat.post in posts:
            return seat
    if RESIDENT_SEAT.post not in posts:
        raise NotAllowed(_("This can not be opened from here."))
    return RESIDENT_SEAT


def secret_of(key: str) -> str:
    """The secret that belongs to a sender's key: whoever sends the same command again gets the same receipt."""
    return ids.secret_from(key, settings.RECEIPT_PEPPER)


def _once(rows: Rows, key: str, case: Case, at: datetime) -> Case | None:
    """The rows are written; or, where this key opened a case before, nothing is, and that case is returned.

    A twin that comes at the same moment waits at the key until the first is done.
    """
    if not key:
        rows.write()
        return None
    rows.add(Submission(key=key, case=case.id, act="open", at=at))
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            rows.write()
    except IntegrityError:
        done = Submission.objects.filter(key=key).first()
        if done is None:
            raise
        return Case.objects.get(pk=done.case)
    return None


def _given(cleaned: Mapping[str, Any]) -> GivenPlace:
    return GivenPlace(
        lon=cleaned.get("lon"), lat=cleaned.get("lat"), datum=cleaned.get("datum") or GivenPlace.datum,
        grid=cleaned.get("grid", ""), address=cleaned.get("address", ""),
    )  # fmt: skip


def opening_values(
    kind: type[CaseType], cleaned: Mapping[str, Any], found: FoundPlace, *, actor: Actor, channel: str, at: datetime,
    for_another: bool = False, workers: Mapping[str, UUID] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What a case is when it has just been opened, by attribute; its number and receipt come besides."""
    category: Category | None = cleaned.get("category")
    opening, at_desk, private = kind.opening, desk(found), bool(kind.reads)
    routed = route(category.code if category else "", found, workers=workers, to=opening.to)
    handling = routed.unit if opening.state.hands == Hands.HANDLER else None
    reporting = cleaned.get("reporting") or Case.Reporting.OPEN
    nameless = for_another or (opening.for_others and bool(actor.seats)) or reporting == Case.Reporting.ANONYMOUS
    return {
        "id": ids.uuid7(at), "service": kind.code, "state": kind.opening.state.name, "channel": channel,
        "title": cleaned["title"], "text": "" if private else cleaned["text"], "line": cleaned.get("line") or "",
        "category_id": category.code if category else None,
        "urgent": bool(category and category.urgent), "reporting": reporting,
        "public": bool(category and category.public and cleaned.get("public", True)) and not private,
        "address": "" if private else cleaned.get("address", ""),
        "given_place": {} if private else _given(cleaned).as_given(), **placed(found),
        "desk_id": at_desk, "unit_id": handling or at_desk, "handling_unit_id": handling,
        "routed_unit_id": routed.unit, "routed_holder_id": routed.holder,
        "route_reason": routed.reason, "gap": routed.gap, "opened_at": at, "changed_at": at,
        "reporter_id": None if nameless else actor.account,
        "doers": {OPENED.name: [str(actor.account)]} if actor.account and kind.keeps_finder() else {},
    }  # fmt: skip


def placed(found: FoundPlace) -> dict[str, Any]:
    """Where a case lies, by attribute."""
    values: dict[str, Any] = {"lon": found.lon, "lat": found.lat, **found.levels}
    if found.located is not None and found.located.base is not None:
        professional = {layer: grid.code for layer, grid in found.located.professional.items()}
        values |= {"grid_id": found.located.base.id, "professional": professional}
    return values


def next_number(at: datetime) -> str:
    """A free number of the year, with its check digit. Each process takes some at a time; numbers may have gaps."""
    with _numbers_lock:
        if not _numbers:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval('case_number') FROM generate_series(1, %s)", [NUMBERS])
                _numbers.extend(number for (number,) in cursor.fetchall())
        sequence = _numbers.popleft()
    return ids.case_number(at.astimezone(zone()).year, sequence)


def _rows(
    case: Case, kind: type[CaseType], cleaned: dict[str, Any], seat: Seat, actor: Actor, at: datetime
) -> Rows:  # fmt: skip
    """All that an opening leaves behind, not written yet."""
    parties = (kind.opening.parties or opening_parties)(case, cleaned, actor)
    rows = Rows()
    begin(case, kind, cleaned, by=opened_by(case, actor, seat), at=at, parties=parties, rows=rows)
    return rows


def begin(
    case: Case, kind: type[CaseType], cleaned: dict[str, Any], *, by: Signature, at: datetime, parties: list[Party],
    rows: Rows, more: Mapping[str, Any] | None = None,
) -> Entry:  # fmt: skip
    """A fresh case's history begins in these rows, its clocks run, and its desk and its reporter are told. `more` are
    facts beside the answers."""
    facts, content = opening_said(case, kind, cleaned)
    entry = write_entry(case, "open", by=by, at=at, facts=facts | dict(more or {}), content=content, rows=rows)
    rows.add(*parties)
    keep_files(case, entry, cleaned.get("photos", []), public=False, rows=rows)
    save(case, begun(kind.opening.state, case, at=at), at=at, rows=rows)
    tell = {"number": case.number, "act": "opened", "service": case.service, "state": case.state}
    rows.add(
        findable(case),
        outbox.to_unit(case.id, case.desk_id, tell, account=None, at=at),
        *outbox.to_parties(case, tell, at=at, parties=[one for one in parties if isinstance(one, Party)]),
    )
    announce(case, rows=rows)
    return entry


def opening_said(
    case: Case, kind: type[CaseType], cleaned: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
    """(facts, content) of the entry of opening. How to reach people stands with the parties alone."""
    said = {name: value for name, value in cleaned.items() if name not in PERSONAL}
    facts, content = split_data(kind.opening.form, said)
    unit = cleaned.get("category") and case.route_reason
    return facts | {"to": case.state, "unit": unit, "channel": case.channel}, content


def opened_by(case: Case, actor: Actor, seat: Seat) -> Signature:
    """Who signs the opening: nobody in person for a resident who is not named."""
    return actor.signature(seat) if case.reporter_id or seat is not RESIDENT_SEAT else Signature(None, seat.post, "")


def opening_parties(case: Case, cleaned: Mapping[str, Any], actor: Actor) -> list[Party]:
    """The reporter with the channels they chose, whom they speak for, and whom they name."""
    parties = []
    if case.reporting != Case.Reporting.ANONYMOUS:
        contact = {k: cleaned.get(k) or "" for k in ("name", "phone", "email", "webhook")}
        channels = list(cleaned.get("channels") or []) + (["app"] if case.reporter_id else [])
        known = Account(id=case.reporter_id, language=actor.language) if case.reporter_id else None
        parties.append(
            Party(case=case, role=Party.Role.REPORTER, account=known, channels=sorted(set(channels)), **contact)
        )
    if cleaned.get("behalf_name"):
        parties.append(
            Party(
                case=case, role=Party.Role.ON_BEHALF_OF, name=cleaned["behalf_name"],
                phone=cleaned.get("behalf_phone", ""), channels=["sms"] if cleaned.get("behalf_phone") else [],
            )
        )  # fmt: skip
    if cleaned.get("named"):
        parties.append(Party(case=case, role=Party.Role.NAMED, name=cleaned["named"]))
    return parties


def findable(case: Case) -> Document:
    """The row by which the case is found: by its words, number, kind and place."""
    return document(case.id, "case", words_of(case))


def words_of(case: Case) -> list[str]:
    """The texts by which a case is found."""
    return [case.title, case.text, case.address, case.number, case.category.name if case.category else ""]


def twin(doing: Doing) -> Case:
    """A second case beside the acted-on one: same place, reporter and desk, its own words, kind and clocks."""
    case, data = doing.case, doing.data
    category: Category | None = data.get("category") or case.category
    child = Case.objects.get(pk=case.pk)
    child.pk, child.number, child.position, child.head = ids.uuid7(doing.at), next_number(doing.at), 0, b""
    child._state.adding = True
    child.title, child.text, child.category = data["title"], data["text"], category
    child.opened_at, child.doers, child.joint = doing.at, {}, []
    child.state, child.unit_id, child.holder_id = doing.type.opening.state.name, case.desk_id, None
    child.handling_unit_id = None
    place = FoundPlace(case.lon, case.lat, located_of(case), {})
    routed = route(category.code if category else "", place, to=doing.type.opening.to)
    child.routed_unit_id, child.routed_holder_id = routed.unit, routed.holder
    child.route_reason, child.gap = routed.reason, routed.gap
    _store_twin(child, doing)
    return child


def _store_twin(child: Case, doing: Doing) -> None:
    rows = doing.rows
    write_entry(
        child, "open", by=doing.actor.signature(doing.seat), at=doing.at,
        facts={"to": child.state, "channel": child.channel, "split_from": doing.case.number},
        content={"title": child.title, "text": child.text}, rows=rows,
    )  # fmt: skip
    for party in doing.parties:
        party.pk, party.case = ids.uuid7(doing.at), child
        rows.add(party)
    save(child, begun(doing.type.opening.state, child, at=doing.at), at=doing.at, rows=rows)
    rows.add(findable(child))
