"""Who else is in a section shows to who writes there, for a short while and without a query (rules 12 and 22)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from applications.views.presence import STAYS
from organisations.models import Representative
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db
KEY = "opgave"


@pytest.fixture
def case() -> "scenarios.Case":
    cache.clear()
    return scenarios.started(partners=1)


@pytest.fixture
def colleague(case: "scenarios.Case") -> Any:
    return speaker_for(case.lead, full_name="Cor Collega (fictief)")


def writer(user: Any) -> Client:
    return log_in(Client(), user)


def opened(client: Client, case: "scenarios.Case", key: str = KEY) -> str:
    return page_text(client.get(reverse("applications:section", args=[case.reference, key])))


def typed(client: Client, case: "scenarios.Case", text: str, seen: int) -> Any:
    address = reverse("applications:section", args=[case.reference, KEY])
    data = {"text": text, "seen_version": seen}
    return client.post(address, data, headers={"Accept": "application/json"})


def test_who_opens_a_section_reads_who_else_is_there_and_not_of_another_section(
    case: "scenarios.Case", colleague: Any
) -> None:
    first, second = writer(case.applicant), writer(colleague)
    with at_moment(AT):
        assert "Ook nu in dit onderdeel" not in opened(first, case)
        assert f"Ook nu in dit onderdeel: {case.applicant.full_name}." in opened(second, case)
        assert "Ook nu in dit onderdeel" not in opened(second, case, "regio")
        # Nobody is told of oneself.
        assert "Ook nu in dit onderdeel: Cor Collega (fictief)." in opened(first, case)


def test_an_autosave_notes_and_tells_it_also_beside_a_newer_version(
    case: "scenarios.Case", colleague: Any
) -> None:
    first, second = writer(case.applicant), writer(colleague)
    with at_moment(AT):
        assert typed(first, case, "Een", 0).json()["others"] == ""
        refused = typed(second, case, "Twee", 0)
        assert (refused.status_code, refused.json()["others"]) == (
            409,
            f"Ook nu in dit onderdeel: {case.applicant.full_name}.",
        )


def test_who_is_quiet_for_a_while_is_named_no_more(case: "scenarios.Case", colleague: Any) -> None:
    first, second = writer(case.applicant), writer(colleague)
    with at_moment(AT):
        opened(first, case)
    with at_moment(AT + STAYS + timedelta(seconds=1)):
        assert "Ook nu in dit onderdeel" not in opened(second, case)


def test_who_may_not_read_the_draft_is_neither_told_nor_named(case: "scenarios.Case") -> None:
    """Rule 22."""
    first = writer(case.applicant)
    with at_moment(AT):
        opened(first, case)
        for stranger in (
            person(full_name="Vera Vreemd (fictief)"),
            speaker_for(case.partners[0].organisation),
        ):
            client = writer(stranger)
            assert typed(client, case, "Van buiten", 0).status_code == 404
            page = client.get(reverse("applications:section", args=[case.reference, KEY]))
            assert (page.status_code, case.applicant.full_name in page.content.decode()) == (404, False)
        assert "Ook nu in dit onderdeel" not in opened(first, case)


def test_who_only_says_to_represent_the_lead_is_not_told_who_does(
    case: "scenarios.Case", colleague: Any
) -> None:
    """Rules 26 and 27: a stranger would learn by it that somebody represents the organisation, and who."""
    Representative.objects.filter(user=case.applicant).update(proof="", proved_by=None, proved_at=None)
    first, second = writer(case.applicant), writer(colleague)
    with at_moment(AT):
        opened(first, case)
        assert f"Ook nu in dit onderdeel: {case.applicant.full_name}." in opened(second, case)
        assert "Ook nu in dit onderdeel" not in opened(first, case)
        assert typed(first, case, "Een", 0).json()["others"] == ""
