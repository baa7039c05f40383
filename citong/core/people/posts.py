"""The posts of the platform: what a person may be called upon for. A declaration that names another fails to load."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Post(models.TextChoices):
    RESIDENT = "resident", _("Resident")
    GRID_WORKER = "grid_worker", _("Grid worker")
    CLERK = "clerk", _("Intake clerk")
    DISPATCHER = "dispatcher", _("Dispatcher")
    HANDLER = "handler", _("Handler")
    VERIFIER = "verifier", _("Verifier")
    SUPERVISOR = "supervisor", _("Supervisor")
    MEDIATOR = "mediator", _("Mediator")
    HEAD = "head", _("Head of a mediation body")
    JUDGE = "judge", _("Judge")
    OPERATOR = "operator", _("Signal operator")
    OFFICER = "officer", _("Officer on the road")
    ADMINISTRATOR = "administrator", _("Administrator")
