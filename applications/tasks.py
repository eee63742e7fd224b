"""Sweeps of the applications app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from applications.domain.agreeing import copy_consent
from applications.domain.copies_for_signatories import copy_signature
from applications.domain.deadline_reminders import remind_of_deadlines, remind_partner
from applications.domain.draft_copies import forget_copy, make_copy
from applications.domain.handing_over import complete_takeover
from applications.domain.offering_lead import lapse_lead_offer
from applications.domain.overviews import tell_of_the_day
from applications.domain.receipts import produce_receipt
from applications.domain.scanning import attachments_to_scan, scan_attachment
from applications.domain.sealing import seal_round
from applications.domain.signing_reminder import remind_to_sign
from applications.letters.consent_copy import consent_copy_pdf
from applications.letters.draft_copy import draft_copy_pdf
from applications.letters.receipt import receipt_pdf
from applications.letters.signature_copy import signature_copy_pdf
from applications.queries import receipts_to_produce
from applications.queries.copied_consents import consents_to_copy
from applications.queries.deadlines import partners_to_remind, to_remind_of_deadlines
from applications.queries.draft_copies import copies_past_their_time, copies_to_make
from applications.queries.handovers import takeovers_to_complete
from applications.queries.lead_offers import lead_offers_to_lapse
from applications.queries.overviews import to_be_told
from applications.queries.signature_copies import signatures_to_copy
from applications.queries.signing import to_remind_of_signing
from calls.queries import due_for_sealing
from hubportal.documents.domain.scanning import answers
from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run

SEALING = Sweep(
    name="applications.seal_due_rounds",
    words=_("Sealing a round"),
    due=lambda at: due_for_sealing(at=at),
    act=lambda round_id, at: seal_round(round_id=round_id, at=at),
    waits_since="deadline_at",
)
RECEIPTS = Sweep(
    name="applications.produce_receipts",
    words=_("Making a confirmation of receipt"),
    due=lambda _at: receipts_to_produce(),
    act=lambda receipt_id, at: produce_receipt(receipt_id=receipt_id, make_pdf=receipt_pdf, at=at),
    waits_since="made_at",
)
REMINDERS = Sweep(
    name="applications.remind_to_sign",
    words=_("Reminding people to sign"),
    due=lambda at: to_remind_of_signing(at=at),
    act=lambda application_id, at: remind_to_sign(application_id=application_id, at=at),
    waits_since="submitted_at",
)
DEADLINES = Sweep(
    name="applications.remind_of_deadlines",
    words=_("Reminding people of deadlines"),
    due=lambda at: to_remind_of_deadlines(at=at),
    act=lambda person_id, at: remind_of_deadlines(person_id=person_id, at=at),
    waits_since="due_at",
)
PARTNERS = Sweep(
    name="applications.remind_partners",
    words=_("Reminding partners who have not answered"),
    due=lambda at: partners_to_remind(at=at),
    act=lambda link_id, at: remind_partner(link_id=link_id, at=at),
    waits_since="due_at",
)
OVERVIEWS = Sweep(
    name="applications.tell_of_the_day",
    words=_("Telling people what others did in their drafts"),
    due=lambda at: to_be_told(at=at),
    act=lambda person_id, at: tell_of_the_day(person_id=person_id, at=at),
    waits_since="due_at",
)
TAKEOVERS = Sweep(
    name="applications.complete_takeovers",
    words=_("Letting somebody take over as contact person"),
    due=lambda at: takeovers_to_complete(at=at),
    act=lambda handover_id, at: complete_takeover(handover_id=handover_id, at=at),
    waits_since="takes_effect_at",
)
LEAD_OFFERS = Sweep(
    name="applications.lapse_lead_offers",
    words=_("Letting offers of the lead lapse"),
    due=lambda at: lead_offers_to_lapse(at=at),
    act=lambda offer_id, at: lapse_lead_offer(offer_id=offer_id, at=at),
    waits_since="lapses_at",
)
SCANNING = Sweep(
    name="applications.scan_attachments",
    words=_("Scanning attachments for viruses"),
    due=lambda _at: attachments_to_scan(),
    act=lambda attachment_id, at: scan_attachment(attachment_id=attachment_id, at=at),
    waits_since="added_at",
)
COPIES = Sweep(
    name="applications.make_copies",
    words=_("Making PDFs of drafts"),
    due=lambda _at: copies_to_make(),
    act=lambda copy_id, at: make_copy(copy_id=copy_id, make_pdf=draft_copy_pdf, at=at),
    waits_since="asked_at",
)
CONSENTS = Sweep(
    name="applications.copy_consents",
    words=_("Making copies of consents"),
    due=lambda _at: consents_to_copy(),
    act=lambda consent_id, at: copy_consent(consent_id=consent_id, make_pdf=consent_copy_pdf, at=at),
    waits_since="answered_at",
)
SIGNATURES = Sweep(
    name="applications.copy_signatures",
    words=_("Making copies of signatures"),
    due=lambda _at: signatures_to_copy(),
    act=lambda signature_id, at: copy_signature(
        signature_id=signature_id, make_pdf=signature_copy_pdf, at=at
    ),
    waits_since="signed_at",
)
OLD_COPIES = Sweep(
    name="applications.forget_copies",
    words=_("Forgetting PDFs of drafts"),
    due=lambda at: copies_past_their_time(at=at),
    act=lambda copy_id, at: forget_copy(copy_id=copy_id, at=at),
    waits_since="asked_at",
)


@shared_task(name=SEALING.name)
def seal_due_rounds_task() -> None:
    """Seal the rounds past their deadline."""
    run(SEALING, now=clock.now)


@shared_task(name=RECEIPTS.name)
def produce_receipts_task() -> None:
    """Make the receipts that have no PDF yet."""
    run(RECEIPTS, now=clock.now)


@shared_task(name=REMINDERS.name)
def remind_to_sign_task() -> None:
    """Remind those who have not signed shortly before the period for signing ends."""
    run(REMINDERS, now=clock.now)


@shared_task(name=DEADLINES.name)
def remind_of_deadlines_task() -> None:
    """Remind who has a draft of a deadline that comes near or passed."""
    run(DEADLINES, now=clock.now)


@shared_task(name=PARTNERS.name)
def remind_partners_task() -> None:
    """Remind partners of a request for consent before a deadline."""
    run(PARTNERS, now=clock.now)


@shared_task(name=OVERVIEWS.name)
def tell_of_the_day_task() -> None:
    """Tell people in the morning what others did in their drafts."""
    run(OVERVIEWS, now=clock.now)


@shared_task(name=TAKEOVERS.name)
def complete_takeovers_task() -> None:
    """Let those take over as contact person whose wait is over."""
    run(TAKEOVERS, now=clock.now)


@shared_task(name=LEAD_OFFERS.name)
def lapse_lead_offers_task() -> None:
    """Let offers of the lead lapse that nobody answered in their time."""
    run(LEAD_OFFERS, now=clock.now)


@shared_task(name=SCANNING.name)
def scan_attachments_task() -> None:
    """Scan the attachments that could not be scanned when they were added, once the scanner answers."""
    # While it is away no file fails, so that none waits for a delay that grew once it is back.
    if attachments_to_scan().exists() and answers():
        run(SCANNING, now=clock.now)


@shared_task(name=COPIES.name)
def make_copies_task() -> None:
    """Make the copies of drafts that wait."""
    run(COPIES, now=clock.now)


@shared_task(name=CONSENTS.name)
def copy_consents_task() -> None:
    """Make the copies of consents, and mail them to who gave them."""
    run(CONSENTS, now=clock.now)


@shared_task(name=SIGNATURES.name)
def copy_signatures_task() -> None:
    """Make the copies of signatures, and mail them to who signed."""
    run(SIGNATURES, now=clock.now)


@shared_task(name=OLD_COPIES.name)
def forget_copies_task() -> None:
    """Forget the copies of drafts that were asked some days ago."""
    run(OLD_COPIES, now=clock.now)
