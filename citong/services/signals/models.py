"""Networks, junctions with their controllers, plans, detectors, arterials, plan changes and their simulations."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citong.core.cases.models import Case
from citong.core.people.models import Account
from citong.core.signals import model, store
from citong.kit.ids import uuid7


class Network(models.Model):
    """Streets that were loaded together, and where their simulated traffic lies."""

    code = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=80)
    folder = models.CharField(max_length=400, help_text=_("Folder of the scenario that simulations run"))
    loaded_at = models.DateTimeField()


class Junction(models.Model):
    """One junction with its signal controller. `table` is a `citong.core.signals.model.Junction` as JSON."""

    class Controller(models.TextChoices):
        SUMO = "sumo", _("Simulated (SUMO)")
        NTCIP = "ntcip", "NTCIP 1202"
        GBT20999 = "gbt20999", "GB/T 20999"

    class Mode(models.TextChoices):
        """As `citong.core.signals.port.Mode`."""

        PLAN = "plan", pgettext_lazy("signal mode", "On its plan")
        CENTRAL = "central", pgettext_lazy("signal mode", "Led by the centre")
        LOCAL = "local", pgettext_lazy("signal mode", "Led on the spot")
        MANUAL = "manual", pgettext_lazy("signal mode", "By hand")
        FAULT = "fault", pgettext_lazy("signal mode", "Fault")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="junctions")
    code = models.CharField(max_length=200, unique=True, help_text=_("The controller's own name"))
    name = models.CharField(max_length=120)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    district = models.CharField(max_length=20, blank=True)
    controller = models.CharField(max_length=10, choices=Controller)
    address = models.CharField(max_length=200, blank=True, help_text=_("Where the controller is reached"))
    table = models.JSONField()
    mode = models.CharField(max_length=8, choices=Mode, blank=True)
    state = models.CharField(max_length=200, blank=True, help_text=_("The letters it showed last"))
    stage = models.PositiveSmallIntegerField(null=True)
    contact_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, help_text=_("When it left the streets"))

    class Meta:
        indexes = [models.Index(fields=["district", "code"], name="junction_district")]

    def __str__(self) -> str:
        return self.name

    @property
    def built(self) -> model.Junction:
        """The junction as every controller sees it. Raises BadTable."""
        return store.junction_from_json(self.table)


class Plan(models.Model):
    """A plan of a junction and the time it was in force. The one in force has begun and not ended."""

    class Sort(models.TextChoices):
        LOADED = "loaded", _("As the controller brought it")
        CHANGE = "change", _("By a plan change")
        BACK = "back", _("Rolled back to")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    junction = models.ForeignKey(Junction, models.CASCADE, related_name="plans")
    number = models.PositiveIntegerField()
    sort = models.CharField(max_length=10, choices=Sort)
    spans = models.JSONField(help_text=_("Rows of letters and seconds"))
    offset = models.FloatField(default=0.0)
    case = models.UUIDField(null=True, help_text=_("The plan change that brought it"))
    digest = models.CharField(max_length=64)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    rolled_back = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["junction", "number"], name="plan_number"),
            models.UniqueConstraint(
                fields=["junction"], condition=models.Q(ends_at=None), name="one_plan_in_force"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.number)

    @property
    def built(self) -> model.Plan:
        """The plan as controllers run it."""
        said = {"name": str(self.number), "spans": self.spans, "offset": self.offset}
        return store.plan_from_json(said)


class Detector(models.Model):
    """A detector in a lane before a junction."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    junction = models.ForeignKey(Junction, models.CASCADE, related_name="detectors")
    code = models.CharField(max_length=200)
    lane = models.CharField(max_length=200)
    metres = models.FloatField(help_text=_("To the stop line"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["junction", "code"], name="detector_code")]


class Arterial(models.Model):
    """A road with signals in a row. `stops`: code of the junction, metres from the begin, groups there and back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    network = models.ForeignKey(Network, models.CASCADE, related_name="arterials")
    name = models.CharField(max_length=200)
    speed = models.FloatField(help_text=_("Metres a second that a green wave is made for"))
    stops = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["network", "name"], name="arterial_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def codes(self) -> list[str]:
        """Codes of its junctions in their order."""
        return [stop["junction"] for stop in self.stops]


class PlanChange(models.Model):
    """What a case wants to change: the whole plan that shall be in force. `digest` names junction and plan."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="plan_change")
    junction = models.ForeignKey(Junction, models.PROTECT, related_name="changes")
    spans = models.JSONField()
    offset = models.FloatField(default=0.0)
    digest = models.CharField(max_length=64)
    begins_at = models.DateTimeField(null=True, help_text=_("When it comes into force, as it was signed"))

    class Meta:
        indexes = [
            models.Index(fields=["begins_at"], condition=models.Q(begins_at__isnull=False), name="plan_change_due")
        ]

    @property
    def built(self) -> model.Plan:
        """The plan as controllers would run it."""
        return store.plan_from_json({"name": "proposed", "spans": self.spans, "offset": self.offset})


class Simulation(models.Model):
    """One trial of a plan change, so written down that it can be repeated: where, with which seeds, what, and how it
    went. `digest` names exactly the plan and the junction that were tried."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", pgettext_lazy("simulation", "Under way")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    change = models.ForeignKey(PlanChange, models.CASCADE, related_name="simulations")
    digest = models.CharField(max_length=64)
    folder = models.CharField(max_length=400)
    scenario = models.CharField(max_length=64, blank=True, help_text=_("Digest of the scenario's files"))
    seeds = ArrayField(models.PositiveIntegerField())
    plan_before = models.JSONField()
    plan_after = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    runs_done = models.PositiveSmallIntegerField(default=0)
    before = models.JSONField(default=list, help_text=_("Figures of each seed"))
    after = models.JSONField(default=list, help_text=_("Figures of each seed"))
    ran_by = models.CharField(max_length=100, blank=True)
    fault = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    @property
    def runs(self) -> int:
        """How many runs it takes."""
        return 2 * len(self.seeds)
