"""What lies behind the doors: one of each thing that an address can name, and the same of things that are not there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from citong.core.cases.models import Case, SavedView
from citong.core.files.models import Attachment
from citong.core.flow.act import act
from citong.core.flow.intake import Opened, open_case
from citong.core.hooks.models import Delivery, Hook
from citong.core.notices.models import Notice
from citong.core.people.models import Absence, Account, Appointment, Unit
from citong.core.people.posts import Post
from citong.core.places.current import today
from citong.core.register.models import Proposal, TableImport
from citong.core.register.write import record, tie
from citong.core.sync.tests.phones import Phone
from citong.kit.ids import case_number
from citong.services.mediation.models import Batch, Mediator, Room
from citong.services.signals.forms import LinesField
from citong.services.signals.models import Arterial, Simulation
from tests import mediators
from tests.cast import PASSWORD, REPORT, Cast
from tests.doors import Town
from tests.streets import crossroads

NOTHING = "00000000-0000-7000-8000-000000000000"
NO_ROW = "987654321"
NO_CASE = case_number(2026, 9_999_999)
WORDS = {
    "title": "井盖", "text": "里面有一只孩子的书包", "name": "林小雨", "phone": "13800001111", "named": "赵某某",
}  # fmt: skip
NOTE = "孩子住在隔壁"
PERSONAL = (*(word for name, word in WORDS.items() if name != "title"), NOTE)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


def furnished(cast: Cast, report: Callable[..., Opened], walk: Callable[..., Case]) -> Town:
    """A case that only its own people may know of, a public one, and one of each other thing; most are the clerk's."""
    _more_people(cast)
    opened = _with_photo(cast)
    case = walk(opened.case, "accept", "dispatch", ("note", {"note": NOTE}, "handler"))
    things = _of(case) | _of_the_clerk(cast) | _public(report(public="on", by="neighbour").case)
    things |= {"secret": opened.secret, "notice": str(_notice(case).pk), "wrong secret": "aaaaa-aaaaa"}
    things["dwelling"] = _dwelling(cast)
    missing = dict.fromkeys(
        ("dwelling", "party", "attachment_id", "notice", "key", "token", "hook", "delivery"), NOTHING
    )
    things |= _of_the_register(cast)
    missing |= dict.fromkeys(("record", "tie", "proposal", "one", "other", "table"), NOTHING)
    things |= _of_the_phone(cast) | _of_mediation(cast)
    missing |= dict.fromkeys(("body", "member", "room", "batch"), NOTHING)
    missing |= dict.fromkeys(("device", "operation"), NOTHING)
    things |= _of_the_streets(cast)
    missing |= dict.fromkeys(("junction", "arterial", "simulation"), NOTHING)
    things["escort"] = _of_the_road(cast)
    missing |= {"escort": NO_CASE}
    missing |= {"number": NO_CASE, "secret": "aaaaa-aaaaa", "view": NO_ROW, "absence": NO_ROW}
    return Town(cast, things, missing, receipt=(str(case.id), case.number, opened.secret))


def _more_people(cast: Cast) -> None:
    for login, name in (("neighbour", "邻居"), ("elevated", "提权")):
        cast.people[login] = Account.objects.create_user(login, f"{login}@example.org", PASSWORD, name=name)
    centre, began = Unit.objects.get(code="centre"), today() - timedelta(days=1)
    Appointment.objects.create(account=cast.elevated, unit=centre, post=Post.ADMINISTRATOR, begins_on=began)
    bodies = mediators.appear()
    cast.people |= {"mediator": bodies.committee, "head": bodies.head, "judge": bodies.judge}


def _of_mediation(cast: Cast) -> dict[str, str]:
    """A body with its mediator and its room, and the clerk's batch."""
    held = Mediator.objects.get(account=cast.mediator)
    batch = Batch.objects.create(
        name="东区银行", address="东街", kind="loan", about="逾期", made_by=cast.clerk, made_at=timezone.now()
    )
    room = Room.objects.get(body=held.body_id)
    return {"body": str(held.body_id), "member": str(held.pk), "room": str(room.pk), "batch": str(batch.pk)}


def _of_the_road(cast: Cast) -> str:
    """An escort that the officer asked for."""
    said = {"kind": "ambulance", "priority": 1, "goal": "118.63, 24.908", "lon": 118.605, "lat": 24.905}
    return open_case("escort", said, actor=cast.actor("officer"), channel="phone").case.number


def _of_the_streets(cast: Cast) -> dict[str, str]:
    """A junction on an arterial, and the simulation of a plan that the operator proposed."""
    junction = crossroads()
    stops = [{"junction": junction.code, "metres": 0.0, "there": [0], "back": [1]}]
    arterial = Arterial.objects.create(network=junction.network, name="东街", speed=12.5, stops=stops)
    said = {"junction": junction.code, "spans": LinesField.example, "text": "早高峰排队"}
    case = open_case("signals", said, actor=cast.actor("operator"), channel="counter").case
    act(case.pk, "simulate", {}, actor=cast.actor("operator"))
    simulation = Simulation.objects.get(change=case.pk)
    return {"junction": str(junction.pk), "arterial": str(arterial.pk), "simulation": str(simulation.pk)}


def _with_photo(cast: Cast) -> Opened:
    photo = MultiValueDict({"photos": [SimpleUploadedFile("井盖.png", PNG, "image/png")]})
    return open_case("requests", REPORT | WORDS, actor=cast.actor("resident"), channel="web", files=photo)


def _of(case: Case) -> dict[str, str]:
    party = case.parties.order_by("id").first()
    assert party is not None
    return {
        "number": case.number,
        "party": str(party.pk),
        "attachment_id": str(Attachment.objects.get(subject=case.id).pk),
    }


def _dwelling(cast: Cast) -> str:
    """A home in a grid of the grid worker."""
    told = {"actor": cast.actor("clerk"), "source": "office", "on": today(), "at": timezone.now()}
    return str(record("dwelling", {"address": "东街 1 号"}, grid="e10", **told).id)  # type: ignore[arg-type]


def _of_the_register(cast: Cast) -> dict[str, str]:
    """A person who lives somewhere, another who may be the same, what the grid worker proposed, the clerk's table."""
    now, clerk, day = timezone.now(), cast.actor("clerk"), today()
    said: dict[str, Any] = {"actor": clerk, "source": "visit", "on": day, "at": now, "grid": "e11"}
    person, twin = (record("person", {"name": "周独居"}, **said) for _one in range(2))
    home = record("dwelling", {"address": "涂门街1号"}, **said)
    held = tie("lives_in", person.id, home.id, source="visit", actor=clerk, at=now)
    proposal = Proposal.objects.create(
        record=person,
        why="guarded",
        values={"stay": "away"},
        base=1,
        source="visit",
        author=cast.grid_worker,
        said_at=now,
    )
    table = TableImport.objects.create(account=cast.clerk, kind="person", name="名册.xlsx", on=day, rows=1, made_at=now)
    return {
        "record": str(person.id), "one": str(person.id), "other": str(twin.id), "tie": str(held.id),
        "proposal": str(proposal.id), "table": str(table.id),
    }  # fmt: skip


def _of_the_phone(cast: Cast) -> dict[str, str]:
    """The grid worker's phone, and something said on it that could not be done."""
    phone = Phone(cast.grid_worker)
    operation = phone.say("nothing", {"words": NOTE})
    phone.push()
    return {"device": str(phone.device.id), "operation": str(operation)}


def _public(case: Case) -> dict[str, str]:
    return {"public number": case.number, "token": str(case.pk)}


def _of_the_clerk(cast: Cast) -> dict[str, str]:
    clerk, now = cast.clerk, timezone.now()
    begins, ends = now + timedelta(days=3), now + timedelta(days=4)
    absence = Absence.objects.create(account=clerk, stand_in=cast.dispatcher, begins_at=begins, ends_at=ends)
    view = SavedView.objects.create(account=clerk, name="mine", query="")
    hook = Hook.objects.create(
        owner=clerk, name="mine", address="https://example.org/", checkpoint=0, index=0, made_at=now
    )
    delivery = Delivery.objects.create(hook=hook, made_at=now)
    return {
        "absence": str(absence.pk), "view": str(view.pk), "hook": str(hook.pk), "delivery": str(delivery.pk),
        "key": str(clerk.pk),
    }  # fmt: skip


def _notice(case: Case) -> Notice:
    """What the unit that has the case was told."""
    return Notice.objects.filter(subject=case.id, channel=Notice.Channel.APP, unit=case.unit)[0]
