"""Papers: what was made, in which bytes, and who signed those bytes. Rows are only ever added, and each is signed.

`citong.core.papers.proof` says what the city's key signs of a row; `check` finds out whether it still holds.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.core.files.models import File
from citong.kit.ids import uuid7


class Paper(models.Model):
    """One version of a paper of a subject. A later version of the same number begins with the bytes of the first."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.UUIDField(db_index=True, help_text=_("The case it belongs to"))
    kind = models.CharField(max_length=60, help_text=_("Code of the kind among the papers of its service"))
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField(default=1)
    file = models.ForeignKey(File, models.PROTECT, related_name="papers")
    side = models.CharField(max_length=20, blank=True, help_text=_("The only side that may read it; empty: all"))
    places = models.JSONField(default=list, help_text=_("Where who signs: the paper's own signature blocks"))
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    entry = models.UUIDField(null=True, help_text=_("The entry of the ledger that brought it"))
    original = models.ForeignKey("self", models.PROTECT, null=True, related_name="versions")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    key = models.CharField(max_length=16, help_text=_("Name of the city's key that signed this row"))
    seal = models.BinaryField(help_text=_("The city's signature over this row"))
    void_at = models.DateTimeField(null=True)
    void_seal = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number", "version"], name="paper_version_once")]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def sha256(self) -> str:
        """The hash of its bytes, in hex."""
        return self.file_id


class PaperSignature(models.Model):
    """That somebody signed these bytes at that moment: with a drawn picture, or a unit with its certificate."""

    class Method(models.TextChoices):
        DRAWN = "drawn", _("Signed by hand on a screen")
        CERTIFICATE = "certificate", _("Sealed with a certificate")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=20, help_text=_("As in the paper's signature blocks: applicant, mediator…"))
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=60, blank=True)
    party = models.UUIDField(null=True)
    account = models.UUIDField(null=True)
    unit = models.CharField(max_length=60, blank=True)
    method = models.CharField(max_length=12, choices=Method)
    picture = models.CharField(max_length=64, blank=True, help_text=_("SHA-256 of the drawn picture"))
    certificate = models.CharField(max_length=64, blank=True, help_text=_("SHA-256 of the certificate"))
    signed_at = models.DateTimeField()
    key = models.CharField(max_length=16)
    seal = models.BinaryField(help_text=_("The city's signature over all of this and the paper's hash"))
