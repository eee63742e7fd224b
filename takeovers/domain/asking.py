"""Asking the office for the dossier of one's organisation, whose account holder is gone, and taking that back (rule 41)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.attachments import inspect_to_read_at_once
from hubportal.accounts.domain.locking import lock_mailbox, lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.documents.domain.files import write_file
from hubportal.kernel.canonical import digest
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import TooMuch, check_quota
from hubportal.kernel.text import is_filled
from organisations.domain.representing import hold, locked_representative
from organisations.models import Representative
from regions.models import Region
from takeovers.domain import mails
from takeovers.domain.settling import settle
from takeovers.enums import TakeoverState
from takeovers.events import ASKED
from takeovers.models import Takeover, TakeoverProof
from takeovers.permissions import may_ask_for_dossier, may_take_back_request
from takeovers.queries import asked_by_mailbox, untold_of

LONGEST_TEXT = 3000
# Of one mailbox, for all organisations: each mails everybody with a role in a draft.
MOST_A_DAY = 2
# Of one mailbox about one organisation: whoever was told no does not begin again and again.
MOST_A_MONTH = 2
_A_MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Proof:
    """Who somebody is and why the account holder cannot, perhaps with a PDF and its name."""

    text: str
    title: str = ""
    content: bytes = b""


def ask_for_dossier(
    *, representative_id: int, region: Region, proof: Proof, actor: User, at: datetime
) -> Takeover:
    """Ask the office for what an organisation, for which one says to speak, leads in a region. Idempotent until one is told.

    It does the same whether there is such a draft or not: a job looks for it (rule 26). Raises ``NotAllowed``, ``TooMuch``,
    ``TooBusy``, ``InfectedFile``, and ``RuleViolation`` without words and for a file that is no sound PDF.
    """
    if proof.content:
        _inspect_proof(representative_id, proof.content, actor)
    return _ask_for_draft(representative_id, region, proof, actor=actor, at=at)


def _inspect_proof(representative_id: int, content: bytes, actor: User) -> None:
    # Without a lock: it may take seconds.
    may_ask_for_dossier.check(actor, Representative.objects.get(pk=representative_id))
    inspect_to_read_at_once(
        content,
        actor,
        refusal=_(
            "We cannot check files for viruses at the moment. Send your request without the file, or try again later."
        ),
    )


@transaction.atomic(durable=True)
def _ask_for_draft(
    representative_id: int, region: Region, proof: Proof, *, actor: User, at: datetime
) -> Takeover:
    lock_mailbox(actor)
    representative = locked_representative(representative_id)
    may_ask_for_dossier.check(actor, representative)
    earlier = untold_of(actor, representative.organisation)
    if earlier is not None:
        return earlier
    if not is_filled(proof.text):
        raise RuleViolation(_("Tell us who you are and why the account holder cannot."), field="text")
    check_quota(asked_by_mailbox(actor), moment="asked_at", most=MOST_A_DAY, at=at, field="text")
    _check_asked_this_month(representative, actor, at=at)
    takeover = Takeover.objects.create(
        organisation=representative.organisation, region=region, asked_by=actor, asked_at=at
    )
    _keep_proof(takeover, proof)
    hold(representative, at)
    mails.queue_received(takeover, representative, at=at)
    record(ASKED, subject=takeover, actor=actor, at=at)
    return takeover


def _check_asked_this_month(representative: Representative, actor: User, *, at: datetime) -> None:
    lately = asked_by_mailbox(actor).filter(asked_at__gt=at - _A_MONTH)
    if lately.filter(organisation=representative.organisation_id).count() >= MOST_A_MONTH:
        raise TooMuch(
            _(
                "You asked this %(most)d times in a month for this organisation. Call or e-mail the programme office."
            )
            % {"most": MOST_A_MONTH},
            field="text",
        )


def _keep_proof(takeover: Takeover, proof: Proof) -> None:
    file = {}
    if proof.content:
        sha256 = digest(proof.content)
        key = f"attachments/proofs/{takeover.asked_by_id}/{sha256}.pdf"
        # Written before the row: a crash in between leaves an orphaned file, never a row without its file.
        write_file(key, proof.content, sha256)
        title = proof.title[:150] or str(_("attachment"))
        file = {"stored_as": key, "sha256": sha256, "title": title, "size": len(proof.content)}
    TakeoverProof.objects.create(takeover=takeover, text=proof.text.strip(), **file)


@transaction.atomic(durable=True)
def take_back_request(*, representative_id: int, actor: User, at: datetime) -> Takeover | None:
    """Take back what one asked; who was warned hears that it does not happen. Idempotent: None where nothing is open.

    Raises ``NotAllowed`` for somebody else's word.
    """
    lock_person(actor)
    representative = Representative.objects.select_related("organisation").get(pk=representative_id)
    if representative.user_id != actor.pk:
        raise NotAllowed(_("Only who asked can take this back."))
    found = untold_of(actor, representative.organisation)
    if found is None:
        return None
    takeover = Takeover.objects.select_for_update().get(pk=found.pk)
    may_take_back_request.check(actor, takeover)
    if takeover.is_open:
        settle(takeover, TakeoverState.TAKEN_BACK, actor=actor, at=at)
        mails.queue_stopped(takeover, at=at)
    takeover.told_at = at
    takeover.save(update_fields=["told_at"])
    return takeover
