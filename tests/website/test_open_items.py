"""What waits in a region tells that somebody asks for help, and what one began to import, to whom may know of it (rules 22, 26 and 32)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from matching.domain.helping import ask_for_help
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in
from tests.imports.spreadsheets import begun
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


def test_what_waits_tells_that_somebody_asks_for_help_and_only_ones_own_imports(client: Client) -> None:
    case = scenarios.started(partners=0)
    region = case.coalition.region
    mapper, colleague = kwartiermaker_in(region), kwartiermaker_in(region)
    ask_for_help(coalition_id=case.coalition_id, wish="", actor=case.applicant, at=AT)
    begun(region, mapper, b"Naam\nKring\n", title="buurt (fictief).csv")
    seen = {}
    for user in (mapper, colleague):
        log_in(client, user)
        for name in ("open_items", "hand_over"):
            with at_moment(AT + timedelta(minutes=5)):
                text = page_text(client.get(reverse(f"website:{name}", args=[region.slug])))
            # Who asks stands on the page of help alone.
            assert case.coalition.name not in text
            seen[user.pk, name] = ("Een coalitie vraagt om hulp" in text, "buurt (fictief).csv" in text)
    assert seen == {
        (mapper.pk, "open_items"): (True, True),
        (mapper.pk, "hand_over"): (True, True),
        (colleague.pk, "open_items"): (True, False),
        (colleague.pk, "hand_over"): (True, False),
    }
