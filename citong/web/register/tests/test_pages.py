"""The pages of the register, as those who use them see them."""

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from citong.core.people.models import Look
from citong.core.register import write
from citong.core.register.models import Proposal, Record, TableImport, Tie
from citong.core.register.tasks import carry_table
from citong.web.panels import Panel
from citong.web.register.panels import _asked, shows
from citong.web.register.tests.conftest import IDENTITY, Browser
from tests.cast import Cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SAID = {"said-source": "visit", "said-on": "2026-06-01"}
Made = Callable[..., Record]


def page(client: Client, address: str, **rest: Any) -> str:
    answer = client.get(address, **rest)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_person_is_found_by_name_by_words_of_the_address_and_by_a_whole_number(
    browser: Browser, person: Record
) -> None:
    for words, kind in (("周独", "person"), (IDENTITY, "person"), ("138 0000 1111", "person"), ("涂门街", "dwelling")):
        assert "data-row" in page(browser("clerk"), f"/desk/register/?kind={kind}&q={words}"), words
    assert "data-row" not in page(browser("clerk"), "/desk/register/?kind=person&q=1380000")


def test_a_list_is_of_an_area_and_goes_on_by_key(browser: Browser, made: Made, monkeypatch: Any) -> None:
    monkeypatch.setattr("citong.web.register.records.listed.__kwdefaults__", {"purpose": "handling", "most": 2})
    for number in range(5):
        made("person", name=f"甲{number}", grid="e11" if number < 4 else "e20")
    client = browser("clerk")
    first = page(client, "/desk/register/?area=grid:e11")
    assert re.findall("甲[0-9]", first) == ["甲0", "甲1"] and "甲4" not in first
    more = re.search(r'hx-get="([^"]+)"', first)
    assert more is not None
    assert re.findall("甲[0-9]", page(client, "/desk/register/" + more[1].replace("&amp;", "&"), headers=HTMX)) == [
        "甲2",
        "甲3",
    ]


def test_whoever_has_another_area_finds_nothing(browser: Browser, made: Made) -> None:
    far = made("person", name="远方", grid="e20")
    client = browser("grid_worker")  # of the grids e10 to e13
    assert "远方" not in page(client, "/desk/register/")
    assert client.get(f"/desk/register/{far.id}/").status_code == 404


def test_numbers_are_masked_until_somebody_says_what_for_and_then_on_that_page_alone(
    browser: Browser, person: Record
) -> None:
    client = browser("clerk")
    address = f"/desk/register/{person.id}/"
    assert IDENTITY not in page(client, address)
    assert client.post(f"{address}show", {"purpose": ""}).status_code == 422
    shown = client.post(f"{address}show", {"purpose": "visiting"}, headers=HTMX).content.decode()
    assert IDENTITY in shown and "<html" not in shown
    assert IDENTITY in client.post(f"{address}show", {"purpose": "visiting"}).content.decode()
    assert IDENTITY not in page(client, address)
    assert Look.objects.filter(subject=person.id, purpose="visiting").count() == 2


def test_opening_a_record_leaves_one_look_in_ten_minutes_and_it_can_be_printed(
    browser: Browser, person: Record
) -> None:
    client = browser("supervisor")
    page(client, f"/desk/register/{person.id}/")
    page(client, f"/desk/register/{person.id}/")
    assert list(Look.objects.filter(subject=person.id).values_list("purpose", flat=True)) == ["supervision"]
    assert "Supervision" in page(client, f"/desk/register/{person.id}/looks")


def test_a_slip_lets_the_person_see_who_looked_and_nobody_else(browser: Browser, person: Record) -> None:
    page(browser("clerk"), f"/desk/register/{person.id}/")
    slip = browser("clerk").post(f"/desk/register/{person.id}/slip").content.decode()
    number, secret = re.findall(r"<dd>([^<]+)</dd>", slip)
    holder, stranger = Client(headers={"Accept-Language": "en"}), Client()
    answer = holder.post("/track/", {"number": number, "secret": secret}, follow=True).content.decode()
    assert "Who looked at your record" in answer and "东区指挥中心" in answer
    assert stranger.get(f"/track/{number}/looks/").status_code == 302
    assert "王受理" not in answer


def test_a_new_record_shows_its_twins_first_and_is_written_when_it_is_none_of_them(
    browser: Browser, person: Record
) -> None:
    client = browser("clerk")
    sent = {"name": "周独居", "phone": "13800001111", "where-grid": "e11"} | SAID
    hint = client.post("/desk/register/new/person/twins", sent, headers=HTMX).content.decode()
    assert "The same name and phone" in hint
    assert "The same name and phone" in client.post("/desk/register/new/person/", sent).content.decode()
    assert Record.objects.filter(kind="person").count() == 1
    answer = client.post("/desk/register/new/person/", sent | {"sure": "1", "key": "a" * 32})
    assert answer.status_code == 302 and Record.objects.filter(kind="person").count() == 2
    client.post("/desk/register/new/person/", sent | {"sure": "1", "key": "a" * 32})
    assert Record.objects.filter(kind="person").count() == 2  # a second click


def test_a_wrong_number_is_said_at_its_field_and_nothing_that_was_typed_is_lost(browser: Browser) -> None:
    answer = browser("clerk").post(
        "/desk/register/new/person/", {"name": "张三", "identity_number": "11010519491231002"} | SAID
    )
    assert answer.status_code == 422
    assert "has 18 signs" in answer.content.decode() and 'value="张三"' in answer.content.decode()


def test_a_need_is_a_situation_that_concerns_a_person_and_shows_its_end(browser: Browser, person: Record) -> None:
    client = browser("grid_worker")
    address = f"/desk/register/new/situation/?tie=concerns&to={person.id}"
    sent = {
        "sort": "alone",
        "details": "每周一次",
        "since": "2026-01-01",
        "until": "2027-01-01",
        "where-grid": "",
    } | SAID
    assert client.post(address, sent).status_code == 302
    shown = page(client, f"/desk/register/{person.id}/")
    assert "An old person living alone" in shown and "until 2027-01-01" in shown and "每周一次" not in shown


def test_a_change_leaves_an_empty_sealed_field_as_it_is_and_the_history_says_who_and_from_where(
    browser: Browser, person: Record
) -> None:
    client = browser("clerk")
    assert IDENTITY not in page(client, f"/desk/register/{person.id}/edit")
    sent = {"name": "周独居", "stay": "lives", "phone": "", "clear_phone": "on", "base": "1"}
    assert client.post(f"/desk/register/{person.id}/edit", sent | SAID | {"said-source": "paper"}).status_code == 302
    person.refresh_from_db()
    assert set(person.values) == {"name", "identity_number", "stay"}
    shown = page(client, f"/desk/register/{person.id}/")
    assert "Read from a paper shown" in shown and "王受理" in shown and "cleared" in shown


def test_an_office_mends_address_and_place_of_a_dwelling_together(browser: Browser, made: Made, cast: Cast) -> None:
    home = made("dwelling", address="东一社区1号", grid="e11")
    address, client = f"/desk/register/{home.id}/edit", browser("clerk")
    assert "another place" in page(client, address)
    sent = {"address": "东二社区1号", "base": "1"} | SAID
    assert client.post(address, sent).status_code == 422
    assert client.post(address, sent | {"address": "东一社区1号", "where-grid": "e20"}).status_code == 422
    home.refresh_from_db()
    assert (home.grid, home.version) == ("e11", 1)
    assert client.post(address, sent | {"where-grid": "e20"}).status_code == 302
    home.refresh_from_db()
    assert (home.grid, home.community, home.values["address"]) == ("e20", "e2", "东二社区1号")
    assert "Put in another place" in page(client, f"/desk/register/{home.id}/")


def test_what_is_put_in_another_district_is_with_the_office_there(browser: Browser, made: Made) -> None:
    home = made("dwelling", address="东一社区1号", grid="e11")
    sent = {"address": "西一社区1号", "base": "1", "where-grid": "w10"} | SAID
    answer = browser("clerk").post(f"/desk/register/{home.id}/edit", sent, follow=True)
    assert (answer.status_code, answer.redirect_chain) == (200, [("/desk/register/", 302)])
    home.refresh_from_db()
    assert (home.district, home.values["address"]) == ("w", "西一社区1号")


def test_a_grid_worker_puts_nothing_in_a_colleagues_grid(browser: Browser, made: Made) -> None:
    home = made("dwelling", address="东一社区1号", grid="e11")
    address, client = f"/desk/register/{home.id}/edit", browser("grid_worker")
    assert "another place" not in page(client, address)
    client.post(address, {"address": "东一社区2号", "base": "1", "where-grid": "e12"} | SAID)
    home.refresh_from_db()
    assert (home.grid, home.values["address"]) == ("e11", "东一社区2号")


def test_what_two_said_differently_waits_with_both_values_and_one_click_takes_the_other(
    browser: Browser, person: Record
) -> None:
    sent = {"name": "周独居", "base": "1"} | SAID
    browser("clerk").post(f"/desk/register/{person.id}/edit", sent | {"stay": "lives"})
    browser("grid_worker").post(f"/desk/register/{person.id}/edit", sent | {"stay": "away"})
    waiting = Proposal.objects.get()
    shown = page(browser("supervisor"), "/desk/register/proposals/")
    assert "Lives elsewhere" in shown and "Lives here" in shown and "陈网格" in shown
    browser("supervisor").post(f"/desk/register/proposals/{waiting.id}/", {"take": "yes", "reason": "asked again"})
    person.refresh_from_db()
    waiting.refresh_from_db()
    assert (person.values["stay"], waiting.state) == ("lives", "taken")
    assert "Nothing waits" in page(browser("supervisor"), "/desk/register/proposals/")


def test_nobody_decides_their_own_proposal(browser: Browser, person: Record, cast: Cast) -> None:
    own = Proposal.objects.create(
        record=person, why="guarded", values={"stay": "away"}, base=1, source="visit", author=cast.clerk,
        said_at=timezone.now(),
    )  # fmt: skip
    assert "nobody decides their own" in page(browser("clerk"), "/desk/register/proposals/")
    assert browser("clerk").post(f"/desk/register/proposals/{own.id}/", {"take": "yes"}).status_code == 404


def test_two_of_one_are_found_compared_merged_and_taken_apart(browser: Browser, person: Record, made: Made) -> None:
    twin = made("person", name="周独居", phone="13800001111", born_on="1949-12-31")
    client = browser("supervisor")
    found = page(client, "/desk/register/duplicates/?kind=person&area=street:es")
    assert f"/desk/register/duplicates/{person.id}/{twin.id}/" in found and "The same name and phone" in found
    assert "1949-12-31" in page(client, f"/desk/register/duplicates/{person.id}/{twin.id}/")
    client.post(f"/desk/register/duplicates/{person.id}/{twin.id}/", {"take": ["born_on"]})
    person.refresh_from_db()
    assert person.values["born_on"] == "1949-12-31"
    answer = client.get(f"/desk/register/{twin.id}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/register/{person.id}/")
    client.post(f"/desk/register/{twin.id}/unmerge")
    assert client.get(f"/desk/register/{twin.id}/").status_code == 200
    person.refresh_from_db()
    assert "born_on" not in person.values


def test_a_tie_is_made_from_a_search_and_ends_on_a_day(browser: Browser, person: Record, made: Made) -> None:
    shop = made("organisation", name="金山小卖部", sort="shop")
    client, address = browser("clerk"), f"/desk/register/{person.id}/tie"
    assert str(shop.id) in page(client, f"{address}?kind=works_at&q=金山")
    sent = {"kind": "works_at", "other": str(shop.id), "since": "2020-05-01", "source": "person"}
    assert client.post(address, sent).status_code == 302
    tie = Tie.objects.get(kind="works_at")
    assert "employs" in page(client, f"/desk/register/{shop.id}/")
    assert client.post(f"/desk/register/tie/{tie.id}/end", {"until": "2019-01-01"}).status_code == 422
    assert client.post(f"/desk/register/tie/{tie.id}/end", {"until": "2026-01-01"}).status_code == 302
    assert "2020-05-01 – 2026-01-01" in page(client, f"/desk/register/{shop.id}/")


def test_a_record_that_ended_leaves_the_lists_and_stays(browser: Browser, person: Record) -> None:
    client = browser("clerk")
    assert (
        client.post(f"/desk/register/{person.id}/end", {"on": "2026-06-01", "reason": "moved away"}).status_code == 302
    )
    assert "周独居" not in page(client, "/desk/register/")
    assert "ended on 2026-06-01" in page(client, f"/desk/register/{person.id}/")


def test_a_list_as_a_file_needs_a_purpose_and_sealed_values_a_reason(browser: Browser, person: Record) -> None:
    client, address = browser("clerk"), "/desk/register/export/?kind=person"
    assert client.post(address, {"form": "xlsx"}).status_code == 422
    assert client.post(address, {"purpose": "visiting", "form": "csv", "sealed": ["phone"]}).status_code == 422
    answer = client.post(address, {"purpose": "visiting", "form": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    assert "visiting" in str(sheet["A1"].value) and sheet["A3"].value == "周独居"
    assert Look.objects.filter(subject=person.id, purpose="exporting").exists()


def test_a_service_shows_its_panel_beside_the_record(browser: Browser, person: Record) -> None:
    @shows
    def visits(record: Record, actor: Any) -> Panel | None:
        return Panel("Visits of this home", "home", "web/parts/empty.html", {}) if record.kind == "person" else None

    try:
        assert "Visits of this home" in page(browser("clerk"), f"/desk/register/{person.id}/")
    finally:
        _asked.remove(visits)


@pytest.mark.django_db(transaction=True)
def test_a_table_is_sent_mapped_looked_at_brought_in_and_its_refused_rows_come_back(
    browser: Browser, settings: Any, tmp_path: Any, cast: Cast
) -> None:
    settings.HOME = tmp_path
    client = browser("clerk")
    content = "姓名,电话,甲,网格\n张三,13800001111,x,e11\n李四,999,y,e11\n".encode()
    sent = {"kind": "person", "on": "2026-06-01", "file": SimpleUploadedFile("名册.csv", content, "text/csv")}
    address = client.post("/desk/register/import/", sent).headers["Location"]
    shown = page(client, address)
    assert "is not read" in shown and "This is no telephone number" in shown
    columns = {"column-0": "name", "column-1": "phone", "column-2": "", "column-3": "grid", "keep_as": "街道名册"}
    client.post(f"{address}columns", columns)
    assert "街道名册" in page(client, address)
    client.post(f"{address}start")
    made = TableImport.objects.get()
    assert "every 2s" in page(client, address)
    carry_table(table=str(made.id))
    shown = page(client, address)
    assert "Done" in shown and "every 2s" not in shown
    repair = b"".join(client.get(f"{address}repair.xlsx").streaming_content)  # type: ignore[attr-defined]
    sheet = load_workbook(io.BytesIO(repair)).active
    assert sheet is not None and sheet["A2"].value == "李四"
    assert browser("supervisor").get(address).status_code == 403
    client.post(f"{address}forget")
    made.refresh_from_db()
    assert not made.refusals.exists()


def test_a_file_that_is_no_table_says_so(browser: Browser, settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path
    sent = {"kind": "person", "on": "2026-06-01", "file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")}
    answer = browser("clerk").post("/desk/register/import/", sent)
    assert (answer.status_code, TableImport.objects.count()) == (422, 0)
    assert "can not be read" in answer.content.decode()


def test_a_record_page_asks_as_often_for_many_ties_as_for_few(
    browser: Browser, person: Record, made: Made, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client = browser("clerk")
    for number in range(6):
        shop = made("organisation", name=f"店{number}", sort="shop")
        write.tie(
            "works_at", person.id, shop.id, source="visit", actor=cast.actor("clerk"), at=timezone.now(),
            since=date(2020, 1, 1),
        )  # fmt: skip
    page(client, f"/desk/register/{person.id}/")
    with django_assert_max_num_queries(28):
        page(client, f"/desk/register/{person.id}/")
