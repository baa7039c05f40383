"""The phones' doors: who is let in, what is told and how short, and what is refused."""

import gzip
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from citong.adapters.field.tests.conftest import Knocking
from citong.core.ledger.models import Entry
from citong.core.people.models import Look
from citong.core.sync import pieces
from citong.core.sync.models import Device, Operation
from citong.core.sync.scopes import of_account, of_grid, scopes_of
from citong.core.sync.tests.test_push import sha
from citong.web.throttle import LIMITS
from tests.cast import Cast
from tests.things import PNG

pytestmark = pytest.mark.django_db
POINT = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"


def enrolled(client: Client, **said: Any) -> Any:
    body = {"name": "我的手机", "key": POINT, "app": "1"} | said
    return client.post("/field/devices", json.dumps(body), content_type="application/json")


def test_a_grid_worker_enrols_a_phone_and_gets_its_share_again(cast: Cast, at: Callable[[str], Client]) -> None:
    client = at("grid_worker")
    answer = enrolled(client)
    said = answer.json()
    assert answer.status_code == 201 and len(said["share"]) == 43 and abs(said["now"] - time.time()) < 30
    assert said["account"] == {"id": str(cast.grid_worker.pk), "name": "陈网格", "language": "zh-hans"}
    again = client.post(f"/field/devices/{said['device']}/share")
    assert again.json()["share"] == said["share"]
    assert [entry.act for entry in Entry.objects.filter(subject=said["device"]).order_by("position")] == [
        "enrol", "share",
    ]  # fmt: skip
    share = bytes(Device.objects.get(pk=said["device"]).share)
    assert said["share"].encode() not in share
    assert at("clerk").post(f"/field/devices/{said['device']}/share").status_code == 404


@pytest.mark.parametrize(("who", "said", "status"), [
    ("clerk", {}, 403), ("resident", {}, 403), ("grid_worker", {"key": "AAAA"}, 422), ("grid_worker", {"key": 7}, 422),
    ("grid_worker", {"key": POINT[:-3] + "AAA"}, 422),
])  # fmt: skip
def test_nobody_else_enrols_and_no_key_that_is_none(
    at: Callable[[str], Client], who: str, said: dict[str, Any], status: int
) -> None:
    assert enrolled(at(who), **said).status_code == status
    assert enrolled(Client()).status_code == 401


def test_a_worker_has_at_most_five_phones(at: Callable[[str], Client]) -> None:
    client = at("grid_worker")
    assert [enrolled(client).status_code for _ in range(6)] == [201] * 5 + [409]


def test_the_enrolment_page_knows_who_is_signed_in(at: Callable[[str], Client]) -> None:
    assert at("grid_worker").get("/field/csrf").json()["account"]["name"] == "陈网格"
    assert Client().get("/field/csrf").json()["account"] is None


def test_a_request_is_taken_as_it_was_signed_and_in_its_time(knocking: Knocking) -> None:
    body = {"scopes": {}, "waiting": 0, "oldest": None, "app": "1"}
    assert knocking.send("POST", "/field/pull", body).status_code == 200
    wrong = [
        knocking.send("POST", "/field/pull", body, tampered=b"{}"),
        knocking.send("POST", "/field/pull", body, seconds=int(time.time()) - 400),
        knocking.send("POST", "/field/pull", body, seconds=int(time.time()) + 400),
        Client().post("/field/pull"),
        Client().post("/field/pull", headers={"Authorization": f"Citong {knocking.device.id} {int(time.time())} AAAA"}),
        Client().post("/field/pull", headers={"Authorization": "Citong x y"}),
    ]
    assert {answer.status_code for answer in wrong} == {401}
    assert all(abs(answer.json()["now"] - time.time()) < 30 for answer in wrong)


def test_a_device_we_do_not_know_is_not_told_to_wipe_itself(knocking: Knocking) -> None:
    Device.objects.all().delete()
    answer = knocking.send("POST", "/field/pull", {"scopes": {}})
    assert answer.status_code == 401 and answer.json()["unknown"] is True


def test_a_revoked_phone_and_one_of_a_closed_account_are_told_to_wipe_themselves(
    cast: Cast, knocking: Knocking, at: Callable[[str], Client]
) -> None:
    path = f"/desk/devices/{knocking.device.id}/revoke"
    assert at("clerk").post(path, {"reason": "x"}).status_code == 404
    assert at("supervisor").post(path, {"reason": "丢失"}).status_code == 302
    answer = knocking.send("POST", "/field/pull", {"scopes": {}})
    assert (answer.status_code, answer.json()) == (410, {"revoked": True})
    assert Entry.objects.get(subject=knocking.device.id, act="revoke").actor == cast.supervisor.id
    other = Knocking(cast.grid_worker)
    cast.grid_worker.is_active = False
    cast.grid_worker.save()
    assert other.send("GET", "/field/forms").status_code == 410


def test_a_worker_revokes_their_own_phone_without_a_reason_and_a_supervisor_with_one(
    cast: Cast, knocking: Knocking, at: Callable[[str], Client]
) -> None:
    path = f"/desk/devices/{knocking.device.id}/revoke"
    at("supervisor").post(path)
    assert not Device.objects.filter(revoked_at__isnull=False).exists()
    at("grid_worker").post(path)
    assert Device.objects.get(revoked_at__isnull=False).revoked_by_id == cast.grid_worker.id


def test_an_unchanged_pull_is_204_and_short(knocking: Knocking, settings: Any) -> None:
    """Whatever may change is in this test's own transaction, which the feed does not read: so nothing changes."""
    settings.THROTTLE = 1
    first = knocking.send("POST", "/field/pull", {"scopes": {}, "waiting": 0, "app": "1"})
    assert first.json()["fill"] == sorted(scopes_of(knocking.actor()))
    cursors = {}
    for scope in first.json()["fill"]:
        load = knocking.send("GET", f"/field/first/{scope}", headers={"Accept-Encoding": "gzip"})
        cursors[scope] = json.loads(gzip.decompress(load.content))["cursor"]
    with CaptureQueriesContext(connection) as asked:
        answer = knocking.send("POST", "/field/pull", {"scopes": cursors, "waiting": 0, "app": "1"})
    assert answer.status_code == 204 and answer.content == b""
    head = "".join(f"{name}: {value}\r\n" for name, value in answer.items())
    assert len(head) < 60 and len(asked) == 3, "the device, its seats, the feed"


def test_a_first_load_is_kept_by_its_tag_and_only_of_ones_own_scopes(knocking: Knocking) -> None:
    scope = of_grid("e10")
    load = knocking.send("GET", f"/field/first/{scope}")
    assert load.json()["scope"] == scope
    assert knocking.send("GET", f"/field/first/{scope}", headers={"If-None-Match": load["ETag"]}).status_code == 304
    assert knocking.send("GET", f"/field/first/{of_grid('e20')}").status_code == 404
    mine = knocking.send("GET", f"/field/first/{of_account(knocking.account.pk)}")
    assert mine.json()["rows"] == []


def test_what_the_phone_says_of_itself_is_on_the_page_of_phones(
    knocking: Knocking, at: Callable[[str], Client]
) -> None:
    oldest = timezone.now() - timedelta(days=2)
    knocking.send("POST", "/field/pull", {"scopes": {}, "waiting": 7, "oldest": oldest.isoformat(), "app": "abc123"})
    for who in ("supervisor", "grid_worker", "administrator"):
        page = at(who).get("/desk/devices/").content.decode()
        assert "abc123" in page and "something waits" in page
    assert "abc123" not in at("outsider").get("/desk/devices/").content.decode()
    assert at("clerk").get("/desk/devices/").status_code == 404


def test_a_scope_that_was_taken_and_not_forgotten_is_on_the_page(
    cast: Cast, knocking: Knocking, at: Callable[[str], Client]
) -> None:
    scope = of_grid("e10")
    knocking.send("GET", f"/field/first/{scope}")
    cast.grid_worker.appointments.get().beats.filter(grid="e10").delete()
    assert scope in at("supervisor").get("/desk/devices/").content.decode()
    assert knocking.send("POST", "/field/pull", {"scopes": {scope: "x"}}).json()["forget"] == [scope]
    assert knocking.send("POST", "/field/forgotten", {"scopes": [scope]}).status_code == 204
    assert scope not in at("supervisor").get("/desk/devices/").content.decode()


def test_what_is_pushed_is_answered_for(knocking: Knocking) -> None:
    knocking.say("read", {"notices": []})
    body = {"now": time.time(), "operations": list(knocking.box.values())}
    first, again = (knocking.send("POST", "/field/push", body).json() for _ in range(2))
    assert [answer["result"] for answer in first["answers"]] == ["done"]
    assert first["answers"] == again["answers"] and Operation.objects.count() == 1


@pytest.mark.parametrize(("body", "status"), [
    (b"", 400), (b"[]", 400), (b"{}", 400), (b'{"operations": 7}', 400), (b'{"operations": [7]}', 400),
    (b"[" * 100_000, 400), (b"\xff", 400), (b'{"operations": [' + b",".join([b"{}"] * 51) + b"]}", 413),
    (b'{"operations": [{"x": "' + b"x" * 500_000 + b'"}]}', 413), (b'{"x": "' + b"x" * 2_100_000 + b'"}', 413),
])  # fmt: skip
def test_what_can_not_be_read_or_is_too_much_is_refused(knocking: Knocking, body: bytes, status: int) -> None:
    assert knocking.send("POST", "/field/push", body).status_code == status


def test_each_door_has_its_methods(knocking: Knocking) -> None:
    assert knocking.send("GET", "/field/pull").status_code == 405
    assert knocking.send("POST", "/field/forms").status_code == 405
    assert knocking.send("GET", f"/field/pieces/{sha(PNG)}").status_code == 405


def test_a_phone_that_asks_without_end_waits(knocking: Knocking, settings: Any, monkeypatch: Any) -> None:
    settings.THROTTLE = 0.01
    answers = [knocking.send("GET", "/field/map") for _ in range(LIMITS["phone"].most // 100 + 1)]
    assert [answer.status_code for answer in answers] == [200] * (len(answers) - 1) + [429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_a_photo_comes_in_pieces(knocking: Knocking) -> None:
    path, size = f"/field/pieces/{sha(PNG)}", len(PNG)
    assert knocking.send("HEAD", path)["Citong-Have"] == "0"
    assert knocking.send("PUT", f"{path}?at=0&of={size}", PNG[:30]).json() == {"have": 30}
    assert knocking.send("HEAD", path)["Citong-Have"] == "30"
    whole = knocking.send("PUT", f"{path}?at=30&of={size}", PNG[30:])
    assert (whole.status_code, whole.json()) == (201, {"have": size})
    wrong = knocking.send("PUT", f"/field/pieces/{'0' * 64}?at=0&of={size}", PNG)
    assert wrong.status_code == 422 and wrong.json()["have"] == 0
    assert knocking.send("PUT", f"{path}?at=x&of={size}", PNG).status_code == 422
    assert knocking.send("PUT", f"/field/pieces/..%2f..?at=0&of={size}", PNG).status_code in (404, 422)


def test_a_file_that_is_no_photo_is_refused_when_it_is_whole(knocking: Knocking) -> None:
    words, device = b"no photo at all", knocking.device
    named = {"field": "photos", "sha256": sha(words), "name": "x.png", "size": len(words)}
    form = {"text": "井盖缺失", "place": {"lon": 118.605, "lat": 24.905, "accuracy": 9}}
    knocking.say("open", {"service": "requests", "form": form, "files": [named]})
    assert knocking.push()[0]["result"] == "done"
    answer = knocking.send("PUT", f"/field/pieces/{sha(words)}?at=0&of={len(words)}", words)
    assert answer.status_code == 422 and pieces.have(device.id, sha(words)) == 0


def test_the_forms_are_told_in_the_workers_language_and_kept_by_their_tag(cast: Cast, knocking: Knocking) -> None:
    answer = knocking.send("GET", "/field/forms")
    told = answer.json()
    assert told["kinds"]["person"]["fields"][0] | {"help": ""} == {
        "name": "name", "label": told["kinds"]["person"]["fields"][0]["label"], "type": "text", "required": True,
        "help": "", "choices": [], "longest": 60, "merge": "field",
    }  # fmt: skip
    fields = {field["name"]: field for field in told["kinds"]["person"]["fields"]}
    assert fields["phone"]["type"] == "phone" and fields["phone"]["sealed"] and fields["born_on"]["type"] == "date"
    report = {field["name"]: field for field in told["services"]["requests"]["open"]["fields"]}
    assert report["place"]["type"] == "place" and not {"lon", "webhook", "reporting"} & report.keys()
    assert report["photos"]["type"] == "photos"
    assert report["text"]["type"] == "words" and ["urban.manhole", "　井盖"] in report["category"]["choices"]
    acts = told["services"]["requests"]["acts"]
    assert "feed_back" in acts and "accept" not in acts and acts["feed_back"]["to"] == "checking"
    assert "visiting" in told["purposes"] and "visit" in told["sources"] and "lives_in" in told["ties"]
    assert knocking.send("GET", "/field/forms", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    cast.grid_worker.language = "en"
    cast.grid_worker.save()
    assert knocking.send("GET", "/field/forms").json()["services"]["requests"]["label"] == "Service requests"


def test_the_map_shows_ones_own_grids_and_those_around(knocking: Knocking) -> None:
    told = knocking.send("GET", "/field/map").json()
    assert [one["properties"]["code"] for one in told["grids"]["features"]] == ["e10", "e11", "e12", "e13"]
    assert {one["properties"]["code"] for one in told["around"]["features"]} == {"e20", "e22", "w21", "w23"}
    assert told["bounds"] == [118.6, 24.9, 118.62, 24.92]


def test_the_supervisor_sees_tries_and_settles_what_could_not_be_done(
    cast: Cast, knocking: Knocking, at: Callable[[str], Client]
) -> None:
    id = knocking.say("change", {"set": {"room": "8"}})
    knocking.push()
    client, path = at("supervisor"), f"/desk/devices/refused/{id}/"
    assert "陈网格" in client.get("/desk/devices/refused/").content.decode()
    page = client.get(path).content.decode()
    assert "&quot;room&quot;: &quot;8&quot;" in page
    assert Look.objects.filter(subject=Operation.objects.get(pk=id).subject, account=cast.supervisor.id).exists()
    assert client.post(f"{path}again").headers["Location"] == path
    assert client.post(f"{path}settle", {"reason": " "}).status_code == 422
    assert client.post(f"{path}settle", {"reason": "已当面核实"}).status_code == 302
    assert client.get(path).status_code == 404
    assert at("clerk").get("/desk/devices/refused/").status_code == 404


def test_the_shell_is_there_with_and_without_its_front_end(tmp_path: Any, monkeypatch: Any, town: Any) -> None:
    monkeypatch.setattr("citong.adapters.field.shell.BUILT", tmp_path)
    assert "npm run build" in Client().get("/field/").content.decode()
    (tmp_path / "index.html").write_text("<p>the app</p>")
    (tmp_path / "sw.js").write_text("self")
    answer = Client().get("/field/")
    assert answer.content == b"<p>the app</p>" and answer["Cache-Control"] == "no-cache"
    assert Client().get("/field/sw.js").content == b"self"
