"""What a mediator checks before anybody signs, and on what grounds a court says no to an agreement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Words
from citong.kit.rule import Law
from citong.services.mediation.parameters.agreements import ABLE, CLEAR, FREE_WILL, HARMLESS, LAWFUL, NO_SHAM
from citong.services.mediation.parameters.law import REFUSAL_GROUNDS, REJECTION_GROUNDS


@dataclass(frozen=True)
class Check:
    """Something a mediator makes sure of before anybody signs."""

    label: Words
    source: Law


CHECKS: Mapping[str, Check] = {
    "willing": Check(
        _("Everybody agrees freely and knows that they may refuse."),
        FREE_WILL,
    ),
    "able": Check(
        _("Whoever signs may decide about it, or has full authority to."),
        ABLE,
    ),
    "lawful": Check(
        _("Nothing in it breaks a law that binds, or public order and good morals."),
        LAWFUL,
    ),
    "nobody_else": Check(
        _("It harms neither the public nor anybody who is not here."),
        HARMLESS,
    ),
    "clear": Check(
        _("Each point says who does what, how much, and until when."),
        CLEAR,
    ),
    "true": Check(
        _("The dispute is real: nothing was made up."),
        NO_SHAM,
    ),
}


@dataclass(frozen=True)
class Ground:
    """On what ground a court says no: for the judge's choice, and in the words of a ruling."""

    code: str
    label: Words
    words: str
    source: Law


def _grounds(source: Law, *rows: tuple[str, Words, str]) -> Sequence[Ground]:
    return tuple(Ground(code, label, words, source) for code, label, words in rows)


NOT_TAKEN_UP: Sequence[Ground] = _grounds(
    REFUSAL_GROUNDS,
    ("scope", _("Courts do not take such matters."), "申请事项不属于人民法院受理范围"),
    ("jurisdiction", _("Another court has jurisdiction."), "申请不属于本院管辖"),
    ("status", _("It asks to confirm marriage, parentage, adoption or another status."),
     "申请确认婚姻关系、亲子关系、收养关系等身份关系无效、有效或者解除"),
    ("special", _("Another special procedure, public notice or bankruptcy applies."),
     "申请涉及适用其他特别程序、公示催告程序、破产程序审理"),
    ("title", _("It settles a title in things or in intellectual property."), "调解协议内容涉及物权、知识产权确权"),
)  # fmt: skip
REJECTED: Sequence[Ground] = _grounds(
    REJECTION_GROUNDS,
    ("law", _("It breaks a law that binds."), "调解协议违反法律强制性规定"),
    ("others", _("It harms the state, the public or others."), "调解协议损害国家利益、社会公共利益、他人合法权益"),
    ("morals", _("It goes against public order and good morals."), "调解协议违背公序良俗"),
    ("unwilling", _("It was not agreed freely."), "调解协议违反自愿原则"),
    ("unclear", _("What it says is unclear."), "调解协议内容不明确"),
    ("other", _("It can not be confirmed for another reason."), "调解协议存在其他不能进行司法确认的情形"),
)  # fmt: skip
ARTICLES = {
    "inadmissible": "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第三百五十五条第一款",
    "rejected": "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第三百五十八条",
}


def ground(among: Sequence[Ground], code: str) -> Ground:
    """The ground of that code."""
    return next(one for one in among if one.code == code)
