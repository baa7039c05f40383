"""Messages to people, written with the act that causes them and sent afterwards."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.core.people.models import Account, Unit
from citong.kit.ids import uuid7


class Notice(models.Model):
    """One message to one account, one desk (unit and post), or one address outside. The outbox is the waiting ones."""

    class Channel(models.TextChoices):
        APP = "app", _("In the app")
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")
        WEBHOOK = "webhook", _("Webhook")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.UUIDField()
    channel = models.CharField(max_length=10, choices=Channel)
    account = models.ForeignKey(Account, models.CASCADE, null=True, db_index=False)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, db_index=False)
    post = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    code = models.CharField(max_length=40, help_text=_("Which message; its words come from the service's texts"))
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, help_text=_("When to send, or to try again; empty when done"))
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="notice_outbox"),
            models.Index(fields=["account", "-id"], name="notice_account"),
            models.Index(fields=["unit", "-id"], name="notice_unit"),
        ]
