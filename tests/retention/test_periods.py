"""How long data are kept is data, and the privacy page says the same (rules 1 and 23)."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from applications.enums import UNDO_DAYS
from hubportal.kernel.errors import RuleViolation
from retention.domain.loading import COUNTED_FROM, load_periods
from retention.enums import ERASED_AT_ONCE, DataKind
from retention.models import RetentionPeriod
from retention.queries import is_destroyed_here
from tests.factories.moments import AT
from tests.factories.retention import period_of
from tests.pages import page_text
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

FOLDER = settings.BASE_DIR / "fixtures"


def test_every_kind_has_a_period_and_loading_again_changes_nothing() -> None:
    assert load_periods(FOLDER) == len(DataKind)
    RetentionPeriod.objects.filter(kind=DataKind.LINKS).update(length=7)
    assert load_periods(FOLDER) == len(DataKind)
    assert RetentionPeriod.objects.get(kind=DataKind.LINKS).length == 7
    assert set(RetentionPeriod.objects.values_list("kind", flat=True)) == set(DataKind)


def test_what_the_portal_destroys_counts_from_the_moment_that_the_data_name(tmp_path: Path) -> None:
    destroyed = {kind for kind in DataKind if is_destroyed_here(kind)}
    assert destroyed | ERASED_AT_ONCE == set(COUNTED_FROM)
    listed: list[dict[str, Any]] = json.loads((FOLDER / "retention_periods.json").read_text("utf-8"))
    listed[0]["counts_from"] = "registered"
    (tmp_path / "retention_periods.json").write_text(json.dumps(listed), "utf-8")
    with pytest.raises(RuleViolation):
        load_periods(tmp_path)


@pytest.mark.parametrize(("length", "unit"), [(UNDO_DAYS - 1, "days"), (1, "days")])
def test_a_discarded_draft_is_kept_as_long_as_it_can_be_put_back(
    tmp_path: Path, length: int, unit: str
) -> None:
    """Rule 21."""
    listed: list[dict[str, Any]] = json.loads((FOLDER / "retention_periods.json").read_text("utf-8"))
    [drafts] = [each for each in listed if each["kind"] == DataKind.DISCARDED_DRAFTS]
    drafts |= {"length": length, "unit": unit}
    (tmp_path / "retention_periods.json").write_text(json.dumps(listed), "utf-8")
    with pytest.raises(RuleViolation, match="can be put back"):
        load_periods(tmp_path)
    assert not RetentionPeriod.objects.filter(kind=DataKind.DISCARDED_DRAFTS).exists()
    with refused_by("retention_period_leaves_time_to_put_a_draft_back"):
        period_of(DataKind.DISCARDED_DRAFTS, length=length, unit=unit)
    for enough in ({"length": UNDO_DAYS}, {"length": 1, "unit": "years"}, {"length": None}):
        period_of(DataKind.DISCARDED_DRAFTS, **enough).delete()


def test_the_privacy_page_says_what_the_data_say(client: Client) -> None:
    load_periods(FOLDER)
    RetentionPeriod.objects.filter(kind=DataKind.MAIL_TEXTS).update(length=179)
    shown = page_text(client.get(reverse("website:privacy")))
    for each in RetentionPeriod.objects.all():
        assert each.get_kind_display().lower() in shown.lower()
        assert each.basis in shown
    assert "179 dagen" in shown
    assert "Het logboek: wie wat wanneer deed, met nummers en zonder inhoud blijvend" in shown
    assert "verwijdert nog niets vanzelf" not in shown


def test_a_year_is_a_year_of_the_calendar() -> None:
    period = period_of(length=2, unit="years")
    before = period.began_before(AT)
    assert before is not None
    assert (before.year, before.month, before.day) == (AT.year - 2, AT.month, AT.day)
    assert period_of(DataKind.EVENTS, length=None).began_before(AT) is None


def test_the_database_refuses_a_period_of_nothing_or_of_an_unknown_kind() -> None:
    with refused_by("retention_period_of_a_day_or_more"):
        period_of(length=0)
    with refused_by("retention_period_of_a_known_kind"):
        RetentionPeriod.objects.filter(pk=period_of(DataKind.LINKS).pk).update(kind="onbekend")
