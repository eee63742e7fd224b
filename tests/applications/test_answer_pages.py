"""What people without an account see and do: consent and signature through a one-time link."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.attachments import add_attachment
from applications.domain.consents import ask_consent
from applications.domain.signing import ask_signature
from applications.domain.submitting import withdraw
from applications.enums import ConsentAnswer, SigningRole
from applications.models import Application, Attachment, Consent, OneTimeLink
from hubportal.kernel.clock import local_date, local_moment
from hubportal.kernel.dates import day_in_words
from hubportal.mail.models import OutgoingMail
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def case() -> "scenarios.Case":
    return scenarios.written(partners=2)


def asked(case: "scenarios.Case", *, at: datetime = AT) -> str:
    """Ask the first partner and return the address in its mail."""
    partner = case.partners[0]
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=at)
    return reverse("applications:consent", args=[scenarios.mailed_secret(partner.contact_email)])


def answer(client: Client, url: str, **changes: Any) -> Any:
    shown = client.get(url).context["form"]["seen_digest"].value()
    typed = {
        "answer": "given",
        "reason": "",
        "name": "Noor de Wit",
        "function": "Bestuurder",
        "seen_digest": shown,
        **changes,
    }
    return client.post(url, typed)


def test_the_page_shows_what_is_agreed_to_and_no_one_elses_share(
    client: Client, case: "scenarios.Case"
) -> None:
    response = client.get(asked(case))
    text = page_text(response).replace("\u00a0", " ")
    for spec in case.call.sections.all():
        assert f"Wij werken aan {spec.title.lower()}." in text
    for member in case.coalition.participations.all():
        assert member.organisation.name in text
    assert case.call.consent_text in text
    assert [each["description"] for each in response.context["share"]] == ["Uren"]
    assert "€ 1.000,00" in text
    assert "€ 48.000,00" in text
    assert "Coördinatie" not in text


def test_who_answers_after_somebody_else_reads_that_it_does_not_count_and_gets_the_reason_back(
    client: Client, case: "scenarios.Case"
) -> None:
    """Rule 32; who presses twice reads nothing of it."""
    url = asked(case)
    page = client.get(url)
    given = {"answer": "given", "reason": "", "name": " Noor  de Wit", "function": "Bestuurder"}
    sent = {**given, "seen_digest": page.context["form"]["seen_digest"].value()}
    assert client.post(url, sent).status_code == 200
    told = "Uw antwoord van zojuist is niet bewaard"
    for each in (client.post(url, sent), client.get(url)):
        assert (each.status_code, told in page_text(each)) == (410, False)
    late = client.post(url, {**sent, "answer": "declined", "reason": "Geen tijd (fictief)"})
    assert late.status_code == 410
    assert told in page_text(late)
    assert "Geen tijd (fictief)" in page_text(late)
    assert Consent.objects.get().answer == ConsentAnswer.GIVEN
    assert told in page_text(client.post(url, {**sent, "name": "Iemand Anders"}))


def attached(case: "scenarios.Case") -> Attachment:
    made, content = pikepdf.new(), BytesIO()
    made.add_blank_page()
    made.save(content)
    return add_attachment(
        application_id=case.pk, title="Ons plan", content=content.getvalue(), actor=case.applicant, at=AT
    )


def test_the_page_serves_the_attachments_as_long_as_the_link_lives(
    client: Client, case: "scenarios.Case"
) -> None:
    attachment, others = attached(case), attached(scenarios.started(coalition_name="Andere coalitie"))
    url = asked(case)
    page = client.get(url)
    assert "Ons plan" in page_text(page)
    file = f"{url}bijlagen/{attachment.pk}/"
    assert file in page.content.decode()
    response = client.get(file)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == f'attachment; filename="{case.reference}-ons-plan.pdf"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Referrer-Policy"] == "strict-origin"
    assert client.get(f"{url}bijlagen/{others.pk}/").status_code == 404
    assert client.post(file).status_code == 405
    assert answer(client, url).status_code == 200
    assert client.get(file).status_code == 404


def test_no_file_is_served_by_a_dead_link(client: Client, case: "scenarios.Case") -> None:
    attachment = attached(case)
    url = asked(case)
    with at_moment(OneTimeLink.objects.get().expires_at):
        assert client.get(f"{url}bijlagen/{attachment.pk}/").status_code == 404
    unknown = reverse("applications:consent_attachment", args=["x" * 43, attachment.pk])
    assert client.get(unknown).status_code == 404
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    assert client.get(f"{url}bijlagen/{attachment.pk}/").status_code == 404


def test_a_file_that_was_attached_while_somebody_read_is_read_first(
    client: Client, case: "scenarios.Case"
) -> None:
    url = asked(case)
    shown = client.get(url).context["form"]["seen_digest"].value()
    attached(case)
    response = answer(client, url, seen_digest=shown)
    assert response.status_code == 422
    assert "Ons plan" in page_text(response)
    assert not Consent.objects.exists()
    assert answer(client, url).status_code == 200


def test_a_reason_is_not_called_optional(client: Client, case: "scenarios.Case") -> None:
    assert "niet verplicht" not in page_text(client.get(asked(case)))


def test_opening_the_link_uses_nothing(client: Client, case: "scenarios.Case") -> None:
    url = asked(case)
    for _each in range(2):
        assert client.get(url).status_code == 200
        assert client.head(url).status_code == 200
    assert OneTimeLink.objects.get().used_at is None


def test_the_secret_stays_on_the_page(client: Client, case: "scenarios.Case") -> None:
    response = client.get(asked(case))
    assert response["Referrer-Policy"] == "strict-origin"
    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Robots-Tag"] == "noindex"


def test_a_partner_agrees_without_an_account(client: Client, case: "scenarios.Case") -> None:
    response = answer(client, asked(case))
    assert response.status_code == 200
    consent = Consent.objects.get()
    assert (consent.answer, consent.given_by_name, consent.user) == ("given", "Noor de Wit", None)
    assert OutgoingMail.objects.filter(kind="consent_answered").count() == 1
    shown = log_in(client, case.applicant).get(reverse("applications:partners", args=[case.reference]))
    assert [each.state.kind for each in shown.context["asked"]] == ["ok", "neutral"]


def test_a_partner_declines_with_a_reason(client: Client, case: "scenarios.Case") -> None:
    url = asked(case)
    refused = answer(client, url, answer="declined")
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["reason"]
    assert 'value="Noor de Wit"' in refused.content.decode()
    assert answer(client, url, answer="declined", reason="Te weinig uren.").status_code == 200
    assert Consent.objects.get().answer == ConsentAnswer.DECLINED


@pytest.mark.parametrize("changes", [{"answer": ""}, {"answer": "misschien"}, {"name": ""}])
def test_an_answer_that_lacks_something_is_asked_again(
    client: Client, case: "scenarios.Case", changes: dict[str, str]
) -> None:
    assert answer(client, asked(case), **changes).status_code == 422
    assert not Consent.objects.exists()


def test_the_applicant_cannot_answer_for_a_partner(client: Client, case: "scenarios.Case") -> None:
    url = asked(case)
    log_in(client, case.applicant)
    page = client.get(url)
    assert page.context["is_of_lead"] is True
    assert 'name="answer"' not in page.content.decode()
    assert answer(client, url).status_code == 422
    assert not Consent.objects.exists()


def test_the_mailbox_of_the_lead_organisation_is_refused_when_asking(
    client: Client, case: "scenarios.Case"
) -> None:
    partner = case.partners[0]
    # Who answers for the partner joined the lead organisation since.
    speaker_for(case.lead, email=partner.contact_email)
    url = reverse("applications:ask_consent", args=[case.reference, partner.pk])
    response = log_in(client, case.applicant).post(url, follow=True)
    assert "utrecht-alert--error" in response.content.decode()
    assert not OneTimeLink.objects.exists()


def test_what_changed_while_reading_must_be_read_again(client: Client, case: "scenarios.Case") -> None:
    url = asked(case)
    before = client.get(url).context["form"]["seen_digest"].value()
    scenarios.plan_budget(case, 40_000)
    refused = answer(client, url, seen_digest=before, name="Noor")
    assert refused.status_code == 422
    assert not Consent.objects.exists()
    again = refused.context["form"]["seen_digest"].value()
    assert answer(client, url, seen_digest=again).status_code == 200


def test_a_link_that_was_used_tells_kindly_what_was_answered(client: Client, case: "scenarios.Case") -> None:
    url = asked(case)
    answer(client, url)
    for response in (client.get(url), client.post(url, {"answer": "declined", "reason": "Toch niet"})):
        assert response.status_code == 410
        assert "Noor de Wit" in page_text(response)
    assert Consent.objects.get().answer == ConsentAnswer.GIVEN


def test_a_link_that_expired_or_was_replaced_or_never_sent_has_a_friendly_page(
    client: Client, case: "scenarios.Case"
) -> None:
    first = asked(case)
    second = asked(case, at=AT + timedelta(minutes=1))
    assert client.get(first).status_code == 410
    with at_moment(AT + timedelta(days=15)):
        assert client.get(second).status_code == 410
    for unknown in ("x", "ü" * 40, "'; drop table", "0" * 43):
        response = client.get(reverse("applications:consent", args=[unknown]))
        assert response.status_code == 404
        assert "<h1" in response.content.decode()


def test_a_link_works_through_the_day_that_its_mail_names(client: Client, case: "scenarios.Case") -> None:
    url = asked(case)
    day = local_date(AT) + timedelta(days=case.call.link_days)
    (mail,) = OutgoingMail.objects.filter(kind="consent_request")
    assert f"tot en met {day_in_words(day)}" in mail.body
    last = local_moment(day, 23, 59)
    assert last > AT + timedelta(days=case.call.link_days)
    with at_moment(last):
        assert client.get(url).status_code == 200
    with at_moment(last + timedelta(minutes=1)):
        assert client.get(url).status_code == 410


def test_after_submission_a_link_says_that_it_asks_nothing_any_more(client: Client) -> None:
    case = scenarios.ready()
    partner = case.partners[0]
    secret = scenarios.mailed_secret(partner.contact_email)
    scenarios.submitted(case)
    response = client.get(reverse("applications:consent", args=[secret]))
    assert response.status_code == 410
    assert case.reference in page_text(response)


def test_a_link_of_a_withdrawn_draft_is_dead(client: Client, case: "scenarios.Case") -> None:
    url = asked(case)
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    assert client.get(url).status_code == 410
    answered = client.post(url, {"answer": "given"})
    # Never "submitted" for what was not (rule 13).
    assert (answered.status_code, "ingediend" in page_text(answered)) == (410, False)


def test_a_partner_with_an_account_reads_and_answers_there(client: Client, case: "scenarios.Case") -> None:
    asked(case)
    partner = case.partners[0]
    log_in(client, speaker_for(partner.organisation))
    assert case.reference in page_text(client.get(reverse("applications:list")))
    page = client.get(reverse("applications:overview", args=[case.reference]), follow=True)
    url = reverse("applications:consent_account", args=[case.reference, partner.pk])
    assert page.redirect_chain[-1][0] == url
    typed = {
        "answer": "given",
        "reason": "",
        "function": "Bestuurder",
        "seen_digest": page.context["form"]["seen_digest"].value(),
    }
    assert client.post(url, typed).status_code == 302
    assert Consent.objects.get().user is not None
    assert client.get(url).context["answer"].answer == ConsentAnswer.GIVEN


def test_a_partner_answers_for_itself_alone(client: Client, case: "scenarios.Case") -> None:
    asked(case)
    asked_partner, other = case.partners
    log_in(client, speaker_for(asked_partner.organisation))
    url = reverse("applications:consent_account", args=[case.reference, other.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {"answer": "given"}).status_code == 404
    # Not asked yet: the other partner knows nothing of the application.
    log_in(client, speaker_for(other.organisation))
    assert client.get(url).status_code == 404


def test_a_partner_sees_the_application_after_submission(client: Client) -> None:
    case = scenarios.submitted()
    log_in(client, speaker_for(case.partners[0].organisation))
    response = client.get(reverse("applications:overview", args=[case.reference]), follow=True)
    assert response.status_code == 200
    assert case.title in page_text(response)
    assert reverse("applications:withdraw", args=[case.reference]) not in response.content.decode()
    # Who answers in an old window reads why nothing comes of it.
    url = reverse("applications:consent_account", args=[case.reference, case.partners[0].pk])
    told = "Deze aanvraag is al ingediend en vraagt geen antwoord meer."
    for each, is_told in ((client.get(url, follow=True), False), (client.post(url, {}, follow=True), True)):
        assert (told in page_text(each)) == is_told


def signing_address(case: "scenarios.Case") -> str:
    role = SigningRole.AUTHORISED_SIGNATORY
    ask_signature(application_id=case.pk, role=role, actor=case.applicant, at=AT)
    secret = scenarios.mailed_secret(case.people.signatory_email, "signature_request")
    return reverse("applications:sign", args=[secret])


def test_the_signatory_reads_and_signs_through_the_link(client: Client) -> None:
    case = scenarios.submitted(signed=False)
    url = signing_address(case)
    page = client.get(url)
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "strict-origin"
    assert case.call.declaration_text in page_text(page)
    assert client.post(url, {"name": "Sam"}).status_code == 422
    assert client.post(url, {"name": "", "agreed": "on"}).status_code == 422
    assert (
        client.post(url, {"name": "Sam Bestuurder", "function": "Bestuurder", "agreed": "on"}).status_code
        == 200
    )
    assert case.signatures.get().name == "Sam Bestuurder"
    assert client.get(url).status_code == 410
    assert client.post(url, {"name": "Nog eens", "function": "X", "agreed": "on"}).status_code == 410
    assert case.signatures.count() == 1


def test_a_link_to_sign_does_not_consent_and_the_other_way_round(client: Client) -> None:
    case = scenarios.submitted(signed=False)
    secret = signing_address(case).rstrip("/").rpartition("/")[2]
    assert client.get(reverse("applications:consent", args=[secret])).status_code == 404
    consent = scenarios.mailed_secret(case.partners[0].contact_email)
    assert client.get(reverse("applications:sign", args=[consent])).status_code == 404


def test_after_the_term_the_link_to_sign_is_dead(client: Client) -> None:
    case = scenarios.submitted(signed=False)
    url = signing_address(case)
    with at_moment(AT + timedelta(days=7)):
        assert client.get(url).status_code == 410
        assert client.post(url, {"name": "Sam", "function": "X", "agreed": "on"}).status_code == 410
    assert not Application.objects.get(pk=case.pk).signatures.exists()
