"""How a record came about and who looked at it, in words for its page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citong.core.cases.declare import Words
from citong.core.ledger.models import Entry
from citong.core.people.access import Actor
from citong.core.people.models import Account
from citong.core.places.current import today
from citong.core.register import read
from citong.core.register.kinds import TIES
from citong.core.register.models import Record, Tie
from citong.core.register.place import family
from citong.web.public.names import unit_names
from citong.web.register.found import records_for
from citong.web.register.words import day_words, kind_of, label_of, source_words, title_of, value_words
from citong.web.seen import Seen, seen

ACTS: dict[str, tuple[Words, str]] = {
    "record": (gettext_lazy("Written down"), "plus"),
    "change": (gettext_lazy("Changed"), "pencil"),
    "end": (gettext_lazy("Ended"), "flag-off"),
    "resume": (gettext_lazy("Taken up again"), "refresh"),
    "move": (gettext_lazy("Put in another place"), "map-pin"),
    "tie": (gettext_lazy("Tied to another record"), "link"),
    "untie": (gettext_lazy("A tie has ended"), "link-off"),
    "merge": (gettext_lazy("Merged with another record"), "arrows-join"),
    "unmerge": (gettext_lazy("Taken apart again"), "arrows-split"),
    "decide": (gettext_lazy("A proposal was decided"), "git-pull-request"),
    "slip": (gettext_lazy("A slip was given out"), "receipt"),
    "export": (gettext_lazy("Part of a list for an office"), "file-spreadsheet"),
}
MOST_LOOKS = 200


def tells(act: str, words: Words, icon: str) -> None:
    """The history of a record says so of an entry that a service wrote."""
    ACTS[act] = (words, icon)


@dataclass(frozen=True)
class Step:
    """One entry of the history: what was done, by whom, and what was said about each field."""

    what: str
    icon: str
    at: datetime
    who: str
    unit: str
    source: str = ""
    on: str = ""
    lines: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class TieLine:
    """A tie as the page of one of its ends tells it. `other` is None where the reader does not reach it."""

    tie: Tie
    words: str
    icon: str
    other: Record | None
    name: str
    since: str
    until: str
    source: str
    ends: str = ""
    over: bool = False


@dataclass
class Ties:
    """The needs and other situations that concern the record, what holds now, what has ended."""

    needs: list[TieLine] = field(default_factory=list)
    current: list[TieLine] = field(default_factory=list)
    past: list[TieLine] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """Every word about every field."""

    words: Sequence[read.FieldStep]

    @cached_property
    def by(self) -> dict[int, str]:
        """Version to who said it."""
        return {one.version: one.by for one in self.words}

    def of(self, version: int, at: datetime) -> list[read.FieldStep]:
        """The words of one entry."""
        return [one for one in self.words if (one.version, one.at) == (version, at)]


def steps_of(record: Record, told: Told) -> list[Step]:
    """The history, newest first."""
    entries = list(Entry.objects.filter(subject=record.id).order_by("-position"))
    units = unit_names(one.unit for one in entries)
    names = names_in({one.actor for one in entries if one.actor})
    return [_step(record, one, told, units, names) for one in entries]


def looks_of(record: Record) -> list[Seen]:
    """Who looked at the record and those merged into it, newest first."""
    looks = read.looks_at(record)[:MOST_LOOKS]
    units, names = unit_names(one.unit for one in looks), names_in({one.account for one in looks})
    return [seen(one, units=units, people=names) for one in looks]


def ties_shown(record: Record, actor: Actor) -> Ties:
    """How the record belongs to others, from either end."""
    own, shown = set(family([record.id])), Ties()
    ties = read.ties_of(record)
    others = records_for(actor, [one.object_id if one.subject_id in own else one.subject_id for one in ties])
    for tie in ties:
        line = _line(tie, onward=tie.subject_id in own, others=others)
        if tie.until is not None:
            shown.past.append(line)
        elif tie.kind == "concerns" and tie.object_id in own:
            shown.needs.append(line)
        else:
            shown.current.append(line)
    return shown


def names_in(accounts: Iterable[UUID]) -> dict[UUID, str]:
    """Account to the name of its person; one query."""
    return {one.id: one.get_full_name() for one in Account.objects.filter(pk__in=set(accounts))}


def _line(tie: Tie, *, onward: bool, others: dict[UUID, Record]) -> TieLine:
    declared, other = TIES[tie.kind], others.get(tie.object_id if onward else tie.subject_id)
    ends = str(other.values.get("until", "")) if other and other.kind == "situation" else ""
    return TieLine(
        tie, str(declared.label if onward else declared.back), kind_of(other).icon if other else "eye-off", other,
        title_of(other) if other else _("a record outside your area"), day_words(tie.since), day_words(tie.until),
        source_words(tie.source), ends, bool(ends) and ends < today().isoformat(),
    )  # fmt: skip


def _step(record: Record, entry: Entry, told: Told, units: dict[str, str], names: dict[UUID, str]) -> Step:
    kind, facts = kind_of(record), entry.facts
    what, icon = ACTS.get(entry.act, (entry.act, "point"))
    if tie := TIES.get(facts.get("tie_kind", "")):
        what = f"{what}: {tie.label}"
    words = told.of(facts.get("version", 0), entry.at) if facts.get("fields") else []
    return Step(
        str(what), icon, entry.at, names.get(entry.actor, "") if entry.actor else "", units.get(entry.unit, entry.unit),
        source_words(facts.get("source", "")), facts.get("on", ""),
        [(label_of(kind, one.field), value_words(kind, one.field, one.value)) for one in words],
    )  # fmt: skip
