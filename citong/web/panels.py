"""What services show on the pages of their own cases: each gives functions, and the page asks those of its service."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from citong.core.cases.declare import Words
from citong.core.cases.models import Case
from citong.core.people.access import Actor


@dataclass(frozen=True)
class Panel:
    """A block of a page: a title with an icon, and a template that gets `context` as `panel`."""

    title: Words
    icon: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Due:
    """Why an act waits for somebody, and the words it is about."""

    words: Words
    quotes: Sequence[str] = ()


@dataclass(frozen=True)
class Now:
    """How a case stands for whoever follows it: what happens now, which acts wait for them and why, and which of those
    that they could take have no place now."""

    words: Words = ""
    due: Mapping[str, Due] = field(default_factory=dict)
    idle: frozenset[str] = frozenset()


Ask = Callable[[Case, Actor], Panel | None]
Stand = Callable[[Case, Actor], Now]
_desk: defaultdict[str, list[Ask]] = defaultdict(list)
_party: defaultdict[str, list[Ask]] = defaultdict(list)
_now: dict[str, Stand] = {}
_after: dict[tuple[str, str], str] = {}


def case_panel(service: str) -> Callable[[Ask], Ask]:
    """The desk's page of the service's cases shows what this function gives. A decorator."""
    return _into(_desk[service])


def party_panel(service: str) -> Callable[[Ask], Ask]:
    """The page by which reporters and parties follow the service's cases shows what this function gives."""
    return _into(_party[service])


def party_now(service: str) -> Callable[[Stand], Stand]:
    """This function tells reporters and parties of the service's cases what waits for them. A decorator."""

    def tells(stand: Stand) -> Stand:
        _now[service] = stand
        return stand

    return tells


def show_after(service: str, act: str, address: str) -> None:
    """Whoever has done this act at the desk is led to the page with this name, which is given the case's number."""
    _after[service, act] = address


def page_after(service: str, act: str) -> str:
    """The name of the page that follows the act; empty for the case itself."""
    return _after.get((service, act), "")


def now_for(case: Case, actor: Actor) -> Now | None:
    """What waits for a reporter or party; None where the service does not say."""
    stand = _now.get(case.service)
    return stand(case, actor) if stand else None


def desk_panels(case: Case, actor: Actor) -> list[Panel]:
    """What there is to show to staff beside the case."""
    return [panel for ask in _desk[case.service] if (panel := ask(case, actor)) is not None]


def party_panels(case: Case, actor: Actor) -> list[Panel]:
    """What there is to show to a reporter or party beside the case."""
    return [panel for ask in _party[case.service] if (panel := ask(case, actor)) is not None]


def _into(asked: list[Ask]) -> Callable[[Ask], Ask]:
    def shows(ask: Ask) -> Ask:
        if ask not in asked:
            asked.append(ask)
        return ask

    return shows
