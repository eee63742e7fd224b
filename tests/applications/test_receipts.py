"""A submission is confirmed, with a copy of what was entered (Awb 4:3a; rule 13)."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from applications.domain.attachments import add_attachment, remove_attachment
from applications.domain.budget import save_budget
from applications.domain.frozen import frozen_content
from applications.domain.lifecycle import WrongStatus
from applications.domain.receipts import produce_receipt
from applications.domain.submitting import withdraw
from applications.letters.receipt import receipt_content, receipt_pdf
from applications.models import Application, Receipt
from applications.queries import receipts_to_produce
from applications.tasks import produce_receipts_task
from hubportal.documents.domain.files import read_file
from hubportal.documents.domain.signatures import check_signature
from hubportal.documents.domain.storage import read_document
from hubportal.documents.domain.verification import verify_code, verify_file
from hubportal.documents.enums import VerificationResult
from hubportal.kernel.dates import dutch_day
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from tests.documents.reading import lines_of, opened, words_of
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT
from tests.factories.scenarios import budget_lines, consented, ready, several_submitted, submitted, written
from tests.pages import page_text
from tests.racing import race

pytestmark = pytest.mark.django_db


def stand_in(receipt: Receipt, code: str, _at: datetime) -> bytes:
    return f"%PDF-1.7 {receipt.pk} {code}".encode()


def produce(receipt: Receipt, make_pdf=stand_in, at: datetime = AT) -> bool:
    return produce_receipt(receipt_id=receipt.pk, make_pdf=make_pdf, at=at)


def a_pdf(mark: str = "") -> bytes:
    pdf, output = pikepdf.new(), BytesIO()
    pdf.add_blank_page()
    pdf.docinfo["/Title"] = mark
    pdf.save(output)
    return output.getvalue()


def test_a_receipt_is_made_kept_and_mailed_to_who_submitted() -> None:
    case = submitted()
    assert produce(case.receipt)
    receipt = Receipt.objects.get()
    assert (receipt.produced_at, receipt.document.about) == (AT, case.reference)
    [mail] = OutgoingMail.objects.filter(kind="receipt")
    assert (mail.recipient, mail.about) == (case.applicant.email, case.reference)
    assert [each.stored_as for each in mail.attachments.all()] == [receipt.document.stored_as]
    assert not receipts_to_produce().exists()


def test_everybody_who_was_named_by_somebody_else_is_told_so_in_the_first_mail() -> None:
    """Rule 35 (GDPR art. 14): where we have it from, what for, and where their rights stand; contact, signatory, leader."""
    case = submitted(signed=False)
    assert produce(case.receipt)
    named = [case.partners[0].contact_email, case.people.signatory_email, case.people.leader_email]
    for address in named:
        first = OutgoingMail.objects.filter(recipient=address).earliest("pk")
        # Nobody gave a function of a partner's contact.
        given = "uw naam en e-mailadres." if address == named[0] else "uw naam, e-mailadres en functie."
        assert f"{case.lead.name} gaf ons {given}" in first.body
        assert first.body.rstrip().endswith("/privacy/")
    leader = OutgoingMail.objects.get(kind="named_leader")
    assert leader.subject == f"U staat als projectleider in aanvraag {case.reference}"


def test_a_leader_who_is_told_otherwise_gets_no_second_mail() -> None:
    case = ready()
    type(case.people).objects.filter(pk=case.people.pk).update(leader_email=case.people.signatory_email)
    for partner in case.partners:
        consented(case, partner)
    submitted(case)
    assert produce(case.receipt)
    assert not OutgoingMail.objects.filter(kind="named_leader").exists()


def test_producing_a_receipt_is_idempotent() -> None:
    case = submitted()
    assert (produce(case.receipt), produce(case.receipt)) == (True, False)
    assert OutgoingMail.objects.filter(kind="receipt").count() == 1


def test_a_crash_halfway_leaves_nothing_and_the_next_sweep_makes_it(monkeypatch) -> None:
    case = submitted()
    with monkeypatch.context() as patch:
        patch.setattr("applications.domain.mails.queue_receipt", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            produce(case.receipt)
    assert Receipt.objects.get().document is None
    assert produce(case.receipt)


def test_a_receipt_that_fails_does_not_keep_others_back(monkeypatch, caplog) -> None:
    first, second = several_submitted(2)

    def fails_once(receipt: Receipt, code: str, at: datetime) -> bytes:
        if receipt.pk == first.receipt.pk:
            raise ValueError
        return stand_in(receipt, code, at)

    monkeypatch.setattr("applications.tasks.receipt_pdf", fails_once)
    produce_receipts_task()
    assert [each.application_id for each in Receipt.objects.exclude(document=None)] == [second.pk]
    assert f"applications.produce_receipts: row {first.receipt.pk} failed, attempt 1" in caplog.text


def test_it_says_what_was_received_when_and_for_which_round() -> None:
    case = submitted(title="Samen aan zet", amount=48_000)
    content = receipt_content(case.receipt)
    [section] = content["sections"]
    assert "Wij ontvingen die op 1 mei 2024 om 10:00:00 uur." in section["paragraphs"][0]
    assert "ronde\u00a01" in section["paragraphs"][0]
    assert ["Gevraagd bedrag", "€\u00a048.000,00"] in section["rows"]
    assert ["Digitale vingerafdruk (SHA-256)", case.frozen.sha256] in section["rows"]
    assert content["addressee"]["name"] == case.lead.name


def test_it_names_the_moment_to_sign_and_the_day_of_the_decision() -> None:
    """Rule 36; Awb 4:13 and 4:14."""
    [section] = receipt_content(submitted().receipt)["sections"]
    assert "ondertekenen de verklaring vóór 8 mei 2024, 10.00 uur" in section["paragraphs"][1]
    assert section["paragraphs"][2].startswith("U krijgt ons besluit uiterlijk op 25 juni 2024.")
    assert ["Besluit uiterlijk op", "25 juni 2024"] in section["rows"]


def test_it_is_sealed_when_it_is_made_and_dated_when_the_application_was_received() -> None:
    """A certificate that was renewed or ended since signs nothing in the past."""
    made_at = AT + timedelta(days=3)
    assert produce(submitted().receipt, make_pdf=receipt_pdf, at=made_at)
    document = Receipt.objects.get().document
    assert check_signature(read_document(document)).signed_at == made_at
    assert document.dated_on == AT.date()


def test_its_pdf_is_a_copy_of_everything_that_was_submitted() -> None:
    """Rule 35."""
    case = written(title="Samen aan zet", amount=48_000)
    attachment = add_attachment(
        application_id=case.pk, title="Het plan.pdf", content=a_pdf(), actor=case.applicant, at=AT
    )
    first, *others = budget_lines(case, 48_000)
    save_budget(
        application_id=case.pk,
        lines=[replace(first, hours=Decimal(100), rate=first.amount / 100), *others],
        seen_version=case.budget_version,
        actor=case.applicant,
        at=AT,
    )
    submitted(case)
    assert produce(case.receipt, make_pdf=receipt_pdf)
    pdf = opened(read_document(Receipt.objects.get().document))
    words = " ".join(words_of(page) for page in pdf.pages)
    people, content = case.people, frozen_content(case)
    expected = [
        f"{dutch_day(content['starts_on'])} tot en met {dutch_day(content['ends_on'])} (6 maanden)",
        f"{people.main_applicant_name}, {case.lead.name}",
        f"{people.signatory_name}, bestuurder, {case.lead.name}",
        f"Projectleider (fictief), {case.partners[0].organisation.name}",
        "Coördinatie (100 uur à",
        "Totaal, het gevraagde bedrag",
        "Het plan.pdf (SHA-256: ",
        case.call.declaration_text,
        *(each["text"] for each in content["sections"]),
    ]
    assert [each for each in expected if each not in words] == []
    # Cut where the line ends.
    assert attachment.sha256 in words.replace(" ", "").replace("\u00ad", "")


def test_what_was_typed_keeps_its_lines_in_the_pdf() -> None:
    case = ready()
    case.sections.filter(spec=case.call.sections.first()).update(
        text="Zo gaan we te werk:\n- Eerste maand\n- Tweede maand\n\nDaarna verder."
    )
    for partner in case.partners:
        consented(case, partner)
    submitted(case)
    assert produce(case.receipt, make_pdf=receipt_pdf)
    pdf = opened(read_document(Receipt.objects.get().document))
    lines = [line for page in pdf.pages for line in lines_of(page)]
    assert {"Zo gaan we te werk:", "- Eerste maand", "- Tweede maand", "Daarna verder."} <= set(lines)


def test_a_receipt_without_attachments_says_so() -> None:
    case = submitted()
    parts = {each["heading"]: each for each in receipt_content(case.receipt)["annex"]["sections"]}
    assert parts["Bijlagen"]["paragraphs"] == ["U hebt geen bijlagen meegestuurd."]


def test_the_real_pdf_is_signed_and_found_genuine() -> None:
    case = submitted()
    assert produce(case.receipt, make_pdf=receipt_pdf)
    pdf = read_document(Receipt.objects.get().document)
    assert verify_file(pdf).outcome == VerificationResult.GENUINE
    assert pikepdf.open(BytesIO(pdf)).Root.Lang == "nl"


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_receipt() -> None:
    case = submitted()
    receipt = Receipt.objects.get(application=case)
    assert sorted(race(*(lambda: produce(receipt) for _each in range(3)))) == [False, False, True]
    assert OutgoingMail.objects.filter(kind="receipt").count() == 1


class TestAttachments:
    """Uploads are PDF, checked by content, known by their digest (rules 4 and 24)."""

    def add(self, case, content: bytes | None = None, **values):
        defaults = {"title": "plan.pdf", "content": content or a_pdf(), "actor": case.applicant, "at": AT}
        return add_attachment(application_id=case.pk, **{**defaults, **values})

    def test_a_pdf_is_attached_once(self) -> None:
        case, pdf = ready(), a_pdf()
        assert self.add(case, pdf) == self.add(case, pdf, title="ander.pdf")
        assert case.attachments.count() == 1

    @pytest.mark.parametrize(
        "content", [b"", b"PK\x03\x04 a zip", b"%PDF-1.7 but nothing else", b"<html></html>"]
    )
    def test_what_is_no_sound_pdf_is_refused(self, content: bytes) -> None:
        case = ready()
        with pytest.raises(RuleViolation):
            add_attachment(
                application_id=case.pk, title="plan.pdf", content=content, actor=case.applicant, at=AT
            )
        assert not case.attachments.exists()

    def test_there_is_an_end_to_the_files(self) -> None:
        case = ready()
        for each in range(case.call.max_attachments):
            self.add(case, a_pdf(str(each)))
        with pytest.raises(RuleViolation) as refusal:
            self.add(case, a_pdf("een te veel"))
        assert refusal.value.field == "file"

    def test_removing_twice_removes_once_and_only_the_lead_does(self) -> None:
        case = ready()
        attachment = self.add(case)
        with pytest.raises(NotAllowed):
            remove_attachment(
                application_id=case.pk, attachment_id=attachment.pk, actor=UserFactory.create(), at=AT
            )
        for _click in range(2):
            remove_attachment(
                application_id=case.pk, attachment_id=attachment.pk, actor=case.applicant, at=AT
            )
        assert not case.attachments.exists()

    def test_what_was_submitted_keeps_its_files_by_digest(self) -> None:
        case = written()
        pdf = a_pdf()
        attachment = self.add(case, pdf)
        submitted(case)
        case = Application.objects.get(pk=case.pk)
        case.applicant = case.submitted_by
        with pytest.raises(WrongStatus):
            self.add(case, a_pdf("later"))
        assert [each["sha256"] for each in frozen_content(case)["attachments"]] == [attachment.sha256]
        assert read_file(attachment.stored_as, attachment.sha256) == pdf


def test_who_holds_the_receipt_of_a_withdrawn_application_hears_that_it_was_withdrawn(client: Client) -> None:
    """Rule 26: by code and by file, and nobody hears of another document or of an altered one."""
    case, other = several_submitted(2)
    for each in (case, other):
        produce(each.receipt, receipt_pdf)
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    mine, others = (Receipt.objects.get(application=each).document for each in (case, other))
    for found in (verify_code(mine.verification_code), verify_file(read_document(mine))):
        assert (found.outcome, found.reference) == (VerificationResult.WITHDRAWN, case.reference)
    assert verify_code(others.verification_code).outcome == VerificationResult.GENUINE
    assert verify_file(read_document(mine) + b" ").outcome == VerificationResult.ALTERED
    shown = client.get(reverse("documents:verify_code", args=[mine.verification_code]))
    assert "De aanvraag die bij deze code hoort, is ingetrokken" in page_text(shown)
    sent = client.post(
        reverse("documents:verify"),
        {"file": ContentFile(read_document(mine), name="ontvangstbevestiging.pdf")},
    )
    assert "Dit document is echt, maar de aanvraag is ingetrokken" in page_text(sent)
    assert "nog geldig" not in page_text(sent)
