"""The page with the event log says what was done in words (rules 21 and 26)."""

import re

import pytest
from django.urls import reverse

from calls.enums import Outcome
from hubportal.accounts.enums import Role
from hubportal.audit.domain.events import record
from hubportal.kernel.languages import in_language
from mapping.events import ORGANISATION_CHANGED, ORGANISATION_PUBLISHED
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory
from tests.factories.scenarios import produced, several_submitted

pytestmark = pytest.mark.django_db


def test_the_log_and_its_choice_of_an_act_speak_in_words(client) -> None:
    record(ORGANISATION_PUBLISHED, subject=OrganisationFactory.create(), actor=None, at=AT)
    log_in(client, person(Role.ADMINISTRATOR))
    address = in_language(reverse("admin:events"), "en")
    for shown in (client.get(address), client.get(address, {"handeling": ORGANISATION_PUBLISHED.name})):
        words = re.sub(r"<[^>]*>", "", shown.content.decode())
        assert "organisation made public" in words
        assert "organisation_published" not in words
    assert shown.context["unlinked"] == 1


def test_log_says_that_a_decision_was_written_and_not_which(client) -> None:
    """Rule 26."""
    granted, rejected = several_submitted(2)
    produced(granted)
    produced(rejected, outcome=Outcome.REJECTED)
    log_in(client, person(Role.ADMINISTRATOR))
    address = reverse("admin:events")
    shown = client.get(address, {"handeling": "applications.decided"})
    assert [row["event"].subject_id for row in shown.context["rows"]] == [rejected.pk, granted.pk]
    assert {(row["name"], str(row["act"]), str(row["facts"])) for row in shown.context["rows"]} == {
        ("applications.decided", "besluit op de aanvraag geschreven", "{}")
    }
    for page in (shown, client.get(address)):
        for told in ("applications.granted", "applications.rejected", "toegekend", "afgewezen"):
            assert told not in page.content.decode()
    for name in ("applications.granted", "applications.rejected"):
        assert client.get(address, {"handeling": name}).context["rows"] == []


def test_the_log_of_one_act_holds_no_other(client) -> None:
    organisation = OrganisationFactory.create()
    for act in (ORGANISATION_PUBLISHED, ORGANISATION_CHANGED):
        record(act, subject=organisation, actor=None, at=AT)
    log_in(client, person(Role.ADMINISTRATOR))
    shown = client.get(reverse("admin:events"), {"handeling": ORGANISATION_PUBLISHED.name})
    assert [row["event"].act for row in shown.context["rows"]] == [ORGANISATION_PUBLISHED.name]
