"""What each paper of mediation is filled with. What is not known is None or empty, and becomes a line to write on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

UNITS = ("", "拾", "佰", "仟")
DIGITS = "零壹贰叁肆伍陆柒捌玖"
GROUPS = ("", "万", "亿")


@dataclass(frozen=True)
class Amount:
    """A sum of money as figures and in the words that nobody can alter."""

    figures: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Matter:
    """The case a paper belongs to. `charged` where a commercial body, which may take fees, has it."""

    number: str
    kind: str = ""
    body: str = ""
    file_number: str | None = None
    charged: bool = False


@dataclass(frozen=True, kw_only=True)
class Agent:
    """Who speaks for a party: relation to it, law office, and how far they may go."""

    name: str
    identity: str = ""
    phone: str = ""
    office: str = ""
    relation: str = ""
    authority: str = ""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A party. An `organisation` has its credit code as `identity` and somebody who represents it."""

    name: str
    sex: str = ""
    nation: str = ""
    born_on: date | None = None
    identity: str = ""
    occupation: str = ""
    address: str = ""
    phone: str = ""
    organisation: bool = False
    representative: str = ""
    agent: Agent | None = None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What all papers have."""

    matter: Matter
    applicants: tuple[Person, ...] = ()
    respondents: tuple[Person, ...] = ()
    thirds: tuple[Person, ...] = ()
    mediators: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Term:
    """One point of an agreement, with its sum where it is about money."""

    text: str
    amount: Amount | None = None


@dataclass(frozen=True, kw_only=True)
class Application(Sheet):
    """人民调解申请书"""

    facts: str = ""
    requests: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Registration(Sheet):
    """人民调解受理登记表. `accepted` None: not decided yet."""

    received_at: datetime | None = None
    registrar: str = ""
    source: str = ""
    facts: str = ""
    requests: tuple[str, ...] = ()
    accepted: bool | None = None
    reason: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Consent(Sheet):
    """调解同意书（暨权利义务告知书）. What is None was not chosen."""

    open: bool | None = None
    online: bool | None = None
    electronic_service: bool | None = None
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a party says to a disclosure."""

    name: str
    agrees: bool | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Disclosure(Sheet):
    """调解员披露声明. No `relations`: there is nothing to disclose."""

    mediator: str
    relations: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What somebody said in a session."""

    speaker: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Record(Sheet):
    """人民调解记录. `way` is 现场 or 线上."""

    began_at: datetime | None = None
    ended_at: datetime | None = None
    session: int | None = None
    way: str = ""
    place: str = ""
    recorder: str = ""
    present: tuple[str, ...] = ()
    objections: str | None = None
    statements: tuple[Statement, ...] = ()
    result: str = ""


@dataclass(frozen=True, kw_only=True)
class UndisputedFacts(Sheet):
    """无争议事实记载. Never a concession: offers have no field here."""

    facts: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Agreement(Sheet):
    """人民调解协议书; 商事调解协议书 where `matter.charged`. With `unsettled` points it is a partial one."""

    facts: str = ""
    terms: tuple[Term, ...] = ()
    performance: str = ""
    unsettled: tuple[str, ...] = ()
    copies: int | None = None
    recorder: str = ""
    fee: str = ""
    fee_bearer: str = ""


Cause = Literal["agreed", "withdrawn", "unreachable", "unwilling", "wide_gap", "time_over", "refuses_to_sign", "other"]


@dataclass(frozen=True, kw_only=True)
class Failure(Sheet):
    """调解终止报告. `cause` is one of the eight of article 25 of the rules on online mediation."""

    cause: Cause
    began_on: date | None = None
    ended_on: date | None = None
    sessions: int | None = None
    course: str = ""
    explanation: str = ""
    routes: tuple[str, ...] = ()
    facts_recorded: bool = False


@dataclass(frozen=True, kw_only=True)
class ConfirmationApplication(Sheet):
    """司法确认申请书, by all parties together."""

    court: str = ""
    agreement_title: str = "人民调解协议书"
    agreement_number: str = ""
    concluded_on: date | None = None
    effective_on: date | None = None
    terms: tuple[Term, ...] = ()
    grounds: str = ""
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ConfirmationRuling(Sheet):
    """民事裁定书: the agreement is valid."""

    court: str
    case_number: str = ""
    filed_on: date | None = None
    concluded_on: date | None = None
    terms: tuple[Term, ...] = ()
    judge: str = ""
    clerk: str = ""


@dataclass(frozen=True, kw_only=True)
class ConfirmationRefusal(Sheet):
    """民事裁定书: not taken in, turned down, or taken back. `article` of the interpretation that names the ground."""

    court: str
    outcome: Literal["inadmissible", "rejected", "withdrawn"]
    case_number: str = ""
    applied_on: date | None = None
    filed_on: date | None = None
    concluded_on: date | None = None
    ground: str = ""
    article: str = ""
    judge: str = ""
    clerk: str = ""


@dataclass(frozen=True, kw_only=True)
class Duty:
    """What was promised, by when, and how far it is."""

    text: str
    due_on: date | None = None
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class FollowUpVisit:
    """Somebody was asked how the agreement is kept."""

    on: date
    way: str
    person: str
    found: str


@dataclass(frozen=True, kw_only=True)
class FollowUp(Sheet):
    """人民调解回访记录. `respondent_signs` names who was asked and signs, if anybody does."""

    agreement_number: str = ""
    concluded_on: date | None = None
    duties: tuple[Duty, ...] = ()
    visits: tuple[FollowUpVisit, ...] = ()
    result: Literal["performed", "partly", "pending", "refused"] | None = None
    remarks: str = ""
    visitor: str = ""
    respondent_signs: str | None = None


@dataclass(frozen=True, kw_only=True)
class Referral(Sheet):
    """矛盾纠纷移送函, with the slip that comes back."""

    to: str
    sender: str
    reason: str = ""
    facts: str = ""
    done: str = ""
    found_on: date | None = None
    answer_within: str = ""
    attachments: tuple[str, ...] = ()
    contact: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One paper of a file."""

    title: str
    number: str = ""
    on: date | None = None
    pages: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class FileIndex(Sheet):
    """人民调解卷宗目录"""

    items: tuple[Item, ...] = ()
    opened_on: date | None = None
    closed_on: date | None = None
    result: str = ""
    retention: str = ""
    keeper: str = ""
    inspector: str = ""


@dataclass(frozen=True, kw_only=True)
class Danger(Sheet):
    """危险情况报告 to the police; no party sees it."""

    to: str
    noticed_at: datetime | None = None
    place: str = ""
    signs: str = ""
    at_risk: str = ""
    measures: str = ""
    asks: str = ""
    reporter: str = ""
    reporter_phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Appraisal(Sheet):
    """鉴定委托书. `way` is 鉴定 or 评估."""

    institute: str
    way: str = "鉴定"
    questions: tuple[str, ...] = ()
    facts: str = ""
    materials: tuple[str, ...] = ()
    within: str = ""
    cost: str = ""
    cost_bearer: str = ""
    contact: str = ""
    contact_phone: str = ""


def amount(fen: int) -> Amount:
    """The sum as figures, `12,800.50`, and in words, 壹万贰仟捌佰元伍角; ValueError below zero or from 10^12 yuan."""
    if not 0 <= fen < 10**14:
        raise ValueError(f"{fen} fen is no sum that a paper can name.")
    yuan, rest = divmod(fen, 100)
    return Amount(f"{yuan:,}.{rest:02}", _yuan_in_words(yuan, named=fen < 100 and fen > 0) + _fen_in_words(yuan, rest))


def _yuan_in_words(yuan: int, *, named: bool) -> str:
    if yuan == 0:
        return "" if named else "零元"
    said, gap = "", False
    for power in (2, 1, 0):
        group = yuan // 10 ** (4 * power) % 10**4
        if group == 0:
            gap = bool(said)
            continue
        said += ("零" if said and (gap or group < 1000) else "") + _group_in_words(group) + GROUPS[power]
        gap = False
    return said + "元"


def _group_in_words(group: int) -> str:
    said, gap = "", False
    for power in (3, 2, 1, 0):
        digit = group // 10**power % 10
        if digit == 0:
            gap = bool(said)
            continue
        said += ("零" if gap else "") + DIGITS[digit] + UNITS[power]
        gap = False
    return said


def _fen_in_words(yuan: int, rest: int) -> str:
    jiao, fen = divmod(rest, 10)
    if rest == 0:
        return "整"
    said = f"{DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
    return said + (f"{DIGITS[fen]}分" if fen else "")
