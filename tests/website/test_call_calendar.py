"""The deadlines of a call as one public calendar file (RFC 5545)."""

import pytest
from django.urls import reverse
from icalendar import Calendar

from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db


def test_a_call_gives_its_deadlines_as_one_file(client, django_assert_num_queries) -> None:
    call = CallFactory.create(
        title="Een oproep; met, leestekens en een titel die langer is dan een regel mag zijn"
    )
    address = reverse("website:call_calendar", args=[call.slug])
    assert address in client.get(reverse("website:call", args=[call.slug])).content.decode()
    with django_assert_num_queries(2):
        content = client.get(address).content
    found = Calendar.from_ical(content)
    deadlines = {f"{call.slug}-{each.number}@localhost": each.deadline_at for each in call.rounds.all()}
    assert {str(each["UID"]): each["DTSTART"].dt for each in found.walk("VEVENT")} == deadlines
    assert len(deadlines) == 5
    assert found.walk("VEVENT")[0]["SUMMARY"] == f"Deadline ronde 1: {call.title}"
    lines = content.split(b"\r\n")
    assert [each for each in lines if b"\n" in each or len(each) > 75] == []
    assert b"Een oproep\\; met\\, leestekens" in content


def test_a_call_that_is_not_there_has_no_file(client) -> None:
    assert client.get(reverse("website:call_calendar", args=["geen"])).status_code == 404
