"""``manage.py check_invariants`` tells by its exit whether a rule is broken, and names rule and row."""

from collections.abc import Iterator
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import modify_settings

from applications.enums import Status
from hubportal.audit.domain.collecting import invariant_modules
from tests.breaking import force
from tests.factories.scenarios import produced, ready

pytestmark = pytest.mark.django_db

BOROUGH = """
from hubportal.kernel.invariants import Violation


def violations():
    yield Violation(21, "borough.Borough", 7, "is too quiet")
"""


def check() -> tuple[int, str, str]:
    """Run the command and return its exit code, what it wrote, and what it complained."""
    written, complained = StringIO(), StringIO()
    try:
        call_command("check_invariants", stdout=written, stderr=complained)
    except SystemExit as end:
        return int(end.code or 0), written.getvalue(), complained.getvalue()
    return 0, written.getvalue(), complained.getvalue()


def test_a_sound_portal_is_clean() -> None:
    produced()
    assert check() == (0, "invariants: clean\n", "")


def test_an_empty_portal_is_clean() -> None:
    assert check() == (0, "invariants: clean\n", "")


def test_a_broken_rule_fails_and_names_rule_and_row() -> None:
    case = ready()
    force(case, status=Status.WITHDRAWN)
    sentence = "has a status that the event log does not know"
    assert check() == (1, f"rule 21: applications.Application {case.pk}: {sentence}\n", "1 violations\n")


@pytest.fixture
def borough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install an app that the command does not know."""
    (tmp_path / "borough").mkdir()
    (tmp_path / "borough" / "__init__.py").touch()
    (tmp_path / "borough" / "invariants.py").write_text(BOROUGH)
    monkeypatch.syspath_prepend(tmp_path)
    with modify_settings(INSTALLED_APPS={"append": "borough"}):
        yield


def test_the_module_of_a_new_app_is_collected_by_itself(borough: None) -> None:
    assert check() == (1, "rule 21: borough.Borough 7: is too quiet\n", "1 violations\n")


def test_every_app_with_rows_of_its_own_that_rules_speak_of_is_checked() -> None:
    ours = {each.name for each in apps.get_app_configs() if (Path(each.path).parent / "manage.py").exists()}
    ours |= {each.name for each in apps.get_app_configs() if each.name.startswith("hubportal.")}
    with_rows = {name for name in ours if any(apps.get_app_config(name.split(".")[-1]).get_models())}
    checked = {each.__name__.removesuffix(".invariants") for each in invariant_modules()}
    # Geography comes from files; what is postponed breaks no rule; the clock of the demo keeps itself.
    assert with_rows - checked == {"regions", "hubportal.sweeps", "demo"}
    assert all(find_spec(f"{each}.invariants") for each in checked)
