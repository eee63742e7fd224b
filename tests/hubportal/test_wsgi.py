"""The web server: what it loads before its first request, and what it never does."""

import os
import subprocess
import sys

SHARING, READING, MAKING, SIGNING, TABLES = (
    {"highspy", "numpy"},
    {"pikepdf", "lxml"},
    {"weasyprint", "PIL"},
    {"pyhanko"},
    {"python_calamine", "xlsxwriter", "docx"},
)


def said_of_web_server(expression: str) -> str:
    """Return what an expression comes to in a process that loaded what gunicorn serves."""
    done = subprocess.run(
        [sys.executable, "-c", f"import gc, sys; import hubportal.wsgi; print({expression})"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_it_never_loads_what_workers_and_bounded_processes_use() -> None:
    never = SHARING | READING | MAKING | SIGNING | TABLES
    assert said_of_web_server(f"{never!r} & {{*sys.modules}}") == "set()"


def test_garbage_collection_leaves_out_what_is_loaded() -> None:
    loaded = "'applications.views.saving' in sys.modules, gc.get_freeze_count() > 100_000"
    assert said_of_web_server(loaded) == "True True"
