"""Tables of the register: each row is a record of one kind, perhaps with the dwelling where it is found."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citong.core.people.access import Actor
from citong.core.places.locate import locator
from citong.core.register.declare import RecordKind
from citong.core.register.kinds import KINDS, Dwelling
from citong.core.register.models import TableImport
from citong.core.register.sheet_fit import home_of, settle
from citong.core.register.sheet_kinds import Coming, Draft, TableKind, Target, declare
from citong.core.register.sheet_rows import day_of, number_of

HOME = "dwelling."
GRID, LON, LAT, SINCE = "grid", "lon", "lat", "since_there"
PLACE: Mapping[str, Target] = {
    GRID: Target(GRID, gettext_lazy("Base grid")),
    LON: Target(LON, gettext_lazy("Longitude"), reads=number_of),
    LAT: Target(LAT, gettext_lazy("Latitude"), reads=number_of),
}
# What tables of offices call a field besides its own labels.
CALLED: Mapping[str, str] = {
    "name": "姓名 名称 户主姓名 人员姓名 居民姓名 单位名称 企业名称 机构名称 场所名称 organisation fullname",
    "gender": "性别 sex",
    "born_on": "出生日期 出生年月 出生年月日 生日 birthday dateofbirth",
    "identity_number": "身份证 身份证号 身份证号码 证件号码 公民身份号码 公民身份证号 idnumber idcard id",
    "phone": "电话 手机 手机号 手机号码 联系电话 联系方式 telephone tel mobile",
    "stay": "居住情况 居住类型 人户情况",
    "address": "地址 门牌 门牌号 门牌地址 详细地址 住址 现住址 居住地址 家庭住址 楼栋地址 经营地址 注册地址 street",
    "building": "楼栋 楼号 栋 幢 栋号 幢号 楼栋号 block",
    "unit": "单元 单元号",
    "room": "室 房号 房间号 室号 户号 门室 flat",
    "use": "用途 房屋用途 使用情况",
    "sort": "类别 类型 种类 企业类型 场所类型 type category",
    "credit_code": "统一社会信用代码 社会信用代码 信用代码 uscc",
    "plate": "车牌 车牌号 车牌号码 号牌 licenseplate",
    "details": "需要什么 需求 情况说明 说明 备注",
    "since": "开始日期 起始日期 开始时间",
    "until": "结束日期 截止日期 到期日期",
    GRID: "网格 网格编码 网格编号 所属网格 gridcode",
    LON: "经度 lng longitude x",
    LAT: "纬度 latitude y",
    SINCE: "入住日期 入住时间 迁入日期 居住起始日期 movedin",
}


class RecordTable(TableKind):
    """A table of records of one kind. Rows that fit a known record change it, the others are new."""

    explains = gettext_lazy(
        "Rows that fit a known record by identity number, credit code or address change it, and its history is kept. "
        "The others are new. What can not be recorded is refused with a reason, and comes back as a file to mend."
    )

    def __init__(self, kind: type[RecordKind]) -> None:
        self.kind, self.code = kind, kind.code  # type: ignore[misc]
        self.label, self.plural, self.icon = kind.label, kind.plural, kind.icon

    @cached_property
    def called(self) -> Mapping[str, str]:
        """By the field's own name, also where it is the dwelling's."""
        return {name: CALLED.get(name.removeprefix(HOME), "") for name in self.targets()}

    def targets(self) -> dict[str, Target]:
        """The fields of the kind, those of its dwelling, and the words of the place."""
        known = [Target(name, one.field.label or name, one) for name, one in self.kind.known.items()]
        found = {target.name: target for target in known}
        if home := home_of(self.code):
            for name, one in Dwelling.known.items():
                label = format_lazy("{}: {}", Dwelling.label, one.field.label)
                found[f"{HOME}{name}"] = Target(f"{HOME}{name}", label, one, optional=True)
            found[SINCE] = Target(SINCE, format_lazy("{}: {}", home.label, gettext_lazy("Since")), reads=day_of)
        return {**found, **PLACE}

    def needed(self) -> Sequence[str]:
        """Of a dwelling only what is there is asked for: a row without one is a row without one."""
        return [name for name, one in self.kind.known.items() if one.field.required]

    def put(self, draft: Draft, target: Target, value: Any) -> None:
        """The draft has what a cell says, its dwelling apart."""
        if value in (None, ""):
            return
        if target.name.startswith(HOME):
            draft.home[target.name.removeprefix(HOME)] = value
        elif target.name == SINCE:
            draft.since = value
        elif target.name in PLACE:
            setattr(draft, target.name, value)
        else:
            draft.values[target.name] = value

    def faults(self, draft: Draft) -> Sequence[str]:
        """What does not hold between the fields of a row."""
        found: list[str] = []
        self.kind.check(draft.values, lambda name, said: found.append(f"{self.kind.known[name].field.label}: {said}"))
        if (draft.lon is None) != (draft.lat is None):
            found.append(_("A place needs both longitude and latitude."))
        if draft.grid and locator().find_by_code(draft.grid) is None:
            found.append(_("There is no grid %(code)s in this city.") % {"code": draft.grid})
        if draft.home and not draft.home.get("address"):
            found.append(_("The dwelling has no street and number."))
        return found

    def settle(self, drafts: Sequence[Draft], table: TableImport, *, actor: Actor) -> Coming:
        """Known by number or address, or new."""
        return settle(drafts, table, actor=actor)


for _kind in KINDS.values():
    declare(RecordTable(_kind))
