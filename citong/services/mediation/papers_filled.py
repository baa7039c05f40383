"""What stands in each paper, from the case, its parties, and the words of the act that makes it. All is Chinese."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import translation

from citong.core.cases.models import Party
from citong.core.flow.doing import Doing
from citong.core.papers.models import Paper
from citong.core.people.models import Unit
from citong.core.places.current import day_of
from citong.services.mediation.agreeing import dispute_of
from citong.services.mediation.agreements import (
    Point,
    confirmation_of,
    in_effect,
    opening_words,
    points_of,
    principals_of,
)
from citong.services.mediation.grounds import ARTICLES, NOT_TAKEN_UP, REJECTED, ground
from citong.services.mediation.kinds import Language
from citong.services.mediation.models import Agreement, Obligation, Session
from citong.services.mediation.papers import PAPERS
from citong.services.mediation.papers.data import Duty, FollowUpVisit, Item, Statement
from citong.services.mediation.papers_signed import missing
from citong.services.mediation.parties import speaker
from citong.services.mediation.sessions import on_paper
from citong.services.mediation.sheets import lines, terms_of

Filled = Mapping[str, Any]
WAYS = {"call": "电话", "visit": "上门", "online": "线上", "office": "来所"}
OUTCOMES = {"": "未到期或者尚未履行", "kept": "已经履行", "late": "已经履行（逾期）", "broken": "没有履行"}
HIDDEN = [one.code for one in PAPERS.values() if one.hidden]
ROUTES = ("申请仲裁（有仲裁协议或者法律规定的）", "请求行政机关处理", "向有管辖权的人民法院提起诉讼")


def application(doing: Doing) -> Filled:
    words = opening_words(doing.case)
    return {"facts": words.get("text", ""), "requests": lines(words.get("wish"))}


def registration(doing: Doing) -> Filled:
    dispute = dispute_of(doing)
    return {
        **application(doing), "received_at": doing.case.opened_at, "registrar": doing.actor.name, "accepted": True,
        "source": in_chinese(dispute.get_origin_display), "decided_on": day_of(doing.at),
    }  # fmt: skip


def consenting(doing: Doing) -> Party:
    """Whoever consents by this act."""
    if doing.actor.standing is None:
        whom: Party = doing.data["whom"]
        return whom
    found = speaker(doing)
    return next((one for one in doing.parties if one.pk == found.speaks_for_id), found)


def consent(doing: Doing) -> Filled:
    spoken = doing.data.get("languages") or []
    said = in_chinese(lambda: "、".join(str(Language(code).label) for code in spoken))
    return {"online": doing.data.get("online"), "electronic_service": doing.data.get("online"), "language": said}


def disclosure(doing: Doing) -> Filled:
    return {"mediator": doing.actor.name, "relations": lines(doing.content.get("interest"))}


def record(doing: Doing) -> Filled:
    """What was said with all sides at the table."""
    said = tuple(Statement(speaker="记录", words=one) for one in lines(doing.content.get("record")))
    held = on_paper.last_held(doing.case)
    begun: dict[str, Any] = {"began_at": doing.at, "ended_at": doing.at}
    of_session = on_paper.told(held, doing.parties) if held else begun
    return of_session | {
        "recorder": doing.actor.name, "statements": (*of_session.get("statements", ()), *said),
        "result": doing.content.get("result", ""),
    }  # fmt: skip


def undisputed(doing: Doing) -> Filled:
    return {"facts": lines(doing.content.get("text"))}


def appraisal(doing: Doing) -> Filled:
    return {
        "institute": doing.content.get("office") or doing.content.get("who", ""),
        "questions": lines(doing.content.get("question")),
        "facts": opening_words(doing.case).get("text", ""), "contact": doing.actor.name,
    }  # fmt: skip


def danger(doing: Doing) -> Filled:
    police = Unit.objects.filter(code=doing.facts.get("unit") or None).first()
    return {
        "to": police.name if police else "", "noticed_at": doing.at, "signs": doing.content.get("danger", ""),
        "reporter": doing.actor.name,
    }  # fmt: skip


def failure(doing: Doing) -> Filled:
    """How it went and by which of the eight ways it ended; never what anybody offered, asked or said."""
    dispute = dispute_of(doing)
    began = dispute.accepted_at or doing.case.opened_at
    facts = Paper.objects.filter(subject=doing.case.id, kind="undisputed_facts", void_at=None).first()
    held = Session.objects.filter(case=doing.case, held_at__isnull=False, side="").count()
    return {
        "cause": dispute.failed_as or "other", "began_on": day_of(began),
        "ended_on": day_of(doing.at), "sessions": held, "course": "调解按照自愿、平等的原则进行。", "routes": ROUTES,
        "facts_recorded": facts is not None and all_signed(facts),
    }  # fmt: skip


def agreement(doing: Doing) -> Filled:
    """The draft: `content` holds its words as they will stand."""
    said, found = doing.content, current_points(doing)
    return {
        "facts": said.get("about", ""), "terms": terms_of(found), "performance": said.get("performance", ""),
        "unsettled": lines(said.get("remains")), "copies": len(principals_of(doing.case.id)) + 1,
        "fee": said.get("fee", ""), "fee_bearer": said.get("fee_bearer", ""),
    }  # fmt: skip


def oral(doing: Doing) -> Filled:
    """What was agreed by word of mouth, and that each said so."""
    said = doing.content
    agreed = [Statement(speaker=one.name, words="以上内容属实，本人同意。") for one in principals_of(doing.case.id)]
    told = Statement(speaker="调解员", words=f"各方当事人经调解口头达成如下协议：\n{said.get('terms', '')}")
    return {
        "began_at": doing.at, "way": "口头协议", "recorder": doing.actor.name, "statements": (told, *agreed),
        "result": "各方达成口头协议，无需制作调解协议书，由调解员记录在案（《中华人民共和国人民调解法》第二十八条）。"
        + (f"\n履行方式：{said['performance']}" if said.get("performance") else "")
        + (f"\n没有达成一致的事项：{said['remains']}" if said.get("remains") else ""),
    }  # fmt: skip


def confirmation_application(doing: Doing) -> Filled:
    found = agreed(doing)
    return {
        "agreement_title": found.paper.title if found.paper else "人民调解协议书",
        "agreement_number": found.paper.number if found.paper else "", "concluded_on": day_of(found.drafted_at),
        "effective_on": day_of(effect_of(found)), "terms": terms_of(points_of(found)),
        "grounds": doing.content.get("note", ""),
    }  # fmt: skip


def inadmissible(doing: Doing) -> Filled:
    return _ruling(doing) | {"outcome": "inadmissible", "article": ARTICLES["inadmissible"],
                             "ground": _ground(doing, ground(NOT_TAKEN_UP, doing.data["ground"]).words)}  # fmt: skip


def rejection(doing: Doing) -> Filled:
    return _ruling(doing) | {"outcome": "rejected", "article": ARTICLES["rejected"],
                             "ground": _ground(doing, ground(REJECTED, doing.data["ground"]).words)}  # fmt: skip


def confirmation(doing: Doing) -> Filled:
    told = _ruling(doing)
    del told["applied_on"]
    return told | {"terms": terms_of(points_of(agreed(doing)))}


def follow_up(doing: Doing) -> Filled:
    found = agreed(doing)
    visit = FollowUpVisit(
        on=day_of(doing.at), way=WAYS.get(doing.data.get("way", ""), ""),
        person=doing.data["asked"].name if doing.data.get("asked") else "", found=doing.content.get("found", ""),
    )  # fmt: skip
    return _performance(doing, found) | {"visits": (visit,), "result": _result(found, doing.at)}


def performed(doing: Doing) -> Filled:
    found = agreed(doing)
    return _performance(doing, found) | {"result": "performed", "remarks": doing.content.get("note", "")}


def file_index(doing: Doing) -> Filled:
    """All papers of the case that a party may see; where others go along, the effect names them."""
    target = doing.to or doing.act.target
    papers = Paper.objects.filter(subject=doing.case.id, version=1).exclude(kind__in=HIDDEN).order_by("made_at", "id")
    return {
        "items": items_of(papers), "opened_on": day_of(doing.case.opened_at), "closed_on": day_of(doing.at),
        "keeper": doing.actor.name, "result": in_chinese(lambda: target.label) if target else "",
    }  # fmt: skip


def items_of(papers: Iterable[Paper]) -> tuple[Item, ...]:
    """The lines of a file index for these papers."""
    return tuple(
        Item(title=one.title, number=one.number, on=day_of(one.made_at), note="已作废" if one.void_at else "")
        for one in papers
    )


def referral(doing: Doing) -> Filled:
    words, body = opening_words(doing.case), doing.case.handling_unit or doing.case.desk
    return {
        "to": doing.data["court"].name, "sender": body.name, "found_on": day_of(doing.case.opened_at),
        "facts": words.get("text", ""),
        "reason": "经调解没有达成协议，当事人选择通过诉讼解决", "answer_within": "七日", "contact": doing.actor.name,
        "done": "已经依法组织调解。调解中的方案、让步以及为达成协议所作的陈述不随案移送。",
    }  # fmt: skip


def in_chinese(says: Callable[[], object]) -> str:
    """What a label says in the language of papers."""
    with translation.override("zh-hans"):
        return str(says())


def agreed(doing: Doing) -> Agreement:
    """The agreement in effect."""
    found = in_effect(doing.case.id)
    assert found is not None
    return found


def effect_of(found: Agreement) -> datetime:
    """Since when it is in effect."""
    assert found.effective_at is not None
    return found.effective_at


def all_signed(paper: Paper) -> bool:
    """Whether every party has signed it; two queries."""
    return not missing(paper, principals_of(paper.subject))


def current_points(doing: Doing) -> list[Point]:
    """The points of the draft that the act has just written, with the words it holds."""
    said = str(doing.content.get("terms", "")).splitlines()
    rows = Obligation.objects.filter(agreement__entry=doing.entry).order_by("number")
    return [Point(one, said[one.number - 1]) for one in rows]


def _ruling(doing: Doing) -> dict[str, Any]:
    found = agreed(doing)
    asked = confirmation_of(found)
    assert asked is not None
    return {
        "court": asked.court.name, "case_number": doing.content.get("ruling_number", ""),
        "applied_on": day_of(asked.applied_at or asked.asked_at),
        "filed_on": day_of(asked.accepted_at) if asked.accepted_at else None, "concluded_on": day_of(found.drafted_at),
        "judge": doing.actor.name, "clerk": doing.content.get("clerk", ""),
    }  # fmt: skip


def _ground(doing: Doing, words: str) -> str:
    more = doing.content.get("reason", "")
    return f"{words}：{more}" if more else words


def _performance(doing: Doing, found: Agreement) -> dict[str, Any]:
    duties = tuple(
        Duty(text=one.words, due_on=one.obligation.due_on, state=OUTCOMES[one.obligation.outcome])
        for one in points_of(found)
    )
    return {
        "agreement_number": found.paper.number if found.paper else "", "concluded_on": day_of(found.drafted_at),
        "duties": duties, "visitor": doing.actor.name,
    }  # fmt: skip


def _result(found: Agreement, at: datetime) -> str:
    """How far the whole of it is."""
    rows = list(found.obligations.all())
    if all(one.done_at for one in rows):
        return "performed"
    if any(one.outcome == Obligation.Outcome.BROKEN for one in rows):
        return "refused"
    due = [one for one in rows if one.done_at is None and one.due_on is not None and one.due_on < day_of(at)]
    return "partly" if due or any(one.done_at for one in rows) else "pending"
