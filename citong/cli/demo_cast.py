"""The people of the demo: chosen places, made-up names, one password, written down for whoever starts the house."""

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password

from citong.cli.trouble import Trouble
from citong.core.people.access import Actor, actor_of
from citong.core.people.duties import GRID
from citong.core.people.models import Absence, Account, Appointment, Beat, Duty, Unit
from citong.core.people.posts import Post
from citong.core.places.current import day_of
from citong.core.places.models import Division, Grid
from citong.kit.ids import secret

MARK = "演示·"
MAIL = "demo.invalid"  # a name that can never belong to anybody (RFC 2606)
FILE = "demo_cast.json"
FUNCTION = "urban_management"
IN_POST_FOR = timedelta(days=400)
NAMES = {
    Post.RESIDENT: "居民", Post.GRID_WORKER: "网格员", Post.CLERK: "受理员", Post.DISPATCHER: "派遣员",
    Post.HANDLER: "处置员", Post.VERIFIER: "核查员", Post.SUPERVISOR: "监督员", Post.ADMINISTRATOR: "管理员",
    Post.MEDIATOR: "调解员", Post.HEAD: "调委会主任", Post.JUDGE: "法官",
    Post.OPERATOR: "信号控制员", Post.OFFICER: "执勤人员",
}  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """Where the demo plays: a district and its community, another district, the units there, and the grids' kinds."""

    district: Division
    community: Division
    city_centre: Unit
    centre: Unit
    station: Unit
    hands: Unit
    other_hands: Unit
    traffic: Unit
    grid_kinds: frozenset[str]


@dataclass(frozen=True)
class Role:
    """One person of the cast."""

    login: str
    post: str
    name: str
    unit: Unit | None
    beats: Sequence[str] = ()


@dataclass(frozen=True)
class Written:
    """A line of demo_cast.json."""

    login: str
    name: str
    post: str
    unit: str
    password: str


def stage(reported: Counter[str]) -> Stage:
    """The urban district with most of the demo's reports (a count by district code), else the first. Raises Trouble."""
    units = Unit.objects.filter(level="district", function=FUNCTION, ends_on=None).select_related("division")
    gridded = set(Grid.objects.filter(layer__base=True, ends_at=None).values_list("division__path", flat=True))
    served = {path.split("/")[1] for path in gridded if path.count("/") > 2}
    fitting = [unit for unit in units if unit.division.code in served]
    fitting.sort(key=lambda unit: (unit.division.kind != "district", -reported[unit.division.code], unit.code))
    city_centre = Unit.objects.filter(level="city", function="centre", ends_on=None).first()
    if len(fitting) < 2 or city_centre is None:
        raise Trouble(
            "The loaded city is too small for the demo.",
            mend=f"give it a centre and two districts with grids and a unit of function {FUNCTION}.",
        )
    district = fitting[0].division
    community = Division.objects.filter(path=min(path for path in gridded if path.startswith(district.path))).get()
    here = Unit.objects.filter(level="district", division=district, ends_on=None)
    centre = here.filter(function="centre").first() or city_centre
    return Stage(
        district=district, community=community, city_centre=city_centre, centre=centre,
        station=station_of(community.code) or centre, hands=fitting[0], other_hands=fitting[1],
        traffic=here.filter(function="traffic_police").first() or centre,
        grid_kinds=frozenset(Duty.objects.filter(to=GRID).values_list("category", flat=True)),
    )  # fmt: skip


def station_of(community: str) -> Unit | None:
    """The grid station of a community."""
    return Unit.objects.filter(level="community", function="station", division__code=community, ends_on=None).first()


def roles(on: Stage, houses: Mapping[str, Unit]) -> list[Role]:
    """Who plays, in the order of a case's way; `houses` are the units of those who mediate and judge, by login."""
    grids = Grid.objects.filter(layer__base=True, ends_at=None, division=on.community).order_by("code")
    beats = list(grids.values_list("code", flat=True))
    return [
        Role("resident", Post.RESIDENT, "居民", None),
        Role("grid_worker", Post.GRID_WORKER, "网格员", on.station, beats),
        Role("stand_in", Post.GRID_WORKER, "代班网格员", on.station),
        Role("clerk", Post.CLERK, "受理员", on.centre),
        Role("dispatcher", Post.DISPATCHER, "派遣员", on.centre),
        Role("handler", Post.HANDLER, "处置员", on.hands),
        Role("verifier", Post.VERIFIER, "核查员", on.centre),
        Role("supervisor", Post.SUPERVISOR, "监督员", on.centre),
        Role("city_supervisor", Post.SUPERVISOR, "市级监督员", on.city_centre),
        Role("administrator", Post.ADMINISTRATOR, "管理员", on.city_centre),
        Role("outsider", Post.HANDLER, "外区处置员", on.other_hands),
        *(Role(login, Post(login), NAMES[Post(login)], on.traffic) for login in ("operator", "officer")),
        *(Role(login, Post(login), NAMES[Post(login)], unit) for login, unit in houses.items()),
    ]


def gather(on: Stage, *, home: Path, now: datetime, houses: Mapping[str, Unit] | None = None) -> list[Written]:
    """Every role has its account, appointment and beats, and home/demo_cast.json says how to sign in; safe twice."""
    known = _known(home)
    password = known or secret()
    hashed = make_password(password)
    written = []
    for role in roles(on, houses or {}):
        account = _account(role.login, MARK + role.name, password=hashed, anew=not known)
        if role.unit:
            _appointed(account, role, now)
        unit = role.unit.name if role.unit else ""
        written.append(Written(role.login, account.name, str(role.post), unit, password))
    _planned_absence(now)
    _write(home / FILE, written)
    return written


def strangers() -> int:
    """How many accounts are no demo accounts."""
    return Account.objects.exclude(email__endswith=f"@{MAIL}").count()


class Crew:
    """Whoever acts in the demo: the cast where it holds the post, else an extra who is made and cannot sign in."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.resident = actor_of(Account.objects.get(username="resident"))
        held = Appointment.objects.filter(account__email__endswith=f"@{MAIL}", ends_on=None).select_related("account")
        self._accounts = {(row.unit_id, row.post): row.account for row in held.order_by("-id")}
        self._actors: dict[tuple[int, str], Actor] = {}

    def actor(self, unit: Unit, post: str) -> Actor:
        """Somebody of this post in this unit."""
        seat = (unit.pk, post)
        if seat not in self._actors:
            account = self._accounts.get(seat) or self._extra(unit, post)
            self._actors[seat] = actor_of(account, at=self._now)
        return self._actors[seat]

    def _extra(self, unit: Unit, post: str) -> Account:
        account = _account(f"demo.{unit.pk}.{post}", MARK + NAMES[Post(post)])
        _appointed(account, Role(account.username, post, "", unit), self._now)
        return account


def _known(home: Path) -> str:
    """The password this installation's cast has; empty when nobody wrote one down."""
    try:
        return str(json.loads((home / FILE).read_text(encoding="utf-8"))[0]["password"])
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return ""


def _account(login: str, name: str, *, password: str = "", anew: bool = False) -> Account:
    """The demo account of that login; `password` is a hash, set on a fresh account or `anew`."""
    mail = f"{login}@{MAIL}"
    account = Account.objects.filter(username=login).first()
    if account is not None and account.email != mail:
        raise Trouble(f"The sign-in name {login} belongs to somebody.", mend="try the demo in a database of its own.")
    if account is None:
        account, anew = Account.objects.create_user(login, mail, name=name), bool(password)
    if anew:
        account.password = password
        account.save()
    return account


def _appointed(account: Account, role: Role, now: datetime) -> None:
    began = day_of(now - IN_POST_FOR)
    held, _new = Appointment.objects.get_or_create(
        account=account, unit=role.unit, post=role.post, ends_on=None, defaults={"begins_on": began}
    )
    for grid in role.beats:
        Beat.objects.get_or_create(appointment=held, grid=grid)


def _planned_absence(now: datetime) -> None:
    """The grid worker goes on leave in some days, and the stand-in is named."""
    worker, stand_in = (Account.objects.get(username=login) for login in ("grid_worker", "stand_in"))
    if not Absence.objects.filter(account=worker).exists():
        begins = now + timedelta(days=3)
        Absence.objects.create(
            account=worker, stand_in=stand_in, begins_at=begins, ends_at=begins + timedelta(days=5), reason="年休假"
        )


def _write(path: Path, written: Sequence[Written]) -> None:
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(person) for person in written], file, ensure_ascii=False, indent=1)
    fresh.replace(path)
