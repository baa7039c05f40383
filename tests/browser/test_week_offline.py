"""A week of work with the network really cut; then back: everything there once, conflicts before the right eyes."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

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
    now = timezone.now()
    first, second, third = neighbours.homes
    person, other, _last = neighbours.people
    worker = cast.actor("grid_worker")
    wish = {"kind": "medicine", "text": "到社区卫生站取药", "name": "周大爷", **IN_E10}
    errand = open_case("errands", wish, actor=worker, channel="app", for_another=True).case
    act(errand.id, "take", actor=worker)
    telephone.on(cookies=signed_in(cast, cable.url), at=now - timedelta(days=6)).enrol()
    expect(telephone.page.get_by_text("涂门街").first).to_be_visible()
    telephone.off()
    cable.cut()

    # Monday: a visit with a photo.
    telephone.on(at=now - timedelta(days=5)).unlock()
    telephone.go("visit", first)
    telephone.choose("见到人")
    telephone.write("备注", "老人身体好，想找人修水龙头")
    telephone.page.locator("input[type=file]").last.set_input_files(photo)
    telephone.save("保存走访")
    telephone.waits(1)
    telephone.off()

    # Tuesday: a correction that the office makes as well, and somebody new in the house.
    telephone.on(at=now - timedelta(days=4)).unlock()
    telephone.waits(1)
    telephone.go("edit", person)
    telephone.write("姓名", "周老伯")
    telephone.choose("走访所见所闻")
    telephone.save()
    telephone.waits(2)
    telephone.go(f"add/person?of={second}")
    telephone.write("姓名", "新来的租客")
    telephone.choose("走访所见所闻")
    telephone.save()
    telephone.waits(4)
    telephone.off()
    clerk = cast.actor("clerk")
    said = {"base": 1, "source": Source.OFFICE, "on": now.date(), "actor": clerk}
    change(person, {"name": "周建国"}, at=now - timedelta(days=3), **said)  # type: ignore[arg-type]
    change(other, {"stay": "away"}, at=now - timedelta(days=3), **said)  # type: ignore[arg-type]

    # Wednesday: a step of an errand, and a broken lamp on the way.
    telephone.on(at=now - timedelta(days=3)).unlock()
    telephone.go("act", errand.id, "step")
    telephone.tell("药已取到，明天送去")
    telephone.save("保存：记录办理经过")
    telephone.waits(5)
    telephone.go("report")
    telephone.tell("涂门街路灯不亮")
    telephone.press("我的位置")
    telephone.save()
    telephone.waits(6)
    telephone.off()

    # Thursday: two visits, and a telephone number that nobody else touched.
    telephone.on(at=now - timedelta(days=2)).unlock()
    telephone.waits(6)
    for home, outcome in ((second, "不在家"), (third, "见到人")):
        telephone.go("visit", home)
        telephone.choose(outcome)
        telephone.save("保存走访")
    telephone.waits(8)
    telephone.go("edit", other)
    telephone.write("电话", "0595-07654320")
    telephone.choose("走访所见所闻")
    telephone.save()
    telephone.waits(9)
    telephone.off()

    # A week later the app has a newer version and the cable is whole.
    renew_app(monkeypatch, tmp_path / "newer")
    cable.mend()
    telephone.on(at=now).unlock()
    telephone.press("同步")
    expect(telephone.page.locator(".strip-state small")).to_contain_text("1项需要您处理")
    telephone.waits(0)

    assert sorted(Visit.objects.values_list("dwelling", "outcome")) == sorted(
        [(first, "done"), (second, "absent"), (third, "done")]
    )
    visit = Visit.objects.get(dwelling=first)
    assert abs(visit.at - (now - timedelta(days=5))) < timedelta(minutes=10)
    assert Attachment.objects.filter(subject=first).count() == 1
    tenant = Record.objects.get(name="新来的租客")
    assert Tie.objects.filter(subject=tenant, object=second, kind="lives_in", until=None).count() == 1
    assert Record.objects.get(pk=person).name == "周老伯"
    waiting = Proposal.objects.get(state=Proposal.State.WAITING)
    assert (waiting.record_id, waiting.why, waiting.values) == (person, Proposal.Why.OVER, {"name": "周建国"})
    changed = Record.objects.get(pk=other)
    assert changed.values["stay"] == "away"
    shown = reveal(other, ["phone"], actor=clerk, purpose=Purpose.HANDLING, at=now)
    assert shown["phone"] == "059507654320"
    assert not Operation.objects.filter(result__in=["held", "refused"]).exists()
    assert Case.objects.get(service="errands").state == "under_way"
    lamp = Case.objects.get(service="requests")
    assert (lamp.text, lamp.grid and lamp.grid.code, lamp.reporter_id) == ("涂门街路灯不亮", "e10", worker.account)

    # The conflict is before the clerk, and one press takes the office's word back.
    desk = someone("clerk")
    desk.go("/desk/register/proposals/")
    desk.reads("周建国", "周老伯")


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


def test_ten_wrong_pins_close_the_phone_until_somebody_signs_in(
    telephone: Telephone, cable: Cable, cast: Cast, neighbours: Neighbours
) -> None:
    telephone.on(cookies=signed_in(cast, cable.url)).enrol()
    telephone.off()
    telephone.on()
    for _try in range(10):
        telephone.type_wrong_pin()
    expect(telephone.page.get_by_role("heading", name="应用已封存")).to_be_visible()
