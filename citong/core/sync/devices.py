"""Devices: enrolled from a signed-in session with a key of their own, known by their signature, and revoked."""

import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from citong.core.ledger.write import Signature, append, head_of
from citong.core.people.access import Actor, Seat, leads, may_enrol
from citong.core.people.models import Account
from citong.core.people.refusal import Invalid, NotAllowed, NotThere, WrongState
from citong.core.sync.models import Device
from citong.core.sync.sealing import seal, unseal
from citong.kit.ids import uuid7

MOST_DEVICES = 5
SHARE_BYTES = 32
HALF = 32  # bytes of each half of a signature
SEEN_EVERY = timedelta(minutes=10)
LONGEST_NAME, LONGEST_APP = 60, 40


def enrol(account: Account, *, actor: Actor, name: str, key: bytes, app: str, at: datetime) -> tuple[Device, bytes]:
    """The device speaks for the account from now on; (device, its share). Raises NotAllowed, Invalid, WrongState."""
    seat = may_enrol(actor)
    if seat is None:
        raise NotAllowed(_("Only grid workers work with the phone app."))
    if not _sound(key):
        raise Invalid(_("This is no key of a device."), {"key": [_("A point of P-256 in 65 bytes is needed.")]})
    share = secrets.token_bytes(SHARE_BYTES)
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if account.devices.filter(revoked_at=None).count() >= MOST_DEVICES:
            raise WrongState(_("You have %(most)d phones already: revoke one first.") % {"most": MOST_DEVICES})
        device = Device(
            id=uuid7(at), account=account, name=" ".join(name.split())[:LONGEST_NAME] or _("Phone"), key=key,
            app=app[:LONGEST_APP], enrolled_at=at, seen_at=at,
        )  # fmt: skip
        device.share = seal(share, of=f"share of {device.id}")
        device.save(force_insert=True)
        _record(device, "enrol", actor=actor, seat=seat, at=at, facts={"account": str(account.pk)})
    return device, share


def share_again(device: UUID, *, actor: Actor, at: datetime) -> bytes:
    """The share of one's own device, after its PIN was forgotten and one signed in anew. Raises NotThere."""
    found = Device.objects.filter(pk=device, revoked_at=None).first()
    if found is None or found.account_id != actor.account:
        raise NotThere(_("There is no such phone."))
    with transaction.atomic():
        _record(found, "share", actor=actor, seat=may_enrol(actor), at=at)
    return unseal(found.share, of=f"share of {found.id}")


def revoke(device: UUID, *, actor: Actor, reason: str, at: datetime) -> Device:
    """The device speaks for nobody any more; when it next asks it is told to wipe itself. Raises NotThere, Invalid."""
    with transaction.atomic():
        found = Device.objects.select_for_update().filter(within(actor), pk=device).first()
        if found is None:
            raise NotThere(_("There is no such phone."))
        if not reason.strip() and found.account_id != actor.account:
            raise Invalid(_("Some answers need another look."), {"reason": [_("Say why.")]})
        if found.revoked_at is None:
            found.revoked_at, found.revoked_by_id, found.reason = at, actor.account, reason.strip()[:200]
            found.save(update_fields=["revoked_at", "revoked_by", "reason"])
            content = {"reason": reason} if reason.strip() else None
            _record(found, "revoke", actor=actor, seat=None, at=at, content=content)
    return found


def within(actor: Actor) -> Q:
    """The condition on devices that an actor may see and revoke: their own, and those of people they lead; no query."""
    return Q(account_id=actor.account) | Q(account__in=Account.objects.filter(leads(actor)))


def seen(device: UUID, *, waiting: int, oldest: datetime | None, app: str, at: datetime) -> None:
    """What the device says of itself is kept; one query."""
    Device.objects.filter(pk=device).update(
        seen_at=at, waiting=min(waiting, 1_000_000), oldest_at=oldest, app=app[:LONGEST_APP]
    )


def signed_by(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the message carries a signature (r and s, 32 bytes each) by this key; no query."""
    if len(signature) != 2 * HALF:
        return False
    halves = int.from_bytes(signature[:HALF]), int.from_bytes(signature[HALF:])
    try:
        _public(key).verify(encode_dss_signature(*halves), message, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=20_000)
def _public(key: bytes) -> EllipticCurvePublicKey:
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key)


def _sound(key: bytes) -> bool:
    try:
        return len(key) == 2 * HALF + 1 and bool(_public(key))
    except ValueError:
        return False


def _record(
    device: Device, act: str, *, actor: Actor, seat: Seat | None, at: datetime, facts: dict[str, str] | None = None,
    content: dict[str, str] | None = None,
) -> None:  # fmt: skip
    by = seat or next(iter(actor.seats), None)
    signature = actor.signature(by) if by else Signature(actor.account)
    append(
        device.id, act, kind="device", by=signature, at=at, head=head_of(device.id), facts=facts, content=content
    )  # fmt: skip
