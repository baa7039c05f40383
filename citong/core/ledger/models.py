"""The ledger: what was done to anything, by whom, when; appended and never changed."""

from django.db import models

from citong.kit.ids import uuid7


class Entry(models.Model):
    """One act on one subject. Chained to the entry before it; cut by month; insert-only by trigger."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.UUIDField()
    kind = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    act = models.CharField(max_length=60)
    at = models.DateTimeField()
    district = models.CharField(max_length=20, blank=True)
    actor = models.UUIDField(null=True)
    post = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)
    content_hash = models.BinaryField(default=b"")
    previous = models.BinaryField(default=b"")
    hash = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "position"], name="entry_subject"),
            models.Index(fields=["actor", "at"], name="entry_actor"),
        ]


class Content(models.Model):
    """Personal words of an entry, kept apart and bound by a salted hash, so that they can lawfully be erased."""

    id = models.UUIDField(primary_key=True, editable=False)
    salt = models.BinaryField(null=True)
    body = models.JSONField(null=True)
    erased_at = models.DateTimeField(null=True)


class Seal(models.Model):
    """Which checkpoint an entry is under, and where. Made by the database with each entry; open until sealed."""

    entry = models.UUIDField(primary_key=True)
    checkpoint = models.PositiveIntegerField(null=True)
    index = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["entry"], condition=models.Q(checkpoint=None), name="seal_open"),
            models.Index(fields=["checkpoint", "index"], name="seal_place"),
        ]


class Checkpoint(models.Model):
    """A signed root over many entries, chained to the checkpoint before it. Insert-only by trigger."""

    number = models.PositiveIntegerField(primary_key=True)
    count = models.PositiveIntegerField()
    root = models.BinaryField()
    previous = models.BinaryField(default=b"")
    at = models.DateTimeField()
    key = models.CharField(max_length=16)
    signature = models.BinaryField()


class Stamp(models.Model):
    """That a checkpoint was there at a moment, as an authority outside states (RFC 3161). Insert-only by trigger."""

    checkpoint = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    authority = models.CharField(max_length=300)
    token = models.BinaryField()
