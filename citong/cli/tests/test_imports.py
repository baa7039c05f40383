"""Messages from other systems become cases: once, at their time, and what can not be taken is told."""

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from citong.cli.columns import Unreadable, guessed
from citong.cli.tests.conftest import Run
from citong.core.cases.models import Case
from citong.core.ledger.models import Entry
from citong.core.people.access import SYSTEM, Purpose, scope
from tests.cast import Cast

HEADER = ["编号", "标题", "内容", "时间", "类别", "地址", "姓名", "联系电话"]
COVER = [
    "7",
    "井盖没了",
    "东一社区门口的井盖不见了，晚上很危险",
    "2026/3/2 9:30:00",
    "井盖",
    "东区东一社区",
    "陈女士",
    "059500000001",
]
LAMP = ["8", "路灯不亮", "路灯坏了三天", "2026年3月3日 21:05", "", "西区西二社区", "", ""]
LOST = ["9", "说不清", "这里脏乱差", "2026-03-04", "卫生", "", "", ""]
EMPTY = ["10", "", "", "2026-03-05", "", "东一社区", "", ""]
UNDATED = ["11", "路灯", "路灯不亮", "上周三", "", "东一社区", "", ""]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, cast: Cast) -> Write:
    def writes(*rows: list[Any], name: str = "in.csv", encoding: str = "utf-8", header: list[str] = HEADER) -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    return writes


@pytest.fixture
def workbook(tmp_path: Path, cast: Cast) -> Write:
    def writes(*rows: list[Any], title: str = "工单") -> Path:
        book = openpyxl.Workbook()
        book.active.append(["说明"])
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        book.save(tmp_path / "in.xlsx")
        return tmp_path / "in.xlsx"

    return writes


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_preview_says_what_will_happen_and_writes_nothing(citong: Run, write: Write) -> None:
    done = citong("import", "messages", write(COVER, LAMP, LOST, EMPTY, UNDATED), "--preview")
    assert done.exit_code == 0, done.output
    assert "5 rows: 3 to be opened, 0 opened before, 2 refused." in done.output
    assert "2 address, 1 none" in done.output
    assert "1 given by the file" in done.output and "1 none found" in done.output
    assert "1 urban_management" in done.output and "1 station" in done.output
    assert not Case.objects.exists()


def test_each_message_becomes_a_case_at_its_own_time_and_place(citong: Run, write: Write) -> None:
    assert citong("import", "messages", write(COVER, LAMP), "--yes").exit_code == 0
    cover, lamp = Case.objects.order_by("opened_at")
    assert cover.opened_at == datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (cover.community, cover.category_id, cover.routed_unit.code) == ("e1", "urban.manhole", "urban-e")
    assert (cover.channel, cover.reporter_id, cover.public) == ("import", None, False)
    assert (cover.parties.get().name, cover.parties.get().phone) == ("陈女士", "059500000001")
    assert (lamp.community, lamp.category_id, lamp.routed_unit.code) == ("w2", "urban.light", "station-w2")
    assert lamp.reporting == Case.Reporting.ANONYMOUS
    assert Entry.objects.filter(act="open").count() == 2


def test_imported_again_nothing_is_opened_twice(citong: Run, write: Write) -> None:
    path = write(COVER, LAMP, LOST)
    citong("import", "messages", path, "--yes", "--limit", 2)
    assert "1 cases opened, 2 had been opened before" in citong("import", "messages", path, "--yes").output
    assert "0 to be opened, 3 opened before" in citong("import", "messages", path).output
    assert Case.objects.count() == 3


def test_without_a_yes_nothing_is_opened(citong: Run, write: Write) -> None:
    citong("import", "messages", write(COVER), answer="n\n")
    assert not Case.objects.exists()
    citong("import", "messages", write(COVER), answer="y\n")
    assert Case.objects.count() == 1


def test_refused_rows_are_kept_with_the_reason_and_can_be_mended_and_imported(citong: Run, write: Write) -> None:
    refused = write().with_name("refused.csv")
    path = write(
        EMPTY, COVER, UNDATED, [*LAMP[:2], "长" * 4001, *LAMP[3:]], ["1", "2", "3", "2031-01-01", "", "", "", ""]
    )
    citong("import", "messages", path, "--yes", "--refused", refused)
    kept = rows_of(refused)
    assert [row["编号"] for row in kept] == ["10", "11", "8", "1"]
    assert "上周三" in kept[1]["why"] and "4000" in kept[2]["why"] and "2031" in kept[3]["why"]
    kept[1]["时间"] = "2026-03-04"
    mended = write(list(kept[1].values()), name="mended.csv", header=list(kept[1]))
    assert "1 cases opened" in citong("import", "messages", mended, "--yes").output
    assert Case.objects.count() == 2


def test_a_place_that_can_not_be_is_refused_with_its_reason(citong: Run, write: Write) -> None:
    header = ["text", "lon", "lat"]
    good, outside = ["井盖松动", "118.605", "24.905"], ["井盖松动", "116.4", "39.9"]
    half, words = ["井盖松动", "118.605", ""], ["井盖松动", "东经118度", "24.9"]
    refused = write().with_name("refused.csv")
    done = citong("import", "messages", write(good, outside, half, words, header=header), "--refused", refused, "--yes")
    assert "1 cases opened, 0 had been opened before, 3 rows refused" in done.output
    assert Case.objects.filter(grid__code="e10").count() == 1
    assert "东经118度" in rows_of(refused)[2]["why"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_of_a_csv_is_found_out(citong: Run, write: Write, encoding: str) -> None:
    assert "1 cases opened" in citong("import", "messages", write(COVER, encoding=encoding), "--yes").output
    assert Case.objects.get().title == "井盖没了"


def test_excel_with_a_title_blank_rows_floats_and_dates_is_read(citong: Run, workbook: Write) -> None:
    sent = datetime(2026, 3, 2, 9, 30)
    lines = [
        ["热线工单导出"],
        [],
        [*HEADER[:4], "联系电话"],
        [7.0, "井盖没了", "井盖丢失", sent, 59500000001.0],
        [None] * 5,
    ]
    path = workbook(*lines, [8, 12345, "路灯不亮", 46083.5, None])
    assert "2 cases opened" in citong("import", "messages", path, "--sheet", "工单", "--yes").output
    first, second = Case.objects.order_by("opened_at")
    assert first.parties.get().phone == "59500000001"
    assert (second.title, second.opened_at.astimezone(ZoneInfo("Asia/Shanghai"))) == (
        "12345", datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai")),
    )  # fmt: skip
    assert "无此表" in citong("import", "messages", path, "--sheet", "无此表").output


def test_a_mapping_says_which_column_is_which(citong: Run, write: Write) -> None:
    header = ["No", "what", "when", "街道", "社区", "label"]
    path = write(["5", "灯坏了", "02.03.2026 09:30", "东街道", "东二社区", "照明"], header=header)
    mapping = path.with_suffix(".toml")
    mapping.write_text(
        'source = "hotline"\n[columns]\nid = "No"\ntext = "what"\nsent_at = "when"\naddress = ["街道", "社区"]\n'
        'category = "label"\n[formats]\nsent_at = ["%d.%m.%Y %H:%M"]\n[values.category]\n"照明" = "urban.light"\n',
        encoding="utf-8",
    )
    assert "1 cases opened" in citong("import", "messages", path, "--map", mapping, "--yes").output
    case = Case.objects.get()
    assert (case.community, case.category_id, case.opened_at.day) == ("e2", "urban.light", 2)
    again = write(["1", "另一件"], ["5", "灯坏了"], name="next.csv", header=["No", "what"])
    mapping.write_text('source = "hotline"\n[columns]\nid = "No"\ntext = "what"\n', encoding="utf-8")
    assert (
        "1 cases opened, 1 had been opened before"
        in citong("import", "messages", again, "--map", mapping, "--yes").output
    )


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("[columns]\ntext = '没有'", "没有"),
        ("[columns]\ntext = '内容'\nfaith = '标题'", "faith"),
        ("datum = 'mars'\n[columns]\ntext = '内容'", "GCJ02"),
        ("[columns]\nid = '编号'\ntext = '内容'", "source"),
        ("[columns", "TOML"),
    ],
)
def test_a_mapping_that_does_not_fit_is_told_in_a_sentence(citong: Run, write: Write, mapping: str, said: str) -> None:
    path = write(COVER)
    path.with_suffix(".toml").write_text(mapping, encoding="utf-8")
    done = citong("import", "messages", path, "--map", path.with_suffix(".toml"))
    assert done.exit_code == 1 and said in done.output and "Mend:" in done.output


def test_a_title_too_long_for_one_line_begins_the_text(citong: Run, write: Write) -> None:
    citong("import", "messages", write(["1", "长" * 90, "正文", "", "", "", "", ""]), "--yes")
    assert Case.objects.get().text == "长" * 90 + "\n正文"


def test_messages_of_a_district_are_looked_for_in_it(citong: Run, write: Write) -> None:
    citong("import", "messages", write(COVER, LOST), "--yes", "--city-hint", "东区")
    assert list(Case.objects.order_by("opened_at").values_list("district", "community")) == [("e", "e1"), ("e", "")]
    assert "choose one of" in citong("import", "messages", write(COVER), "--city-hint", "月球").output


def test_for_trying_out_lost_messages_are_put_somewhere_and_say_so(citong: Run, write: Write) -> None:
    citong("import", "messages", write(COVER, LOST), "--yes", "--place", "seed")
    cover, lost = Case.objects.order_by("opened_at")
    assert cover.lon is None and cover.community == "e1"
    assert lost.grid is not None and lost.given_place["lon"] == lost.lon
    assert "chance" in lost.given_place["address"] or "随机" in lost.given_place["address"]


def test_a_column_of_replies_is_named_as_left_out(citong: Run, write: Write) -> None:
    done = citong("import", "messages", write(["a", "b"], header=["内容", "答复"]), "--preview")
    assert "Not imported: 答复" in done.output


def test_a_header_nobody_understands_asks_for_a_mapping(citong: Run, write: Write) -> None:
    done = citong("import", "messages", write(["1", "2"], header=["甲", "乙"]))
    assert done.exit_code == 1 and "--map" in done.output


def test_an_imported_case_is_worked_on_like_any_other(citong: Run, write: Write, walk: Any, cast: Cast) -> None:
    citong("import", "messages", write(COVER), "--yes")
    case = walk(Case.objects.get(), "accept", "dispatch", "take", "feed_back", "close")
    assert case.state == "closed"
    assert Case.objects.filter(scope(SYSTEM, Purpose.HANDLING)).count() == 1


@pytest.mark.parametrize("text", ["1899-12-31", "2999-01-01", "32/13/2026"])
def test_a_date_that_can_not_be_is_refused(text: str) -> None:
    now = datetime(2026, 3, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    with pytest.raises(Unreadable, match=text):
        guessed(["text", "time"]).moment(text, zone=ZoneInfo("Asia/Shanghai"), now=now)
