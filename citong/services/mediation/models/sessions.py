"""Sessions of a dispute: when, where and with whom people sit together, whose time they take, and who came."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DecimalRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citong.core.cases.models import Case, Party
from citong.core.people.models import Account
from citong.kit.ids import uuid7
from citong.services.mediation.models.bodies import Room


class Session(models.Model):
    """People sit together, or meet online or by telephone: all sides, or one alone.

    Numbered for itself on each side, so that the numbers of what all attend tell nobody of talks apart. `number` and
    time are no words of the dispute; the link and a place outside of the rooms are sealed.
    """

    class Way(models.TextChoices):
        ON_SITE = "on_site", pgettext_lazy("session", "On site")
        ONLINE = "online", _("Online")
        TELEPHONE = "telephone", _("By telephone")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="sessions", db_index=False)
    side = models.CharField(
        max_length=12, choices=Party.Side, blank=True, help_text=_("With this side alone; empty: with all")
    )
    number = models.PositiveSmallIntegerField()
    mediator = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=10, choices=Way)
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="sessions", db_index=False)
    place = models.TextField(blank=True, help_text=_("Where, outside of the rooms; sealed"))
    link = models.TextField(blank=True, help_text=_("Of the video service; sealed"))
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sequence = models.PositiveSmallIntegerField(default=0, help_text=_("How often it changed, for calendars"))
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True, help_text=_("When its record was entered"))
    day_told_at = models.DateTimeField(null=True, help_text=_("When everybody was reminded the day before"))
    hours_told_at = models.DateTimeField(null=True, help_text=_("When everybody was reminded hours before"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "side", "number"], name="session_number_once"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("begins_at")), name="session_ends_after"),
            models.CheckConstraint(
                condition=models.Q(cancelled_at=None) | models.Q(held_at=None), name="session_held_or_cancelled"
            ),
            models.CheckConstraint(
                condition=models.Q(room=None) | models.Q(way="on_site"), name="session_in_a_room_is_on_site"
            ),
        ]
        indexes = [
            models.Index(fields=["mediator", "begins_at"], name="session_mediator"),
            models.Index(fields=["room", "begins_at"], condition=models.Q(room__isnull=False), name="session_room"),
            models.Index(
                fields=["begins_at"], condition=models.Q(cancelled_at=None, held_at=None), name="session_standing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.side} {self.number}"

    @property
    def standing(self) -> bool:
        """Whether it is still to be held, or to be written down."""
        return self.cancelled_at is None and self.held_at is None

    @property
    def span(self) -> timedelta:
        return self.ends_at - self.begins_at


class Booking(models.Model):
    """A stretch of the time of a room, a mediator or a party that a session takes.

    Everybody and every room has a part of one long line of numbers for themselves, one unit a second
    (sessions/times.py). So that nobody is in two places at once is one constraint, and needs no extension.
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="bookings")
    stretch = DecimalRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(name="nobody_twice_at_once", expressions=[("stretch", RangeOperators.OVERLAPS)])
        ]


class Attendance(models.Model):
    """Whether somebody came to a session that was held. `agent` came for a party who did not."""

    class Came(models.TextChoices):
        YES = "yes", _("Came")
        LATE = "late", _("Came late")
        NO = "no", _("Did not come")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances", db_index=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="attendances", db_index=False)
    came = models.CharField(max_length=4, choices=Came)
    agent = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "party"], name="attendance_once")]


class CalendarAddress(models.Model):
    """The secret address at which a mediator's own calendar program reads their sessions."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="calendar_address")
    digest = models.BinaryField(unique=True, help_text=_("Digest of the secret"))
    made_at = models.DateTimeField()
