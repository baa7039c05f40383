"""Which column of a table means which field: what a kind can be told by a table, guessed from its header, or said."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citong.core.cases.declare import Words
from citong.core.register.declare import Known, TieKind
from citong.core.register.kinds import KINDS, TIES, Dwelling
from citong.kit.text import to_simplified

HOME = "dwelling."
GRID, LON, LAT, SINCE = "grid", "lon", "lat", "since_there"
PLACE: Mapping[str, Words] = {
    GRID: gettext_lazy("Base grid"), LON: gettext_lazy("Longitude"), LAT: gettext_lazy("Latitude"),
}  # fmt: skip
LANGUAGES = ("zh-hans", "zh-hant", "en")
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


class Unfit(ValueError):
    """A mapping can not be used for this kind or this table; the sentence says why."""


@dataclass(frozen=True)
class Target:
    """Something a column can say: `name` is a field, `dwelling.` and a field, or a word of the place."""

    name: str
    label: Words
    known: Known | None = None

    @property
    def field(self) -> str:
        return self.name.removeprefix(HOME)


def home_of(kind: str) -> TieKind | None:
    """The tie by which a record of this kind is found where a dwelling is; None for kinds that have none."""
    homes = (tie for tie in TIES.values() if tie.houses and kind in tie.subject and Dwelling.code in tie.object)
    return next((tie for tie in homes if kind in ("person", "organisation")), None)


def targets(kind: str) -> dict[str, Target]:
    """All that a table can say of a record of this kind, by name, in the order in which it is asked."""
    found = [Target(name, known.field.label or name, known) for name, known in KINDS[kind].known.items()]
    if home := home_of(kind):
        found += [
            Target(f"{HOME}{name}", format_lazy("{}: {}", Dwelling.label, known.field.label), known)
            for name, known in Dwelling.known.items()
        ]
        found.append(Target(SINCE, format_lazy("{}: {}", home.label, gettext_lazy("Since"))))
    found += [Target(name, label) for name, label in PLACE.items()]
    return {target.name: target for target in found}


def guessed(kind: str, header: Sequence[str]) -> dict[str, str]:
    """Column to target, as the names of the columns suggest; a column that fits nothing is left out."""
    names = _names(kind)
    found: dict[str, str] = {}
    for column in header:
        fitting = (name for name in names.get(folded(column), ()) if name not in found.values())
        if target := next(fitting, None):
            found[column] = target
    return found


def said(kind: str, header: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Column to target as somebody said, checked against table and kind. Raises Unfit."""
    known, used = targets(kind), {column: name for column, name in columns.items() if name}
    if strange := [name for name in used.values() if name not in known]:
        raise Unfit(_("“%(name)s” is no field of this kind.") % {"name": strange[0]})
    if missing := [column for column in used if column not in header]:
        raise Unfit(_("The table has no column “%(name)s”.") % {"name": missing[0]})
    twice = [name for name in used.values() if list(used.values()).count(name) > 1]
    if twice:
        raise Unfit(_("Two columns say “%(name)s”: choose one.") % {"name": known[twice[0]].label})
    asked = [name for name, one in KINDS[kind].known.items() if one.field.required and name not in used.values()]
    if asked:
        raise Unfit(_("No column says “%(name)s”, which every record needs.") % {"name": known[asked[0]].label})
    return used


def of_file(kind: str, header: Sequence[str], text: str) -> dict[str, str]:
    """Column to target as a TOML text says in its table [columns]: field = "column". Raises Unfit."""
    try:
        columns = tomllib.loads(text).get("columns", {})
    except tomllib.TOMLDecodeError as fault:
        raise Unfit(_("The mapping is no readable TOML: %(fault)s.") % {"fault": fault}) from None
    return said(kind, header, {str(column): str(name) for name, column in columns.items()})


def folded(name: str) -> str:
    """A column's name without spaces, marks, brackets and case, in simplified characters."""
    plain = re.sub(r"[（(\[【].*$", "", to_simplified(name.casefold()))
    return re.sub(r"[\W_]", "", plain)


@lru_cache(maxsize=20)
def _names(kind: str) -> dict[str, list[str]]:
    """Folded name of a column to the targets it may mean, likeliest first. The kind's own field comes before its
    dwelling's."""
    found: dict[str, list[str]] = {}
    for target in targets(kind).values():
        own = [target.name.replace(".", ""), *CALLED.get(target.field, "").split(), *_labels(target)]
        for word in dict.fromkeys(folded(one) for one in own):
            found.setdefault(word, []).append(target.name)
    return found


def _labels(target: Target) -> list[str]:
    words = []
    for language in LANGUAGES:
        with translation.override(language):
            words += [str(target.label), str(target.known.field.label) if target.known else ""]
    return [word for word in words if word]
