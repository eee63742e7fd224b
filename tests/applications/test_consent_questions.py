"""A partner asks the lead something without declining, and gets an answer; the consent stays open (rules 8, 9, 26 and 32)."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain import consent_questions
from applications.domain.consent_questions import answer_question, ask_by_account, ask_by_link
from applications.domain.consents import ask_consent
from applications.domain.erasing import erase_draft
from applications.domain.removing_partner import remove_asked_partner
from applications.invariants import writing
from applications.models import Consent, ConsentQuestion
from coalitions.domain.coalitions import change_contact
from hubportal.accounts.enums import Role
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.one_time import DeadLink
from hubportal.kernel.quotas import TooMuch
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.models import OutgoingMail
from organisations.domain.representing import end_representation
from tests.applications.collaborating import joined
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.drafts import consented, mailed_link, mailed_secret, plan_budget
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def case() -> Any:
    case = scenarios.written(partners=2)
    for each in case.partners:
        ask_consent(application_id=case.pk, participation_id=each.pk, actor=case.applicant, at=AT)
    return case


def ask(case: Any, text: str = "Wanneer begint u?", **values: Any) -> ConsentQuestion:
    link = mailed_link(case.partners[0].contact_email)
    given = {"link": link, "name": "Noor", "text": text, "key": uuid4(), "signed_in_as": None, "at": AT}
    return ask_by_link(**{**given, **values})


def answered(
    case: Any, question: ConsentQuestion, text: str = "In mei.", actor: Any = None
) -> ConsentQuestion:
    return answer_question(key=question.key, text=text, actor=actor or case.applicant, at=AT)


class TestAsking:
    def test_the_link_takes_an_answer_after_it_and_nothing_is_declined(self, case) -> None:
        question = ask(case)
        assert (Consent.objects.count(), question.email) == (0, case.partners[0].contact_email)
        [mail] = OutgoingMail.objects.filter(kind="consent_question")
        assert (mail.recipient, "Wanneer begint u?" in mail.body) == (case.applicant.email, True)
        consented(case, case.partners[0])
        assert Consent.objects.get().answer == "given"

    def test_everybody_who_speaks_for_the_lead_hears_it_and_no_helper(self, case) -> None:
        colleague, helper = speaker_for(case.lead), joined(case)
        ask(case)
        told = set(OutgoingMail.objects.filter(kind="consent_question").values_list("recipient", flat=True))
        assert (told >= {colleague.email, case.applicant.email}, helper.email in told) == (True, False)

    def test_a_second_click_asks_once_and_there_is_an_end_to_it(self, case, monkeypatch) -> None:
        key = uuid4()
        assert ask(case, key=key) == ask(case, key=key)
        assert OutgoingMail.objects.filter(kind="consent_question").count() == 1
        monkeypatch.setattr(consent_questions, "MOST_A_DAY", 1)
        with pytest.raises(TooMuch):
            ask(case)

    def test_nobody_of_the_lead_asks_as_a_partner_and_a_dead_link_asks_nothing(self, case) -> None:
        with pytest.raises(NotAllowed):
            ask(case, signed_in_as=case.applicant)
        partner = case.partners[0]
        for somebody in (case.applicant, UserFactory.create(), speaker_for(case.partners[1].organisation)):
            with pytest.raises(NotAllowed):
                ask_by_account(
                    application_id=case.pk,
                    participation_id=partner.pk,
                    text="?",
                    key=uuid4(),
                    actor=somebody,
                    at=AT,
                )
        link = mailed_link(partner.contact_email)
        consented(case, partner)
        with pytest.raises((DeadLink, RuleViolation)):
            ask(case, link=link)
        assert ConsentQuestion.objects.count() == 0

    def test_the_database_keeps_whole_questions_and_answers(self, case) -> None:
        question = ConsentQuestion.objects.filter(pk=ask(case).pk)
        with refused_by("consent_question_asks_something"):
            question.update(text="")
        with refused_by("consent_question_answered_by_somebody"):
            question.update(answer="Ja.")


class TestAnswering:
    def test_who_asked_is_mailed_and_it_is_answered_once(self, case) -> None:
        question = ask(case)
        assert answered(case, question) == answered(case, question)
        [mail] = OutgoingMail.objects.filter(kind="consent_question_answered")
        assert (mail.recipient, "In mei." in mail.body) == (case.partners[0].contact_email, True)
        with pytest.raises(NewerVersion):
            answered(case, question, "In juni.", speaker_for(case.lead))
        assert ConsentQuestion.objects.get().answer == "In mei."

    def test_only_who_speaks_for_the_lead_answers(self, case) -> None:
        question = ask(case)
        for somebody in (joined(case), speaker_for(case.partners[0].organisation), UserFactory.create()):
            with pytest.raises(NotAllowed):
                answered(case, question, actor=somebody)


class TestPages:
    def test_it_is_asked_through_the_link_and_answered_on_a_page_of_its_own(
        self, client: Client, case
    ) -> None:
        url = reverse("applications:ask_question", args=[mailed_secret(case.partners[0].contact_email)])
        empty = client.post(url, {"name": "Noor", "text": ""})
        assert (empty.status_code, 'value="Noor"' in empty.content.decode()) == (422, True)
        assert (
            client.post(
                url, {"name": "Noor", "text": "Wie betaalt de zaal?", "key": str(uuid4())}
            ).status_code
            == 302
        )
        assert "Wie betaalt de zaal?" in page_text(client.get(url))
        question = ConsentQuestion.objects.get()
        page = reverse("applications:answer_question", args=[case.reference, question.key])
        log_in(client, case.applicant)
        partners = reverse("applications:partners", args=[case.reference])
        assert page in client.get(partners).content.decode()
        assert client.post(page, {"text": "Wij."}).url == partners
        again = client.post(page, {"text": "Toch niet wij."})
        assert (again.status_code, "Toch niet wij." in again.content.decode()) == (422, True)
        client.logout()
        consent = reverse("applications:consent", args=[mailed_secret(case.partners[0].contact_email)])
        assert "Wij." in page_text(client.get(consent))

    def test_another_partner_and_a_helper_see_nothing_of_it(self, client: Client, case) -> None:
        question = ask(case, "Het geheime punt?")
        other = case.partners[1]
        shown = client.get(reverse("applications:consent", args=[mailed_secret(other.contact_email)]))
        assert "geheime" not in shown.content.decode()
        log_in(client, speaker_for(other.organisation))
        account = reverse("applications:consent_account", args=[case.reference, other.pk])
        assert "geheime" not in client.get(account).content.decode()
        page = reverse("applications:answer_question", args=[case.reference, question.key])
        theirs = reverse("applications:ask_question_account", args=[case.reference, case.partners[0].pk])
        for somebody in (speaker_for(other.organisation), joined(case), UserFactory.create()):
            log_in(client, somebody)
            assert [client.get(each).status_code for each in (page, theirs)] == [404, 404]

    def test_who_speaks_for_the_partner_asks_with_an_account(self, client: Client, case) -> None:
        log_in(client, speaker_for(case.partners[0].organisation))
        url = reverse("applications:ask_question_account", args=[case.reference, case.partners[0].pk])
        assert client.post(url, {"text": "En dan?", "key": str(uuid4())}).status_code == 302
        assert "En dan?" in page_text(client.get(url))
        scenarios.ready(case)
        scenarios.submitted(case)
        assert client.post(url, {"text": "Te laat"}).url == reverse(
            "applications:status", args=[case.reference]
        )

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_partners_page_takes_the_same_queries_however_many_questions(
        self, client: Client, django_assert_num_queries: Any, case, count: int
    ) -> None:
        for number in range(count):
            ask(case, f"Vraag {number}?")
        log_in(client, case.applicant)
        with django_assert_num_queries(14):
            client.get(reverse("applications:partners", args=[case.reference]))


class TestTheEnd:
    def test_it_goes_with_the_partner_the_submission_and_the_draft(self, case) -> None:
        ask(case)
        plan_budget(case, 48_000)
        case.budget_lines.filter(participation=case.partners[0]).delete()
        type(case.people).objects.filter(application=case).update(leader_organisation=case.lead)
        remove_asked_partner(
            application_id=case.pk, participation_id=case.partners[0].pk, actor=case.applicant, at=AT
        )
        assert ConsentQuestion.objects.count() == 0
        other = scenarios.written(coalition_name="Andere coalitie")
        ask_consent(
            application_id=other.pk, participation_id=other.partners[0].pk, actor=other.applicant, at=AT
        )
        ask(other)
        scenarios.submitted(other)
        assert ConsentQuestion.objects.count() == 0
        third = scenarios.written(coalition_name="Derde coalitie")
        ask_consent(
            application_id=third.pk, participation_id=third.partners[0].pk, actor=third.applicant, at=AT
        )
        ask(third)
        erase_draft(third, at=AT)
        assert ConsentQuestion.objects.count() == 0

    def test_one_about_what_was_submitted_breaks_the_rule(self, case) -> None:
        question = ask(case)
        submitted = scenarios.submitted(coalition_name="Andere coalitie")
        ConsentQuestion.objects.update(application=submitted)
        found = [
            (each.rule, each.row) for each in writing.violations() if "question of a partner" in each.sentence
        ]
        assert found == [(22, question.pk)]


def test_who_was_ended_since_gets_no_answer_and_the_lead_reads_so(client: Client, case) -> None:
    """Rule 27: they hear nothing of it any more."""
    place = case.partners[0]
    speaker = speaker_for(place.organisation, email=place.contact_email)
    question = ask(case)
    row = speaker.representations.get()
    end_representation(representative_id=row.pk, reason="Een oplichter.", actor=person(Role.OFFICER), at=AT)
    log_in(client, case.applicant)
    page = reverse("applications:answer_question", args=[case.reference, question.key])
    told = client.post(page, {"text": "In mei."}, follow=True)
    assert "Noor antwoordt niet meer voor deze partner" in page_text(told)
    assert OutgoingMail.objects.filter(kind="consent_question_answered").count() == 0


def test_who_was_replaced_since_gets_no_answer_and_the_lead_reads_so(client: Client, case) -> None:
    question = ask(case)
    change_contact(
        participation_id=case.partners[0].pk,
        contact_name="Nieuw",
        contact_email="nieuw@partner.example",
        actor=case.applicant,
        at=AT,
    )
    log_in(client, case.applicant)
    page = reverse("applications:answer_question", args=[case.reference, question.key])
    assert "Noor antwoordt niet meer voor" in page_text(client.get(page))
    told = client.post(page, {"text": "In mei."}, follow=True)
    assert "Uw antwoord is bewaard. Noor antwoordt niet meer voor deze partner" in page_text(told)
    assert OutgoingMail.objects.filter(kind="consent_question_answered").count() == 0
