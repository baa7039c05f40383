"""The story of a case as its reporter and the public read it: what was done, by which office, when, in which words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from citong.core.cases.declare import Act, CaseType, Does, Stage
from citong.core.cases.forms import MoneyField
from citong.core.cases.models import Case
from citong.core.cases.reading import BEGINNINGS, words_for_reporter
from citong.core.cases.registry import case_type
from citong.core.files.models import Attachment
from citong.core.ledger.read import Recorded, history
from citong.core.people.posts import Post
from citong.web.public.names import unit_names

STARS = 5
Photos = Mapping[UUID, Sequence[Attachment]]


@dataclass(frozen=True)
class Step:
    """One thing that happened. `who` is an office, the reporter or the platform; never a person."""

    at: datetime
    what: str
    who: str
    icon: str
    act: str
    own: bool = False
    detail: str = ""
    words: Sequence[str] = ()
    photos: Sequence[Attachment] = ()


@dataclass(frozen=True)
class Progress:
    """One of the seven stages: done, current, coming, or skipped where the case ended before it."""

    code: str
    label: str
    status: str


@dataclass(frozen=True)
class Story:
    """Everything told of a case, oldest first."""

    steps: list[Step] = field(default_factory=list)
    stages: list[Progress] = field(default_factory=list)


def told_to_reporter(case: Case) -> Story:
    """The whole public story with the words and photos meant for the reporter; four queries."""
    return _story(case, public=False)


def told_to_public(case: Case) -> Story:
    """The story without words, with the photos that offices published; four queries."""
    return _story(case, public=True)


def visible(attachments: Iterable[Attachment], own: set[UUID]) -> list[Attachment]:
    """What a reporter may see: published files and those of their own entries."""
    return [one for one in attachments if one.public or one.entry in own]


def own_entries(recorded: Iterable[Recorded]) -> set[UUID]:
    """Entries the reporter made."""
    return {one.entry.id for one in recorded if one.entry.post == Post.RESIDENT}


def _story(case: Case, *, public: bool) -> Story:
    kind = case_type(case.service)
    recorded = history(case.id, since=case.opened_at)
    units = unit_names(one.entry.unit for one in recorded)
    files = Attachment.objects.filter(subject=case.id).select_related("file").order_by("id")
    own = set() if public else own_entries(recorded)
    photos = _by_entry(visible(files, own))
    steps = [_step(one, kind, units, photos, public=public) for one in recorded if _is_told(one, kind)]
    reached = {one.entry.facts.get("to", "") for one in recorded}
    return Story(steps, progress(case, kind, reached))


def _is_told(one: Recorded, kind: type[CaseType]) -> bool:
    declared = kind.acts.get(one.entry.act)
    return one.entry.act in BEGINNINGS or (declared is not None and declared.public)


def _step(
    one: Recorded, kind: type[CaseType], units: Mapping[str, str], photos: Photos, *, public: bool
) -> Step:  # fmt: skip
    entry, declared = one.entry, kind.acts.get(one.entry.act)
    own = entry.post == Post.RESIDENT
    return Step(
        at=entry.at, act=entry.act, own=own, photos=photos.get(entry.id, ()),
        what=str(declared.done if declared else BEGINNINGS[entry.act]),
        who=_who(entry.post, units.get(entry.unit, "")),
        icon=declared.icon if declared else "file-plus",
        detail=_detail(declared, entry.facts),
        words=() if public else words_for_reporter(declared, one.words or {}, own=own and declared is not None),
    )  # fmt: skip


def _who(post: str, unit: str) -> str:
    if post == Post.RESIDENT:
        return _("The reporter")
    return unit or _("The platform")


def _detail(declared: Act | None, facts: Mapping[str, Any]) -> str:
    """What the act decided, from its facts: to whom, granted or not, how many stars, how much."""
    if declared is None:
        return ""
    if declared.does == Does.RATE:
        stars = int(facts.get("stars", 0))
        return "★" * stars + "☆" * (STARS - stars)
    if declared.does == Does.DECIDE_DELAY:
        return _("Granted.") if facts.get("outcome") == "granted" else _("Declined.")
    if declared.does in (Does.SPLIT, Does.MERGE):
        return str(facts.get("number", ""))
    if declared.does in (Does.ASSIGN, Does.FINISH_PART):
        return str(facts.get("unit_name", ""))
    fields = declared.form.base_fields if declared.form else {}
    amounts = {name: field for name, field in fields.items() if isinstance(field, MoneyField) and name in facts}
    return " ".join(field.said(facts[name]) for name, field in amounts.items())


def _by_entry(attachments: Iterable[Attachment]) -> dict[UUID, list[Attachment]]:
    found: dict[UUID, list[Attachment]] = {}
    for one in attachments:
        found.setdefault(one.entry, []).append(one)
    return found


def progress(case: Case, kind: type[CaseType], reached: Iterable[str]) -> list[Progress]:
    """The seven stages in order, each with how the case stands to it. `reached` are the states it has been in."""
    order, now = list(Stage), kind.states[case.state]
    passed = [kind.states[name] for name in reached if name in kind.states and not kind.states[name].ends]
    furthest = max((order.index(state.stage) for state in passed), default=0)
    if not now.ends:
        marks = _marks(order.index(now.stage), len(order), after="coming")
    elif furthest >= order.index(Stage.VERIFICATION):
        marks = ["done"] * (len(order) - 1) + ["done" if case.rating else "current"]
    else:
        marks = ["done"] * (furthest + 1) + ["skipped"] * (len(order) - furthest - 1)
    return [Progress(stage.value, str(stage.label), mark) for stage, mark in zip(order, marks, strict=True)]


def _marks(at: int, count: int, *, after: str) -> list[str]:
    return ["done"] * at + ["current"] + [after] * (count - at - 1)
