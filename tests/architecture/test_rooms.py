"""What import-linter cannot see: parts of Django, imports inside functions, signals, time."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import PORTAL_MODULES, Module, imported

# Rooms that know rows and rules alone.
INNER = re.compile(
    r"/(domain|models|invariants|queries)/|(?<!/admin)/(queries|permissions|events|enums|invariants)\.py$|^hubportal/kernel/"
)
HTTP = re.compile(
    r"django\.(http|shortcuts|views|urls|contrib\.(messages|admin)|template\.response|middleware)\b"
)
# The only way in which allauth tells that somebody switched the second factor on.
HEARS_A_LIBRARY = {"hubportal/accounts/apps.py"}
# It saves a new address by itself, where no act of ours could keep its mailbox.
SAVED_BY_A_LIBRARY = {"hubportal/accounts/models/user.py"}
SIGNALS = re.compile(
    r"django\.dispatch\b|django\.(db\.models|core|contrib\.auth)\.signals\b|allauth\.\w+\.signals\b"
)
CLOCK = re.compile(r"\b(datetime|date)\.(now|today|utcnow)\(|\btimezone\.(now|localdate)\(|\btime\.time\(")
# Health watches machines, which live in real time; receipt of a request is where time enters.
READS_THE_TIME = {
    "hubportal/kernel/clock.py",
    "hubportal/middleware.py",
    "hubportal/tasks.py",
    "hubportal/health/views.py",
}
# The demo moves the clock, and so must know the real time beside it.
MOVES_THE_CLOCK = "demo/"
# Where an address in a letter or a mail is made: the one thing of HTTP that content may name.
ADDRESSES = {"django.urls.reverse", "django.urls"}

# What makes a read; narrowing, ordering and joining what queries.py returns is composition, and so is asking a permission.
READS = {"objects", "_default_manager", "aggregate"}
# Forms are not among them: a field of a form names the rows that it offers.
PAGE_MODULES = [
    module for module in PORTAL_MODULES if re.search(r"/(views|admin)/(?!forms\.py)", module.name)
]

INNER_MODULES = [module for module in PORTAL_MODULES if INNER.search(module.name)]


def loaded(module: Module) -> Iterator[str]:
    """Yield the dotted names that a module imports."""
    for node in ast.walk(module.tree):
        yield from imported(node)


def test_acts_reads_and_rows_know_nothing_of_http() -> None:
    found = [
        f"{module.name}: {name}"
        for module in INNER_MODULES
        for name in loaded(module)
        if HTTP.match(name) and name not in ADDRESSES
    ]
    assert found == []


def test_nothing_listens_to_signals() -> None:
    found = {module.name for module in PORTAL_MODULES for name in loaded(module) if SIGNALS.match(name)}
    assert found == HEARS_A_LIBRARY


def test_pages_compose_named_reads_and_make_none_of_their_own() -> None:
    own = [
        f"{module.name}:{node.lineno}: {node.attr}"
        for module in PAGE_MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in READS
    ]
    assert own == []


def test_rows_have_no_rules_in_save() -> None:
    found = {
        module.name
        for module in PORTAL_MODULES
        if "/models/" in module.name and any(each.name == "save" for each in module.functions())
    }
    assert found == SAVED_BY_A_LIBRARY


def test_imports_inside_functions_give_their_reason() -> None:
    def unexplained(module: Module) -> Iterator[str]:
        for function in module.functions():
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    here, above = module.lines[node.lineno - 1], module.lines[node.lineno - 2].strip()
                    if "#" not in here and not above.startswith("#"):
                        yield f"{module.name}:{node.lineno}"

    assert [line for module in PORTAL_MODULES for line in unexplained(module)] == []


def test_time_is_read_in_one_place() -> None:
    found = {module.name for module in PORTAL_MODULES if CLOCK.search(module.text)}
    assert {name for name in found - READS_THE_TIME if not name.startswith(MOVES_THE_CLOCK)} == set()
