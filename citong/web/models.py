"""What the web ring keeps for a short while, shared by every process. Nothing of it needs to outlive a crash."""

from django.db import models


class Fleeting(models.Model):
    """A count of tries, or an answer kept for a moment, until a moment. The key is a digest: it names nobody.

    UNLOGGED: writing it costs no wait for the disk; after a crash of the database it is empty.
    """

    key = models.BinaryField(primary_key=True, max_length=32)
    value = models.JSONField(null=True)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="fleeting_until")]
