"""What happens to the demo's reports: which acts, by whom, with which words, and how long each takes."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from citong.core.cases.models import Case
from citong.core.places.current import zone

MINUTE, HOUR, DAY = 1, 60, 1440
DAYTIME = range(7, 22)
FATES: dict[str, tuple[str, ...]] = {
    "new": (),
    "urged": ("urge",),
    "asked": ("ask",),
    "answered": ("ask", "answer"),
    "withdrawn": ("withdraw",),
    "refused": ("refuse",),
    "doubled": ("accept",),
    "accepted": ("accept",),
    "returned": ("accept", "dispatch", "return"),
    "sent": ("accept", "dispatch"),
    "taken": ("accept", "dispatch", "take"),
    "joint": ("accept", "dispatch", "invite"),
    "part_done": ("accept", "dispatch", "take", "invite", "finish_part"),
    "moved": ("accept", "dispatch", "reassign", "take"),
    "more_time_asked": ("accept", "dispatch", "take", "ask_delay"),
    "more_time_given": ("accept", "dispatch", "take", "ask_delay", "decide_delay"),
    "split": ("accept", "split", "dispatch"),
    "done": ("accept", "dispatch", "take", "feed_back"),
    "reworked": ("accept", "dispatch", "take", "feed_back", "rework"),
    "closed": ("accept", "dispatch", "take", "feed_back", "close"),
    "rated": ("accept", "dispatch", "take", "feed_back", "close", "rate"),
    "together": ("accept", "dispatch", "invite", "finish_part", "feed_back", "close", "rate"),
    "twice": ("accept", "dispatch", "take", "feed_back", "rework", "feed_back", "close", "rate"),
    "reopened": ("accept", "dispatch", "take", "feed_back", "close", "reopen", "dispatch"),
    "late": ("accept", "dispatch", "take", "escalate", "feed_back", "close", "rate"),
    "stuck": ("accept", "dispatch", "urge"),
}
LATEST = 2**40
AGES: Sequence[tuple[int, Sequence[str]]] = (
    (100, ("new", "accepted", "new", "sent", "new", "asked", "taken")),
    (4 * HOUR, ("sent", "accepted", "taken", "asked", "doubled", "joint", "returned", "new")),
    (DAY, ("sent", "taken", "joint", "done", "part_done", "answered", "withdrawn", "moved", "urged", "doubled")),
    (4 * DAY, ("taken", "more_time_given", "done", "rated", "split", "reworked", "part_done", "closed",
               "more_time_asked")),
    (10 * DAY, ("rated", "closed", "done", "twice", "refused", "rated", "stuck", "together", "reopened")),
    (LATEST, ("rated", "late", "rated", "closed", "twice", "late", "together", "rated", "stuck", "rated", "refused")),
)  # fmt: skip
TAKES: dict[str, tuple[float, float]] = {
    "accept": (4, 45), "dispatch": (6, 70), "take": (10, 120), "feed_back": (3 * HOUR, 2 * DAY), "close": (HOUR, DAY),
    "rate": (HOUR, DAY), "rework": (HOUR, 8 * HOUR), "reopen": (HOUR, DAY), "finish_part": (2 * HOUR, DAY),
}  # fmt: skip
OTHERWISE = (20.0, 150.0)
SHORT_LIMIT = {"urge", "answer", "return"}  # acts after which a deadline of hours runs: they happened just now
BY = {
    "accept": "clerk", "ask": "clerk", "refuse": "clerk", "split": "clerk", "merge": "clerk",
    "dispatch": "dispatcher", "reassign": "dispatcher", "invite": "dispatcher", "decide_delay": "dispatcher",
    "take": "hands", "feed_back": "hands", "return": "hands", "ask_delay": "hands", "finish_part": "helper",
    "close": "verifier", "rework": "verifier", "escalate": "system",
    "rate": "reporter", "reopen": "reporter", "urge": "reporter", "answer": "reporter", "withdraw": "reporter",
}  # fmt: skip
RESULTS = (
    "已派人到现场处理完毕，恢复正常。", "已更换损坏部件，现场试用正常。", "已清理干净，并安排每日巡查。",
    "已与相关人员当面沟通，问题已经解决。", "已完成修复，三天内复查一次。",
)  # fmt: skip
COMMENTS = ("很快，谢谢！", "处理得很好。", "师傅很负责。", "希望以后常来看看。", "")
WORDS: dict[str, tuple[str, ...]] = {
    "ask": ("请补充具体位置，最好说明在哪个路口或门牌附近。", "请说明最近一次出现的时间。"),
    "answer": ("就在公交站旁边，靠近水果店。", "昨天晚上八点左右又出现了一次。"),
    "refuse": ("经核实该路段正在按计划施工，公示期内不另立案。", "该事项已进入诉讼程序，请按法院通知办理。"),
    "return": ("现场核实属于其他单位管养范围，请重新派遣。",),
    "reassign": ("经核对权属，由该单位办理更合适。",),
    "invite": ("请到现场配合，共同确认处理方案。",),
    "ask_delay": ("所需配件要到货后才能更换，申请延期。", "连日下雨无法施工，申请延期。"),
    "decide_delay": ("理由属实，同意。",),
    "rework": ("现场核查仍有遗留，请再处理一次。", "照片角度看不清结果，请补充处理并重拍。"),
    "reopen": ("修好两天又坏了，请再来看看。",),
    "urge": ("已经等了一段时间，请尽快处理。",),
    "withdraw": ("问题已经自行解决，谢谢。",),
    "merge": ("与另一件反映的是同一处问题。",),
    "split": ("来件反映两件事，分开办理。",),
}


def fate_of(age_minutes: int, turn: int) -> str:
    """The fate of the `turn`-th report of its age."""
    fates = next(fates for most, fates in AGES if age_minutes < most)
    return fates[turn % len(fates)]


def age_class(age_minutes: int) -> int:
    """Which line of AGES a report belongs to."""
    return next(at for at, (most, _fates) in enumerate(AGES) if age_minutes < most)


def delays(steps: Sequence[str], *, age_minutes: int, rng: Random) -> list[float]:
    """Minutes from each step to the next, the first from the opening, all of them before now."""
    gaps = [rng.uniform(*TAKES.get(step, OTHERWISE)) for step in steps]
    if not gaps:
        return []
    if steps[-1] in SHORT_LIMIT and age_minutes > HOUR:
        before = [gap * min(1.0, age_minutes * 0.5 / sum(gaps)) for gap in gaps[:-1]]
        return [*before, age_minutes - sum(before) - rng.uniform(5, 50)]
    share = min(1.0, age_minutes * 0.95 / sum(gaps))
    return [gap * share for gap in gaps]


def by_day(at: datetime) -> datetime:
    """The same moment if it is by day, else the next morning."""
    local = at.astimezone(zone())
    if local.hour in DAYTIME:
        return at
    morning = local.replace(hour=DAYTIME.start) + timedelta(days=local.hour >= DAYTIME.stop)
    return morning.astimezone(at.tzinfo)


def answers(
    name: str, case: Case, *, kind: str, units: Sequence[str], other: str, rng: Random
) -> dict[str, Any]:  # fmt: skip
    """What the person writes into the act's form.

    `kind` is the category's code, `units` are codes that may be chosen, `other` is the number of another case.
    """
    words = rng.choice(WORDS.get(name, ("",)))
    said: dict[str, Callable[[], dict[str, Any]]] = {
        "accept": lambda: {"category": kind, "urgent": case.urgent, "public": case.public},
        "answer": lambda: {"note": words},
        "dispatch": lambda: {"unit": case.routed_unit.code, "note": "请按时限到现场处理。"},
        "reassign": lambda: {"unit": rng.choice(units or [""]), "reason": words},
        "invite": lambda: {"units": rng.sample(units, 1) if units else [], "note": words},
        "finish_part": lambda: {"result": "本单位负责的部分已完成。"},
        "feed_back": lambda: {"result": rng.choice(RESULTS)},
        "ask_delay": lambda: {"days": rng.choice((2, 3, 5)), "reason": words},
        "decide_delay": lambda: {"decision": "grant", "reason": words},
        "close": lambda: {"way": rng.choice(("site", "site", "call", "photo")), "note": "核查属实。"},
        "rate": lambda: {"stars": rng.choice((5, 5, 5, 4, 4, 3, 2)), "comment": rng.choice(COMMENTS)},
        "merge": lambda: {"number": other, "reason": words},
        "split": lambda: {"title": f"另一件：{case.title}"[:80], "text": f"同一地点还有一件事要处理：{case.title}",
                  "category": kind, "reason": words},
    }  # fmt: skip
    return said.get(name, lambda: {"reason": words})()
