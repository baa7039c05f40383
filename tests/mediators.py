"""Bodies that mediate in the tiny town of tests/cast.py, and their people.

The fixture `mediators` (it brings `cast` along) gives, each an Account by its name:

    elder        mediator of the studio "studio-e1" (陈长者工作室) in community e1; Minnan and Putonghua
    committee    mediator of the committee "village-e1" of the same community e1; neighbours, family, land, housing
    second       another mediator of "village-e1", who takes one dispute at a time
    street       mediator of the street's committee "town-es"; every kind; Putonghua
    commercial   mediator of "commercial-e", of the district, the only body that charges
    medical      mediator of "medical", of the whole city; invited by the court
    labour       mediator of "labour-e"
    bank         mediator of "financial", of the whole city; invited by the court
    sea          mediator of "maritime", of the whole city
    centre       mediator of "pre_litigation-e", the district court's pre-litigation centre; invited by the court
    west         mediator of "village-w1", in the other district: must see nothing of the east
    expert       expert in the register of "medical": a person who is heard, with no post and no seat
    head         head of "village-e1"
    medical_head head of "medical"
    judge        judge of the court of the east, unit "court-e"

`mediators.actor("elder")` is one with their seats; `mediators.register["elder"]` the row of the register (Mediator);
`mediators.bodies["studio-e1"]` the Body by the code of its unit; `mediators.court` the unit "court-e".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from citong.core.people.access import Actor, actor_of
from citong.core.people.models import Account, Appointment, Unit
from citong.core.people.posts import Post
from citong.core.places.models import Division
from citong.services.mediation.kinds import BodyKind, Kind, Language
from citong.services.mediation.models import Body, Mediator, Room
from tests.cast import PASSWORD, Cast

SINCE = date(2026, 1, 1)
HOME = (Kind.NEIGHBOUR, Kind.FAMILY, Kind.LAND, Kind.HOUSING)
# unit code, name, division, kind of body, kinds of disputes, whether invited by the court
BODIES: Sequence[tuple[str, str, str, BodyKind, Sequence[Kind], bool]] = (
    ("studio-e1", "陈长者工作室", "e1", BodyKind.STUDIO, (), False),
    ("village-e1", "东一社区调委会", "e1", BodyKind.VILLAGE, (), False),
    ("town-es", "东街道调委会", "es", BodyKind.TOWN, (), False),
    ("commercial-e", "东区商事调解中心", "e", BodyKind.COMMERCIAL, (Kind.COMMERCIAL, Kind.LOAN), False),
    ("medical", "小城医调委", "town", BodyKind.MEDICAL, (Kind.MEDICAL,), True),
    ("labour-e", "东区劳动争议调解中心", "e", BodyKind.LABOUR, (Kind.LABOUR,), False),
    ("financial", "小城金融纠纷调解中心", "town", BodyKind.FINANCIAL, (Kind.LOAN, Kind.FINANCE), True),
    ("maritime", "小城渔业调委会", "town", BodyKind.MARITIME, (Kind.MARITIME, Kind.LABOUR), False),
    ("pre_litigation-e", "东区诉非联动中心", "e", BodyKind.PRE_LITIGATION, (), True),
    ("village-w1", "西一社区调委会", "w1", BodyKind.VILLAGE, (), False),
)
BOTH = (Language.PUTONGHUA, Language.MINNAN)
ONE = (Language.PUTONGHUA,)
# name in the cast: unit code, their name, kinds they know best, languages, how many at a time
PEOPLE: dict[str, tuple[str, str, Sequence[Kind], Sequence[Language], int]] = {
    "elder": ("studio-e1", "陈长者", (Kind.NEIGHBOUR, Kind.FAMILY), BOTH, 6),
    "committee": ("village-e1", "许调解", HOME, BOTH, 10),
    "second": ("village-e1", "方调解", (), ONE, 1),
    "street": ("town-es", "何街道", (), ONE, 12),
    "commercial": ("commercial-e", "庄商事", (Kind.COMMERCIAL, Kind.LOAN), ONE, 10),
    "medical": ("medical", "曾医调", (Kind.MEDICAL,), ONE, 10),
    "labour": ("labour-e", "施劳动", (Kind.LABOUR,), ONE, 10),
    "bank": ("financial", "蔡金融", (Kind.LOAN, Kind.FINANCE), ONE, 60),
    "sea": ("maritime", "邱渔业", (Kind.MARITIME,), BOTH, 10),
    "centre": ("pre_litigation-e", "苏诉前", (), ONE, 20),
    "west": ("village-w1", "西调解", (), BOTH, 10),
    "expert": ("medical", "傅专家", (Kind.MEDICAL,), ONE, 10),
}
HEADS = {"head": ("village-e1", "黄主任"), "medical_head": ("medical", "叶主任")}


@dataclass
class Mediators:
    """The people of the bodies: each an account by its name; `actor("elder")` with its seats."""

    people: dict[str, Account]
    register: dict[str, Mediator]
    bodies: dict[str, Body]
    court: Unit

    def __getattr__(self, name: str) -> Account:
        try:
            return self.__dict__["people"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None

    def actor(self, name: str) -> Actor:
        return actor_of(self.people[name])


@pytest.fixture
def mediators(cast: Cast) -> Mediators:
    """The bodies and their people stand in the town."""
    return appear()


def appear() -> Mediators:
    """As the fixture, for a town with its cast that stands already."""
    court = _unit("court-e", "东区人民法院", "court", "e")
    bodies = {code: _body(code, name, at, kind, fields, court, invited)
              for code, name, at, kind, fields, invited in BODIES}  # fmt: skip
    Room.objects.create(body=bodies["village-e1"], name="一号调解室", capacity=8)
    people, register = {}, {}
    for login, (unit, name, fields, languages, most) in PEOPLE.items():
        sort = Mediator.Sort.EXPERT if login == "expert" else Mediator.Sort.MEDIATOR
        people[login] = _account(login, name, None if login == "expert" else Post.MEDIATOR, bodies[unit].unit)
        register[login] = Mediator.objects.create(
            account=people[login], body=bodies[unit], sort=sort, fields=list(fields), languages=list(languages),
            most=most, term_begins=SINCE, published=True, inviting_court=bodies[unit].inviting_court,
        )  # fmt: skip
    for login, (unit, name) in HEADS.items():
        people[login] = _account(login, name, Post.HEAD, bodies[unit].unit)
    people["judge"] = _account("judge", "江法官", Post.JUDGE, court)
    return Mediators(people, register, bodies, court)


def _unit(code: str, name: str, function: str, division: str) -> Unit:
    place = Division.objects.get(code=division)
    return Unit.objects.create(code=code, name=name, level=place.level, function=function, division=place)


def _body(code: str, name: str, at: str, kind: BodyKind, fields: Sequence[Kind], court: Unit, invited: bool) -> Body:
    charging: dict[str, Any] = {"charges": True, "fee": "标的额的百分之一"} if kind == BodyKind.COMMERCIAL else {}
    return Body.objects.create(
        unit=_unit(code, name, "mediation", at), kind=kind, fields=list(fields), published=True, lon=118.605,
        lat=24.905, address="东街1号", phone="0595-02345671", inviting_court=court if invited else None, **charging,
    )  # fmt: skip


def _account(login: str, name: str, post: Post | None, unit: Unit) -> Account:
    account = Account.objects.create_user(login, f"{login}@example.org", PASSWORD, name=name)
    if post:
        Appointment.objects.create(account=account, unit=unit, post=post, begins_on=SINCE)
    return account
