"""What somebody said about a record, checked by the fields of its kind, in the form in which it is kept."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from citong.core.people.refusal import Invalid, NotThere
from citong.core.register.declare import RecordKind
from citong.core.register.kinds import KINDS
from citong.core.register.models import Record
from citong.core.register.sealed import seal, unseal

Faults = dict[str, list[str]]


def kind_of(code: str) -> type[RecordKind]:
    """The kind of this code. Raises NotThere."""
    if code not in KINDS:
        raise NotThere(_("There is no such kind of record."))
    return KINDS[code]


def whole(kind: type[RecordKind], data: Mapping[str, Any]) -> dict[str, Any]:
    """Every field of a new record of the kind, as it is kept; empty ones are left out. Raises Invalid."""
    said = some(kind, dict.fromkeys(kind.known, "") | dict(data))
    fit_together(kind, {}, said)
    return {name: value for name, value in said.items() if value}


def some(kind: type[RecordKind], data: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields as they are kept, an empty one as "". Raises Invalid with the sentences of each field."""
    faults: Faults = {name: [_("Records of this kind have no such field.")] for name in data if name not in kind.known}
    said: dict[str, Any] = {}
    for name, value in data.items():
        if name not in faults:
            try:
                said[name] = kept(kind.known[name].field.clean(_given(value)))
            except ValidationError as fault:
                faults[name] = list(fault.messages)
    if faults:
        raise invalid(faults)
    return said


def fit_together(kind: type[RecordKind], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Nothing between the fields is wrong that was not wrong before. Raises Invalid."""
    faults = _between(kind, after)
    if faults and faults != _between(kind, before):
        raise invalid(faults)


def opened(record: Record, names: Iterable[str] | None = None) -> dict[str, Any]:
    """Field to value in clear, of all fields that have one or of these; "" where nothing stands."""
    known, values = KINDS[record.kind].known, record.values
    wanted = (name for name in (values if names is None else names) if name in known)
    return {
        name: unseal(values.get(name, ""), record.id, name) if known[name].sealed else values.get(name, "")
        for name in wanted
    }


def closed(kind: type[RecordKind], record: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept for the record of this id: sealed where their field is."""
    return {name: seal(value, record, name) if kind.known[name].sealed else value for name, value in values.items()}


def _given(value: Any) -> Any:
    """A value as a form gives it: phones and other programs may send a number."""
    return value if value is None or isinstance(value, str | date | list) else str(value)


def kept(value: Any) -> Any:
    """A cleaned value as JSON keeps it."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else value


def invalid(faults: Mapping[str, list[str]]) -> Invalid:
    return Invalid(_("Some answers need another look."), faults)


def _between(kind: type[RecordKind], values: Mapping[str, Any]) -> Faults:
    faults: Faults = {}

    def wrong(name: str, sentence: Any) -> None:
        faults.setdefault(name, []).append(str(sentence))

    kind.check({name: _read(kind, name, values.get(name)) for name in kind.known}, wrong)
    return faults


def _read(kind: type[RecordKind], name: str, value: Any) -> Any:
    """The value as the form's own field gives it: a day as a day."""
    return date.fromisoformat(value) if value and isinstance(kind.known[name].field, forms.DateField) else value
