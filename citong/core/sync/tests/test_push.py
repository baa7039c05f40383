"""What a phone says is done once, in order, and answered for; what can not be done stops nothing else and is kept."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from citong.core.cases.models import Case
from citong.core.files.models import Attachment
from citong.core.ledger.models import Entry
from citong.core.ledger.rows import Rows
from citong.core.people.access import Actor
from citong.core.people.models import Beat, Look
from citong.core.places.current import day_of, today
from citong.core.register import write
from citong.core.register.models import Proposal, Record, Tie
from citong.core.sync import box, files, pieces
from citong.core.sync.declare import Kind, Outcome, Result, Sent
from citong.core.sync.models import Awaited, Device, Operation
from citong.core.sync.registry import kinds
from citong.core.sync.tests.phones import Phone
from citong.kit.ids import uuid7
from tests.cast import Cast
from tests.things import PNG

pytestmark = pytest.mark.django_db


class Noted(Kind):
    """Does what it is told: {"do": "raise" | "refuse" | anything else}. Remembers its runs."""

    code = "noted"

    def __init__(self) -> None:
        self.runs: list[list[Sent]] = []

    def apply(self, sent: Sequence[Sent], *, actor: Actor, device: UUID, at: datetime, rows: Rows) -> list[Outcome]:
        self.runs.append(list(sent))
        if any(one.data.get("do") == "raise" for one in sent):
            Record.objects.create(id=sent[0].id, kind="place", name="half way", changed_at=at)
            raise ZeroDivisionError
        return [Outcome(Result.REFUSED if one.data.get("do") == "refuse" else Result.DONE) for one in sent]

    def ids(self) -> list[list[UUID]]:
        return [[one.id for one in run] for run in self.runs]


@pytest.fixture
def noted() -> Iterator[Noted]:
    kind = Noted()
    kinds()[kind.code] = kind
    yield kind
    del kinds()[kind.code]


@pytest.fixture
def phone(cast: Cast) -> Phone:
    return Phone(cast.grid_worker)


def dwelling(cast: Cast) -> Record:
    now = timezone.now()
    values, clerk = {"address": "中山路1号"}, cast.actor("clerk")
    return write.record("dwelling", values, actor=clerk, source="office", on=day_of(now), at=now, grid="e10")


def results(answers: Sequence[dict[str, Any]]) -> list[str]:
    return [answer["result"] for answer in answers]


def test_a_run_of_one_kind_is_done_in_one_go(phone: Phone, noted: Noted) -> None:
    said = [phone.say("noted", {"n": n}) for n in range(5)]
    assert results(phone.push()) == ["done"] * 5
    assert noted.ids() == [said]


def test_what_names_the_same_thing_is_done_one_after_the_other(phone: Phone, noted: Noted) -> None:
    home = uuid7()
    first, second = phone.say("noted", {"dwelling": str(home)}), phone.say("noted", {}, subject=home)
    third = phone.say("noted", {})
    phone.push()
    assert noted.ids() == [[first, third], [second]]


def test_said_again_it_is_answered_again_and_not_done_again(phone: Phone, noted: Noted) -> None:
    phone.say("noted", {})
    first, again, third = phone.push(), phone.push(), phone.push([*phone.box.values()] * 3)
    assert first == again == third[:1] and len(third) == 3
    assert len(noted.runs) == 1 and Operation.objects.count() == 1


def test_an_id_of_another_phone_is_refused_and_kept_from_it(cast: Cast, phone: Phone, noted: Noted) -> None:
    phone.say("noted", {"do": "refuse"})
    phone.push()
    other = Phone(cast.grid_worker)
    assert results(other.push(list(phone.box.values()))) == ["refused"]
    assert Operation.objects.get().device_id == phone.device.id


def test_what_builds_on_something_that_has_not_come_is_held_until_it_comes(phone: Phone, noted: Noted) -> None:
    first = phone.say("noted", {})
    second = phone.say("noted", {}, after=str(first))
    third = phone.say("noted", {}, after=str(second))
    box = phone.box
    assert results(phone.push([box[third]])) == ["held"]
    assert results(phone.push([box[second]])) == ["held"]
    device = Device.objects.get()
    assert device.held == 2 and Operation.objects.exclude(body=b"").count() == 2
    assert results(phone.push([box[first]])) == ["done"]
    assert noted.ids() == [[first], [second], [third]]
    assert results(phone.push()) == ["done"] * 3
    device.refresh_from_db()
    assert device.held == 0 and not Operation.objects.exclude(body=b"").exists()


def test_one_push_in_the_wrong_order_needs_no_holding(phone: Phone, noted: Noted) -> None:
    first = phone.say("noted", {})
    second = phone.say("noted", {}, after=str(first))
    assert results(phone.push([phone.box[second], phone.box[first]])) == ["done", "done"]
    assert noted.ids() == [[first], [second]]


def test_what_builds_on_something_refused_is_judged_by_itself(phone: Phone, noted: Noted) -> None:
    first = phone.say("noted", {"do": "refuse"})
    phone.say("noted", {}, after=str(first))
    assert results(phone.push()) == ["refused", "done"]


def test_what_its_worker_says_anew_leaves_the_supervisors_box(cast: Cast, phone: Phone, noted: Noted) -> None:
    refused = phone.say("noted", {"do": "refuse"})
    phone.push()
    phone.hear(list(phone.push()))
    stranger = Phone(cast.grid_worker)
    stranger.say("noted", {}, instead=str(refused))
    stranger.push()
    assert Operation.objects.get(pk=refused).settled_at is None
    phone.say("noted", {}, instead=str(refused))
    assert results(phone.push())[-1] == "done"
    mended = Operation.objects.get(pk=refused)
    assert mended.settled_at is not None and bytes(mended.body) == b"" and mended.result == "refused"


def test_what_was_held_too_long_is_done_with_a_mark(phone: Phone, noted: Noted) -> None:
    lost = uuid7()
    held = phone.say("noted", {}, after=str(lost))
    phone.push()
    assert box.force(at=timezone.now()) == 0
    Operation.objects.update(received_at=timezone.now() - box.LONGEST_HELD)
    assert box.force(at=timezone.now() + timedelta(minutes=1)) == 1
    found = Operation.objects.get(pk=held)
    assert (found.result, found.forced, found.answer["forced"], bytes(found.body)) == ("done", True, True, b"")
    assert noted.runs[0][0].forced
    assert Device.objects.get().held == 0


def test_one_that_breaks_is_kept_and_stops_no_other(phone: Phone, noted: Noted) -> None:
    phone.say("noted", {})
    broken = phone.say("noted", {"do": "raise", "words": "阿婆的钥匙"})
    phone.say("noted", {})
    assert results(phone.push()) == ["done", "refused", "done"]
    assert not Record.objects.filter(pk=broken).exists(), "nothing half way"
    kept = Operation.objects.get(pk=broken)
    assert "钥匙".encode() not in bytes(kept.body) and kept.body
    assert box.said(kept)["data"]["words"] == "阿婆的钥匙"


@pytest.mark.parametrize(
    "data", [{"a": "\0"}, {"a": "\ud800"}, {"files": [{"sha256": "\0"}]}, {"files": {}}, {"a": [[[[[[[[[["x"]]]]]]]]]]}]
)
def test_strange_words_break_nothing(phone: Phone, noted: Noted, data: Any) -> None:
    strange = {"after": 7, "subject": "x", "base": -1, "at": "\0", "kind": "\0", "id": "no"}
    phone.say("noted", data)
    phone.say("noted", data, base="x", after="self", at="yesterday")
    phone.box[phone.said[-1]]["subject"] = "\0"
    phone.say("change", data)
    phone.say("open", {"service": "requests", "form": data})
    answers = phone.push([*phone.box.values(), strange, {}])
    assert results(answers) == ["done", "done", "refused", "refused"]


def test_the_phones_clock_is_set_right_and_what_it_said_is_kept(phone: Phone, noted: Noted) -> None:
    now = timezone.now()
    behind, ahead = now - timedelta(days=2), now + timedelta(days=400)
    phone.say("noted", {}, at=(behind - timedelta(hours=1)).isoformat())
    phone.push(now=behind.timestamp())
    assert abs(noted.runs[0][0].at - (now - timedelta(hours=1))) < timedelta(seconds=30)
    phone.say("noted", {}, at=ahead.isoformat())
    phone.push()
    assert noted.runs[1][0].at <= timezone.now(), "never after now"
    assert Operation.objects.filter(said_at=ahead.isoformat()).exists()


def test_a_week_of_a_worker_is_done_as_it_was_said(cast: Cast, phone: Phone) -> None:
    home, person, tie = uuid7(), uuid7(), uuid7()
    day = today().isoformat()
    first = phone.say(
        "record", {"kind": "dwelling", "values": {"address": "中山路9号"}, "grid": "e11", "on": day}, subject=home
    )  # fmt: skip
    phone.say("record", {"kind": "person", "values": {"name": "陈阿婆"}, "grid": "e11", "on": day}, subject=person)
    named = {"kind": "lives_in", "subject": str(person), "object": str(home), "since": day, "source": "person"}
    phone.say("tie", named, subject=tie)
    phone.say("change", {"set": {"room": "301"}, "on": day}, subject=home, base=0, after=str(first))
    phone.say("change", {"set": {"phone": "13800138000"}, "source": "person", "on": day}, subject=person, base=0)
    phone.say("look", {"fields": ["phone"], "purpose": "visiting"}, subject=person)
    answers = phone.push()
    assert results(answers) == ["done"] * 6, answers
    assert Record.objects.get(pk=home).name == "中山路9号 301" and Tie.objects.get(pk=tie).subject_id == person
    said = Record.objects.get(pk=person).said
    assert said["phone"][1:3] == [str(phone.device.id), "person"]
    assert Look.objects.get(subject=person).account == cast.grid_worker.id
    entries = Entry.objects.filter(subject=home).order_by("position")
    assert [entry.act for entry in entries] == ["record", "change"]
    assert {entry.actor for entry in entries} == {cast.grid_worker.id}


def test_a_field_changed_on_both_sides_is_a_conflict_that_the_office_sees(cast: Cast, phone: Phone) -> None:
    home = dwelling(cast)
    now = timezone.now()
    write.change(
        home.id, {"room": "7"}, base=1, actor=cast.actor("clerk"), source="office", on=day_of(now), at=now
    )  # fmt: skip
    phone.say("change", {"set": {"room": "8"}}, subject=home.id, base=1)
    assert results(phone.push()) == ["conflict"]
    assert Record.objects.get(pk=home.id).values["room"] == "8"
    assert Proposal.objects.get().values == {"room": "7"}


def test_a_change_of_a_record_that_left_the_grid_is_kept_for_the_supervisor(cast: Cast, phone: Phone) -> None:
    home = dwelling(cast)
    Beat.objects.all().delete()
    phone.say("change", {"set": {"room": "8"}}, subject=home.id, base=1)
    assert results(phone.push()) == ["refused"]
    open_ones = box.refused(cast.actor("supervisor"))
    assert [one.subject for one in open_ones] == [home.id]
    assert box.refused(cast.actor("outsider")) == [] and box.refused(cast.actor("clerk")) == []


def test_the_supervisor_tries_again_or_settles_with_a_reason(cast: Cast, phone: Phone) -> None:
    home, boss = dwelling(cast), cast.actor("supervisor")
    beats = list(Beat.objects.all())
    Beat.objects.all().delete()
    first = phone.say("change", {"set": {"room": "8"}}, subject=home.id, base=1)
    second = phone.say("change", {"set": {"room": "9"}}, subject=home.id, base=1)
    phone.push()
    Beat.objects.bulk_create(beats)
    assert box.try_refused(first, actor=boss, at=timezone.now()).result == "done"
    assert Record.objects.get(pk=home.id).values["room"] == "8"
    box.settle(second, reason="工作员已确认为8号", actor=boss, at=timezone.now())
    settled = Operation.objects.get(pk=second)
    assert settled.settled_by_id == cast.supervisor.id and bytes(settled.body) == b""
    assert Entry.objects.get(subject=second).act == "settle"
    assert box.refused(boss) == []


def test_a_report_and_its_photo_come_together_or_one_after_the_other(cast: Cast, phone: Phone) -> None:
    place = {"lon": 118.605, "lat": 24.905}
    named = {"field": "photos", "sha256": sha(PNG), "name": "井盖.png", "type": "image/png", "size": len(PNG)}
    phone.say("open", {"service": "requests", "form": {"text": "井盖缺失"} | place, "files": [named]})
    answer = phone.push()[0]
    case = Case.objects.get(number=answer["number"])
    assert case.reporter_id == cast.grid_worker.id and case.channel == "app"
    now, device = timezone.now(), phone.device.id
    assert pieces.put(device, sha(PNG), PNG[:20], start=0, size=len(PNG), at=now) == (20, False)
    assert pieces.put(device, sha(PNG), PNG, start=0, size=len(PNG), at=now) == (20, False), "go on from there"
    assert pieces.put(device, sha(PNG), PNG[20:], start=20, size=len(PNG), at=now) == (len(PNG), True)
    files.attach(device, [sha(PNG)], at=now)
    hung = Attachment.objects.get(subject=case.id)
    assert Entry.objects.get(pk=hung.entry).act == "open" and hung.name == "井盖.png"
    assert pieces.have(device, sha(PNG)) == len(PNG) and not pieces.path_of(device, sha(PNG)).exists()


def test_files_that_are_here_first_go_through_the_form(cast: Cast, phone: Phone) -> None:
    device, now = phone.device.id, timezone.now()
    assert pieces.put(device, sha(PNG), PNG, start=0, size=len(PNG), at=now) == (len(PNG), True)
    files.attach(device, [sha(PNG)], at=now)
    named = {"field": "photos", "sha256": sha(PNG), "name": "井盖.png"}
    form = {"text": "井盖缺失", "lon": 118.605, "lat": 24.905}
    phone.say("open", {"service": "requests", "form": form, "files": [named]})
    answer = phone.push()[0]
    case = Case.objects.get(number=answer["number"])
    assert Attachment.objects.filter(subject=case.id).count() == 1 and not Awaited.objects.exists()
    assert Entry.objects.get(subject=case.id).facts["files"] == ["image/jpeg"]


def test_a_file_that_came_wrong_is_asked_for_anew_and_one_left_lying_is_swept(phone: Phone) -> None:
    device, now = phone.device.id, timezone.now()
    with pytest.raises(Exception, match="did not come through"):
        pieces.put(device, "0" * 64, PNG, start=0, size=len(PNG), at=now)
    assert pieces.have(device, "0" * 64) == 0
    pieces.put(device, sha(PNG), PNG[:5], start=0, size=len(PNG), at=now)
    assert pieces.sweep(at=now + timedelta(days=1)) == 0
    assert pieces.sweep(at=now + pieces.KEPT + timedelta(days=1)) == 1
    assert pieces.have(device, sha(PNG)) == 0


def test_a_phone_can_not_fill_the_disk(phone: Phone, monkeypatch: Any) -> None:
    monkeypatch.setattr(pieces, "MOST_FILES", 2)

    def put(name: str) -> int:
        return pieces.put(phone.device.id, name * 64, b"x", start=0, size=9, at=timezone.now())[0]

    assert put("a") == put("b") == 1
    with pytest.raises(pieces.TooMuch):
        put("c")
    assert put("a") == 1


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
