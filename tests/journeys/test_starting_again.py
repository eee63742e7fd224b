"""Somebody withdraws, and starts again from what they wrote; or puts a draft back (rules 12 and 30)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.enums import Status
from applications.models import Application
from tests.factories import scenarios
from tests.factories.moments import AT
from tests.journeys.walking import arrive, follow, log_in, press

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")


def statuses() -> list[Status]:
    return [Status(each) for each in Application.objects.order_by("pk").values_list("status", flat=True)]


def withdraw(page: Page, live_server: LiveServer, reference: str) -> None:
    page.goto(f"{live_server.url}/aanvragen/{reference}/intrekken/")
    arrive(page, re.compile("intrekken"))
    page.locator("main form").get_by_role("button", name=re.compile("intrekken")).click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("ingetrokken", re.IGNORECASE))


def test_who_withdrew_starts_again_with_everything_and_twice_makes_one_draft(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    page, case = visit(), scenarios.submitted(at=AT)
    written = case.sections.order_by("spec").values_list("spec", "text")
    log_in(page, live_server, case.applicant.email)
    arrive(page, re.compile("^Welkom"))
    withdraw(page, live_server, case.reference)
    follow(page, "Begin opnieuw met deze aanvraag")
    arrive(page, f"Opnieuw beginnen met {case.reference}?")
    again = page.url
    press(page, "Ja, begin opnieuw")
    expect(page.get_by_role("main")).to_contain_text("Er is nog niets ingediend")
    draft = Application.objects.exclude(pk=case.pk).get()
    assert draft.reference in page.url
    assert list(draft.sections.order_by("spec").values_list("spec", "text")) == list(written)
    page.goto(again)
    press(page, "Ja, begin opnieuw")
    expect(page.get_by_role("main")).to_contain_text(draft.reference)
    assert statuses() == [Status.WITHDRAWN, Status.DRAFT]


def test_a_draft_that_was_withdrawn_is_put_back_as_it_was(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    page, case = visit(), scenarios.written()
    log_in(page, live_server, case.applicant.email)
    arrive(page, re.compile("^Welkom"))
    withdraw(page, live_server, case.reference)
    assert statuses() == [Status.WITHDRAWN]
    follow(page, "Zet dit concept terug")
    page.locator("main form").get_by_role("button").first.click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("concept", re.IGNORECASE))
    assert statuses() == [Status.DRAFT]
