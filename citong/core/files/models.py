"""Attachments: each content once, named by its hash, tied to a subject by an entry of its history."""

from django.db import models

from citong.kit.ids import uuid7


class File(models.Model):
    """Checked, cleaned content. It lies under FILES_ROOT at sha256[:2]/sha256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    stored_at = models.DateTimeField(auto_now_add=True)


class Attachment(models.Model):
    """A file shown with a subject, put there by one entry of its history."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.UUIDField(db_index=True)
    entry = models.UUIDField()
    file = models.ForeignKey(File, models.PROTECT)
    name = models.CharField(max_length=200)
    public = models.BooleanField(default=False)
