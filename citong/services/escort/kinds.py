"""What is escorted, how urgent it is, and how a run stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """The sort of vehicle; the title of the case, which says nothing of a person."""

    AMBULANCE = "ambulance", _("Ambulance")
    POLICE = "police", _("Police escort of a private car")
    FIRE = "fire", _("Fire engine")
    ORGAN = "organ", _("Organ or blood on its way")
    RESCUE = "rescue", _("Rescue vehicle")


class Priority(models.IntegerChoices):
    """Who comes first at a junction; of two alike, who asked first."""

    LIFE = 1, _("Life in danger")
    URGENT = 2, pgettext_lazy("escort", "Urgent")
    PLANNED = 3, _("Planned")


class Run(models.TextChoices):
    """How the drive stands, for whoever reads positions."""

    WAITING = "waiting", pgettext_lazy("escort", "Not under way yet")
    RUNNING = "running", pgettext_lazy("escort", "Under way")
    OVER = "over", pgettext_lazy("escort", "Over")


class Why(models.TextChoices):
    """Why the centre lets go."""

    NOT_NEEDED = "not_needed", _("Not needed any more")
    JAM = "jam", _("The way is jammed: holding lights costs more than it helps")
    DANGER = "danger", _("Danger at a junction")
    MISUSE = "misuse", _("Not what it was asked for")
