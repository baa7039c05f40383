"""`citong docs`: the parts of the documentation that follow from the code are written, or checked."""

import re
import sys
from pathlib import Path

import click

import citong
from citong.cli.trouble import Trouble

ROOT = Path(citong.__file__).parent.parent
PART = re.compile(r"(<!-- generated: (?P<name>[a-z ]+) -->\n).*?(<!-- end of generated -->)", re.DOTALL)
Parts = dict[str, str]


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 names every page that is out of step.")
def command(check: bool) -> None:
    """Write the generated parts of the documentation: drawings of states, tables of acts, permissions, OpenAPI."""
    _settings_ready()
    stale = out_of_step()
    for path, text in stale.items():
        if not check:
            path.write_text(text, encoding="utf-8")
        click.echo(f"{path.relative_to(ROOT)}: {'is out of step: run `citong docs`' if check else 'written'}")
    if not stale:
        click.echo("All generated parts are in step.")
    sys.exit(1 if check and stale else 0)


def out_of_step() -> dict[Path, str]:
    """Each page whose generated parts differ from what the code says, with the text it should have."""
    from citong.adapters.api import openapi

    wanted = {path: _filled(path, parts) for path, parts in _pages().items()}
    wanted[ROOT / "docs/openapi.json"] = openapi.written()
    return {path: text for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text}


def _pages() -> dict[Path, Parts]:
    """Every page with generated parts, by the names of its parts."""
    from django.utils.translation import override

    from citong.cli import reference_pages, service_page
    from citong.core.cases.registry import case_types

    with override("en"):
        kinds = list(case_types().values())
        pages = {service_page.place_of(kind): service_page.parts(kind) for kind in kinds}
        references = reference_pages.all_of(kinds)
    return pages | {ROOT / "docs/reference" / f"{name}.md": parts for name, parts in references.items()}


def _filled(path: Path, parts: Parts) -> str:
    """The page's text with each part as it should be. Raises Trouble when the page has no room for one."""
    text = path.read_text("utf-8") if path.exists() else _fresh(path, parts)
    missing = set(parts) - {found["name"] for found in PART.finditer(text)}
    if missing:
        raise Trouble(
            f"{path.relative_to(ROOT)} has no place for: {', '.join(sorted(missing))}.",
            mend="put the two comment lines `generated: NAME` and `end of generated` there, as in another page.",
        )
    return PART.sub(lambda found: f"{found[1]}\n{parts.get(found['name'], '').strip()}\n\n{found[3]}", text)


def _fresh(path: Path, parts: Parts) -> str:
    """A page that is not there yet: a title and the empty parts."""
    title = path.parent.name if path.stem == "README" else path.stem
    rooms = "\n".join(
        f"\n## {name.capitalize()}\n\n<!-- generated: {name} -->\n<!-- end of generated -->" for name in parts
    )
    return f"# {title.replace('_', ' ').capitalize()}\n{rooms}\n"


def _settings_ready() -> None:
    """Django's settings without its database: declarations need none."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citong.project.settings")
    django.setup()
