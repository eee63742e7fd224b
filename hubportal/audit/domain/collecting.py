"""Collecting what every app says of itself: its invariants, and the acts that it records."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from django.apps import apps

from hubportal.audit.events import Act
from hubportal.kernel.invariants import Violation


def invariant_modules() -> list[ModuleType]:
    """Return the ``invariants`` module of each installed app that has one."""
    return modules_named("invariants")


def every_violation() -> Iterator[Violation]:
    """Yield each row of the portal that breaks a rule."""
    for module in invariant_modules():
        yield from module.violations()


@lru_cache(maxsize=1)
def declared_acts() -> Mapping[str, Act]:
    """Return every act that an app declares in its ``events`` module, by name."""
    found = [
        act for module in modules_named("events") for value in vars(module).values() for act in _acts(value)
    ]
    return {each.name: each for each in found}


def modules_named(name: str) -> list[ModuleType]:
    """Return the module of this name of each installed app that has one."""
    names = [f"{each.name}.{name}" for each in apps.get_app_configs()]
    return [import_module(each) for each in names if find_spec(each)]


def _acts(value: Any) -> Iterator[Act]:
    """Yield the acts in what a module names: one by itself, or one for each of several cases."""
    if isinstance(value, Act):
        yield value
    elif isinstance(value, Mapping):
        yield from (each for each in value.values() if isinstance(each, Act))
