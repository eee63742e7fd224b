"""Configuration and guides for developers name only things that exist: editor, commits, CI, documents."""

import configparser
import re
import shlex
import subprocess
import tomllib
from typing import Any

import pytest
import yaml

from tests.architecture.sources import PORTAL, ROOT, TEMPLATES

TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CHECK = (ROOT / "script" / "check").read_text(encoding="utf-8")
ABOUT = dict(re.findall(r'^check (\w+) "([^"]+)"', CHECK, re.MULTILINE))
REPOSITORIES: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
)["repos"]
HOOKS = {hook["id"]: hook for repository in REPOSITORIES for hook in repository["hooks"]}
WORKFLOW = yaml.safe_load((ROOT / ".forgejo" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
# One small file for each hook that is given files.
EXAMPLES = {"lint": "manage.py", "layout": "manage.py", "templates": "templates/404.html"}
PAPERS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "tests" / "README.md"]


def editor_section(name: str) -> dict[str, str]:
    """Return what the editor's file says of some files."""
    parser = configparser.ConfigParser()
    # What stands before the first section has no name in this format.
    parser.read_string("[root]\n" + (ROOT / ".editorconfig").read_text(encoding="utf-8"))
    return dict(parser[name])


def test_editors_break_lines_where_the_formatters_do() -> None:
    assert int(editor_section("*.py")["max_line_length"]) == TOOLS["ruff"]["line-length"]
    assert (
        int(editor_section("*.{html,css,js,mjs,json,yml,yaml}")["indent_size"])
        == (TOOLS["djangofmt"]["indent-width"])
    )


def test_texts_end_as_editors_write_them() -> None:
    texts = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in (*TEMPLATES, *PAPERS)}
    otherwise = [name for name, text in texts.items() if b"\r" in text or (text and not text.endswith(b"\n"))]
    assert otherwise == []


def test_hooks_are_of_this_project_and_fetch_nothing() -> None:
    assert [repository["repo"] for repository in REPOSITORIES] == ["local"]
    assert {hook["language"] for hook in HOOKS.values()} == {"system"}


@pytest.mark.parametrize("name", HOOKS)
def test_hook_is_one_of_the_checks_under_the_same_words(name: str) -> None:
    hook = HOOKS[name]
    assert hook["name"] == ABOUT[name.partition("-")[0]]
    command = shlex.split(hook["entry"].removeprefix(".venv/bin/python "))
    named = [word for word in command if "/" in word or word.startswith("script.")]
    assert [
        word
        for word in named
        if not (ROOT / word).exists() and not (ROOT / f"{word.replace('.', '/')}.py").exists()
    ] == []


@pytest.mark.parametrize("name", [name for name in HOOKS if HOOKS[name].get("pass_filenames", True)])
def test_hook_runs_on_the_files_that_it_is_given(name: str) -> None:
    command = [*shlex.split(HOOKS[name]["entry"]), EXAMPLES[name.partition("-")[0]]]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_forge_runs_what_the_project_itself_runs() -> None:
    steps = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]
    assert [step["run"] for step in steps if "run" in step] == ["bash .ci/run"]
    assert (ROOT / ".ci" / "run").is_file()
    # YAML takes the word "on" for true.
    assert set(WORKFLOW[True]) == {"push", "pull_request"}


def test_forge_stops_a_run_that_hangs_but_none_that_is_slow() -> None:
    assert {15 < job["timeout-minutes"] < 90 for job in WORKFLOW["jobs"].values()} == {True}


def test_own_run_names_commands_that_exist() -> None:
    named = set(
        re.findall(r"^script/[\w-]+", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert named == {"script/bench", "script/check", "script/demo", "script/test"}
    assert {name for name in named if not (ROOT / name).is_file()} == set()


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_papers_name_commands_folders_and_pages_that_exist(path) -> None:
    text = path.read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    lost = [link for link in links if link and "://" not in link and not (path.parent / link).exists()]
    commands = set(re.findall(r"\bscript/[\w-]+(?![\w./])", text))
    named = set(re.findall(r"`((?:[a-z_.]+/)+(?:[\w.-]+\.(?:py|html|toml|md|po|json|css|yml))?)`", text))
    # Of the root, or of the rooms that apps have.
    places = [ROOT, *(ROOT / app for app in PORTAL)]
    missing = {each for each in commands | named if not any((place / each).exists() for place in places)}
    assert (lost, missing) == ([], set())


RECORDS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_record_of_a_decision_is_short_and_has_its_three_parts(path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    headings = [line for line in lines if line.startswith("## ")]
    assert (lines[0].startswith("# "), headings) == (True, ["## Context", "## Choice", "## Consequence"])
    assert len(lines) <= 25


def test_index_of_decisions_lists_each_record_once() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"\]\((\d[\w-]+\.md)\)", index)
    assert listed == [path.name for path in RECORDS]
