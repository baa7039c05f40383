"""What of the sources people read: the English strings that wait for a translation, each with its file."""

import ast
import importlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.extract import extract

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "citong"

# Function to the number of its arguments that are (context, one, many).
CALLS = {
    "_": (0, 1, 0), "gettext": (0, 1, 0), "gettext_lazy": (0, 1, 0), "gettext_noop": (0, 1, 0),
    "ngettext": (0, 1, 1), "ngettext_lazy": (0, 1, 1), "pgettext": (1, 1, 0), "pgettext_lazy": (1, 1, 0),
    "npgettext": (1, 1, 1), "npgettext_lazy": (1, 1, 1),
}  # fmt: skip
# Pure modules speak plain English; the sentences of these reach people and are translated where they do.
SPEAKING = ("citong/kit/geometry.py", "citong/kit/ids.py")


class Trouble(Exception):
    """The sources can not be read: one sentence with the place."""


@dataclass(frozen=True)
class Found:
    """One string to translate: its context, its English (singular and plural if it counts), and its file."""

    context: str | None
    english: str | tuple[str, str]
    file: str


def found() -> Iterator[Found]:
    """Every string of the sources that people read, file by file."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield from _in_python(path)
    for path in sorted(PACKAGE.rglob("templates/**/*.*")):
        if path.suffix in {".html", ".txt"}:
            yield from _in_template(path)
    yield from _declared()
    yield from _holidays()


def _in_python(path: Path) -> Iterator[Found]:
    file = path.relative_to(ROOT).as_posix()
    try:
        tree = ast.parse(path.read_bytes(), filename=file)
    except SyntaxError as fault:
        raise Trouble(f"{file}:{fault.lineno}: {fault.msg}") from fault
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _in_call(node, file)
        elif isinstance(node, ast.Raise) and file in SPEAKING and isinstance(node.exc, ast.Call):
            words = _text(node.exc.args[0]) if node.exc.args else None
            yield from [Found(None, words, file)] if words else []


def _in_call(call: ast.Call, file: str) -> Iterator[Found]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in CALLS:
        return
    context, one, many = CALLS[name]
    words = [_text(argument) for argument in call.args[: context + one + many]]
    if None in words or len(words) < context + one + many:
        return
    given = [word for word in words if word is not None]
    english = (given[-2], given[-1]) if many else given[-1]
    yield Found(given[0] if context else None, english, file)


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _in_template(path: Path) -> Iterator[Found]:
    from django.template import TemplateSyntaxError
    from django.utils.translation.template import templatize

    file = path.relative_to(ROOT).as_posix()
    try:
        python = templatize(path.read_text(encoding="utf-8"), origin=file)
    except TemplateSyntaxError as fault:
        raise Trouble(f"{file}: {fault}") from fault
    # What is left of the template's layout is no Python layout.
    lines = "\n".join(line.strip() for line in python.splitlines()).encode()
    keywords: dict[str, Any] = dict.fromkeys(("_", "gettext"))
    keywords |= {"ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
    for _line, words, _comments, context in extract("python", io.BytesIO(lines), keywords=keywords):
        english = (words[0], words[-1]) if isinstance(words, tuple) else words
        yield Found(context, english, file)


def _declared() -> Iterator[Found]:
    """Labels of rules, names of parameters and sources: pure modules hold them as plain English."""
    from citong.kit.rule import CityDecision, Law, Parameter, Rule

    kept = ("*/rules.py", "*/rules", "*/rules/[!_]*.py", "*/parameters*", "*/parameters/[!_]*.py")
    for path in sorted({path for pattern in kept for path in (PACKAGE / "services").glob(pattern)}):
        file = path.relative_to(ROOT).as_posix()
        for value in vars(importlib.import_module(file.removesuffix(".py").replace("/", "."))).values():
            if isinstance(value, type) and issubclass(value, Rule) and value is not Rule:
                yield Found(None, value.label, file)
            elif isinstance(value, Parameter):
                yield Found(None, value.name, file)
            elif isinstance(value, Law | CityDecision):
                yield Found(None, str(value), file)


def _holidays() -> Iterator[Found]:
    """Names of days and who decided them; the calendar is pure as well."""
    from citong.kit import holidays

    for day in holidays.seed(range(2024, 2031)).values():
        yield Found(None, day.name, "citong/kit/holidays.py")
        yield Found(None, day.source, "citong/kit/holidays.py")
