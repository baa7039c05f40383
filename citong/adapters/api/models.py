"""Keys of programs. Written by citong.adapters.api.keys alone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.core.people.models import Account
from citong.kit.ids import uuid7


class ApiKey(models.Model):
    """A program's key: it acts as an account, within its scopes, so many times a minute. Only its digest is kept."""

    class Scope(models.TextChoices):
        READ = "read", _("Read cases")
        OPEN = "open", _("Open cases")
        ACT = "act", _("Act on cases")
        HOOK = "hook", _("Keep webhooks")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    digest = models.BinaryField(unique=True, help_text=_("Digest of the key"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="api_keys")
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    per_minute = models.PositiveIntegerField(default=60)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    minute = models.DateTimeField(null=True, help_text=_("The minute it was last used in"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=models.Q(revoked_at=None), name="one_key_per_name"),
            models.CheckConstraint(condition=models.Q(per_minute__gt=0), name="key_has_a_limit"),
        ]

    def __str__(self) -> str:
        return self.name
