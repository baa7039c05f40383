"""What phones may send and hold in this installation: the core's own, and what each service declares in phone.py."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps

from citong.core.sync.declare import Holding, Kind

OWN = "citong.core.sync.phone"


@cache
def kinds() -> dict[str, Kind]:
    """Code to kind of operation."""
    return {kind.code: kind for module in _modules() for kind in module.KINDS}


@cache
def holdings() -> dict[str, Holding]:
    """`what` to holding, in the order in which a first load tells them."""
    return {holding.what: holding for module in _modules() for holding in module.HOLDINGS}


def _modules() -> Iterator[ModuleType]:
    yield import_module(OWN)
    for config in apps.get_app_configs():
        name = f"{config.name}.phone"
        if config.name.startswith("citong.services.") and find_spec(name):
            yield import_module(name)
