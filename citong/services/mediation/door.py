"""How people come to mediation: where residents tell of a dispute, and what is taken over from a request."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from citong.core.cases.door import Door, Step
from citong.core.cases.models import Case
from citong.services.mediation.kinds import Kind

PEOPLE = ("other_name", "other_phone", "other2_name", "other2_phone", "other3_name", "other3_phone")

DOOR = Door(
    _("Settle a dispute"),
    _("Somebody whom both sides trust helps you to agree. Mediation by a people's committee costs nothing."),
    [
        Step(
            _("What"), ("kind", "text", "danger", "photos"),
            _("What you write here is read by the centre, by the mediator, and by the other side once it is invited."
              " What only the mediator may know, you can tell the mediator alone later."),
        ),
        Step(_("Your wish"), ("wish", "amount")),
        Step(
            _("The other side"), PEOPLE,
            _("Whom is it with, and how can they be reached? What you do not know, leave empty: the centre asks you."),
        ),
        Step(_("Where"), ("address", "grid", "lon", "lat", "datum")),
        Step(
            _("You"),
            ("name", "phone", "email", "channels", "languages", "home", "identity", "finder"),
            _("So that the centre can reach you. Your phone, number and address are not shown to the other side."),
        ),
    ],
    warning=_("Is somebody threatened or hurt now? Call 110 first."),
)  # fmt: skip


def taken_over(case: Case, words: Mapping[str, str]) -> dict[str, Any]:
    """A matter of another service as a dispute: its words. What kind it is, the registrar says."""
    return {"kind": Kind.OTHER, "text": words["text"] or words["title"]}
