"""What a record says, in the reader's language: fields with their values, where each comes from, and how to name it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from citong.core.cases.declare import Words
from citong.core.people.access import Purpose
from citong.core.register.declare import RecordKind
from citong.core.register.kinds import KINDS
from citong.core.register.models import Record, Source
from citong.web.public.names import division_name, purpose_words

# What whole values may be asked for. "own" and "public" are not the staff's to say.
ASKED: tuple[Purpose, ...] = (
    Purpose.HANDLING, Purpose.VISITING, Purpose.ERRAND, Purpose.CORRECTION, Purpose.SUPERVISION,
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One field of a record as a page shows it, and who said it when from which source."""

    name: str
    label: Words
    value: str
    sealed: bool
    whole: bool
    source: str = ""
    on: str = ""
    by: str = ""


def kind_of(record: Record) -> type[RecordKind]:
    """The declaration of the record's kind."""
    return KINDS[record.kind]


def title_of(record: Record) -> str:
    """How a page names the record, in the reader's language."""
    return kind_of(record).shown_name(record.name)


def value_words(kind: type[RecordKind], name: str, value: Any) -> str:
    """A field's value in words; nothing for what is not said."""
    if value in (None, ""):
        return ""
    field = kind.known[name].field if name in kind.known else None
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value, value))
    return str(value)


def label_of(kind: type[RecordKind], name: str) -> str:
    """The field's label; the name itself where the kind knows no such field any more."""
    return str(kind.known[name].field.label) if name in kind.known else name


def source_words(code: str) -> str:
    """Where a statement comes from, in words."""
    return str(Source(code).label) if code in Source.values else code


def purposes() -> list[tuple[str, str]]:
    """What a whole value may be asked for, in words."""
    return [(purpose.value, purpose_words(purpose.value)) for purpose in ASKED]


def place_words(record: Record) -> str:
    """Where it is: divisions, and the grid if it is known."""
    names = [division_name(code) for code in (record.district, record.street, record.community) if code]
    return " ".join([*filter(None, names), *([record.grid] if record.grid else [])])


def facts_of(
    record: Record, shown: Mapping[str, Any], *, revealed: Mapping[str, Any], by: Mapping[int, str]
) -> list[Fact]:
    """Every field of the record's kind; `shown` with masked values, `revealed` whole ones, `by` version to person."""
    kind = kind_of(record)
    return [_fact(kind, record, name, shown, revealed, by) for name in kind.known]


def _fact(
    kind: type[RecordKind], record: Record, name: str, shown: Mapping[str, Any], revealed: Mapping[str, Any],
    by: Mapping[int, str],
) -> Fact:  # fmt: skip
    known, whole = kind.known[name], name in revealed
    value = value_words(kind, name, revealed[name] if whole else shown.get(name))
    version, _branch, source, on = (*record.said.get(name, ()), *[""] * 4)[:4]
    return Fact(
        name, known.field.label or name, value, known.sealed, whole, source_words(str(source)), str(on),
        by.get(version, "") if isinstance(version, int) else "",
    )  # fmt: skip


def sentences(errors: Mapping[str, Iterable[str]], kind: type[RecordKind]) -> str:
    """The faults of a command as one sentence each, with the field they are about."""
    said = [_("%(field)s: %(fault)s") % {"field": label_of(kind, name), "fault": " ".join(faults)}
            for name, faults in errors.items()]  # fmt: skip
    return " ".join(said)


def day_words(day: date | None) -> str:
    """The day as figures."""
    return day.isoformat() if day else ""
