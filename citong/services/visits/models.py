"""Households, the visits to them, and the plan of each worker's week."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.core.people.models import Unit
from citong.kit.ids import uuid7


class Outcome(models.TextChoices):
    DONE = "done", _("Met somebody")
    ABSENT = "absent", _("Nobody was at home")
    REFUSED = "refused", _("Did not want a visit")


class Household(models.Model):
    """Those who live in a dwelling of the register, as far as visits go: when, what for, and when next.

    `due_on` follows from the last visit and the needs (rules.NextVisit) and `why` says by which of them.
    """

    dwelling = models.UUIDField(primary_key=True, editable=False)
    grid = models.CharField(max_length=30)
    needs = ArrayField(models.CharField(max_length=20), default=list, help_text=_("Needs that hold, by their code"))
    last_at = models.DateTimeField(null=True, help_text=_("When somebody was met"))
    tried_at = models.DateTimeField(null=True, help_text=_("When a worker came last"))
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    worker = models.UUIDField(null=True, help_text=_("Who came last"))
    due_on = models.DateField()
    why = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["grid"], name="household_grid")]  # without the due day: a visit moves no index


class Plan(models.Model):
    """The households one worker visits in one week, why each, and what became of them.

    The three lists run in step. `done`, `absent` and `refused` count households of the plan by their last visit of the
    week, whoever made it; `more` counts the worker's visits to others.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    worker = models.UUIDField()
    week = models.DateField(help_text=_("Its Monday"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    days = models.PositiveSmallIntegerField(help_text=_("Working days on which the worker is there"))
    quota = models.PositiveSmallIntegerField()
    households = ArrayField(models.UUIDField(), default=list)
    why = ArrayField(models.CharField(max_length=20), default=list)
    due_on = ArrayField(models.DateField(), default=list)
    planned = models.PositiveSmallIntegerField(default=0, help_text=_("How many households it has"))
    done = models.PositiveSmallIntegerField(default=0)
    absent = models.PositiveSmallIntegerField(default=0)
    refused = models.PositiveSmallIntegerField(default=0)
    more = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "week"], name="one_plan_a_week")]
        indexes = [models.Index(fields=["week", "unit"], name="plan_week")]


class Visit(models.Model):
    """A worker came to a household: a fact, appended and never changed, cut by month. What was said is in its entry."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dwelling = models.UUIDField()
    grid = models.CharField(max_length=30)
    worker = models.UUIDField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    plan = models.UUIDField(null=True, help_text=_("Of which plan the household was"))
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    entry = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["dwelling", "at"], name="visit_dwelling"),
            models.Index(fields=["worker", "at"], name="visit_worker"),
        ]
