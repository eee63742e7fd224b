"""A worker killed in the middle of each sweep, and started again: the same result, once (rules 4, 13, 15 and 19)."""

from datetime import UTC, datetime

import psycopg
import pytest

from applications.enums import Status
from applications.models import Application, Receipt, SealedApplication
from hubportal.audit.models import AuditEvent
from hubportal.documents.domain.storage import read_document
from hubportal.documents.models import Document
from hubportal.kernel.canonical import digest
from hubportal.mail.models import OutgoingMail
from letters.models import Letter
from reviews.models import Assignment
from tests.factories import scenarios
from tests.faults.conftest import Portal, somebody_waits_for, until

Session = psycopg.Connection[tuple[object, ...]]

pytestmark = pytest.mark.django_db(transaction=True)


def hold(session: Session, table: str) -> None:
    """Keep everybody else from writing to a table."""
    session.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def kill_in_the_middle(portal: Portal, session: Session, table: str) -> None:
    """Let a worker run into a held table, kill it there, let go, and start another one."""
    hold(session, table)
    portal.start_beat()
    portal.start_worker()
    until(lambda: somebody_waits_for(table), what=f"a worker waiting for {table}")
    portal.kill_worker()
    session.rollback()
    portal.start_worker()


def test_a_round_is_sealed_once_when_the_worker_is_killed_while_sealing(
    portal: Portal, other_session: Session
) -> None:
    cases = scenarios.several_submitted(3)
    kill_in_the_middle(portal, other_session, "applications_sealedapplication")
    until(lambda: SealedApplication.objects.count() == 3, what="the seal of three applications")
    review_round = cases[0].review_round
    assert review_round is not None
    review_round.refresh_from_db()
    assert review_round.sealed_at is not None
    assert set(Application.objects.values_list("status", flat=True)) == {Status.SEALED}
    sealed = AuditEvent.objects.filter(act="applications.round_sealed", subject_id=review_round.pk)
    assert [each.facts for each in sealed] == [{"members": 3}]


def test_reviewers_are_assigned_once_when_the_worker_is_killed_while_assigning(
    portal: Portal, other_session: Session
) -> None:
    scenarios.sealed()
    scenarios.committee(reviewers=3)
    kill_in_the_middle(portal, other_session, "reviews_assignment")
    until(lambda: Assignment.objects.count() == 2, what="two assignments")
    assert AuditEvent.objects.filter(act="reviews.assigned").count() == 2


def test_a_receipt_is_made_and_mailed_once_when_the_worker_is_killed_while_making_it(
    portal: Portal, other_session: Session
) -> None:
    scenarios.submitted()
    kill_in_the_middle(portal, other_session, "documents_document")
    until(lambda: Receipt.objects.filter(document__isnull=False).count() == 1, what="the receipt")
    until(lambda: OutgoingMail.objects.filter(kind="receipt", status="sent").count() == 1, what="its mail")
    assert Document.objects.count() == 1
    assert OutgoingMail.objects.filter(kind="receipt").count() == 1


def test_a_letter_is_made_and_mailed_once_when_the_worker_is_killed_while_making_it(
    portal: Portal, other_session: Session
) -> None:
    case = scenarios.released()
    Receipt.objects.all().delete()
    kill_in_the_middle(portal, other_session, "documents_document")
    until(lambda: Letter.objects.filter(sent_at__isnull=False).count() == 1, what="the letter sent")
    letter = Letter.objects.select_related("document").get()
    assert letter.document is not None
    assert digest(read_document(letter.document)) == letter.document.sha256
    assert OutgoingMail.objects.filter(kind="letter").count() == 1
    assert OutgoingMail.objects.filter(kind="letter_copy").count() == len(case.partners)
    case.refresh_from_db()
    assert case.status == Status.GRANTED
    assert AuditEvent.objects.filter(act="letters.made").count() == 1


def test_events_are_linked_once_when_the_worker_is_killed_while_linking(
    portal: Portal, other_session: Session
) -> None:
    scenarios.submitted()
    kill_in_the_middle(portal, other_session, "audit_auditlink")
    until(lambda: not AuditEvent.objects.filter(link__isnull=True).exists(), what="a whole chain")
    from hubportal.audit.domain.verification import breaches

    assert list(breaches()) == []


def test_a_killed_broker_delays_and_loses_nothing(portal: Portal) -> None:
    portal.start_beat()
    portal.start_worker()
    until(portal.broker.answers, what="the broker")
    scenarios.submitted()
    portal.broker.kill()
    case = scenarios.submitted(coalition_name="Tweede coalitie (fictief)")
    portal.broker.start()
    until(lambda: SealedApplication.objects.count() == 2, seconds=120, what="both seals")
    until(
        lambda: Receipt.objects.filter(document__isnull=False).count() == 2, seconds=120, what="both receipts"
    )
    until(lambda: OutgoingMail.objects.filter(kind="receipt", status="sent").count() == 2, what="both mails")
    portal.processes.check()
    assert case.submitted_at is not None
    assert case.submitted_at < datetime.now(UTC)
