"""Statutes with the days on which each wording held, their articles, and how common each word is in them."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Rank(models.TextChoices):
    """Who made it, as Chinese law ranks its sources."""

    CONSTITUTION = "constitution", _("Constitution")
    LAW = "law", pgettext_lazy("statute", "Law")
    REGULATION = "regulation", _("Administrative regulation")
    INTERPRETATION = "interpretation", _("Judicial interpretation")
    RULE = "rule", _("Ministry rule")
    LOCAL = "local", _("Local rule")


class Statute(models.Model):
    """One wording of a statute. Versions of one law bear the same `short` name and differ in the day of issue."""

    name = models.CharField(max_length=300)
    short = models.CharField(max_length=300, help_text=_("Without the name of the state"))
    level = models.CharField(max_length=20, choices=Rank)
    area = models.CharField(max_length=40, blank=True, help_text=_("Where it holds, if not in the whole country"))
    number = models.CharField(max_length=60, blank=True, help_text=_("Of the order that made it known"))
    issued_on = models.DateField()
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True, help_text=_("First day on which this wording no longer held"))
    start_said = models.BooleanField(help_text=_("The text itself says when it came into force"))
    repealed_on = models.DateField(null=True, help_text=_("First day without it, where the text says so"))
    lapsed = models.BooleanField(default=False, help_text=_("Its source calls it lapsed and says no day"))
    excerpt = models.BooleanField(help_text=_("Only some of its articles are here"))
    source = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["short", "area", "issued_on"], name="statute_version")]

    def __str__(self) -> str:
        return self.short

    def holds_on(self, day: date) -> bool:
        """Whether this wording was law on that day."""
        if self.lapsed and self.in_force_to is None:
            return False
        return self.in_force_from <= day and (self.in_force_to is None or day < self.in_force_to)


def held_on(day: date, *, of: str = "") -> Q:
    """The condition on statutes, or on rows that reach one by `of`, that this wording was law on that day."""
    open_end = Q(**{f"{of}in_force_to": None, f"{of}lapsed": False})
    return Q(**{f"{of}in_force_from__lte": day}) & (open_end | Q(**{f"{of}in_force_to__gt": day}))


class Article(models.Model):
    """One article. In `tokens` each word is marked by how often it stands there: positions 1 to 8."""

    statute = models.ForeignKey(Statute, models.CASCADE, related_name="articles")
    number = models.CharField(max_length=30, help_text=_("As the text writes it"))
    place = models.PositiveIntegerField(help_text=_("Sorts the articles: a hundred for each, one for each inserted"))
    headings = ArrayField(models.CharField(max_length=200), default=list)
    text = models.TextField()
    common = models.BooleanField(default=False, help_text=_("Among the articles chosen for everyday disputes"))
    length = models.PositiveIntegerField(help_text=_("Tokens in its text"))
    tokens = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statute", "place"], name="article_place")]
        indexes = [GinIndex(fields=["tokens"], name="article_tokens", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.statute}{self.number}"


class Word(models.Model):
    """In how many articles a token stands: what is rare says most."""

    token = models.CharField(max_length=200, primary_key=True)
    articles = models.PositiveIntegerField()


class Collection(models.Model):
    """What all articles together are, as it was when they were last counted. One row."""

    articles = models.PositiveIntegerField()
    mean_length = models.FloatField()
    counted_at = models.DateTimeField(auto_now=True)
