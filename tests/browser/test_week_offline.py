"""A week of work with the network really cut; then back: everything there once, conflicts before the right eyes."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect

from citong.adapters.field import shell
from citong.core.cases.models import Case
from citong.core.files.models import Attachment
from citong.core.flow.act import act
from citong.core.flow.intake import open_case
from citong.core.people.access import Purpose
from citong.core.places.current import day_of
from citong.core.register.models import Proposal, Record, Source, Tie
from citong.core.register.read import reveal
from citong.core.register.write import change
from citong.core.sync.devices import revoke
from citong.core.sync.models import Device, Operation
from citong.services.visits.models import Visit
from tests.browser.cable import Cable
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE, SIGN_IN, Someone
from tests.browser.server import Server
from tests.browser.telephone import Telephone
from tests.cast import Cast
from tests.neighbours import IN_E10, Neighbours

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)
HERE = {"longitude": 118.605, "latitude": 24.905}


@pytest.fixture
def cable(server: Server) -> Iterator[Cable]:
    whole = Cable(server.url)
    yield whole
    whole.cut()
    server.rest()


@pytest.fixture
def telephone(browser: Browser, cable: Cable, tmp_path: Path, transactional_db: None) -> Iterator[Telephone]:
    """The grid worker's, not enrolled yet."""
    options = {
        "executable_path": CHROMIUM, "args": ARGUMENTS, "viewport": PHONE, "locale": "zh-CN", "has_touch": True,
        "reduced_motion": "reduce", "geolocation": HERE, "permissions": ["geolocation"],
    }  # fmt: skip
    phone = Telephone(browser.browser_type, folder=tmp_path / "phone", url=cable.url, **options)
    yield phone
    phone.off()
    assert phone.faults == []


def signed_in(cast: Cast, url: str) -> list[Any]:
    client = Client()
    client.force_login(cast.grid_worker, backend=SIGN_IN)
    return [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}]


def renew_app(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The city serves a newer version of the app from now on."""
    shutil.copytree(shell.BUILT, folder)
    old = (folder / "version.txt").read_text().strip()
    for name in ("version.txt", "sw.js", "index.html"):
        path = folder / name
        path.write_text(path.read_text().replace(old, old[::-1]))
    monkeypatch.setattr(shell, "BUILT", folder)
    shell.app_version.cache_clear()


def test_a_week_without_a_network_loses_nothing(
    telephone: Telephone, cable: Cable, cast: Cast, neighbours: Neighbours, photo: Path, someone: Someone,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    now, errand = timezone.now(), taken_errand(cast)
    (first, second, third), (person, other, _last) = neighbours.homes, neighbours.people
    telephone.on(cookies=signed_in(cast, cable.url), at=now - 6 * DAY).enrol()
    telephone.reads("涂门街")
    telephone.off()
    cable.cut()
    with telephone.day(now - 5 * DAY):
        telephone.visit(first, "见到人", note="老人身体好，想找人修水龙头", photo=photo)
        telephone.waits(1)
    with telephone.day(now - 4 * DAY, unsent=1):
        telephone.change(person, "姓名", "周老伯")
        telephone.add_person(second, "新来的租客")
        telephone.waits(4)
    the_office_changes(person, {"name": "周建国"}, cast)
    the_office_changes(other, {"stay": "away"}, cast)
    with telephone.day(now - 3 * DAY, unsent=4):
        step_and_report(telephone, errand)
        telephone.waits(6)
    with telephone.day(now - 2 * DAY, unsent=6):
        telephone.visit(second, "不在家")
        telephone.visit(third, "见到人")
        telephone.change(other, "电话", "0595-07654320")
        telephone.waits(9)
    renew_app(monkeypatch, tmp_path / "newer")
    cable.mend()
    with telephone.day(now, unsent=9):
        telephone.press("同步")
        expect(telephone.page.locator(".strip-state small")).to_contain_text("1项需要您处理")
        telephone.waits(0)
    the_visits_are_there_once(neighbours, monday=now - 5 * DAY)
    the_records_are_as_both_said(neighbours, cast)
    the_cases_moved_on(cast)
    assert not Operation.objects.filter(result__in=["held", "refused"]).exists()
    desk = someone("clerk")
    desk.go("/desk/register/proposals/")
    desk.reads("周建国", "周老伯")


def taken_errand(cast: Cast) -> Case:
    """An errand that the grid worker took before the week."""
    worker, wish = cast.actor("grid_worker"), {"kind": "medicine", "text": "到社区卫生站取药", "name": "周大爷"}
    errand = open_case("errands", wish | IN_E10, actor=worker, channel="app", for_another=True).case
    act(errand.id, "take", actor=worker)
    return errand


def the_office_changes(record: UUID, values: dict[str, str], cast: Cast) -> None:
    """What nobody on the phone has seen."""
    now, clerk = timezone.now(), cast.actor("clerk")
    change(record, values, base=1, source=Source.OFFICE, on=day_of(now), actor=clerk, at=now)


def step_and_report(telephone: Telephone, errand: Case) -> None:
    """A step of the errand, and a broken lamp on the way."""
    telephone.go("act", errand.id, "step")
    telephone.tell("药已取到，明天送去")
    telephone.save("保存：记录办理经过")
    telephone.go("report")
    telephone.tell("涂门街路灯不亮")
    telephone.press("我的位置")
    telephone.save()


def the_visits_are_there_once(neighbours: Neighbours, *, monday: datetime) -> None:
    first, second, third = neighbours.homes
    told = sorted(Visit.objects.values_list("dwelling", "outcome"))
    assert told == sorted([(first, "done"), (second, "absent"), (third, "done")])
    assert abs(Visit.objects.get(dwelling=first).at - monday) < timedelta(minutes=10)
    assert Attachment.objects.filter(subject=first).count() == 1


def the_records_are_as_both_said(neighbours: Neighbours, cast: Cast) -> None:
    person, other, _last = neighbours.people
    tenant = Record.objects.get(name="新来的租客")
    assert Tie.objects.filter(subject=tenant, object=neighbours.homes[1], kind="lives_in", until=None).count() == 1
    assert Record.objects.get(pk=person).name == "周老伯"
    waiting = Proposal.objects.get(state=Proposal.State.WAITING)
    assert (waiting.record_id, waiting.why, waiting.values) == (person, Proposal.Why.OVER, {"name": "周建国"})
    assert Record.objects.get(pk=other).values["stay"] == "away"
    shown = reveal(other, ["phone"], actor=cast.actor("clerk"), purpose=Purpose.HANDLING, at=timezone.now())
    assert shown["phone"] == "059507654320"


def the_cases_moved_on(cast: Cast) -> None:
    assert Case.objects.get(service="errands").state == "under_way"
    lamp, worker = Case.objects.get(service="requests"), cast.people["grid_worker"]
    assert (lamp.text, lamp.grid and lamp.grid.code, lamp.reporter_id) == ("涂门街路灯不亮", "e10", worker.pk)


def test_what_the_office_does_not_take_comes_back_with_its_reason_and_is_mended(
    telephone: Telephone, cable: Cable, cast: Cast, neighbours: Neighbours
) -> None:
    telephone.on(cookies=signed_in(cast, cable.url)).enrol()
    telephone.add_person(neighbours.homes[0], "打错电话的人", 电话="123456789012")
    expect(telephone.page.locator(".strip-state small")).to_contain_text("需要您处理")
    telephone.go("waiting")
    telephone.reads("电话号码有误")
    assert not Record.objects.filter(name="打错电话的人").exists()
    telephone.press("修改")
    telephone.write("电话", "0595-01234560")
    telephone.save()
    telephone.waits(0)
    mended = Record.objects.get(name="打错电话的人")
    assert Tie.objects.filter(subject=mended, object=neighbours.homes[0], kind="lives_in").count() == 1
    assert not Operation.objects.filter(result="refused", settled_at=None).exists()


def test_a_phone_that_was_taken_back_keeps_nothing(
    telephone: Telephone, cable: Cable, cast: Cast, neighbours: Neighbours
) -> None:
    telephone.on(cookies=signed_in(cast, cable.url)).enrol()
    telephone.off()
    supervisor = cast.actor("supervisor")
    revoke(Device.objects.get().id, actor=supervisor, reason="手机丢失", at=timezone.now())
    telephone.on().type_pin()
    expect(telephone.page.get_by_role("heading", name="本机已停用")).to_be_visible()
    telephone.off()
    telephone.on()
    expect(telephone.page.get_by_text("涂门街")).to_have_count(0)
    expect(telephone.page.locator(".pad")).to_have_count(0)


def test_ten_wrong_pins_close_the_phone_until_somebody_signs_in_and_lose_nothing(
    telephone: Telephone, cable: Cable, cast: Cast, neighbours: Neighbours
) -> None:
    telephone.on(cookies=signed_in(cast, cable.url)).enrol()
    cable.cut()
    telephone.visit(neighbours.homes[0], "见到人")
    telephone.waits(1)
    telephone.off()
    telephone.on()
    for _try in range(10):
        telephone.type_wrong_pin()
    expect(telephone.page.get_by_role("heading", name="应用已封存")).to_be_visible()
    cable.mend()
    telephone.off()
    telephone.on(cookies=signed_in(cast, cable.url))
    for _time in range(2):
        telephone.type_pin("840263")
    telephone.waits(0)
    assert Visit.objects.get().outcome == "done"
    telephone.off()
    telephone.on().unlock("840263")
