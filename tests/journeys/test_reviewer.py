"""A reviewer switches on the second factor, declares, scores, leaves, comes back and completes."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from hubportal.kernel import clock
from reviews.domain.assigning import assign_reviewers
from reviews.enums import ReviewStatus
from reviews.models import Assignment
from tests.factories.scenarios import after_deadline, committee, sealed
from tests.journeys.authenticator import AuthenticatorApp
from tests.journeys.walking import arrive, follow, log_in, look, press
from tests.pages import at_moment

pytestmark = pytest.mark.usefixtures("transactional_db", "second_factor")


def test_reviewer_scores_leaves_resumes_and_completes(live_server: LiveServer, page: Page) -> None:
    case = sealed()
    committee(reviewers=2)
    assert case.review_round is not None
    assign_reviewers(round_id=case.review_round.pk, at=after_deadline(case, minutes=10))
    assignment = Assignment.objects.select_related("reviewer", "application__call").earliest("pk")
    assignment.reviewer.authenticator_set.all().delete()
    assignment.reviewer.role_grants.update(granted_at=clock.now())
    with at_moment(after_deadline(case, days=7)):
        app = _switch_on_second_factor(page, live_server, assignment)
        _declare_no_interest(page, assignment)
        _begin(page, assignment)
        _leave_and_come_back(page, live_server, assignment, app)
        _complete(page, assignment)
    assignment.refresh_from_db()
    assert assignment.review.status == ReviewStatus.COMPLETE
    assert assignment.review.scores.count() == assignment.application.call.criteria.count()


def _switch_on_second_factor(page: Page, server: LiveServer, assignment: Assignment) -> AuthenticatorApp:
    log_in(page, server, assignment.reviewer.email)
    arrive(page, "De extra controle aanzetten")
    app = AuthenticatorApp(page.locator("code").inner_text())
    page.get_by_label("Code").fill(app.code())
    press(page, "Aanzetten")
    expect(page.get_by_text("De extra controle staat aan.")).to_be_visible()
    look(page)
    page.goto(f"{server.url}/beheer/")
    arrive(page, "Wat er op u wacht")
    return app


def _declare_no_interest(page: Page, assignment: Assignment) -> None:
    follow(page, "Beoordelingen om mee te beginnen")
    arrive(page, "Mijn beoordelingen")
    follow(page, assignment.application.reference)
    arrive(page, "Meld uw belangen")
    expect(page.get_by_text("Wij werken aan")).to_have_count(0)
    page.get_by_label("Nee, voor zover ik weet niet").check()
    press(page, "Melden")
    arrive(page, re.compile(assignment.application.title))
    expect(page.get_by_text("Dank u wel. De aanvraag is nu voor u open.")).to_be_visible()


def _score(page: Page, assignment: Assignment, *, of: slice) -> None:
    for criterion in list(assignment.application.call.criteria.all())[of]:
        group = page.get_by_role("group", name=f"{criterion.title} (gewicht {criterion.weight}%)")
        group.get_by_label(re.compile("^4:")).check()
        page.get_by_label(f"Reden: {criterion.title}").fill(f"Goed onderbouwd: {criterion.title}.")


def _begin(page: Page, assignment: Assignment) -> None:
    _score(page, assignment, of=slice(0, 2))
    press(page, "Controleren en afronden")
    expect(page.get_by_text("Kies een score.").first).to_be_visible()
    look(page)
    _score(page, assignment, of=slice(2, 3))
    press(page, "Opslaan en later verdergaan")
    expect(page.locator("[data-save-state]")).to_contain_text("Opgeslagen om")
    look(page)


def _leave_and_come_back(
    page: Page, server: LiveServer, assignment: Assignment, app: AuthenticatorApp
) -> None:
    press(page, "Uitloggen")
    expect(page.get_by_text("U bent uitgelogd.")).to_be_visible()
    log_in(page, server, assignment.reviewer.email)
    arrive(page, "Extra controle")
    page.get_by_label("Code").fill(app.code())
    press(page, "Inloggen")
    arrive(page, f"Welkom, {assignment.reviewer.full_name}")
    follow(page, "Beheer")
    arrive(page, "Wat er op u wacht")
    follow(page, "Beoordelingen om af te maken")
    arrive(page, "Mijn beoordelingen")
    follow(page, assignment.application.reference)
    arrive(page, re.compile(assignment.application.title))


def _complete(page: Page, assignment: Assignment) -> None:
    first, *_others = assignment.application.call.criteria.all()
    expect(page.get_by_label(f"Reden: {first.title}")).to_have_value(f"Goed onderbouwd: {first.title}.")
    _score(page, assignment, of=slice(3, None))
    press(page, "Controleren en afronden")
    arrive(page, "Controleren en afronden")
    press(page, "Beoordeling afronden")
    expect(page.get_by_text("Uw beoordeling is afgerond. Dank u wel.")).to_be_visible()
    arrive(page, re.compile(assignment.application.title))
    expect(page.get_by_role("button", name="Controleren en afronden")).to_have_count(0)
