"""Modules and functions stay of a size that can be read at once."""

from tests.architecture.sources import PORTAL, PORTAL_MODULES, TOOLS, Definition, Module, modules

MAX_MODULE_LENGTH, MAX_FUNCTION_LENGTH = 300, 40
MAX_TEST_MODULE_LENGTH = 500
# One list of values, in the order of Django's own documentation.
LONGER_ON_PURPOSE = {"hubportal/settings.py"}


def length(function: Definition) -> int:
    """Return the number of lines from the definition to the end."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def longer_than(limit: int, *roots: str) -> dict[str, int]:
    """Return the modules that are too long, with their length."""
    found = {module.name: len(module.lines) for module in modules(*roots)}
    return {name: lines for name, lines in found.items() if lines > limit and name not in LONGER_ON_PURPOSE}


def test_modules_have_at_most_300_lines() -> None:
    assert longer_than(MAX_MODULE_LENGTH, *PORTAL, *TOOLS) == {}


def test_modules_of_tests_have_at_most_500_lines() -> None:
    assert longer_than(MAX_TEST_MODULE_LENGTH, "tests") == {}


def test_functions_have_at_most_40_lines() -> None:
    def long(module: Module) -> list[str]:
        return [each.name for each in module.functions() if length(each) > MAX_FUNCTION_LENGTH]

    found = {module.name: long(module) for module in modules(*PORTAL, *TOOLS)}
    assert {name: functions for name, functions in found.items() if functions} == {}


def test_half_of_the_functions_have_at_most_9_lines() -> None:
    lengths = sorted(length(each) for module in PORTAL_MODULES for each in module.functions())
    assert lengths[len(lengths) // 2] <= 9
