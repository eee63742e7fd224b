"""Who signed or consented has a copy of it, and finds it again by the same mailbox alone (rules 26, 28 and 35)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.agreeing import copy_consent
from applications.domain.consents import ask_consent
from applications.domain.copies_for_signatories import MOST_COPIES_A_DAY, copy_signature, send_copy_again
from applications.domain.links import RESEND_COOL_DOWN
from applications.domain.signing import ask_signature, sign_by_account, sign_by_link
from applications.domain.submitting import withdraw
from applications.enums import LinkPurpose, SigningRole
from applications.letters.signature_copy import signature_copy_pdf
from applications.models import Consent, DeclarationSignature, OneTimeLink, SignatureCopy
from applications.tasks import copy_signatures_task
from hubportal.documents.domain.files import every_stored_file
from hubportal.kernel.errors import RuleViolation
from hubportal.mail.models import OutgoingMail
from tests.documents.reading import opened, words_of
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.drafts import mailed_link, mailed_secret
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

SIGNATORY = SigningRole.AUTHORISED_SIGNATORY


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT + timedelta(hours=1)):
        yield


@pytest.fixture
def case() -> Any:
    return scenarios.submitted(signed=False)


def asked(case: Any) -> OneTimeLink:
    ask_signature(application_id=case.pk, role=SIGNATORY, actor=case.applicant, at=AT)
    return mailed_link(case.people.signatory_email, LinkPurpose.SIGN)


def signed(case: Any) -> DeclarationSignature:
    return sign_by_link(link=asked(case), name="Sara Teken", function="bestuurder", at=AT)


def made(case: Any) -> SignatureCopy:
    signature = signed(case)
    for is_made in (True, False):
        done = copy_signature(signature_id=signature.pk, make_pdf=lambda _one: b"%PDF-1.7 getekend", at=AT)
        assert done == is_made
    return signature.copy


def mails_of(kind: str) -> list[str]:
    return list(OutgoingMail.objects.filter(kind=kind).order_by("pk").values_list("recipient", flat=True))


class TestTheCopyOfASignature:
    def test_who_signed_by_a_link_gets_it_once_at_that_mailbox(self, case) -> None:
        copy = made(case)
        mail = OutgoingMail.objects.get(kind="signature_copy")
        assert mail.recipient == case.people.signatory_email
        assert [(each.stored_as, each.filename) for each in mail.attachments.all()] == [
            (copy.stored_as, f"ondertekening-{case.reference}.pdf")
        ]
        assert "U – Sara Teken (bestuurder) – hebt op 1 mei 2024 om 10:00 uur" in mail.body
        assert ("copy of a signature", copy.sha256) in {
            (each.kind, each.sha256) for each in every_stored_file()
        }

    def test_who_signed_with_an_account_gets_it_there(self, case) -> None:
        sign_by_account(application_id=case.pk, role=SigningRole.MAIN_APPLICANT, actor=case.applicant, at=AT)
        copy_signatures_task()
        assert mails_of("signature_copy") == [case.applicant.email]

    def test_it_tells_what_was_signed_and_by_whom_as_the_page_did(self, case) -> None:
        signature = signed(case)
        with opened(signature_copy_pdf(signature)) as pdf:
            pages = [words_of(page).replace("\u00a0", " ") for page in pdf.pages]
        told = " ".join(pages)
        assert ["Afschrift van uw ondertekening" in each for each in pages] == [True] * len(pages)
        for each in (
            "Sara Teken (bestuurder)",
            "bestuurlijk verantwoordelijke",
            case.call.sections.first().title,
            case.lead.name,
            signature.declaration[:30],
        ):
            assert each in told, each
        # The page on which it was signed shows no people and no addresses either.
        assert case.people.main_applicant_email not in told

    def test_it_is_of_what_was_signed_also_once_the_application_was_withdrawn(self, case) -> None:
        signature = signed(case)
        withdraw(application_id=case.pk, actor=case.applicant, at=AT + timedelta(minutes=5))
        copy_signatures_task()
        assert SignatureCopy.objects.get().signature == signature

    def test_the_database_keeps_its_file_with_it(self, case) -> None:
        made(case)
        with refused_by("signature_copy_made_with_its_file"):
            SignatureCopy.objects.update(stored_as="")

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_make_and_mail_one(self, case) -> None:
        signature = signed(case)

        def make() -> bool:
            return copy_signature(signature_id=signature.pk, make_pdf=lambda _one: b"%PDF-1.7 g", at=AT)

        assert sorted(race(make, make)) == [False, True]
        assert mails_of("signature_copy") == [case.people.signatory_email]


class TestFindingItAgain:
    def test_an_account_of_exactly_that_mailbox_finds_it_and_nobody_else(self, client: Client, case) -> None:
        made(case)
        url = reverse("applications:signature_copy", args=[case.reference, SIGNATORY])
        told = reverse("applications:receipt", args=[case.reference])
        address = case.people.signatory_email
        owner = UserFactory.create(email=address)
        log_in(client, owner)
        assert url in client.get(told, follow=True).content.decode()
        assert client.get(url)["Content-Type"] == "application/pdf"
        local, domain = address.split("@")
        for other in (
            UserFactory.create(email=f"{local}+hub@{domain}"),
            speaker_for(case.partners[0].organisation),
            case.applicant,
        ):
            log_in(client, other)
            assert client.get(url).status_code == 404

    def test_nobody_finds_what_was_not_made(self, client: Client, case) -> None:
        signed(case)
        log_in(client, UserFactory.create(email=case.people.signatory_email))
        url = reverse("applications:signature_copy", args=[case.reference, SIGNATORY])
        assert client.get(url).status_code == 404

    def test_who_signed_with_an_account_finds_it_at_the_application(self, client: Client, case) -> None:
        sign_by_account(application_id=case.pk, role=SigningRole.MAIN_APPLICANT, actor=case.applicant, at=AT)
        copy_signatures_task()
        log_in(client, case.applicant)
        url = reverse("applications:signature_copy", args=[case.reference, SigningRole.MAIN_APPLICANT])
        status = client.get(reverse("applications:status", args=[case.reference]))
        assert url in status.content.decode()


class TestSentAgain:
    def sign_here(self, client: Client, case: Any) -> str:
        """Sign on the page of the link, and return its address."""
        asked(case)
        secret = mailed_secret(case.people.signatory_email, "signature_request")
        page = reverse("applications:sign", args=[secret])
        client.post(page, {"agreed": "on", "name": "Sara Teken", "function": "bestuurder"})
        return page

    def test_the_used_link_has_it_mailed_to_the_mailbox_and_shows_nothing_of_it(
        self, client: Client, case
    ) -> None:
        page = self.sign_here(client, case)
        again = f"{page}afschrift/"
        assert again in client.get(page).content.decode()
        # Before it is made it comes by itself.
        assert "vanzelf" in page_text(client.post(again, follow=True))
        copy_signatures_task()
        assert len(mails_of("signature_copy")) == 1
        # A second click on what was just sent sends nothing.
        assert "onderweg" in page_text(client.post(again, follow=True))
        assert len(mails_of("signature_copy")) == 1
        with at_moment(AT + timedelta(hours=2)):
            shown = client.post(again, follow=True)
        assert mails_of("signature_copy") == [case.people.signatory_email] * 2
        assert case.call.sections.first().title not in page_text(shown)

    def test_whoever_has_the_link_cannot_flood_the_mailbox(self, case) -> None:
        link = OneTimeLink.objects.get(pk=made(case).signature.link_id)
        moment = AT
        for _each in range(MOST_COPIES_A_DAY - 1):
            moment += RESEND_COOL_DOWN * 2
            assert send_copy_again(link_id=link.pk, at=moment) is not None
        with pytest.raises(RuleViolation):
            send_copy_again(link_id=link.pk, at=moment + RESEND_COOL_DOWN * 2)
        assert len(mails_of("signature_copy")) == MOST_COPIES_A_DAY
        assert send_copy_again(link_id=link.pk, at=moment + timedelta(days=2)) is not None

    def test_of_a_link_that_was_not_used_or_is_unknown_nothing_is_sent(self, client: Client, case) -> None:
        asked(case)
        secret = mailed_secret(case.people.signatory_email, "signature_request")
        again = reverse("applications:signature_copy_again", args=[secret])
        assert "geen afschrift" in page_text(client.post(again, follow=True))
        unknown = reverse("applications:signature_copy_again", args=["onbekend"])
        assert client.post(unknown).status_code == 404
        assert mails_of("signature_copy") == []


class TestConsentSentAgain:
    def consent(self, client: Client, answer: str = "given") -> str:
        case = scenarios.written()
        partner = case.partners[0]
        ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
        page = reverse("applications:consent", args=[mailed_secret(partner.contact_email)])
        values = {
            "answer": answer,
            "reason": "Geen tijd.",
            "name": "Noor",
            "function": "directeur",
            "seen_digest": client.get(page).context["form"]["seen_digest"].value(),
        }
        assert client.post(page, values).status_code == 200
        return page

    def test_who_consented_by_a_link_has_the_copy_mailed_again(self, client: Client) -> None:
        page = self.consent(client)
        consent = Consent.objects.get()
        copy_consent(consent_id=consent.pk, make_pdf=lambda _one: b"%PDF-1.7 af", at=AT)
        again = f"{page}afschrift/"
        assert again in client.get(page).content.decode()
        assert "onderweg" in page_text(client.post(again, follow=True))
        [first, second] = OutgoingMail.objects.filter(kind="consent_copy").order_by("pk")
        assert (first.recipient, first.body) == (second.recipient, second.body)
        assert second.attachments.get().stored_as == Consent.objects.get().copy_stored_as

    def test_who_declined_has_none(self, client: Client) -> None:
        page = self.consent(client, "declined")
        assert f"{page}afschrift/" not in client.get(page).content.decode()
        assert "geen afschrift" in page_text(client.post(f"{page}afschrift/", follow=True))
