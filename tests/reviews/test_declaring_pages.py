"""Who declares sees whom it is about, is asked for what needs them, and answers the rest at once (rule 14)."""

from typing import Any

import pytest
from django.urls import reverse

from hubportal.accounts.enums import Role
from reviews.domain.assigning import assign_reviewers
from reviews.domain.interests import declare_interest
from reviews.models import InterestDeclaration
from reviews.queries import asked_to_declare, undeclared_by
from tests.factories.accounts import log_in, person
from tests.factories.moments import SEALED_AT
from tests.factories.scenarios import (
    advised,
    after_deadline,
    assigned,
    committee,
    decided,
    judged,
    open_to,
    released,
    reviewed,
    sealed,
    several_submitted,
)
from tests.pages import page_text

pytestmark = pytest.mark.django_db

LIST = reverse("admin:to_declare")


def people_of(case: Any) -> list[str]:
    return [case.people.main_applicant_name, case.people.signatory_name, case.people.leader_name]


def test_title_organisations_and_people_are_shown_before_anybody_declares(client):
    case = sealed(title="Samen beslissen (fictief)")
    log_in(client, person(Role.CHAIR))
    members = [each.organisation.name for each in case.coalition.participations.all()]
    contact = case.partners[0].contact_name
    in_list = page_text(client.get(LIST))
    for words in (case.title, *members, *people_of(case)):
        assert words in in_list
    alone = page_text(client.get(reverse("admin:declare", args=[case.reference])))
    for words in (case.title, *members, *people_of(case), contact):
        assert words in alone
    assert case.people.signatory_email not in in_list + alone


class TestWhatReachesThem:
    def test_an_officer_is_asked_when_it_lacks_a_reviewer_or_waits_for_a_decision(self) -> None:
        case = sealed()
        officer = person(Role.OFFICER)
        assert list(asked_to_declare(officer)) == [case]
        case.refresh_from_db()
        assigned(case)
        assert list(asked_to_declare(officer)) == []
        # Whoever opens it all the same declares there.
        assert list(undeclared_by(officer)) == [case]
        advised(case)
        assert list(asked_to_declare(officer)) == [case]
        decided(case)
        assert list(asked_to_declare(person(Role.OFFICER))) == []

    def test_a_releaser_is_asked_when_a_letter_waits(self) -> None:
        case = advised()
        releaser = person(Role.RELEASER)
        assert list(asked_to_declare(releaser)) == []
        decided(case)
        assert list(asked_to_declare(releaser)) == [case]
        released(case)
        assert list(asked_to_declare(releaser)) == []

    def test_the_chair_is_asked_while_it_is_assessed(self) -> None:
        case = reviewed()
        chair = person(Role.CHAIR)
        assert list(asked_to_declare(chair)) == [case]
        advised(case)
        assert list(asked_to_declare(chair)) == []

    def test_a_reviewer_is_asked_for_what_still_takes_reviews(self) -> None:
        case = sealed()
        reviewer = committee().reviewers[0]
        assert list(asked_to_declare(reviewer)) == []
        assign_reviewers(round_id=case.review_round_id, at=SEALED_AT)
        assert list(asked_to_declare(reviewer)) == [case]


class TestTheOthers:
    def test_it_asks_once_more_how_many_and_declares_nothing_yet(self, client) -> None:
        cases = [sealed(each) for each in several_submitted(3)]
        chair = person(Role.CHAIR)
        log_in(client, chair)
        declare_interest(
            application_id=cases[0].pk, has_interest=True, explanation="Ja", actor=chair, at=SEALED_AT
        )
        shown = client.get(LIST).content.decode()
        assert [f'name="shown" value="{each.pk}"' in shown for each in cases] == [False, True, True]
        sent = {"rest": "1", "shown": [each.pk for each in cases]}
        asked = client.post(LIST, sent)
        assert "Hebt u geen belang bij deze 2 aanvragen?" in page_text(asked)
        for each in cases[1:]:
            for words in (each.title, *people_of(each)):
                assert words in page_text(asked)
        assert InterestDeclaration.objects.filter(user=chair).count() == 1
        told = client.post(LIST, {"none": [each.pk for each in cases[1:]]}, follow=True)
        assert "2 aanvragen" in page_text(told)
        assert not undeclared_by(chair).exists()

    def test_what_came_meanwhile_is_not_declared_on(self, client) -> None:
        first, later = several_submitted(2)
        sealed(first)
        chair = person(Role.CHAIR)
        log_in(client, chair)
        asked = client.post(LIST, {"rest": "1", "shown": [first.pk]})
        assert list(asked.context["applications"]) == [first]
        sealed(later)
        client.post(LIST, {"none": [first.pk]})
        assert list(undeclared_by(chair)) == [later]

    def test_a_second_click_says_that_all_is_answered(self, client) -> None:
        case = sealed()
        chair = person(Role.CHAIR)
        open_to(case, chair, at=SEALED_AT)
        log_in(client, chair)
        for sent in ([case.pk], [], ["een"], ["9" * 30]):
            assert client.post(LIST, {"rest": "1", "shown": sent}).url == LIST
        assert InterestDeclaration.objects.filter(user=chair).count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_question_once_more_costs_the_same_for_one_and_three(client, django_assert_num_queries, number):
    cases = [sealed(each) for each in several_submitted(number)]
    log_in(client, person(Role.CHAIR))
    with django_assert_num_queries(6):
        asked = client.post(LIST, {"rest": "1", "shown": [each.pk for each in cases]})
    assert asked.context["number"] == number


def test_the_chair_sees_which_review_was_completed_before_a_tie(client):
    """Wherever a mean is shown (rule 29)."""
    case = reviewed()
    people = committee()
    open_to(case, people.chair)
    first = case.assignments.order_by("pk")[0]
    page_of = reverse("admin:advice", args=[case.reference])
    log_in(client, people.chair)
    mark = "vóór de band"
    assert mark not in page_text(client.get(page_of))
    third = person(Role.REVIEWER)
    declare_interest(
        application_id=case.pk,
        has_interest=True,
        explanation="Nieuw",
        actor=first.reviewer,
        at=after_deadline(case, days=15),
    )
    shown = page_text(client.get(page_of))
    assert mark in shown
    assert "zonder 1 beoordeling van vóór een band" in shown
    assign_reviewers(round_id=case.review_round_id, at=after_deadline(case, days=16))
    open_to(case, third, at=after_deadline(case, days=16))
    judged(case.assignments.get(reviewer=third), at=after_deadline(case, days=17))
    waiting = page_text(client.get(reverse("admin:advice_waiting")))
    assert "zonder een beoordeling van vóór een band" in waiting
    # Other reviewers do not learn of an interest.
    log_in(client, third)
    assert mark not in page_text(client.get(reverse("admin:review", args=[case.reference])))
