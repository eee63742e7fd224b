"""The pages on which an officer asks to complete an application, and where it is read (rules 14, 26, 30 and 42)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from completions.models import CompletionFile, CompletionRequest
from hubportal.accounts.enums import Role
from organisations.models import Representative
from reviews.domain.reviewing import save_review
from tests.factories.accounts import log_in, person
from tests.factories.completing import (
    ANSWERED_AT,
    ANSWERS,
    ASKED_AT,
    DAYS,
    EXPLANATION,
    LAST_DAY,
    POINTS,
    asked,
    completed,
    drafted,
    open_to_officer,
    sent,
    still_until,
    waiting,
    with_file,
    written,
)
from tests.factories.scenarios import (
    after_deadline,
    assigned,
    committee,
    judged,
    judgements,
    open_to,
    several_submitted,
)
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

LIST = reverse("admin:completions")


def page_of(case: Any, *which: Any, name: str = "completion") -> str:
    return reverse(f"admin:{name}", args=[case.reference, *which])


def typed(seen: int = 0, **values: Any) -> dict[str, Any]:
    points = {
        key: value
        for number, (about, question) in enumerate(POINTS, start=1)
        for key, value in ((f"about_{number}", about), (f"question_{number}", question))
    }
    return {
        "seen_version": seen,
        "explanation": EXPLANATION,
        "last_day": LAST_DAY.isoformat(),
        **points,
        **values,
    }


def test_an_officer_writes_checks_and_asks(client: Client) -> None:
    case = open_to_officer()
    log_in(client, committee().officer)
    with at_moment(ASKED_AT):
        application = client.get(reverse("admin:application", args=[case.reference]))
        assert page_of(case) in application.content.decode()
        assert client.get(page_of(case)).status_code == 200
        saved = client.post(page_of(case), {**typed(), "save": "1"}, follow=True)
        assert "Opgeslagen als concept. Er is nog niets gevraagd." in page_text(saved)
        checked = client.post(page_of(case), {**typed(1), "check": "1"}, follow=True)
        assert checked.redirect_chain == [(page_of(case, name="ask_to_complete"), 302)]
        shown = page_text(checked)
        assert [EXPLANATION in shown, POINTS[0][1] in shown] == [True, True]
        assert CompletionRequest.objects.get().asked_at is None
        done = client.post(page_of(case, name="ask_to_complete"), {"seen": "1"}, follow=True)
        assert "De vraag is gesteld." in page_text(done)
        assert "<textarea" not in done.content.decode()
        twice = client.get(page_of(case, name="ask_to_complete"))
        assert (twice.status_code, twice["Location"]) == (302, page_of(case))
    case.refresh_from_db()
    assert (case.awaits_completion_until, case.suspended_days) == (LAST_DAY, still_until(case, LAST_DAY))


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(client: Client) -> None:
    """Rule 32."""
    case = open_to_officer()
    log_in(client, committee().officer)
    with at_moment(ASKED_AT):
        early = client.post(
            page_of(case),
            {**typed(last_day=(LAST_DAY - timedelta(days=DAYS - 1)).isoformat()), "check": "1"},
        )
        assert (early.status_code, "Kies een laatste dag van" in page_text(early)) == (422, True)
        assert POINTS[0][1] in page_text(early)
        # What was typed is saved all the same.
        assert CompletionRequest.objects.get().version == 1
        asking = client.get(page_of(case, name="ask_to_complete"))
        assert "Kies een laatste dag van" in page_text(asking)
        assert 'name="seen"' not in asking.content.decode()
        odd = client.post(page_of(case), typed(1, last_day="morgen", about_1="nergens"))
        assert (odd.status_code, POINTS[0][1] in page_text(odd)) == (422, True)
        stale = client.post(page_of(case, name="ask_to_complete"), {"seen": "x" * 70})
        assert stale.status_code == 422


def test_what_a_colleague_asked_meanwhile_keeps_what_was_typed(client: Client) -> None:
    """Rule 32."""
    case = waiting()
    log_in(client, committee().officer)
    late = client.post(page_of(case), typed(1, explanation="Mijn eigen uitleg."))
    assert late.status_code in {409, 422}
    assert "Mijn eigen uitleg." in page_text(late)


def test_a_draft_of_what_somebody_judged_says_so(client: Client) -> None:
    case = assigned()
    at = after_deadline(case, days=1)
    open_to(case, committee().officer, at=at)
    judged(case.assignments.order_by("pk")[0], at=at)
    log_in(client, committee().officer)
    shown = client.get(page_of(case))
    assert "al beoordeeld" in page_text(shown)
    assert "<textarea" not in shown.content.decode()
    typed_late = client.post(page_of(case), typed())
    assert (typed_late.status_code, EXPLANATION in page_text(typed_late)) == (422, True)


def test_a_reviewer_reads_it_beside_the_application_once_it_was_sent(client: Client) -> None:
    """Rules 14 and 42."""
    case = assigned()
    at = after_deadline(case, days=1)
    open_to(case, committee().officer, at=at)
    asked(case, at=at, last_day=at.date() + timedelta(days=DAYS))
    written(case, at=at)
    file = with_file(case, at=at)
    reviewer = case.assignments.order_by("pk")[0].reviewer
    log_in(client, reviewer)
    review, download = (
        reverse("admin:review", args=[case.reference]),
        page_of(case, 1, file.sha256, name="completion_file"),
    )
    before = page_text(client.get(review))
    assert ["Beoordeel de aanvraag daarna" in before, POINTS[0][1] in before, ANSWERS[1] in before] == [
        True,
        True,
        False,
    ]
    assert client.get(download).status_code == 404
    sent(case, at=at)
    after = page_text(client.get(review))
    assert ["Beoordeel de aanvraag daarna" in after, ANSWERS[1] in after] == [False, True]
    assert client.get(download).status_code == 200
    log_in(client, person(Role.REVIEWER))
    assert client.get(download).status_code == 404


def test_nobody_hands_in_a_review_without_having_seen_what_came(client: Client) -> None:
    """Rule 42: the page to hand it in shows what came, and one from before hands nothing in."""
    case = assigned()
    at = after_deadline(case, days=1)
    open_to(case, committee().officer, at=at)
    assignment = case.assignments.order_by("pk")[0]
    save_review(
        assignment_id=assignment.pk,
        judgements=judgements(case),
        remark="",
        seen_version=0,
        actor=assignment.reviewer,
        at=at,
    )
    log_in(client, assignment.reviewer)
    check = reverse("admin:check_review", args=[case.reference])
    before = client.get(check).context
    asked(case, at=at, last_day=at.date() + timedelta(days=DAYS))
    written(case, at=at)
    sent(case, at=at)
    stale = client.post(check, {"seen": "1", "completion": before["seen_completion"]}, follow=True)
    assignment.refresh_from_db()
    assert ("is er niets vastgelegd" in page_text(stale), assignment.completed_at) == (True, None)
    shown = client.get(check)
    assert ANSWERS[1] in page_text(shown)
    client.post(check, {"seen": "1", "completion": shown.context["seen_completion"]})
    assignment.refresh_from_db()
    assert assignment.completed_at is not None


def test_the_office_reads_what_came_and_not_what_is_still_written(client: Client) -> None:
    case = waiting()
    written(case)
    log_in(client, committee().officer)
    assert ANSWERS[1] not in page_text(client.get(page_of(case)))
    sent(case)
    assert ANSWERS[1] in page_text(client.get(page_of(case)))


def test_the_office_is_told_where_nobody_can_answer_any_more(client: Client) -> None:
    case = waiting()
    log_in(client, committee().officer)
    assert "kan niemand antwoorden" not in page_text(client.get(page_of(case)))
    Representative.objects.filter(organisation=case.coalition.lead_organisation).update(
        ended_at=ASKED_AT, ended_by=committee().officer
    )
    assert "kan niemand antwoorden" in page_text(client.get(page_of(case)))


def test_an_officer_with_nothing_declared_knows_of_nothing(client: Client) -> None:
    """Rules 14 and 26."""
    case = waiting()
    log_in(client, person(Role.OFFICER))
    assert [
        client.get(page_of(case, name=name)).status_code for name in ("completion", "ask_to_complete")
    ] == [
        404,
        404,
    ]
    assert case.reference not in client.get(LIST).content.decode()
    numbers = page_text(client.get(reverse("admin:index")))
    assert "1 Aanvragen die op hun aanvulling wachten" not in numbers


def test_the_first_page_tells_what_waits(client: Client) -> None:
    drafted(open_to_officer())
    waiting()
    log_in(client, committee().officer)
    shown = page_text(client.get(reverse("admin:index")))
    assert "1 Vragen om aan te vullen die nog niet zijn gesteld" in shown
    assert "1 Aanvragen die op hun aanvulling wachten" in shown


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_so_many_queries(client: Client, count: int, django_assert_num_queries: Any) -> None:
    for case in several_submitted(count):
        open_to(case, committee().officer)
        asked(case)
    log_in(client, committee().officer)
    client.get(LIST)
    with django_assert_num_queries(6):
        shown = client.get(LIST)
    assert page_text(shown).count("Wacht op de aanvragers") == count


def test_the_list_shows_what_became_of_each(client: Client) -> None:
    completed()
    log_in(client, committee().officer)
    assert CompletionFile.objects.count() == 1
    with at_moment(ANSWERED_AT):
        assert "Aangevuld" in page_text(client.get(LIST))
