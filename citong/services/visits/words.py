"""What the codes of the visits mean, in the reader's words."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Words
from citong.core.register.kinds import NEEDS, SITUATIONS

WHY: Mapping[str, Words] = {
    "never": _("Never visited yet"),
    "absent": _("Nobody was at home the last time"),
    "refused": _("Did not want a visit; asked again after a while"),
    "asked": _("They asked for a visit"),
    "time": _("The last visit was long ago"),
    **{code: label for code, label in SITUATIONS if code in NEEDS},
}
