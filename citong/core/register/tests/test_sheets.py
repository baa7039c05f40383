"""Tables that are moved into the register."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from citong.core.ledger.models import Content, Entry
from citong.core.ledger.read import faults
from citong.core.people.access import Purpose
from citong.core.people.models import Look
from citong.core.people.refusal import NotAllowed
from citong.core.register import read, sheet_export, sheets, write
from citong.core.register.checking import opened
from citong.core.register.models import Record, TableImport, Tie
from citong.core.register.sheet_columns import Unfit, guessed, said
from citong.core.register.sheet_kinds import TableKind
from citong.core.register.sheet_repair import repair_file
from citong.core.register.sheet_store import Gone, kept
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = ["姓名", "性别", "身份证号码", "联系电话", "门牌地址", "房号", "网格编码"]
ONE, TWO = "11010519491231002X", "350503199001011239"
ROWS = [
    ["张三", "男", "", "13800001111", "涂门街1号", "101", "e11"],
    ["李四", "女", ONE, "", "涂门街1号", "101", "e11"],
    ["王五", "不知道", "", "", "涂门街1号", "102", "e11"],
]
Made = Callable[..., TableImport]


@pytest.fixture
def table(cast: Cast, settings: Any, tmp_path: Any) -> Made:
    """`table(rows)` is a table of persons in the clerk's hands, not begun."""
    settings.HOME = tmp_path

    def made(
        rows: Sequence[Sequence[str]] = ROWS, *, header: Sequence[str] = HEADER, on: date = date(2026, 6, 1)
    ) -> Any:
        content = "\n".join(",".join(row) for row in [header, *rows]).encode()
        return sheets.take(content, kind="person", name="名册.csv", actor=cast.actor("clerk"), on=on, at=timezone.now())

    return made


def carried(table: TableImport) -> TableImport:
    sheets.begin(table)
    while sheets.carry(table.id):
        pass
    table.refresh_from_db()
    return table


def test_columns_are_guessed_by_the_names_offices_give_them() -> None:
    assert guessed("person", HEADER) == {
        "姓名": "name", "性别": "gender", "身份证号码": "identity_number", "联系电话": "phone",
        "门牌地址": "dwelling.address", "房号": "dwelling.room", "网格编码": "grid",
    }  # fmt: skip
    assert (
        guessed("organisation", ["企业名称", "统一社会信用代码（必填）", "Phone"])["统一社会信用代码（必填）"]
        == "credit_code"
    )


def test_a_mapping_that_does_not_fit_says_why() -> None:
    with pytest.raises(Unfit, match="no column"):
        said("person", ["a"], {"b": "name"})
    with pytest.raises(Unfit, match="Two columns"):
        said("person", ["a", "b"], {"a": "name", "b": "name"})
    with pytest.raises(Unfit, match="every row needs"):
        said("person", ["a"], {"a": "phone"})


def test_rows_become_records_with_their_dwelling_and_what_can_not_is_refused_with_a_reason(table: Made) -> None:
    done = carried(table())
    assert (done.state, done.fresh, done.refused) == ("done", 2, 1)
    persons = Record.objects.filter(kind="person").order_by("name")
    assert [one.name for one in persons] == ["张三", "李四"]
    home = Record.objects.get(kind="dwelling")
    assert {tie.subject_id for tie in Tie.objects.filter(object=home, kind="lives_in")} == {one.id for one in persons}
    assert {one.grid for one in persons} == {"e11"}
    assert "不知道" in next(sheets.refused_rows(done))[2]


def test_numbers_are_not_kept_in_clear_anywhere(table: Made, tmp_path: Any) -> None:
    made = table()
    assert ONE.encode() not in b"".join(path.read_bytes() for path in (tmp_path / "tables").iterdir())
    assert oct((tmp_path / "tables").stat().st_mode & 0o777) == "0o700"
    carried(made)
    assert not any(ONE in str(one.values) for one in Record.objects.all())
    assert not any(ONE in str(one.body) for one in Content.objects.all())


def test_the_file_is_gone_when_the_import_is_done_and_the_histories_are_whole(table: Made) -> None:
    done = carried(table())
    with pytest.raises(Gone):
        kept(done.id)
    for record in Record.objects.all():
        assert not list(faults(list(Entry.objects.filter(subject=record.id).order_by("position"))))


def test_a_row_of_a_known_number_changes_the_record_and_the_same_row_again_changes_nothing(table: Made) -> None:
    carried(table())
    again = carried(table([["李四", "女", ONE, "13900002222", "涂门街1号", "101", "e11"]]))
    assert (again.fresh, again.changed, again.same) == (0, 1, 0)
    assert carried(table([["李四", "女", ONE, "13900002222", "涂门街1号", "101", "e11"]])).same == 1
    assert Record.objects.filter(kind="person", name="李四").count() == 1


def test_what_somebody_said_of_a_later_day_is_not_changed_by_an_older_table(table: Made, cast: Cast) -> None:
    carried(table())
    known = Record.objects.get(name="李四")
    write.change(
        known.id, {"phone": "13900009999"}, base=known.version, actor=cast.actor("clerk"), source="visit",
        on=date(2026, 7, 1), at=timezone.now(),
    )  # fmt: skip
    assert carried(table([["李四", "女", ONE, "13900002222", "涂门街1号", "101", "e11"]])).same == 1
    known.refresh_from_db()
    assert opened(known)["phone"] == "13900009999"


def test_no_table_makes_one_person_into_another(table: Made) -> None:
    carried(table())
    done = carried(table([["别人", "女", ONE, "", "", "", "e11"]]))
    assert (done.changed, done.refused) == (0, 1)
    assert Record.objects.filter(name="李四").exists()


def test_two_rows_of_one_number_are_one_record(table: Made) -> None:
    done = carried(table([ROWS[1], ["李四", "女", ONE, "13900002222", "", "", ""]]))
    assert (done.fresh, done.changed) == (1, 1)
    assert Record.objects.filter(kind="person").count() == 1


def test_namesakes_with_the_same_phone_are_counted_as_perhaps_known(table: Made) -> None:
    carried(table([ROWS[0]]))
    assert carried(table([["张三", "男", "", "138 0000 1111", "新门街2号", "", "e11"]])).twins == 1


def test_the_repair_file_mended_and_sent_again_is_the_rest(table: Made, cast: Cast, settings: Any) -> None:
    done = carried(table())
    sheet = load_workbook(io.BytesIO(repair_file(done))).active
    assert sheet is not None
    header, row = ([cell.value or "" for cell in line] for line in sheet.iter_rows())
    assert header[:-1] == HEADER and "不知道" in str(row[-1])
    mended = [str(cell) for cell in row]
    mended[1] = "男"
    rest = carried(table([mended], header=[str(name) for name in header]))
    assert (rest.fresh, rest.refused) == (1, 0)


def test_an_import_that_was_killed_goes_on_without_doing_anything_twice(table: Made, monkeypatch: Any) -> None:
    monkeypatch.setattr(TableKind, "at_once", 1)
    made = table([*ROWS[:2], ["赵六", "男", "", "", "", "", "e12"]])
    sheets.begin(made)
    counted, real = [], sheets._count

    def killed(*args: Any) -> None:
        counted.append(1)
        if len(counted) == 2:  # the rows of this part stand, and nobody has said so yet
            raise KeyboardInterrupt
        real(*args)

    monkeypatch.setattr(sheets, "_count", killed)
    with pytest.raises(KeyboardInterrupt):
        sheets.carry(made.id)
    assert sheets.waiting() == [made.id]
    sheets.carry(made.id)
    made.refresh_from_db()
    assert (made.state, made.read, made.fresh) == ("done", 3, 3)
    assert sorted(Record.objects.filter(kind="person").values_list("name", flat=True)) == ["张三", "李四", "赵六"]
    assert Record.objects.filter(kind="dwelling").count() == 1


def test_an_import_can_be_stopped_and_go_on(table: Made, monkeypatch: Any) -> None:
    monkeypatch.setattr(TableKind, "at_once", 1)
    made = table()
    sheets.begin(made)
    sheets.carry(made.id, told=sheets.ask_to_stop)
    made.refresh_from_db()
    assert (made.state, made.read) == ("stopped", 1)
    assert carried(made).read == 3


def test_rows_out_of_the_clerks_area_are_refused(table: Made) -> None:
    done = carried(table([["远方", "", "", "", "", "", "w11"], ["无此", "", "", "", "", "", "nowhere"]]))
    assert (done.fresh, done.refused) == (0, 2)


def test_what_is_left_of_an_import_is_forgotten_after_a_week(table: Made) -> None:
    done = carried(table())
    TableImport.objects.filter(pk=done.id).update(made_at=timezone.now() - sheets.KEPT * 2)
    assert sheets.forget_old(at=timezone.now()) == 1
    assert list(sheets.refused_rows(done)) == []


def export(cast: Cast, who: str, **rest: Any) -> tuple[sheet_export.Export, bytes]:
    asked = sheet_export.Export("person", **({"purpose": Purpose.VISITING} | rest))
    found = list(read.reach(cast.actor(who), Purpose.EXPORTING).filter(kind="person").order_by("name"))
    mark = sheet_export.take_out(found, asked, actor=cast.actor(who), at=timezone.now())
    return asked, sheet_export.as_csv(found, asked, mark, by="王受理")


def test_a_list_that_is_taken_leaves_a_mark_in_the_ledger_and_with_each_person(table: Made, cast: Cast) -> None:
    carried(table())
    _asked, content = export(cast, "clerk")
    assert ONE not in content.decode() and "13800001111" not in content.decode()
    mark = Entry.objects.get(kind="export")
    assert (mark.actor, mark.facts["rows"], mark.facts["purpose"]) == (cast.clerk.id, 2, "visiting")
    assert str(mark.id) in content.decode().splitlines()[0]
    assert Look.objects.filter(purpose=Purpose.EXPORTING).count() == 2


def test_sealed_values_leave_with_a_reason_alone_and_never_for_statistics(table: Made, cast: Cast) -> None:
    carried(table())
    with pytest.raises(NotAllowed):
        export(cast, "clerk", sealed=["phone"])
    with pytest.raises(NotAllowed):
        export(cast, "clerk", sealed=["phone"], reason="call", purpose=Purpose.STATISTICS)
    assert "13800001111" in export(cast, "clerk", sealed=["phone"], reason="to call before the storm")[1].decode()


def test_a_list_for_statistics_names_nobody(table: Made, cast: Cast) -> None:
    carried(table())
    content = export(cast, "supervisor", purpose=Purpose.STATISTICS)[1].decode()
    assert "张三" not in content and not Look.objects.filter(purpose=Purpose.EXPORTING).exists()


def test_who_may_not_take_lists_gets_none(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        export(cast, "dispatcher")


def test_what_a_spreadsheet_would_run_is_text(table: Made, cast: Cast) -> None:
    carried(table([["=1+1", "", "", "", "", "", "e11"]]))
    asked, content = export(cast, "clerk")
    assert "'=1+1" in content.decode()
    records = list(Record.objects.filter(kind="person"))
    mark = Entry.objects.get(kind="export")
    sheet = load_workbook(io.BytesIO(sheet_export.as_excel(records, asked, mark, by="王受理"))).active
    assert sheet is not None and sheet["A3"].data_type == "s"
