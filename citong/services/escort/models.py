"""What an escort knows beside its case: where from and to, the way with its lights, and while it runs where it is.

Where somebody drives is sensitive. Places are read only while the escort runs; `keeping.erase` takes them after the
days that the city sets, and what is left is counts and seconds.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.core.cases.models import Case
from citong.core.people.models import Account
from citong.kit.ids import uuid7
from citong.services.escort.kinds import Kind, Priority, Run


class Escort(models.Model):
    """The present of an escort. Written with the acts of its case, and by the runner while it is under way."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="escort")
    kind = models.CharField(max_length=12, choices=Kind)
    priority = models.PositiveSmallIntegerField(choices=Priority)
    driver = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    run = models.CharField(max_length=8, choices=Run, default=Run.WAITING)

    origin_lon = models.FloatField(null=True)
    origin_lat = models.FloatField(null=True)
    goal_lon = models.FloatField(null=True)
    goal_lat = models.FloatField(null=True)
    route = models.JSONField(default=dict, help_text=_("Roads in order with their lengths, and the lights on them"))
    line = models.JSONField(default=list, help_text=_("The way as points, for maps"))
    fault = models.CharField(max_length=200, blank=True, help_text=_("Why there is no way with lights"))
    length_m = models.FloatField(default=0)
    planned_s = models.FloatField(default=0, help_text=_("Seconds with lights turned"))
    usual_s = models.FloatField(default=0, help_text=_("Seconds reckoned for the same way without the escort"))
    present = models.JSONField(default=dict, help_text=_("Where it is and what comes next, while it runs"))
    blocked = models.JSONField(default=list, help_text=_("Roads that were reported blocked"))
    plans = models.PositiveSmallIntegerField(default=0, help_text=_("How often its way was planned"))

    asked_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text=_("When its place came last"))
    left_m = models.FloatField(null=True, help_text=_("Metres from its destination when it ended; empty: not known"))
    stood_s = models.FloatField(default=0, help_text=_("Seconds it stood"))
    stops = models.PositiveSmallIntegerField(default=0)
    cost_s = models.FloatField(default=0, help_text=_("Vehicle seconds others stood at lights held for it"))
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["priority", "asked_at"], condition=models.Q(run="running"), name="escort_running"),
            models.Index(fields=["driver", "-case"], name="escort_driver"),
            models.Index(fields=["ended_at"], condition=models.Q(erased_at=None), name="escort_to_erase"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)

    @property
    def rank(self) -> tuple[int, float]:
        """Its place among several: priority, then the time of asking."""
        return self.priority, self.asked_at.timestamp()


class Position(models.Model):
    """Where the vehicle was, by its phone. Kept for the days the city sets."""

    escort = models.ForeignKey(Escort, models.CASCADE, related_name="positions", db_index=False)
    at = models.DateTimeField()
    lon = models.FloatField()
    lat = models.FloatField()
    speed_ms = models.FloatField(null=True)
    error_m = models.FloatField(default=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["escort", "at"], name="position_once")]


class Step(models.Model):
    """What one junction did for an escort: when it was expected, asked, green, let go, passed, or why it refused."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    escort = models.ForeignKey(Escort, models.CASCADE, related_name="steps", db_index=False)
    number = models.PositiveSmallIntegerField(help_text=_("Counted along the way"))
    plan = models.PositiveSmallIntegerField(default=1, help_text=_("Of which plan of the way"))
    junction = models.CharField(max_length=200)
    label = models.CharField(max_length=160, blank=True, help_text=_("Roads that meet there"))
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    along_m = models.FloatField(default=0)
    earliest_at = models.DateTimeField(null=True)
    expected_at = models.DateTimeField(null=True)
    latest_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    green_since = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True)
    stopped_s = models.FloatField(default=0, help_text=_("Seconds it stood before this light"))
    cost_s = models.FloatField(default=0, help_text=_("Vehicle seconds others stood here meanwhile"))
    refused = models.CharField(max_length=200, blank=True, help_text=_("Why the controller did not do it"))
    yielded_to = models.ForeignKey(Escort, models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["escort", "plan", "number"], name="step_once")]


class OfficerPoint(models.Model):
    """A junction on the way without control: who is nearest by road, and who goes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    escort = models.ForeignKey(Escort, models.CASCADE, related_name="points", db_index=False)
    number = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=160, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    along_m = models.FloatField(default=0)
    roads = models.PositiveSmallIntegerField(default=0, help_text=_("Roads that lead into it"))
    proposed = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    proposed_s = models.FloatField(null=True, help_text=_("Seconds whoever is proposed needs by road"))
    goes = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["escort", "number"], name="officer_point_once")]
        indexes = [models.Index(fields=["goes"], condition=models.Q(goes__isnull=False), name="officer_point_goes")]


class StandBy(models.Model):
    """An officer who said "I stand here and can help": one place, given by hand, gone when its time is over."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="+")
    lon = models.FloatField()
    lat = models.FloatField()
    until = models.DateTimeField()
