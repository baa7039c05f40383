"""The documentation is complete and in step with the code."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from django.apps import apps

from citong.cli.docs import ROOT, out_of_step
from citong.cli.main import main
from citong.cli.reference_pages import variables
from citong.core.cases.declare import Does, Stage
from citong.core.people.posts import Post

PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("cities/**/*.md"), *ROOT.glob("citong/**/*.md")]
)
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
PICTURES = {"home", "inbox", "case", "supervision", "phone", "escort"}  # by the browser tests; the escort by hand
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
OF_A_MACHINE = re.compile(r"(?<![\w.])/(?:work|tmp|root|Users|home/\w)[\w/]*")


def text_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def commands(name: str, command: click.Command) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield name
        return
    context = click.Context(command)
    for child in command.list_commands(context):
        found = command.get_command(context, child)
        assert found is not None
        yield from commands(f"{name} {child}", found)


def test_generated_parts_say_what_the_code_says() -> None:
    assert [named(path) for path in out_of_step()] == [], "run `citong docs`"


def test_every_command_is_documented() -> None:
    reference = text_of("docs/reference/commands.md")
    assert [name for name in commands("citong", main) if f"### {name}\n" not in reference] == []


def test_every_setting_has_a_meaning() -> None:
    reference = text_of("docs/reference/settings.md")
    assert variables()
    assert [name for name in variables() if not re.search(rf"\| `{name}` \| \w", reference)] == []


def test_every_dependency_has_its_reason_and_licence() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    extras = [name for extra in project["optional-dependencies"].values() for name in extra]
    wanted = [one for one in (*project["dependencies"], *extras) if not one.startswith("citong[")]
    front = json.loads(text_of("package.json"))
    names = [re.split(r"[\[~=<> ]", one)[0] for one in wanted] + [*front["dependencies"], *front["devDependencies"]]
    rows = re.findall(
        r"^\| (\S+) \| [^|]+ \| [^|]+ \| [^|]+ \| [^|]+ \|$", text_of("docs/dependencies.md"), re.MULTILINE
    )
    assert sorted(set(names) - set(rows)) == []


def test_every_word_of_posts_stages_effects_and_models_is_in_the_glossary() -> None:
    glossary = text_of("docs/glossary.md")
    models = [model.__name__ for model in apps.get_models() if model.__module__.startswith("citong.")]
    words = [*Post.values, *Stage.values, *Does, *models]
    assert [word for word in words if f"`{word}`" not in glossary] == []


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    index = text_of("docs/decisions/README.md")
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert [path.name for path in DECISIONS if path.name not in index] == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_date_status_context_decision_and_consequences(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.match(rf"# {path.name[:4]} \S", text)
    assert re.search(r"^- Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert re.search(r"^- Status: (accepted|superseded by \[\d{4}\])", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_link_leads_somewhere(path: Path) -> None:
    dead = [link for link in links(path) if not leads_somewhere(path, link)]
    assert dead == []


def links(path: Path) -> list[str]:
    text = FENCED.sub("", path.read_text("utf-8"))
    return [found["target"] for found in LINK.finditer(text) if not found["target"].startswith(("https:", "mailto:"))]


def leads_somewhere(path: Path, link: str) -> bool:
    name, _sign, anchor = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    if target.parent == ROOT / "docs/pictures":
        return target.stem in PICTURES
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(path: Path) -> set[str]:
    """Headings as the usual Markdown sites turn them into addresses."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_page_names_a_path_of_somebody_s_machine(path: Path) -> None:
    assert OF_A_MACHINE.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("folder", sorted((ROOT / "citong/services").glob("*/")), ids=lambda folder: folder.name)
def test_every_service_has_a_page(folder: Path) -> None:
    assert not (folder / "service.py").exists() or (folder / "README.md").exists()
