"""What an actor reads of a case: in an open service all that was said, in a private one what is meant for them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from citong.core.cases.declare import CaseType, Who
from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.ledger.models import Entry
from citong.core.ledger.read import Recorded, history
from citong.core.people.access import Actor, Told, may_read

COURSE = (
    "from",
    "to",
    "clock",
    "level",
    "unit",
    "unit_name",
    "channel",
)  # facts that tell how it went, not what was said


def told(case: Case, actor: Actor) -> list[Recorded]:
    """The history of the case, oldest first; what this actor does not read is veiled: that it happened, without words.

    Two queries.
    """
    recorded = history(case.id, since=case.opened_at)
    return [one if reads(one.entry, case, actor) else veiled(one) for one in recorded]


def reads(entry: Entry, case: Case, actor: Actor) -> bool:
    """Whether the actor reads the words, facts and papers of this entry. No query."""
    kind = case_type(case.service)
    return not kind.reads or may_read(actor, readers(kind, entry.act), case, Told(entry.actor, entry.facts))


def readers(kind: type[CaseType], act: str) -> Sequence[Who]:
    """Who reads the words of an act besides whoever took it; of the opening, those whom the service names."""
    declared = kind.acts.get(act)
    return (declared and declared.reads) or kind.reads


def reads_all(case: Case, actor: Actor) -> bool:
    """Whether the actor reads what is said to everybody in the case. No query."""
    kind = case_type(case.service)
    return not kind.reads or may_read(actor, kind.reads, case, Told(None, {}))


def veiled(one: Recorded) -> Recorded:
    """The same step without what was said."""
    kept: dict[str, Any] = {name: value for name, value in one.entry.facts.items() if name in COURSE}
    fields = {field.attname: getattr(one.entry, field.attname) for field in Entry._meta.concrete_fields}
    return Recorded(Entry(**fields | {"facts": kept}), {}, veiled=True)


def readable(recorded: Sequence[Recorded]) -> set[UUID]:
    """The entries that are not veiled: their files may be seen."""
    return {one.entry.id for one in recorded if not one.veiled}
