"""The demo's cases: a city's own sample reports, opened and worked on by the cast through the one write door."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from citong.cli.demo_cast import Crew, Stage, station_of
from citong.cli.demo_fates import BY, FATES, age_class, answers, by_day, delays, fate_of
from citong.cli.demo_photos import photo, scene_of
from citong.core.cases.forms import LONGEST_TEXT
from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.flow.act import act, form_for
from citong.core.flow.bulk import chance_point
from citong.core.flow.intake import open_case
from citong.core.flow.learn import suggest
from citong.core.flow.receipt import holder_of
from citong.core.flow.refusal import Refusal
from citong.core.flow.watch import tick
from citong.core.people.access import ANYBODY, SYSTEM, Actor
from citong.core.people.models import Unit
from citong.core.people.posts import Post
from citong.core.places.current import city
from citong.core.places.locate import locator

SERVICE = "requests"
TOLD = ("hotline", "counter")  # channels by which somebody else writes a report down
SURNAMES = "陈林黄张吴李王郑蔡刘"
PHOTO_EVERY, NO_KIND_EVERY = 2, 17
SHORTEST = timedelta(minutes=3)  # between two acts


@dataclass(frozen=True)
class Report:
    """A line of reports.csv with the division its hint names."""

    row: int
    title: str
    text: str
    category: str
    path: str
    address: str
    channel: str
    age_minutes: int

    @property
    def district(self) -> str:
        return self.path.split("/")[1]


def read_reports(folder: Path) -> list[Report]:
    """The sample reports in a city's folder, oldest first; empty when it has none. A hint nobody knows is left out."""
    path = folder / "demo/reports.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [_report(row, line) for row, line in enumerate(csv.DictReader(file), start=2)]
    return sorted((line for line in lines if line), key=lambda report: (-report.age_minutes, report.row))


def _report(row: int, line: dict[str, str]) -> Report | None:
    found = locator().find_address(line["community_hint"])
    if not found or not any(ref.division_path.startswith(found[0].path) for ref in locator().base.refs):
        return None
    return Report(
        row, line["title"], line["text"], line["category"], found[0].path, line["community_hint"].replace(" ", ""),
        line["channel"], int(line["minutes_ago"]),
    )  # fmt: skip


def reported(reports: Iterable[Report]) -> Counter[str]:
    """How many reports come from each district."""
    return Counter(report.district for report in reports)


class Play:
    """Opens the reports and drives each through its fate; run again it does what is missing and nothing twice."""

    def __init__(self, on: Stage, *, crew: Crew, now: datetime) -> None:
        self.on, self.crew, self.now = on, crew, now
        self.opened = self.acts = 0
        self.refused: list[str] = []
        self._turns: Counter[tuple[int, bool]] = Counter()

    def perform(self, report: Report) -> None:
        """The report is a case, and what its fate says has happened to it."""
        report = self._moved(report)
        turn = (age_class(report.age_minutes), report.district == self.on.district.code)
        fate = fate_of(report.age_minutes, self._turns[turn])
        self._turns[turn] += 1
        rng = Random(f"{city().code} {report.row}")  # noqa: S311 (a demo, the same each time)
        case = self._open(report, rng)
        if fate == "doubled":
            self._double(report, case, rng)
        last = case.opened_at
        gaps = delays(FATES[fate], age_minutes=report.age_minutes, rng=rng)
        for number, (name, minutes) in enumerate(zip(FATES[fate], gaps, strict=True)):
            at, latest = self._moment(case, name, last, minutes), self.now - (len(gaps) - number) * SHORTEST
            if name == "escalate" and at > latest:
                return
            last = max(min(at, latest), last + SHORTEST / 3)
            case = self._act(case, name, key=f"{report.row}:{number}", at=last, rng=rng)

    def finish(self) -> None:
        """Clocks that ran out meanwhile have been looked at, as the platform does every minute."""
        while tick(at=self.now):
            pass

    def _moved(self, report: Report) -> Report:
        """What grid workers do is done by the one of the cast, in their own community."""
        if report.category not in self.on.grid_kinds:
            return report
        candidates = locator().find_address(f"{self.on.district.name}{self.on.community.name}")
        return replace(report, path=self.on.community.path, address=candidates[0].name if candidates else "")

    def _open(self, report: Report, rng: Random) -> Case:
        lon, lat = chance_point(report.path, rng=rng)
        data: dict[str, Any] = {"title": report.title, "text": report.text, "category": report.category}
        data |= {"lon": lon, "lat": lat, "address": report.address, "public": True}
        if report.channel == "web" and report.row % NO_KIND_EVERY == 0 and suggest(report.text):
            del data["category"]
        scene = scene_of(report.category) if report.row % PHOTO_EVERY else ""
        actor, known = self._reporter(report, rng)
        done = open_case(
            SERVICE, data | known, actor=actor, channel=report.channel, key=self._key(str(report.row)),
            files=photo(scene) if scene else None, at=self.now - timedelta(minutes=report.age_minutes),
            for_another=report.channel in TOLD,
        )  # fmt: skip
        self.opened += not done.again
        return done.case

    def _reporter(self, report: Report, rng: Random) -> tuple[Actor, dict[str, str]]:
        """Who reports, and what they say of themselves."""
        name = rng.choice(SURNAMES) + rng.choice(("女士", "先生"))
        roll = rng.random()
        community = report.path.strip("/").split("/")[-1]
        if report.channel == "grid" and (station := station_of(community)):
            return self.crew.actor(station, Post.GRID_WORKER), {"reporting": "open"}
        if report.channel != "web":
            return self.crew.actor(self._centre(report.district), Post.CLERK), {"reporting": "open", "name": name}
        if roll < 0.25:
            return self.crew.resident, {"reporting": "open"}
        reporting = "anonymous" if roll < 0.4 else "confidential" if roll < 0.5 else "open"
        return ANYBODY, {"reporting": reporting, "name": name}

    def _double(self, report: Report, case: Case, rng: Random) -> None:
        """Somebody else reports the same a little later, and the clerk sees that it is the same."""
        at = case.opened_at + timedelta(minutes=12)
        if at >= self.now - timedelta(minutes=10):
            return
        data: dict[str, Any] = {"title": report.title, "text": f"我也看到了，{report.text}"[:LONGEST_TEXT]}
        data |= {"category": report.category, "lon": case.lon, "lat": case.lat, "address": report.address}
        data |= {"reporting": "anonymous", "public": True}
        twin = open_case(SERVICE, data, actor=ANYBODY, channel="web", key=self._key(f"{report.row}:twin"), at=at)
        self.opened += not twin.again
        self._act(
            twin.case, "merge", key=f"{report.row}:merge", at=at + timedelta(minutes=8), rng=rng, other=case.number
        )

    def _act(self, case: Case, name: str, *, key: str, at: datetime, rng: Random, other: str = "") -> Case:
        actor = self._actor(case, BY[name])
        kind = case.category_id or suggest(case.text)[0].code
        data = answers(name, case, kind=kind, units=self._choices(case, name, actor), other=other, rng=rng)
        scene = scene_of(case.category_id or "") if name == "feed_back" else ""
        files = photo(scene, after=True) if scene else None
        try:
            done = act(case.id, name, data, actor=actor, files=files, key=self._key(f"{key}:{name}"), at=at)
        except Refusal as fault:  # somebody worked on the demo between two runs
            self.refused.append(f"{case.number} {name}: {fault}")
            return case
        self.acts += not done.again
        return done.case

    def _actor(self, case: Case, who: str) -> Actor:
        if who == "system":
            return SYSTEM
        if who == "reporter":
            return holder_of(case.id)
        if who in ("hands", "helper"):
            unit = self._units[case.joint[0] if who == "helper" and case.joint else case.unit_id]
            post = Post.GRID_WORKER if unit.function == "station" else Post.HANDLER
            return self.crew.actor(unit, post)
        return self.crew.actor(self._centre(case.district), who)

    def _choices(self, case: Case, name: str, actor: Actor) -> list[str]:
        """Codes of the units of the district that the act's form offers."""
        if name not in ("reassign", "invite"):
            return []
        form = form_for(case_type(SERVICE).acts[name], case, actor)
        field: Any = form.fields["units" if name == "invite" else "unit"] if form else None
        fitting = field.queryset.filter(level="district").exclude(pk=case.unit_id)
        return list(fitting.values_list("code", flat=True))

    def _centre(self, district: str) -> Unit:
        return self._centres.get(district) or self._centres[""]

    @cached_property
    def _centres(self) -> dict[str, Unit]:
        """District code to its centre; the city's under the empty code."""
        rows = Unit.objects.filter(function="centre", level__in=("city", "district"), ends_on=None)
        return {"" if unit.level == "city" else unit.division.code: unit for unit in rows.select_related("division")}

    @cached_property
    def _units(self) -> dict[int, Unit]:
        return {unit.pk: unit for unit in Unit.objects.filter(ends_on=None)}

    def _moment(self, case: Case, name: str, last: datetime, minutes: float) -> datetime:
        if name == "escalate":
            return max(case.due_at or self.now, last) + timedelta(minutes=5)
        at = last + timedelta(minutes=minutes)
        morning = by_day(at)
        return morning if last < morning < self.now else at

    def _key(self, name: str) -> str:
        return f"demo:{city().code}:{name}"
