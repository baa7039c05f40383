"""Divisions, layers and grids of the city, each with the time it held."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from citong.kit.geometry import Datum


class Level(models.TextChoices):
    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    STREET = "street", _("Street")
    COMMUNITY = "community", _("Community")


class City(models.Model):
    """The one city of this database: its name, clock, datum and thresholds, as its folder says."""

    code = models.SlugField(primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    zone = models.CharField(max_length=40)
    datum = models.CharField(max_length=10, choices=[(d.value, d.value) for d in Datum])
    parameters = models.JSONField(default=dict)
    outline = models.BinaryField(help_text=_("WKB in WGS-84"))
    version = models.PositiveIntegerField(default=1, help_text=_("Grows with each load that changed a place"))
    files = models.JSONField(default=dict, help_text=_("SHA-256 of each file of the folder at the last load"))
    loaded_at = models.DateTimeField(auto_now=True)


class Division(models.Model):
    """An administrative division. `path` names it and all above it: `350500/350503/…/`."""

    code = models.CharField(max_length=20, unique=True)
    path = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=Level)
    kind = models.CharField(max_length=20, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    other_codes = models.JSONField(default=dict, help_text=_("Codes of other schemes: scheme to code"))
    label_lon = models.FloatField(null=True)
    label_lat = models.FloatField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["level", "path"], name="division_level")]

    def __str__(self) -> str:
        return self.name

    @property
    def district_code(self) -> str:
        """Code of the district this lies in, or of the city itself: the key by which tables can be spread."""
        parts = self.path.strip("/").split("/")
        return parts[1] if len(parts) > 1 else parts[0]


class Layer(models.Model):
    """A set of grids over the whole city. One layer is the base; the others belong to a profession."""

    code = models.SlugField(primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    base = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)
    generated = models.BooleanField(default=False, help_text=_("Made for trial; the city replaces it with its own"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["base"], condition=models.Q(base=True), name="one_base_layer"),
        ]

    def __str__(self) -> str:
        return self.name


class Grid(models.Model):
    """One cell of a layer. A changed outline is a new row; the old one ends, and old cases keep it."""

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="grids")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    division = models.ForeignKey(Division, models.PROTECT, help_text=_("Community of a base grid, district of others"))
    outline = models.BinaryField(help_text=_("WKB in WGS-84"))
    centre_lon = models.FloatField()
    centre_lat = models.FloatField()
    area_m2 = models.FloatField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["layer", "code"], condition=models.Q(ends_at=None), name="one_current_grid_per_code"
            ),
        ]

    def __str__(self) -> str:
        return self.name
