"""``script/check`` fails on a breach of each kind, planted in a copy of the tree."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hubportal import embedded
from tests.architecture.sources import ROOT

LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", ".run", ".mypy_cache", ".hypothesis", ".pytest_cache", ".import_linter_cache"),
    *("node_modules", "staticfiles", "__pycache__"),
)


@dataclass(frozen=True)
class Breach:
    """Something that may not be: where it is planted, what is planted, and what the check says of it."""

    check: str
    path: str
    added: str
    said: str
    after: str = ""


# Of each room, a module that would look up into the room above it.
UPWARD = (
    ("hubportal.sweeps", "queries", "hubportal.office.panels"),
    ("hubportal.versions", "saving", "hubportal.office.panels"),
    ("hubportal.office", "panels", "regions.names"),
    ("regions", "queries", "organisations.streams"),
    ("organisations", "queries", "mapping.enums"),
    ("mapping", "queries", "letters.enums"),
    ("letters", "queries", "applications.enums"),
    ("website", "queries", "demo.cast"),
)
BREACHES = {
    "an upward import": Breach(
        "imports",
        "calls/domain/rounds.py",
        "\nimport decisions.models\n",
        "calls.domain.rounds -> decisions.models",
    ),
    **{
        f"an upward import out of {room}": Breach(
            "imports",
            f"{room.replace('.', '/')}/{module}.py",
            f"\nimport {higher}\n",
            f"{room}.{module} -> {higher}",
        )
        for room, module, higher in UPWARD
    },
    "an upward import inside an app": Breach(
        "imports",
        "mapping/queries.py",
        "\nimport mapping.domain.questions\n",
        "mapping.queries -> mapping.domain",
    ),
    "Celery in a domain": Breach(
        "imports",
        "applications/domain/budget.py",
        "\nimport celery\n",
        "applications.domain.budget -> celery",
    ),
    "HTTP in a domain": Breach(
        "house",
        "calls/domain/setup.py",
        "\nfrom django.http import HttpRequest\n",
        "calls/domain/setup.py: django.http",
    ),
    "a Dutch identifier": Breach(
        "house", "calls/queries.py", "\n\ndef bereken_subsidie() -> None:\n    pass\n", "bereken_subsidie"
    ),
    "a missing translation": Breach(
        "translations",
        "templates/404.html",
        '{% translate "Nobody made this Dutch" %}',
        "Nobody made this Dutch",
    ),
    "a sentence that cannot be translated": Breach(
        "house", "templates/404.html", "<p>Nobody can make this Dutch</p>", "404.html"
    ),
    "a missing migration": Breach(
        "migrations",
        "calls/models/criterion.py",
        "\n    forgotten = models.IntegerField(default=0)\n",
        "forgotten",
        after="class Criterion(models.Model):\n",
    ),
    "a stale style sheet": Breach(
        "built_files", "frontend/css/tokens.css", "\n", "frontend/css/tokens.css has changed"
    ),
    "a stale diagram": Breach(
        "diagram", "README.md", "    draft --> granted\n", "other transitions", after="stateDiagram-v2\n"
    ),
    "a template that is not closed": Breach("templates", "templates/404.html", "<div>", "404.html"),
    "a function that nothing calls": Breach(
        "unused",
        "calls/domain/rounds.py",
        "\n\ndef forgotten_rule() -> int:\n    return 3\n",
        "function forgotten_rule is used by nothing",
    ),
    "a function that is only listed": Breach(
        "unused",
        "hubportal/documents/domain/storage.py",
        '\n\n__all__ += ["listed_only"]\n\n\ndef listed_only() -> int:\n    return 3\n',
        "function listed_only is used by nothing",
    ),
    "an import that is not used": Breach("lint", "calls/queries.py", "\nimport os\n", "F401"),
    "an untidy line": Breach("layout", "calls/queries.py", "\nx=1\n", "calls/queries.py"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tree that shares the installed packages."""
    copied = tmp_path_factory.mktemp("portal with spaces") / "copy"
    shutil.copytree(ROOT, copied, ignore=LEFT_OUT)
    (copied / ".venv").symlink_to((ROOT / ".venv").resolve())
    return copied


@contextmanager
def planted(copy: Path, breaches: Iterable[Breach]) -> Iterator[None]:
    """Plant breaches, and pull them out again."""
    before: dict[Path, str] = {}
    for breach in breaches:
        path = copy / breach.path
        old = path.read_text(encoding="utf-8")
        before.setdefault(path, old)
        assert breach.after in old
        new = (
            old.replace(breach.after, breach.after + breach.added, 1) if breach.after else old + breach.added
        )
        path.write_text(new, encoding="utf-8")
    yield
    for path, old in before.items():
        path.write_text(old, encoding="utf-8")


def check(copy: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """Run some checks in the copy, with the servers that run already."""
    embedded.provide()
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "HUBPORTAL_TEST"))
    }
    return subprocess.run(
        [copy / "script" / "check", *names],
        cwd="/",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", sorted({breach.check for breach in BREACHES.values()}))
def test_check_fails_on_each_breach_of_its_kind(name: str, copy: Path) -> None:
    """Each check runs once, on all breaches of its kind: some take half a minute."""
    breaches = {kind: breach for kind, breach in BREACHES.items() if breach.check == name}
    with planted(copy, breaches.values()):
        result = check(copy, name)
    unnamed = {kind for kind, breach in breaches.items() if breach.said not in result.stdout}
    is_failed = f"check: FAILED  {name}" in result.stdout
    assert (result.returncode, is_failed, unnamed) == (1, True, set()), (
        result.stdout[-3000:] + result.stderr[-1000:]
    )


def test_check_passes_where_nothing_is_planted(copy: Path) -> None:
    result = check(
        copy,
        "imports",
        "unused",
        "migrations",
        "translations",
        "built_files",
        "diagram",
        "templates",
        "lint",
        "layout",
    )
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "check: all is well"), result.stdout[
        -3000:
    ]


def test_check_refuses_a_name_that_it_does_not_know(copy: Path) -> None:
    result = check(copy, "everything")
    assert (result.returncode, "everything is unknown" in result.stderr) == (2, True)
