"""The reference pages that follow from the code: permissions, commands, settings, API, doors."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from django.urls import URLPattern

from citong.adapters.api import describe
from citong.adapters.api.urls import urlpatterns
from citong.cli import door_page
from citong.cli.main import main
from citong.cli.service_page import REACHES, permissions, post_name, table
from citong.core.cases.declare import Act, CaseType
from citong.core.people.access import AREA_POSTS, KNOWS_CONFIDENTIAL, STAFF_PAGES
from citong.core.people.posts import Post

SETTINGS = "citong.project.settings"
METHODS = "request_method_list"  # what Django's require_http_methods keeps
MEANING = re.compile(r"([A-Z][A-Z0-9_]+) +(.+)")
Kinds = Sequence[type[CaseType]]


def all_of(kinds: Kinds) -> dict[str, dict[str, str]]:
    """Page name to its generated parts."""
    return {
        "permissions": {"services": services(kinds), "staff pages": staff_pages(), "sight": sight()},
        "commands": {"commands": commands()},
        "settings": {"settings": settings()},
        "api": {"addresses": addresses(), "services": fields(kinds)},
        "doors": door_page.parts(),
    }


def services(kinds: Kinds) -> str:
    """The permission table of every service."""
    return "\n\n".join(f"### {kind.label}\n\n{permissions(kind)}" for kind in kinds)


def staff_pages() -> str:
    """Which post opens which part of the staff's pages."""
    posts = [post for post in Post.values if any(post in held for held in STAFF_PAGES.values())]
    rows = [
        (page.capitalize(), *("yes" if post in held else "" for post in posts)) for page, held in STAFF_PAGES.items()
    ]
    return table(("Page", *(post_name(post) for post in posts)), rows)


def sight() -> str:
    """Which cases each post sees, and whether it learns who reported confidentially."""
    staff = [post for post in Post.values if post not in (Post.RESIDENT, Post.ADMINISTRATOR)]
    rows = [
        (
            post_name(post),
            "yes",
            "yes" if post in AREA_POSTS else "",
            "yes" if post in KNOWS_CONFIDENTIAL else "",
        )
        for post in staff
    ]
    header = ("Post", "Cases of the own unit", "All cases of the own area", "Who reported confidentially")
    return table(header, rows)


def commands() -> str:
    """Every command of `citong` with its arguments and options."""
    return "\n\n".join(_described("citong", main))


def _described(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            if (found := command.get_command(context, child)) and not found.hidden:
                yield from _described(f"{name} {child}", found)
        return
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    yield f"### {name}\n\n    {usage}\n\n{inspect.cleandoc(command.help or '')}"
    options = [_option(p) for p in command.params if isinstance(p, click.Option) and not p.hidden]
    if options:
        yield table(("Option", "Meaning", "Default"), options)


def _option(option: click.Option) -> Sequence[str]:
    """A default stands here only where the command itself shows it: others depend on the machine."""
    names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
    return names, option.help or "", f"`{option.default}`" if option.show_default else ""


def settings() -> str:
    """Every environment variable the settings read, with its default."""
    source = ast.parse(_source(SETTINGS))
    meanings = _meanings(ast.get_docstring(source) or "")
    found = sorted(dict(_read(source)).items())
    rows = [(f"`{name}`", meanings.get(name, ""), f"`{default}`" if default else "") for name, default in found]
    return table(("Variable", "Meaning", "Default"), rows)


def variables() -> list[str]:
    """Names of the environment variables the settings read."""
    return sorted({name for name, _default in _read(ast.parse(_source(SETTINGS)))})


def _source(module: str) -> str:
    found = find_spec(module)
    assert found is not None and found.origin is not None
    return Path(found.origin).read_text("utf-8")


def _read(source: ast.Module) -> Iterator[tuple[str, str]]:
    """(name, default) of each `os.environ` look-up; a default that is computed is given as it is written."""
    for node in ast.walk(source):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("os.environ.get", "os.getenv"):
            name, *default = [_constant(argument) for argument in node.args]
            yield name, (default or [""])[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield _constant(node.slice), ""


def _constant(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def _meanings(docstring: str) -> dict[str, str]:
    """Lines such as `NAME  what it is for` of the settings' docstring; indented lines go on."""
    meanings: dict[str, str] = {}
    name = ""
    for line in docstring.splitlines():
        if found := MEANING.fullmatch(line):
            name = found[1]
            meanings[name] = found[2]
        elif line.startswith(" ") and name:
            meanings[name] += f" {line.strip()}"
    return meanings


def addresses() -> str:
    """Every address of the API with its methods and what it answers."""
    rows = [_address(pattern) for pattern in urlpatterns if isinstance(pattern, URLPattern)]
    return table(("Address", "Methods", "What it does"), rows)


def _address(pattern: URLPattern) -> Sequence[str]:
    text = " ".join(inspect.cleandoc(pattern.callback.__doc__ or "").split())
    return f"`/{pattern.pattern}`", ", ".join(_methods(pattern.callback)), text


def _methods(view: Callable[..., Any]) -> list[str]:
    while view is not None:
        found = inspect.getclosurevars(view).nonlocals.get(METHODS)
        if found:
            return list(found)
        view = getattr(view, "__wrapped__", None)  # type: ignore[assignment]
    return ["any"]


def fields(kinds: Kinds) -> str:
    """What to send: the fields of each service's opening and acts."""
    return "\n\n".join(_service(kind) for kind in kinds)


def _service(kind: type[CaseType]) -> str:
    rows = [("(open a case)", _fields(describe.fields(kind.opening.form())), "any")]
    rows += [(f"`{one.name}`", _fields(describe.act(one)["fields"]), _reach(one)) for one in kind.acts.values()]
    return f"### {kind.label}: `{kind.code}`\n\n" + table(("Act", "Fields", "How far"), rows)


def _reach(one: Act) -> str:
    return ", ".join(dict.fromkeys(REACHES[who.reach] for who in one.by if who.post != "system"))


def _fields(described: Sequence[dict[str, Any]]) -> str:
    return ", ".join(f"`{one['name']}`{'' if one['required'] else '?'} {_type(one)}" for one in described)


def _type(one: dict[str, Any]) -> str:
    choices = [choice["value"] for choice in one.get("choices", []) if choice["value"]]
    return f"({' / '.join(choices)})" if choices else str(one["type"])
