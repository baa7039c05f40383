"""The registers at the desk, as sentences."""

import io
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from citong.core.ledger.models import Entry
from citong.core.people.models import Account
from citong.core.places.current import day_of
from citong.services.mediation.kinds import Kind, Language
from citong.services.mediation.models import Body, Interest, Mediator, Room
from citong.services.mediation.tests.conftest import At
from tests.mediators import Mediators

pytestmark = pytest.mark.django_db
NEW = {
    "name": "林新人", "phone": "0595-02345679", "sort": "mediator", "fields_": ["neighbour"], "languages": ["minnan"],
    "most": "8", "term_begins": "2026-01-01", "term_ends": "2029-01-01", "published": "on",
}  # fmt: skip


def page(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def body(mediators: Mediators, code: str = "village-e1") -> list[Any]:
    return [mediators.bodies[code].id]


def test_a_clerk_sees_the_bodies_of_the_area_and_none_of_another(at: At) -> None:
    shown = page(at("clerk").get(reverse("mediation_bodies")))
    assert "东一社区调委会" in shown and "陈长者工作室" in shown
    assert "西一社区调委会" not in shown
    assert "2 mediators" in shown


def test_a_head_sees_the_own_body_alone(at: At) -> None:
    shown = page(at("head").get(reverse("mediation_bodies")))
    assert "东一社区调委会" in shown
    assert "陈长者工作室" not in shown


@pytest.mark.parametrize("who", ["elder", "judge", "expert", "handler", "resident", "outsider", "grid_worker"])
def test_for_everybody_else_there_is_no_such_page(at: At, who: str) -> None:
    assert at(who).get(reverse("mediation_bodies")).status_code == 404


def test_another_body_is_like_one_that_does_not_exist(at: At, mediators: Mediators) -> None:
    other = mediators.bodies["medical"].id
    for id in (other, uuid4()):
        assert at("head").get(reverse("mediation_body", args=[id])).status_code == 404
    person = mediators.register["medical"].id
    assert at("head").get(reverse("mediation_person", args=[*body(mediators), person])).status_code == 404


def test_the_list_is_narrowed_by_kind_dispute_language_and_words(at: At) -> None:
    def names(**asked: str) -> set[str]:
        shown = page(at("clerk").get(reverse("mediation_bodies"), asked))
        return {
            name
            for name in ("陈长者工作室", "东街道调委会", "东区商事调解中心", "东区劳动争议调解中心")
            if name in shown
        }

    assert names(kind="commercial") == {"东区商事调解中心"}
    assert names(field="labour") == {"陈长者工作室", "东街道调委会", "东区劳动争议调解中心"}
    assert names(language="minnan") == {"陈长者工作室"}
    assert names(q="何街道") == {"东街道调委会"}
    assert names(kind="nonsense") == {"陈长者工作室", "东街道调委会", "东区商事调解中心", "东区劳动争议调解中心"}


def test_the_list_makes_as_many_queries_for_many_bodies_as_for_few(at: At) -> None:
    client = at("clerk")
    client.get(reverse("mediation_bodies"))
    counts = []
    for asked in ({"kind": "studio"}, {}):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("mediation_bodies"), asked)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_body_shows_its_people_what_they_have_and_whose_term_ends(at: At, mediators: Mediators) -> None:
    Mediator.objects.filter(account=mediators.second).update(term_ends=day_of(timezone.now()))
    Body.objects.filter(unit__code="village-e1").update(members=2, women=0)
    shown = page(at("head").get(reverse("mediation_body", args=body(mediators))))
    assert "许调解" in shown and "0 / 10" in shown
    assert "three to nine members" in shown and "one member of a committee is a woman" in shown
    assert "pill-late" in shown


def test_a_head_takes_somebody_in_and_changes_and_ends_the_entry(at: At, mediators: Mediators) -> None:
    client, held = at("head"), body(mediators)
    answer = client.post(reverse("mediation_person_new", args=held), NEW)
    assert answer.status_code == 302
    one = Mediator.objects.get(account__username="059502345679")
    assert (one.account.name, one.fields, one.languages, one.most) == ("林新人", [Kind.NEIGHBOUR], [Language.MINNAN], 8)
    address = reverse("mediation_person", args=[*held, one.id])
    assert client.post(address, NEW | {"most": "3"}).status_code == 302
    one.refresh_from_db()
    assert one.most == 3
    ends = reverse("mediation_person_end", args=[*held, one.id])
    assert "?" in page(client.get(ends))
    assert client.post(ends, {"ends_on": day_of(timezone.now()), "reason": "调离"}).status_code == 302
    assert "林新人" not in page(client.get(reverse("mediation_body", args=held))).split("Changes")[0]


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(at: At, mediators: Mediators) -> None:
    address = reverse("mediation_person_new", args=body(mediators))
    answer = at("head").post(address, NEW | {"term_ends": "2025-01-01", "phone": ""})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "The term must end after it begins." in shown and "Give a sign-in name or a telephone number." in shown
    assert "林新人" in shown
    taken = at("head").post(address, NEW | {"username": "resident"})
    assert taken.status_code == 422 and "somebody else" in taken.content.decode()


def test_a_body_that_is_no_commercial_one_can_not_charge(at: At, mediators: Mediators) -> None:
    address = reverse("mediation_body_change", args=body(mediators))
    answer = at("head").post(address, {"kind": "village", "charges": "on", "fee": "100"})
    assert answer.status_code == 422
    assert "takes no fee" in answer.content.decode()


def test_a_clerk_enters_a_body_and_ends_it(at: At) -> None:
    client = at("clerk")
    said = {"name": "老兵调解室", "division": "e2", "kind": "studio", "named_after": "老兵", "published": "on"}
    client.post(reverse("mediation_body_new"), said)
    made = Body.objects.get(unit__name="老兵调解室")
    assert at("head").get(reverse("mediation_body_new")).status_code == 404
    assert client.post(reverse("mediation_body_new"), said | {"division": "w1"}).status_code == 422
    client.post(reverse("mediation_body_end", args=[made.id]), {"reason": "合并"})
    made.refresh_from_db()
    assert made.ended_on is not None


def test_rooms_come_and_go(at: At, mediators: Mediators) -> None:
    client, held = at("head"), body(mediators)
    client.post(reverse("mediation_room_new", args=held), {"name": "二号室", "capacity": "6"})
    room = Room.objects.get(name="二号室")
    client.post(reverse("mediation_room_end", args=[*held, room.id]))
    room.refresh_from_db()
    assert room.ended_on is not None


def test_a_mediator_reads_the_own_entry_and_declares_a_tie(at: At, mediators: Mediators) -> None:
    client = at("elder")
    assert "陈长者工作室" in page(client.get(reverse("my_register")))
    client.post(reverse("mediation_my_tie_new"), {"sort": "relative", "name": "陈亲戚"})
    tie = Interest.objects.get(mediator=mediators.register["elder"])
    shown = page(client.get(reverse("my_register")))
    assert "Relative" in shown and "陈亲戚" not in shown
    client.post(reverse("mediation_my_tie_end", args=[tie.id]), {"reason": "不再有此关系"})
    tie.refresh_from_db()
    assert tie.ended_on is not None
    other = at("committee")
    assert other.post(reverse("mediation_my_tie_end", args=[tie.id]), {"reason": "x"}).status_code == 404


TABLE = [
    ["姓名", "联系电话", "擅长领域", "语言", "上限", "聘期起", "聘期止", "备用"],
    ["林一", "13800000001", "邻里、婚姻家庭", "闽南语 普通话", "6", "2026-01-01", "2029-01-01", "x"],
    ["林二", "13800000002", "看相", "闽南话", "6", "2026/1/1", "", ""],
    ["林三", "", "邻里", "", "6", "", "", ""],
    ["林四", "13800000004", "", "", "200000", "2026-01-01", "", ""],
]


def sheet(rows: list[list[str]]) -> SimpleUploadedFile:
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return SimpleUploadedFile("调解员.xlsx", content.getvalue())


def test_a_table_comes_in_with_a_look_at_it_first_and_what_is_wrong_comes_back(
    at: At, mediators: Mediators, settings: Any, tmp_path: Any
) -> None:
    settings.HOME = tmp_path
    client, address = at("head"), f"{reverse('mediation_table_new')}?body={body(mediators)[0]}"
    assert client.post(address, {"file": sheet(TABLE)}).status_code == 302
    seen = page(client.get(reverse("mediation_table")))
    assert seen.count(">new<") == 1 and seen.count(">refused<") == 3
    assert "“看相” is none of" in seen and "Give a sign-in name or a telephone number." in seen
    assert not Account.objects.filter(username="13800000001").exists()
    client.post(reverse("mediation_table_bring"))
    one = Mediator.objects.get(account__username="13800000001")
    assert (one.fields, one.languages, one.most) == (["neighbour", "family"], ["minnan", "putonghua"], 6)
    done = page(client.get(reverse("mediation_table")))
    assert "<dd>1</dd>" in done and "<dd>3</dd>" in done
    mended = load_workbook(io.BytesIO(content_of(client.get(reverse("mediation_table_repair")))))
    rows = list(mended.active.values)
    assert [row[0] for row in rows] == ["姓名", "林二", "林三", "林四"]
    assert "看相" in str(rows[1][-1])


def test_the_same_table_again_changes_nothing_and_a_changed_cell_changes_the_entry(
    at: At, mediators: Mediators, settings: Any, tmp_path: Any
) -> None:
    settings.HOME = tmp_path
    client, address = at("head"), f"{reverse('mediation_table_new')}?body={body(mediators)[0]}"
    for most, what in (("6", "new"), ("6", "says what stands"), ("9", "changes an entry")):
        rows = [TABLE[0], [*TABLE[1][:4], most, *TABLE[1][5:]]]
        client.post(address, {"file": sheet(rows)})
        assert f">{what}<" in page(client.get(reverse("mediation_table")))
        client.post(reverse("mediation_table_bring"))
    assert Mediator.objects.get(account__username="13800000001").most == 9


def test_a_clerks_table_names_the_body_and_no_body_of_another_area(
    at: At, settings: Any, tmp_path: Any
) -> None:  # fmt: skip
    settings.HOME = tmp_path
    client = at("clerk")
    rows = [
        ["姓名", "电话", "调解组织"],
        ["林一", "13800000001", "东街道调委会"],
        ["林二", "13800000002", "西一社区调委会"],
    ]
    client.post(reverse("mediation_table_new"), {"file": sheet(rows)})
    client.post(reverse("mediation_table_bring"))
    assert Mediator.objects.get(account__username="13800000001").body.unit.code == "town-es"
    assert not Account.objects.filter(username="13800000002").exists()
    assert at("head").get(reverse("mediation_table_new")).status_code == 404


def test_the_register_leaves_as_a_file_that_can_come_in_again_and_the_ledger_knows(
    at: At, mediators: Mediators, settings: Any, tmp_path: Any
) -> None:
    settings.HOME = tmp_path
    client = at("clerk")
    answer = client.post(reverse("mediation_export"), {"kind": "village"})
    content = content_of(answer)
    assert "许调解" in content.decode() and "陈长者" not in content.decode()
    assert Entry.objects.get(kind="export").facts["rows"] == 2
    client.post(reverse("mediation_table_new"), {"file": SimpleUploadedFile("r.csv", content)})
    assert page(client.get(reverse("mediation_table"))).count(">says what stands<") == 2
