"""Every list has one order: rows that a database may give in any order tell what was written last (rule 26)."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import PORTAL_MODULES, Module

# Of the rows that are ordered by it, no two have the same.
UNIQUE = {
    "pk",
    "map_key",
    "reference",
    "code",
    "number",
    "position",
    "key",
    "version",
    "score",
    "event_id",
    "application",
}
# Grouped by it, no list; names of regions, of which there are no two alike; a reference under a name of its own.
EXCEPTED = {
    "reviews/queries.py": {"review__status"},
    "decisions/terms.py": {"about_it"},
    "regions/queries.py": {"sort_name"},
}


def last_keys(module: Module) -> Iterator[str]:
    """Yield what decides last in each order of a module, where it is written out."""
    for function in module.functions():
        for node in ast.walk(function):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "order_by"
            ):
                last = node.args[-1] if node.args else None
                if isinstance(last, ast.Constant):
                    yield str(last.value).lstrip("-")


def test_every_order_ends_with_what_no_two_rows_share() -> None:
    shared = {
        (module.name, key)
        for module in PORTAL_MODULES
        for key in last_keys(module)
        if key.rpartition("__")[2] not in UNIQUE and key not in EXCEPTED.get(module.name, set())
    }
    assert shared == set()
