"""What somebody showed to get a draft goes with its file once its period is over, and with the draft (rules 23 and 41)."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from applications.domain.submitting import withdraw
from retention.domain.destroying import destroy_row, remove_file
from retention.enums import DataKind
from retention.queries import files_to_remove, past_period, rows_to_destroy
from takeovers.domain.asking import Proof
from takeovers.models import Takeover, TakeoverProof
from tests.factories import scenarios
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.factories.retention import LATER, approved, report_on
from tests.factories.taking_over import DECIDE_AT, PROOF, claimant, refused, warned

pytestmark = pytest.mark.django_db


def destroy(kind: DataKind) -> None:
    approved(report_on(kind))
    due = LATER + timedelta(days=7)
    for row in list(rows_to_destroy(at=due)):
        destroy_row(listed_id=row.pk, at=due)
    for file in list(files_to_remove()):
        remove_file(file_id=file.pk, at=due)


def test_it_is_kept_while_it_waits_and_goes_a_period_after_who_asked_was_told() -> None:
    case = scenarios.written()
    proof = Proof(PROOF, "Brief", letter_pdf())
    settled, waiting = (warned(case, claimant(case), proof=each) for each in (proof, Proof("Nog open.")))
    name = settled.proof.stored_as
    assert list(past_period(DataKind.TAKEOVER_PROOFS, before=LATER)) == []
    refused(settled)
    assert [each.kept_since for each in past_period(DataKind.TAKEOVER_PROOFS, before=LATER)] == [DECIDE_AT]
    destroy(DataKind.TAKEOVER_PROOFS)
    assert list(TakeoverProof.objects.values_list("takeover", flat=True)) == [waiting.pk]
    assert (default_storage.exists(name), Takeover.objects.count()) == (False, 2)


def test_a_file_that_another_request_of_the_same_person_names_stays() -> None:
    case = scenarios.written()
    proof = Proof(PROOF, "Brief", letter_pdf())
    newcomer = claimant(case)
    refused(warned(case, newcomer, proof=proof))
    again = warned(case, newcomer, at=DECIDE_AT, proof=proof)
    destroy(DataKind.TAKEOVER_PROOFS)
    assert default_storage.exists(again.proof.stored_as)


def test_it_goes_with_the_draft() -> None:
    case = scenarios.written()
    takeover = warned(case, claimant(case), proof=Proof(PROOF, "Brief", letter_pdf()))
    name = takeover.proof.stored_as
    withdraw(application_id=case.pk, actor=case.applicant, at=AT, seen="draft")
    destroy(DataKind.DISCARDED_DRAFTS)
    takeover.refresh_from_db()
    assert (takeover.application, TakeoverProof.objects.exists(), default_storage.exists(name)) == (
        None,
        False,
        False,
    )
