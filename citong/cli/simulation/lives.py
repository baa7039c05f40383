"""The lives of a simulated city's cases, some thousand at a time, told with the real rules and loaded at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any

import numpy as np
import shapely
from django.db import connection, transaction
from numpy.typing import NDArray

from citong.cli.demo_fates import BY, answers, by_day
from citong.cli.simulation.fates import gaps_of, old_and_open, steps_of
from citong.cli.simulation.people import Staff
from citong.cli.simulation.plan import Plan
from citong.cli.simulation.times import Times
from citong.cli.simulation.words import AGAIN, Written, caller, kinds_words, roads_of, written
from citong.core.cases.models import Case, Category
from citong.core.cases.registry import case_type
from citong.core.flow.locate import FoundPlace, locate_many
from citong.core.flow.moving_in import known, move_in, numbers
from citong.core.flow.refusal import WrongState
from citong.core.flow.replay import Life, Told, do, opened, watch
from citong.core.people.access import ANYBODY, RESIDENT_SEAT, SYSTEM, Actor
from citong.core.people.duties import grid_workers
from citong.core.people.models import Unit
from citong.core.people.posts import Post
from citong.core.places.current import zone
from citong.core.places.locate import locator
from citong.core.places.models import Division

SERVICE = "requests"
CHANNELS = {"web": 46, "hotline": 26, "grid": 20, "app": 4, "counter": 3, "letter": 1}
TOLD = ("hotline", "counter", "letter")  # somebody at the desk writes it down
OFTEN = {"component": 3.0, "event": 3.0, "matter": 1.0}
ACCOUNT_SHARE, ANONYMOUS_SHARE, CONFIDENTIAL_SHARE, PRIVATE_SHARE = 0.15, 0.25, 0.08, 0.1
NO_KIND_SHARE, TWIN_SHARE = 0.04, 0.05
HOT, DENSE, TRIES = 0.6, 0.4, 60
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Teller:
    """Tells the lives of a plan in the loaded city with its staff. Reads the city once; then only numbers."""

    def __init__(self, plan: Plan, *, now: datetime) -> None:
        self.plan, self.now = plan, now
        self.units = {unit.pk: unit for unit in Unit.objects.filter(ends_on=None).select_related("division")}
        self.staff, self.workers = Staff(self.units), grid_workers(now)
        self.places = dict(Division.objects.filter(level="community").values_list("code", "name"))
        self.times = Times(plan.since, plan.until, plan.cases, plan.seed, zone())
        self.old = old_and_open((plan.until - plan.since) / DAY)

    def bring(self, batch: range) -> int:
        """The cases of the batch are in the database; returns how many were written now: all, or none if it was."""
        lives, first = self.lives(batch), self.plan.key(batch[0])
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [first])  # an orphan may be at it
            if known([first]):
                return 0
            move_in(lives, at=self.now)
        return len(batch)

    def lives(self, batch: range) -> list[Life]:
        """The lives of these cases, not written yet."""
        moments = self.times.moments(batch.start, batch.stop)
        places = locate_many(self._points(batch))
        lives: list[Life] = []
        for number, at, place, name in zip(batch, moments, places, numbers(moments), strict=True):
            rng = Random(f"{self.plan.seed}:{number}")  # noqa: S311 (a made-up city is no secret)
            twin = number % 2 and rng.random() < TWIN_SHARE and self._twin(lives[-1], number, at, name, rng)
            lives.append(twin or self._life(number, at, place, name, rng))
        return lives

    def _points(self, batch: range) -> list[tuple[float, float]]:
        """A chance point in a chance grid for each case."""
        chance = np.random.default_rng((self.plan.seed, batch.start, 1))
        outlines = locator().base.outlines
        chosen = chance.choice(len(outlines), len(batch), p=self._warmth)
        held = outlines[chosen]
        west, south, east, north = shapely.bounds(held).T
        lons, lats = west.copy(), south.copy()
        left = np.arange(len(batch))
        for _try in range(TRIES):
            lons[left] = np.round(west[left] + chance.random(len(left)) * (east - west)[left], 6)
            lats[left] = np.round(south[left] + chance.random(len(left)) * (north - south)[left], 6)
            left = left[~shapely.intersects_xy(held[left], lons[left], lats[left])]
        if left.size:
            lons[left], lats[left] = shapely.get_coordinates(shapely.point_on_surface(held[left])).T
        return list(zip(lons.tolist(), lats.tolist(), strict=True))

    @cached_property
    def _warmth(self) -> NDArray[np.float64]:
        """How often each grid is named: the dense ones more than the wide ones, and some places again and again."""
        chance, outlines = np.random.default_rng((self.plan.seed, 2)), locator().base.outlines
        warm = chance.lognormal(0.0, HOT, len(outlines)) / shapely.area(outlines) ** DENSE
        return np.asarray(warm / warm.sum())

    @cached_property
    def _kinds(self) -> tuple[list[Category], list[float], dict[str, tuple[str, ...]]]:
        """The kinds without others below them, how often each is meant, and the words people use for it."""
        rows = list(Category.objects.filter(ends_on=None).order_by("code"))
        above = {row.parent_id for row in rows}
        kinds = [row for row in rows if row.code not in above]
        chance = np.random.default_rng((self.plan.seed, 3)).lognormal(0.0, 1.0, len(kinds))
        often = [OFTEN.get(kind.kind, 1.0) * share for kind, share in zip(kinds, chance.tolist(), strict=True)]
        return kinds, np.cumsum(often).tolist(), {kind.code: kinds_words(kind) for kind in kinds}

    @cached_property
    def _roads(self) -> dict[str, tuple[str, ...]]:
        return {code: roads_of(code) for code in self.places}

    @cached_property
    def _near(self) -> Mapping[str, Sequence[Unit]]:
        """District to the departments that may be asked in."""
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            if unit.level == "district" and unit.function != "centre":
                found[unit.division.code].append(unit)
        return found

    def _life(self, number: int, at: datetime, place: FoundPlace, name: str, rng: Random) -> Life:
        kinds, often, words = self._kinds
        (kind,) = rng.choices(kinds, cum_weights=often)
        community = place.levels["community"]
        said = written(
            kind, words[kind.code], place=self.places.get(community, ""), roads=self._roads[community], rng=rng
        )
        (channel,) = rng.choices(list(CHANNELS), list(CHANNELS.values()))
        life = self._opened(number, at, place, name, said, kind, channel, rng)
        age = (self.plan.until - at) / DAY
        steps, waiting = steps_of(age, old=self.old, rng=rng)
        gaps = gaps_of(steps, age_days=age, waiting=waiting, urgent=life.case.urgent, rng=rng)
        self._act_out(life, kind, steps, gaps, rng)
        watch(life, until=self.plan.until, act="escalate")
        return life

    def _opened(
        self, number: int, at: datetime, place: FoundPlace, name: str, said: Written, kind: Category, channel: str,
        rng: Random,
    ) -> Life:  # fmt: skip
        actor, known_of = self._reporter(channel, place, rng)
        silent = channel == "web" and rng.random() < NO_KIND_SHARE
        data = {
            "title": said.title, "text": said.text, "address": said.address, "category": None if silent else kind,
            "lon": place.lon, "lat": place.lat, "datum": "WGS84", "public": rng.random() >= PRIVATE_SHARE, **known_of,
        }  # fmt: skip
        told = Told(
            SERVICE, data, at, name, place, channel, self.plan.key(number), actor,
            actor.seats[0] if actor.seats else RESIDENT_SEAT, for_another=channel in TOLD,
        )  # fmt: skip
        return opened(told, workers=self.workers)

    def _reporter(self, channel: str, place: FoundPlace, rng: Random) -> tuple[Actor, dict[str, Any]]:
        """Who reports, and what they say of themselves."""
        if channel == "grid" and (found := self._worker(place)):
            return found, {"reporting": "open"}
        if channel in TOLD and (found := self._clerk(place, rng)):
            return found, {"reporting": "open", "name": caller(rng)}
        roll = rng.random()
        if roll < ACCOUNT_SHARE and self.staff.residents:
            return rng.choice(self.staff.residents), {"reporting": "open"}
        if roll < ACCOUNT_SHARE + ANONYMOUS_SHARE:
            return ANYBODY, {"reporting": "anonymous"}
        quiet = roll < ACCOUNT_SHARE + ANONYMOUS_SHARE + CONFIDENTIAL_SHARE
        return ANYBODY, {"reporting": "confidential" if quiet else "open", "name": caller(rng)}

    def _worker(self, place: FoundPlace) -> Actor | None:
        grid = place.located.base.code if place.located and place.located.base else ""
        return self.staff.holder(self.workers[grid]) if grid in self.workers else None

    def _clerk(self, place: FoundPlace, rng: Random) -> Actor | None:
        near = self._centres.get(place.levels["district"])
        return self.staff.one(near, Post.CLERK, rng) if near else None

    @cached_property
    def _centres(self) -> dict[str, int]:
        found = [unit for unit in self.units.values() if (unit.function, unit.level) == ("centre", "district")]
        return {unit.division.code: unit.pk for unit in found}

    def _twin(self, first: Life, number: int, at: datetime, name: str, rng: Random) -> Life | None:
        """Somebody else reports the same a little later, and the clerk sees that it is; None if it was over by then."""
        case, merged = first.case, by_day(at + rng.uniform(4, 40) * MINUTE)
        clerk = self.staff.one(case.desk_id, Post.CLERK, rng)
        if clerk is None or merged >= self.plan.until or (case.closed_at is not None and case.closed_at <= merged):
            return None
        said = Written(case.title, f"{AGAIN}{case.text}", case.address)
        place = locate_many([(case.lon or 0.0, case.lat or 0.0)])[0]
        life = self._opened(number, at, place, name, said, case.category or self._kinds[0][0], "web", rng)
        watch(life, until=merged, act="escalate")
        data = {"number": case.number, "other": first, "reason": "与另一件反映的是同一处问题。"}
        do(life, "merge", data, actor=clerk, at=merged)
        return life

    def _act_out(self, life: Life, kind: Category, steps: Sequence[str], gaps: Sequence[float], rng: Random) -> None:
        """The steps are done one after the other, as far as they come before the end of the simulation."""
        at = life.case.opened_at
        for name, gap in zip(steps, gaps, strict=True):
            at = at + gap * MINUTE
            at = at if BY[name] == "reporter" or life.case.urgent else by_day(at)
            if at >= self.plan.until:
                return
            watch(life, until=at, act="escalate")
            actor = self._actor(life.case, BY[name], rng)
            if actor is None:
                return
            try:
                do(life, name, self._answers(life.case, name, kind, rng), actor=actor, at=at)
            except WrongState:
                if BY[name] != "reporter":
                    raise
                return  # the reporter came too late; everybody else knows the rules

    def _actor(self, case: Case, who: str, rng: Random) -> Actor | None:
        if who == "system":
            return SYSTEM
        if who == "reporter":
            return Actor(account=case.reporter_id) if case.reporter_id else Actor(receipt=case.id)
        if who not in ("hands", "helper"):
            return self.staff.one(case.desk_id, who, rng)
        unit = self.units[case.joint[0] if who == "helper" else case.unit_id]
        if who == "hands" and case.holder_id and (holder := self.staff.holder(case.holder_id)):
            return holder
        return self.staff.one(unit.pk, Post.GRID_WORKER if unit.function == "station" else Post.HANDLER, rng)

    def _answers(self, case: Case, name: str, kind: Category, rng: Random) -> dict[str, Any]:
        """What is written into the act's form, with what its codes mean."""
        if case_type(SERVICE).acts[name].form is None:
            return {}
        case.routed_unit = routed = self.units[case.routed_unit_id]
        near = [unit for unit in self._near[case.district] if unit.pk != case.unit_id] if name in CHOOSING else []
        chosen = {unit.code: unit for unit in (*near, routed)}
        data = answers(name, case, kind=kind.code, units=[unit.code for unit in near], other="", rng=rng)
        if "category" in data:
            data["category"] = kind
        if "unit" in data:
            data["unit"] = chosen[data["unit"]]
        if "units" in data:
            data["units"] = [chosen[code] for code in data["units"]]
        return data


CHOOSING = ("reassign", "invite")
