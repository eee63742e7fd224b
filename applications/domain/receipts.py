"""Producing the PDF of a receipt and mailing it."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from applications.domain import mails
from applications.domain.receipt_mails import queue_received
from applications.domain.signing import signature_due_at
from applications.models import Receipt
from applications.queries import receipts_to_produce
from hubportal.documents.domain.storage import new_verification_code, store_document
from hubportal.documents.enums import DocumentKind
from hubportal.kernel.clock import local_date

MakeReceipt = Callable[[Receipt, str, datetime], bytes]


@transaction.atomic(durable=True)
def produce_receipt(*, receipt_id: int, make_pdf: MakeReceipt, at: datetime) -> bool:
    """Produce the PDF of a receipt and queue its mails, in one transaction. Idempotent.

    It is dated on the day of receipt, and sealed now. Returns ``False`` if it was produced already or another worker holds the lock. A crash leaves nothing behind, so
    the next sweep retries.
    """
    receipt = (
        receipts_to_produce()
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("application__call", "application__coalition__region", "application__submitted_by")
        .filter(pk=receipt_id)
        .first()
    )
    if receipt is None:
        return False
    code = new_verification_code()
    document = store_document(
        kind=DocumentKind.RECEIPT,
        pdf=make_pdf(receipt, code, at),
        title=f"Ontvangstbevestiging {receipt.application.reference}",
        about=receipt.application.reference,
        dated_on=local_date(receipt.made_at),
        code=code,
        at=at,
    )
    receipt.document, receipt.produced_at = document, at
    receipt.save(update_fields=["document", "produced_at"])
    confirmed = mails.queue_receipt(receipt, document, due_at=signature_due_at(receipt.application), at=at)
    leader = mails.queue_named_leader(receipt.application, at=at)
    told = [confirmed.recipient, *([leader.recipient] if leader else [])]
    queue_received(receipt.application, told=told, at=at)
    return True
