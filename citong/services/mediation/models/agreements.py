"""What was agreed, how it is kept, and what the court says of it: numbers, days and choices, never anybody's words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citong.core.cases.models import Case, Party
from citong.core.papers.models import Paper
from citong.core.people.models import Unit
from citong.kit.ids import uuid7


class Agreement(models.Model):
    """One draft of an agreement, in effect once all have signed it. Its words stand in the ledger's `entry`."""

    class Settles(models.TextChoices):
        ALL = "all", _("Everything in dispute")
        PART = "part", _("A part of it: the rest goes on")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="agreements", db_index=False)
    version = models.PositiveSmallIntegerField()
    settles = models.CharField(max_length=10, choices=Settles)
    oral = models.BooleanField(default=False)
    perform_by = models.DateField(null=True, help_text=_("The last day on which something is due"))
    drafted_at = models.DateTimeField()
    effective_at = models.DateTimeField(null=True)
    entry = models.UUIDField(help_text=_("The entry of the ledger with its words"))
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", db_index=False)
    rest = models.ForeignKey(
        Case,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text=_("Where what it leaves open goes on"),
    )
    void_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="agreement_version_once"),
            models.UniqueConstraint(fields=["case"], condition=models.Q(void_at=None), name="one_agreement_counts"),
        ]


class Obligation(models.Model):
    """One thing that somebody owes by an agreement: its `number` is the line of the terms that says what."""

    class Outcome(models.TextChoices):
        KEPT = "kept", pgettext_lazy("obligation", "Kept")
        LATE = "late", _("Kept, but late")
        BROKEN = "broken", _("Not kept")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="obligations", db_index=False)
    number = models.PositiveSmallIntegerField()
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text=_("Who owes it; empty: all of them"),
    )
    amount = models.BigIntegerField(null=True, help_text=_("In fen"))
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="obligation_once")]


class Confirmation(models.Model):
    """An application to a court to confirm an agreement, from the first party who applies to the ruling."""

    class Ruling(models.TextChoices):
        CONFIRM = "confirm", pgettext_lazy("ruling", "Confirmed")
        REJECT = "reject", pgettext_lazy("ruling", "Rejected")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="confirmations", db_index=False)
    number = models.PositiveSmallIntegerField(help_text=_("The how manieth of its agreement"))
    court = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    paper = models.ForeignKey(
        Paper, models.PROTECT, related_name="+", db_index=False, help_text=_("The application that all parties sign")
    )
    asked_at = models.DateTimeField(help_text=_("When the first party signed it"))
    applied_at = models.DateTimeField(null=True, help_text=_("When the last party had signed it"))
    accepted_at = models.DateTimeField(null=True)
    ruled_at = models.DateTimeField(null=True)
    ruling = models.CharField(max_length=10, choices=Ruling, blank=True)
    ground = models.CharField(max_length=20, blank=True, help_text=_("Why it was not taken up, or was rejected"))
    ruling_number = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True, help_text=_("Not taken up, rejected, withdrawn, replaced or set aside"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="confirmation_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=models.Q(ended_at=None), name="one_confirmation_counts"
            ),
        ]


class Objection(models.Model):
    """That somebody holds a ruling to be wrong; the court that made it decides."""

    class By(models.TextChoices):
        PARTY = "party", _("A party")
        OTHER = "other", _("Somebody else whom it concerns")

    class Outcome(models.TextChoices):
        DISMISSED = "dismissed", _("The ruling stands")
        SET_ASIDE = "set_aside", _("The ruling is set aside")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    confirmation = models.ForeignKey(Confirmation, models.PROTECT, related_name="objections")
    by = models.CharField(max_length=10, choices=By)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)
    known_on = models.DateField(help_text=_("When whoever objects had the ruling, or knew of the harm"))
    raised_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
