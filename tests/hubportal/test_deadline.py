"""A request ends in time: past it nothing is written, whatever its thread still does (rules 3 and 4)."""

import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from hubportal.deadline import TooLate, no_statement_after, seconds_of_transactions
from hubportal.middleware import EndInTime
from tests.architecture.sources import ROOT
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.pages import page_text

pytestmark = pytest.mark.django_db


def test_no_statement_passes_after_the_last_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule 4."""
    began = time.monotonic()
    last = began + settings.REQUEST_TIMEOUT_SECONDS - seconds_of_transactions()
    with connection.execute_wrapper(no_statement_after(began)), connection.cursor() as cursor:
        monkeypatch.setattr(time, "monotonic", lambda: last - 0.001)
        cursor.execute("select 1")
        monkeypatch.setattr(time, "monotonic", lambda: last)
        with pytest.raises(TooLate):
            cursor.execute("select 1")


def test_a_request_that_took_too_long_saves_nothing_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 2 and 4."""
    case = scenarios.written()
    log_in(client, case.applicant)
    page = reverse("applications:particulars", args=[case.reference])
    typed = {name: value or "" for name, value in client.get(page).context["form"].initial.items()}
    began, moments = time.monotonic(), []

    def slow() -> float:
        # The request begins, asks a few things, and then its thread stands still for an hour.
        moments.append(1)
        return began if len(moments) < 5 else began + 3600

    monkeypatch.setattr("hubportal.deadline.time.monotonic", slow)
    answer = client.post(page, {**typed, "title": "Te laat"})
    monkeypatch.undo()
    assert answer.status_code == 503
    assert "hebben niets bewaard van wat u net verstuurde" in page_text(answer)
    case.refresh_from_db()
    assert case.title != "Te laat"


def test_other_faults_are_not_taken_for_slowness() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        raise ValueError

    assert EndInTime(view).process_exception(RequestFactory().get("/"), ValueError()) is None


def test_the_web_server_lets_the_database_end_its_long_transactions() -> None:
    """Rule 4: what a statement began in time is not committed late either."""
    script = (
        "import hubportal.wsgi\n"
        "from django.db import connection\n"
        "print(connection.settings_dict['OPTIONS']['options'])\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    milliseconds = round(seconds_of_transactions() * 1000)
    assert told.stdout.strip().endswith(f"-c transaction_timeout={milliseconds}")
    assert 0 < seconds_of_transactions() < settings.REQUEST_TIMEOUT_SECONDS


@pytest.mark.django_db(transaction=True)
def test_the_database_ends_a_transaction_that_stays_open() -> None:
    """Rule 4."""
    other = connections.create_connection("default")
    other.settings_dict = {
        **connection.settings_dict,
        "OPTIONS": {**connection.settings_dict["OPTIONS"], "options": "-c transaction_timeout=200"},
    }
    try:
        with other.cursor() as cursor:
            cursor.execute("begin")
            with pytest.raises(DatabaseError, match="transaction timeout"):
                cursor.execute("select pg_sleep(5)")
    finally:
        other.close()
