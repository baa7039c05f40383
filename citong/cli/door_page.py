"""The matrix of doors: every address, and what each post is told there. From tests/doors.toml, which the tests hold."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.urls import URLResolver, get_resolver

import citong
from citong.cli.service_page import table

TABLE = Path(citong.__file__).parent.parent / "tests/doors.toml"
NOBODY = "never"
Read = Mapping[str, Any]


def parts() -> dict[str, str]:
    """The generated parts of docs/reference/doors.md."""
    read = tomllib.loads(TABLE.read_text("utf-8"))
    return {"doors": _doors(read), "rules": _rules(read)}


def _doors(read: Read) -> str:
    """Every address with its rule for GET and POST."""
    routes = dict(_walked(get_resolver().url_patterns, ""))
    rows = [
        (f"`/{routes.get(said.get('url', name), name)}`", _besides(name, said), *_told(said))
        for name, said in read["doors"].items()
    ]
    return table(("Address", "Which", "GET", "POST"), rows)


def _told(said: Read) -> Iterator[str]:
    for method in ("GET", "POST"):
        yield said.get(method, NOBODY).replace(NOBODY, "–")


def _besides(name: str, said: Read) -> str:
    """What tells two doors at one address apart."""
    return name.removeprefix(said["url"]).strip() if "url" in said else ""


def _rules(read: Read) -> str:
    """Every rule with what each of the people is told."""
    people = read["people"]
    rows = [(name, *_each(people, said, read["groups"])) for name, said in read["rules"].items() if name != NOBODY]
    return table(("Rule", *(who.replace("_", " ") for who in people)), rows)


def _each(people: list[str], said: Read, groups: Read) -> Iterator[str]:
    told: dict[str, str] = {
        who: word
        for word, names in said.items() if word != "others"
        for name in names
        for who in groups.get(name, [name])
    }  # fmt: skip
    for who in people:
        yield told.get(who) or str(said.get("others", ""))


def _walked(patterns: Any, before: str) -> Iterator[tuple[str, str]]:
    for one in patterns:
        route = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from _walked(one.url_patterns, route)
        else:
            yield one.name or route, route.replace("^", "").replace("$", "").replace("|", "\\|")
