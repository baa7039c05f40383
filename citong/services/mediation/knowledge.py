"""What a mediator may want at hand beside a dispute: articles of law and similar cases. Suggestions, no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from citong.core.cases.models import Case
from citong.core.flow.reading import reads_all, told
from citong.core.knowledge.suggest import Suggested, articles
from citong.core.people.access import Actor
from citong.services.mediation.kinds import Kind
from citong.services.mediation.lessons import Similar, may_write, similar
from citong.services.mediation.models import Dispute, Lesson
from citong.web.panels import Panel, case_panel

MOST_ARTICLES, MOST_LESSONS = 5, 3
NOT_THE_MATTER = ("name", "phone", "email", "identity", "home", "address", "title", "grid")  # who and where
# What the law calls the matters of each kind; Chinese, as the law is.
LAW_OF: Mapping[str, Sequence[str]] = {
    Kind.NEIGHBOUR: ("相邻关系", "相邻权利人", "妨害物权"),
    Kind.FAMILY: ("夫妻", "家庭成员", "抚养", "赡养", "继承"),
    Kind.LAND: ("土地承包经营权", "宅基地使用权", "土地所有权和使用权争议"),
    Kind.HOUSING: ("租赁合同", "业主", "建设工程", "房屋"),
    Kind.TRAFFIC: ("道路交通事故", "机动车"),
    Kind.CONSUMER: ("消费者", "经营者"),
    Kind.LABOUR: ("用人单位", "劳动者", "劳动合同"),
    Kind.MEDICAL: ("医疗机构", "患者", "诊疗活动"),
    Kind.LOAN: ("借款合同", "借款人", "民间借贷"),
    Kind.FINANCE: ("借款合同", "金融机构"),
    Kind.MARITIME: ("船舶", "船员", "海事请求"),
    Kind.COMMERCIAL: ("合同", "违约责任"),
    Kind.INJURY: ("人身损害", "侵权责任", "赔偿"),
}


@dataclass(frozen=True)
class AtHand:
    """Suggestions for one dispute, and whether there was anything to go by."""

    articles: Sequence[Suggested]
    lessons: Sequence[Similar]
    words: bool


@case_panel("mediation")
def beside_the_dispute(case: Case, actor: Actor) -> Panel | None:
    """The place of the suggestions, which come by themselves once the page is there; for whoever reads the words."""
    if not reads_all(case, actor):
        return None
    held = Lesson.objects.filter(case=case).only("state").first()
    writes = may_write(case, actor)
    shown = {"number": case.number, "writes": writes, "lesson": held if writes else None}
    return Panel(_("Law and similar cases"), "bulb", "mediation/_knowledge.html", shown)


def at_hand(case: Case, actor: Actor, *, on: date) -> AtHand:
    """Articles that were law on that day and lessons of others that may fit what this actor reads of the case."""
    words = words_read(case, actor)
    if not words:
        return AtHand([], [], words=False)
    kind = Dispute.objects.values_list("kind", flat=True).filter(case=case).first() or Kind.OTHER
    found = similar(words, kind, most=MOST_LESSONS + 1)
    others = [one for one in found if one.lesson.case_id != case.pk][:MOST_LESSONS]
    return AtHand(articles(words, on=on, most=MOST_ARTICLES, about=LAW_OF.get(kind, ())), others, words=True)


def words_read(case: Case, actor: Actor) -> str:
    """What was said in the case, first things first, as far as this actor reads it."""
    said = (item for one in told(case, actor) for item in (one.words or {}).items())
    texts = (value for name, value in said if isinstance(value, str) and not name.endswith(NOT_THE_MATTER))
    return "\n".join(texts).strip()
