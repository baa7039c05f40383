"""Tables of other programs, read from their bytes."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from citong.kit.tables import Unreadable, as_text, sheets_in, table_of


def excel(*rows: list[object], sheets: tuple[str, ...] = ("一",)) -> bytes:
    book, content = Workbook(), io.BytesIO()
    book.active.title = sheets[0]
    for row in rows:
        book.active.append(row)
    for name in sheets[1:]:
        book.create_sheet(name)
    book.save(content)
    return content.getvalue()


def test_a_title_above_the_header_and_blank_rows_are_no_rows_and_row_numbers_are_the_spreadsheets() -> None:
    table = table_of(
        excel([], ["", "花名册"], ["", "姓名", "出生日期"], ["", "张三", date(1990, 1, 2)], [], ["", "李四"])
    )
    assert table.header == ["column 1", "姓名", "出生日期"]
    assert list(table.rows()) == [(4, ["", "张三", "1990-01-02"]), (6, ["", "李四", ""])]
    assert [number for number, _cells in table.rows(after=4)] == [6]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_offices_use(encoding: str) -> None:
    table = table_of("姓名;电话\n张三;138\n".encode(encoding))
    assert (table.header, list(table.rows())) == (["姓名", "电话"], [(2, ["张三", "138"])])


def test_two_columns_of_one_name_are_told_apart() -> None:
    assert table_of(b"a,a,b\n1,2,3\n").header == ["a", "a (2)", "b"]


def test_a_number_that_excel_has_rounded_shows_that_it_was() -> None:
    assert as_text(350123199001011234.0) == "3.50123199001011e+17"
    assert as_text(12.0) == "12"


def test_a_sheet_is_chosen_by_its_name() -> None:
    content = excel(["a", "b"], [1, 2], sheets=("一", "二"))
    assert sheets_in(content) == ["一", "二"]
    with pytest.raises(Unreadable, match="sheet"):
        table_of(content, sheet="三")


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "header"), (b"PK\x03\x04nothing", "broken"), (b"\xff\xfea", "letters")],
)
def test_what_is_no_table_says_why(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        table_of(content)
