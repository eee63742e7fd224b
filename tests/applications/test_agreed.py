"""What was agreed to is kept with who agreed, compared with what stands now, and copied for who agreed (rules 9, 26 and 35)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.agreeing import copy_consent
from applications.domain.consent_questions import ask_by_link
from applications.domain.consents import ask_consent, ask_everybody
from applications.domain.drafting import save_section
from applications.domain.signing import sign_by_account
from applications.domain.submitting import withdraw
from applications.enums import ConsentAnswer, SigningRole
from applications.letters.consent_copy import consent_copy_pdf
from applications.letters.receipt import receipt_content
from applications.models import Consent, OneTimeLink
from applications.tasks import copy_consents_task
from coalitions.domain.coalitions import change_contact
from coalitions.domain.correcting import rename_coalition
from hubportal.documents.domain.files import every_stored_file
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from letters.domain.structure import plain_text
from tests.documents.reading import opened, words_of
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.drafts import consented, mailed_link, mailed_secret
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
    return scenarios.written()


def write(case: Any, text: str) -> None:
    spec = case.call.sections.first()
    version = case.sections.get(spec=spec).version
    save_section(
        reference=case.reference, key=spec.key, text=text, seen_version=version, actor=case.applicant, at=AT
    )


def link_page(client: Client, case: Any) -> str:
    return reverse("applications:consent", args=[mailed_secret(case.partners[0].contact_email)])


def answer(client: Client, url: str, **typed: str) -> Any:
    seen = client.get(url).context["form"]["seen_digest"].value()
    values = {"answer": "given", "name": "Noor", "function": "directeur", "seen_digest": seen}
    return client.post(url, {**values, **typed})


def ask(case: Any) -> OneTimeLink:
    return ask_consent(
        application_id=case.pk, participation_id=case.partners[0].pk, actor=case.applicant, at=AT
    )


class TestFunction:
    def test_it_is_typed_by_who_answers_kept_and_told(self, client: Client, case) -> None:
        ask(case)
        url = link_page(client, case)
        refused = answer(client, url, function="")
        assert (refused.status_code, 'value="Noor"' in refused.content.decode()) == (422, True)
        # It stands in mails to people who never asked for one: no advert (rule 33).
        assert answer(client, url, function="zie https://elders.example").status_code == 422
        assert answer(client, url).status_code == 200
        assert Consent.objects.get().given_as == "Noor (directeur)"
        log_in(client, case.applicant)
        shown = page_text(client.get(reverse("applications:partners", args=[case.reference])))
        assert "Noor (directeur)" in shown

    def test_it_stands_on_the_receipt_and_in_the_state_of_the_declaration(self, client: Client, case) -> None:
        ask(case)
        answer(client, link_page(client, case))
        case = scenarios.submitted(case, signed=False, at=AT + timedelta(hours=1))
        annex = receipt_content(case.receipt)["annex"]
        assert f"{case.partners[0].stated_name}\nNoor (directeur), op" in plain_text(annex)
        role = SigningRole.MAIN_APPLICANT
        signature = sign_by_account(
            application_id=case.pk,
            role=role,
            function="coördinator",
            actor=case.applicant,
            at=AT + timedelta(hours=1),
        )
        assert signature.signed_as == f"{case.applicant.full_name} (coördinator)"
        log_in(client, case.applicant)
        assert signature.signed_as in page_text(
            client.get(reverse("applications:status", args=[case.reference]))
        )


class TestWhatWasAgreed:
    def test_the_database_keeps_exactly_what_the_digests_are_of(self, case) -> None:
        consented(case, case.partners[0])
        consent = Consent.objects.get()
        assert consent.agreed_words == case.call.consent_text
        with refused_by("consent_keeps_what_was_agreed"):
            Consent.objects.filter(pk=consent.pk).update(agreed_text=b"{}")
        with refused_by("consent_keeps_what_was_agreed"):
            Consent.objects.filter(pk=consent.pk).update(agreed_share=None)

    def test_a_stale_answer_shows_what_changed_and_nothing_that_did_not(self, client: Client, case) -> None:
        consented(case, case.partners[0])
        first, second = case.call.sections.all()[:2]
        write(case, "Wij werken samen aan iets heel anders.")
        ask(case)
        page = client.get(link_page(client, case))
        shown = page.content.decode()
        assert [each.label for each in page.context["changed"]] == [first.title]
        assert ("<ins>" in shown, "<del>" in shown, second.title in shown) == (True, True, True)

    def test_another_name_of_the_coalition_is_shown_as_what_changed(self, client: Client, case) -> None:
        """Who agrees anew reads why: the texts are the same."""
        consented(case, case.partners[0])
        rename_coalition(
            coalition_id=case.coalition_id, name="Samen verder (fictief)", seen=case.coalition.name,
            actor=case.applicant, at=AT,
        )  # fmt: skip
        ask(case)
        [changed] = client.get(link_page(client, case)).context["changed"]
        assert changed.label.startswith("Naam van de coalitie")
        assert changed.marked == f"Samen verder (fictief), {case.lead.name}"

    def test_what_the_lead_took_out_is_not_shown_to_another_contact_person(
        self, client: Client, case
    ) -> None:
        """Rule 26: they never read it."""
        partner = case.partners[0]
        write(case, "Het geheim van de vorige.")
        consented(case, partner)
        write(case, "Niets bijzonders.")
        change_contact(
            participation_id=partner.pk, contact_name="Een ander",
            contact_email="ander@partner.example", actor=case.applicant, at=AT,
        )  # fmt: skip
        partner.refresh_from_db()
        ask(case)
        page = client.get(reverse("applications:consent", args=[mailed_secret(partner.contact_email)]))
        assert (page.status_code, "geheim" in page.content.decode()) == (200, False)
        log_in(client, speaker_for(partner.organisation))
        account = reverse("applications:consent_account", args=[case.reference, partner.pk])
        assert "geheim" in client.get(account).content.decode()

    def test_an_answer_that_stands_or_kept_nothing_shows_no_changes(self, client: Client, case) -> None:
        partner = case.partners[0]
        consented(case, partner)
        log_in(client, speaker_for(partner.organisation))
        url = reverse("applications:consent_account", args=[case.reference, partner.pk])
        assert client.get(url).context["changed"] == []
        Consent.objects.update(agreed_text=None, agreed_share=None)
        write(case, "Anders.")
        page = client.get(url)
        assert (page.status_code, page.context["is_stale"], page.context["changed"]) == (200, True, [])


class TestCopies:
    def made(self, case: Any) -> Consent:
        consented(case, case.partners[0])
        consent = Consent.objects.get()
        assert copy_consent(consent_id=consent.pk, make_pdf=lambda _consent: b"%PDF-1.7 af", at=AT)
        assert not copy_consent(consent_id=consent.pk, make_pdf=lambda _consent: b"%PDF-1.7 af", at=AT)
        consent.refresh_from_db()
        return consent

    def test_who_consented_gets_it_once_at_the_address_through_which_they_did(self, case) -> None:
        consent = self.made(case)
        mail = OutgoingMail.objects.get(kind="consent_copy")
        assert (mail.recipient, [each.stored_as for each in mail.attachments.all()]) == (
            case.partners[0].contact_email,
            [consent.copy_stored_as],
        )
        assert "ingediend" in mail.body and "concept" in mail.body
        assert ("copy of a consent", consent.copy_sha256) in {
            (each.kind, each.sha256) for each in every_stored_file()
        }

    def test_who_declined_gets_none(self, client: Client, case) -> None:
        ask(case)
        answer(client, link_page(client, case), answer="declined", reason="Geen tijd.")
        copy_consents_task()
        assert not OutgoingMail.objects.filter(kind="consent_copy").exists()
        with refused_by("consent_copied_when_given"):
            Consent.objects.update(copied_at=AT, copy_stored_as="x", copy_sha256="0" * 64)
        assert Consent.objects.get().answer == ConsentAnswer.DECLINED

    def test_it_tells_what_was_agreed_to_whatever_was_written_since(self, case) -> None:
        partner = case.partners[0]
        consented(case, partner)
        write(case, "Later geschreven.")
        with opened(consent_copy_pdf(Consent.objects.get())) as pdf:
            pages = [words_of(page).replace("\u00a0", " ") for page in pdf.pages]
        told = " ".join(pages)
        assert ["Afschrift van uw instemming" in each for each in pages] == [True] * len(pages)
        for each in ("Samen aan zet", partner.stated_name, "€ 1.000", case.call.sections.first().title):
            assert each in told, each
        # Of the others' shares it tells nothing, as the page did not.
        assert ("Later geschreven." in told, "Coördinatie" in told) == (False, False)

    def test_who_speaks_for_the_partner_sees_it_again_also_once_it_was_submitted(
        self, client: Client, case
    ) -> None:
        consent, partner = self.made(case), case.partners[0]
        url = reverse("applications:consent_copy", args=[case.reference, partner.pk, consent.pk])
        log_in(client, speaker_for(partner.organisation))
        account = reverse("applications:consent_account", args=[case.reference, partner.pk])
        assert url in client.get(account).content.decode()
        scenarios.submitted(case)
        assert url in client.get(reverse("applications:status", args=[case.reference])).content.decode()
        assert client.get(url)["Content-Type"] == "application/pdf"
        for other in (case.applicant, UserFactory.create()):
            log_in(client, other)
            assert client.get(url).status_code == 404


class TestAskingEverybody:
    def test_each_who_has_to_answer_is_mailed_and_nobody_twice(self) -> None:
        case = scenarios.written(partners=3)
        consented(case, case.partners[0])
        links = ask_everybody(application_id=case.pk, actor=case.applicant, at=AT)
        assert [each.participation_id for each in links] == [each.pk for each in case.partners[1:]]
        assert ask_everybody(application_id=case.pk, actor=case.applicant, at=AT) == []
        assert OutgoingMail.objects.filter(kind="consent_request").count() == 3

    def test_nobody_is_asked_to_agree_to_nothing(self) -> None:
        case = scenarios.started()
        for act in (
            lambda: ask(case),
            lambda: ask_everybody(application_id=case.pk, actor=case.applicant, at=AT),
        ):
            with pytest.raises(RuleViolation) as refusal:
                act()
            assert "nog niets te lezen" in str(refusal.value)
        assert not OutgoingMail.objects.filter(kind="consent_request").exists()

    def test_only_who_speaks_for_the_lead_asks(self, case) -> None:
        with pytest.raises(NotAllowed):
            ask_everybody(application_id=case.pk, actor=speaker_for(case.partners[0].organisation), at=AT)

    def test_the_page_offers_it_where_there_are_several(self, client: Client) -> None:
        case = scenarios.written(partners=2)
        log_in(client, case.applicant)
        url = reverse("applications:partners", args=[case.reference])
        assert "Vraag alle 2 partners tegelijk" in page_text(client.get(url))
        assert client.post(reverse("applications:ask_everybody", args=[case.reference])).url == url
        assert "tegelijk" not in page_text(client.get(url))


class TestAnotherContact:
    """What one contact person of a partner read and wrote is not for the next one (rules 8, 9 and 26)."""

    def replaced(self, case: Any) -> Any:
        """Let the contact person agree to a text and ask something; then take the text out, and name and ask another one."""
        partner = case.partners[0]
        write(case, "GEHEIM-123 staat hier.")
        ask(case)
        link = mailed_link(partner.contact_email)
        ask_by_link(link=link, name="Noor", text="VRAAG-456", key=uuid4(), signed_in_as=None, at=AT)
        consented(case, partner)
        copy_consents_task()
        write(case, "Iets anders.")
        new = UserFactory.create()
        change_contact(
            participation_id=partner.pk,
            contact_name="Nieuw Contact",
            contact_email=new.email,
            actor=case.applicant,
            at=AT,
        )
        return new

    def pages(self, client: Client, case: Any) -> list[Any]:
        partner, consent = case.partners[0], Consent.objects.get()
        return [
            client.get(reverse("applications:consent_account", args=[case.reference, partner.pk])),
            client.get(reverse("applications:consent_copy", args=[case.reference, partner.pk, consent.pk])),
        ]

    def test_who_is_named_and_was_never_asked_reads_nothing(self, client: Client, case) -> None:
        new = self.replaced(case)
        log_in(client, new)
        assert [each.status_code for each in self.pages(client, case)] == [404, 404]
        assert case.reference not in page_text(client.get(reverse("applications:list")))
        assert client.get(reverse("coalitions:detail", args=[case.coalition_id])).status_code == 404
        # Asked about another application of the same coalition, they read that one alone.
        other = scenarios.written(coalition_name="Andere coalitie (fictief)")
        link = OneTimeLink.objects.get()
        link.pk, link.application, link.email, link.secret_digest = (
            None,
            other,
            new.email,
            "anders",
        )
        link.used_at = None
        link.save()
        assert [each.status_code for each in self.pages(client, case)] == [404, 404]
        assert case.reference not in page_text(client.get(reverse("applications:list")))
        withdraw(application_id=case.pk, actor=case.applicant, at=AT)
        assert client.get(reverse("applications:status", args=[case.reference])).status_code == 404

    def test_who_was_asked_reads_what_stands_now_and_answers(self, client: Client, case) -> None:
        new = self.replaced(case)
        ask(case)
        log_in(client, new)
        page, copy = self.pages(client, case)
        assert (page.status_code, copy.status_code) == (200, 404)
        told = page_text(page)
        assert [each for each in ("GEHEIM-123", "VRAAG-456", "Noor") if each in told] == []
        assert "Iets anders." in told
        url = reverse("applications:consent_account", args=[case.reference, case.partners[0].pk])
        assert answer(client, url).status_code == 302
        assert Consent.objects.latest("pk").user == new

    def test_who_is_proved_to_speak_for_the_partner_reads_all_of_it(self, client: Client, case) -> None:
        self.replaced(case)
        log_in(client, speaker_for(case.partners[0].organisation))
        page, copy = self.pages(client, case)
        assert (page.status_code, copy.status_code) == (200, 200)
        told = page_text(page)
        assert [each for each in ("GEHEIM-123", "VRAAG-456") if each not in told] == []
