"""Which column of a file means what, as a mapping says or as its header lets us guess."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from citong.cli.trouble import Trouble
from citong.kit.geometry import Datum

GUESSES: Mapping[str, str] = {
    "title": "title subject headline 标题 主题 留言主题 诉求标题 工单标题 事件标题 来信标题 問題標題",
    "text": "text content body message description details 内容 正文 留言详情 诉求内容 工单内容 问题描述 事件描述 描述 "
    "反映内容 来信内容 主要内容 留言内容 內容",
    "sent_at": "sent_at time date created_at created submitted 时间 日期 留言时间 提交时间 受理时间 登记时间 "
    "创建时间 来电时间 来信时间 上报时间 發送時間",
    "category": "category subject kind type level1 类别 分类 一级标签 一级分类 事项类别 诉求类型 问题类型 "
    "工单类型 所属类别",
    "address": "address place location 地址 地点 位置 事发地址 事发地点 详细地址 发生地点 诉求地址",
    "lon": "lon lng longitude x 经度 經度",
    "lat": "lat latitude y 纬度 緯度",
    "grid": "grid grid_code 网格 网格编码 网格编号",
    "name": "name reporter 姓名 联系人 来电人 反映人 诉求人 市民姓名",
    "phone": "phone tel telephone mobile 电话 手机 联系电话 联系方式 手机号 来电号码 手机号码",
    "email": "email mail 邮箱 电子邮箱 邮件",
}
ONLY_NAMED = ("id",)
LEFT_OUT: Mapping[str, str] = {
    "reply": "reply answer 答复 回复 答复意见 回复内容 办理结果",
    "replied_at": "replied_at answered_at 答复时间 回复时间 办结时间",
}
FORMATS = (
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M", "%Y.%m.%d", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H时%M分",
    "%Y年%m月%d日", "%Y%m%d%H%M%S", "%Y%m%d",
)  # fmt: skip
EXCEL_DAYS = re.compile(r"\d{5}(\.\d+)?")
EXCEL_EPOCH = datetime(1899, 12, 30)  # Excel counts a 29 February 1900 that never was
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # case numbers carry two digits of the year
KEYS = {"source", "datum", "columns", "formats", "values"}


class Unreadable(ValueError):
    """A row can not be read; the sentence is for the person who mends it."""


@dataclass(frozen=True)
class Columns:
    """Field to the columns it is read from (several are joined), and how their values are to be understood."""

    of: Mapping[str, Sequence[str]]
    formats: Sequence[str] = FORMATS
    categories: Mapping[str, str] = field(default_factory=dict)
    datum: Datum = Datum.WGS84
    source: str = ""
    guessed: bool = False

    def read(self, cells: Mapping[str, str]) -> dict[str, Any]:
        """The row's values for a form of opening, empty ones left out. Raises Unreadable."""
        found = {name: joined(cells, columns) for name, columns in self.of.items()}
        data: dict[str, Any] = {name: value for name, value in found.items() if value}
        for name in ("lon", "lat"):
            if name in data:
                data[name] = number_of(data[name])
        if "lon" in data:
            data["datum"] = self.datum.value
        if "phone" in data:
            data["phone"] = data["phone"].removesuffix(".0")
        data["reporting"] = "open" if data.keys() & {"name", "phone", "email"} else "anonymous"
        return titled(data)

    def moment(self, text: str, *, zone: ZoneInfo, now: datetime) -> datetime:
        """The moment a row was sent, in the city's zone; now where it says nothing. Raises Unreadable."""
        if not text:
            return now
        at = moment_of(text, self.formats)
        at = at.replace(tzinfo=zone) if at.tzinfo is None else at
        if not EARLIEST <= at <= now:
            raise Unreadable(_("The date “%s” lies before the year 2000 or in the future.") % text)
        return at

    def described(self) -> list[str]:
        """One line for each field, for the screen."""
        return [f"{name:10} ← {' + '.join(columns)}" for name, columns in self.of.items()]


def mapped(path: Path, header: Sequence[str]) -> Columns:
    """The mapping a TOML file says, checked against the header. Raises Trouble."""
    said = read_mapping(path)
    known = {*GUESSES, *ONLY_NAMED, *LEFT_OUT}
    columns = {name: [at] if isinstance(at, str) else list(at) for name, at in said.get("columns", {}).items()}
    _assert_known(path, said, columns, known, header)
    return Columns(
        of={name: at for name, at in columns.items() if name not in LEFT_OUT},
        formats=[*said.get("formats", {}).get("sent_at", []), *FORMATS],
        categories={str(k): str(v) for k, v in said.get("values", {}).get("category", {}).items()},
        datum=Datum(said.get("datum", Datum.WGS84)), source=str(said.get("source", "")),
    )  # fmt: skip


def read_mapping(path: Path) -> dict[str, Any]:
    """What a TOML file says. Raises Trouble."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise Trouble(f"{path.name} is no readable TOML: {fault}.", mend="compare it with docs/import.md.") from None


def guessed(header: Sequence[str]) -> Columns:
    """The mapping the names of the columns suggest; the first name that fits decides. Raises Trouble."""
    found: dict[str, list[str]] = {}
    for field_name, words in GUESSES.items():
        taken = {column for columns in found.values() for column in columns}
        named = {folded(column): column for column in reversed(header) if column not in taken}
        match = next((named[word] for word in map(folded, words.split()) if word in named), None)
        if match:
            found[field_name] = [match]
    if not found.keys() & {"text", "title"}:
        raise Trouble(
            f"No column looks like the text of a message: {', '.join(header)}.",
            mend="say which is which with --map, see docs/import.md.",
        )
    return Columns(of=found, guessed=True)


def left_out(header: Sequence[str]) -> list[str]:
    """Columns with replies, which are not imported."""
    words = {folded(word) for names in LEFT_OUT.values() for word in names.split()}
    return [column for column in header if folded(column) in words]


def _assert_known(
    path: Path, said: Mapping[str, Any], columns: Mapping[str, list[str]], known: set[str], header: Sequence[str]
) -> None:
    faults = [f"`{key}` is no part of a mapping" for key in sorted(said.keys() - KEYS)]
    faults += [f"`{name}` is no field of a message" for name in sorted(columns.keys() - known)]
    missing = sorted({one for names in columns.values() for one in names} - set(header))
    faults += [f"the file has no column “{name}”" for name in missing]
    if not columns.keys() & {"text", "title"}:
        faults.append("neither `text` nor `title` has a column")
    if said.get("datum", Datum.WGS84) not in list(Datum):
        faults.append(f"the datum must be one of {', '.join(Datum)}")
    if "id" in columns and not said.get("source"):
        faults.append("`id` needs a `source`, the name of the system whose numbers they are")
    if faults:
        raise Trouble(f"{path.name}: {'; '.join(faults)}.", mend=f"the columns are {', '.join(header)}.")


def folded(name: str) -> str:
    return re.sub(r"[\s_*:：（(].*$|\s", "", name.casefold().replace("_", "-").strip().lstrip("*"))


def joined(cells: Mapping[str, str], columns: Sequence[str]) -> str:
    return " ".join(cells[column] for column in columns if cells[column])


def number_of(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Unreadable(_("The coordinate “%s” is no number.") % text[:40]) from None


def moment_of(text: str, formats: Sequence[str]) -> datetime:
    if EXCEL_DAYS.fullmatch(text):
        return EXCEL_EPOCH + timedelta(days=float(text))
    for form in formats:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(_("The date “%s” can not be read.") % text[:40]) from None


def titled(data: dict[str, Any]) -> dict[str, Any]:
    """A title that is too long for a line begins the text instead, so that no word is lost."""
    from citong.core.cases.forms import TITLE_LENGTH

    title, text = " ".join(data.get("title", "").split()), data.get("text", "")
    if not text:
        return {**data, "title": "", "text": title} if title else data
    if len(title) > TITLE_LENGTH:
        return {**data, "title": "", "text": f"{title}\n{text}"}
    return data
