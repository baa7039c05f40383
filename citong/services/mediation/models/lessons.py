"""What is worth telling of a dispute that is over, without anybody's name."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citong.core.cases.models import Case
from citong.core.people.models import Unit
from citong.kit.ids import uuid7
from citong.services.mediation.kinds import Kind

LONGEST, LONGEST_SOURCE = 2_000, 300  # signs


class Lesson(models.Model):
    """What a dispute was about and what helped: left by its mediator, or from a public collection with its source.

    Others see it once a second person has looked at it. It says nothing of which case it was to anybody else.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("lesson", "Waits for a second look")
        PUBLISHED = "published", pgettext_lazy("lesson", "Seen by other mediators")
        RETURNED = "returned", pgettext_lazy("lesson", "Given back to its writer")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="lesson")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    about = models.TextField(max_length=LONGEST)
    helped = models.TextField(max_length=LONGEST)
    source = models.CharField(
        max_length=LONGEST_SOURCE, blank=True, help_text=_("Where a lesson from outside was published")
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    written_by = models.UUIDField(null=True)
    written_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True, help_text=_("Who looked at it second"))
    approved_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, help_text=_("Why it was given back"))
    tokens = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["tokens"], name="lesson_tokens", fastupdate=False),
            models.Index(fields=["unit", "id"], condition=Q(state="waiting"), name="lesson_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, unit__isnull=False, source="") | (Q(case=None) & ~Q(source="")),
                name="lesson_of_a_case_or_a_source",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(approved_by__isnull=False) | ~Q(source=""),
                name="lesson_seen_twice",
            ),
            models.CheckConstraint(condition=~Q(approved_by=F("written_by")), name="lesson_seen_by_another"),
            models.UniqueConstraint(
                fields=["source", "about"], condition=~Q(source=""), name="lesson_of_a_source_once"
            ),
        ]

    def __str__(self) -> str:
        return self.about[:60]
