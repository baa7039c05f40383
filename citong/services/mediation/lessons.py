"""Lessons: written by whoever mediated, looked at by a second person, found by what a new dispute has in common."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citong.core.cases.models import Case, Party
from citong.core.knowledge.everyday import asked
from citong.core.knowledge.ranking import SHOWN_WORDS, rarity
from citong.core.people.access import Actor, checked_units
from citong.core.people.models import Unit
from citong.core.people.refusal import Invalid, NotAllowed, NotThere, WrongState
from citong.kit.checks import PLATE
from citong.kit.text import find_personal, plain, token_counts
from citong.services.mediation.kinds import Kind, kind_of
from citong.services.mediation.models import Dispute, Lesson
from citong.services.mediation.models.lessons import LONGEST, LONGEST_SOURCE

CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)", re.ASCII)  # of a bank, or any other number that names somebody
SHORTEST_NAME = 2
OF_THE_KIND = 1.5  # a lesson of the same kind counts that much more
MOST_TOKENS, MOST_TEXT = 40, 2_000

IN_COMMON = """
SELECT lesson.id, lesson.kind, one.token,
       (SELECT count(*) FROM mediation_lesson WHERE state = 'published')
FROM unnest(%(tokens)s::text[]) AS one(token)
JOIN mediation_lesson AS lesson ON lesson.tokens @@ quote_literal(one.token)::tsquery AND lesson.state = 'published'
"""


@dataclass(frozen=True)
class Similar:
    """A lesson with the words of the text that speak for it, strongest first, and how strongly."""

    lesson: Lesson
    words: tuple[str, ...]
    score: float


def similar(text: str, kind: str = "", *, most: int = 3) -> list[Similar]:
    """At most `most` published lessons that have rare words in common with the text, best first; two queries."""
    told = dict(list(asked(text[:MOST_TEXT]).items())[: MOST_TOKENS * 4])
    with connection.cursor() as cursor:
        cursor.execute(IN_COMMON, {"tokens": list(told)})
        rows = cursor.fetchall()
    held: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, str] = {}
    for lesson, of_kind, token, _all in rows:
        held[lesson].add(token)
        kinds[lesson] = of_kind
    weights = _weights(rows)
    scores = {
        lesson: sum(weights[token] for token in tokens) * (OF_THE_KIND if kinds[lesson] == kind else 1)
        for lesson, tokens in held.items()
    }
    best = sorted(scores, key=lambda lesson: -scores[lesson])[:most]
    found = Lesson.objects.defer("tokens").in_bulk(best)
    return [Similar(found[one], _words(held[one], weights, told), scores[one]) for one in best if one in found]


def faults(about: str, helped: str) -> dict[str, list[str]]:
    """Why these words can not be a lesson: field to sentences. Numbers that name somebody are never kept."""
    found: dict[str, list[str]] = {}
    for name, words in (("about", about), ("helped", helped)):
        if not words:
            found[name] = [_("Please say this in a few words.")]
        elif count := _numbers(words):
            found[name] = [
                ngettext(
                    "Here is a number that names somebody (phone, identity, plate or card): leave it out.",
                    "Here are %(count)d numbers that name somebody (phone, identity, plate or card): leave them out.",
                    count,
                )
                % {"count": count}
            ]
    return found


def named(case: Case, *words: str) -> list[str]:
    """Names of the people of the case that stand in the words; one query."""
    people = Party.objects.filter(case=case).exclude(name="").values_list("name", flat=True).distinct()
    return sorted(name for name in people if len(name) >= SHORTEST_NAME and any(name in one for one in words))


def may_write(case: Case, actor: Actor) -> bool:
    """Whether the actor mediated the case and it came to its end or its agreement; one query."""
    dispute = Dispute.objects.select_related("mediator").filter(case=case).first()
    if dispute is None or actor.account is None:
        return False
    mediated = dispute.mediator is not None and dispute.mediator.account_id == actor.account
    over = dispute.agreed_at is not None or bool(dispute.failed_as) or not case.open
    return over and (mediated or case.holder_id == actor.account)


@transaction.atomic
def write(case: Case, about: str, helped: str, *, actor: Actor, at: datetime, sure: bool = False) -> Lesson:
    """The lesson waits for a second look; one that was given back is written anew.

    Raises NotAllowed, WrongState once others see it, Invalid for numbers, and for a party's name unless `sure`.
    """
    if not may_write(case, actor):
        raise NotAllowed(_("Whoever mediated this case may write its lesson, once it is over."))
    held = Lesson.objects.select_for_update().filter(case=case).first()
    if held is not None and held.state == Lesson.State.PUBLISHED:
        raise WrongState(_("Other mediators see this lesson already."))
    about, helped = plain(about, LONGEST), plain(helped, LONGEST)
    if wrong := faults(about, helped):
        raise Invalid(_("This can not be kept as it is."), wrong)
    if not sure and (names := named(case, about, helped)):
        said = _("%(names)s is the name of somebody in this case. Take it out, or say that it means somebody else.")
        raise Invalid(_("This can not be kept as it is."), {"sure": [said % {"names": "、".join(names)}]})
    lesson = held or Lesson(case=case)
    lesson.unit, lesson.kind = _unit(case, actor), Dispute.objects.values_list("kind", flat=True).get(case=case)
    lesson.about, lesson.helped, lesson.state, lesson.reason = about, helped, Lesson.State.WAITING, ""
    lesson.written_by, lesson.written_at, lesson.approved_by, lesson.approved_at = actor.account, at, None, None
    lesson.tokens = tokens_of(about, helped)
    lesson.save()
    return lesson


def to_look_at(actor: Actor) -> QuerySet[Lesson]:
    """Lessons that wait for this actor's second look, oldest first: of bodies they head or lead, never their own."""
    waiting = Lesson.objects.filter(state=Lesson.State.WAITING, unit__in=Unit.objects.filter(checked_units(actor)))
    return waiting.exclude(written_by=actor.account).select_related("unit").defer("tokens").order_by("id")


@transaction.atomic
def decide(lesson_id: UUID, *, actor: Actor, at: datetime, publish: bool, reason: str = "") -> Lesson:
    """Others see it from now on, or its writer reads why not. Raises NotThere for whoever it does not wait for."""
    lesson = to_look_at(actor).select_for_update(of=("self",)).filter(pk=lesson_id).first()
    if lesson is None:
        raise NotThere(_("There is no such lesson waiting for you."))
    if not publish and not reason.strip():
        raise Invalid(_("This can not be kept as it is."), {"reason": [_("Please say why you give it back.")]})
    lesson.state = Lesson.State.PUBLISHED if publish else Lesson.State.RETURNED
    lesson.reason, lesson.approved_by, lesson.approved_at = plain(reason, LONGEST), actor.account, at
    lesson.save(update_fields=["state", "reason", "approved_by", "approved_at"])
    return lesson


@dataclass
class TakenIn:
    """How many rows of a collection were new and known, and why others were refused, by the number of their row."""

    fresh: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def take_in(rows: Iterable[tuple[int, Mapping[str, str]]], *, at: datetime) -> TakenIn:
    """Model cases of public collections are lessons that others see; each row says kind, about, helped and source."""
    taken = TakenIn()
    for number, row in rows:
        about, helped, source = (row.get(name, "").strip() for name in ("about", "helped", "source"))
        if wrong := _unfit(about, helped, source):
            taken.refused.append((number, " ".join(wrong)))
            continue
        said: dict[str, Any] = {
            "kind": _kind(row.get("kind", "").strip()),
            "helped": helped,
            "tokens": tokens_of(about, helped),
        }
        said |= {"state": Lesson.State.PUBLISHED, "written_at": at}
        _lesson, new = Lesson.objects.get_or_create(source=source, about=about, defaults=said)
        taken.fresh, taken.known = taken.fresh + new, taken.known + (not new)
    return taken


def _unfit(about: str, helped: str, source: str) -> list[str]:
    wrong = [sentence for many in faults(about, helped).values() for sentence in many]
    if not source:
        wrong.append(_("A source must be named."))
    if max(len(about), len(helped)) > LONGEST or len(source) > LONGEST_SOURCE:
        wrong.append(_("It is too long."))
    return wrong


def _kind(said: str) -> str:
    """The kind of that code or Chinese name; a name may end in 纠纷 or not."""
    return said if said in Kind.values else kind_of(said if said.endswith("纠纷") else f"{said}纠纷")


def tokens_of(*texts: str) -> str:
    """What a lesson can be found by: its own words, and what the law calls them."""
    words = "\n".join(texts)
    return " ".join(f"'{token}'" for token in dict.fromkeys([*token_counts(words), *asked(words)]))


def _weights(rows: Iterable[tuple[object, str, str, int]]) -> dict[str, float]:
    times: dict[str, int] = defaultdict(int)
    whole = 0
    for _lesson, _kind, token, whole in rows:  # noqa: B007
        times[token] += 1
    return {token: rarity(n, whole) for token, n in times.items()}


def _words(tokens: set[str], weights: Mapping[str, float], told: Mapping[str, str]) -> tuple[str, ...]:
    strongest = sorted(tokens, key=lambda token: -weights[token])
    return tuple(dict.fromkeys(told[token] for token in strongest))[:SHOWN_WORDS]


def _numbers(words: str) -> int:
    places = {(one.start, one.end) for one in find_personal(words)}
    places |= {one.span() for pattern in (CARD, PLATE) for one in pattern.finditer(words.upper())}
    starts = sorted(places)
    return sum(1 for at, one in enumerate(starts) if at == 0 or one[0] >= starts[at - 1][1])


def _unit(case: Case, actor: Actor) -> Unit:
    """The body for which the case was mediated."""
    body = Q(body__mediators__disputes__case=case)
    found = Unit.objects.filter(body).first() or Unit.objects.filter(pk__in=[seat.unit for seat in actor.seats]).first()
    return found or case.unit
