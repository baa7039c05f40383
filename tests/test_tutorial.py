"""The tutorial's code, as it is printed there, makes a service that works."""

import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path

import pytest
from django.db import transaction
from django.utils.translation import override

import citong.services
from citong.cli import service_page
from citong.cli.docs import ROOT
from citong.core.cases import registry
from citong.core.cases.declare import CaseType
from tests.cast import Cast

PACKAGE = "citong.services.lost_property"
BLOCK = re.compile(r"\*\*`(?P<path>[\w/.]+)`\*\*\n\n```python\n(?P<code>.*?)```", re.DOTALL)


def written(folder: Path) -> None:
    """The tutorial's files lie in the folder, as its reader would have them."""
    for name in ("", "tests/"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "__init__.py").touch()
    for found in BLOCK.finditer((ROOT / "docs/new-service.md").read_text("utf-8")):
        path = folder / found["path"]
        path.parent.mkdir(exist_ok=True)
        path.write_text(found["code"], "utf-8")


@pytest.fixture
def lost_property(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[CaseType]]:
    """The tutorial's service, enabled for one test."""
    written(tmp_path / "lost_property")
    monkeypatch.setattr(citong.services, "__path__", [*citong.services.__path__, str(tmp_path)])
    declared: type[CaseType] = import_module(f"{PACKAGE}.service").LostProperty
    known = registry.case_types() | {declared.code: declared}
    monkeypatch.setattr(registry, "case_types", lambda: known)
    yield declared
    for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
        del sys.modules[name]


def test_the_declaration_loads_and_draws_itself(lost_property: type[CaseType]) -> None:
    with override("en"):
        parts = service_page.parts(lost_property)
    assert "kept_ --> returned_ : Give back (verifier)" in parts["drawing"]
    assert "Civil Code, 318" in parts["rules"]


@pytest.mark.django_db
def test_the_tutorial_s_own_tests_pass(lost_property: type[CaseType], cast: Cast) -> None:
    tests: list[tuple[str, Callable[[Cast], None]]] = [
        (name, test)
        for name, test in getmembers(import_module(f"{PACKAGE}.tests.test_life"), isfunction)
        if name.startswith("test_")
    ]
    assert len(tests) == 3
    for _name, test in tests:
        with transaction.atomic():
            test(cast)
            transaction.set_rollback(True)
