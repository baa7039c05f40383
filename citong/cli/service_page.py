"""What a declaration says, as Markdown: its stages and states, drawing, acts, permissions, clocks and rules."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from django import forms

from citong.core.cases.declare import SYSTEM, Act, CaseType, ClockSpec, Hands, Reach, Stage, State, Tell, Who
from citong.core.people.posts import Post

REACHES = {
    Reach.UNIT: "own unit",
    Reach.PART: "own part",
    Reach.AREA: "own area",
    Reach.OWN: "own report",
    Reach.HELD: "in own hands",
    Reach.PARTY: "party",
    Reach.SIDE: "that side",
}
HANDS = {Hands.DESK: "the desk", Hands.HANDLER: "the handling unit"}
TOLD = {
    Tell.REPORTER: "reporter",
    Tell.FOLLOWERS: "followers",
    Tell.DESK: "desk",
    Tell.HANDLER: "handling unit",
    Tell.PARTS: "helping units",
    Tell.PARTIES: "parties",
    Tell.SIDE: "that side",
    Tell.HOLDER: "holder",
}


def place_of(kind: type[CaseType]) -> Path:
    """Where the page of a service lies: beside its declaration."""
    file = sys.modules[kind.__module__].__file__
    assert file is not None
    return Path(file).with_name("README.md")


def parts(kind: type[CaseType]) -> dict[str, str]:
    """Every generated part of the page, by name."""
    return {
        "states": states(kind),
        "drawing": drawing(kind),
        "acts": acts(kind),
        "permissions": permissions(kind),
        **({"reading": reading(kind)} if kind.reads else {}),
        "clocks": clocks(kind),
        "rules": rules(kind),
    }


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a bar inside a cell does not end it."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") or "–" for cell in line) + " |" for line in lines)


def states(kind: type[CaseType]) -> str:
    """The seven stages in their order, each with its states."""
    header = ("Stage", "State", "Code", "What the reporter reads", "In the hands of")
    return table(header, (row for stage in Stage for row in _stage_rows(kind, stage)))


def _stage_rows(kind: type[CaseType], stage: Stage) -> Iterator[Sequence[str]]:
    found = [state for state in kind.states.values() if state.stage == stage]
    for state in found:
        hands = "nobody: it has ended" if state.ends else HANDS[state.hands]
        yield str(stage.label), str(state.label), f"`{state.name}`", str(state.public), hands
    if not found:
        yield str(stage.label), "", "", "", ""


def drawing(kind: type[CaseType]) -> str:
    """A Mermaid drawing: each act that moves a case is an arrow with the posts that may take it."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{state.label}" as {state.name}_' for state in kind.states.values()]
    lines.append(f"    [*] --> {kind.opening.state.name}_ : {_drawn('Open', kind.opening.by)}")
    for one in kind.acts.values():
        lines += [f"    {source.name}_ --> {target.name}_ : {_drawn(str(one.label), one.by)}"
                  for source in one.source for target in one.targets]  # fmt: skip
    lines += [f"    {state.name}_ --> [*]" for state in kind.states.values() if state.final]
    return "\n".join([*lines, "```"])


def _drawn(label: str, by: Iterable[Who]) -> str:
    posts = ", ".join(dict.fromkeys(post_name(who.post).lower() for who in by))
    return f"{label} ({posts})"


def acts(kind: type[CaseType]) -> str:
    """Every act in declared order with all that the declaration says of it."""
    header = ("Act", "From → to", "Who", "Not by whoever did", "Asks for", "Tells", "Ground")
    return table(header, (_act_row(one) for one in kind.acts.values()))


def _not_by(one: Act) -> list[str]:
    return [str(other.label) if isinstance(other, Act) else "the opening" for other in one.not_by]


def _act_row(one: Act) -> Sequence[str]:
    told = [TOLD[tell] for tell in one.tells]
    return (
        f"**{one.label}** `{one.name}`",
        f"{_names(one.source)} → {_names(one.targets) or '(stays)'}",
        _who(one.by),
        ", ".join(_not_by(one)),
        ", ".join(_asked(one.form)) if one.form else "",
        ", ".join(told) or ("" if one.public else "nobody: internal"),
        str(one.ground or ""),
    )


def _asked(form: type[forms.Form]) -> Iterator[str]:
    """Labels of the fields a person fills in; those that may stay empty stand in brackets."""
    for field in form().visible_fields():
        yield str(field.label) if field.field.required else f"({field.label})"


def _who(by: Iterable[Who]) -> str:
    reaches: dict[str, list[str]] = {}
    for who in by:
        reach = "when a clock runs out" if who == SYSTEM else REACHES[who.reach]
        reaches.setdefault(reach, []).append(post_name(who.post))
    return "; ".join(f"{', '.join(posts)}: {reach}" for reach, posts in reaches.items())


def post_name(post: str) -> str:
    """A post's name in the language of the moment."""
    return "The platform" if post == SYSTEM.post else str(Post(post).label)


def _names(found: Iterable[State]) -> str:
    return ", ".join(str(state.label) for state in found)


def permissions(kind: type[CaseType]) -> str:
    """Act by post: how far each post's hand reaches, empty where it may not."""
    known = [*Post.values, SYSTEM.post]
    used = [post for post in known if any(who.post == post for by in _all_by(kind) for who in by)]
    rows = [("**Open**", *_cells(kind.opening.by, used, opening=True))]
    rows += [(str(one.label), *_cells(one.by, used)) for one in kind.acts.values()]
    return table(("Act", *(post_name(post) for post in used)), rows)


def reading(kind: type[CaseType]) -> str:
    """What is said with each act by post: how far each post's eyes reach, empty where it learns that it happened."""
    said = [("**Open**", kind.reads), *((str(one.label), one.reads or kind.reads) for one in kind.acts.values())]
    used = [post for post in Post.values if any(who.post == post for _act, reads in said for who in reads)]
    rows = [(act, *_cells(reads, used)) for act, reads in said]
    return table(("What is said with", *(post_name(post) for post in used)), rows)


def _all_by(kind: type[CaseType]) -> list[Sequence[Who]]:
    return [kind.opening.by, *(one.by for one in kind.acts.values())]


def _cells(by: Sequence[Who], posts: Sequence[str], *, opening: bool = False) -> Iterator[str]:
    """What stands under each post; at the opening there is no case yet that could be near or far."""
    for post in posts:
        reached = [who for who in by if who.post == post]
        if opening or post == SYSTEM.post:
            yield "yes" if reached else ""
        else:
            yield ", ".join(REACHES[who.reach] for who in reached)


def clocks(kind: type[CaseType]) -> str:
    """Every time limit: when it runs and stands still, its span, and who set it."""
    header = ("Clock", "Runs while", "Stands still while", "Limit in `city.toml`", "Without it", "Source")
    return table(header, [row for clock in _declared_clocks(kind) for row in _clock_rows(kind, clock)])


def _declared_clocks(kind: type[CaseType]) -> list[ClockSpec]:
    return list(kind.clocks().values())


def _clock_rows(kind: type[CaseType], clock: ClockSpec) -> Iterator[Sequence[str]]:
    under = [state for state in kind.states.values() if clock in state.clocks]
    runs = _names(state for state in under if not state.pauses)
    still = _names(state for state in under if state.pauses)
    span = clock.span or "set when it begins"
    yield str(clock.label), runs, still, f"`{clock.limit}`", span, str(clock.source)
    for line, term in clock.by_line.items():
        yield f"{clock.label}: {line}", runs, still, f"`{clock.limit}_{line}`", term.span, str(term.source)


def rules(kind: type[CaseType]) -> str:
    """The guards of the acts: what they say when they do not hold, and where they come from."""
    header = ("Act", "What the rule says when it does not hold", "In force from", "Source")
    rows = [
        (str(one.label), guard.label, f"{guard.in_force_from:%Y-%m-%d}", str(guard.source))
        for one in kind.acts.values()
        for guard in one.guards
    ]
    return table(header, rows) if rows else "None beyond states, posts and forms."
