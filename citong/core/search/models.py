"""One index over everything that can be found."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Document(models.Model):
    """The tokens of one subject. Who may see a hit is decided by the subject's own scope, never here."""

    subject = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=40)
    vector = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="document_vector", fastupdate=False)]
