"""The files of the project, read for the rules about them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    *("regions", "organisations", "mapping", "calls", "call_questions", "coalitions", "letters"),
    *(
        "imports",
        "pictures",
        "applications",
        "reviews",
        "decisions",
        "correspondence",
        "completions",
        "takeovers",
        "retention",
        "matching",
        "people",
        "residents",
        "website",
        "demo",
    ),
)
PORTAL = ("hubportal", *APPS)
TOOLS = ("script", "bench")
NOT_OURS = {"node_modules", "__pycache__", "migrations"}

Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A Python file."""

    path: Path

    @property
    def name(self) -> str:
        """Return its path below the root."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        """Return what it says."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def lines(self) -> list[str]:
        """Return what it says, line by line."""
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """Return its syntax."""
        return ast.parse(self.text, self.name)

    def functions(self) -> Iterator[Definition]:
        """Yield every function and method."""
        for node in ast.walk(self.tree):
            if isinstance(node, Definition):
                yield node


def modules(*roots: str) -> list[Module]:
    """Return the Python files below some folders, migrations excepted."""
    return [
        Module(path)
        for root in roots
        for path in sorted((ROOT / root).rglob("*.py"))
        if not NOT_OURS & set(path.relative_to(ROOT).parts)
    ]


def imported(node: ast.AST) -> list[str]:
    """Return the dotted names that an import statement may load."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


PORTAL_MODULES = modules(*PORTAL)
ALL_MODULES = modules(*PORTAL, *TOOLS, "tests")
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
