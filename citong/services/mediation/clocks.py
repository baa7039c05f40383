"""The clocks of mediation: how long each step may take, by which article, and what happens when time runs out."""

from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import ClockSpec, Term
from citong.services.mediation.kinds import Kind
from citong.services.mediation.parameters import law

REGISTER = ClockSpec("register", _("Register the dispute"), "mediation_register", "1 working day", law.CITY_LIMITS)
REPLY = ClockSpec("reply", _("Ask the other side"), "mediation_reply", "3 working days", law.ASK_OTHER)
CHOOSE = ClockSpec(
    "choose", _("Choose a mediator together"), "mediation_choose", "2 working days", law.CHOOSE, then="appoint_by_rule"
)
ACCEPT = ClockSpec(
    "accept", _("Accept the mediation"), "mediation_accept", "3 working days", law.ACCEPT, then="lapse_assignment"
)
MEDIATE = ClockSpec(
    "mediate", _("Mediate"), "mediation_term", "30 days", law.TERM, then="fail_by_time",
    by_line={
        "medical": Term("30 working days", law.MEDICAL_TERM, Kind.MEDICAL.label),
        "labour": Term("15 days", law.LABOUR_TERM, Kind.LABOUR.label),
        "filed": Term("15 days", law.TERM, _("Filed, ordinary procedure")),
        "filed_simple": Term("7 days", law.TERM, _("Filed, summary procedure")),
    },
)  # fmt: skip
SIGN = ClockSpec("sign", _("Sign the agreement"), "mediation_sign", "7 days", law.CITY_LIMITS)
CONFIRM = ClockSpec(
    "confirm", _("Apply for confirmation"), "mediation_confirm", "30 days", law.CONFIRMATION_NOW, window=True,
    waits=True,
)  # fmt: skip
PERFORM = ClockSpec("perform", _("Perform what was agreed"), "mediation_perform", "", law.BINDING, waits=True)
TAKE_UP = ClockSpec("take_up", _("Take up the application"), "court_take_up", "3 days", law.COURT_ACCEPTS)
RULE = ClockSpec("rule", _("Rule on the confirmation"), "court_rule", "30 days", law.SPECIAL_TERM)
HAND_ON = ClockSpec("hand_on", _("Tell of other ways"), "mediation_hand_on", "3 working days", law.CITY_LIMITS)
FILING = ClockSpec("filing", _("Register at court"), "court_filing", "7 days", law.ONWARD)
