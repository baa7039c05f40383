"""Disputes of one kind that an organisation brings at once, and what is done with many of them together."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.core.people.models import Account
from citong.kit.ids import uuid7
from citong.services.mediation.kinds import Kind


class Batch(models.Model):
    """Many disputes of one organisation. Each is a case of its own (`Dispute.batch`); nothing is said here of a person.

    The organisation is the applicant in all of them, and where it is, the disputes lie.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100, help_text=_("The organisation"))
    credit_code = models.CharField(max_length=18, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)
    line = models.CharField(max_length=20, blank=True)
    keys = ArrayField(models.CharField(max_length=40), default=list, help_text=_("Blind keys of the organisation"))
    about = models.TextField(help_text=_("What is said in each of them, in the organisation's words"))
    wish = models.TextField(blank=True)
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class BatchTable(models.Model):
    """A table that brings rows into a batch: the first one, and those with mended rows that follow it."""

    table = models.UUIDField(primary_key=True)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="tables")


class BatchAct(models.Model):
    """One act on many disputes of a batch: what was said, how far it is, and where it was refused.

    Answers and refusals are sealed; when it has ended, the answers are gone.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Not started")
        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("Under way")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="acts")
    act = models.CharField(max_length=40)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    cases = ArrayField(models.UUIDField(), help_text=_("In the order in which they are taken"))
    answers = models.BinaryField(default=b"")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    stop = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0, help_text=_("How many cases it has come to"))
    done = models.PositiveIntegerField(default=0)
    refused = models.BinaryField(default=b"")
    refusals = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state__in=("waiting", "running")), name="batch_act_open")
        ]
