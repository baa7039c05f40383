"""What an entry of the ledger says, in plain words: its facts by the labels of the form they were entered in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citong.core.cases.declare import Act, CaseType, Words
from citong.core.cases.models import Category
from citong.core.cases.reading import BEGINNINGS
from citong.core.ledger.models import Entry
from citong.core.ledger.read import Recorded
from citong.core.people.models import Account, Unit
from citong.web.desk.wanted import CHANNELS, LEVELS
from citong.web.public.names import kind_name
from citong.web.spans import span_words

LABELS: Mapping[str, Words] = {
    "unit": gettext_lazy("To"),
    "units": gettext_lazy("Units to help"),
    "category": gettext_lazy("Kind"),
    "level": gettext_lazy("Level"),
    "clock": gettext_lazy("Clock that ran out"),
    "number": gettext_lazy("Other case"),
    "split_from": gettext_lazy("Split off from"),
    "span": gettext_lazy("More time"),
    "outcome": gettext_lazy("Decision"),
    "channel": gettext_lazy("Channel"),
    "source": gettext_lazy("Moved in from"),
    "old_number": gettext_lazy("Number there"),
    "file": gettext_lazy("Digest of the file"),
    "result": gettext_lazy("What was done"),
    "handled_by": gettext_lazy("Handled by"),
    "who": gettext_lazy("Who"),
}
OUTCOMES: Mapping[str, Words] = {"granted": gettext_lazy("Granted"), "declined": gettext_lazy("Declined")}
PLACE = frozenset({"lon", "lat", "datum", "grid"})
TOLD_ELSEWHERE = PLACE.union(
    {
        "from", "to", "routed", "by_rule", "unit_name", "files", "channels", "decision", "public", "reporting", "title",
        "text", "address", "opened", "closed",
    }
)  # fmt: skip

BEGUN_WITH = ("unit", "category")


@dataclass(frozen=True)
class Names:
    """Names of the people, units and kinds that a history speaks of, and of the parties its reader may know."""

    people: Mapping[UUID, str]
    units: Mapping[str, str]
    kinds: Mapping[str, str]
    parties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """One fact: a label and what it was."""

    label: Words
    value: str


def names_for(recorded: Sequence[Recorded], *, people: Iterable[UUID | None], units: Iterable[str]) -> Names:
    """The names these entries need, and those of further people and units; three queries."""
    entries = [one.entry for one in recorded]
    kinds = {str(entry.facts["category"]) for entry in entries if entry.facts.get("category")}
    codes = {*units, *(entry.unit for entry in entries), *(code for entry in entries for code in _units_in(entry))}
    accounts = Account.objects.filter(id__in={one for one in (*people, *(e.actor for e in entries)) if one})
    return Names(
        {account.id: account.get_full_name() for account in accounts.only("id", "name", "username")},
        dict(Unit.objects.filter(code__in=codes - {""}).values_list("code", "name")),
        {kind.code: kind_name(kind) for kind in Category.objects.filter(code__in=kinds)} if kinds else {},
    )


def facts_said(entry: Entry, kind: type[CaseType], names: Names) -> list[Said]:
    """The facts a reader wants, in the form's order of words; what the page shows elsewhere is left out."""
    fields = _fields(kind, entry)
    said = []
    for name, value in entry.facts.items():
        words = "" if _skip(entry, name) else _value(name, value, fields.get(name), kind, names)
        if words:
            label = fields[name].label if name in fields and fields[name].label else LABELS.get(name, name)
            said.append(Said(label or name, words))
    return said


def words_said(recorded: Recorded, kind: type[CaseType]) -> list[Said]:
    """The free words of an entry; one sentence instead when they were lawfully erased."""
    if recorded.entry.content_hash and recorded.words is None:
        return [Said("", _("The words of this step were erased when their time had run out."))]
    fields, elsewhere = _fields(kind, recorded.entry), _told_elsewhere(recorded.entry, kind)
    return [
        Said(fields[name].label or name if name in fields else LABELS.get(name, name), str(text))
        for name, text in (recorded.words or {}).items()
        if name not in elsewhere
    ]


def _told_elsewhere(entry: Entry, kind: type[CaseType]) -> frozenset[str]:
    """Which words the page shows in another place: of a private case only what it is about."""
    if not kind.reads:
        return TOLD_ELSEWHERE
    return PLACE | {"title", "text"} if entry.act in BEGINNINGS else PLACE | {"title"}


def act_of(kind: type[CaseType], entry: Entry) -> Act | None:
    """The declaration of the act, None for the opening and for acts that are no longer declared."""
    return kind.acts.get(entry.act)


def clock_label(kind: type[CaseType], code: str) -> str:
    """The label of a declared clock."""
    spec = kind.clocks().get(code)
    return str(spec.label) if spec else code


def _skip(entry: Entry, name: str) -> bool:
    return name in TOLD_ELSEWHERE or (entry.act in BEGINNINGS and name in BEGUN_WITH)


def _units_in(entry: Entry) -> list[str]:
    return [*entry.facts.get("units", ()), *([str(entry.facts["unit"])] if entry.facts.get("unit") else [])]


def _fields(kind: type[CaseType], entry: Entry) -> Mapping[str, forms.Field]:
    act = act_of(kind, entry)
    form = kind.opening.form if entry.act == "open" else act.form if act else None
    return form.base_fields if form is not None else {}


def _value(name: str, value: Any, field: forms.Field | None, kind: type[CaseType], names: Names) -> str:
    known: dict[str, Callable[[], object]] = {
        "unit": lambda: names.units.get(value, value),
        "units": lambda: "、".join(names.units.get(code, code) for code in value),
        "category": lambda: names.kinds.get(value, value),
        "level": lambda: LEVELS.get(value, value),
        "clock": lambda: clock_label(kind, value),
        "span": lambda: span_words(value),
        "days": lambda: span_words(f"{value} working days"),
        "outcome": lambda: OUTCOMES.get(value, value),
        "channel": lambda: CHANNELS.get(value, value),
        "stars": lambda: "★" * int(value) + "☆" * (5 - int(value)),
        "number": lambda: value,
        "split_from": lambda: value,
        "source": lambda: value,
        "old_number": lambda: value,
        "file": lambda: value,
        "handled_by": lambda: value,
    }
    if name in known:
        return str(known[name]())
    return _by_field(value, field)


def _by_field(value: Any, field: forms.Field | None) -> str:
    """What was chosen, by the words of the choice; a tick only where it was set."""
    said = getattr(field, "said", None)  # a field with words of its own
    if said is not None:
        return str(said(value))
    if isinstance(field, forms.ModelChoiceField):  # a row by its key: whoever may know it is told in words
        return ""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else ""
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        labels = {str(code): str(label) for code, label in choices}
        chosen = value if isinstance(value, list) else [value]
        return "、".join(labels.get(str(one), str(one)) for one in chosen)
    return str(value) if field is not None else ""
