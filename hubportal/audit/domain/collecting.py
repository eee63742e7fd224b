"""Collecting what the ``invariants`` module of every app finds."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps

from hubportal.kernel.invariants import Violation


def invariant_modules() -> list[ModuleType]:
    """Return the ``invariants`` module of each installed app that has one."""
    names = [f"{each.name}.invariants" for each in apps.get_app_configs()]
    return [import_module(name) for name in names if find_spec(name)]


def every_violation() -> Iterator[Violation]:
    """Yield each row of the portal that breaks a rule."""
    for module in invariant_modules():
        yield from module.violations()
