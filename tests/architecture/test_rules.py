"""The rules of the portal stand in docs/rules.md: each with what keeps it, none cited that is not there."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import CheckConstraint, UniqueConstraint
from django.db.models.constraints import BaseConstraint

from tests.architecture.sources import PORTAL, PORTAL_MODULES, ROOT, Module

PAPER = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^## Rule (\d+): (.+)\n((?:(?!## ).*\n)*)", re.MULTILINE)
ITEM = re.compile(r"^- (State|Code|Database|Invariant|Tests): ((?:.+\n)(?:  .+\n)*)", re.MULTILINE)
STATE = re.compile(r"kept|kept in part: .+|not kept yet")
# A file, and the names in it that stand behind it in brackets.
NAMED_FILE = re.compile(r"`([\w/.]+\.\w+)`(?:\s\(([^)]+)\))?")
NAME = re.compile(r"`([\w.]+)`")
# "rule 8", "rules 8 and 9", "rules 2 to 11, 13 and 24".
CITATION = re.compile(
    r"\brules?[\s#]+(\d+(?:(?:,\s*(?:and\s+)?|\s+and\s+|\s+to\s+)\d+)*)\b(?!\.\d)", re.IGNORECASE
)
SPAN = re.compile(r"(\d+)(?:\s+to\s+(\d+))?")
TRIGGER = re.compile(r"\bCREATE (?:CONSTRAINT )?TRIGGER (\w+)")
PAPER_NAME = re.compile(r"[\w./-]+\.md\b")
# What documents outside the project are called; this file is not searched for them.
OUTSIDE = re.compile(
    r"\b(?:PRODUCT|ARCHITECTURE|PERFORMANCE|LAW)(?:\.md| \d)|\b[Tt]he issue\b(?! of)|\b[Ii]ssue (?:part )?#?\d|\bissue part\b"
)
SUFFIXES = {".py", ".html", ".md", ".js", ".mjs", ".css", ".txt", ".sh", ".toml", ".yml", ".yaml", ""}
NOT_OURS = {"node_modules", "staticfiles", "__pycache__", "LICENSE"}
# An example of how a record of decisions is named, and the licence of a package.
NOT_PAPERS = {"0099-name-of-the-choice.md", "LICENSE.md"}
# The hidden files and folders that are the project's own.
HIDDEN = {".ci", ".forgejo", ".editorconfig", ".pre-commit-config.yaml"}


@dataclass(frozen=True)
class Rule:
    """A section of the list."""

    number: int
    items: Mapping[str, str]

    @property
    def is_kept(self) -> bool:
        return self.items["State"].startswith("kept")

    @property
    def files(self) -> list[tuple[str, list[str]]]:
        return [(path, NAME.findall(names)) for path, names in NAMED_FILE.findall(self.items["Code"])]

    @property
    def database(self) -> set[str]:
        return set(NAME.findall(self.items["Database"]))

    @property
    def verified_by(self) -> set[str]:
        return {path for path, _names in NAMED_FILE.findall(self.items["Invariant"])}

    @property
    def tests(self) -> list[str]:
        return [path for path, _names in NAMED_FILE.findall(self.items["Tests"])]


def rules() -> list[Rule]:
    """Return the sections of the list, in its order."""
    return [
        Rule(int(number), {name: " ".join(words.split()) for name, words in ITEM.findall(body)})
        for number, _name, body in SECTION.findall(PAPER)
    ]


RULES = rules()
NUMBERS = {rule.number for rule in RULES}
by_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.number))


def numbers_in(text: str) -> set[int]:
    """Return the rules that a text cites by their numbers."""
    spans = [span for cited in CITATION.findall(text) for span in SPAN.findall(cited)]
    return {number for first, last in spans for number in range(int(first), int(last or first) + 1)}


@cache
def texts() -> dict[str, str]:
    """Return every text that people of the project wrote, by its path."""
    tops = [path for path in sorted(ROOT.iterdir()) if path.name[0] != "." or path.name in HIDDEN]
    paths = [each for top in tops for each in (sorted(top.rglob("*")) if top.is_dir() else [top])]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in paths
        if path.is_file()
        and path.suffix in SUFFIXES
        and not NOT_OURS & set(path.parts)
        and path != Path(__file__)
    }


def names_in(tree: ast.Module) -> set[str]:
    """Return the functions, classes and values that a module defines."""
    values = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    targets = [each for node in values for each in getattr(node, "targets", [getattr(node, "target", None)])]
    defined = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return {node.name for node in defined} | {each.id for each in targets if isinstance(each, ast.Name)}


@cache
def kept_by_constraints() -> set[str]:
    """Return every constraint of the database by its name, and each unique field as ``Model.field``."""
    models = [model for model in apps.get_models() if model.__module__.split(".")[0] in PORTAL]
    constraints: list[BaseConstraint] = [each for model in models for each in model._meta.constraints]
    assert {type(each) for each in constraints} >= {CheckConstraint, UniqueConstraint}
    fields = {
        f"{model.__name__}.{each.name}"
        for model in models
        for each in model._meta.local_fields
        if each.unique
    }
    return {each.name for each in constraints} | fields


@cache
def kept_by_triggers() -> set[str]:
    """Return every trigger that a migration writes into the database."""
    paths = [path for root in PORTAL for path in sorted((ROOT / root).rglob("migrations/0*.py"))]
    migrations = [
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)).Migration for path in paths
    ]
    return {
        name
        for migration in migrations
        for operation in migration.operations
        for name in TRIGGER.findall(str(getattr(operation, "sql", "")))
    }


INVARIANTS = [
    module
    for module in PORTAL_MODULES
    if re.search(r"/invariants(\.py|/)", module.name) and "kernel" not in module.name
]


def constraints_verified(module: Module) -> Iterator[tuple[str, int]]:
    """Yield each constraint that a module of invariants reads back, with its rule."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_CONSTRAINTS":
            yield from ast.literal_eval(node.value).items()


def numbers_verified(module: Module) -> set[int]:
    """Return the rules that a module of invariants verifies."""
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    told = {
        node.args[0].value
        for node in calls
        if ast.unparse(node.func) in {"Violation", "each_breaks"} and isinstance(node.args[0], ast.Constant)
    }
    return {*told, *(number for _name, number in constraints_verified(module))}


def test_rules_are_numbered_without_a_gap_and_say_everything_of_themselves() -> None:
    assert [rule.number for rule in RULES] == list(range(1, len(RULES) + 1))
    assert len(RULES) >= 36
    parts = ["State", "Code", "Database", "Invariant", "Tests"]
    assert [rule.number for rule in RULES if list(rule.items) != parts] == []
    assert [rule.number for rule in RULES if not STATE.fullmatch(rule.items["State"])] == []


def test_every_rule_that_is_cited_exists() -> None:
    cited = {(path, number) for path, text in texts().items() for number in numbers_in(text)}
    verified = {(module.name, number) for module in INVARIANTS for number in numbers_verified(module)}
    assert len(cited) > 200
    assert sorted(each for each in cited | verified if each[1] not in NUMBERS) == []


@by_rule
def test_what_code_keeps_it_exists(rule: Rule) -> None:
    absent = [path for path, _names in rule.files if not (ROOT / path).is_file()]
    assert absent == []
    unknown = [
        (path, name)
        for path, names in rule.files
        for name in set(names) - (names_in(ast.parse((ROOT / path).read_text())) if names else set())
    ]
    assert unknown == []
    assert bool(rule.files) == rule.is_kept


@by_rule
def test_what_the_database_keeps_exists(rule: Rule) -> None:
    assert sorted(rule.database - kept_by_constraints() - kept_by_triggers()) == []


def test_every_trigger_keeps_a_rule() -> None:
    named = {name for rule in RULES for name in rule.database}
    assert sorted(kept_by_triggers() - named) == []


@by_rule
def test_constraints_that_invariants_read_back_stand_under_their_rule(rule: Rule) -> None:
    read_back = {
        name
        for module in INVARIANTS
        for name, number in constraints_verified(module)
        if number == rule.number
    }
    assert sorted(read_back - rule.database) == []


@by_rule
def test_invariants_are_those_that_verify_it(rule: Rule) -> None:
    verifying = {module.name for module in INVARIANTS if rule.number in numbers_verified(module)}
    assert rule.verified_by == verifying


@by_rule
def test_what_is_kept_has_tests_that_name_it(rule: Rule) -> None:
    assert bool(rule.tests) == rule.is_kept
    silent = [path for path in rule.tests if rule.number not in numbers_in(texts().get(path, ""))]
    assert silent == []


def test_no_document_outside_the_project_is_cited() -> None:
    papers = {Path(each).name for each in texts() if each.endswith(".md")} | NOT_PAPERS
    cited = {
        (path, name)
        for path, text in texts().items()
        for name in [*OUTSIDE.findall(text), *PAPER_NAME.findall(text)]
        if Path(name).name not in papers
    }
    assert sorted(cited) == []
