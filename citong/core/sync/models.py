"""Phones, what they were given to hold, what they sent, and the feed of changes they read."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.core.people.models import Account
from citong.kit.ids import uuid7


class Xid(models.CharField[str, str]):
    """The number of a transaction, which never comes again in this cluster. Read and written as text."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(**{"max_length": 20} | rest)

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, *_rest: Any) -> str:
        return str(value)


class Feed(models.Model):
    """Where the feed of changes stands; one row. Its epoch ends when the database is restored from a backup, for
    transactions are counted anew there: a cursor of an earlier epoch says nothing."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    epoch = models.CharField(max_length=8)
    pruned = Xid(default="0", help_text=_("Changes of transactions below this one may be gone"))


class Change(models.Model):
    """Something that phones with a scope hold has changed. Written by triggers alone, in the changing transaction."""

    pk = models.CompositePrimaryKey("scope", "xid", "seq")
    seq = models.BigIntegerField()
    xid = Xid()
    at = models.DateTimeField()
    subject = models.UUIDField()
    scope = models.CharField(max_length=60)
    what = models.CharField(max_length=20)


class Device(models.Model):
    """A phone, or another browser, with a key of its own, that speaks for one account until it is revoked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="devices")
    name = models.CharField(max_length=60)
    key = models.BinaryField(help_text=_("Its public key: a point of P-256, 65 bytes"))
    share = models.BinaryField(help_text=_("Half of the key to what it holds; sealed"))
    app = models.CharField(max_length=40, blank=True)
    enrolled_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text=_("When it last asked, to some minutes"))
    waiting = models.PositiveIntegerField(default=0, help_text=_("How much it had yet to send when it last asked"))
    oldest_at = models.DateTimeField(null=True, help_text=_("When the oldest of that was said"))
    held = models.PositiveIntegerField(default=0, help_text=_("Operations that wait for an earlier one"))
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A scope that a device was given to hold. Ended when its account lost it; forgotten when the device said so."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="grants", db_index=False)
    scope = models.CharField(max_length=60)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "scope"], condition=models.Q(forgotten_at=None), name="one_grant_at_a_time"
            ),
        ]


class Operation(models.Model):
    """What a device said, once, by the id it gave; cut by month. Its answer is given again to whoever repeats it.

    The body is kept, sealed, only while a person or an earlier operation is awaited.
    """

    class Result(models.TextChoices):
        DONE = "done", _("Done")
        CONFLICT = "conflict", _("Done over something unseen")
        WAITING = "waiting", _("Waits for a decision")
        HELD = "held", _("Held")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, editable=False)
    device = models.ForeignKey(Device, models.PROTECT, related_name="operations", db_index=False)
    kind = models.CharField(max_length=20)
    subject = models.UUIDField()
    after = models.UUIDField(null=True, help_text=_("The operation it builds on"))
    result = models.CharField(max_length=10, choices=Result)
    answer = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    said_at = models.CharField(max_length=40, help_text=_("The moment as the device wrote it"))
    at = models.DateTimeField(help_text=_("That moment by our clock"))
    received_at = models.DateTimeField()
    forced = models.BooleanField(default=False, help_text=_("Done though what it builds on never came"))
    settled_at = models.DateTimeField(null=True, help_text=_("When one that was held or refused found its end"))
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["device", "received_at"],
                condition=models.Q(result__in=["held", "refused"], settled_at=None),
                name="operation_open",
            ),
        ]


class Prepared(models.Model):
    """The first load of a scope, ready to be sent: gzipped JSON, sealed, with the cursor it leads up to."""

    scope = models.CharField(primary_key=True, max_length=60)
    cursor = models.CharField(max_length=60)
    digest = models.CharField(max_length=32)
    count = models.PositiveIntegerField()
    body = models.BinaryField()
    made_at = models.DateTimeField()


class Piece(models.Model):
    """A file that a device sends in pieces, by the hash of the whole. What has come lies in a file of our own."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="pieces", db_index=False)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    whole_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "sha256"], name="one_piece_per_hash")]


class Awaited(models.Model):
    """A file that an operation names. It is hung on its subject as soon as both are there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    operation = models.UUIDField(db_index=True)
    device = models.ForeignKey(Device, models.CASCADE, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    subject = models.UUIDField(null=True, help_text=_("What it hangs on, once its operation was done"))
    at = models.DateTimeField(help_text=_("When the operation was done"))
    attached_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["device", "sha256"], condition=models.Q(attached_at=None), name="awaited_open"),
        ]
