"""Who works where, who answers for what, and who is away: changed by an administrator, each change in the ledger.

Every function runs in one transaction: the change and its entry stand together or not at all. Each raises NotElevated
for an actor without administrator rights at this moment, and ValueError with a sentence for a change that can not be.
What concerns a person stands in the history of the account, what concerns the city in the city's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from citong.core.ledger.write import Signature, append, head_of
from citong.core.people.access import Actor, may_administer
from citong.core.people.duties import router
from citong.core.people.models import Absence, Account, Appointment, Beat, Duty, Unit
from citong.core.people.posts import Post
from citong.core.places.current import forget_city
from citong.core.places.models import City, Division, Grid, Layer

STEP = 10  # duties are numbered in tens, so that one can be put between two


class NotElevated(PermissionError):
    """The actor has no administrator rights now: the post is missing, or its hour was not taken."""


@dataclass(frozen=True)
class DutyTerms:
    """What a duty says; the fields mean what `people.Duty` says."""

    category: str
    layer: str
    area: str
    to: str
    post: str
    reason: str
    source: str


def signed(actor: Actor) -> Signature:
    """The signature of an administrator in the exercise of their rights. Raises NotElevated; no query."""
    if not may_administer(actor):
        raise NotElevated(_("Take administrator rights first: they are needed to change this."))
    return actor.signature(next(seat for seat in actor.seats if seat.post == Post.ADMINISTRATOR))


def city_subject(code: str) -> UUID:
    """Under which the ledger keeps what was changed in a city's settings."""
    return uuid5(NAMESPACE_URL, f"citong:city:{code}")


def record_city(
    act: str, *, by: Signature, at: datetime, facts: Mapping[str, Any], content: Mapping[str, Any] | None = None
) -> City:
    """The city's settings have a new version and an entry; the row stays locked until the transaction ends.

    Every process reads duties, categories, calendar and thresholds again when it sees the version.
    """
    city = City.objects.select_for_update().defer("outline").get()
    City.objects.filter(pk=city.pk).update(version=F("version") + 1)
    subject = city_subject(city.code)
    append(subject, act, kind="city", by=by, at=at, head=head_of(subject), facts=facts, content=content)
    transaction.on_commit(_forget)
    return city


def _forget() -> None:
    forget_city()
    router().forget()


def _record_account(
    account: UUID, act: str, *, by: Signature, at: datetime, facts: Mapping[str, Any],
    content: Mapping[str, Any] | None = None,
) -> Account:  # fmt: skip
    held = Account.objects.select_for_update().get(pk=account)
    append(account, act, kind="account", by=by, at=at, head=head_of(account), facts=facts, content=content)
    return held


@transaction.atomic
def create_account(
    *, username: str, name: str, email: str, password: str, actor: Actor, at: datetime | None = None
) -> Account:
    """A staff account that can sign in with this first password."""
    by, at = signed(actor), at or timezone.now()
    if Account.objects.filter(username__iexact=username).exists():
        raise ValueError(_("This sign-in name is taken: choose another."))
    account = Account.objects.create_user(username, email, password, name=name)
    _record_account(account.pk, "create_account", by=by, at=at, facts={}, content={"username": username, "name": name})
    return account


@transaction.atomic
def set_active(account: Account, active: bool, *, reason: str, actor: Actor, at: datetime | None = None) -> None:
    """The account can sign in, or can no longer; its history stays. Nobody shuts themselves out."""
    by, at = signed(actor), at or timezone.now()
    if account.pk == actor.account:
        raise ValueError(_("You can not do this to your own account: ask another administrator."))
    act = "activate_account" if active else "deactivate_account"
    _record_account(account.pk, act, by=by, at=at, facts={}, content={"reason": reason})
    Account.objects.filter(pk=account.pk).update(is_active=active)


@transaction.atomic
def set_password(account: Account, password: str, *, reason: str, actor: Actor, at: datetime | None = None) -> None:
    """The account has a new first password; whoever was signed in with the old one is not any more."""
    by, at = signed(actor), at or timezone.now()
    held = _record_account(account.pk, "set_password", by=by, at=at, facts={}, content={"reason": reason})
    held.set_password(password)
    held.save(update_fields=["password"])


@transaction.atomic
def appoint(
    account: Account, unit: Unit, post: str, *, begins_on: date, grids: Iterable[str] = (), reason: str, actor: Actor,
    at: datetime | None = None,
) -> Appointment:  # fmt: skip
    """The account holds the post in the unit from that day, with these base grids as its beats."""
    by, at = signed(actor), at or timezone.now()
    _assert_can_hold(account, unit, post)
    codes = _known_grids(grids) if post == Post.GRID_WORKER else []
    facts = {"unit": unit.code, "post": post, "begins_on": begins_on.isoformat(), "grids": codes}
    _record_account(account.pk, "appoint", by=by, at=at, facts=facts, content={"reason": reason})
    held = Appointment.objects.create(account=account, unit=unit, post=post, begins_on=begins_on)
    Beat.objects.bulk_create([Beat(appointment=held, grid=code) for code in codes])
    return held


@transaction.atomic
def end_appointment(held: Appointment, *, ends_on: date, reason: str, actor: Actor, at: datetime | None = None) -> None:
    """The appointment ends that day; its beats end with it. The city keeps at least one administrator."""
    by, at = signed(actor), at or timezone.now()
    if ends_on < held.begins_on:
        raise ValueError(_("It can not end before it began."))
    others = Appointment.objects.select_for_update().filter(post=Post.ADMINISTRATOR, ends_on=None).exclude(pk=held.pk)
    if held.post == Post.ADMINISTRATOR and not others.exists():
        raise ValueError(_("This is the last administrator: appoint another one first."))
    facts = {"unit": held.unit.code, "post": held.post, "ends_on": ends_on.isoformat()}
    _record_account(held.account_id, "end_appointment", by=by, at=at, facts=facts, content={"reason": reason})
    Appointment.objects.filter(pk=held.pk).update(ends_on=ends_on)


@transaction.atomic
def set_beats(
    held: Appointment, grids: Iterable[str], *, reason: str, actor: Actor, at: datetime | None = None
) -> None:
    """The grid worker looks after exactly these base grids."""
    by, at = signed(actor), at or timezone.now()
    if held.post != Post.GRID_WORKER:
        raise ValueError(_("Only grid workers have beats."))
    codes = _known_grids(grids)
    facts = {"unit": held.unit.code, "grids": codes}
    _record_account(held.account_id, "set_beats", by=by, at=at, facts=facts, content={"reason": reason})
    held.beats.exclude(grid__in=codes).delete()
    Beat.objects.bulk_create([Beat(appointment=held, grid=code) for code in codes], ignore_conflicts=True)


@transaction.atomic
def add_absence(
    account: Account, stand_in: Account, *, begins_at: datetime, ends_at: datetime, reason: str, actor: Actor,
    at: datetime | None = None,
) -> Absence:  # fmt: skip
    """The account is away for that time, and the stand-in holds its seats."""
    by, at = signed(actor), at or timezone.now()
    if account == stand_in:
        raise ValueError(_("Somebody else must stand in."))
    if not begins_at < ends_at:
        raise ValueError(_("An absence ends after it begins."))
    if not stand_in.is_active:
        raise ValueError(_("The stand-in can not sign in: choose somebody else."))
    facts = {"stand_in": str(stand_in.pk), "begins_at": begins_at.isoformat(), "ends_at": ends_at.isoformat()}
    _record_account(account.pk, "add_absence", by=by, at=at, facts=facts, content={"reason": reason})
    return Absence.objects.create(
        account=account, stand_in=stand_in, begins_at=begins_at, ends_at=ends_at, reason=reason
    )


@transaction.atomic
def end_absence(absence: Absence, *, reason: str, actor: Actor, at: datetime | None = None) -> None:
    """The absence is over now; one that had not begun yet is gone."""
    by, at = signed(actor), at or timezone.now()
    _record_account(absence.account_id, "end_absence", by=by, at=at, facts={}, content={"reason": reason})
    if absence.begins_at >= at:
        absence.delete()
    else:
        Absence.objects.filter(pk=absence.pk, ends_at__gt=at).update(ends_at=at)


@transaction.atomic
def add_duty(terms: DutyTerms, *, before: Duty | None = None, actor: Actor, at: datetime | None = None) -> Duty:
    """The duty stands before that one, or at the end."""
    by, at = signed(actor), at or timezone.now()
    _assert_can_stand(terms)
    record_city("add_duty", by=by, at=at, facts=vars(terms) | {"before": before.order if before else None})
    return Duty.objects.create(order=_free_order(before), **_columns(terms))


@transaction.atomic
def change_duty(duty: Duty, terms: DutyTerms, *, actor: Actor, at: datetime | None = None) -> None:
    """The duty says this from now on; what it said before stands in the ledger."""
    by, at = signed(actor), at or timezone.now()
    _assert_can_stand(terms)
    record_city(
        "change_duty", by=by, at=at, facts={"order": duty.order, "was": vars(terms_of(duty)), "is": vars(terms)}
    )
    Duty.objects.filter(pk=duty.pk).update(**_columns(terms))


@transaction.atomic
def move_duty(duty: Duty, *, before: Duty | None, actor: Actor, at: datetime | None = None) -> None:
    """The duty is read before that one, or last."""
    by, at = signed(actor), at or timezone.now()
    if before == duty:
        raise ValueError(_("It stands there already."))
    record_city("move_duty", by=by, at=at, facts={"order": duty.order, "before": before.order if before else None})
    Duty.objects.filter(pk=duty.pk).update(order=_free_order(before))


@transaction.atomic
def end_duty(duty: Duty, *, reason: str, actor: Actor, at: datetime | None = None) -> None:
    """The duty holds no longer; the ledger keeps what it said."""
    by, at = signed(actor), at or timezone.now()
    record_city("end_duty", by=by, at=at, facts={"order": duty.order, "was": vars(terms_of(duty)), "reason": reason})
    Duty.objects.filter(pk=duty.pk).delete()


def terms_of(duty: Duty) -> DutyTerms:
    """What the duty says now; no query."""
    return DutyTerms(duty.category, duty.layer_id or "", duty.area, duty.to, duty.post, duty.reason, duty.source)


def _assert_can_hold(account: Account, unit: Unit, post: str) -> None:
    if post == Post.RESIDENT:
        raise ValueError(_("Residents need no appointment."))
    if not account.is_active or unit.ends_on is not None:
        raise ValueError(_("The account or the unit is closed."))
    if Appointment.objects.filter(account=account, unit=unit, post=post, ends_on=None).exists():
        raise ValueError(_("They hold this post there already."))


def _known_grids(codes: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(codes))
    known = set(Grid.objects.filter(layer__base=True, ends_at=None, code__in=wanted).values_list("code", flat=True))
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise ValueError(_("There is no base grid %(code)s.") % {"code": ", ".join(unknown)})
    return wanted


def _assert_can_stand(terms: DutyTerms) -> None:
    """A duty that could never fit, or leads nowhere, is refused. Categories are judged by those who know them."""
    if not terms.reason.strip() or not terms.source.strip():
        raise ValueError(_("Give the reason and the source: a law or a decision."))
    if not _leads_somewhere(terms.to):
        raise ValueError(_("There is no unit %(to)s. Name a unit, function@level, or grid.") % {"to": terms.to})
    if terms.layer and not Layer.objects.filter(code=terms.layer).exists():
        raise ValueError(_("There is no layer %(layer)s.") % {"layer": terms.layer})
    if terms.area and not _is_area(terms):
        raise ValueError(
            _("There is no area %(area)s. Give a division's path or a grid of the layer.") % {"area": terms.area}
        )


def _leads_somewhere(to: str) -> bool:
    function, _sign, level = to.partition("@")
    units = Unit.objects.filter(ends_on=None)
    return to == "grid" or units.filter(**({"function": function} if level else {"code": to})).exists()


def _is_area(terms: DutyTerms) -> bool:
    if terms.area.endswith("/"):
        return Division.objects.filter(path=terms.area, ends_on=None).exists()
    return Grid.objects.filter(layer=terms.layer, code=terms.area, ends_at=None).exists()


def _columns(terms: DutyTerms) -> dict[str, Any]:
    said = {name: value for name, value in vars(terms).items() if name != "layer"}
    return said | {"layer_id": terms.layer or None}


def _free_order(before: Duty | None) -> int:
    """An unused number right before that duty, or after all; duties are numbered anew where there is no room."""
    if before is None:
        return (Duty.objects.aggregate(last=Max("order"))["last"] or 0) + STEP
    earlier = Duty.objects.filter(order__lt=before.order).aggregate(last=Max("order"))["last"] or 0
    if before.order - earlier > 1:
        return (earlier + before.order) // 2
    _renumber()
    return Duty.objects.values_list("order", flat=True).get(pk=before.pk) - STEP // 2


def _renumber() -> None:
    """Tens again. In two goes, because a number may not be there twice even for a moment."""
    held = list(Duty.objects.order_by("order"))
    beyond = (held[-1].order if held else 0) + STEP * (len(held) + 1)
    Duty.objects.update(order=F("order") + beyond)
    for place, duty in enumerate(held, start=1):
        duty.order = place * STEP
    Duty.objects.bulk_update(held, ["order"])
