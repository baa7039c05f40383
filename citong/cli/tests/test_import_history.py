"""Another city's history moves in: read as its mapping says, once, proved, and what can not be taken is told."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from citong.cli import import_history
from citong.cli.import_history import History
from citong.cli.ledger_walk import Walk
from citong.cli.tests.conftest import Run
from citong.core.cases.models import Case, Party, Submission
from citong.core.clocks.models import Clock
from citong.core.flow.receipt import holder_of, proof_of
from citong.core.ledger.models import Content, Entry, Seal
from citong.core.ledger.proof import checkpoint_faults
from citong.core.ledger.seal import public_key
from citong.core.notices.models import Notice
from citong.core.people.access import ANYBODY, Purpose, scope
from citong.core.search.index import found
from citong.kit import receipt
from tests.cast import Cast


def cells(row: str) -> list[str]:
    return row.split("|")


HEADER = cells("编号|类型|描述|登记时间|办结时间|状态|经度|纬度|地址|评分|承办单位|答复|姓名|公开")
COVER = cells(
    "SR-19-4711|井盖类|东一社区门口井盖不见了|2019-07-01 09:30:00|2019-07-03 16:00:00|已办结|118.605|24.905|"
    "东区东一社区|5|东区城管局|已更换井盖|陈女士|是"
)
LAMP = cells("SR-2|路灯类|路灯坏了三天|2020-01-05 20:00:00|2020-01-06 10:00:00|已办结|||西区西二社区||某某公司|||否")
OPEN = cells("SR-3|路灯类|路灯一直闪|2026-02-01 08:00:00||处理中|118.605|24.905||||||")
ROWS = [COVER, LAMP, OPEN]
MAP = """
source = "旧热线"
{top}
[columns]
id = "编号"
text = "描述"
opened = "登记时间"
closed = "办结时间"
category = "类型"
state = "状态"
lon = "经度"
lat = "纬度"
address = "地址"
rating = "评分"
handled_by = "承办单位"
result = "答复"
name = "姓名"
public = "公开"
[values.category]
"井盖类" = "urban.manhole"
"路灯类" = "urban.light"
[values.state]
"已办结" = "closed"
"处理中" = "handling"
{more}
"""
Bring = Callable[..., Any]


@pytest.fixture
def bring(citong: Run, cast: Cast, tmp_path: Path) -> Bring:
    """`bring(rows)` writes file and mapping and runs the import; options as on the command line."""

    def brings(
        *rows: list[str], options: tuple[str, ...] = ("--yes",), top: str = "", more: str = "",
        encoding: str = "utf-8-sig", header: list[str] = HEADER, mapping: str = "",
    ) -> Any:  # fmt: skip
        file, says = tmp_path / "old.csv", tmp_path / "map.toml"
        with file.open("w", encoding=encoding, newline="") as out:
            csv.writer(out).writerows([header, *rows])
        says.write_text(mapping or MAP.format(top=top, more=more), encoding="utf-8")
        return citong("import", "history", file, "--map", says, "--refused", tmp_path / "bad.csv", *options)

    return brings


def refused(tmp_path: Path) -> list[list[str]]:
    with (tmp_path / "bad.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def test_cases_come_in_with_their_own_dates_and_the_old_number(bring: Bring) -> None:
    done = bring(*ROWS)
    assert done.exit_code == 0, done.output
    assert "3 cases came in" in done.output
    cover = Case.objects.get(text__contains="井盖")
    assert (cover.state, cover.open, cover.outcome, cover.rating) == ("closed", False, "closed", 5)
    assert cover.opened_at == datetime(2019, 7, 1, 1, 30, tzinfo=UTC)
    assert cover.closed_at == datetime(2019, 7, 3, 8, 0, tzinfo=UTC)
    assert cover.number.startswith("19-")
    assert (cover.category_id, cover.channel, cover.district) == ("urban.manhole", "import", "e")
    assert cover.grid is not None and cover.handling_unit is not None
    assert (cover.grid.code, cover.handling_unit.code) == ("e10", "urban-e")
    assert (cover.desk.code, cover.unit.code) == ("centre-e", "centre-e")
    assert Party.objects.get(case=cover).name == "陈女士"
    assert [one["subject"] for one in found("SR-19-4711", "case")] == [cover.id]


def test_one_entry_says_where_a_case_comes_from(bring: Bring) -> None:
    bring(*ROWS)
    cover = Case.objects.get(text__contains="井盖")
    entry = Entry.objects.get(subject=cover.id)
    assert (entry.act, entry.post, entry.actor) == ("import", "system", None)
    said = {"source": "旧热线", "old_number": "SR-19-4711", "to": "closed", "category": "urban.manhole", "stars": 5}
    assert entry.facts.items() >= said.items()
    assert len(entry.facts["file"]) == 40
    assert (Content.objects.get(pk=entry.id).body or {})["result"] == "已更换井盖"
    other = Entry.objects.get(facts__old_number="SR-2")
    assert (Content.objects.get(pk=other.id).body or {})["handled_by"] == "某某公司"


def test_a_case_that_was_open_lies_with_its_unit_and_its_clock_runs_from_now(bring: Bring) -> None:
    before = datetime.now(UTC)
    bring(*ROWS)
    case = Case.objects.get(text="路灯一直闪")
    assert (case.open, case.state, case.unit.code, case.closed_at) == (True, "handling", "station-e1", None)
    clock = Clock.objects.get()
    assert (clock.subject, clock.code) == (case.id, "handle")
    assert clock.started_at >= before
    assert case.due_at == clock.due_at


def test_nobody_is_told_of_what_is_long_past(bring: Bring) -> None:
    bring(*ROWS)
    assert not Notice.objects.exists()


def test_the_ledger_holds_and_receipts_of_imported_cases_too(bring: Bring) -> None:
    bring(*ROWS)
    assert Walk().first_fault() is None
    assert next(checkpoint_faults(), None) is None
    assert not Seal.objects.filter(checkpoint=None).exists()
    case = Case.objects.get(text__contains="井盖")
    file = proof_of(case, holder_of(case.id))
    assert (list(receipt.faults(file, public_key())), receipt.unsealed(file)) == ([], [])


def test_only_what_is_public_there_and_here_is_public(bring: Bring) -> None:
    exit_ = ["SR-9", "安全类", "消防通道被占", *COVER[3:]]
    mapping = MAP.format(top="public = true", more="").replace('"路灯类" =', '"安全类" = "safety.exit"\n"路灯类" =')
    bring(*ROWS, exit_, mapping=mapping)
    public = set(Case.objects.filter(scope(ANYBODY, Purpose.PUBLIC)).values_list("text", flat=True))
    assert public == {"东一社区门口井盖不见了", "路灯一直闪"}


def test_without_a_word_about_it_nothing_is_public(bring: Bring) -> None:
    bring(OPEN)
    assert not Case.objects.filter(public=True).exists()


def test_run_twice_nothing_comes_twice(bring: Bring) -> None:
    bring(*ROWS)
    again = bring(*ROWS, [*COVER[:2], "另一件", *COVER[3:]])
    assert "0 cases came in, 4 had come before" in again.output
    assert Case.objects.count() == Submission.objects.count() == 3


def test_a_number_that_stands_twice_in_the_file_comes_once(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_history, "AT_ONCE", 2)
    assert "1 cases came in, 2 had come before" in bring(COVER, COVER, COVER).output


def test_an_interrupted_import_goes_on_where_it_stopped(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_history, "AT_ONCE", 10)
    rows = [[f"SR-{number}", *COVER[1:]] for number in range(100, 145)]
    batches = History.batches
    monkeypatch.setattr(History, "batches", lambda *given: islice(batches(*given), 2))
    bring(*rows)
    assert Case.objects.count() == 20
    monkeypatch.setattr(History, "batches", batches)
    assert "25 cases came in, 20 had come before" in bring(*rows).output
    assert Case.objects.count() == 45
    assert Walk().first_fault() is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_the_encodings_that_are_in_use(bring: Bring, encoding: str) -> None:
    assert bring(*ROWS, encoding=encoding).exit_code == 0
    assert Case.objects.count() == 3


def test_a_file_in_no_known_encoding_is_told(bring: Bring, tmp_path: Path, citong: Run) -> None:
    bring(COVER)
    (tmp_path / "old.csv").write_bytes(b"\xff\x00\x81\x20,\xff\xff\n\x81")
    done = citong("import", "history", tmp_path / "old.csv", "--map", tmp_path / "map.toml")
    assert done.exit_code == 1
    assert "neither UTF-8 nor GB 18030" in done.output


def test_faults_of_a_mapping_are_told_together_before_anything_is_read(bring: Bring) -> None:
    mapping = MAP.format(top='zone = "Mars/Base"\nspeed = 3', more="").replace('"办结时间"', '"结束"').replace(
        '"handling"', '"flying"'
    )  # fmt: skip
    done = bring(*ROWS, mapping=mapping)
    assert done.exit_code == 1
    for fault in (
        "no column “结束”",
        "`flying` is no state of requests",
        "no time zone `Mars/Base`",
        "`speed` is no part",
    ):
        assert fault in done.output, fault
    assert not Case.objects.exists()


def test_what_lacks_its_number_or_dates_is_refused_with_a_sentence(bring: Bring, tmp_path: Path) -> None:
    wrong = [
        ["", *COVER[1:]],
        ["SR-4", *COVER[1:3], "", *COVER[4:]],
        ["SR-5", *COVER[1:3], "上周三", *COVER[4:]],
        ["SR-6", *COVER[1:3], "2031-01-01", *COVER[4:]],
        ["SR-7", *COVER[1:4], "2018-01-01", *COVER[5:]],
        ["SR-8", *COVER[1:4], "", *COVER[5:]],
        ["SR-9", *COVER[1:6], "", *COVER[7:]],
        ["SR-10", *COVER[1:6], "10.0", "10.0", *COVER[8:]],
        ["SR-11", *COVER[1:9], "6", *COVER[10:]],
        ["SR-12", "井盖类", "", *COVER[3:]],
        [*COVER, "一格太多"],
    ]
    done = bring(*wrong, LAMP)
    assert "1 cases came in, 0 had come before, 11 rows refused" in done.output
    reasons = [row[-1] for row in refused(tmp_path)]
    parts = ("no number of its own", "when it was opened", "can not be read", "in the future", "before it was opened",
             "not said when", "both longitude", "more cells", "rating", "no words")  # fmt: skip
    for part in parts:
        assert any(part in reason for reason in reasons), part


def test_a_closed_case_without_a_date_counts_from_its_opening_where_the_mapping_says_so(bring: Bring) -> None:
    bring(["SR-8", *COVER[1:4], "", *COVER[5:]], top='closed_unsaid = "opened"')
    case = Case.objects.get()
    assert case.closed_at == case.opened_at


def test_a_kind_that_is_not_mapped_is_refused_or_takes_the_default(bring: Bring, tmp_path: Path) -> None:
    strange = ["SR-20", "飞碟", *COVER[2:]]
    without = bring(strange, COVER)
    assert "1 rows refused" in without.output
    assert "飞碟" in refused(tmp_path)[0][-1]
    assert bring(strange, more='[default]\ncategory = "strange"').exit_code == 0
    assert Case.objects.get(category="strange").text == strange[2]


def test_a_state_that_is_not_mapped_is_refused_or_takes_the_default(bring: Bring, tmp_path: Path) -> None:
    strange = ["SR-21", *COVER[1:5], "已归档", *COVER[6:]]
    bring(strange)
    assert "已归档" in refused(tmp_path)[0][-1]
    bring(strange, more='[default]\nstate = "refused"')
    assert Case.objects.get().state == "refused"


def test_a_repair_file_can_be_mended_and_sent_again(bring: Bring, citong: Run, tmp_path: Path) -> None:
    bring(*ROWS[:2], ["SR-4", *COVER[1:3], "上周三", *COVER[4:]])
    text = (tmp_path / "bad.csv").read_text(encoding="utf-8-sig").replace("上周三", "2019-07-02")
    (tmp_path / "mended.csv").write_text(text, encoding="utf-8-sig")
    done = citong("import", "history", tmp_path / "mended.csv", "--map", tmp_path / "map.toml", "--yes")
    assert "1 cases came in, 0 had come before, 0 rows refused" in done.output, done.output
    assert Case.objects.count() == 3


def test_times_are_of_the_zone_of_the_mapping_summer_and_winter(bring: Bring) -> None:
    times = {
        "07/01/2019 09:30:00 AM": datetime(2019, 7, 1, 13, 30, tzinfo=UTC),
        "01/15/2019 09:30:00 AM": datetime(2019, 1, 15, 14, 30, tzinfo=UTC),
        "11/03/2019 01:30:00 AM": datetime(2019, 11, 3, 5, 30, tzinfo=UTC),  # came twice: the first
        "03/10/2019 02:30:00 AM": datetime(2019, 3, 10, 7, 30, tzinfo=UTC),  # never was: the hour after
    }
    rows = [[f"SR-{number}", *COVER[1:3], at, "", *COVER[5:]] for number, at in enumerate(times)]
    formats = '[formats]\nopened = ["%m/%d/%Y %I:%M:%S %p"]'
    bring(*rows, top='zone = "America/New_York"\nclosed_unsaid = "opened"', more=formats)
    assert set(Case.objects.values_list("opened_at", flat=True)) == set(times.values())


def test_a_check_shows_rows_and_counts_and_writes_nothing(bring: Bring) -> None:
    done = bring(*ROWS, ["SR-20", "飞碟", *COVER[2:]], options=("--check",))
    assert done.exit_code == 0, done.output
    for words in (
        "4 rows: 3 to come in, 0 here already, 1 refused", "2 closed, 1 handling", "not mapped, category: 1 飞碟",
        "not mapped, handled_by: 1 某某公司", "SR-19-4711", "2019-07-01 09:30",
    ):  # fmt: skip
        assert words in done.output, words
    assert not Case.objects.exists()


def test_what_came_in_is_asked_for_first(bring: Bring) -> None:
    assert "Move in 3 cases now?" in bring(*ROWS, options=()).output
    assert not Case.objects.exists()


def test_the_desk_and_the_public_read_that_a_case_was_moved_in(bring: Bring, client: Client, cast: Cast) -> None:
    bring(COVER, top="public = true")
    case = Case.objects.get()
    client.force_login(cast.clerk)
    page = client.get(f"/desk/case/{case.number}/", headers={"accept-language": "en"}).content.decode()
    for words in ("SR-19-4711", "旧热线", "已更换井盖", "东区城管局"):
        assert words in page, words
    public = Client().get(f"/c/{case.number}/", headers={"accept-language": "en"}).content.decode()
    assert "moved in from another system" in public
    assert "陈女士" not in public
    assert "已更换井盖" not in public
