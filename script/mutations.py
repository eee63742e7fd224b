"""Change one rule of the code at a time, in a copy of the tree, and say which changes no test notices.

    .venv/bin/python -m script.mutations                 fifty changes, spread over the rules of all apps
    .venv/bin/python -m script.mutations --count 10 reviews/domain/interests.py
    .venv/bin/python -m script.mutations --seed 7        other ones; the same seed tries the same changes

A change that survives is a test that is missing, or a line that nothing needs.
"""

import argparse
import ast
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hubportal import embedded

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", ".run", ".*_cache", ".hypothesis", "node_modules", "staticfiles", "__pycache__")
)
RULES = ("domain/*.py", "queries.py", "queries/*.py", "permissions.py")
# Made-up cases and measures.
NO_RULES = {"demo", "bench"}
# Rooms whose rules are told in the tests of the rooms that call them.
CALLED_BY = {
    "letters": ("decisions",),
    "documents": ("applications",),
    "coalitions": ("applications",),
    "organisations": ("coalitions",),
    "calls": ("applications",),
    "regions": ("website",),
}
SECONDS_PER_CHANGE = 600

OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True)
class Change:
    """One line of one module, as it is and as it is changed."""

    module: str
    line: int
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.before}  ->  {self.after}"


def changes_in(path: Path, root: Path) -> Iterator[Change]:
    """Yield every change that can be made in a module."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    # An assert tells the type checker what is known; no rule rests on it.
    told = {id(each) for node in ast.walk(tree) if isinstance(node, ast.Assert) for each in ast.walk(node)}
    for node in (each for each in ast.walk(tree) if id(each) not in told):
        for replaced, after in _changed(node):
            before = ast.get_source_segment(source, replaced)
            if before is None or before == after:
                continue
            start, end = _span(source, replaced)
            yield Change(
                path.relative_to(root).as_posix(),
                replaced.lineno,
                before.split("\n")[0],
                after,
                source[:start] + after + source[end:],
            )


def _changed(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    match node:
        case ast.Compare(left, [operator], [right]) if type(operator) in OPPOSITE:
            changed = ast.Compare(left, [OPPOSITE[type(operator)]()], [right])
            yield node, f"({ast.unparse(changed)})"
        case ast.BoolOp(operator, values):
            other = ast.And() if isinstance(operator, ast.Or) else ast.Or()
            yield node, f"({ast.unparse(ast.BoolOp(other, values))})"
        case ast.UnaryOp(ast.Not(), operand):
            yield node, f"({ast.unparse(operand)})"
        case ast.UnaryOp(ast.Invert(), operand):
            yield node, f"({ast.unparse(operand)})"
        case ast.Raise() if node.exc is not None:
            yield node, "pass"
        case ast.Expr(ast.Call(ast.Name(name))) if name.startswith(("check_", "_check_", "_close", "_open")):
            yield node, "pass"
        case ast.Call(ast.Attribute(attr="filter" | "exclude"), [], [_, *_]):
            for keyword in node.keywords:
                kept = [each for each in node.keywords if each is not keyword]
                yield node, ast.unparse(ast.Call(node.func, [], kept))


def _span(source: str, node: ast.expr | ast.stmt) -> tuple[int, int]:
    lines = source.splitlines(keepends=True)

    def offset(line: int, column: int) -> int:
        return sum(len(each) for each in lines[: line - 1]) + len(lines[line - 1].encode()[:column].decode())

    assert node.end_lineno is not None and node.end_col_offset is not None
    return offset(node.lineno, node.col_offset), offset(node.end_lineno, node.end_col_offset)


def tests_of(module: str, root: Path) -> list[str]:
    """Return the folders of tests that have to notice a change: the app's own, and who sees what."""
    parts = module.split("/")
    app = parts[1] if parts[0] == "hubportal" else parts[0]
    folders = [
        f"tests/{app}",
        *(f"tests/{each}" for each in CALLED_BY.get(app, ())),
        "tests/access/test_matrix.py",
        "tests/test_scenarios.py",
    ]
    return [each for each in folders if (root / each).exists()]


def survives(change: Change, copy: Path) -> bool:
    """Tell whether all tests pass with the change."""
    path = copy / change.module
    before = path.read_text(encoding="utf-8")
    path.write_text(change.text, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-n",
        "2",
        "--no-header",
        *tests_of(change.module, copy),
    ]
    try:
        done = subprocess.run(command, cwd=copy, capture_output=True, check=False, timeout=SECONDS_PER_CHANGE)
    except subprocess.TimeoutExpired:
        return False
    finally:
        path.write_text(before, encoding="utf-8")
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """Try some changes and print what each came to; the exit status is 1 when one survived."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("modules", nargs="*", help="modules to change; without them, all rules of all apps")
    options = parser.parse_args(arguments)
    embedded.provide()
    with tempfile.TemporaryDirectory(prefix="hubportal-mutations-") as folder:
        copy = Path(folder) / "portal"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        chosen = _chosen(copy, options.modules, options.count, options.seed)
        survived = [
            each for number, each in enumerate(chosen, start=1) if _tried(each, copy, number, len(chosen))
        ]
    print(f"mutations: {len(chosen)} tried, {len(chosen) - len(survived)} noticed, {len(survived)} survived")
    for each in survived:
        print(f"  {each}")
    return int(bool(survived))


def _chosen(copy: Path, modules: list[str], count: int, seed: int) -> list[Change]:
    """Return changes drawn by chance, no more of one module than needed."""
    paths = [copy / each for each in modules] or sorted(
        path
        for app in copy.iterdir()
        for folder in (
            [app] if app.name != "hubportal" else [each for each in app.iterdir() if each.is_dir()]
        )
        for pattern in RULES
        for path in folder.glob(pattern)
        if folder.name not in NO_RULES
    )
    draw = random.Random(seed)
    by_module = [draw.sample(found, len(found)) for path in paths if (found := list(changes_in(path, copy)))]
    draw.shuffle(by_module)
    rounds = max((len(each) for each in by_module), default=0)
    spread = [each[turn] for turn in range(rounds) for each in by_module if turn < len(each)]
    return spread[:count]


def _tried(change: Change, copy: Path, number: int, total: int) -> bool:
    survived = survives(change, copy)
    print(f"{number}/{total} {'SURVIVED' if survived else 'noticed'}  {change}", flush=True)
    return survived


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
