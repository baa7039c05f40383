"""Units, accounts, appointments, duties, absences, and the marks that looking leaves."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.core.people.posts import Post
from citong.core.places.models import Division, Layer, Level
from citong.kit.ids import uuid7


class Unit(models.Model):
    """An office: a centre, a department or a community station, on one of four levels, for one division."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=10, choices=Level)
    function = models.SlugField(
        max_length=40, help_text=_("Which profession: urban_management, police, centre, station…")
    )
    division = models.ForeignKey(Division, models.PROTECT)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    ends_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["function", "level"], name="unit_function")]

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; without a password an account can only sign in through an identity provider."""

    def create_user(self, username: str, email: str = "", password: str | None = None, **rest: Any) -> "Account":
        account = self.model(username=username, email=self.normalize_email(email), **rest)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A person who signs in. What they may do comes from appointments alone; there is no all-powerful flag."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(_("Sign-in name"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=60, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=30, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name or self.username


class Appointment(models.Model):
    """A person holds a post in a unit, for certain grids or for the unit's whole division."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="appointments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments")
    post = models.CharField(max_length=20, choices=Post)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "unit", "post"],
                condition=models.Q(ends_on=None),
                name="one_current_appointment",
            ),
        ]
        indexes = [models.Index(fields=["unit", "post"], name="appointment_unit_post")]


class Beat(models.Model):
    """A base grid an appointed grid worker looks after. Named by code, so that it outlives a redrawn outline."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="beats")
    grid = models.CharField(max_length=30, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appointment", "grid"], name="one_beat_per_grid")]


class Duty(models.Model):
    """Which unit answers for which kind in which area. Read in order; the first that fits decides.

    `area` is a division path, a grid code of `layer`, or empty for the whole city. `to` is a unit code, or
    `function@level` for the unit of that profession on that level around the place, or `grid` for its station.
    """

    order = models.PositiveIntegerField(unique=True)
    category = models.CharField(max_length=80, blank=True, help_text=_("Category code; covers all below it"))
    layer = models.ForeignKey(Layer, models.PROTECT, null=True)
    area = models.CharField(max_length=100, blank=True)
    to = models.CharField(max_length=100)
    post = models.CharField(max_length=20, choices=Post)
    reason = models.CharField(max_length=200)
    source = models.CharField(max_length=200, help_text=_("Law or decision that gives this duty"))


class Absence(models.Model):
    """A person is away; what would reach them reaches the stand-in."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="absences")
    stand_in = models.ForeignKey(Account, models.PROTECT, related_name="stand_ins")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("begins_at")), name="absence_ends_after"),
            models.CheckConstraint(condition=~models.Q(account=models.F("stand_in")), name="stand_in_is_another"),
        ]


class Elevation(models.Model):
    """Administrator rights, taken for a stated reason and for at most an hour."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="elevations")
    reason = models.CharField(max_length=200)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()


class Look(models.Model):
    """Somebody opened a protected record: who, from which unit, when, what for. Insert-only, cut by month."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.UUIDField()
    account = models.UUIDField()
    unit = models.CharField(max_length=60)
    post = models.CharField(max_length=20)
    purpose = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="look_subject")]
