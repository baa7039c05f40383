"""From a row of a history's file to a case of the past."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from citong.cli.city_words import categories, districts, units
from citong.cli.columns import Unreadable
from citong.cli.history_map import HistoryMap
from citong.cli.sheets import Sheet
from citong.core.cases.forms import LONGEST_TEXT
from citong.core.cases.models import Category
from citong.core.cases.registry import case_type
from citong.core.flow.locate import FoundPlace, GivenPlace, levels, locate_many
from citong.core.flow.past import Past
from citong.core.places.locate import Located, district_of, locator
from citong.core.places.models import Division
from citong.kit.geometry import check, to_wgs84
from citong.kit.text import plain

TITLE, ADDRESS, NAME, PHONE, KEY = 80, 200, 60, 30, 80
FIRST_LINE = 79


@dataclass(frozen=True)
class Draft:
    """A case of the past that lacks its place: a WGS-84 point, else an address or a district to be looked for."""

    past: Past
    point: tuple[float, float] | None
    district: Division | None

    def at(self, found: FoundPlace) -> Past:
        """The case with its place."""
        return replace(self.past, found=found)


class Reader:
    """Reads rows by a mapping; `unknown` counts, field by field, what neither mapping nor city knows."""

    def __init__(self, sheet: Sheet, mapping: HistoryMap, *, now: datetime) -> None:
        self.unknown: dict[str, Counter[str]] = defaultdict(Counter)
        self._sheet, self._map, self._now = sheet, mapping, now
        self._kind = case_type(mapping.service)
        self._known: Mapping[str, Mapping[str, Any]] = {
            "category": categories(), "district": districts(), "handled_by": units(),
        }  # fmt: skip

    def draft(self, cells: list[str]) -> Draft:
        """What the row says; its place comes later, with those of many others. Raises Unreadable."""
        header = self._sheet.header
        if any(cells[len(header) :]):
            raise Unreadable(_("The row has more cells than the header: a comma in it is not quoted."))
        said = self._map.said(dict(zip(header, cells, strict=False)))
        if "id" not in said:
            raise Unreadable(_("The row has no number of its own, so it could not be told apart from others."))
        point = self._map.point(said)
        past = self._past(said, point)
        return Draft(past, _wgs84(point, past.given), self._one("district", said))

    def places(self, drafts: Sequence[Draft]) -> list[FoundPlace]:
        """Where each is: by its point, else by its address, else by its district, else nowhere."""
        points = [draft.point for draft in drafts if draft.point]
        found = iter(locate_many(points) if points else [])
        return [next(found) if draft.point else _by_words(draft) for draft in drafts]

    def _past(self, said: Mapping[str, str], point: tuple[float, float] | None) -> Past:
        opened, closed = self._moments(said)
        state = self._state(said, closed)
        ended = self._kind.states[state].ends
        if ended and closed is None and not self._map.closed_unsaid:
            raise Unreadable(_("It is closed, but not said when: give the time, or `closed_unsaid` in the mapping."))
        title, text = self._words(said)
        unit = self._one("handled_by", said)
        words = {"result": said.get("result", ""), "handled_by": "" if unit else said.get("handled_by", "")}
        address = _within("address", said.get("address", ""), ADDRESS)
        lon, lat = point or (None, None)
        return Past(
            key=self._key(said["id"]), source=self._map.source, file=self._sheet.digest, number=said["id"],
            service=self._map.service, state=state, title=title, text=text, opened_at=opened,
            closed_at=(closed or opened) if ended else None, category=self._category(said),
            given=GivenPlace(lon, lat, self._map.datum, "", address), channel=self._channel(said),
            public=self._map.is_public(said), rating=self._map.stars(said), handled_by=unit, contact=_contact(said),
            words={name: plain(one, LONGEST_TEXT * 4) for name, one in words.items() if one},
        )  # fmt: skip

    def _moments(self, said: Mapping[str, str]) -> tuple[datetime, datetime | None]:
        if "opened" not in said:
            raise Unreadable(_("The row does not say when it was opened."))
        opened = self._map.moment("opened", said["opened"], now=self._now)
        closed = self._map.moment("closed", said["closed"], now=self._now) if "closed" in said else None
        if closed is not None and closed < opened:
            raise Unreadable(_("It was closed before it was opened."))
        return opened, closed

    def _state(self, said: Mapping[str, str], closed: datetime | None) -> str:
        meant, _known = self._map.meant("state", said)
        if meant in self._kind.states:
            return meant
        if meant:
            self.unknown["state"][meant] += 1
        default = self._map.default.get("state") or ("closed" if closed and not meant else "")
        if default not in self._kind.states:
            if meant:
                raise Unreadable(_("The state “%s” is not mapped.") % meant)
            raise Unreadable(_("The row says no state and no time of closing."))
        return default

    def _category(self, said: Mapping[str, str]) -> Category | None:
        found: Category | None = self._one("category", said)
        if found is None and said.get("category"):
            raise Unreadable(_("The kind “%s” is not mapped.") % said["category"])
        return found

    def _one(self, name: str, said: Mapping[str, str]) -> Any:
        """The category, district or unit a value means, or the default; None where there is none."""
        known, (meant, _mapped) = self._known[name], self._map.meant(name, said)
        if meant in known:
            return known[meant]
        if meant:
            self.unknown[name][meant] += 1
        return known.get(self._map.default.get(name, ""))

    def _channel(self, said: Mapping[str, str]) -> str:
        meant, mapped = self._map.meant("channel", said)
        return meant[:20] if meant and mapped else "import"

    def _words(self, said: Mapping[str, str]) -> tuple[str, str]:
        title = " ".join(_within("title", said.get("title", ""), LONGEST_TEXT).split())
        text = _within("text", said.get("text", ""), LONGEST_TEXT)
        if not text:
            raise Unreadable(_("The row has no words."))
        return title or text.splitlines()[0][:FIRST_LINE].rstrip(), text

    def _key(self, number: str) -> str:
        key = f"history:{self._map.source}:{number}"
        return key if len(key) <= KEY else f"history:{hashlib.sha256(key.encode()).hexdigest()}"


def _wgs84(point: tuple[float, float] | None, given: GivenPlace) -> tuple[float, float] | None:
    if point is None:
        return None
    try:
        check(*point)
    except ValueError as fault:
        raise Unreadable(_(str(fault))) from fault
    return to_wgs84(*point, given.datum)


def _by_words(draft: Draft) -> FoundPlace:
    candidates = locator().find_address(draft.past.given.address) if draft.past.given.address else []
    if draft.district is not None:
        candidates = [one for one in candidates if one.path.startswith(draft.district.path)]
    path = candidates[0].path if len(candidates) == 1 else draft.district.path if draft.district else ""
    if not path:
        return FoundPlace()
    located = Located(path, district_of(path), None, {}, True)
    return FoundPlace(None, None, located, levels(located))


def _contact(said: Mapping[str, str]) -> dict[str, str]:
    longest = {"name": NAME, "phone": PHONE, "email": 254}
    return {name: _within(name, said[name], most) for name, most in longest.items() if said.get(name)}


def _within(name: str, text: str, most: int) -> str:
    try:
        return plain(text, most)
    except ValueError:
        raise Unreadable(
            _("The field %(name)s is longer than %(most)d characters.") % {"name": name, "most": most}
        ) from None
