"""What mediation knows of a dispute beside its case: numbers and choices, never anybody's words."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.core.cases.models import Case, Party
from citong.kit.ids import uuid7
from citong.services.mediation.kinds import Kind, Language
from citong.services.mediation.models.bodies import Mediator


class Dispute(models.Model):
    """The present of a dispute, for lists and measures. Written with the acts of its case."""

    class Origin(models.TextChoices):
        RESIDENT = "resident", _("Brought in by a party")
        VISIT = "visit", _("Found on a visit")
        REQUEST = "request", _("Became of a request")
        POLICE = "police", _("Sent by the police")
        COURT = "court", _("Sent by a court")
        COMPANY = "company", _("Brought in by a company")
        CALL = "call", _("Told by telephone")

    class Failure(models.TextChoices):
        AGREED = "agreed", _("The parties settled it otherwise")
        WITHDRAWN = "withdrawn", _("The application was withdrawn")
        UNREACHABLE = "unreachable", _("A party could not be reached")
        UNWILLING = "unwilling", _("A party does not want mediation")
        WIDE_GAP = "wide_gap", _("They are too far apart")
        TIME_OVER = "time_over", _("The time is over")
        REFUSES_TO_SIGN = "refuses_to_sign", _("A party does not sign")
        OTHER = "other", _("Another reason")

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="dispute")
    kind = models.CharField(max_length=20, choices=Kind)
    amount = models.BigIntegerField(null=True, help_text=_("In dispute, in fen"))
    languages = ArrayField(models.CharField(max_length=20, choices=Language), default=list)
    origin = models.CharField(max_length=10, choices=Origin)
    finder = models.UUIDField(null=True, help_text=_("Account of whoever found it"))
    batch = models.UUIDField(null=True)
    double_of = models.CharField(max_length=20, blank=True, help_text=_("Number of a dispute it looks like"))

    round = models.PositiveSmallIntegerField(default=1, help_text=_("How often a mediator was sought"))
    mediator = models.ForeignKey(Mediator, models.PROTECT, null=True, related_name="disputes", db_index=False)
    tried = ArrayField(
        models.UUIDField(), default=list, help_text=_("Accounts that had it, declined it or were refused")
    )
    refusals = models.PositiveSmallIntegerField(default=0, help_text=_("How many mediators a party refused"))
    appointed = models.BooleanField(default=False, help_text=_("The mediator was appointed, not chosen"))
    registered_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True, help_text=_("By the mediator it has now"))
    taken_up_at = models.DateTimeField(null=True, help_text=_("By its first mediator; never taken back"))
    agreed_at = models.DateTimeField(null=True)
    failed_as = models.CharField(max_length=20, choices=Failure, blank=True)
    sham = models.BooleanField(default=False, help_text=_("It was ended as a sham"))

    open_offer = models.UUIDField(null=True)
    open_facts = models.UUIDField(null=True)
    open_extension = models.UUIDField(null=True)
    open_disclosure = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["mediator", "-case"], name="dispute_mediator"),
            models.Index(fields=["batch"], condition=models.Q(batch__isnull=False), name="dispute_batch"),
        ]


class Matter(models.TextChoices):
    """What parties are asked one by one."""

    MEDIATE = "mediate", _("Mediation")
    MEDIATOR = "mediator", _("The mediator")
    DISCLOSURE = "disclosure", _("A disclosed interest")
    EXTENSION = "extension", _("More time")
    FACTS = "facts", _("What is undisputed")
    OFFER = "offer", _("An offer")
    ONLINE = "online", _("To meet online")
    AGREEMENT = "agreement", _("The agreement")
    CONFIRMATION = "confirmation", _("Confirmation by the court")


class Question(models.Model):
    """Something that was put to the parties: an offer, more time, facts, a disclosure. Its words are in the ledger."""

    class Outcome(models.TextChoices):
        YES = "yes", _("All agreed")
        NO = "no", _("Not agreed")
        REPLACED = "replaced", _("Replaced by a newer one")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="questions", db_index=False)
    matter = models.CharField(max_length=20, choices=Matter)
    number = models.PositiveSmallIntegerField(help_text=_("Counted for each matter of a case"))
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, related_name="+", db_index=False, help_text=_("Who asks; empty: the mediator")
    )
    terms = models.JSONField(default=dict, help_text=_("Amount in fen, or days"))
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "matter", "number"], name="question_once")]


class Consent(models.Model):
    """What one party said to one matter; `round` tells to which mediator, offer or draft."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="consents", db_index=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="consents", db_index=False)
    matter = models.CharField(max_length=20, choices=Matter)
    round = models.PositiveSmallIntegerField(default=1)
    answer = models.BooleanField(help_text=_("Yes or no"))
    choice = models.ForeignKey(Mediator, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "party", "matter", "round"], name="consent_once")]


class PartyDetails(models.Model):
    """What identifies a party, sealed, with the blind keys by which the same people are found in another dispute."""

    class Authority(models.TextChoices):
        GENERAL = "general", _("May speak for the party")
        SPECIAL = "special", _("May also agree for the party")

    party = models.OneToOneField(Party, models.PROTECT, primary_key=True, related_name="details")
    identity = models.TextField(blank=True, help_text=_("Number of identity or credit code, sealed"))
    address = models.TextField(blank=True, help_text=_("Sealed"))
    keys = ArrayField(models.CharField(max_length=40), default=list)
    authority = models.CharField(max_length=10, choices=Authority, blank=True, help_text=_("Of an agent"))

    class Meta:
        indexes = [GinIndex(fields=["keys"], name="party_keys")]
