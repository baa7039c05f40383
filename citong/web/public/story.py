"""The story of a case as its reporter and the public read it: what was done, by which office, when, in which words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.forms import ChoiceField, Field, Form, ModelChoiceField, MultipleChoiceField
from django.utils.translation import gettext as _

from citong.core.cases.declare import Act, CaseType, Does, Reach, Stage
from citong.core.cases.forms import MoneyField
from citong.core.cases.models import Case, Party
from citong.core.cases.reading import BEGINNINGS, words_for_reporter
from citong.core.cases.registry import case_type
from citong.core.files.models import Attachment
from citong.core.flow.reading import readable, told
from citong.core.ledger.models import Entry
from citong.core.ledger.read import Recorded
from citong.core.people.access import ANYBODY, Actor
from citong.core.people.posts import Post
from citong.web.public.names import unit_names

STARS = 5
Photos = Mapping[UUID, Sequence[Attachment]]


@dataclass(frozen=True)
class Step:
    """One thing that happened. `who` is an office, the reporter, a side or the platform; never a person. What one side
    and whoever mediates alone read is `apart`."""

    at: datetime
    what: str
    who: str
    icon: str
    act: str
    own: bool = False
    detail: str = ""
    words: Sequence[str] = ()
    apart: bool = False
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


def told_to_reporter(case: Case, actor: Actor) -> Story:
    """The whole public story with the words and photos meant for the reporter, or for a party; four queries."""
    return _story(case, actor, public=False)


def told_to_public(case: Case) -> Story:
    """The story without words, with the photos that offices published; four queries."""
    return _story(case, ANYBODY, public=True)


def visible(attachments: Iterable[Attachment], own: set[UUID]) -> list[Attachment]:
    """What a reporter may see: published files and those of their own entries."""
    return [one for one in attachments if one.public or one.entry in own]


def own_entries(recorded: Iterable[Recorded]) -> set[UUID]:
    """Entries the reporter made."""
    return {one.entry.id for one in recorded if one.entry.post == Post.RESIDENT}


def _story(case: Case, actor: Actor, *, public: bool) -> Story:
    kind = case_type(case.service)
    recorded = told(case, actor)
    units = unit_names(one.entry.unit for one in recorded)
    files = Attachment.objects.filter(subject=case.id).select_related("file").order_by("id")
    own = set() if public else readable(recorded) if kind.reads else own_entries(recorded)
    photos = _by_entry(visible(files, own))
    steps = [_step(one, kind, units, photos, public=public) for one in recorded if _is_told(one, kind)]
    reached = {one.entry.facts.get("to", "") for one in recorded}
    return Story(steps, progress(case, kind, reached))


def _is_told(one: Recorded, kind: type[CaseType]) -> bool:
    declared = kind.acts.get(one.entry.act)
    return one.entry.act in BEGINNINGS or (declared is not None and (declared.public or _is_meant(one, kind)))


def _is_meant(one: Recorded, kind: type[CaseType]) -> bool:
    """In a private service what somebody reads is meant for them, whatever the act."""
    return bool(kind.reads) and not one.veiled


def _step(
    one: Recorded, kind: type[CaseType], units: Mapping[str, str], photos: Photos, *, public: bool
) -> Step:  # fmt: skip
    entry, declared = one.entry, kind.acts.get(one.entry.act)
    own = entry.post == Post.RESIDENT
    said = words_for_reporter(declared, one.words or {}, own=own and declared is not None)
    if kind.reads:
        said = labelled(declared.form if declared else kind.opening.form, one.words or {})
    return Step(
        at=entry.at, act=entry.act, own=own, photos=photos.get(entry.id, ()),
        what=str(declared.done if declared else BEGINNINGS[entry.act]),
        who=_who(entry, units.get(entry.unit, "")),
        icon=declared.icon if declared else "file-plus",
        detail=_detail(declared, entry.facts, bool(kind.reads)),
        words=() if public else said,
        apart=declared is not None and any(who.reach == Reach.SIDE for who in declared.reads),
    )  # fmt: skip


def labelled(form: type[Form] | None, content: Mapping[str, Any]) -> list[str]:
    """All the words of a step, for who reads them, each by the label under which it was written."""
    fields = form.base_fields if form else {}
    told = {
        name: str(value)
        for name, value in content.items()
        if value and name != "grid" and not _is_hidden(fields.get(name))
    }
    if len(told) <= 1:
        return list(told.values())
    labels = {name: str(fields[name].label).rstrip("?？") for name in told if name in fields}
    return [_("%(label)s: %(words)s") % {"label": labels[name], "words": words} if name in labels else words
            for name, words in told.items()]  # fmt: skip


def _is_hidden(field: Field | None) -> bool:
    return field is not None and field.widget.is_hidden


def _who(entry: Entry, unit: str) -> str:
    if entry.post == Post.RESIDENT:
        side = entry.facts.get("side")
        return str(Party.Side(side).label) if side in Party.Side.values else _("The reporter")
    return unit or _("The platform")


def _detail(declared: Act | None, facts: Mapping[str, Any], private: bool) -> str:
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
    answers = (_answer(field, facts[name], private) for name, field in fields.items() if name in facts)
    return " · ".join(filter(None, answers))


def _answer(field: Field, value: Any, private: bool) -> str:
    """An amount; in a private service, where whoever sees the answer reads all of it, also what was chosen."""
    if isinstance(field, MoneyField):
        return field.said(value)
    if not private or not isinstance(field, ChoiceField) or isinstance(field, ModelChoiceField | MultipleChoiceField):
        return ""
    choices: Any = field.choices
    return str(dict(choices).get(value, ""))


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
