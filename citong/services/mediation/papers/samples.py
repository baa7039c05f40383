"""Made-up people and matters, one paper of each kind: for tests, for pictures, and for whoever designs a form."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from citong.services.mediation.papers.data import (
    Agent,
    Agreement,
    Answer,
    Application,
    Appraisal,
    ConfirmationApplication,
    ConfirmationRefusal,
    ConfirmationRuling,
    Consent,
    Danger,
    Disclosure,
    Duty,
    Failure,
    FileIndex,
    FollowUp,
    FollowUpVisit,
    Item,
    Matter,
    Person,
    Record,
    Referral,
    Registration,
    Sheet,
    Statement,
    Term,
    UndisputedFacts,
    amount,
)

COURT = "刺桐市东区人民法院"
BODY = "刺桐市东区滨海街道云谷社区人民调解委员会"
NEIGHBOURS = Matter(number="26-0000012-3", kind="邻里纠纷", body=BODY, file_number="（2026）云谷民调字第12号")
TRADE = Matter(
    number="26-0000031-5", kind="商事纠纷", body="刺桐市商事调解中心", file_number="（2026）刺商调字第7号", charged=True
)  # fmt: skip
LIN = Person(
    name="林海生", sex="男", nation="汉族", born_on=date(1968, 3, 2), identity="35050019680302001X",
    occupation="渔民", address="刺桐市东区滨海街道云谷社区18号", phone="13900000001",
)  # fmt: skip
CHEN = Person(
    name="陈阿土", sex="男", nation="汉族", born_on=date(1959, 11, 20), identity="350500195911200014",
    address="刺桐市东区滨海街道云谷社区20号", phone="13900000002",
    agent=Agent(
        name="陈小燕", identity="350500198807080023", relation="之女", phone="13900000003",
        authority="代为承认、变更调解请求，签署调解协议",
    ),
)  # fmt: skip
COMPANY = Person(
    name="刺桐蓝湾贸易有限公司", organisation=True, identity="91350500MA0000001X", representative="黄明远",
    address="刺桐市东区港务路66号", phone="0595-00000001",
)  # fmt: skip
MILL = Person(
    name="刺桐山前纺织厂", organisation=True, identity="91350500MA0000002Y", representative="吴建国",
    address="刺桐市西区山前工业区3号", phone="0595-00000002",
    agent=Agent(name="郑一平", office="福建某某律师事务所律师", authority="一般代理", phone="13900000004"),
)  # fmt: skip
FACTS = (
    "申请人与被申请人系前后邻居，两家之间有一条宽约1.8米的公共通道。2026年3月，被申请人翻建院墙，将墙体外移约0.4米，"
    "致使通道最窄处仅余1.3米，申请人运送渔具的三轮车无法通过。双方多次争执，未能自行解决。\n"
    "2026年4月12日，社区网格员在走访中发现该情况并登记。"
)
TERMS = (
    Term(text="被申请人于2026年6月30日前自行拆除外移的墙体，将通道恢复至不少于1.7米。"),
    Term(text="申请人就争执中损坏被申请人花盆一事，向被申请人赔偿损失。", amount=amount(80_000)),
    Term(text="双方今后维护通道畅通，不在通道内堆放杂物。"),
)


def _at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour - 8, minute, tzinfo=UTC)


SAMPLES: Mapping[str, Sheet] = {
    "application": Application(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), facts=FACTS,
        requests=("请求被申请人将院墙恢复原状，保证通道宽度不少于1.8米；", "请求被申请人不再阻碍通行。"),
        evidence=("通道现状照片4张，网格员拍摄；", "2019年宅基地使用权登记附图1份。"),
    ),
    "registration": Registration(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), received_at=_at(4, 13, 9, 20), registrar="周晓岚",
        source="网格员走访发现", facts=FACTS, requests=("恢复通道宽度；", "不再阻碍通行。"), accepted=True,
        decided_on=date(2026, 4, 13),
    ),
    "consent": Consent(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), open=False, online=False, electronic_service=True,
        language="闽南语",
    ),
    "disclosure": Disclosure(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), mediator="黄德望",
        relations=("本人与被申请人陈阿土曾于1990年至1996年在同一船队工作，此后没有经济往来。",),
        answers=(Answer(name="林海生", agrees=True), Answer(name="陈阿土", agrees=True)),
    ),
    "record": Record(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), mediators=("黄德望",), began_at=_at(5, 20, 14, 30),
        ended_at=_at(5, 20, 16, 10), session=3, way="现场", place="云谷社区调解室", recorder="周晓岚",
        present=("苏文（社区网格员）", "蔡老师（双方邀请的邻居）"),
        statements=(
            Statement(speaker="调解员", words="今天请双方再坐下来谈一次。请申请人先说。"),
            Statement(speaker="林海生", words="我只要求能过三轮车。以前一直是一米八，现在一米三，渔具运不出来。"),
            Statement(speaker="陈阿土", words="墙是按老地基修的。花盆也是他家孩子碰坏的，这个要算进去。"),
            Statement(speaker="蔡老师", words="老地基我记得，墙角石还在，往里退四十公分就是原来的位置。"),
            Statement(speaker="调解员", words="现场量过，墙角石到对面一米七二。按这个恢复，三轮车能过。两位考虑一下。"),
            Statement(speaker="陈阿土", words="可以退到墙角石，给我一个月时间。"),
            Statement(speaker="林海生", words="同意。花盆我赔。"),
        ),
        result="双方就全部争议事项达成一致，当场签署调解协议书。",
    ),
    "undisputed_facts": UndisputedFacts(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), mediators=("黄德望",),
        facts=(
            "两家之间的通道在2026年3月以前宽约1.8米，为双方及其他三户共同使用。",
            "被申请人于2026年3月翻建院墙，翻建后通道最窄处为1.3米。",
            "老墙角石仍在原处，至对面墙体为1.72米（2026年5月20日现场测量）。",
        ),
        evidence=("现场测量记录1份；", "照片4张。"),
    ),
    "agreement": Agreement(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), mediators=("黄德望",), facts=FACTS, terms=TERMS,
        performance="第一项由被申请人自行履行，2026年6月30日前完成；第二项当场以现金支付。",
        copies=3, recorder="周晓岚",
    ),
    "commercial_agreement": Agreement(
        matter=TRADE, applicants=(COMPANY,), respondents=(MILL,), mediators=("许文清",),
        facts="双方于2025年8月签订布料购销合同，约定价款128,000元。申请人已支付定金，被申请人迟延交货二十六日，双方就违约金发生争议。",
        terms=(
            Term(text="被申请人于2026年7月15日前交付全部剩余货物。"),
            Term(text="被申请人向申请人支付迟延交货的违约金。", amount=amount(1_280_050)),
        ),
        performance="违约金自本协议生效之日起十日内汇入申请人账户。", unsettled=("2026年度供货价格的调整。",), copies=3,
        recorder="何静", fee="2,000元", fee_bearer="双方各半",
    ),
    "failure": Failure(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), mediators=("黄德望",), cause="wide_gap",
        began_on=date(2026, 4, 13), ended_on=date(2026, 5, 13), sessions=2,
        course="调解员两次组织双方到场调解，并进行了现场测量。双方对墙体位置和恢复宽度的主张相差较大。",
        explanation="申请人坚持恢复至1.8米，被申请人只同意恢复至1.5米，经劝说均不愿让步。",
        routes=("向刺桐市东区人民法院提起诉讼", "向乡镇人民政府申请处理"), facts_recorded=True,
    ),
    "confirmation_application": ConfirmationApplication(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), court=COURT,
        agreement_number="（2026）云谷民调字第12号", concluded_on=date(2026, 5, 20), effective_on=date(2026, 5, 20),
        terms=TERMS,
    ),
    "confirmation_ruling": ConfirmationRuling(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), court=COURT, case_number="（2026）闽0599民特31号",
        filed_on=date(2026, 5, 28), concluded_on=date(2026, 5, 20), terms=TERMS, judge="沈清和", clerk="罗琳",
    ),
    "confirmation_refusal": ConfirmationRefusal(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), court=COURT, outcome="rejected",
        case_number="（2026）闽0599民特32号", filed_on=date(2026, 5, 28), concluded_on=date(2026, 5, 20),
        ground="调解协议第一项对墙体拆除的范围约定不明确，无法确认", judge="沈清和", clerk="罗琳",
        article="《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第三百五十八条",
    ),
    "follow_up": FollowUp(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), agreement_number="（2026）云谷民调字第12号",
        concluded_on=date(2026, 5, 20),
        duties=(
            Duty(text="拆除外移的墙体，通道恢复至不少于1.7米", due_on=date(2026, 6, 30), state="6月22日完成"),
            Duty(text="赔偿花盆损失800元", due_on=date(2026, 5, 20), state="当场付清"),
            Duty(text="维护通道畅通", state="正常"),
        ),
        visits=(
            FollowUpVisit(on=date(2026, 6, 10), way="电话", person="陈阿土", found="已请工匠，预计月底前拆完。"),
            FollowUpVisit(on=date(2026, 7, 1), way="上门", person="林海生", found="墙体已拆除，现场测量通道宽1.72米。"),
        ),
        result="performed", remarks="双方表示没有其他争议。", visitor="黄德望", respondent_signs="林海生",
    ),
    "referral": Referral(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), to=BODY, sender="刺桐市东区社会治安综合治理中心",
        reason="该纠纷属于民间纠纷，双方当事人均同意调解，适宜由你单位调解", facts=FACTS,
        done="网格员已劝导双方暂停施工。",
        found_on=date(2026, 4, 12), answer_within="三个工作日", attachments=("走访记录1份；", "照片4张。"),
        contact="周晓岚", contact_phone="0595-00000003",
    ),
    "file_index": FileIndex(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), opened_on=date(2026, 4, 13),
        closed_on=date(2026, 7, 1), result="达成协议，已履行", retention="长期",
        items=(
            Item(title="人民调解申请书", number="W26-0000101-2", on=date(2026, 4, 13), pages=1),
            Item(title="人民调解受理登记表", number="W26-0000102-8", on=date(2026, 4, 13), pages=1),
            Item(title="调解同意书（暨权利义务告知书）", number="W26-0000103-5", on=date(2026, 4, 15), pages=2),
            Item(title="调解员披露声明", number="W26-0000104-1", on=date(2026, 4, 20), pages=2),
            Item(title="人民调解记录", number="W26-0000120-9", on=date(2026, 5, 20), pages=2, note="第三次"),
            Item(title="人民调解协议书", number="W26-0000121-4", on=date(2026, 5, 20), pages=2),
            Item(title="人民调解回访记录", number="W26-0000188-6", on=date(2026, 7, 1), pages=1),
        ),
        keeper="周晓岚", inspector="黄德望",
    ),
    "danger": Danger(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), to="刺桐市公安局东区分局滨海派出所",
        noticed_at=_at(5, 6, 19, 40), place="云谷社区18号与20号之间的通道",
        signs="陈阿土酒后扬言要用铁锤砸毁林海生的三轮车，并向林家院内投掷石块一块，没有伤人。",
        at_risk="林海生及其家人（两名老人、一名儿童）。",
        measures="网格员当场劝离，已请双方亲属看护，通道处增设照明，并安排夜间巡查。",
        asks="请派员到场告诫，并在近期巡逻中予以关注。", reporter="黄德望", reporter_phone="13900000005",
    ),
    "appraisal": Appraisal(
        matter=NEIGHBOURS, applicants=(LIN,), respondents=(CHEN,), institute="刺桐市建设工程质量检测所", way="鉴定",
        questions=("院墙现状位置与2019年登记附图所示位置的偏移量；", "恢复原状是否影响房屋主体结构安全。"), facts=FACTS,
        materials=("宅基地使用权登记附图复印件1份；", "现场测量记录1份。"), within="十五个工作日", cost="3,000元",
        cost_bearer="申请人先行垫付", contact="周晓岚", contact_phone="0595-00000003",
    ),
}  # fmt: skip
