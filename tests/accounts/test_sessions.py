"""A session lasts while one works, half a day after it, and never longer than a day (WCAG 2.2.1)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hubportal.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory, log_in
from tests.pages import page_text

pytestmark = pytest.mark.django_db

PAGE = "account_session"


@pytest.fixture
def at() -> Iterator[time_machine.Traveller]:
    """Let time pass as the test says."""
    with time_machine.travel(datetime(2024, 5, 1, 9, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def works(client: Client) -> bool:
    """Open a page, and tell whether somebody is still logged in."""
    return client.get("/account/email/").status_code == 200


def left(client: Client) -> int | None:
    """Return the seconds that the session lasts, if there is one."""
    answer = client.get(reverse(PAGE), headers={"accept": "application/json"})
    return answer.json()["seconds"] if answer.status_code == 200 else None


@pytest.fixture
def somebody(client: Client, at: time_machine.Traveller) -> User:
    """Return somebody who logged in just now."""
    user = UserFactory.create()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return user


@pytest.mark.usefixtures("somebody")
class TestSession:
    def test_it_ends_half_a_day_after_the_last_work(self, client: Client, at: time_machine.Traveller) -> None:
        at.shift(timedelta(hours=11, minutes=59))
        assert left(client) == 60
        at.shift(timedelta(minutes=1))
        assert left(client) is None
        assert not works(client)
        # What belonged to it is gone, and nobody is in it any more.
        assert Session.objects.filter(session_key=client.session.session_key).count() == 0

    def test_it_lasts_while_one_works_and_never_longer_than_a_day(
        self, client: Client, at: time_machine.Traveller
    ) -> None:
        found = []
        for _hour in range(26):
            at.shift(timedelta(hours=1))
            found.append(works(client))
        assert found == [True] * 23 + [False] * 3

    def test_a_page_that_only_asks_how_long_it_lasts_does_not_prolong_it(
        self, client: Client, at: time_machine.Traveller
    ) -> None:
        at.shift(timedelta(hours=11))
        assert [left(client), left(client)] == [3600, 3600]
        # Who says so does.
        prolonged = client.post(reverse(PAGE), headers={"accept": "application/json"})
        assert (prolonged.json(), left(client)) == ({"seconds": 12 * 3600}, 12 * 3600)

    def test_a_page_writes_no_session_but_in_the_second_half(
        self, client: Client, at: time_machine.Traveller
    ) -> None:
        written = []
        for hours in (0, 5, 2, 0):
            at.shift(timedelta(hours=hours))
            with CaptureQueriesContext(connection) as statements:
                client.get("/account/email/")
            written.append(sum("UPDATE" in each["sql"] for each in statements))
        assert written == [0, 0, 1, 0]

    def test_what_is_sent_after_the_end_is_kept(self, client: Client, at: time_machine.Traveller) -> None:
        at.shift(timedelta(hours=12))
        kept = client.post(reverse("organisations:claim"), {"name": "Raad Zuid"})
        assert kept.status_code == 403
        assert "Raad Zuid" in page_text(kept)
        # What scripts kept on the device stays there, for who logs in again.
        assert not kept.has_header("Clear-Site-Data")

    def test_the_page_knows_in_whole_hours_when_to_ask(
        self, client: Client, at: time_machine.Traveller
    ) -> None:
        assert 'data-hours="12"' in client.get("/help/").content.decode()
        at.shift(timedelta(hours=5, minutes=1))
        assert 'data-hours="6"' in client.get("/help/").content.decode()


def test_a_visitor_is_asked_nothing(client: Client) -> None:
    assert b"data-session" not in client.get("/help/").content
    assert left(client) is None


@pytest.mark.parametrize("by_password", [True, False])
def test_closing_the_browser_logs_out_however_one_logged_in(client: Client, by_password: bool) -> None:
    user = UserFactory.create()
    if by_password:
        client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    else:
        log_in(client, user)
        client.post(reverse(PAGE))
    assert client.cookies["sessionid"]["max-age"] == ""
