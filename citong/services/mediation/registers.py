"""Writing the registers: bodies, their rooms, their mediators and experts, and the ties these declare.

Nothing else writes their tables. Every function asks who may, changes the row and leaves an entry in its history, in
one transaction. Each raises NotAllowed for somebody without the right, and Invalid or WrongState with a sentence.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from citong.core.cases.models import Case
from citong.core.ledger.write import Signature, append, head_of
from citong.core.people.access import Actor, may_lead_body
from citong.core.people.models import Account, Appointment, Unit
from citong.core.people.posts import Post
from citong.core.people.refusal import Invalid, NotAllowed, WrongState
from citong.core.places.current import day_of
from citong.core.places.models import Division
from citong.core.register.sealed import seal
from citong.services.mediation.models import Body, Interest, Mediator, Room
from citong.services.mediation.rules.bodies import FeeIsTold, OnlyCommercialBodiesCharge
from citong.services.mediation.ties import keys_of

FUNCTION = "mediation"
BODY_FACTS = ("kind", "fields", "charges", "members", "women", "founded_on", "term_ends", "published")
PERSON_FACTS = ("sort", "fields", "languages", "districts", "most", "term_begins", "term_ends", "published")


@transaction.atomic
def found_body(name: str, division: Division, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Body:
    """A new body of this name for the division stands in the register, as a unit of function "mediation"."""
    code = f"{division.code}-{FUNCTION}-{Unit.objects.filter(division=division, function=FUNCTION).count() + 1}"
    unit = Unit(code=code, name=name, level=division.level, function=FUNCTION, division=division)
    by = _seat(actor, unit)
    _assert_lawful(values)
    unit.save()
    body = Body.objects.create(unit=unit, **_body_columns(values))
    _record(body.id, "found_body", "body", by, at, _facts(values, BODY_FACTS) | {"unit": code}, _words(values, name))
    return body


@transaction.atomic
def change_body(body: Body, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> None:
    """The body is as the values say; those that are not given stay."""
    held = _locked(body)
    by = _seat(actor, held.unit)
    columns = _body_columns(values)
    _assert_lawful({"kind": held.kind, "charges": held.charges, "fee": held.fee} | columns)
    _record(held.id, "change_body", "body", by, at, _facts(columns, BODY_FACTS), _words(columns))
    Body.objects.filter(pk=held.pk).update(**columns)


@transaction.atomic
def end_body(body: Body, *, reason: str, actor: Actor, at: datetime) -> None:
    """The body is no more, and nobody in its register serves for it. It must have nothing in hand."""
    held, today = _locked(body), day_of(at)
    by = _seat(actor, held.unit)
    if Case.objects.filter(unit=held.unit, open=True).exists():
        raise WrongState(_("This body has open disputes: give them to another one first."))
    for one in held.mediators.filter(ended_on=None):
        end_mediator(one, ends_on=today, reason=reason, actor=actor, at=at)
    _record(held.id, "end_body", "body", by, at, {}, {"reason": reason})
    Body.objects.filter(pk=held.pk).update(ended_on=today, published=False)
    Unit.objects.filter(pk=held.unit_id).update(ends_on=today)


@transaction.atomic
def add_room(body: Body, name: str, *, capacity: int, actor: Actor, at: datetime) -> Room:
    """The body has this room."""
    held = _locked(body)
    by = _seat(actor, held.unit)
    if held.rooms.filter(name=name).exists():
        raise Invalid(fault := _("There is a room of this name already."), {"name": [fault]})
    _record(held.id, "add_room", "body", by, at, {"capacity": capacity}, {"name": name})
    return Room.objects.create(body=held, name=name, capacity=capacity)


@transaction.atomic
def end_room(room: Room, *, actor: Actor, at: datetime) -> None:
    """Nobody is asked into this room any more."""
    held = _locked(room.body)
    by = _seat(actor, held.unit)
    _record(held.id, "end_room", "body", by, at, {}, {"name": room.name})
    Room.objects.filter(pk=room.pk).update(ended_on=day_of(at))


@transaction.atomic
def enrol(body: Body, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Mediator:
    """The person stands in the body's register; a mediator holds the post in its unit for as long as the term lasts.

    `values` are columns of Mediator with `username`, `name` and `phone` of the person. Someone who works for the city
    already keeps their account; for anybody else one is made, and an administrator gives its first password.
    """
    held = _locked(body)
    by = _seat(actor, held.unit)
    if held.ended_on is not None:
        raise WrongState(_("This body is no more."))
    account = _account(values)
    columns = _person_columns(values)
    was = Mediator.objects.select_for_update().filter(account=account).first()
    if was is not None and was.ended_on is None:
        raise Invalid(fault := _("This person stands in the register of a body already."), {"username": [fault]})
    one = was or Mediator(account=account)
    for name, value in (columns | {"body": held, "ended_on": None, "last_at": one.last_at}).items():
        setattr(one, name, value)
    facts = _facts(columns, PERSON_FACTS) | {"unit": held.unit.code}
    _record(one.id, "enrol", "mediator", by, at, facts, _words(columns, account.name))
    one.save()
    _hold_post(one, held.unit)
    return one


@transaction.atomic
def change_mediator(mediator: Mediator, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> None:
    """The entry says what the values say; those that are not given stay. A new term moves the post with it."""
    one = _locked_person(mediator)
    by = _seat(actor, one.body.unit)
    if one.ended_on is not None:
        raise WrongState(_("This entry has ended: enter the person anew."))
    columns = _person_columns(values)
    _record(one.id, "change_mediator", "mediator", by, at, _facts(columns, PERSON_FACTS), _words(columns))
    for name, value in columns.items():
        setattr(one, name, value)
    one.save()
    phone = str(values.get("phone", ""))
    Account.objects.filter(pk=one.account_id).update(**({"phone": phone} if phone else {}))
    _hold_post(one, one.body.unit)


@transaction.atomic
def end_mediator(mediator: Mediator, *, ends_on: date, reason: str, actor: Actor, at: datetime) -> None:
    """From that day on the person serves no more. Whoever has disputes in hand gives them to somebody first."""
    one = _locked_person(mediator)
    by = _seat(actor, one.body.unit)
    if one.ended_on is not None:
        raise WrongState(_("This entry has ended already."))
    left = Case.objects.filter(holder=one.account_id, unit=one.body.unit_id, open=True).count()
    if left and ends_on <= day_of(at):
        raise WrongState(_("%(number)d open disputes are in their hands: give them to colleagues first.")
                         % {"number": left})  # fmt: skip
    facts = {"ends_on": ends_on.isoformat(), "unit": one.body.unit.code}
    _record(one.id, "end_mediator", "mediator", by, at, facts, {"reason": reason})
    over = ends_on <= day_of(at)
    one.term_ends, one.ended_on = max(ends_on, one.term_begins), ends_on if over else None
    Mediator.objects.filter(pk=one.pk).update(
        ended_on=one.ended_on, **({"published": False} if over else {"term_ends": ends_on})
    )
    _posts(one, one.body.unit).update(ends_on=ends_on)


@transaction.atomic
def declare(
    mediator: Mediator, sort: str, name: str, *, number: str = "", phone: str = "", actor: Actor, at: datetime
) -> Interest:  # fmt: skip
    """The mediator is kept from every dispute of this person or organisation. Said by themselves or for them.

    The name is sealed, number and telephone leave only their keys.
    """
    one = _locked_person(mediator)
    by = _own_or_seat(actor, one)
    made = Interest(mediator=one, sort=sort, declared_at=at)
    made.name = seal(name, made.id, "name")
    made.keys = sorted(keys_of(name=name, number=number, phone=phone))
    _record(one.id, "declare", "mediator", by, at, {"sort": sort, "interest": str(made.id)}, {})
    made.save()
    return made


@transaction.atomic
def end_interest(interest: Interest, *, reason: str, actor: Actor, at: datetime) -> None:
    """The tie is no more; disputes of these people may come to the mediator again."""
    one = _locked_person(interest.mediator)
    by = _own_or_seat(actor, one)
    _record(one.id, "end_interest", "mediator", by, at, {"interest": str(interest.id)}, {"reason": reason})
    Interest.objects.filter(pk=interest.pk).update(ended_on=day_of(at))


def _seat(actor: Actor, unit: Unit) -> Signature:
    seat = may_lead_body(actor, unit)
    if seat is None:
        raise NotAllowed(_("The register is kept by the body's head and by the desk of its area."))
    return actor.signature(seat)


def _own_or_seat(actor: Actor, one: Mediator) -> Signature:
    if actor.account is not None and actor.account == one.account_id:
        return Signature(actor.account, Post.MEDIATOR, one.body.unit.code)
    return _seat(actor, one.body.unit)


def _locked(body: Body) -> Body:
    return Body.objects.select_for_update(of=("self",)).select_related("unit__division").get(pk=body.pk)


def _locked_person(mediator: Mediator) -> Mediator:
    found = Mediator.objects.select_for_update(of=("self",)).select_related("body__unit__division", "account")
    return found.get(pk=mediator.pk)


def _record(
    subject: UUID, act: str, kind: str, by: Signature, at: datetime, facts: Mapping[str, Any],
    words: Mapping[str, Any],
) -> None:  # fmt: skip
    append(subject, act, kind=kind, by=by, at=at, head=head_of(subject), facts=facts, content=words)


def _assert_lawful(values: Mapping[str, Any]) -> None:
    charges, kind = bool(values.get("charges")), values.get("kind", "")
    if not OnlyCommercialBodiesCharge.formula(kind=kind, charges=charges):
        fault = _("A people's mediation body takes no fee; only a commercial mediation organisation may.")
        raise Invalid(fault, {"charges": [fault]})
    if not FeeIsTold.formula(charges=charges, fee=values.get("fee", "")):
        raise Invalid(fault := _("A body that charges says what it charges."), {"fee": [fault]})


def _account(values: Mapping[str, Any]) -> Account:
    """The account of the person, made where there is none. Raises Invalid where the sign-in name is somebody else's."""
    login, name = str(values["username"]).strip(), str(values["name"]).strip()
    account = Account.objects.filter(username__iexact=login).first()
    if account is None:
        return Account.objects.create_user(login, name=name, phone=str(values.get("phone", "")))
    works = account.appointments.exists() or Mediator.objects.filter(account=account).exists()
    if not works or account.name != name or not account.is_active:
        fault = _("This sign-in name is somebody else's: choose another.")
        raise Invalid(fault, {"username": [fault]})
    return account


def _posts(one: Mediator, unit: Unit) -> Any:
    """The appointments that go with the entry."""
    return Appointment.objects.filter(account=one.account_id, unit=unit, post=Post.MEDIATOR)


def _hold_post(one: Mediator, unit: Unit) -> None:
    """A mediator has the post for the term; an expert has none."""
    if one.sort == Mediator.Sort.EXPERT:
        _posts(one, unit).filter(ends_on=None).update(ends_on=one.term_begins)
        return
    said = {"begins_on": one.term_begins, "ends_on": one.term_ends}
    if held := _posts(one, unit).order_by("-id").first():
        Appointment.objects.filter(pk=held.pk).update(**said)
    else:
        Appointment.objects.create(account_id=one.account_id, unit=unit, post=Post.MEDIATOR, **said)


def _body_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in _BODY and name not in ("id", "unit")}


def _person_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in _PERSON and name not in ("id", "account", "body")}


_BODY = frozenset(field.name for field in Body._meta.concrete_fields)
_PERSON = frozenset(field.name for field in Mediator._meta.concrete_fields)


def _facts(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """What names no person, as plain JSON."""
    said = {name: values[name] for name in names if name in values}
    facts = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
    court = values.get("inviting_court")
    return facts | ({"inviting_court": court.code} if court else {})


def _words(values: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    """What people wrote, and who it is about."""
    facts = {*BODY_FACTS, *PERSON_FACTS}
    said = {key: value for key, value in values.items() if isinstance(value, str) and value and key not in facts}
    return said | ({"name": name} if name else {})
