"""The services of this installation, found by name. The only place with string imports."""

from functools import cache
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from citong.core.cases.declare import CaseType


@cache
def case_types() -> dict[str, type[CaseType]]:
    """Code to declaration of every enabled service, in the order of the list of services.

    A service without a module `service` has no cases.
    """
    types: dict[str, type[CaseType]] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("citong.services.") and module_has_submodule(config.module, "service"):
            module = import_module(f"{config.name}.service")
            types |= {t.code: t for t in vars(module).values() if _declared_in(t, module.__name__)}
    return types


def case_type(code: str) -> type[CaseType]:
    """The declaration of one service; KeyError names a service that is not enabled."""
    return case_types()[code]


def _declared_in(value: object, module: str) -> bool:
    return isinstance(value, type) and issubclass(value, CaseType) and value.__module__ == module
