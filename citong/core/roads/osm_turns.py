"""Turn restrictions of OpenStreetMap (Relation:restriction in its wiki), applied to the edges of a draft."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from citong.core.roads.doubts import DoubtKind, Doubts
from citong.core.roads.draft import Draft, DraftEdge

NOT, ALONE = ("no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit"), (
    "only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn",
)  # fmt: skip
EXEMPT = ("emergency",)
CAR = ("motorcar", "motor_vehicle")
KEYS = ("restriction", *(f"restriction:{vehicle}" for vehicle in CAR))


@dataclass(frozen=True)
class Rule:
    """From one way over a node to another: forbidden, or the only turn there is."""

    id: int
    before: int
    via: int
    after: int
    only: bool


def rule_of(
    id_: int, tags: Mapping[str, str], members: Sequence[tuple[str, int, str]], doubts: Doubts, *, emergency: bool
) -> Iterator[Rule]:
    """The rules of one relation; none, and a doubt, when it is of no kind we know."""
    word = next((tags[key] for key in KEYS if key in tags), "")
    excepted = [vehicle.strip() for vehicle in tags.get("except", "").split(";")]
    if any(one in excepted for one in (CAR + EXEMPT if emergency else CAR)):
        return
    if word not in NOT + ALONE:
        if any(key.startswith("restriction:conditional") for key in tags):
            doubts.add(DoubtKind.RESTRICTION, str(id_), "It holds at certain hours only; it was not applied.")
        elif word or not any(key.startswith("restriction:") for key in tags):  # those of other vehicles are no matter
            doubts.add(DoubtKind.RESTRICTION, str(id_), f"Its kind {word or 'is missing'} is not known; not applied.")
        return
    by_role = {role: [ref for kind, ref, own in members if own == role and kind == want] for role, want in ROLES}
    if any(own == "via" and kind == "w" for kind, _, own in members):
        doubts.add(DoubtKind.RESTRICTION, str(id_), "It leads over a way, not a node; it was not applied.")
    elif len(by_role["via"]) != 1 or not by_role["from"] or not by_role["to"]:
        doubts.add(DoubtKind.RESTRICTION, str(id_), "It lacks its from, via or to; it was not applied.")
    else:
        for before in by_role["from"]:
            yield from (Rule(id_, before, by_role["via"][0], after, word in ALONE) for after in by_role["to"])


ROLES = (("from", "w"), ("via", "n"), ("to", "w"))


def forbid(draft: Draft, rules: Sequence[Rule]) -> None:
    """The turns that the rules forbid are forbidden in the draft; rules that fit no edges are reported."""
    entering: dict[tuple[str, str], list[DraftEdge]] = defaultdict(list)
    leaving: dict[str, list[DraftEdge]] = defaultdict(list)
    for edge in draft.edges.values():
        entering[edge.head, edge.way].append(edge)
        leaving[edge.tail].append(edge)
    for rule in rules:
        befores = entering[str(rule.via), str(rule.before)]
        afters = [edge for edge in leaving[str(rule.via)] if edge.way == str(rule.after)]
        if not befores or not afters:
            sentence = "Its ways do not meet at its node in a permitted direction; nothing to apply."
            draft.doubts.add(DoubtKind.RESTRICTION, str(rule.id), sentence)
            continue
        kept = {edge.ref for edge in afters}
        for edge in befores:
            others = [next_ for next_ in leaving[edge.head] if (next_.ref in kept) is not rule.only]
            draft.forbidden |= {(edge.ref, next_.ref) for next_ in others}
