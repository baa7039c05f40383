"""What somebody wants to see in the inbox: the filter as it stands in the address, in saved views and in exports."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Words
from citong.core.cases.registry import case_types
from citong.core.places.models import Level
from citong.core.search.index import found

CODE = re.compile(r"[\w.@-]{1,80}")
LONGEST_SEARCH = 100
LEVELS: Mapping[str, Words] = {"grid": _("Grid"), **{level.value: level.label for level in reversed(Level)}}
CHANNELS: Mapping[str, Words] = {
    "web": _("Website"),
    "app": _("App"),
    "hotline": _("Phone call"),
    "counter": _("At the counter"),
    "letter": _("Letter"),
    "grid": _("Found on patrol"),
    "api": _("Other system"),
    "open311": _("Other system"),
    "import": _("Imported"),
    "turned": _("From another matter"),
}
FIRST_SORT = "due"
SORTS: Mapping[str, Words] = {"due": _("Due first"), "new": _("Newest first")}


@dataclass(frozen=True)
class Wanted:
    """A filter. Empty means all; `tab` is one of `tabs.TABS` or empty for the first that holds work."""

    tab: str = ""
    q: str = ""
    state: str = ""
    kind: str = ""
    place: str = ""
    channel: str = ""
    level: str = ""
    urgent: str = ""
    sort: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Wanted":
        """The filter in an address; what can not be meant is left out."""
        given = {field.name: query.get(field.name, "").strip() for field in fields(cls)}
        text = " ".join(given.pop("q").split())[:LONGEST_SEARCH]
        sound = {name: value for name, value in given.items() if CODE.fullmatch(value)}
        wanted = cls(q=text, **sound)
        return wanted if wanted.sort in SORTS and wanted.sort != FIRST_SORT else replace(wanted, sort="")

    def query(self, **changes: str) -> str:
        """The address part of this filter with some parts changed: `?` and only what is said, or empty."""
        said = {name: value for name, value in (asdict(self) | changes).items() if value}
        return f"?{urlencode(said)}" if said else ""

    @property
    def narrow(self) -> bool:
        """Whether anything besides tab and order was asked for."""
        return any(value for name, value in asdict(self).items() if name not in ("tab", "sort"))

    @property
    def ended(self) -> bool:
        """Whether a state was asked for in which cases have come to their end."""
        return self.state in ended_states()

    @property
    def newest_first(self) -> bool:
        """What has ended has no deadline to sort by."""
        return self.sort == "new" or self.ended

    def condition(self) -> Q:
        """The filter on cases, without any reach: that is for `access.scope`. No query."""
        asked = Q() if self.ended else Q(open=True)
        for name, value in (("state", self.state), ("channel", self.channel), ("level", self.level)):
            asked &= Q(**{name: value}) if value else Q()
        if self.urgent:
            asked &= Q(urgent=True)
        if self.kind:
            asked &= Q(category_id=self.kind) | Q(category__code__startswith=f"{self.kind}.")
        if self.place:
            asked &= Q(district=self.place) | Q(street=self.place) | Q(community=self.place)
        return asked & Q(pk__in=found(self.q, "case")) if self.q else asked


def ended_states() -> frozenset[str]:
    """Names of the states in which no clock runs any more."""
    return frozenset(state.name for kind in case_types().values() for state in kind.states.values() if state.ends)


def state_names() -> dict[str, Words]:
    """Name to label of the states of every service, in their order."""
    return {state.name: state.label for kind in case_types().values() for state in kind.states.values()}
