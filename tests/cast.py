"""A tiny town and a named cast, for every test that needs a database.

Two districts, east and west, each one street with two communities of four base grids; one fire layer. The cast:
a resident, a grid worker, a clerk, a dispatcher, a handler, a firefighter, a verifier, a supervisor, a signal
operator, an officer on the road and an administrator of the east, and an outsider who handles in the west and must
see nothing of the east.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
import shapely
from django.forms import DateField, Field, Form, ModelChoiceField
from django.utils import timezone

from citong.core.cases.declare import REPORTER, Act, Who
from citong.core.cases.forms import categories
from citong.core.cases.models import Case, Category, Party
from citong.core.cases.registry import case_type
from citong.core.flow import learn
from citong.core.flow.act import act, form_for
from citong.core.flow.intake import Opened, open_case
from citong.core.flow.route import _desks
from citong.core.flow.standing import as_party
from citong.core.people import duties
from citong.core.people.access import ANYBODY, Actor, actor_of, may
from citong.core.people.models import Account, Appointment, Beat, Duty, Unit
from citong.core.people.posts import Post
from citong.core.places.current import day_of, forget_city
from citong.core.places.locate import locator
from citong.core.places.models import City, Division, Grid, Layer
from citong.web.desk.choices import _kinds
from tests.streets import BY_PLATFORM, crossroads

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
PASSWORD = "coral-tree-2026"
EAST, WEST = (118.60, 24.90), (118.56, 24.90)
SIZE = 0.01
LIMITS = {
    "accept": "4 working hours",
    "dispatch": "4 working hours",
    "handle": "5 working days",
    "verify": "2 working days",
}
CATEGORIES = [
    ("urban", "", "城乡建设", "City building", "道路 市政", "urban_management"),
    ("urban.manhole", "urban", "井盖", "Manhole cover", "井盖;窨井;盖板", "urban_management"),
    ("urban.light", "urban", "路灯", "Street light", "路灯;不亮;照明", "urban_management"),
    ("safety", "", "公共安全", "Public safety", "消防 安全", "fire"),
    ("safety.exit", "safety", "消防通道", "Fire lane", "消防通道;堵塞;占用", "fire"),
    ("strange", "", "无人负责", "Nobody's", "", ""),
]
PEOPLE = {
    "grid_worker": ("station-e1", Post.GRID_WORKER, "陈网格"),
    "clerk": ("centre-e", Post.CLERK, "王受理"),
    "dispatcher": ("centre-e", Post.DISPATCHER, "李派遣"),
    "handler": ("urban-e", Post.HANDLER, "张处置"),
    "firefighter": ("fire-e", Post.HANDLER, "赵消防"),
    "verifier": ("centre-e", Post.VERIFIER, "吴核查"),
    "supervisor": ("centre-e", Post.SUPERVISOR, "刘监督"),
    "operator": ("traffic-e", Post.OPERATOR, "钟信号"),
    "officer": ("traffic-e", Post.OFFICER, "孟执勤"),
    "administrator": ("centre", Post.ADMINISTRATOR, "郑管理"),
    "outsider": ("urban-w", Post.HANDLER, "外人"),
}


def _square(lon: float, lat: float, width: float, height: float) -> bytes:
    return bytes(shapely.to_wkb(shapely.box(lon, lat, lon + width, lat + height)))


def _division(code: str, name: str, level: str, parent: Division | None) -> Division:
    path = f"{parent.path if parent else ''}{code}/"
    return Division.objects.create(code=code, path=path, name=name, level=level, parent=parent)


def _grid(layer: Layer, code: str, division: Division, box: tuple[float, float, float, float]) -> None:
    lon, lat, width, height = box
    Grid.objects.create(
        layer=layer, code=code, name=code, division=division, outline=_square(*box), begins_at=BEGAN,
        centre_lon=lon + width / 2, centre_lat=lat + height / 2, area_m2=1_000_000,
    )  # fmt: skip


def _places() -> None:
    whole = _square(WEST[0], WEST[1], 0.08, 0.02)
    parameters = {"limits": LIMITS, "nearby_metres": 150, "nearby_days": 30, "reopen_days": 15}
    City.objects.create(
        code="town", name="小城", name_en="Town", zone="Asia/Shanghai", datum="WGS84", parameters=parameters,
        outline=whole,
    )  # fmt: skip
    base = Layer.objects.create(code="base", name="基础网格", name_en="Base", base=True)
    fire = Layer.objects.create(code="fire", name="消防", name_en="Fire", order=1)
    outlines = Layer.objects.create(code="district", name="区县", name_en="Districts", order=9)
    city = _division("town", "小城", "city", None)
    for side, name, (lon, lat) in (("e", "东区", EAST), ("w", "西区", WEST)):
        district = _division(side, name, "district", city)
        street = _division(f"{side}s", f"{name[0]}街道", "street", district)
        _grid(outlines, side, district, (lon, lat, 4 * SIZE, 2 * SIZE))
        _grid(fire, f"F{side}", district, (lon, lat, 4 * SIZE, 2 * SIZE))
        for number in (1, 2):
            community = _division(f"{side}{number}", f"{name[0]}{'一二'[number - 1]}社区", "community", street)
            for cell in range(4):
                column, row = (number - 1) * 2 + cell % 2, cell // 2
                _grid(base, f"{side}{number}{cell}", community, (lon + column * SIZE, lat + row * SIZE, SIZE, SIZE))


def _units() -> None:
    def unit(code: str, name: str, function: str, division: str, parent: str = "") -> None:
        place = Division.objects.get(code=division)
        above = Unit.objects.filter(code=parent).first()
        Unit.objects.create(code=code, name=name, level=place.level, function=function, division=place, parent=above)

    unit("centre", "市指挥中心", "centre", "town")
    for side, name in (("e", "东区"), ("w", "西区")):
        unit(f"centre-{side}", f"{name}指挥中心", "centre", side, "centre")
        unit(f"urban-{side}", f"{name}城管局", "urban_management", side, f"centre-{side}")
        unit(f"fire-{side}", f"{name}消防队", "fire", side, f"centre-{side}")
        unit(f"traffic-{side}", f"{name}交警大队", "traffic_police", side, f"centre-{side}")
        unit(f"street-{side}", f"{name}街道办", "centre", f"{side}s", f"centre-{side}")
        for number in (1, 2):
            unit(f"station-{side}{number}", f"{name}网格站{number}", "station", f"{side}{number}", f"street-{side}")


def _duties() -> None:
    rows = [
        ("urban.light", "grid", Post.GRID_WORKER, "Lights are looked at by the grid first"),
        ("urban", "urban_management@district", Post.HANDLER, "Streets belong to urban management"),
        ("safety", "fire@district", Post.HANDLER, "Fire safety belongs to the fire brigade"),
    ]
    for order, (category, to, post, reason) in enumerate(rows, start=1):
        Duty.objects.create(order=order * 10, category=category, to=to, post=post, reason=reason, source="Town order 1")


def _categories() -> None:
    for order, (code, parent, name, name_en, keywords, function) in enumerate(CATEGORIES):
        Category.objects.create(
            code=code, parent_id=parent or None, name=name, name_en=name_en, kind="event", keywords=keywords,
            description=name, function=function, order=order, public=code != "safety.exit",
        )  # fmt: skip


def _people() -> dict[str, Account]:
    people = {"resident": Account.objects.create_user("resident", "resident@example.org", PASSWORD, name="林居民")}
    for login, (unit, post, name) in PEOPLE.items():
        account = Account.objects.create_user(login, f"{login}@example.org", PASSWORD, name=name)
        held = Appointment.objects.create(
            account=account, unit=Unit.objects.get(code=unit), post=post, begins_on=date(2026, 1, 1)
        )
        people[login] = account
        if post == Post.GRID_WORKER:
            Beat.objects.bulk_create([Beat(appointment=held, grid=f"e1{cell}") for cell in range(4)])
    return people


def _forget() -> None:
    forget_city()
    _desks.cache_clear()
    categories.cache_clear()
    _kinds.cache_clear()
    duties.router().forget()
    learn._held = None


@pytest.fixture
def town(db: None, settings: Any, tmp_path: Any) -> Iterator[City]:
    """The tiny town is loaded, with units, duties, categories and people."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    _forget()
    _places()
    _units()
    _duties()
    _categories()
    locator(fresh=True)
    yield City.objects.get()
    _forget()


@dataclass
class Cast:
    """The people of the town: each an account by its name; `actor("clerk")` with its seats."""

    people: dict[str, Account]

    def __getattr__(self, name: str) -> Account:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def actor(self, name: str) -> Actor:
        return actor_of(self.people[name])

    def actors(self, case: Case) -> dict[str, Actor]:
        """Everybody who could take part in the case: the people of the cast, and each party of it by its name."""
        parties = Party.objects.filter(case=case).exclude(side="").select_related("account").order_by("id")
        sides = {one.name: as_party(actor_of(one.account) if one.account else ANYBODY, one) for one in parties}
        return {name: self.actor(name) for name in self.people} | sides


@pytest.fixture
def cast(town: City) -> Cast:
    return Cast(_people())


REPORT = {
    "text": "东一社区门口井盖缺失，晚上很危险",
    "category": "urban.manhole",
    "lon": 118.605,
    "lat": 24.905,
}


PARTIES = {"name": "林居民", "phone": "13800000001", "other_name": "吴邻居", "other_phone": "13800000002"}


@pytest.fixture
def report(cast: Cast) -> Callable[..., Opened]:
    """`report(text=…, by="resident", key=…)` opens a request: a missing manhole cover in the east if unsaid."""

    def opens(
        *, service: str = "requests", by: str = "", key: str = "", channel: str = "web", at: Any = None,
        **data: Any,
    ) -> Opened:  # fmt: skip
        opening = case_type(service).opening
        if service == "signals":
            crossroads()
        by = by or _opener(opening.by)
        given = unforeseen(opening.form()) | REPORT | (PARTIES if opening.parties else {}) | data
        return open_case(service, given, actor=cast.actor(by), channel=channel, key=key, at=at)

    return opens


def _opener(by: Sequence[Who]) -> str:
    """The resident where residents may, else the first of the cast who may, in the order of the declaration."""
    if REPORTER in by:
        return "resident"
    return next(name for who in by for name, (_unit, post, _name) in PEOPLE.items() if post == who.post)


WORDS = {"reason": "理由充分", "note": "已知悉", "result": "已经修好",
         "comment": "很好", "way": "site", "stars": 5, "days": 3,
         "decision": "grant", "title": "另一件事", "text": "另外一件事", "office": "司法鉴定所",
         "place": "东一社区"}  # fmt: skip
BODY = "东一社区调委会"
DOES_IT = {
    "accept": "clerk", "ask": "clerk", "refuse": "clerk", "split": "clerk", "merge": "clerk",
    "dispatch": "dispatcher", "send_back": "dispatcher", "reassign": "dispatcher", "invite": "dispatcher",
    "decide_delay": "dispatcher", "take": "handler", "feed_back": "handler", "return": "handler",
    "ask_delay": "handler",
    "finish_part": "firefighter", "close": "verifier", "rework": "verifier", "escalate": "supervisor",
    "rate": "resident", "reopen": "resident", "urge": "resident", "supplement": "resident", "answer": "resident",
    "withdraw": "resident", "note": "clerk",
}  # fmt: skip


@pytest.fixture
def walk(cast: Cast) -> Callable[..., Case]:
    """`walk(case, "accept", "dispatch")` drives a case through acts, each by the person of the cast whose it is.

    A step may be a pair (act, data) or carry who does it: ("close", {...}, "verifier"). What brings the case on only
    with the last of several is done by all of them.
    """

    def walks(case: Case, *steps: Any, at: Any = None) -> Case:
        for step in steps:
            name, data, who = (*((step,) if isinstance(step, str) else step), None, None)[:3]
            case = Case.objects.get(pk=case.pk)
            if (case.service, name) in BY_PLATFORM:
                case = BY_PLATFORM[case.service, name](case)
                continue
            declared, state = case_type(case.service).acts[name], case.state
            for actor in [cast.actor(who)] if who else doers(declared, case, cast):
                case = act(case.id, name, default_data(case, name, actor) | (data or {}), actor=actor, at=at).case
                if declared.target or not declared.leads or case.state != state:
                    break
        return case

    return walks


def doers(declared: Act, case: Case, cast: Cast) -> list[Actor]:
    """Those whose act it is on this case: its parties first, then whoever usually does it."""
    usual = doer(declared)
    actors = [cast.actor(usual)] if usual else []
    actors += [actor for name, actor in cast.actors(case).items() if name != usual]
    return sorted((one for one in actors if may(one, declared, case)), key=lambda one: one.standing is None)


def default_data(case: Case, name: str, actor: Actor) -> dict[str, Any]:
    """Plausible answers to every field of an act's form."""
    form = form_for(case_type(case.service).acts[name], case, actor)
    if form is None:
        return {}
    given = unforeseen(form) | {
        field: WORDS[field] for field, asked in form.fields.items() if field in WORDS and _takes(asked, WORDS[field])
    }
    given |= {field: value for field, value in form.initial.items() if value not in (None, False)}
    if name == "reassign":
        given["unit"] = "station-e1"
    if "units" in form.fields:
        given["units"] = ["fire-e"]
    if "category" in form.fields and "category" not in given:
        given["category"] = "urban.light"
    return {field: _first_choice(asked) for field, asked in form.fields.items() if asked.required} | given


def doer(act: Act) -> str | None:
    """The person of the cast who does this act in the east; None when the platform alone does."""
    posts = {who.post for who in act.by}
    usual = DOES_IT.get(act.name)
    if usual and (PEOPLE[usual][1] if usual in PEOPLE else Post.RESIDENT) in posts:
        return usual
    fitting = [name for name, (unit, post, _name) in PEOPLE.items() if post in posts and not unit.endswith("-w")]
    return next(iter(fitting), "resident" if Post.RESIDENT in posts else None)


def unforeseen(form: Form) -> dict[str, Any]:
    """Answers to required questions of any form: the first choice, or words, which name a place too."""
    asked = {name: field for name, field in form.fields.items() if field.required}
    plain = {name: field for name, field in asked.items() if not isinstance(field, ModelChoiceField)}
    return {name: _first_choice(field) or _example(field) for name, field in plain.items()}


def _example(field: Field) -> Any:
    today = day_of(timezone.now()).isoformat() if isinstance(field, DateField) else "东一社区"
    return getattr(field, "example", today)


def _takes(field: Field, value: Any) -> bool:
    """Whether a field offers this answer, or takes any."""
    choices = getattr(field, "choices", None)
    return choices is None or isinstance(field, ModelChoiceField) or value in [one for one, _label in choices]


def _first_choice(field: Field) -> str:
    """Somebody of the body that has a head and two mediators, where one is to be chosen."""
    choices = [(str(value), str(label)) for value, label in getattr(field, "choices", []) if value]
    return next((value for value, label in choices if BODY in label), choices[0][0] if choices else "")


__all__ = ["Cast", "cast", "report", "town", "walk"]
