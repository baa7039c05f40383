"""What the city knows of persons, dwellings, places, organisations and situations, and how they belong together.

The rows are the present. What was said before, by whom and from which source stands in the ledger.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from citong.core.people.models import Account
from citong.kit.ids import uuid7


class Source(models.TextChoices):
    """Where a statement comes from."""

    VISIT = "visit", _("Seen or heard at a visit")
    PERSON = "person", _("Told by the person")
    PAPER = "paper", _("Read from a paper shown")
    OFFICE = "office", _("From the files of an office")
    IMPORT = "import", _("From a table that was moved in")


class Record(models.Model):
    """One person, dwelling, place, organisation or situation, as the kind of that name declares it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=160, help_text=_("How lists show it"))
    district = models.CharField(max_length=20, blank=True)
    street = models.CharField(max_length=20, blank=True)
    community = models.CharField(max_length=20, blank=True)
    grid = models.CharField(max_length=30, blank=True, help_text=_("Code of the base grid; outlives a redrawn outline"))
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    values = models.JSONField(default=dict, help_text=_("Field to value; a sealed field holds a sealed text"))
    said = models.JSONField(default=dict, help_text=_("Field to [version, branch, source, day]"))
    keys = ArrayField(models.CharField(max_length=40), default=list, help_text=_("By which twins are found"))
    version = models.PositiveIntegerField(default=0)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)
    ended_on = models.DateField(null=True, help_text=_("Moved away, died, pulled down, closed, no longer so"))
    changed_at = models.DateTimeField()
    position = models.PositiveIntegerField(default=0)
    head = models.BinaryField(default=b"")

    class Meta:
        indexes = [
            models.Index(fields=["grid", "kind", "id"], name="record_grid"),
            models.Index(fields=["community", "kind", "id"], name="record_community"),
            models.Index(fields=["street", "kind", "id"], name="record_street"),
            models.Index(fields=["district", "kind", "id"], name="record_district"),
            models.Index(OpClass("name", "varchar_pattern_ops"), "kind", name="record_name"),
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="record_merged_into"
            ),
            # What waits in a list of new keys would be read through whole for each key that is looked up.
            GinIndex(fields=["keys"], name="record_keys", fastupdate=False),
            models.Index(
                KT("values__until"), condition=models.Q(kind="situation", ended_on=None), name="record_situation_until"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tie(models.Model):
    """That one record belongs to another in a certain way, from a day on and perhaps until one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    subject = models.ForeignKey(Record, models.PROTECT, related_name="ties", db_index=False)
    object = models.ForeignKey(Record, models.PROTECT, related_name="tied", db_index=False)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    source = models.CharField(max_length=10, choices=Source)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(subject=models.F("object")), name="tie_of_two"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(since=None) | models.Q(until__gte=models.F("since")),
                name="tie_ends_after",
            ),
            models.UniqueConstraint(
                fields=["subject", "kind", "object"], condition=models.Q(until=None), name="one_tie_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "kind"], name="tie_subject"),
            models.Index(fields=["object", "kind"], name="tie_object"),
        ]


class Proposal(models.Model):
    """A change of a record that a person decides: asked for, said against an unseen one, or over it."""

    class Why(models.TextChoices):
        APPROVAL = "approval", _("The city wants this looked at")
        GUARDED = "guarded", _("Changed meanwhile and not touched")
        OVER = "over", _("Changed meanwhile and written over")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("Taken")
        LEFT = "left", _("Left as it was")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="proposals")
    why = models.CharField(max_length=10, choices=Why)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    values = models.JSONField(help_text=_("Field to the value somebody said; of `over`, the value that stood there"))
    base = models.PositiveIntegerField(help_text=_("The version its author had seen"))
    source = models.CharField(max_length=10, choices=Source)
    author = models.ForeignKey(Account, models.PROTECT, null=True, related_name="proposals")
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["record"], condition=models.Q(state="waiting"), name="proposal_waiting")]


class Slip(models.Model):
    """Number and secret with which a person sees who looked at their record. A newer one takes its place."""

    record = models.OneToOneField(Record, models.CASCADE, primary_key=True, related_name="slip")
    number = models.CharField(max_length=12, unique=True)
    digest = models.BinaryField()
    made_at = models.DateTimeField()


class TableMapping(models.Model):
    """Which column of a table means which field, kept by a staff member under a name of their own."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    columns = models.JSONField(help_text=_("Name of a column to what it says"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "kind", "name"], name="one_mapping_per_name")]


class TableImport(models.Model):
    """A table on its way into the register: what its columns mean, how far it is, what became of its rows.

    Its file lies sealed in the home until it has ended; what is left then names nobody.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Not started")
        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("Under way")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")
        FAILED = "failed", _("Broken off")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200, help_text=_("Of the file"))
    sheet = models.CharField(max_length=100, blank=True)
    on = models.DateField(help_text=_("The day of which the table speaks"))
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=dict, help_text=_("Name of a column to what it says"))
    sample = models.BinaryField(default=b"", help_text=_("The first rows, sealed"))
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    stop = models.BooleanField(default=False, help_text=_("Somebody asked it to stop"))
    rows = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    last_row = models.PositiveIntegerField(default=0, help_text=_("As a spreadsheet counts; all up to it are settled"))
    fresh = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    twins = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    fault = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "id"], name="table_import_account")]


class RefusedRows(models.Model):
    """Rows of an import that could not be recorded, each with its reason, sealed until they are mended or forgotten."""

    table = models.ForeignKey(TableImport, models.CASCADE, related_name="refusals")
    sealed = models.BinaryField()
