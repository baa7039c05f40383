"""Opening a case: from any channel, once, placed, routed, its clocks running, its receipt in hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citong.core.cases.declare import CaseType
from citong.core.cases.forms import ActForm
from citong.core.cases.models import Case, Category, Party, Submission
from citong.core.cases.registry import case_type
from citong.core.clocks.models import Clock
from citong.core.flow.doing import Doing
from citong.core.flow.locate import FoundPlace, GivenPlace, locate
from citong.core.flow.record import announce, keep_files, save, split_data, write_entry
from citong.core.flow.refusal import Invalid, NotAllowed
from citong.core.flow.route import desk, located_of, route
from citong.core.flow.timing import start
from citong.core.ledger.write import Signature
from citong.core.notices import outbox
from citong.core.people.access import RESIDENT_SEAT, SYSTEM_SEAT, Actor, Seat
from citong.core.places.current import zone
from citong.core.search.index import index
from citong.kit import ids


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
    """The report is a case: placed, routed, on a desk, its clock running, its reporter told. One transaction.

    `data` goes to the service's own form of opening. The same `key` gives the same case and the same secret.
    With `for_another` the actor writes down what somebody else told: the case is not the actor's own report.
    Raises Invalid or NotAllowed.
    """
    at = at or timezone.now()
    kind = case_type(service)
    seat = _permitted(kind, actor)
    cleaned = _cleaned(kind, data, files, actor)
    secret = ids.secret() if not key else _secret_of(key)
    with transaction.atomic():
        if key and (prior := _prior(key)):
            return Opened(prior, secret, again=True)
        found = locate(_given(cleaned))
        if found.located is None and kind.opening.place_required:
            sentence = _("Say where it is: a point on the map, an address with its community, or a grid.")
            raise Invalid(sentence, {"address": [sentence]})
        case = _build(kind, cleaned, found, actor=actor, channel=channel, at=at)
        if for_another:
            case.reporter_id = None
        case.receipt = ids.digest(secret, settings.RECEIPT_PEPPER)
        _store(case, kind, cleaned, seat, actor, key, at)
    return Opened(case, secret)


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


def _cleaned(kind: type[CaseType], data: Mapping[str, Any], files: Any, actor: Actor) -> dict[str, Any]:
    form = kind.opening.form(data, files=files, actor=actor)  # type: ignore[call-arg]
    assert isinstance(form, ActForm)
    if not form.is_valid():
        errors = {name: [str(e) for e in found] for name, found in form.errors.items()}
        raise Invalid(_("Some answers need another look."), errors)
    return dict(form.cleaned_data)


def _secret_of(key: str) -> str:
    """The secret that belongs to a sender's key: whoever sends the same command again gets the same receipt."""
    return ids.secret_from(key, settings.RECEIPT_PEPPER)


def _prior(key: str) -> Case | None:
    """The case this key opened before; if none, the key is taken now, against a twin that waits here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    done = Submission.objects.filter(key=key).first()
    return Case.objects.get(pk=done.case) if done else None


def _given(cleaned: Mapping[str, Any]) -> GivenPlace:
    return GivenPlace(
        lon=cleaned.get("lon"), lat=cleaned.get("lat"), datum=cleaned.get("datum") or GivenPlace.datum,
        grid=cleaned.get("grid", ""), address=cleaned.get("address", ""),
    )  # fmt: skip


def _build(
    kind: type[CaseType],
    cleaned: Mapping[str, Any],
    found: FoundPlace,
    *,
    actor: Actor,
    channel: str,
    at: datetime,
) -> Case:
    category: Category | None = cleaned.get("category")
    routed = route(category.code if category else "", found)
    at_desk = desk(found)
    case = Case(
        id=ids.uuid7(at), service=kind.code, state=kind.opening.state.name, channel=channel,
        title=cleaned["title"], text=cleaned["text"], category=category, urgent=bool(category and category.urgent),
        reporting=cleaned.get("reporting") or Case.Reporting.OPEN,
        public=bool(category and category.public and cleaned.get("public", True)),
        address=cleaned.get("address", ""), given_place=_given(cleaned).as_given(),
        desk_id=at_desk, unit_id=at_desk, routed_unit_id=routed.unit, routed_holder_id=routed.holder,
        route_reason=routed.reason, gap=routed.gap, opened_at=at, changed_at=at,
    )  # fmt: skip
    _place(case, found)
    case.reporter_id = actor.account if case.reporting != Case.Reporting.ANONYMOUS else None
    case.number = next_number(at)
    return case


def _place(case: Case, found: FoundPlace) -> None:
    case.lon, case.lat = found.lon, found.lat
    for level, code in found.levels.items():
        setattr(case, level, code)
    if found.located is not None and found.located.base is not None:
        case.grid_id = found.located.base.id
        case.professional = {layer: grid.code for layer, grid in found.located.professional.items()}


def next_number(at: datetime) -> str:
    """The next free number of the year, with its check digit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('case_number')")
        (sequence,) = cursor.fetchone()
    return ids.case_number(at.astimezone(zone()).year, sequence)


def _store(
    case: Case,
    kind: type[CaseType],
    cleaned: dict[str, Any],
    seat: Seat,
    actor: Actor,
    key: str,
    at: datetime,
) -> None:
    facts, content = split_data(kind.opening.form, cleaned)
    for personal in ("name", "phone", "email", "webhook", "named", "behalf_name", "behalf_phone"):
        facts.pop(personal, None)
        content.pop(personal, None)
    facts |= {
        "to": case.state,
        "unit": cleaned.get("category") and case.route_reason,
        "channel": case.channel,
    }
    by = actor.signature(seat) if case.reporter_id or seat is not RESIDENT_SEAT else Signature(None, seat.post, "")
    case.save(force_insert=True)
    entry = write_entry(case, "open", by=by, at=at, facts=facts, content=content)
    _parties(case, cleaned, actor)
    keep_files(case, entry, cleaned.get("photos", []), public=False)
    clocks: list[Clock] = []
    if spec := kind.opening.state.clock:
        clocks.append(start(spec, case, at=at))
    if key:
        Submission.objects.create(key=key, case=case.id, act="open", at=at)
    save(case, clocks, at=at)
    find_again(case)
    tell = {"number": case.number, "act": "opened", "service": case.service, "state": case.state}
    outbox.post(
        [
            outbox.to_unit(case.id, case.desk_id, tell, account=None, at=at),
            *outbox.to_parties(case, tell, at=at),
        ]
    )
    announce(case)


def _parties(case: Case, cleaned: Mapping[str, Any], actor: Actor) -> None:
    """The reporter with the channels they chose, whom they speak for, and whom they name."""
    parties = []
    if case.reporting != Case.Reporting.ANONYMOUS:
        contact = {k: cleaned.get(k) or "" for k in ("name", "phone", "email", "webhook")}
        channels = list(cleaned.get("channels") or []) + (["app"] if case.reporter_id else [])
        parties.append(
            Party(
                case=case,
                role=Party.Role.REPORTER,
                account_id=case.reporter_id,
                channels=sorted(set(channels)),
                **contact,
            )
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
    Party.objects.bulk_create(parties)


def find_again(case: Case) -> None:
    """The case can be found by its words, number, kind and place."""
    kind = case.category.name if case.category else ""
    index(case.id, "case", [case.title, case.text, case.address, case.number, kind])


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
    routed = route(category.code if category else "", FoundPlace(case.lon, case.lat, located_of(case), {}))
    child.routed_unit_id, child.routed_holder_id = routed.unit, routed.holder
    child.route_reason, child.gap = routed.reason, routed.gap
    _store_twin(child, doing)
    return child


def _store_twin(child: Case, doing: Doing) -> None:
    child.save(force_insert=True)
    write_entry(
        child, "open", by=doing.actor.signature(doing.seat), at=doing.at,
        facts={"to": child.state, "channel": child.channel, "split_from": doing.case.number},
        content={"title": child.title, "text": child.text},
    )  # fmt: skip
    for party in doing.case.parties.all():
        party.pk, party.case, party._state.adding = ids.uuid7(doing.at), child, True
        party.save()
    spec = doing.type.opening.state.clock
    save(child, [start(spec, child, at=doing.at)] if spec else [], at=doing.at)
    find_again(child)
