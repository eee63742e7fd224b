"""An act is one durable transaction: what it did is done, or nothing of it is."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import PORTAL_MODULES, Definition, Module

DURABLE = "transaction.atomic(durable=True)"
# Where the database is expected to refuse what somebody else did first; a savepoint keeps the act alive.
SAVEPOINTS = {
    "hubportal/accounts/signup_form.py",
    "mapping/domain/numbers.py",
    "mapping/domain/rows.py",
    "mapping/domain/unmerging.py",
}


def transactions(function: Definition) -> Iterator[str]:
    """Yield how a function is decorated with a transaction."""
    for each in function.decorator_list:
        text = ast.unparse(each)
        if "atomic" in text:
            yield text


def acts(module: Module) -> list[Definition]:
    """Return the functions that are a transaction of their own."""
    return [each for each in module.functions() if list(transactions(each))]


ACTS = {each.name for module in PORTAL_MODULES for each in acts(module)}


def called(function: Definition) -> Iterator[str]:
    """Yield the names of the functions that a function calls."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr


def test_every_act_is_durable() -> None:
    found = {
        f"{module.name}: {each.name}": list(transactions(each))
        for module in PORTAL_MODULES
        for each in acts(module)
    }
    assert len(found) > 40
    assert {name: ways for name, ways in found.items() if ways != [DURABLE]} == {}


def test_acts_stand_in_the_domain() -> None:
    outside = [module.name for module in PORTAL_MODULES if acts(module) and "/domain/" not in module.name]
    assert outside == []


def test_no_act_calls_another() -> None:
    nested = [
        f"{module.name}: {each.name} calls {name}"
        for module in PORTAL_MODULES
        for each in acts(module)
        for name in called(each)
        if name in ACTS
    ]
    assert nested == []


def test_nothing_else_opens_a_transaction() -> None:
    found = {
        module.name
        for module in PORTAL_MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.With) and any("atomic" in ast.unparse(each) for each in node.items)
    }
    assert found == SAVEPOINTS
