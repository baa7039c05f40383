"""Webhooks: programs outside that hear of acts, and what was sent to each. Written by this folder alone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.core.people.models import Account
from citong.kit.ids import uuid7


class Hook(models.Model):
    """Its owner's program hears, at `address`, of every sealed act within the owner's reach.

    `checkpoint` and `index` say up to which entry of the sealed ledger its deliveries were made.
    """

    class Reason(models.TextChoices):
        OWNER = "owner", _("by its owner")
        FAILING = "failing", _("its receiver failed for three days")
        GONE = "gone", _("its receiver answered that it is gone (410)")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(Account, models.PROTECT, related_name="hooks")
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=500)
    services = ArrayField(models.CharField(max_length=40), default=list, help_text=_("None means all"))
    acts = ArrayField(models.CharField(max_length=60), default=list, help_text=_("None means all"))
    checkpoint = models.PositiveIntegerField()
    index = models.PositiveIntegerField()
    round = models.PositiveIntegerField(default=0, help_text=_("How often something was sent again by hand"))
    secret = models.PositiveIntegerField(default=1, help_text=_("Which of its secrets holds; none is kept"))
    turned_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=10, choices=Reason, blank=True, help_text=_("Why it is paused or has ended"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=models.Q(ended_at=None), name="one_hook_per_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def state(self) -> str:
        """ended, paused, failing or active."""
        if self.ended_at:
            return "ended"
        if self.paused_at:
            return "paused"
        return "failing" if self.failing_since else "active"


class Delivery(models.Model):
    """One message to one hook: about an entry of the ledger, or without one to try the way. Kept for thirty days."""

    class Fault(models.TextChoices):
        STATUS = "status", _("answered with another status than a good one")
        TIMEOUT = "timeout", _("no answer within ten seconds")
        UNKNOWN = "unknown", _("no server of that name")
        TRUST = "trust", _("its certificate is not to be trusted")
        SILENT = "silent", _("nobody answers there")
        FORBIDDEN = "forbidden", _("the address leads where a webhook may not go")
        OUT_OF_REACH = "out_of_reach", _("the case is out of your reach now: not sent")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hook = models.ForeignKey(Hook, models.CASCADE, related_name="deliveries")
    entry = models.UUIDField(null=True)
    round = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, help_text=_("When to send, or to try again; empty when done"))
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True, help_text=_("What the receiver answered last"))
    fault = models.CharField(max_length=12, choices=Fault, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "entry", "round"], name="one_delivery_per_round")]
        indexes = [
            models.Index(
                fields=["hook", "next_at"], condition=models.Q(next_at__isnull=False), name="delivery_waiting"
            ),
            models.Index(fields=["hook", "-id"], name="delivery_hook"),
        ]

    def state(self) -> str:
        """sent, waiting (for its first try), retrying, or given_up."""
        if self.sent_at:
            return "sent"
        if self.next_at is None:
            return "given_up"
        return "retrying" if self.tries else "waiting"

    def webhook_id(self) -> str:
        """By which a receiver knows a message it has had: the same at each try, and when it is sent again by hand."""
        return str(self.entry or self.id)
