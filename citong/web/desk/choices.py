"""What can be chosen in the inbox's filter: kinds, places, states, channels, levels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db.models import Q
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citong.core.cases.declare import Words
from citong.core.cases.models import Category
from citong.core.people.access import Actor
from citong.core.places.current import city
from citong.core.places.models import Division
from citong.web.desk.wanted import CHANNELS, LEVELS, SORTS, Wanted, state_names
from citong.web.public.names import kind_name


@dataclass(frozen=True)
class Choice:
    """One answer of a choice; `depth` sets it in under the one above it."""

    value: str
    label: Words
    depth: int = 0

    @property
    def indented(self) -> str:
        return "\u3000" * self.depth + str(self.label)


@dataclass(frozen=True)
class Ask:
    """A choice of the filter: its name in the address, its label, its answers, the one that was given."""

    name: str
    label: Words
    choices: Sequence[Choice]
    given: str

    @property
    def options(self) -> SafeString:
        """The choices as options of a select; in Python, for a template takes its time over hundreds."""
        rows = ((one.value, " selected" if one.value == self.given else "", one.indented) for one in self.choices)
        return format_html_join("", '<option value="{}"{}>{}</option>', rows)

    @property
    def said(self) -> str:
        """The label of the answer given; the answer itself when it is none of the choices."""
        return next((str(one.label) for one in self.choices if one.value == self.given), self.given)


def asks(wanted: Wanted, actor: Actor) -> list[Ask]:
    """The choices of the filter for this actor; two queries."""
    return [
        Ask("state", _("State"), _plain(state_names()), wanted.state),
        Ask("kind", _("Kind"), kinds(), wanted.kind),
        Ask("place", _("Place"), _places(wanted.place, actor), wanted.place),
        Ask("channel", _("Channel"), _plain(CHANNELS), wanted.channel),
        Ask("level", _("Level"), _plain(LEVELS), wanted.level),
        Ask("sort", _("Order"), _plain(SORTS), wanted.sort or "due"),
    ]


def kinds() -> list[Choice]:
    """The categories in force on the two upper levels, in their order; one query after a change of the city."""
    held = city()
    return _kinds(held.code, held.version, get_language() or "")


@lru_cache(maxsize=8)
def _kinds(_city: str, _version: int, _language: str) -> list[Choice]:
    rows = Category.objects.filter(ends_on=None).order_by("order").only("code", "name", "name_en")
    return [Choice(row.code, kind_name(row), row.code.count(".")) for row in rows if row.code.count(".") <= 1]


def _plain(labels: Mapping[str, Words]) -> list[Choice]:
    return [Choice(value, label) for value, label in labels.items()]


def _places(given: str, actor: Actor) -> list[Choice]:
    """Districts for the whole city, and what lies below the place that was chosen; for others what they serve."""
    codes = {seat.division for seat in actor.seats}
    roots = Q(code__in=codes) | Q(parent__code__in=codes)
    chosen = Q(code=given) | Q(parent__code=given) | Q(children__code=given) if given else Q(pk__in=[])
    rows = Division.objects.filter(roots | chosen, ends_on=None).exclude(level="city").order_by("path").distinct()
    found = [Choice(code, name, path.count("/")) for code, name, path in rows.values_list("code", "name", "path")]
    top = min((one.depth for one in found), default=0)
    return [replace(one, depth=one.depth - top) for one in found]
