"""The case and what hangs on it. Written by citong.core.flow alone."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.core.people.models import Account, Unit
from citong.core.places.models import Grid
from citong.kit.ids import uuid7


class Category(models.Model):
    """A kind of matter. Codes are dotted paths, so a code covers all that begin with it."""

    code = models.CharField(max_length=80, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, help_text=_("component, event or matter"))
    description = models.TextField(blank=True)
    keywords = models.TextField(blank=True)
    function = models.CharField(max_length=40, blank=True)
    public = models.BooleanField(default=True)
    urgent = models.BooleanField(default=False)
    order = models.PositiveIntegerField(default=0)
    ends_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """The present of a matter: derived from its acts, in the transaction of each act."""

    class Reporting(models.TextChoices):
        OPEN = "open", _("By name")
        CONFIDENTIAL = "confidential", _("Confidential: my name is hidden from those who handle it")
        ANONYMOUS = "anonymous", _("Anonymous")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20)
    service = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    open = models.BooleanField(default=True)
    title = models.CharField(max_length=120)
    text = models.TextField()
    category = models.ForeignKey(Category, models.PROTECT, null=True, db_index=False)
    channel = models.CharField(max_length=20)
    line = models.CharField(max_length=20, blank=True, help_text=_("The special line of law it follows"))
    reporting = models.CharField(max_length=12, choices=Reporting, default=Reporting.OPEN)
    public = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)

    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address = models.CharField(max_length=200, blank=True)
    given_place = models.JSONField(default=dict, help_text=_("The place as it was given, with its datum"))
    district = models.CharField(max_length=20, blank=True)
    street = models.CharField(max_length=20, blank=True)
    community = models.CharField(max_length=20, blank=True)
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, db_index=False)
    professional = models.JSONField(default=dict, help_text=_("Layer code to grid code"))

    desk = models.ForeignKey(
        Unit, models.PROTECT, related_name="cases_at_desk", db_index=False, help_text=_("Accepts and checks")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="cases", db_index=False, help_text=_("In whose hands it is now")
    )
    holder = models.ForeignKey(Account, models.PROTECT, null=True, related_name="cases_held", db_index=False)
    handling_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", db_index=False, help_text=_("Who handles it")
    )
    routed_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", db_index=False, help_text=_("Where the rules would send it")
    )
    routed_holder = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    route_reason = models.CharField(max_length=300)
    gap = models.BooleanField(default=False, help_text=_("Nobody answers for this kind at this place"))
    level = models.CharField(max_length=10, default="street", help_text=_("How high it has risen"))
    joint = ArrayField(models.BigIntegerField(), default=list, help_text=_("Units with an open part in it"))
    doers = models.JSONField(default=dict, help_text=_("Act code to the accounts that did it"))

    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    fed_back_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    late = models.BooleanField(default=False, help_text=_("A clock ran out at least once"))
    reworks = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(default=0)
    urges = models.PositiveSmallIntegerField(default=0)
    rating = models.PositiveSmallIntegerField(null=True)

    reporter = models.ForeignKey(Account, models.PROTECT, null=True, related_name="reports", db_index=False)
    receipt = models.BinaryField(help_text=_("Digest of the receipt's secret"))
    position = models.PositiveIntegerField(default=0)
    head = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="case_number_once")]
        indexes = [  # every act pays for each of them: foreign keys have none but these
            models.Index(fields=["category", "-id"], name="case_category"),
            models.Index(fields=["reporter", "-id"], condition=models.Q(reporter__isnull=False), name="case_reporter"),
            models.Index(fields=["unit", "due_at"], condition=models.Q(open=True), name="case_unit_open"),
            models.Index(fields=["desk", "state", "due_at"], condition=models.Q(open=True), name="case_desk_open"),
            models.Index(fields=["holder", "due_at"], condition=models.Q(open=True), name="case_holder_open"),
            models.Index(fields=["district", "due_at"], condition=models.Q(open=True), name="case_district_open"),
            models.Index(fields=["street", "due_at"], condition=models.Q(open=True), name="case_street_open"),
            models.Index(fields=["community", "due_at"], condition=models.Q(open=True), name="case_community_open"),
            models.Index(fields=["district", "-id"], name="case_district"),
            models.Index(fields=["unit", "-id"], name="case_unit"),
            models.Index(fields=["grid", "-id"], name="case_grid"),
            models.Index(fields=["lat", "lon"], name="case_place"),
            models.Index(fields=["opened_at"], name="case_opened"),
            models.Index(fields=["closed_at"], condition=models.Q(closed_at__isnull=False), name="case_closed"),
            models.Index(fields=["id"], condition=models.Q(gap=True, open=True), name="case_gap"),
            models.Index(fields=["due_at", "id"], condition=models.Q(open=True), name="case_due_open"),
            models.Index(fields=["warn_at"], condition=models.Q(open=True), name="case_warn_open"),
            GinIndex(fields=["joint"], name="case_joint"),
        ]

    def __str__(self) -> str:
        return self.number


class Party(models.Model):
    """A person a case is about or came from, with how they want to be told. Whoever has a side is a party to it, or
    speaks for one."""

    class Role(models.TextChoices):
        REPORTER = "reporter", _("Reporter")
        ON_BEHALF_OF = "on_behalf_of", _("Person reported for")
        FOLLOWER = "follower", _("Follower")
        NAMED = "named", _("Person named")
        PARTY = "party", _("Party")
        AGENT = "agent", _("Agent")

    class Side(models.TextChoices):
        APPLICANT = "applicant", _("Applicant")
        RESPONDENT = "respondent", _("Respondent")
        THIRD = "third", _("Third party")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, choices=Role)
    account = models.ForeignKey(Account, models.PROTECT, null=True, db_index=False)
    name = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    webhook = models.URLField(blank=True)
    channels = ArrayField(models.CharField(max_length=10), default=list)
    slip = models.BinaryField(null=True, help_text=_("Digest of the secret by which they see who looked"))
    side = models.CharField(max_length=12, choices=Side, blank=True)
    speaks_for = models.ForeignKey("self", models.PROTECT, null=True, related_name="agents", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["account"], condition=~models.Q(side=""), name="party_account")]


class Task(models.Model):
    """A part of a case that somebody else owes: a joint handling, a decision on delay."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks", db_index=False)
    code = models.CharField(max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks", db_index=False)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    wanted = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit"], condition=models.Q(done_at=None), name="task_unit_open"),
            models.Index(fields=["case"], name="task_case"),
        ]


class Link(models.Model):
    """How two cases belong together."""

    class Kind(models.TextChoices):
        SPLIT = "split", _("Split off")
        MERGED = "merged", _("Merged into")
        BECAME = "became", _("Became")

    first = models.ForeignKey(Case, models.PROTECT, related_name="links")
    second = models.ForeignKey(Case, models.PROTECT, related_name="linked")
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second", "kind"], name="one_link")]


class Submission(models.Model):
    """A command that was carried out, by the sender's key: sent twice, it is done once."""

    key = models.CharField(max_length=80, primary_key=True)
    case = models.UUIDField()
    act = models.CharField(max_length=60)
    at = models.DateTimeField()


class SavedView(models.Model):
    """A staff member's own filter of the inbox."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="one_view_per_name")]


class Learnt(models.Model):
    """What the category suggester has learnt from closed cases; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    state = models.JSONField(default=dict)
    cases = models.PositiveIntegerField(default=0)
    learnt_at = models.DateTimeField()
