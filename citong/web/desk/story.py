"""The story of a case: each step with who, when, from which office, in which words, with which papers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from citong.core.cases.declare import CaseType, State, Words
from citong.core.cases.models import Case
from citong.core.cases.reading import BEGINNINGS
from citong.core.cases.registry import case_type
from citong.core.files.models import Attachment
from citong.core.ledger.models import Entry
from citong.core.ledger.read import Recorded
from citong.core.people.posts import Post
from citong.web.desk.plain import Names, Said, act_of, facts_said, words_said
from citong.web.public.names import post_name


@dataclass(frozen=True)
class Step:
    """One entry of the history as people read it. `state` is where it led, None when the case stayed."""

    at: datetime
    done: Words
    icon: str
    who: str
    post: str
    unit: str
    state: State | None
    facts: Sequence[Said]
    words: Sequence[Said]
    files: Sequence[Attachment]
    public: bool


def story(
    case: Case, recorded: Sequence[Recorded], files: Sequence[Attachment], names: Names, *, sees_reporter: bool
) -> list[Step]:
    """The steps, newest first; no query. Without `sees_reporter` nobody learns who reported."""
    kind = case_type(case.service)
    hung: dict[UUID, list[Attachment]] = defaultdict(list)
    for file in files:
        hung[file.entry].append(file)
    return [
        _step(one, kind, names, hung[one.entry.id], who(one.entry, case, names, sees_reporter=sees_reporter))
        for one in reversed(recorded)
    ]


def who(entry: Entry, case: Case, names: Names, *, sees_reporter: bool) -> str:
    """The name of whoever did it, as far as the reader may know it."""
    if entry.post == "system":
        return _("Citong")
    if entry.post == Post.RESIDENT and case_type(case.service).reads:
        return names.parties.get(entry.facts.get("party", ""), "") or _("A party")
    if entry.post == Post.RESIDENT or entry.actor is None:
        name = names.people.get(entry.actor) if entry.actor else ""
        return name if name and sees_reporter else _("The reporter")
    if entry.actor == case.reporter_id and not sees_reporter:
        return _("The reporter")
    return names.people.get(entry.actor, _("Somebody who has left"))


def _step(one: Recorded, kind: type[CaseType], names: Names, files: Sequence[Attachment], name: str) -> Step:
    entry, act = one.entry, act_of(kind, one.entry)
    begun = BEGINNINGS.get(entry.act)
    to, start = entry.facts.get("to", ""), entry.facts.get("from", "")
    return Step(
        at=entry.at, who=name, files=files,
        done=act.done if act else begun or entry.act,
        icon=act.icon if act else "message-report",
        post="" if entry.post in ("system", Post.RESIDENT) else post_name(entry.post),
        unit=names.units.get(entry.unit, entry.unit),
        state=kind.states.get(to) if to != start else None,
        facts=facts_said(entry, kind, names), words=words_said(one, kind),
        public=act.public if act else begun is not None,
    )  # fmt: skip
