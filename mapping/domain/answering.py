"""What an organisation answers about its public card, through its link; and taking over what it corrected."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.one_time import DeadLink, new_secret, secret_digest
from hubportal.kernel.versions import check_shown
from hubportal.mail.domain.outbox import rewrite_sent
from mapping.agreement_queries import agreement_of, is_on_its_map, last_word_of, may_come_back_on_refusal
from mapping.cards import CORRECTED, Card, agreed_card, asked_card, card_of
from mapping.domain.agreement_mails import (
    blanked,
    queue_agreed,
    queue_agreed_elsewhere,
    queue_overruled,
    queue_refused,
    tell_kwartiermakers,
    tell_other_regions,
)
from mapping.domain.publishing import hide, publish_as_agreed
from mapping.domain.refusals import forget_refusal, lock_number, note_said_under_number
from mapping.domain.rows import save_shared
from mapping.enums import AgreementState
from mapping.events import AGREED, AGREEMENT_WITHDRAWN, DECLINED, ORGANISATION_CHANGED, PUBLISHED_AS_AGREED
from mapping.models import PublishingRequest
from mapping.permissions import may_map, may_publish
from organisations.ended import is_ended_by_others
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.domain.changes import note_changes
from regions.models import Municipality, Region
from regions.names import sort_name


def check_open(request: PublishingRequest, *, at: datetime) -> None:
    """Raise ``DeadLink`` with the reason why a question cannot be answered, not even by a no."""
    if request.state == AgreementState.REPLACED:
        raise DeadLink(
            _(
                "This question has been taken back, or replaced by a newer one: then look for our latest e-mail."
            )
        )
    if request.state != AgreementState.ASKED:
        raise DeadLink(_("This link has already been used. You can only answer once."))
    if at >= request.expires_at:
        raise DeadLink(_("This link has expired. Ask the kwartiermaker of the region to send a new one."))
    if not is_on_its_map(request):
        raise DeadLink(
            _("This organisation is no longer on the map of the region, so nothing is asked any more.")
        )


def check_alive(request: PublishingRequest, *, at: datetime) -> None:
    """Raise ``DeadLink`` with the reason why a question cannot be answered by a yes: also where another mailbox declined.

    And for whom others ended at the organisation (rule 27). A no is taken from each: else who says one first keeps that of the organisation out, and comes back on it (rule 23).
    """
    check_open(request, at=at)
    if is_ended_by_others(request.organisation_id, request.mailbox):
        raise DeadLink(
            _(
                "A colleague or the programme office noted that you do not speak for this organisation. Ask the kwartiermaker of the region about it."
            )
        )
    if not may_come_back_on_refusal(request.organisation, request.mailbox):
        raise DeadLink(
            _(
                "Somebody answered on behalf of this organisation that it does not want to be public. Only they can change that, or "
                "somebody whom the portal knows to speak for the organisation."
            )
        )


def _locked(request_id: int, *, organisation_id: int | None = None) -> PublishingRequest:
    """Return a question, locked after its organisation and all rows of its number, as every act does. Raises ``DoesNotExist``."""
    of = organisation_id or PublishingRequest.objects.get(pk=request_id).organisation_id
    number = Organisation.objects.get(pk=of).kvk_number
    lock_number(number)
    same = Q(pk=of) | (Q(kvk_number=number) if number else Q())
    rows = Organisation.objects.select_for_update().filter(same).order_by("pk")
    organisation = next((each for each in rows if each.pk == of), None)
    if organisation is None:
        raise Organisation.DoesNotExist
    requests = PublishingRequest.objects.select_for_update(of=("self",)).select_related("region", "asked_by")
    request = requests.get(pk=request_id, organisation=organisation)
    request.organisation = organisation
    return request


@transaction.atomic(durable=True)
def keep_corrections(*, request_id: int, typed: Mapping[str, Any], at: datetime) -> PublishingRequest:
    """Keep what an organisation corrected before it answers: only what differs from the map. Idempotent. Raises ``DeadLink``."""
    request = _locked(request_id)
    check_alive(request, at=at)
    now = card_of(request.organisation)
    draft = {name: value for name, value in typed.items() if value != getattr(now, name)}
    if draft != request.draft:
        request.draft = draft
        request.save(update_fields=["draft"])
    return request


@transaction.atomic(durable=True)
def agree_by_link(*, request_id: int, shown: str, name: str, at: datetime) -> PublishingRequest:
    """Record that an organisation agrees to the card that it read, and publish it at once if that is what the map says.

    ``shown`` is the digest of that card. What it corrected is public once a kwartiermaker took it over (rule 23). Raises
    ``DeadLink``, and ``NewerVersion`` when the card changed since.
    """
    request = _locked(request_id)
    check_alive(request, at=at)
    earlier = last_word_of(request.organisation)
    card = asked_card(request)
    check_shown(card.digest, shown)
    lasting = new_secret()
    rewrite_sent(blanked(request), about=request.mails_about, recipient=request.email)
    forget_refusal(request.organisation)
    request.state, request.answered_at, request.answered_by = AgreementState.AGREED, at, name
    request.text, request.text_digest = card.kept, card.digest
    request.corrected = card.differing(card_of(request.organisation))
    request.lasting_digest = secret_digest(lasting)
    request.save()
    facts = {"region": request.region_id, "digest": card.digest}
    record(AGREED, subject=request.organisation, actor=None, at=at, facts=facts)
    if not request.corrected:
        _put_in_force(request, actor=None, at=at)
    queue_agreed(request, card, lasting, at=at)
    if earlier is not None and earlier.is_refusal and earlier.mailbox != request.mailbox:
        queue_agreed_elsewhere(earlier, at=at)
    tell_kwartiermakers(request, at=at)
    return request


def _put_in_force(request: PublishingRequest, *, actor: User | None, at: datetime) -> None:
    organisation = request.organisation
    others = PublishingRequest.objects.filter(organisation=organisation, state=AgreementState.AGREED)
    others.filter(ended_at=None).exclude(pk=request.pk).update(ended_at=at)
    request.accepted_at, request.accepted_by = at, actor
    request.save(update_fields=["accepted_at", "accepted_by"])
    publish_as_agreed(organisation, asked_by=request.asked_by, taken_over_by=actor, at=at)
    facts = {"region": request.region_id, "digest": request.text_digest}
    record(PUBLISHED_AS_AGREED, subject=organisation, actor=actor, at=at, facts=facts)


@transaction.atomic(durable=True)
def decline_by_link(*, request_id: int, name: str, reason: str, at: datetime) -> PublishingRequest:
    """Record that an organisation does not want to be public: from this moment it is not. Raises ``DeadLink``."""
    request = _locked(request_id)
    check_open(request, at=at)
    rewrite_sent(blanked(request), about=request.mails_about, recipient=request.email)
    request.state, request.answered_at = AgreementState.DECLINED, at
    request.answered_by, request.reason, request.draft = name, reason, {}
    request.save()
    agreed = agreement_of(request.organisation)
    hide(request.organisation, at=at)
    note_said_under_number(request.organisation, request.mailbox)
    facts = {"region": request.region_id}
    record(DECLINED, subject=request.organisation, actor=None, at=at, facts=facts)
    queue_refused(request, at=at)
    if agreed is not None and agreed.mailbox != request.mailbox:
        # Whose no it was is not proved: who agreed hears of it, and how they come back on it.
        queue_overruled(agreed, at=at)
    tell_kwartiermakers(request, at=at)
    tell_other_regions(request, at=at)
    return request


def can_be_withdrawn(request: PublishingRequest) -> bool:
    """Tell whether an agreement can be withdrawn: while it is the last word of the organisation.

    Else who agreed long ago would become the one who said no last, and could lift the no of another mailbox (rule 23).
    """
    return request.state == AgreementState.AGREED and last_word_of(request.organisation) == request


@transaction.atomic(durable=True)
def withdraw_by_link(*, request_id: int, at: datetime) -> PublishingRequest:
    """Record that an organisation withdraws its agreement: from this moment it is not public. Idempotent. Raises ``DeadLink``."""
    request = _locked(request_id)
    if request.state == AgreementState.WITHDRAWN:
        return request
    if not can_be_withdrawn(request):
        raise DeadLink(
            _("Your organisation answered something else since. Use the link of our latest e-mail.")
        )
    request.state, request.ended_at = AgreementState.WITHDRAWN, at
    request.save(update_fields=["state", "ended_at"])
    hide(request.organisation, at=at)
    note_said_under_number(request.organisation, request.mailbox)
    facts = {"region": request.region_id}
    record(AGREEMENT_WITHDRAWN, subject=request.organisation, actor=None, at=at, facts=facts)
    queue_refused(request, at=at)
    tell_kwartiermakers(request, at=at)
    return request


@transaction.atomic(durable=True)
def take_over_corrections(
    *, request_id: int, region: Region, shown: str, actor: User, at: datetime
) -> PublishingRequest:
    """Write what an organisation corrected on the map, and publish exactly the card that it agreed to. Idempotent (rule 23).

    ``shown`` is the digest of the card on the map that was compared with it. Raises ``NotAllowed``, ``NewerVersion``,
    ``DoesNotExist`` for a question of another region, and ``RuleViolation`` for an agreement that is over.
    """
    may_map.check(actor, region)
    request = _locked(PublishingRequest.objects.get(pk=request_id, region=region).pk)
    organisation = request.organisation
    may_publish.check(actor, organisation)
    organisations_in(region).get(pk=organisation.pk)
    if request.accepted_at is not None:
        return request
    if request.state != AgreementState.AGREED or request.ended_at is not None:
        raise RuleViolation(_("This agreement is over. Ask the organisation again."))
    before = card_of(organisation)
    check_shown(before.digest, shown)
    card = agreed_card(request)
    changed = _write(organisation, card, before, actor=actor, at=at)
    if changed:
        facts = {"fields": changed}
        record(ORGANISATION_CHANGED, subject=organisation, actor=actor, at=at, facts=facts)
    _put_in_force(request, actor=actor, at=at)
    return request


def _write(organisation: Organisation, card: Card, before: Card, *, actor: User, at: datetime) -> list[str]:
    changed = card.differing(before)
    for name in changed:
        if name != "municipality":
            setattr(organisation, name, getattr(card, name))
    if "municipality" in changed:
        seat_before = organisation.municipality
        organisation.municipality = Municipality.objects.filter(code=card.municipality).first()
        seats = (seat_before, organisation.municipality)
        note_changes({each.region_id for each in seats if each}, at=at)
        if seat_before is not None:
            # Where it was seated it stays on the map: taking it off is for the kwartiermaker there.
            organisation.works_in.add(seat_before.region_id)
    if changed:
        organisation.sort_name = sort_name(organisation.name)
        save_shared(organisation, actor=actor, at=at)
    assert set(changed) <= set(CORRECTED)
    return changed
