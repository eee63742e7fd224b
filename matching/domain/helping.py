"""Asking the kwartiermaker of the region for help, and the partners that a kwartiermaker proposes."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalitions.models import Coalition
from coalitions.permissions import may_show
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import NotAllowed, RuleViolation
from mapping.permissions import may_map
from matching.domain.mails import queue_help_asked
from matching.events import HELP_ASKED, HELP_ENDED, PARTNER_PROPOSED, PROPOSAL_TAKEN_BACK
from matching.help_queries import asked_since, help_of
from matching.models import HelpRequest, PartnerProposal
from matching.permissions import may_propose, may_take_back
from organisations.queries import public_organisations_in
from regions.models import Region

MAX_PROPOSED_AT_ONCE = 50
# Asking, ending and asking again, or for one coalition after the other, mails nobody anew within a day.
MAIL_COOL_DOWN = timedelta(days=1)


@transaction.atomic(durable=True)
def ask_for_help(*, coalition_id: int, wish: str, actor: User, at: datetime) -> HelpRequest:
    """Ask the kwartiermakers of the region to think along, or say anew what is wished. Idempotent.

    From then on they know the name of the coalition, who leads it, and who asks; nothing of an application (rule 26).
    Raises ``NotAllowed`` unless the actor speaks for the lead organisation (rule 27).
    """
    coalition = (
        Coalition.objects.select_for_update(of=("self",)).select_related("region").get(pk=coalition_id)
    )
    may_show.check(actor, coalition)
    asked = help_of(coalition)
    if asked is not None:
        if asked.wish != wish:
            asked.wish = wish
            asked.save(update_fields=["wish"])
        return asked
    lately = asked_since(coalition, actor, since=at - MAIL_COOL_DOWN).exists()
    asked = HelpRequest.objects.create(coalition=coalition, wish=wish, asked_by=actor, asked_at=at)
    record(HELP_ASKED, subject=coalition, actor=actor, at=at)
    if not lately:
        queue_help_asked(coalition.region, at=at)
    return asked


@transaction.atomic(durable=True)
def end_help(*, coalition_id: int, actor: User, at: datetime) -> None:
    """End what a coalition asks, so that no kwartiermaker sees it any more; what was proposed stays with it. Idempotent.

    Raises ``NotAllowed`` unless the actor speaks for the lead organisation.
    """
    coalition = Coalition.objects.select_for_update().get(pk=coalition_id)
    may_show.check(actor, coalition)
    asked = help_of(coalition)
    if asked is None:
        return
    asked.ended_at, asked.ended_by = at, actor
    asked.save(update_fields=["ended_at", "ended_by"])
    record(HELP_ENDED, subject=coalition, actor=actor, at=at)


@transaction.atomic(durable=True)
def propose_partners(
    *,
    help_request_id: int,
    region: Region,
    organisation_keys: Collection[UUID],
    reason: str,
    actor: User,
    at: datetime,
) -> list[PartnerProposal]:
    """Propose published organisations of a region to a coalition that asked for help. Idempotent.

    Who is not published, or no longer, is left out (rule 23). What becomes of a proposal is told to nobody. Raises
    ``NotAllowed`` unless the region is the actor's and the coalition asks there, and ``RuleViolation`` for too many.
    """
    Coalition.objects.select_for_update().get(help_requests=help_request_id)
    asked = HelpRequest.objects.select_related("coalition").get(pk=help_request_id)
    may_map.check(actor, region)
    may_propose.check(actor, asked)
    if asked.coalition.region_id != region.pk:
        raise NotAllowed(_("This coalition does not ask you for help."))
    if len(organisation_keys) > MAX_PROPOSED_AT_ONCE:
        raise RuleViolation(
            _("Propose at most %(most)d organisations at once.") % {"most": MAX_PROPOSED_AT_ONCE}
        )
    known = asked.proposals.values("organisation")
    public = public_organisations_in(region).filter(map_key__in=list(organisation_keys)).exclude(pk__in=known)
    made = PartnerProposal.objects.bulk_create(
        PartnerProposal(
            help_request=asked, organisation=each, reason=reason, proposed_by=actor, proposed_at=at
        )
        for each in public.order_by("pk")
    )
    for each in made:
        record(PARTNER_PROPOSED, subject=each.organisation, actor=actor, at=at, facts={"region": region.pk})
    return made


@transaction.atomic(durable=True)
def take_back_proposal(*, proposal_id: int, actor: User, at: datetime) -> None:
    """Take a proposal back, while the coalition asks for help. A second click finds nothing. Raises ``NotAllowed``."""
    proposal = (
        PartnerProposal.objects.select_for_update(of=("self",))
        .select_related("organisation", "help_request__coalition")
        .filter(pk=proposal_id)
        .first()
    )
    if proposal is None:
        return
    may_take_back.check(actor, proposal)
    region = proposal.help_request.coalition.region_id
    record(PROPOSAL_TAKEN_BACK, subject=proposal.organisation, actor=actor, at=at, facts={"region": region})
    proposal.delete()
