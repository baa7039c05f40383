"""The demo's disputes: a dozen of all kinds, each as far as its plot says, and a bank's batch; through the one door."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import override

from citong.cli.demo_cast import Crew, Stage
from citong.core.cases.models import Case, Party
from citong.core.cases.registry import case_type
from citong.core.flow.act import act, form_for
from citong.core.flow.intake import open_case
from citong.core.flow.refusal import Refusal
from citong.core.flow.standing import as_party
from citong.core.papers.certificates import make_certificate, path_of
from citong.core.people.access import ANYBODY, Actor, actor_of
from citong.core.people.models import Account, Unit
from citong.core.people.posts import Post
from citong.core.places.current import city, day_of, zone
from citong.core.places.models import Grid
from citong.core.register import sheets
from citong.services.mediation import batches
from citong.services.mediation.candidates import propose_for
from citong.services.mediation.kinds import BodyKind, Kind
from citong.services.mediation.models import Batch, Body
from citong.services.mediation.parties import principals

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BANK, ROWS = "演示·刺桐村镇银行", 12
CHECKED = dict.fromkeys(("is_willing", "is_able", "is_lawful", "harms_nobody", "is_clear", "is_true"), "on")
TO_TABLE = ("register", "consent", "appoint", "accept")
AGREED = (*TO_TABLE, "draft", "sign", "seal")
# What is answered to each act, where a plot says nothing else.
SAID: Mapping[str, Mapping[str, Any]] = {
    "consent": {"read": "on"}, "accept": {"impartial": "on"},
    "fail": {"cause": "wide_gap", "note": "双方差距太大"}, "perform": {"note": "都做到了"},
    "breach": {"reason": "到期没有付"}, "court_accept": {"note": "予以受理"},
    "rule_confirm": {"ruling_number": "（2026）闽05民特8号", "heard": "on"}, "apply_confirmation": {"promise": "on"},
    "file_to_court": {"at_wish_of": "applicant"}, "court_file": {"court_number": "（2026）闽05民初66号"},
    "caucus": {"side": "respondent", "note": "对方说可以再商量，先不要传出去。"},
    "offer": {"amount": "3000", "text": "一次付清，今后互不追究。"},
    "facts": {"text": "双方对发生的时间和地点没有争议。\n已经付过一千元。"},
    "appraise": {"question": "损害与行为有没有关系，占多少。", "office": "市司法鉴定中心"},
    "hold_session": {"session": "unset", "minutes": "60", "record": "双方各说了经过，都愿意再谈。"},
}  # fmt: skip


@dataclass(frozen=True)
class Plot:
    """A dispute of the demo: who told it when, between whom, where it goes, and how far it has come."""

    key: str
    kind: Kind
    text: str
    sides: tuple[str, str]
    days: float
    acts: Sequence[str] = ()
    body: BodyKind = BodyKind.VILLAGE
    by: str = "clerk"
    amount: str = ""
    said: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


PLOTS = (
    Plot("fresh", Kind.CONSUMER, "健身房关门，年卡余额不退。", ("演示·林女士", "演示·某健身房"), 0.1, amount="2400"),
    Plot("visited", Kind.FAMILY, "走访时听到：兄弟为老人赡养争吵。", ("演示·陈大", "演示·陈二"), 0.2, by="grid_worker"),
    Plot("own", Kind.NEIGHBOUR, "楼上漏水，天花板发霉。", ("居民", "演示·黄先生"), 1.2, ("register",), by="resident"),
    Plot("asked", Kind.HOUSING, "宅基地滴水线争议。", ("演示·吴甲", "演示·吴乙"), 1, ("register", "consent")),
    Plot("named", Kind.LABOUR, "离职后差一个月工资。", ("演示·周师傅", "演示·某鞋厂"), 1,
         ("register", "consent", "appoint"), BodyKind.LABOUR, amount="6800"),
    Plot("wall", Kind.NEIGHBOUR, "围墙外移，小路过不了三轮车。", ("演示·林阿婆", "演示·吴邻居"), 9,
         (*TO_TABLE, "hold_session", "caucus", "offer", "schedule")),
    Plot("land", Kind.LAND, "山林界址不清，两家都种了龙眼。", ("演示·蔡家", "演示·许家"), 6,
         (*TO_TABLE, "hold_session", "facts", "schedule")),
    Plot("medical", Kind.MEDICAL, "术后感染，多住院二十天。", ("演示·蔡女士", "演示·某医院"), 20,
         (*TO_TABLE, "appraise"), BodyKind.MEDICAL, amount="43000"),
    Plot("sign", Kind.TRAFFIC, "电动车相撞，修车费谁出。", ("演示·郑小姐", "演示·王骑手"), 5,
         (*TO_TABLE, "hold_session", "draft"), BodyKind.TOWN, amount="3000"),
    Plot("agreed", Kind.INJURY, "装修坠物砸伤脚。", ("演示·李阿姨", "演示·某装修队"), 12, AGREED, BodyKind.TOWN,
         amount="9000"),
    Plot("kept", Kind.NEIGHBOUR, "空调外机对着卧室，吵。", ("演示·何家", "演示·苏家"), 30, (*AGREED, "perform")),
    Plot("boat", Kind.MARITIME, "船东欠三个月工资。", ("演示·船员老周", "演示·船东老蔡"), 25,
         (*AGREED, "apply_confirmation", "court_accept"), BodyKind.MARITIME, amount="66000"),
    Plot("confirmed", Kind.LOAN, "借款二万，打了借条。", ("演示·施先生", "演示·邱先生"), 40,
         (*AGREED, "apply_confirmation", "court_accept", "rule_confirm"), BodyKind.FINANCIAL, amount="20000"),
    Plot("broken", Kind.COMMERCIAL, "货款逾期，说好分期又没付。", ("演示·某布行", "演示·某服装厂"), 28,
         (*AGREED, "breach"), BodyKind.CHAMBER, amount="50000"),
    Plot("to_court", Kind.CONSUMER, "装修尾款，差两万谈不拢。", ("演示·老何", "演示·小杨"), 24,
         (*TO_TABLE, "facts", "fail", "file_to_court"), BodyKind.TOWN, amount="80000"),
    Plot("filed", Kind.OTHER, "合伙散伙，账对不上。", ("演示·赵一", "演示·赵二"), 45,
         (*TO_TABLE, "fail", "file_to_court", "court_file"), BodyKind.TOWN, amount="30000"),
)  # fmt: skip


class Disputes:
    """Opens and drives the plots; run again it does what is missing and nothing twice."""

    def __init__(self, on: Stage, *, crew: Crew, now: datetime) -> None:
        self.on, self.crew, self.now = on, crew, now
        self.opened = self.acts = 0
        self.refused: list[str] = []
        grid = Grid.objects.filter(layer__base=True, ends_at=None, division=on.community).order_by("code").first()
        self.grid = grid.code if grid else ""

    def play(self) -> None:
        """All plots, and the batch. Papers are written in the city's language."""
        with override("zh-hans"):
            self._certify()
            for plot in PLOTS:
                self._perform(plot)
            self._turned()
            self._batch()

    def _certify(self) -> None:
        """Bodies and court can seal what they make."""
        units = Unit.objects.filter(pk__in=[*Body.objects.values_list("unit", flat=True), *self._courts()])
        for unit in units:
            if not path_of(unit).exists():
                make_certificate(unit, at=self.now - 60 * DAY)

    def _courts(self) -> list[int]:
        return list(Unit.objects.filter(function="court", ends_on=None).values_list("pk", flat=True))

    def _perform(self, plot: Plot) -> None:
        at = self.now - timedelta(days=plot.days)
        case = self._open(plot, at)
        gap = min(timedelta(days=plot.days) / (len(plot.acts) + 2), 5 * HOUR)
        for number, name in enumerate(plot.acts):
            at += gap
            for actor in self._actors(plot, name, case):
                case = self._act(plot, case, name, actor, key=f"{plot.key}:{number}:{_who(actor)}", at=at)

    def _open(self, plot: Plot, at: datetime) -> Case:
        first, second = plot.sides
        told: dict[str, Any] = {
            "kind": plot.kind, "text": plot.text, "wish": "说清楚，了结这件事", "amount": plot.amount,
            "other_name": second, "other_phone": "", "grid": self.grid, "languages": ["minnan", "putonghua"],
            "name": "" if plot.by == "resident" else first,
        }  # fmt: skip
        done = open_case(
            "mediation", told, actor=self._opener(plot), channel="web" if plot.by == "resident" else "grid",
            key=self._key(plot.key), at=at, for_another=plot.by == "clerk",
        )  # fmt: skip
        self.opened += not done.again
        return done.case

    def _opener(self, plot: Plot) -> Actor:
        if plot.by == "resident":
            return self.crew.resident
        if plot.by == "grid_worker":
            return self.crew.actor(self.on.station, Post.GRID_WORKER)
        return self._clerk

    @property
    def _clerk(self) -> Actor:
        return self.crew.actor(self.on.centre, Post.CLERK)

    def _actors(self, plot: Plot, name: str, case: Case) -> list[Actor]:
        """Who takes the act: each party one after the other, the desk, the mediator who has it, or the judge."""
        if name in ("register", "appoint"):
            return [self._clerk]
        if name in ("consent", "sign", "apply_confirmation"):
            parties = principals(Party.objects.filter(case=case).order_by("id"))
            return [as_party(self._person(party), party) for party in parties]
        if name in ("court_accept", "rule_confirm", "court_file"):
            held = Account.objects.filter(appointments__post=Post.JUDGE, appointments__unit__in=self._courts())
            return [actor_of(judge) for judge in held[:1]]
        case = Case.objects.get(pk=case.pk)
        return [actor_of(Account.objects.get(pk=case.holder_id))] if case.holder_id else []

    def _person(self, party: Party) -> Actor:
        return self.crew.resident if party.account_id == self.crew.resident.account else ANYBODY

    def _act(self, plot: Plot, case: Case, name: str, actor: Actor, *, key: str, at: datetime) -> Case:
        case, declared = Case.objects.get(pk=case.pk), "sign" if name == "seal" else name
        try:
            said = self._said(plot, case, declared, actor)
            done = act(case.pk, declared, said, actor=actor, key=self._key(key), at=at)
        except Refusal as fault:  # somebody worked on the demo between two runs
            self.refused.append(f"{case.number} {name}: {fault} {dict(fault.errors) or ''}")
            return case
        self.acts += not done.again
        return done.case

    def _said(self, plot: Plot, case: Case, name: str, actor: Actor) -> dict[str, Any]:
        """The plot's words, else the usual ones, on what the form proposes; signatures are a stroke."""
        form = form_for(case_type("mediation").acts[name], case, actor)
        proposed = {n: value for n, value in form.initial.items() if value not in (None, "", False)} if form else {}
        said = proposed | dict(SAID.get(name, {})) | dict(plot.said.get(name, {}))
        if form is not None and "signature" in form.fields:
            said |= {"signature": form.fields["signature"].example, "read": "on"}  # type: ignore[attr-defined]
        if name == "register":
            said |= {"kind": plot.kind, "amount": plot.amount}
        if name == "appoint":
            said["mediator"] = str(self._mediator(plot, case))
        if name == "draft":
            said |= CHECKED | {"about": plot.text, "settles": "all", "terms": self._terms(plot, case)}
        if name == "schedule":
            said |= {"begins_at": self._next_morning(plot), "minutes": "60", "way": "on_site", "place": "村祠堂"}
        if name == "perform" and form is not None and "kept" in form.fields:
            said["kept"] = [value for value, _label in form.fields["kept"].choices]  # type: ignore[attr-defined]
        return said

    def _mediator(self, plot: Plot, case: Case) -> UUID:
        """Whoever may mediate it: the cast's own mediator before others, then those of the plot's kind of body."""
        found = propose_for(case, kind=plot.kind, parties=Party.objects.filter(case=case), most=500).proposals
        cast = Account.objects.get(username="mediator").pk
        best = min(found, key=lambda one: (one.candidate.account != cast, one.candidate.body_kind != plot.body))
        return best.candidate.id

    def _terms(self, plot: Plot, case: Case) -> str:
        owing = Party.objects.get(case=case, side=Party.Side.RESPONDENT)
        due = (self.now + 20 * DAY).date().isoformat()
        point = {"by": str(owing.pk), "what": "按说好的办，一次了结", "due": due}
        return json.dumps([point | ({"amount": plot.amount} if plot.amount else {})], ensure_ascii=False)

    def _next_morning(self, plot: Plot) -> str:
        """Half past nine of a Tuesday to come, each plot an hour of its own."""
        day = (self.now + 3 * DAY).astimezone(zone())
        day += timedelta(days=(1 - day.weekday()) % 7)
        return day.replace(hour=9 + 2 * (plot.key == "land"), minute=0, second=0).strftime("%Y-%m-%dT%H:%M")

    def _turned(self) -> None:
        """A call about noise was a quarrel: the clerk turned the request into a dispute."""
        told = {
            "title": "楼上深夜拖椅子", "text": "楼上深夜拖椅子，说了几次，昨晚两家吵起来了。", "grid": self.grid,
            "reporting": "open", "name": "演示·叶女士",
        }  # fmt: skip
        at = self.now - 6 * HOUR
        asked = open_case(
            "requests", told, actor=self._clerk, channel="hotline", key=self._key("noise"), at=at, for_another=True
        )
        if not asked.again:
            said = {"service": "mediation", "reason": "是邻里纠纷，双方愿意坐下来谈"}
            act(asked.case.pk, "turn", said, actor=self._clerk, key=self._key("noise:turn"), at=at + HOUR)
            self.opened, self.acts = self.opened + 1, self.acts + 1

    def _batch(self) -> None:
        """A bank's table was brought in; its disputes are registered, and some go further."""
        if Batch.objects.filter(name=BANK).exists() or self._clerk.account is None:
            return
        at = timezone.now()
        told = {
            "name": BANK, "phone": "0595-22110000", "kind": Kind.LOAN, "line": "", "about": "信用贷款到期未还。",
            "wish": "归还本金和利息，可以分期。", "address": f"{self.on.district.name}{self.on.community.name}",
        }  # fmt: skip
        head = "客户姓名,手机号,合同编号,欠款金额,逾期日期"
        rows = [f"演示·借款人{n},1390000{n:04},YS-{n:04},{n}200.00,2026-05-31" for n in range(1, ROWS + 1)]
        try:
            batch, table = batches.bring(
                "\n".join([head, *rows]).encode(), told, name="演示名单.csv", actor=self._clerk, on=day_of(at), at=at
            )
        except Refusal as fault:
            self.refused.append(f"{BANK}: {fault}")
            return
        sheets.begin(table)
        while sheets.carry(table.pk):
            pass
        self._go_on(batch)

    def _go_on(self, batch: Batch) -> None:
        """Nine of the twelve are registered, six of these have everybody's consent, three a mediator who accepted."""
        plot = Plot("batch", Kind.LOAN, "信用贷款到期未还。", ("", ""), 1, body=BodyKind.FINANCIAL)
        cases: list[UUID] = list(batches.cases_of(batch, self._clerk).values_list("pk", flat=True))
        self.opened += len(cases)
        for number, pk in enumerate(cases[:9]):
            for name in TO_TABLE[: 1 if number > 5 else 2 if number > 2 else 4]:
                case = Case.objects.get(pk=pk)
                for actor in self._actors(plot, name, case):
                    key = f"batch:{number}:{name}:{_who(actor)}"
                    self._act(plot, case, name, actor, key=key, at=timezone.now())

    def _key(self, name: str) -> str:
        return f"demo:{city().code}:{name}"[:80]


def _who(actor: Actor) -> str:
    """Whoever acts, in a command's key."""
    return actor.standing.party.hex if actor.standing else ""
