"""Rows of a table as they can be brought in: read by a mapping, checked by the fields of their kind, or refused."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from citong.core.register.declare import Known
from citong.core.register.sheet_columns import LANGUAGES
from citong.core.register.sheet_kinds import Draft, TableKind, Target
from citong.kit.text import to_simplified

DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M")
EXCEL_EPOCH = date(1899, 12, 30)  # Excel counts a 29 February 1900 that never was
EXCEL_DAYS = range(1, 80_000)
# What tables of offices say for a choice besides its own labels and code.
SAID: Mapping[str, str] = {
    "男": "m", "男性": "m", "女": "f", "女性": "f", "自住": "home", "出租": "let", "空置": "empty", "商铺": "shop",
    "常住": "lives", "户籍": "lives", "租住": "rents", "流动": "rents", "外出": "away", "人户分离": "away",
    "企业": "company", "公司": "company", "个体": "shop", "个体工商户": "shop", "学校": "school", "机关": "public",
    "社会组织": "social", "其他": "other", "独居老人": "alone", "残疾": "disability", "留守儿童": "child",
    "困难": "hardship",
}  # fmt: skip
MOST_REMEMBERED = 10_000


class Reader:
    """Reads the rows of one table by its mapping (column to target)."""

    def __init__(self, kind: TableKind, header: Sequence[str], mapping: Mapping[str, str]) -> None:
        known = kind.targets()
        self.kind, self.width = kind, len(header)
        self.columns = [(at, known[mapping[name]]) for at, name in enumerate(header) if mapping.get(name)]
        self._read: dict[str, Callable[[str], Any]] = {target.name: _reading(target) for _at, target in self.columns}

    def draft(self, number: int, cells: list[str]) -> Draft:
        """The row, read; never raises: what is wrong with it stands in its faults."""
        draft = Draft(number, cells)
        if any(cells[self.width :]):
            draft.faults.append(_("The row has more cells than the header: a comma in it is not quoted."))
            return draft
        for at, target in self.columns:
            try:
                value = self._read[target.name](cells[at])
            except ValidationError as fault:
                draft.faults.append(f"{target.label}: {' '.join(fault.messages)}")
            else:
                self.kind.put(draft, target, value)
        draft.faults += self.kind.faults(draft)
        return draft


def day_of(text: str) -> date | None:
    """The day a cell says; None for an empty one. Raises ValidationError."""
    if not text:
        return None
    if text.isdecimal() and len(text) <= 5 and int(text) in EXCEL_DAYS:
        return EXCEL_EPOCH + timedelta(days=int(text))
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValidationError(_("The date “%s” can not be read: write 2026-01-31.") % text[:40])


def number_of(text: str) -> float | None:
    """The coordinate a cell says; None for an empty one. Raises ValidationError."""
    try:
        return float(text) if text else None
    except ValueError:
        raise ValidationError(_("The coordinate “%s” is no number.") % text[:40]) from None


def _reading(target: Target) -> Callable[[str], Any]:
    """From a cell's text to the cleaned value; raises ValidationError."""
    known = target.known
    if target.reads is not None:
        return _remembered(target.reads)
    if known is None:
        return str.strip
    if isinstance(known.field, forms.ChoiceField):
        return _remembered(_choice(known, needed=known.field.required and not target.optional))
    if isinstance(known.field, forms.DateField):
        return _remembered(_day(known))
    if target.optional:
        return _remembered(lambda text: known.field.clean(text) if text else "")
    return _whole(known)


def _remembered(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """The same for texts that come again and again."""
    held: dict[str, Any] = {}

    def reads(text: str) -> Any:
        if text not in held:
            if len(held) >= MOST_REMEMBERED:
                held.clear()
            held[text] = read(text)
        return held[text]

    return reads


def _whole(known: Known) -> Callable[[str], Any]:
    def reads(text: str) -> Any:
        if "e+" in text and text.replace(".", "").replace("e+", "").isdecimal():
            raise ValidationError(_("Excel has rounded this number: make its column text, and copy it anew."))
        return known.field.clean(text)

    return reads


def _day(known: Known) -> Callable[[str], Any]:
    return lambda text: known.field.clean(day_of(text))


def _choice(known: Known, *, needed: bool) -> Callable[[str], Any]:
    codes = _codes(known)

    def reads(text: str) -> str:
        if not text and not needed:
            return ""
        code = codes.get(to_simplified(text).casefold())
        if code is None:
            raise ValidationError(_("“%(said)s” is none of: %(choices)s.") % {
                "said": text[:40], "choices": _("、").join(str(label) for value, label in _choices(known) if value)
            })  # fmt: skip
        return code

    return reads


def _codes(known: Known) -> dict[str, str]:
    """What a choice may be called, in any language, to its code."""
    values = {value for value, _label in _choices(known)}
    found = {said: code for said, code in SAID.items() if code in values}
    for language in LANGUAGES:
        with translation.override(language):
            found |= {to_simplified(str(label)).casefold(): value for value, label in _choices(known) if value}
    return found | {value: value for value in values if value}


def _choices(known: Known) -> list[tuple[str, Any]]:
    choices: Any = known.field.choices  # type: ignore[attr-defined]
    return [(str(value), label) for value, label in choices]
