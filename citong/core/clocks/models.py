"""Deadlines of anything, and the city's calendar they are counted by."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.kit.ids import uuid7


class CalendarDay(models.Model):
    """A day that differs from the plain week: holiday, make-up workday, or the city's own decision."""

    date = models.DateField(primary_key=True)
    working = models.BooleanField()
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200)
    certain = models.BooleanField(default=True)


class Clock(models.Model):
    """One deadline of one subject. Runs, pauses, is met or missed; `wake_at` is when somebody must look at it."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.UUIDField()
    district = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=40)
    source = models.CharField(max_length=200)
    span = models.CharField(max_length=40, help_text=_("Granted time, e.g. 5 working days"))
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    wake_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    remaining = models.CharField(max_length=40, blank=True, help_text=_("What was left when it paused"))
    stopped_at = models.DateTimeField(null=True)
    lapses = models.PositiveSmallIntegerField(default=0)
    extensions = models.JSONField(default=list)
    certain = models.BooleanField(default=True, help_text=_("False when a day in it has no decided calendar yet"))

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="clock_subject"),
            models.Index(fields=["wake_at"], condition=models.Q(wake_at__isnull=False), name="clock_wake"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="running", wake_at__isnull=False) | ~models.Q(state="running"),
                name="running_clock_wakes",
            ),
        ]
