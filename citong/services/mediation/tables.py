"""Registers that come as a table: what its columns mean, what becomes of each row, and the rows brought in.

Reading, guessing and repairing are those of the city's own register; here is what a row of mediators is.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citong.core.cases.declare import Words
from citong.core.people.access import Actor, may_lead_body
from citong.core.people.refusal import Refusal
from citong.core.register.sheet_columns import LANGUAGES, Unfit, folded
from citong.core.register.sheet_rows import day_of
from citong.kit.text import alike
from citong.services.mediation import registers
from citong.services.mediation.bodies import bodies_for
from citong.services.mediation.models import Body, Mediator
from citong.services.mediation.register_forms import PersonForm

BODY = "body"
MOST_ROWS = 1_000
LISTS, DAYS, YES = (
    ("fields_", "languages", "districts"),
    ("term_begins", "term_ends"),
    ("是", "公开", "yes", "1", "true"),
)
BETWEEN = re.compile(r"[、,，;；/|]+")
# What tables of offices call a column besides its own label.
CALLED: Mapping[str, str] = {
    "name": "姓名 调解员 调解员姓名 专家姓名", "phone": "电话 手机 手机号 手机号码 联系电话 联系方式",
    "username": "登录名 账号 用户名", "sort": "类别 身份 人员类别",
    "fields_": "擅长领域 领域 专长 调解领域 纠纷类型 擅长",
    "languages": "语言 方言 语种", "districts": "服务区县 区县 服务地区", "most": "上限 承办上限 最多件数",
    "title": "职称 资格 执业证号 职务", "about": "简介 备注", "term_begins": "任期开始 聘任日期 聘期起 聘任时间",
    "term_ends": "任期结束 聘期止 届满日期 任期至", "published": "公开 是否公开",
    BODY: "调解组织 所属组织 机构 组织名称 单位 调委会",
}  # fmt: skip
# What they call a choice besides its own label and code; a word that holds one of these means it.
SAID: Mapping[str, str] = {
    "邻里": "neighbour", "相邻": "neighbour", "婚姻": "family", "家庭": "family", "山林": "land", "土地": "land",
    "宅基": "housing", "房屋": "housing", "交通": "traffic", "消费": "consumer", "劳动": "labour", "医": "medical",
    "借贷": "loan", "借款": "loan", "金融": "finance", "海": "maritime", "渔": "maritime", "商事": "commercial",
    "合同": "commercial", "损害": "injury", "其他": "other", "普通话": "putonghua", "国语": "putonghua",
    "闽南": "minnan", "福州": "fuzhou", "客家": "hakka", "粤": "cantonese", "白话": "cantonese", "手语": "sign",
    "英语": "english", "专家": "expert", "调解员": "mediator",
}  # fmt: skip


@dataclass
class Line:
    """A row as it would be entered: what becomes of it (`fresh`, `changed`, `same`), or why it is refused.

    `values` are those that the row says, `whole` has what holds where it says nothing, too.
    """

    number: int
    cells: Sequence[str]
    values: dict[str, Any] = field(default_factory=dict)
    whole: dict[str, Any] = field(default_factory=dict)
    at: str = ""
    faults: list[str] = field(default_factory=list)
    body: Body | None = None
    known: Mediator | None = None

    @property
    def what(self) -> str:
        if self.faults:
            return "refused"
        if self.known is None or self.known.ended_on is not None:
            return "fresh"
        return "same" if all(_same(self.known, name, value) for name, value in self.values.items()) else "changed"


def targets() -> dict[str, Words]:
    """All that a column can say, in the order in which it is asked."""
    asked = {name: one.label or name for name, one in PersonForm.base_fields.items() if name != "inviting_court"}
    return {BODY: gettext_lazy("Body"), **{name: asked[name] for name in PersonForm.field_order}, **asked}


def guessed(header: Sequence[str]) -> dict[str, str]:
    """Column to target, as the names of the columns suggest."""
    names, found = _names(), dict[str, str]()
    for column in header:
        target = names.get(folded(column))
        if target and target not in found.values():
            found[column] = target
    return found


def checked(header: Sequence[str], columns: Mapping[str, str], *, one_body: bool) -> dict[str, str]:
    """Column to target as somebody said. Raises Unfit where a name, a way to sign in or the body is missing."""
    known, used = targets(), {column: name for column, name in columns.items() if name and column in header}
    twice = [name for name in used.values() if list(used.values()).count(name) > 1]
    if twice:
        raise Unfit(_("Two columns say “%(name)s”: choose one.") % {"name": known[twice[0]]})
    needed = ["name", *([] if one_body else [BODY])]
    missing = [name for name in needed if name not in used.values()]
    if missing:
        raise Unfit(_("No column says “%(name)s”, which every record needs.") % {"name": known[missing[0]]})
    if not {"phone", "username"} & set(used.values()):
        raise Unfit(_("A column must give the sign-in name or the telephone number."))
    return used


def read(rows: Iterable[tuple[int, list[str]]], header: Sequence[str], mapping: Mapping[str, str]) -> list[Line]:
    """The rows, read and checked by the form of an entry; what is wrong with one stands in its faults."""
    form, columns = PersonForm({}), [(at, mapping[name]) for at, name in enumerate(header) if mapping.get(name)]
    return [_line(form, columns, number, cells) for number, cells in rows]


def settle(lines: Sequence[Line], *, actor: Actor, body: Body | None) -> None:
    """Each row knows its body and whether its person is known; nothing is written. Two queries."""
    bodies = _bodies(actor, body)
    logins = [str(line.values.get("username", "")) for line in lines]
    held = Mediator.objects.filter(account__username__in=logins).select_related("account", "body__unit__division")
    known, seen = {one.account.username: one for one in held}, set[str]()
    for line in lines:
        login = str(line.values.get("username", ""))
        line.known = known.get(login)
        line.body = body or bodies.get(alike(line.at))
        line.faults += _misfits(line, again=bool(login) and login in seen)
        seen.add(login)


def bring(lines: Sequence[Line], *, actor: Actor, at: datetime) -> dict[str, int]:
    """The rows are in the registers; how many were fresh, changed, the same, refused."""
    counts = dict.fromkeys(("fresh", "changed", "same", "refused"), 0)
    for line in lines:
        what = line.what
        try:
            _bring(line, what, actor, at)
        except Refusal as refusal:
            line.faults += [one for many in refusal.errors.values() for one in many] or [str(refusal)]
        counts[line.what if line.faults else what] += 1
    return counts


def _bring(line: Line, what: str, actor: Actor, at: datetime) -> None:
    assert line.body is not None or line.faults
    if what == "fresh" and line.body is not None:
        registers.enrol(line.body, line.whole, actor=actor, at=at)
    elif what == "changed" and line.known is not None:
        registers.change_mediator(line.known, line.values, actor=actor, at=at)


def _line(form: PersonForm, columns: Sequence[tuple[int, str]], number: int, cells: Sequence[str]) -> Line:
    line, data, said = Line(number, cells), _usual(), {"username"}
    for at, name in columns:
        if not cells[at] and name in data:
            continue
        try:
            data[name] = _value(form, name, cells[at])
            said.add(name)
        except ValidationError as fault:
            line.faults.append(f"{targets()[name]}: {' '.join(fault.messages)}")
    form.data = data
    form.full_clean()
    line.faults = line.faults or [
        f"{form.fields[name].label}: {one}" for name in form.errors for one in form.errors[name]
    ]
    line.at, line.whole = str(data.get(BODY, "")), {} if line.faults else form.values()
    line.values = {name: value for name, value in line.whole.items() if {name, f"{name}_"} & said}
    return line


def _usual() -> dict[str, Any]:
    """What holds where no column says anything."""
    day = PersonForm.base_fields["term_begins"].initial
    return {"sort": Mediator.Sort.MEDIATOR, "most": "10", "term_begins": day().isoformat() if callable(day) else day}


def _value(form: PersonForm, name: str, cell: str) -> Any:
    """A cell as the form reads it. Raises ValidationError."""
    if name in DAYS:
        day = day_of(cell)
        return day.isoformat() if day else ""
    if name == "published":
        return "on" if cell.strip().casefold() in YES else ""
    if name in LISTS:
        return _codes(form.fields[name], cell)
    if name == "sort":
        return (_codes(form.fields[name], cell) or [Mediator.Sort.MEDIATOR])[0]
    return cell


def _codes(asked: forms.Field, cell: str) -> list[str]:
    """The codes of the choices a cell names. Raises ValidationError for a word that names none."""
    choices = [(str(code), str(label)) for code, label in asked.choices if code]  # type: ignore[attr-defined]
    parts = [part.strip() for part in BETWEEN.split(cell) if part.strip()]
    words = [word for part in parts for word in ([part] if _exact(choices, part) else part.split())]
    found = [(_exact(choices, word) or _meant(choices, word), word) for word in words]
    strange = [word for code, word in found if not code]
    if strange:
        labels = _("、").join(label for _code_, label in choices)
        raise ValidationError(_("“%(said)s” is none of: %(choices)s.") % {"said": strange[0][:40], "choices": labels})
    return list(dict.fromkeys(code for code, _word in found))


def _exact(choices: Sequence[tuple[str, str]], word: str) -> str:
    return next((code for code, label in choices if folded(word) in (folded(code), folded(label))), "")


def _meant(choices: Sequence[tuple[str, str]], word: str) -> str:
    codes = {code for code, _label in choices}
    return next((code for part, code in SAID.items() if part in folded(word) and code in codes), "")


def _bodies(actor: Actor, body: Body | None) -> dict[str, Body]:
    """The bodies a column can name, by name and by code of their unit."""
    if body is not None:
        return {}
    led = [one for one in bodies_for(actor).filter(ended_on=None) if may_lead_body(actor, one.unit)]
    return {alike(name): one for one in led for name in (one.unit.name, one.unit.code)}


def _misfits(line: Line, *, again: bool) -> list[str]:
    found = []
    if line.body is None and not line.faults:
        found.append(_("There is no such body in your area: give its name as the list has it."))
    if again:
        found.append(_("An earlier row is of the same person."))
    known = line.known
    if known and known.ended_on is None and line.body and known.body_id != line.body.pk:
        found.append(_("This person stands in the register of a body already."))
    if known and line.values.get("name") and known.account.name != line.values["name"]:
        found.append(_("This sign-in name is somebody else's: choose another."))
    return found


def _same(known: Mediator, name: str, value: Any) -> bool:
    if name in ("username", "name", "phone"):
        return name != "phone" or not value or known.account.phone == value
    held = getattr(known, name)
    return set(held) == set(value) if isinstance(value, list) else held == value


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Folded name of a column to what it means: labels in every language, names, and what offices call it."""
    found: dict[str, str] = {}
    for name in targets():
        labels = []
        for language in LANGUAGES:
            with translation.override(language):
                labels.append(str(targets()[name]))
        for word in (name.rstrip("_"), *CALLED.get(name, "").split(), *labels):
            found.setdefault(folded(word), name)
    return found


def identity(account: UUID, what: str) -> UUID:
    """Under which the one table an account has in hand lies sealed in the home."""
    return uuid5(account, f"mediators {what}")
