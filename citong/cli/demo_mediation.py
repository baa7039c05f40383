"""The demo's bodies that mediate: one of each kind in its district, made-up people in their registers, a court."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from citong.cli.demo_cast import MAIL, MARK, Stage
from citong.cli.simulation.words import GIVEN, SURNAMES
from citong.core.people.access import SYSTEM
from citong.core.people.models import Account, Unit
from citong.core.places.current import day_of
from citong.core.places.models import Division, Grid
from citong.services.mediation import registers
from citong.services.mediation.kinds import BodyKind, Kind, Language
from citong.services.mediation.models import Body, Mediator

COURT = "court"
HOME = (Kind.NEIGHBOUR, Kind.FAMILY, Kind.LAND, Kind.HOUSING)
HOURS = "周一至周五 9:00–11:30，14:30–17:30"
TERM = timedelta(days=3 * 365 - 30)
MEMBERS = {"members": 5, "women": 2}


@dataclass(frozen=True)
class House:
    """A body of the demo: where, which kind, its name around that of the place, its people and what they know best."""

    level: str
    kind: BodyKind
    name: str
    people: int
    knows: Sequence[Kind] = ()
    experts: int = 0
    invited: bool = False
    more: Mapping[str, Any] | None = None


HOUSES = (
    House("community", BodyKind.VILLAGE, "{}人民调解委员会", 4, HOME, more=MEMBERS),
    House("community", BodyKind.STUDIO, "{}老陈调解工作室", 2, HOME, more={"named_after": "老陈"}),
    House("community", BodyKind.ELDERS, "{}乡贤调解室", 4, HOME),
    House("street", BodyKind.TOWN, "{}人民调解委员会", 5, more=MEMBERS),
    House("district", BodyKind.INDUSTRY, "{}物业纠纷调解委员会", 3, (Kind.NEIGHBOUR, Kind.HOUSING), more=MEMBERS),
    House("district", BodyKind.LABOUR, "{}劳动争议调解中心", 3, (Kind.LABOUR,)),
    House("district", BodyKind.CHAMBER, "{}工商联商会调解中心", 3, (Kind.COMMERCIAL, Kind.LABOUR), invited=True),
    House("district", BodyKind.COMMERCIAL, "{}商事调解中心", 2, (Kind.COMMERCIAL, Kind.LOAN),
          more={"charges": True, "fee": "标的额 10 万元以内 500 元，超过部分按 0.5% 收取"}),
    House("district", BodyKind.LAWYERS, "{}律师调解工作站", 3, (), invited=True),
    House("district", BodyKind.PRE_LITIGATION, "{}诉非联动中心", 4, (), invited=True),
    House("city", BodyKind.MEDICAL, "{}医疗纠纷人民调解委员会", 3, (Kind.MEDICAL,), 3, True, MEMBERS),
    House("city", BodyKind.FINANCIAL, "{}金融纠纷调解中心", 3, (Kind.LOAN, Kind.FINANCE), 1, True),
    House("city", BodyKind.MARITIME, "{}渔业纠纷调解委员会", 2, (Kind.MARITIME, Kind.LABOUR), 1, more=MEMBERS),
)  # fmt: skip
LANGUAGES = ((Language.MINNAN, Language.PUTONGHUA), (Language.MINNAN, Language.PUTONGHUA), (Language.PUTONGHUA,),
             (Language.MINNAN,), (Language.PUTONGHUA, Language.HAKKA))  # fmt: skip
TITLES = ("退休教师", "退休法官", "社区老党员", "律师", "村民小组长", "企业家", "", "")


def house_units(on: Stage) -> dict[str, Unit]:
    """The units in which the demo's head, mediator and judge sit, by their login; none before `found` has run."""
    held = Unit.objects.filter(division__in=(on.community, on.district), ends_on=None)
    village = held.filter(body__kind=BodyKind.VILLAGE).first()
    court = held.filter(function=COURT).first()
    return {login: unit for login, unit in (("head", village), ("mediator", village), ("judge", court)) if unit}


def found(on: Stage, *, now: datetime) -> int:
    """The bodies and the court stand in the demo's district; those that stand already stay. Returns how many came."""
    court, _new = Unit.objects.get_or_create(
        code=f"{on.district.code}-{COURT}", defaults={
            "name": f"{MARK}{on.district.name}人民法院", "level": on.district.level, "function": COURT,
            "division": on.district,
        },
    )  # fmt: skip
    places = {place.level: place for place in Division.objects.filter(code__in=on.community.path.strip("/").split("/"))}
    known = set(Body.objects.filter(ended_on=None).values_list("unit__name", flat=True))
    came = 0
    for house in HOUSES:
        place = places.get(house.level)
        name = f"{MARK}{house.name.format(place.name)}" if place else ""
        if place is None or name in known:
            continue
        registers.found_body(name, place, _values(house, place, on, court, now), actor=SYSTEM, at=now)
        came += 1
    return came


def fill(on: Stage, *, now: datetime) -> int:
    """Every body of the demo has its people; whoever stands in a register already stays. Returns how many came."""
    chance, came, today = Random("mediators"), 0, day_of(now)  # noqa: S311 (made up)
    bodies = {body.unit.name: body for body in Body.objects.select_related("unit__division", "inviting_court")}
    for number, house in enumerate(HOUSES):
        body = next((one for name, one in bodies.items() if name.startswith(MARK) and one.kind == house.kind), None)
        if body is None:
            continue
        for place in range(house.people + house.experts):
            login = f"demo.mediator.{number}.{place}"
            person = _person(login, house, place, body, chance, today)
            if number == 0 and place == 0:
                cast = Account.objects.get(username="mediator")
                more = {"fields": [], "most": 12, "term_ends": None}
                person |= {"username": cast.username, "name": cast.name, **more}
            if not Mediator.objects.filter(account__username=person["username"]).exists():
                one = registers.enrol(body, person, actor=SYSTEM, at=now)
                Account.objects.filter(pk=one.account_id).update(email=f"{person['username']}@{MAIL}")
                came += 1
    return came


def _values(house: House, place: Division, on: Stage, court: Unit, now: datetime) -> dict[str, Any]:
    lon, lat = _point(place, on)
    return {
        "kind": house.kind, "fields": [], "published": True, "hours": HOURS, "phone": "0595-02345600",
        "address": f"{place.name}演示路{len(house.name)}号", "lon": lon, "lat": lat, "founded_on": date(2023, 3, 1),
        "about": "演示用的调解组织，并不存在。", "inviting_court": court if house.invited else None,
        **({"term_ends": (now + timedelta(days=400)).date()} if house.more is MEMBERS else {}), **(house.more or {}),
    }  # fmt: skip


def _person(
    login: str, house: House, place: int, body: Body, chance: Random, today: date
) -> dict[str, Any]:  # fmt: skip
    """An entry of a made-up person; every tenth has a term that ends soon."""
    knows = sorted(chance.sample(list(house.knows), k=min(2, len(house.knows))))
    expert = place >= house.people
    return {
        "username": login, "name": MARK + chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)),
        "sort": Mediator.Sort.EXPERT if expert else Mediator.Sort.MEDIATOR, "fields": knows,
        "languages": list(chance.choice(LANGUAGES)), "most": chance.choice((4, 6, 8, 10, 12)),
        "title": chance.choice(TITLES), "term_begins": date(2026, 1, 1), "published": True,
        "term_ends": today + (timedelta(days=40) if chance.randrange(10) == 0 else TERM),
        "inviting_court": body.inviting_court,
    }  # fmt: skip


def _point(place: Division, on: Stage) -> tuple[float | None, float | None]:
    """Where the place is written on the map; of a community the middle of one of its grids."""
    grid = Grid.objects.filter(layer__base=True, ends_at=None, division=on.community).order_by("code").first()
    if place.label_lon is not None:
        return place.label_lon, place.label_lat
    return (grid.centre_lon, grid.centre_lat) if grid else (None, None)
