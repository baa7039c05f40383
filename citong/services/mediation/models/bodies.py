"""Bodies that mediate, the people in their registers, and what keeps one of these from a dispute."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.core.people.models import Account, Unit
from citong.kit.ids import uuid7
from citong.services.mediation.kinds import BodyKind, Kind, Language


class Body(models.Model):
    """A unit whose function is "mediation", as those see it who look for help: its kind, what it takes, where it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.OneToOneField(Unit, models.PROTECT, related_name="body")
    kind = models.CharField(max_length=20, choices=BodyKind)
    fields = ArrayField(
        models.CharField(max_length=20, choices=Kind), default=list, blank=True,
        help_text=_("Kinds of disputes it takes; every kind when there is none"),
    )  # fmt: skip
    charges = models.BooleanField(default=False)
    fee = models.CharField(max_length=200, blank=True, help_text=_("What it charges, and for what"))
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    phone = models.CharField(max_length=30, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    about = models.TextField(blank=True)
    named_after = models.CharField(max_length=60, blank=True, help_text=_("The person a studio is named after"))
    founded_on = models.DateField(null=True)
    members = models.PositiveSmallIntegerField(null=True, help_text=_("Members of a committee"))
    women = models.PositiveSmallIntegerField(null=True, help_text=_("Women among them"))
    term_ends = models.DateField(null=True, help_text=_("When the committee's term ends"))
    inviting_court = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    published = models.BooleanField(default=False)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(charges=False) | models.Q(kind=BodyKind.COMMERCIAL), name="body_charges_by_law"
            ),
            models.CheckConstraint(
                condition=models.Q(lon=None, lat=None) | models.Q(lon__isnull=False, lat__isnull=False),
                name="body_has_a_point_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.unit.name


class Mediator(models.Model):
    """A person in the register of a body: a mediator, who leads a dispute to its end, or an expert, who is heard."""

    class Sort(models.TextChoices):
        MEDIATOR = "mediator", _("Mediator")
        EXPERT = "expert", _("Expert")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.OneToOneField(Account, models.PROTECT, related_name="mediator")
    body = models.ForeignKey(Body, models.PROTECT, related_name="mediators", db_index=False)
    sort = models.CharField(max_length=10, choices=Sort, default=Sort.MEDIATOR)
    fields = ArrayField(
        models.CharField(max_length=20, choices=Kind), default=list, blank=True,
        help_text=_("Kinds of disputes this person knows best; what the body takes when there is none"),
    )  # fmt: skip
    languages = ArrayField(models.CharField(max_length=20, choices=Language), default=list, blank=True)
    districts = ArrayField(
        models.CharField(max_length=20), default=list, blank=True,
        help_text=_("Codes of districts where this person works besides where the body is"),
    )  # fmt: skip
    most = models.PositiveSmallIntegerField(default=10, help_text=_("Open disputes at one time"))
    inviting_court = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    title = models.CharField(max_length=100, blank=True, help_text=_("Title or licence"))
    about = models.TextField(blank=True)
    term_begins = models.DateField()
    term_ends = models.DateField(null=True)
    published = models.BooleanField(default=False)
    last_at = models.DateTimeField(null=True, help_text=_("When the last dispute was taken up"))
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(most__gte=1), name="mediator_takes_one"),
            models.CheckConstraint(
                condition=models.Q(term_ends=None) | models.Q(term_ends__gt=models.F("term_begins")),
                name="mediator_term_ends_after",
            ),
        ]
        indexes = [models.Index(fields=["body", "id"], condition=models.Q(ended_on=None), name="mediator_body")]

    def __str__(self) -> str:
        return self.account.get_full_name()


class Interest(models.Model):
    """A tie that a mediator has declared, to a person or an organisation: it keeps them from every dispute of these.

    The name is sealed. `keys` are blind: by them a party is found out without a name being read.
    """

    class Sort(models.TextChoices):
        RELATIVE = "relative", _("Relative")
        EMPLOYER = "employer", _("Employer")
        OWNER = "owner", _("Owns a part of it")
        CLIENT = "client", _("Client")
        OTHER = "other", _("Another tie")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediator = models.ForeignKey(Mediator, models.CASCADE, related_name="interests")
    sort = models.CharField(max_length=10, choices=Sort)
    name = models.TextField(help_text=_("Sealed"))
    keys = ArrayField(models.CharField(max_length=40), default=list)
    declared_at = models.DateTimeField()
    ended_on = models.DateField(null=True)


class Met(models.Model):
    """A mediator had a dispute of this party in hand: for some years another one of it goes to somebody else."""

    mediator = models.ForeignKey(Mediator, models.CASCADE, related_name="met", db_index=False)
    key = models.CharField(max_length=40, help_text=_("Blind key of the party"))
    case = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "mediator", "case"], name="met_once")]


class Room(models.Model):
    """A room of a body in which people can sit together."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=60)
    capacity = models.PositiveSmallIntegerField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "name"], name="room_name_once")]

    def __str__(self) -> str:
        return self.name
