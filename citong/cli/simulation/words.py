"""What people write: a grammar of our own, fed with the city's own kinds and their words. No text of anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from citong.core.cases.models import Category

FIRST = "南北东西中新长安和平文华丰泉津江海山滨湖云石田温陵刺桐浮桥清源崇福开元承天府后涂门聚宝宝洲泉秀刺田安吉"
SECOND = "华兴源泰宁康乐德义仁礼信园林岭溪桥港湾塔亭门坊埔厝垵洋坂寮前后上下岸头尾口井田"
WAYS = ("路", "街", "巷", "大道", "中路", "二路", "北路", "南路")
SPOTS = (
    "路口", "公交站旁", "小学门口", "菜市场门口", "幼儿园旁边", "{n}号楼下", "{n}号门前", "{n}栋与{m}栋之间",
    "地下车库入口", "加油站对面", "药店门口", "社区活动中心前", "老人会旁", "桥头", "停车场出口", "商铺门口",
    "工业区门口", "村委会对面", "卫生院旁边", "快递驿站门口", "红绿灯处", "人行天桥下", "河边步道", "小公园里",
    "{n}号楼{m}单元", "祠堂前", "榕树下",
)  # fmt: skip
WHEN = (
    "今天早上", "今天中午", "昨天晚上", "前天傍晚", "这两天", "最近一周", "上个月开始", "从周末到现在", "下雨之后",
    "台风过后", "每天晚上{h}点以后", "每天早高峰", "凌晨{s}点多", "半个月前", "已经{d}天了", "放学的时候",
    "节后到现在", "连续{d}个晚上",
)  # fmt: skip
SAYS = (
    "{kind}出了问题：{what}", "发现{what}", "有{what}的情况", "一直{what}", "{what}，没有人来管",
    "因为{what}找过物业", "反映{kind}，主要是{what}", "{what}越来越严重", "又出现{what}", "{what}，还有{other}",
    "{kind}这一块，{what}，{other}也有",
)  # fmt: skip
EFFECTS = (
    "老人小孩经过很不方便", "晚上看不清，差点出事", "电动车只好绕到机动车道", "影响附近居民休息",
    "味道很大，窗户都不敢开", "早晚高峰堵成一片", "已经有人摔倒", "店里的生意也受影响", "下雨天更严重",
    "车辆都要急刹", "孩子上学走得提心吊胆", "住户意见很大", "担心有安全隐患", "周边卫生越来越差",
    "邻居之间为此闹了矛盾", "给上班的人带来麻烦", "来往的游客也在抱怨", "救护车进出都困难",
    "家里老人行动不便，更是为难", "不知道该找哪个部门",
)  # fmt: skip
DETAILS = (
    "大约有{n}米长", "面积差不多{n}平方米", "附近住着{n}多户", "{d}天前打过一次电话", "之前有人来看过，没有处理完",
    "现场没有警示标志", "物业说不归他们管", "拍了照片，可以提供", "去年也发生过同样的事", "问了社区，让打热线",
    "周围商户都知道", "一到{h}点就特别明显", "旁边正好是消防栓", "路过的人都要绕行", "这里人流很多",
    "具体位置在第{m}根电线杆旁", "同样的情况有{m}处", "登记过编号，没有回音",
)  # fmt: skip
WISHES = (
    "请尽快派人处理", "希望有关部门来现场看看", "麻烦安排维修", "请问什么时候能解决", "恳请核实", "希望给个答复",
    "盼望早日处理", "请协调责任单位", "建议定期检查", "请依法处理", "希望长期解决，不要反复", "谢谢", "辛苦了",
    "请转给负责的单位", "希望公开处理结果", "请告知办理进度",
)  # fmt: skip
TITLES = ("{way}{what}", "{place}{what}", "{what}", "{place}{way}{what}", "关于{kind}：{what}", "{way}{spot}{what}")
NUMBERS = {"n": (2, 88), "m": (2, 9), "h": (8, 11), "s": (1, 4), "d": (2, 20)}
AGAIN = "我也看到了，"
SURNAMES = "陈林黄张吴李王郑蔡刘许谢苏曾庄叶郭杨洪柯施颜傅何赖尤潘魏沈彭"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华志海燕玲建国文辉雅婷梓涵宇轩思远晓东美珍秀兰阿木水生清泉荣发"
MANNERS = ("女士", "先生")


@dataclass(frozen=True)
class Written:
    """A report as somebody wrote it."""

    title: str
    text: str
    address: str


def kinds_words(category: Category) -> tuple[str, ...]:
    """What goes wrong with this kind of matter, in the city's own words."""
    return tuple(word for word in category.keywords.split(";") if 1 < len(word) <= 12) or (category.name,)


def written(category: Category, words: Sequence[str], *, place: str, roads: Sequence[str], rng: Random) -> Written:
    """A report of this kind at a place (the community's name, the names of its roads)."""
    what, other, way = rng.choice(words), rng.choice(words), rng.choice(roads)
    spot, kind = filled(rng.choice(SPOTS), rng), category.name
    says = rng.choice(SAYS).format(kind=kind, what=what, other=other)
    parts = [f"{filled(rng.choice(WHEN), rng)}，{place}{way}{spot}{says}，{rng.choice(EFFECTS)}"]
    parts += [filled(detail, rng) for detail in rng.sample(DETAILS, rng.randrange(3))]
    title = rng.choice(TITLES).format(way=way, place=place, spot=spot, what=what, kind=kind)
    return Written(title[:80], "。".join([*parts, rng.choice(WISHES)]) + "。", f"{place}{way}{spot}")


def roads_of(community: str) -> tuple[str, ...]:
    """The made-up roads of a community; always the same ones."""
    rng = Random(f"roads of {community}")  # noqa: S311 (made-up names are no secret)
    return tuple(rng.choice(FIRST) + rng.choice(SECOND) + rng.choice(WAYS) for _road in range(6))


def filled(pattern: str, rng: Random) -> str:
    """The pattern with chance numbers at its signs."""
    if "{" not in pattern:
        return pattern
    return pattern.format(**{sign: rng.randint(*span) for sign, span in NUMBERS.items() if f"{{{sign}}}" in pattern})


def person(rng: Random) -> str:
    """A made-up name."""
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))


def caller(rng: Random) -> str:
    """How somebody on the phone is written down."""
    return rng.choice(SURNAMES) + rng.choice(MANNERS)
